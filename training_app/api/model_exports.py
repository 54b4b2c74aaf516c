"""Models as files for other programs."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.downloads import file_response
from annotator.core.api.jobs import JobOutput
from training_app.api.body import read
from training_app.models import TrainedModel
from training_app.selectors.model_export import export_file, model_exports
from training_app.services.model_export import JOB, model_export_start


class ModelExportInput(serializers.Serializer[Any]):
    format = serializers.CharField(help_text="The key of a model format.")


class ModelExportOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    report = inline_serializer(
        "ModelExportReport",
        {
            "pictures": serializers.IntegerField(help_text="On which the file was compared with the model."),
            "agreement": serializers.FloatField(allow_null=True, help_text="Share of answers that are the same."),
            "largest_difference": serializers.FloatField(
                allow_null=True, help_text="Of any number; null where an answer has more objects than the other."
            ),
            "model_ms": serializers.FloatField(allow_null=True, help_text="Median time of the model for a picture."),
            "file_ms": serializers.FloatField(allow_null=True, help_text="Median time of the file, on the same CPU."),
            "bytes": serializers.IntegerField(),
        },
        allow_null=True,
        help_text="Null until the file is there.",
    )
    job = JobOutput(allow_null=True, help_text="The newest one.")


class ModelExportListOutput(serializers.Serializer[Any]):
    results = ModelExportOutput(many=True)


class ModelExportListView(APIView):
    @extend_schema(operation_id="model_exports_list", responses=ModelExportListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The formats that can hold the model, with the files that are there."""
        return Response(_body(get_for(request.user, TrainedModel, pk)))

    @extend_schema(request=ModelExportInput, responses={200: ModelExportListOutput, 202: ModelExportListOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Writes the model as a file, in a job that also compares the two; a file that differs is not kept."""
        model = get_for(request.user, TrainedModel, pk, Role.MANAGER)
        job = model_export_start(model, format_key=read(ModelExportInput, request)["format"], author=request.user)
        return Response(_body(model), status=200 if job is None else 202)


class ModelExportFileView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, format_key: str) -> HttpResponseBase:
        """The file; byte ranges resume a broken download."""
        model = get_for(request.user, TrainedModel, pk)
        path = export_file(model, format_key)
        return file_response(request, path, content_type="application/octet-stream")


def _body(model: TrainedModel) -> dict[str, Any]:
    rows = model_exports(model, JOB)
    return {
        "results": [row | {"job": None if row["job"] is None else JobOutput(row["job"]).data} for row in rows],
    }
