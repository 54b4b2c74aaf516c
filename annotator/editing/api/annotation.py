"""What the canvas speaks: load one image's annotations, send one batch of changes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.person import PERSON_HEADER, person_check
from annotator.core.errors import DomainError
from annotator.editing.selectors.annotation import annotations_of
from annotator.editing.services.changes import Batch, changes_apply
from datasets_app.models import Image

_FLAGS = ("occluded", "truncated", "crowd")


def _object(name: str, fields: dict[str, serializers.Field[Any, Any, Any, Any]], **options: Any) -> Any:
    """A serializer for the schema; built from a dict because `class` and `source` cannot be attribute names."""
    return inline_serializer(name, fields, **options)


def _values(**options: Any) -> serializers.DictField:
    return serializers.DictField(child=serializers.JSONField(), **options)


def _writable(name: str, *, required: bool, **options: Any) -> Any:
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {
        "uuid": serializers.UUIDField(help_text="Made by the client."),
        "class": serializers.IntegerField(required=required, help_text="Class id."),
        "shape": _values(required=required, help_text='Such as {"type": "box", "box": [x, y, width, height]}.'),
        "attributes": _values(required=False),
        **{flag: serializers.BooleanField(required=False) for flag in _FLAGS},
        "z_order": serializers.IntegerField(required=False),
        "group": serializers.IntegerField(required=False, allow_null=True),
        "source": serializers.CharField(required=False),
        "score": serializers.FloatField(required=False, allow_null=True),
    }
    return _object(name, fields, required=False, **options)


# One class each: the schema names its components after classes.
_Annotation = type(
    _object(
        "Annotation",
        {
            "uuid": serializers.UUIDField(),
            "class": serializers.IntegerField(),
            "shape": _values(),
            "attributes": _values(),
            **{flag: serializers.BooleanField() for flag in _FLAGS},
            "z_order": serializers.IntegerField(),
            "group": serializers.IntegerField(allow_null=True),
            "source": serializers.CharField(),
            "score": serializers.FloatField(allow_null=True),
            "created_by": serializers.CharField(allow_null=True),
            "created_in": serializers.IntegerField(help_text="Revision since which it is as it is."),
        },
    )
)
_Remote = type(
    _object(
        "RemoteChanges",
        {
            "annotations": _Annotation(many=True),
            "deleted": serializers.ListField(child=serializers.UUIDField()),
        },
    )
)


_SAVED: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "revision": serializers.IntegerField(),
    "state": serializers.CharField(),
    "created": serializers.IntegerField(),
    "updated": serializers.IntegerField(),
    "deleted": serializers.IntegerField(),
}

ANNOTATIONS = _object(
    "Annotations",
    {
        "revision": serializers.IntegerField(),
        "state": serializers.CharField(),
        "annotations": _Annotation(many=True),
    },
)

CHANGES = _object(
    "Changes",
    {
        "base_revision": serializers.IntegerField(min_value=0),
        "batch_id": serializers.UUIDField(help_text="Sent again after a lost answer, it is applied once."),
        "create": _writable("AnnotationNew", required=True, many=True),
        "update": _writable("AnnotationChange", required=False, many=True),
        "delete": serializers.ListField(child=serializers.UUIDField(), required=False),
        "state": serializers.CharField(required=False, allow_null=True),
    },
)

CHANGED = _object(
    "Changed", {**_SAVED, "remote": _Remote(help_text="What others changed on the image since base_revision.")}
)

_CONFLICT = _object(
    "ChangeConflict",
    {
        "code": serializers.CharField(),
        "detail": serializers.CharField(),
        "fields": _values(),
        **_SAVED,
        "conflicts": _object(
            "ChangeConflictItem",
            {
                "uuid": serializers.UUIDField(),
                "reason": serializers.CharField(help_text="changed, deleted or exists"),
                "mine": _values(),
                "theirs": _Annotation(allow_null=True),
            },
            many=True,
        ),
        "remote": _Remote(help_text="What others changed on the image since base_revision."),
    },
)


class AnnotationsView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("revision", OpenApiTypes.INT, description="As it was then; default: now.")],
        responses=ANNOTATIONS,
    )
    def get(self, request: Request, pk: int) -> Response:
        """All annotations of an image in drawing order."""
        image = get_for(request.user, Image, pk, Role.VIEWER, "project")
        text = request.query_params.get("revision")
        if text is not None and not text.isdigit():
            raise DomainError("bad_revision", f"revision: {text!r} is not a revision number.")
        return Response(annotations_of(image, revision=None if text is None else int(text)))


class ChangesView(APIView):
    @extend_schema(parameters=[PERSON_HEADER], request=CHANGES, responses={200: CHANGED, 409: _CONFLICT})
    def post(self, request: Request, pk: int) -> Response:
        """Applies one batch as one revision; objects that others changed first come back as conflicts."""
        person_check(request)
        image = get_for(request.user, Image, pk, Role.ANNOTATOR, "project")
        return Response(changes_apply(image, author=request.user, batch=read_batch(request.data)))


class _BatchHead(serializers.Serializer[Any]):
    """Everything but the objects, which the service checks itself: a field by field check costs more than saving."""

    base_revision = serializers.IntegerField(min_value=0)
    batch_id = serializers.UUIDField()
    state = serializers.CharField(required=False, allow_null=True)


_BATCH_KEYS = tuple(CHANGES.fields)


def read_batch(body: Any) -> Batch:
    """Raises `DomainError` for anything that is not a batch; a misspelt key would be work that is silently not done."""
    unknown = body.keys() - set(_BATCH_KEYS) if isinstance(body, dict) else set()
    if unknown:
        name = min(unknown)
        raise DomainError(
            "unknown_key",
            f"{name}: unknown key, so nothing was saved; a batch knows {', '.join(_BATCH_KEYS)}.",
            fields=dict.fromkeys(sorted(unknown), "unknown"),
        )
    head = _BatchHead(data=body)
    head.is_valid(raise_exception=True)
    lists: dict[str, Any] = {}
    for name, kind in (("create", dict), ("update", dict), ("delete", str)):
        value = body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(item, kind) for item in value):
            wanted = "objects" if kind is dict else "UUIDs"
            raise DomainError("invalid", f"{name}: must be a list of {wanted}.", fields={name: f"a list of {wanted}"})
        lists[name] = value
    return Batch(**head.validated_data, **lists)
