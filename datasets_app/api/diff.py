"""Differences between two states of a project: revisions, versions, or now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import get_for
from annotator.core.api.pagination import decode_cursor, encode_cursor, read_limit
from annotator.core.errors import DomainError, NotFoundError
from annotator.core.numbers import whole_number
from datasets_app.api.images import thumbnail_url
from datasets_app.models import Image, Project, Version
from datasets_app.selectors import diff
from datasets_app.selectors.diff_sql import OBJECT_KINDS, Span

KINDS = (*OBJECT_KINDS, "changed")
_NOTHING = "null where it did not exist there."


def _schema(name: str, fields: dict[str, serializers.Field[Any, Any, Any, Any]], **options: Any) -> Any:
    """A serializer for the schema, from a dict because `from` and `class` cannot be attribute names."""
    return inline_serializer(name, fields, **options)


def counts_schema(name: str, kinds: tuple[str, ...], **more: Any) -> Any:
    return _schema(name, {kind: serializers.IntegerField() for kind in kinds} | more)


def _move(name: str, kind: type[serializers.Field[Any, Any, Any, Any]]) -> Any:
    return _schema(name, {"from": kind(), "to": kind(), "count": serializers.IntegerField()}, many=True)


_END = type(
    _schema(
        "DiffEnd",
        {
            "revision": serializers.IntegerField(),
            "version": serializers.IntegerField(allow_null=True),
            "name": serializers.CharField(help_text="Of the version; empty for a plain revision."),
        },
    )
)
_OBJECT_COUNTS = ("added", "removed", "changed", "moved", "reshaped", "relabelled", "attributes", "flags", "source")
CLASS_SIDE = type(
    _schema(
        "DiffClassSide",
        {
            "name": serializers.CharField(),
            "color": serializers.CharField(),
            "hotkey": serializers.CharField(),
            "position": serializers.IntegerField(),
            "attributes": serializers.ListField(child=serializers.JSONField()),
            "skeleton": serializers.DictField(child=serializers.JSONField()),
        },
    )
)
_CLASS_CHANGE = type(
    _schema(
        "DiffClass",
        {
            "class": serializers.IntegerField(),
            "kind": serializers.CharField(help_text="added, removed or changed"),
            "fields": serializers.ListField(child=serializers.CharField()),
            "from": CLASS_SIDE(allow_null=True),
            "to": CLASS_SIDE(allow_null=True),
        },
    )
)
_OBJECTS = type(
    counts_schema(
        "DiffObjects",
        _OBJECT_COUNTS,
        per_class=_schema(
            "DiffObjectsOfClass",
            {
                "class": serializers.IntegerField(),
                "added": serializers.IntegerField(),
                "removed": serializers.IntegerField(),
                "changed": serializers.IntegerField(),
            },
            many=True,
        ),
        relabels=_move("DiffRelabel", serializers.IntegerField),
        iou=_schema(
            "DiffIou",
            {
                "bins": serializers.ListField(child=serializers.IntegerField(), help_text="Tenths from 0 to 1."),
                "measured": serializers.IntegerField(help_text="How many pairs of shapes were measured."),
                "total": serializers.IntegerField(help_text="How many shapes changed."),
                "mean": serializers.FloatField(allow_null=True),
            },
        ),
    )
)
_IMAGES = type(
    counts_schema(
        "DiffImages",
        ("added", "removed", "changed", "state", "split", "tags", "group"),
        states=_move("DiffState", serializers.CharField),
        splits=_move("DiffSplit", serializers.CharField),
    )
)
_SUMMARY = _schema(
    "Diff",
    {
        "from": _END(),
        "to": _END(),
        "objects": _OBJECTS(),
        "images": _IMAGES(),
        "classes": _CLASS_CHANGE(many=True),
        "assignment": _schema(
            "DiffAssignment",
            {"moved": serializers.IntegerField(), "moves": _move("DiffAssigned", serializers.CharField)},
            allow_null=True,
            help_text="Between two versions: images that were dealt to another split.",
        ),
    },
)
RESTORE_PREVIEW = _schema(
    "RestorePreview",
    {
        "revision": serializers.IntegerField(),
        "objects": _OBJECTS(help_text="From now to then."),
        "images": _IMAGES(),
        "classes": _CLASS_CHANGE(many=True),
        "is_large": serializers.BooleanField(help_text="A job will do it."),
    },
)
_OBJECT = type(
    _schema(
        "DiffObject",
        {
            "uuid": serializers.UUIDField(),
            "image": serializers.IntegerField(),
            "kinds": serializers.ListField(child=serializers.ChoiceField(choices=list(OBJECT_KINDS))),
            "iou": serializers.FloatField(allow_null=True, help_text="Of both shapes where the shape changed."),
            "from": serializers.DictField(child=serializers.JSONField(), allow_null=True, help_text=_NOTHING),
            "to": serializers.DictField(child=serializers.JSONField(), allow_null=True, help_text=_NOTHING),
        },
    )
)
_OBJECT_PAGE = _schema(
    "DiffObjectPage", {"results": _OBJECT(many=True), "next": serializers.CharField(allow_null=True)}
)
IMAGE_SIDE = type(
    _schema(
        "DiffImageSide",
        {
            "state": serializers.CharField(),
            "split": serializers.CharField(),
            "tags": serializers.ListField(child=serializers.CharField()),
            "group": serializers.CharField(),
        },
    )
)
_IMAGE_PAGE = _schema(
    "DiffImagePage",
    {
        "results": _schema(
            "DiffImageLine",
            {
                "id": serializers.IntegerField(),
                "name": serializers.CharField(),
                "width": serializers.IntegerField(),
                "height": serializers.IntegerField(),
                "thumbnail_url": serializers.CharField(),
                "objects": counts_schema("DiffImageObjects", tuple(OBJECT_KINDS)),
                "is_changed": serializers.BooleanField(help_text="State, split, tags or group differ."),
                "from": IMAGE_SIDE(allow_null=True, help_text=_NOTHING),
                "to": IMAGE_SIDE(allow_null=True, help_text=_NOTHING),
            },
            many=True,
        ),
        "next": serializers.CharField(allow_null=True),
    },
)
_OVERLAY = _schema(
    "ImageDiff",
    {
        "from": IMAGE_SIDE(allow_null=True, help_text=_NOTHING),
        "to": IMAGE_SIDE(allow_null=True, help_text=_NOTHING),
        "objects": _OBJECT(many=True),
        "unchanged": serializers.ListField(child=serializers.DictField(child=serializers.JSONField())),
    },
)
_SPAN = [
    OpenApiParameter("from", OpenApiTypes.INT, description="Revision number."),
    OpenApiParameter("to", OpenApiTypes.INT, description="Revision number; left out: now."),
    OpenApiParameter("from_version", OpenApiTypes.INT, description="Version id, in place of `from`."),
    OpenApiParameter("to_version", OpenApiTypes.INT, description="Version id, in place of `to`."),
]
_FILTER = [
    OpenApiParameter("kind", OpenApiTypes.STR, many=True, enum=list(KINDS)),
    OpenApiParameter("class", OpenApiTypes.INT, description="On either side."),
]
_PAGE = [OpenApiParameter("limit", OpenApiTypes.INT), OpenApiParameter("cursor", OpenApiTypes.STR)]


def read_number(params: Any, key: str) -> int | None:
    """A whole number from the query, None where it was left out. Raises `DomainError`."""
    text = params.get(key)
    if text in (None, ""):
        return None
    number = whole_number(str(text), 2**31 - 1)
    if number is None:
        raise DomainError(f"bad_{key}", f"{key}: {str(text)[:40]!r} is not a whole number from 0.")
    return number


def _cursor(text: str, *kinds: type) -> list[Any]:
    key = decode_cursor(text)
    if len(key) != len(kinds) or not all(isinstance(part, kind) for part, kind in zip(key, kinds, strict=True)):
        raise DomainError("bad_cursor", "cursor: take it unchanged from the `next` of the page before.")
    return key


class _Ends:
    """The two states that a request names."""

    def __init__(self, request: Request, project: Project, params: Mapping[str, Any] | None = None) -> None:
        params = request.query_params if params is None else params
        self.project = project
        self.start, self.start_version = self._end(request, params, "from")
        self.end, self.end_version = self._end(request, params, "to")
        self.span = Span(project.pk, self.start, self.end)

    def _end(self, request: Request, params: Any, side: str) -> tuple[int, Version | None]:
        key = read_number(params, f"{side}_version")
        if key is not None:
            version = get_for(request.user, Version, key)
            if version.project_id != self.project.pk:
                raise NotFoundError("not_found", f"{side}_version: there is no such version in this project.")
            return version.revision, version
        number = read_number(params, side)
        if number is None and side == "from":
            raise DomainError("bad_from", "from: name a revision number, or a version with from_version.")
        if number is not None and number > self.project.revision:
            raise DomainError(f"bad_{side}", f"{side}: choose a revision from 0 to {self.project.revision}.")
        return self.project.revision if number is None else number, None


def _end_body(revision: int, version: Version | None) -> dict[str, Any]:
    return {
        "revision": revision,
        "version": version.pk if version else None,
        "name": version.name if version else "",
    }


def summary_body(ends: _Ends) -> dict[str, Any]:
    start, end = ends.start_version, ends.end_version
    return {
        "from": _end_body(ends.start, start),
        "to": _end_body(ends.end, end),
        "objects": diff.object_counts(ends.span),
        "images": diff.image_counts(ends.span),
        "classes": diff.class_changes(ends.span),
        "assignment": diff.assignment_changes(start, end) if start and end else None,
    }


def _read_filter(request: Request) -> tuple[tuple[str, ...], int | None]:
    kinds = tuple(request.query_params.getlist("kind"))
    for kind in kinds:
        if kind not in KINDS:
            raise DomainError("bad_kind", f"kind: {kind!r} is unknown; choose one of {', '.join(KINDS)}.")
    if "changed" in kinds:
        kinds = tuple(dict.fromkeys((*(kind for kind in kinds if kind != "changed"), *_OBJECT_COUNTS[3:])))
    return kinds, read_number(request.query_params, "class")


class ProjectDiffView(APIView):
    @extend_schema(parameters=_SPAN, responses=_SUMMARY)
    def get(self, request: Request, pk: int) -> Response:
        """What differs between two states, counted. Costs what changed, not what exists."""
        return Response(summary_body(_Ends(request, get_for(request.user, Project, pk))))


class VersionDiffView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("to", OpenApiTypes.INT, description="Version id; left out: now.")],
        responses=_SUMMARY,
    )
    def get(self, request: Request, pk: int) -> Response:
        """What differs from this version to another one or to now, counted."""
        version = get_for(request.user, Version, pk)
        params = {"from_version": pk, "to_version": request.query_params.get("to")}
        project = get_for(request.user, Project, version.project_id)
        return Response(summary_body(_Ends(request, project, params)))


class DiffObjectsView(APIView):
    @extend_schema(
        parameters=[*_SPAN, *_FILTER, OpenApiParameter("image", OpenApiTypes.INT), *_PAGE], responses=_OBJECT_PAGE
    )
    def get(self, request: Request, pk: int) -> Response:
        """The objects that differ, by image, each with both sides."""
        ends = _Ends(request, get_for(request.user, Project, pk))
        kinds, label_class = _read_filter(request)
        wanted = diff.ObjectFilter(kinds, read_number(request.query_params, "image"), label_class)
        limit = read_limit(request.query_params)
        cursor = request.query_params.get("cursor")
        after = _cursor(cursor, int, str) if cursor else None
        rows = diff.changed_objects(ends.span, wanted, limit=limit + 1, after=after)
        last = rows[limit - 1] if len(rows) > limit else None
        following = encode_cursor([last["image"], last["uuid"]]) if last else None
        return Response({"results": rows[:limit], "next": following})


class DiffImagesView(APIView):
    @extend_schema(parameters=[*_SPAN, *_FILTER, *_PAGE], responses=_IMAGE_PAGE)
    def get(self, request: Request, pk: int) -> Response:
        """The images that differ, by id, with their objects counted by kind of change."""
        ends = _Ends(request, get_for(request.user, Project, pk))
        kinds, label_class = _read_filter(request)
        limit = read_limit(request.query_params)
        cursor = request.query_params.get("cursor")
        after = _cursor(cursor, int)[0] if cursor else 0
        rows = diff.changed_images(ends.span, limit=limit + 1, after=after, kinds=kinds, label_class=label_class)
        following = encode_cursor([rows[limit - 1]["image"].pk]) if len(rows) > limit else None
        return Response({"results": [_image_line(row) for row in rows[:limit]], "next": following})


def _image_line(row: dict[str, Any]) -> dict[str, Any]:
    image: Image = row.pop("image")
    facts = {"id": image.pk, "name": image.name, "width": image.width, "height": image.height}
    return facts | {"thumbnail_url": thumbnail_url(image)} | row


class ImageDiffView(APIView):
    @extend_schema(parameters=_SPAN, responses=_OVERLAY)
    def get(self, request: Request, pk: int) -> Response:
        """One image at two states, for drawing both over the picture: what differs, and what does not."""
        image = get_for(request.user, Image, pk)
        ends = _Ends(request, get_for(request.user, Project, image.project_id))
        return Response(diff.image_diff(image, ends.span))
