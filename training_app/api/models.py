"""Models: those that came out of runs, and detectors that people bring."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from typing_extensions import override

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput, get_job
from datasets_app.models import Project
from training_app.api.body import read
from training_app.engine.detectors.catalog import HEADS
from training_app.models import TrainedModel
from training_app.selectors.precision import precision_of
from training_app.services.model import model_rename
from training_app.services.model_upload import NewModel, model_add_start, upload_start


class ModelClassOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True, help_text="Null where it stands for no class of the project.")
    number = serializers.IntegerField()
    name = serializers.CharField(help_text="As it was called when the model was trained.")
    color = serializers.CharField()


class ModelOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    run = serializers.IntegerField(allow_null=True, help_text="Null for a detector that was brought.")
    version = serializers.IntegerField(allow_null=True)
    version_name = serializers.CharField(allow_null=True)
    task = serializers.CharField()
    architecture = serializers.CharField(help_text="Or the kind of head, of a detector that was brought.")
    licence = serializers.CharField(allow_blank=True, help_text="As told by whoever brought it.")
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


class ModelUploadInput(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="One .onnx file of at most 512 MB, with its weights inside.")


class NewModelInput(serializers.Serializer[Any]):
    upload = serializers.UUIDField(help_text="The job that inspected the file.")
    name = serializers.CharField(max_length=200)
    licence = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    declaration = serializers.DictField(
        child=serializers.JSONField(),
        help_text="head, size [width, height], strides, classes; fit (letterbox, letterbox_centre, squash), "
        "channels (RGB, BGR), layout (NCHW, NHWC), scale, mean, std, pad. The job that inspected the file guesses one.",
    )
    mapping = serializers.DictField(
        child=serializers.IntegerField(allow_null=True),
        required=False,
        help_text="Name of a class of the model → id of a class of the project; null or missing: left out.",
    )


class ClassPrecisionOutput(serializers.Serializer[Any]):
    decided = serializers.IntegerField(help_text="Predictions that somebody decided on one by one.")
    right = serializers.IntegerField()
    corrected = serializers.IntegerField(
        help_text="Accepted and then changed; right where the overlap is at least 0.5."
    )
    points = inline_serializer(
        "PrecisionPoint",
        {
            "threshold": serializers.FloatField(),
            "number": serializers.IntegerField(help_text="Decided predictions from this score on."),
            "right": serializers.IntegerField(),
            "precision": serializers.FloatField(allow_null=True, help_text="Null below a handful: not known yet."),
            "low": serializers.FloatField(help_text="Lower end of Wilson's 95 % interval."),
            "high": serializers.FloatField(),
        },
        many=True,
    )

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`class` is no name that an attribute can have."""
        label_class = serializers.IntegerField(allow_null=True, help_text="Null: all classes together.")
        return {"class": label_class, **super().get_fields()}


class ModelPrecisionOutput(serializers.Serializer[Any]):
    results = ClassPrecisionOutput(many=True)


class DetectorHeadOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    inputs = serializers.ListField(
        child=serializers.DictField(), help_text="`{title, values}`: what published models want of their pictures."
    )


class DetectorHeadListOutput(serializers.Serializer[Any]):
    results = DetectorHeadOutput(many=True)


_RELATED = ("version", "created_by")


def model_body(model: TrainedModel) -> dict[str, Any]:
    copied = ("name", "task", "architecture", "epoch", "classes", "metrics", "size", "licence", "created_at")
    return {
        "id": model.pk,
        **{name: getattr(model, name) for name in copied},
        "run": model.run_id,
        "version": model.version_id,
        "version_name": None if model.version is None else model.version.name,
        "created_by": model.created_by.get_username() if model.created_by else None,
    }


class ModelListView(APIView):
    @extend_schema(operation_id="models_list", responses=ModelListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The models of the project, newest first."""
        project = get_for(request.user, Project, pk)
        rows = project.models.select_related(*_RELATED).defer("version__assignment")
        return Response({"results": [model_body(model) for model in rows]})

    @extend_schema(request=NewModelInput, responses={202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Makes a model of an uploaded detector, as a job that tries the declaration; its result is `{model}`."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = read(NewModelInput, request)
        wanted = NewModel(data["name"], data["licence"], data["declaration"], data.get("mapping", {}))
        upload = get_job(request.user, data["upload"])
        job = model_add_start(project, upload, author=request.user, wanted=wanted)
        return Response(JobOutput(job).data, status=202)


class ModelUploadView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": ModelUploadInput}, responses={202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Looks at an ONNX detector, as a job: `{upload, facts, declaration, classes}`; the declaration is guessed."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        job = upload_start(project, author=request.user, file=read(ModelUploadInput, request)["file"])
        return Response(JobOutput(job).data, status=202)


class ModelPrecisionView(APIView):
    @extend_schema(responses=ModelPrecisionOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How often the model was right from a score on, by what people decided on its predictions one by one."""
        return Response({"results": precision_of(get_for(request.user, TrainedModel, pk))})


class DetectorHeadListView(APIView):
    @extend_schema(operation_id="detector_heads_list", responses=DetectorHeadListOutput)
    def get(self, _: Request) -> Response:
        """The kinds of detectors that can be brought."""
        return Response({"results": [{"key": entry.key, "title": entry.title, **entry.facts} for entry in HEADS]})


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
