"""Imports: what to read, how, and the list of what was not taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import Role, get_for
from annotator.core.api.downloads import file_response
from annotator.core.api.jobs import JobOutput, get_job
from annotator.core.api.rendering import OrjsonParser
from annotator.core.errors import DomainError, NotFoundError
from datasets_app.api.images import store_upload
from datasets_app.api.projects import read
from datasets_app.models import Project
from datasets_app.services.imports import (
    MODES,
    PROBLEMS_FILE,
    ImportRequest,
    import_check,
    imports_folder,
    server_path,
)


class ImportInput(serializers.Serializer[Any]):
    file = serializers.FileField(
        required=False, help_text="An archive, or a single label file for images that are here already."
    )
    server_path = serializers.CharField(
        required=False,
        help_text="A file or folder on the server, inside a folder that its administrator allowed. Beside `file`: the "
        "folder where the pictures lie that the file names.",
    )
    format = serializers.CharField(
        required=False, allow_blank=True, help_text="Found out from the content if left out."
    )
    mode = serializers.ChoiceField(
        choices=list(MODES),
        required=False,
        help_text="Default: merge. " + "; ".join(f"{k}: {v}" for k, v in MODES.items()),
    )
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Only says what would happen.")
    classes = serializers.JSONField(
        required=False,
        help_text="Name of a class in the file → id of a class of the project, the name of one (made where there is "
        "none), or null to leave its labels out. Others go to the class of their name, which is made where it is "
        "missing.",
    )
    options = serializers.JSONField(
        required=False, help_text="Values for `read_options` of the format, which must then be named."
    )


class ImportView(APIView):
    parser_classes = (MultiPartParser, OrjsonParser)

    @extend_schema(
        request={"multipart/form-data": ImportInput, "application/json": ImportInput}, responses={202: JobOutput}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Imports labels, with pictures where there are any, as one operation; a job does it."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = read(ImportInput, request)
        file, place = data.get("file"), data.get("server_path")
        if file is None and place is None:
            raise DomainError("no_file", "Send a `file`, or name a `server_path`.", fields={"file": "missing"})
        folder = server_path(place) if place is not None else None
        if file is not None and folder is not None and not folder.is_dir():
            raise DomainError("bad_server_path", "server_path: beside a file it must be a folder with pictures.")
        classes = data.get("classes") or {}
        if not isinstance(classes, dict):
            raise DomainError("bad_classes", 'classes: must be an object such as {"cat": 3, "dog": null}.')
        options = data.get("options") or {}
        if not isinstance(options, dict):
            raise DomainError("bad_options", 'options: must be an object such as {"quads": "polygon"}.')
        how = {"format": data.get("format", ""), "mode": data.get("mode", "merge"), "dry_run": data["dry_run"]}
        wanted = ImportRequest(project, Path(), **how, classes=classes, options=options)
        import_check(wanted)
        path = store_upload(file) if file is not None else folder
        payload = {
            "project": project.pk,
            "path": str(path),
            "pictures": str(folder) if file is not None and folder is not None else "",
            "is_upload": file is not None,
            "how": how | {"classes": classes, "options": options},
        }
        title = f"{'Check' if wanted.dry_run else 'Import'} {Path(str(path)).name}"[:200]
        job = jobs.enqueue("datasets.import", payload, project_id=project.pk, user=request.user, title=title)
        return Response(JobOutput(job).data, status=202)


class ImportProblemsView(APIView):
    @extend_schema(responses={(200, "application/x-ndjson"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: UUID) -> HttpResponseBase:
        """What an import mended or did not take, each with its reason: one JSON object a line."""
        job = get_job(request.user, pk)
        path = imports_folder() / str(pk) / PROBLEMS_FILE
        if job.kind != "datasets.import" or not job.is_finished or not path.is_file():
            raise NotFoundError("no_problems", f"Job {pk} is not a finished import with problems.")
        return file_response(request, path, content_type="application/x-ndjson")
