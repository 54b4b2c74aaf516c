"""Background work as its users see it: list, one, cancel, live events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from annotator.core import jobs
from annotator.core.access import Role, get_for, visible
from annotator.core.api.rendering import OrjsonRenderer, dumps
from annotator.core.errors import NotFoundError
from annotator.core.models import FINISHED_STATES, Job, JobState

EVENT_SECONDS = 0.5
STREAM_SECONDS = 120.0


class ProgressOutput(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField(help_text="-1 while unknown.")
    unit = serializers.CharField()


class JobErrorOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence for the user.")


class JobOutput(serializers.ModelSerializer[Job]):
    """A job as the API shows it."""

    progress = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)
    result = serializers.DictField(allow_null=True, child=serializers.JSONField())

    class Meta:
        model = Job
        fields = (
            "id", "kind", "title", "project", "state", "progress", "result", "error", "attempts",
            "cancel_requested", "log", "created_at", "started_at", "finished_at", "created_by",
        )  # fmt: skip

    @extend_schema_field(ProgressOutput)
    def get_progress(self, row: Job) -> dict[str, Any]:
        return {"done": row.done, "total": row.total, "unit": row.unit}

    @extend_schema_field(JobErrorOutput(allow_null=True))
    def get_error(self, row: Job) -> dict[str, str] | None:
        if not row.error_detail:
            return None
        return {"code": row.error_code, "detail": row.error_detail}


class JobListOutput(serializers.Serializer[Any]):
    results = JobOutput(many=True)


def jobs_of(user: Any) -> Any:
    """Jobs of projects that the user sees, and the user's own jobs outside any project."""
    own = Q(project__isnull=True, created_by=user)
    if user.is_superuser:
        return Job.objects.filter(Q(project__isnull=True) | Q(project__deleted_at__isnull=True))
    return Job.objects.filter(own | Q(pk__in=visible(user, Job).values("pk")))


def get_job(user: Any, pk: UUID) -> Job:
    row: Job | None = jobs_of(user).select_related("created_by").filter(pk=pk).first()
    if row is None:
        raise NotFoundError("not_found", f"There is no job {pk}, or you may not see it.")
    return row


class JobListView(APIView):
    @extend_schema(
        operation_id="jobs_list",
        parameters=[
            OpenApiParameter("project", OpenApiTypes.INT),
            OpenApiParameter("active", OpenApiTypes.BOOL, description="Only jobs that are queued or running."),
        ],
        responses=JobListOutput,
    )
    def get(self, request: Request) -> Response:
        """The latest 100 jobs that the person may see, newest first."""
        rows = jobs_of(request.user).filter(is_ephemeral=False).select_related("created_by")
        if project := request.query_params.get("project"):
            rows = rows.filter(project_id=int(project) if project.isdigit() else -1)
        if request.query_params.get("active") in {"1", "true"}:
            rows = rows.exclude(state__in=FINISHED_STATES)
        return Response({"results": JobOutput(rows.order_by("-created_at")[:100], many=True).data})


class JobView(APIView):
    @extend_schema(responses=JobOutput)
    def get(self, request: Request, pk: UUID) -> Response:
        """One job."""
        return Response(JobOutput(get_job(request.user, pk)).data)


class JobCancelView(APIView):
    @extend_schema(request=None, responses=JobOutput)
    def post(self, request: Request, pk: UUID) -> Response:
        """Cancels a queued job at once and asks a running one to stop; finished jobs stay as they are."""
        row = get_job(request.user, pk)
        if row.project_id is not None and row.created_by_id != request.user.pk:
            get_for(request.user, Job, pk, Role.MANAGER)
        return Response(JobOutput(jobs.cancel(row)).data)


class EventStreamRenderer(BaseRenderer):
    """Lets content negotiation accept an EventSource; the stream itself is written by the view."""

    media_type = "text/event-stream"
    format = "events"

    @override
    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return dumps(data)


class JobEventsView(APIView):
    renderer_classes = (EventStreamRenderer, OrjsonRenderer)

    @extend_schema(responses={(200, "text/event-stream"): OpenApiTypes.STR})
    def get(self, request: Request, pk: UUID) -> StreamingHttpResponse:
        """The job as server-sent events whenever it changes, until it ends; browsers reconnect by themselves."""
        get_job(request.user, pk)
        response = StreamingHttpResponse(_events(request.user, pk), content_type="text/event-stream")
        response["Cache-Control"] = "no-cache"
        response["X-Accel-Buffering"] = "no"
        return response


def _events(user: Any, pk: UUID) -> Iterator[bytes]:
    before = b""
    end = time.monotonic() + STREAM_SECONDS
    while time.monotonic() < end:
        row = get_job(user, pk)
        now = dumps(JobOutput(row).data)
        if now != before:
            yield b"data: " + now + b"\n\n"
            before = now
        if row.state in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED):
            return
        time.sleep(EVENT_SECONDS)
