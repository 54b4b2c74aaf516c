"""Exports: what would be lost, the job that writes, the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import get_for
from annotator.core.api.downloads import file_response
from annotator.core.api.jobs import JobOutput, get_job
from annotator.core.errors import DomainError, NotFoundError
from annotator.core.models import JobState
from datasets_app.api.projects import read
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Project, Version
from datasets_app.selectors.image import ImageFilter, image_ids
from datasets_app.services.exports import (
    ExportRequest,
    export_check,
    export_file,
    export_losses,
    losses_are_quick,
    selection_keep,
)


class ExportInput(serializers.Serializer[Any]):
    format = serializers.CharField()
    version = serializers.IntegerField(required=False, allow_null=True)
    revision = serializers.IntegerField(required=False, allow_null=True, help_text="Default: now.")
    images = serializers.BooleanField(required=False, default=False)
    links = serializers.BooleanField(
        required=False, help_text="In place of the pictures, images.jsonl with the address of each."
    )
    filter = serializers.DictField(
        required=False,
        help_text="As the image list takes it; it speaks of the present state. Only its images are exported.",
    )
    profile = serializers.CharField(
        required=False, allow_blank=True, help_text="Key of a profile of the format: options that suit some reader."
    )
    options = serializers.DictField(
        required=False, help_text="Values for options of the format; they go before the profile's."
    )


# Spelt as a dictionary: "class" is a word of Python and cannot name a field.
_CLASS_FIELDS: dict[str, Any] = {
    "class": serializers.IntegerField(),
    "name": serializers.CharField(),
    "count": serializers.IntegerField(),
}


class KeptFeatureOutput(serializers.Serializer[Any]):
    feature = serializers.CharField()
    title = serializers.CharField()
    count = serializers.IntegerField()


class LostFeatureOutput(KeptFeatureOutput):
    fate = serializers.CharField(help_text="What becomes of it in this format.")
    classes = inline_serializer("LostFeatureClass", dict(_CLASS_FIELDS), many=True)


class LossesOutput(serializers.Serializer[Any]):
    """What of the data a format cannot hold, counted from the data."""

    format = serializers.CharField()
    revision = serializers.IntegerField()
    images = serializers.IntegerField()
    annotations = serializers.IntegerField()
    lost = LostFeatureOutput(many=True)
    kept = KeptFeatureOutput(many=True)
    classes = inline_serializer(
        "LossesClass",
        {**_CLASS_FIELDS, "touched": serializers.IntegerField(help_text="Objects of the class that lose something.")},
        many=True,
    )


class ExportPreviewView(APIView):
    @extend_schema(request=ExportInput, responses={200: LossesOutput, 202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """What the export would lose, before it is made; for large data sets a job whose result is the report."""
        wanted = _request(request, pk)
        if losses_are_quick(wanted):
            return Response(export_losses(wanted))
        job = jobs.enqueue("datasets.export_preview", _payload(wanted), project_id=wanted.project.pk, user=request.user)
        return Response(JobOutput(job).data, status=202)


class ExportView(APIView):
    @extend_schema(request=ExportInput, responses={202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Writes a version, a revision or the present state in a format; a job does it, its result holds the link."""
        wanted = _request(request, pk)
        what = wanted.version.name if wanted.version is not None else "now"
        title = f"Export {what} as {FORMATS.get_entry(wanted.format).title}"[:200]
        project = wanted.project.pk
        job = jobs.enqueue("datasets.export", _payload(wanted), project_id=project, user=request.user, title=title)
        return Response(JobOutput(job).data, status=202)


class ExportDownloadView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file of a finished export; byte ranges resume a broken download."""
        job = get_job(request.user, pk)
        if job.kind != "datasets.export" or job.state != JobState.SUCCEEDED:
            raise NotFoundError("no_export", f"Job {pk} is not a finished export.")
        path = export_file(str((job.result or {}).get("artefact", "")))
        return file_response(request, path, content_type="application/octet-stream")


def _request(request: Request, pk: int) -> ExportRequest:
    """The export that is asked for, checked. What it speaks of is fixed now, however long a job waits."""
    project = get_for(request.user, Project, pk)
    data = read(ExportInput, request)
    version = None
    if data.get("version") is not None:
        version = get_for(request.user, Version, data["version"])
        if version.project_id != project.pk:
            raise NotFoundError("not_found", "version: there is no such version in this project.")
    if data["images"] and data.get("links"):
        raise DomainError("bad_export", "images and links exclude each other: choose the pictures or their addresses.")
    revision = data.get("revision")
    wanted = ExportRequest(
        project=project,
        format=data["format"],
        version=version,
        revision=project.revision if version is None and revision is None else revision,
        images=data["images"],
        links=request.build_absolute_uri("/") if data.get("links") else "",
        profile=data.get("profile", ""),
        options=data.get("options", {}),
    )
    export_check(wanted)
    if not data.get("filter"):
        return wanted
    return replace(wanted, selection=selection_keep(image_ids(project, ImageFilter.from_params(data["filter"]))))


def _payload(wanted: ExportRequest) -> dict[str, Any]:
    fields = ("format", "images", "links", "selection", "profile", "options")
    return {
        "project": wanted.project.pk,
        "version": None if wanted.version is None else wanted.version.pk,
        "revision": wanted.revision,
        "how": {name: getattr(wanted, name) for name in fields},
    }
