"""Trainings: start, watch, stop, resume, extend."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from datasets_app.models import Project
from training_app.api.body import get_version, read, read_number
from training_app.models import Run
from training_app.selectors import run as run_selectors
from training_app.services import run as run_services
from training_app.services.run import RunRequest

MAX_EPOCHS = 5000


class RunInput(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    architecture = serializers.CharField(max_length=64)
    preset = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    config = serializers.DictField(
        required=False, child=serializers.JSONField(), help_text="Settings that differ from the preset's."
    )
    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class ExtendInput(serializers.Serializer[Any]):
    epochs = serializers.IntegerField(min_value=1, max_value=MAX_EPOCHS, help_text="How many epochs more.")


class BestOutput(serializers.Serializer[Any]):
    epoch = serializers.IntegerField()
    metric = serializers.CharField()
    value = serializers.FloatField()


class CheckpointOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="best or last.")
    epoch = serializers.IntegerField()
    metrics = serializers.DictField(child=serializers.FloatField(allow_null=True))


class NoteOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence for the user.")


class RunOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    version_name = serializers.CharField()
    task = serializers.CharField()
    architecture = serializers.CharField()
    preset = serializers.CharField(allow_blank=True)
    config = serializers.DictField(child=serializers.JSONField(), help_text="Every setting, defaults included.")
    job = JobOutput(allow_null=True)
    state = serializers.CharField(help_text="queued, running, succeeded, failed or cancelled: that of the job.")
    reason = serializers.CharField(
        allow_blank=True, help_text="How it ended: completed, early_stopped or stopped; empty before that."
    )
    stop_requested = serializers.BooleanField()
    epoch = serializers.IntegerField(help_text="Epochs that are finished.")
    epochs = serializers.IntegerField()
    step = serializers.IntegerField()
    steps_per_epoch = serializers.IntegerField(help_text="0 until the training has begun.")
    eta_seconds = serializers.FloatField(allow_null=True)
    best = BestOutput(allow_null=True)
    patience_left = serializers.IntegerField(allow_null=True, help_text="Null where it never stops early.")
    device = serializers.CharField(allow_blank=True)
    precision = serializers.CharField(allow_blank=True)
    images_per_second = serializers.FloatField(allow_null=True)
    peak_memory_bytes = serializers.IntegerField(allow_null=True)
    train_images = serializers.IntegerField(allow_null=True)
    val_images = serializers.IntegerField(allow_null=True)
    parameters = serializers.IntegerField(allow_null=True, help_text="Numbers that the network consists of.")
    notes = NoteOutput(many=True, help_text="What was left out or changed on the way, and why.")
    checkpoints = CheckpointOutput(many=True)
    model = serializers.IntegerField(allow_null=True, help_text="The newest model that came out of it.")
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)


class RunListOutput(serializers.Serializer[Any]):
    results = RunOutput(many=True)


class MetricPointOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    epoch = serializers.IntegerField(help_text="Counted from 1.")
    step = serializers.IntegerField()
    name = serializers.CharField(help_text="train/loss and lr at steps; train/loss_epoch and val/… at ends of epochs.")
    value = serializers.FloatField()


class MetricPointsOutput(serializers.Serializer[Any]):
    points = MetricPointOutput(many=True)


class RunLogOutput(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True, help_text="The end of the log.")


_COPIED = (
    "name", "task", "architecture", "preset", "config", "reason", "stop_requested", "epoch", "epochs", "step",
    "steps_per_epoch", "eta_seconds", "best", "patience_left", "device", "precision", "images_per_second",
    "peak_memory_bytes", "created_at",
)  # fmt: skip


def run_body(run: Run) -> dict[str, Any]:
    """`run` comes from `selectors.run`, with its relations loaded."""
    models = sorted(model.pk for model in run.models.all())
    return {
        "id": run.pk,
        **{name: getattr(run, name) for name in _COPIED},
        "version": run.version_id,
        "version_name": run.version.name,
        "job": None if run.job is None else JobOutput(run.job).data,
        "state": run_selectors.run_state(run),
        **{name: run.facts.get(name) for name in ("train_images", "val_images", "parameters")},
        "notes": run.facts.get("notes", []),
        "checkpoints": [
            {"id": row.pk, "kind": row.kind, "epoch": row.epoch, "metrics": row.metrics}
            for row in run.checkpoints.all()
        ],
        "model": models[-1] if models else None,
        "created_by": run.created_by.get_username() if run.created_by else None,
    }


def _one(run: Run) -> dict[str, Any]:
    return run_body(run_selectors.run_get(run.pk))


class RunListView(APIView):
    @extend_schema(operation_id="runs_list", responses=RunListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The runs of the project, newest first."""
        project = get_for(request.user, Project, pk)
        return Response({"results": [run_body(run) for run in run_selectors.run_list(project)]})

    @extend_schema(request=RunInput, responses={201: RunOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Starts a training on a version, as a job."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = read(RunInput, request)
        wanted = RunRequest(
            version=get_version(request.user, project, data["version"]),
            architecture=data["architecture"],
            preset=data["preset"],
            config=data.get("config", {}),
            name=data["name"],
        )
        return Response(_one(run_services.run_create(wanted, author=request.user)), status=201)


class RunView(APIView):
    @extend_schema(responses=RunOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One run."""
        return Response(_one(get_for(request.user, Run, pk)))


class RunMetricsView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="The last id that the reader has.")],
        responses=MetricPointsOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Points of the curves that came after a given one; ask again until there are none."""
        run = get_for(request.user, Run, pk)
        return Response({"points": run_selectors.metric_points(run, after=read_number(request, "after"))})


class RunLogView(APIView):
    @extend_schema(responses=RunLogOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The end of what the training wrote."""
        return Response({"text": run_selectors.log_tail(get_for(request.user, Run, pk))})


class RunStopView(APIView):
    @extend_schema(request=None, responses=RunOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Ends the training after the step at hand and keeps the best as a model."""
        run = get_for(request.user, Run, pk, Role.MANAGER)
        return Response(_one(run_services.run_stop(run)))


class RunResumeView(APIView):
    @extend_schema(request=None, responses=RunOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Continues a run that was stopped, cancelled or failed, exactly where it was, as a new job."""
        run = get_for(request.user, Run, pk, Role.MANAGER)
        return Response(_one(run_services.run_resume(run, author=request.user)))


class RunExtendView(APIView):
    @extend_schema(request=ExtendInput, responses=RunOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Gives a finished run more epochs and continues it."""
        run = get_for(request.user, Run, pk, Role.MANAGER)
        more = read(ExtendInput, request)["epochs"]
        return Response(_one(run_services.run_extend(run, author=request.user, epochs=more)))
