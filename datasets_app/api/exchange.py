"""Formats and exports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import get_for
from annotator.core.api.downloads import file_response
from annotator.core.api.jobs import JobOutput, get_job
from annotator.core.errors import NotFoundError
from annotator.core.models import JobState
from datasets_app.api.projects import read
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Project, Version
from datasets_app.services.exports import ExportRequest, export_check, export_file


class FormatOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    extension = serializers.CharField()
    read = serializers.BooleanField()
    write = serializers.BooleanField()
    lossy = serializers.ListField(child=serializers.CharField(), help_text="What this format cannot hold.")


class ExportInput(serializers.Serializer[Any]):
    format = serializers.CharField()
    version = serializers.IntegerField(required=False, allow_null=True)
    revision = serializers.IntegerField(required=False, allow_null=True, help_text="Default: now.")
    images = serializers.BooleanField(required=False, default=False)


class FormatListView(APIView):
    @extend_schema(responses=FormatOutput(many=True))
    def get(self, _request: Request) -> Response:
        """The formats that go in or out, and what each cannot hold."""
        return Response(
            [
                {
                    "key": entry.key,
                    "title": entry.title,
                    **{fact: entry.facts[fact] for fact in ("description", "extension", "read", "write")},
                    "lossy": list(entry.facts["lossy"]),
                }
                for entry in FORMATS
            ]
        )


class ExportView(APIView):
    @extend_schema(request=ExportInput, responses={202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Writes a version, a revision or the present state in a format; a job does it, its result holds the link."""
        project = get_for(request.user, Project, pk)
        data = read(ExportInput, request)
        version = None
        if data.get("version") is not None:
            version = get_for(request.user, Version, data["version"])
            if version.project_id != project.pk:
                raise NotFoundError("not_found", "version: there is no such version in this project.")
        revision = data.get("revision")
        wanted = ExportRequest(project, data["format"], version, revision, data["images"])
        export_check(wanted)
        payload = {
            "project": project.pk,
            "format": wanted.format,
            "version": None if version is None else version.pk,
            # Fixed now: what is exported is what the person saw, however long the job waits.
            "revision": project.revision if version is None and revision is None else revision,
            "images": wanted.images,
        }
        title = f"Export {version.name if version else 'now'} as {FORMATS.get_entry(wanted.format).title}"
        job = jobs.enqueue("datasets.export", payload, project_id=project.pk, user=request.user, title=title)
        return Response(JobOutput(job).data, status=202)


class ExportDownloadView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """The file of a finished export; byte ranges resume a broken download."""
        job = get_job(request.user, pk)
        if job.kind != "datasets.export" or job.state != JobState.SUCCEEDED:
            raise NotFoundError("no_export", f"Job {pk} is not a finished export.")
        return file_response(request, export_file(str(pk)), content_type="application/octet-stream")
