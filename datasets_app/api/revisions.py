"""The timeline of a project, and undoing entries of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, is_naive
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.api.pagination import decode_cursor, encode_cursor, read_limit
from annotator.core.errors import DomainError
from datasets_app.api.diff import read_number
from datasets_app.api.images import thumbnail_url
from datasets_app.api.projects import read
from datasets_app.models import Image, Project, Revision
from datasets_app.selectors.timeline import Entry, TimelineFilter, sample_images, timeline
from datasets_app.services.revert import ON_CONFLICT, revert_check, revert_preview, revert_run
from datasets_app.services.revert_source import RevertRequest
from datasets_app.services.summary import NOUNS, summaries_join


class NounCountsOutput(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()


class RevisionCountsOutput(serializers.Serializer[Any]):
    opened = serializers.IntegerField(help_text="Rows that are true from here on.")
    closed = serializers.IntegerField(help_text="Rows that ended here.")
    objects = NounCountsOutput()
    images = NounCountsOutput()
    classes = NounCountsOutput()


class SampleOutput(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    name = serializers.CharField()
    thumbnail_url = serializers.CharField()


_PER_CLASS = inline_serializer(
    "RevisionClassCounts",
    {
        "class": serializers.IntegerField(),
        "added": serializers.IntegerField(),
        "removed": serializers.IntegerField(),
    },
    many=True,
    help_text="Objects that gained or lost the class.",
)


class NamedVersionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    name = serializers.CharField()


class RevisionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the newest revision of the entry.")
    number = serializers.IntegerField()
    first_number = serializers.IntegerField(help_text="Of the oldest revision of the entry.")
    revisions = serializers.IntegerField(help_text="How many revisions the entry stands for.")
    kind = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    counts = RevisionCountsOutput()
    per_class = _PER_CLASS
    touched = serializers.IntegerField(help_text="Images.")
    sample = SampleOutput(many=True, help_text="Up to eight of them.")
    operation = serializers.IntegerField(allow_null=True, help_text="Its revisions are reverted together.")
    is_running = serializers.BooleanField(help_text="The operation has not finished.")
    is_reverted = serializers.BooleanField()
    reverted_by = serializers.IntegerField(allow_null=True, help_text="Number of the revision that undid it.")
    versions = NamedVersionOutput(many=True, help_text="That name a revision of the entry.")


class RevisionPageOutput(serializers.Serializer[Any]):
    results = RevisionOutput(many=True)
    next = serializers.CharField(allow_null=True)


class RevertInput(serializers.Serializer[Any]):
    on_conflict = serializers.ChoiceField(
        choices=ON_CONFLICT,
        default="refuse",
        help_text="refuse: nothing happens where later work would be lost. keep_later: later work stays as it is.",
    )


class RevertRangeInput(RevertInput):
    first = serializers.IntegerField(min_value=1, help_text="Revision number.")
    last = serializers.IntegerField(min_value=1, help_text="Revision number, included.")
    author = serializers.CharField(required=False, allow_blank=True, help_text="User name; left out: everybody.")


_CONFLICT = type(
    inline_serializer(
        "RevertConflict",
        {
            "noun": serializers.CharField(help_text="object, image or class"),
            "reason": serializers.CharField(
                help_text="changed, deleted, in_use (has later labels), image_deleted, class_retired or name_taken"
            ),
            "uuid": serializers.UUIDField(allow_null=True),
            "image": serializers.IntegerField(allow_null=True),
            "class": serializers.IntegerField(allow_null=True),
            "changed_in": serializers.IntegerField(allow_null=True, help_text="The later revision."),
            "changed_by": serializers.CharField(allow_null=True),
            "now": serializers.DictField(child=serializers.JSONField(), allow_null=True),
            "then": serializers.DictField(
                child=serializers.JSONField(), allow_null=True, help_text="What reverting would make of it."
            ),
        },
    )
)


class RevertPreviewOutput(serializers.Serializer[Any]):
    revisions = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers, up to 1,000.")
    message = serializers.CharField()
    objects = NounCountsOutput()
    images = NounCountsOutput()
    classes = NounCountsOutput()
    conflict_count = serializers.IntegerField(help_text="Of large work: at least so many.")
    conflicts = serializers.ListField(child=_CONFLICT(), help_text="Up to 200.")
    is_large = serializers.BooleanField(help_text="A job will do it; what is counted is what the revisions did.")


class RewriteOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(allow_null=True, help_text="Null: nothing differed.")
    revisions = serializers.IntegerField(help_text="How many were made.")
    objects = NounCountsOutput()
    images = NounCountsOutput()
    classes = NounCountsOutput()
    touched = serializers.IntegerField(help_text="Images.")


class RevertOutput(RewriteOutput):
    conflict_count = serializers.IntegerField()
    conflicts = serializers.ListField(child=_CONFLICT(), help_text="Kept as they are.")


_REFUSED = inline_serializer(
    "RevertRefused",
    {
        "code": serializers.CharField(),
        "detail": serializers.CharField(),
        "fields": serializers.DictField(child=serializers.JSONField()),
        "conflict_count": serializers.IntegerField(),
        "conflicts": serializers.ListField(child=_CONFLICT()),
    },
)


def entry_body(entry: Entry, images: dict[int, Image]) -> dict[str, Any]:
    row, summary = entry.revision, summaries_join([part.summary for part in entry.parts])
    counts = {"opened": sum(part.opened for part in entry.parts), "closed": sum(part.closed for part in entry.parts)}
    sample = [images[key] for key in summary["sample"] if key in images]
    return {
        "id": row.pk,
        "number": row.number,
        "first_number": entry.parts[0].number,
        "revisions": len(entry.parts),
        "kind": row.kind,
        "message": row.message,
        "author": row.author.get_username() if row.author else None,
        "created_at": row.created_at,
        "counts": counts | {noun: summary[noun] for noun in NOUNS},
        "per_class": [
            {"class": int(key), "added": added, "removed": removed}
            for key, (added, removed) in summary["per_class"].items()
        ],
        "touched": summary["touched"],
        "sample": [{"image": image.pk, "name": image.name, "thumbnail_url": thumbnail_url(image)} for image in sample],
        "operation": row.operation_id,
        "is_running": row.operation is not None and row.operation.answer is None,
        "is_reverted": entry.is_reverted,
        "reverted_by": row.reverted_by.number if row.reverted_by and entry.is_reverted else None,
        "versions": [{"id": one.pk, "number": one.number, "name": one.name} for one in entry.versions],
    }


class RevisionListView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("author", OpenApiTypes.STR, description="User name."),
            OpenApiParameter("kind", OpenApiTypes.STR, description="edit, upload, import, classes, revert, restore …"),
            OpenApiParameter("since", OpenApiTypes.STR, description="Date or time, ISO 8601."),
            OpenApiParameter("until", OpenApiTypes.STR, description="Date or time, not included."),
            OpenApiParameter("image", OpenApiTypes.INT, description="Touched this image or an object on it."),
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("cursor", OpenApiTypes.STR),
        ],
        responses=RevisionPageOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """What was done, newest first; the revisions of one operation are one entry."""
        project = get_for(request.user, Project, pk)
        params = request.query_params
        limit = read_limit(params)
        wanted = TimelineFilter(
            author=params.get("author", ""),
            kind=params.get("kind", ""),
            since=_time(params, "since"),
            until=_time(params, "until"),
            image=read_number(params, "image"),
        )
        before = read_before(params)
        found = timeline(project, wanted, limit=limit + 1, before=before)
        following = encode_cursor([found[limit - 1].revision.number]) if len(found) > limit else None
        page = found[:limit]
        samples = [image for entry in page for part in entry.parts for image in part.summary.get("sample", ())]
        images = sample_images(samples)
        return Response({"results": [entry_body(entry, images) for entry in page], "next": following})


def read_before(params: Any) -> int | None:
    """The revision number that the page ends above, from `cursor`."""
    if not params.get("cursor"):
        return None
    key = decode_cursor(params["cursor"])
    if len(key) != 1 or not isinstance(key[0], int):
        raise DomainError("bad_cursor", "cursor: take it unchanged from the `next` of the page before.")
    return key[0]


def _time(params: Any, key: str) -> datetime | None:
    text = params.get(key)
    if not text:
        return None
    try:
        day = parse_date(text)
        found = datetime(day.year, day.month, day.day) if day else parse_datetime(text)  # noqa: DTZ001  zone below
    except ValueError:
        found = None
    if found is None:
        raise DomainError("bad_time", f"{key}: {text!r} is no time; write 2026-11-21 or 2026-11-21T14:30:00Z.")
    return found.replace(tzinfo=get_current_timezone()) if is_naive(found) else found


class RevisionRevertView(APIView):
    @extend_schema(responses=RevertPreviewOutput)
    def get(self, request: Request, pk: int) -> Response:
        """What reverting would change, and what was changed later and stands in the way. Writes nothing."""
        revision = get_for(request.user, Revision, pk, Role.MANAGER, "project")
        return Response(revert_preview(RevertRequest.of_one(revision)))

    @extend_schema(request=RevertInput, responses={200: RevertOutput, 202: JobOutput, 409: _REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Undoes the revision (with its whole operation) as a new one; 409 lists things that were changed later.

        A large one is done by a job.
        """
        revision = get_for(request.user, Revision, pk, Role.MANAGER, "project")
        wanted = RevertRequest.of_one(revision)
        body = read(RevertInput, request)
        return _revert(request, wanted, body, revision=pk)


class RevertRangeView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("first", OpenApiTypes.INT, required=True),
            OpenApiParameter("last", OpenApiTypes.INT, required=True),
            OpenApiParameter("author", OpenApiTypes.STR),
        ],
        responses=RevertPreviewOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """What undoing all revisions of a range, of one person or of everybody, would change. Writes nothing."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        first, last = (read_number(request.query_params, key) for key in ("first", "last"))
        if first is None or last is None:
            raise DomainError("bad_range", "first and last: name the revision numbers of a range.")
        author = request.query_params.get("author", "")
        return Response(revert_preview(RevertRequest.of_range(project, first, last, author)))

    @extend_schema(request=RevertRangeInput, responses={200: RevertOutput, 202: JobOutput, 409: _REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Undoes all revisions of a range, of one person or of everybody, as one; operations are never cut."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        body = read(RevertRangeInput, request)
        wanted = RevertRequest.of_range(project, body["first"], body["last"], body.get("author", ""))
        return _revert(request, wanted, body, revision=None)


def _revert(request: Request, wanted: RevertRequest, body: dict[str, Any], *, revision: int | None) -> Response:
    revert_check(wanted)
    if wanted.is_large:
        chosen = {key: body.get(key) for key in ("first", "last", "author")} | {"revision": revision}
        payload = {"project": wanted.project.pk, "chosen": chosen, "on_conflict": body["on_conflict"]}
        job = jobs.enqueue(
            "datasets.revert", payload, project_id=wanted.project.pk, user=request.user, title=wanted.message
        )
        return Response(JobOutput(job).data, status=202)
    answer = revert_run(wanted, author=request.user, key=str(uuid4()), on_conflict=body["on_conflict"])
    return Response(answer)
