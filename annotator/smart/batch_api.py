"""Smart selection for many images: reading them ahead, and cutting out what is boxed."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.errors import DomainError
from annotator.smart.box_conversion import (
    OUTPUTS,
    Conversion,
    conversion_check,
    conversion_count,
    conversion_start,
)
from annotator.smart.preparation import NEXT, next_prepare, preparation_start
from datasets_app.models import Project

FILTER_HELP = "The same keys as the grid's query parameters."


class SmartPrepareManyInput(serializers.Serializer[Any]):
    images = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text=f"The next images of a person, at most {NEXT}."
    )
    filter = serializers.DictField(child=serializers.JSONField(), required=False, help_text=FILTER_HELP)


class SmartPrepareManyOutput(serializers.Serializer[Any]):
    waiting = serializers.IntegerField(help_text="Images that workers have still to read.")
    job = JobOutput(allow_null=True, help_text="Prepares what passes the filter.")


class BoxesToMasksInput(serializers.Serializer[Any]):
    filter = serializers.DictField(
        child=serializers.JSONField(), required=False, default=dict, help_text=f"{FILTER_HELP} Default: every image."
    )
    parameters = serializers.DictField(required=False, default=dict, child=serializers.JSONField())
    output = serializers.ChoiceField(choices=OUTPUTS, required=False, default="mask")
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Only count.")

    @override
    def get_fields(self) -> dict[str, Any]:
        return {"class": serializers.IntegerField(help_text="Whose boxes are meant."), **super().get_fields()}


class BoxesToMasksOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField()
    objects = serializers.IntegerField(help_text="Boxes that it turns.")
    job = JobOutput(allow_null=True, help_text="Does it; null for a dry run.")


class SmartPrepareManyView(APIView):
    @extend_schema(request=SmartPrepareManyInput, responses={200: SmartPrepareManyOutput, 202: SmartPrepareManyOutput})
    def post(self, request: Request, pk: int, method: str) -> Response:
        """Lets workers read images ahead: those that a person comes to next, or all that pass a filter, as a job."""
        project = get_for(request.user, Project, pk, Role.ANNOTATOR)
        data = SmartPrepareManyInput(data=request.data)
        data.is_valid(raise_exception=True)
        wanted = data.validated_data
        if ("images" in wanted) == ("filter" in wanted):
            raise DomainError("images_or_filter", "Give either images or a filter.")
        if "images" in wanted:
            waiting = next_prepare(project, method, wanted["images"], user=request.user)
            return Response({"waiting": waiting, "job": None}, status=202 if waiting else 200)
        get_for(request.user, Project, pk, Role.MANAGER)
        job = preparation_start(project, method, wanted["filter"], user=request.user)
        return Response({"waiting": 0, "job": JobOutput(job).data}, status=202)


class BoxesToMasksView(APIView):
    @extend_schema(request=BoxesToMasksInput, responses={200: BoxesToMasksOutput, 202: BoxesToMasksOutput})
    def post(self, request: Request, pk: int, method: str) -> Response:
        """Turns the boxes of a class into masks or polygons: a job, one operation that can be reverted.

        Objects keep their uuid and all that is said of them. A box in which the method finds nothing stays a box.
        """
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = BoxesToMasksInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        wanted = Conversion(method, given["class"], given["output"], given["filter"], given["parameters"])
        wanted = conversion_check(project, wanted)
        counts = conversion_count(project, wanted)
        if given["dry_run"]:
            return Response({**counts, "job": None})
        job = conversion_start(project, wanted, author=request.user)
        return Response({**counts, "job": JobOutput(job).data}, status=202)
