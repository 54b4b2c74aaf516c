"""Models that came out of runs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from datasets_app.models import Project
from training_app.api.body import read
from training_app.models import TrainedModel
from training_app.services.model import model_rename


class ModelClassOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    name = serializers.CharField(help_text="As it was called when the model was trained.")
    color = serializers.CharField()


class ModelOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    run = serializers.IntegerField()
    version = serializers.IntegerField()
    version_name = serializers.CharField()
    task = serializers.CharField()
    architecture = serializers.CharField()
    epoch = serializers.IntegerField()
    classes = ModelClassOutput(many=True)
    metrics = serializers.DictField(child=serializers.FloatField(allow_null=True))
    size = serializers.IntegerField(help_text="Bytes.")
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)


class ModelListOutput(serializers.Serializer[Any]):
    results = ModelOutput(many=True)


class ModelChange(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, max_length=200)


_RELATED = ("version", "created_by")


def model_body(model: TrainedModel) -> dict[str, Any]:
    copied = ("name", "task", "architecture", "epoch", "classes", "metrics", "size", "created_at")
    return {
        "id": model.pk,
        **{name: getattr(model, name) for name in copied},
        "run": model.run_id,
        "version": model.version_id,
        "version_name": model.version.name,
        "created_by": model.created_by.get_username() if model.created_by else None,
    }


class ModelListView(APIView):
    @extend_schema(operation_id="models_list", responses=ModelListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The models of the project, newest first."""
        project = get_for(request.user, Project, pk)
        rows = project.models.select_related(*_RELATED).defer("version__assignment")
        return Response({"results": [model_body(model) for model in rows]})


class ModelView(APIView):
    @extend_schema(responses=ModelOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One model."""
        return Response(model_body(get_for(request.user, TrainedModel, pk, Role.VIEWER, *_RELATED)))

    @extend_schema(request=ModelChange, responses=ModelOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Renames the model."""
        model = get_for(request.user, TrainedModel, pk, Role.MANAGER, *_RELATED)
        return Response(model_body(model_rename(model, **read(ModelChange, request))))
