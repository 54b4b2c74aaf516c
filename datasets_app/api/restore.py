"""Bringing back how things were: a version, a revision, one image or one class of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.errors import DomainError, NotFoundError
from datasets_app.api.diff import RESTORE_PREVIEW
from datasets_app.api.projects import read
from datasets_app.api.revisions import RewriteOutput
from datasets_app.models import Image, LabelClass, Project, Version
from datasets_app.services.restore import RestoreRequest, RestoreSource, restore_check, restore_preview, restore_run
from datasets_app.services.rewrite import is_large


class RestoreInput(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(default=False, help_text="Only say what would change.")


# From a dict, because `class` cannot be the name of an attribute.
RestorePart = type(
    inline_serializer(
        "RestorePart",
        {
            "revision": serializers.IntegerField(min_value=0),
            "image": serializers.IntegerField(required=False, allow_null=True, help_text="Only it and its objects."),
            "class": serializers.IntegerField(required=False, allow_null=True, help_text="Only it and its objects."),
            "dry_run": serializers.BooleanField(default=False, help_text="Only say what would change."),
        },
    )
)


class RestoreOutput(RewriteOutput):
    skipped = serializers.IntegerField(help_text="Objects of the class whose image is deleted.")


_ANSWER = PolymorphicProxySerializer(
    component_name="RestoreAnswer", serializers=[RestoreOutput, RESTORE_PREVIEW], resource_type_field_name=None
)


class VersionRestoreView(APIView):
    @extend_schema(request=RestoreInput, responses={200: _ANSWER, 202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Makes the project what it was at the version, as a new revision. Ids and UUIDs stay; nothing is lost.

        With `dry_run` the answer is the difference from now to then. A large one is done by a job.
        """
        version = get_for(request.user, Version, pk, Role.MANAGER, "project")
        body = read(RestoreInput, request)
        return _restore(request, RestoreRequest(version.project, version.revision, name=version.name), body["dry_run"])


class ProjectRestoreView(APIView):
    @extend_schema(request=RestorePart, responses={200: _ANSWER, 202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """The same for any revision, and for one image or one class alone."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        body = read(RestorePart, request)
        image = None if body.get("image") is None else get_for(request.user, Image, body["image"])
        label_class = None if body.get("class") is None else get_for(request.user, LabelClass, body["class"])
        for row in (image, label_class):
            if row is not None and row.project_id != project.pk:
                raise NotFoundError("not_found", "image, class: there is no such one in this project.")
        if image is not None and label_class is not None:
            raise DomainError("bad_part", "Name an image or a class, not both.")
        wanted = RestoreRequest(project, body["revision"], image, label_class)
        return _restore(request, wanted, body["dry_run"])


def _restore(request: Request, wanted: RestoreRequest, dry_run: bool) -> Response:
    if dry_run:
        return Response(restore_preview(wanted))
    restore_check(wanted)
    if not is_large(RestoreSource(wanted)):
        return Response(restore_run(wanted, author=request.user, key=str(uuid4())))
    payload = {
        "project": wanted.project.pk,
        "revision": wanted.revision,
        "image": wanted.image and wanted.image.pk,
        "label_class": wanted.label_class and wanted.label_class.pk,
        "name": wanted.name,
    }
    job = jobs.enqueue(
        "datasets.restore", payload, project_id=wanted.project.pk, user=request.user, title=wanted.message
    )
    return Response(JobOutput(job).data, status=202)
