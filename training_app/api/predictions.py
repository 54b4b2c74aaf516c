"""Pre-labelling: ask a model for proposals, see them, accept or reject them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.api.person import PERSON_HEADER, person_check
from annotator.core.errors import NotFoundError
from datasets_app.models import Image, Project
from training_app.api.body import read
from training_app.models import PredictionBatch, TrainedModel
from training_app.selectors import prediction as prediction_selectors
from training_app.services import auto_label as auto_label_services
from training_app.services import prediction as prediction_services

MAX_DECIDED = 20_000


class AutoLabelInput(serializers.Serializer[Any]):
    model = serializers.IntegerField()
    filter = serializers.DictField(
        required=False,
        child=serializers.JSONField(),
        help_text="The same keys as the grid's query parameters; default: images without labels.",
    )
    min_score = serializers.FloatField(
        required=False, min_value=0, max_value=1, help_text="Proposals below it are not kept; default 0.2."
    )
    mapping = serializers.DictField(
        required=False,
        child=serializers.IntegerField(allow_null=True),
        help_text="Number of a class of the model → id of a class of the project; null leaves its finds out.",
    )
    thresholds = serializers.DictField(
        required=False,
        child=serializers.FloatField(min_value=0, max_value=1),
        help_text="Class id → lowest score, in place of `min_score`.",
    )
    max_overlap = serializers.FloatField(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="Of boxes of a class that overlap by more (IoU) only the surest is proposed.",
    )
    region = serializers.ListField(
        required=False,
        allow_null=True,
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        help_text="[x, y, width, height] in shares of the picture: the middle of a find must lie in it.",
    )
    inside_class = serializers.IntegerField(
        required=False, allow_null=True, help_text="The middle of a find must lie in a box of this class."
    )
    dry_run = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Only tries it, on twenty images; the job's result says what the batch would do and take.",
    )


class DecisionCountsOutput(serializers.Serializer[Any]):
    pending = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()


class PredictionBatchOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    model = serializers.IntegerField()
    model_name = serializers.CharField()
    run = serializers.IntegerField(allow_null=True, help_text="Null for a detector that was brought.")
    task = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)
    min_score = serializers.FloatField()
    counts = DecisionCountsOutput()
    images = serializers.IntegerField(help_text="Images that were looked at.")
    histogram = serializers.ListField(
        child=serializers.IntegerField(),
        min_length=prediction_selectors.BINS,
        max_length=prediction_selectors.BINS,
        help_text="Pending predictions by score: 20 equal bins from 0 to 1.",
    )


class PredictionBatchListOutput(serializers.Serializer[Any]):
    results = PredictionBatchOutput(many=True)


class AcceptInput(serializers.Serializer[Any]):
    threshold = serializers.FloatField(min_value=0, max_value=1, help_text="Lowest score that is accepted.")


class RejectInput(serializers.Serializer[Any]):
    below = serializers.FloatField(min_value=0, max_value=1, help_text="Scores below it are rejected.")


class DecideInput(serializers.Serializer[Any]):
    accept = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MAX_DECIDED)
    reject = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MAX_DECIDED)
    batch_id = serializers.UUIDField(help_text="Made by the client; a replay gets the first answer.")


class DecisionOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(help_text="The one that was made, or the newest when nothing was accepted.")
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    skipped = serializers.IntegerField(
        help_text="Not accepted because the image has a tag already, was deleted, or the class was retired."
    )


_PREDICTION = inline_serializer(
    "Prediction",
    {
        "uuid": serializers.UUIDField(help_text="An accepted one's annotation has it too."),
        "class": serializers.IntegerField(),
        "shape": serializers.DictField(child=serializers.JSONField()),
        "score": serializers.FloatField(),
        "state": serializers.CharField(help_text="pending, accepted or rejected."),
        "batch": serializers.IntegerField(),
        "model": serializers.IntegerField(),
        "source": serializers.CharField(help_text="run:<id> or model:<id>; an accepted one's annotation has it too."),
    },
    many=True,
)


class PredictionListOutput(serializers.Serializer[Any]):
    results = _PREDICTION


def batch_body(batch: PredictionBatch, facts: prediction_selectors.BatchFacts) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "model": batch.model_id,
        "model_name": batch.model.name,
        "run": batch.model.run_id,
        "task": batch.model.task,
        "created_at": batch.created_at,
        "created_by": batch.created_by.get_username() if batch.created_by else None,
        "min_score": batch.min_score,
        "counts": facts.counts,
        "images": batch.images,
        "histogram": facts.histogram,
    }


class AutoLabelView(APIView):
    @extend_schema(request=AutoLabelInput, responses={202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Lets a model propose labels for images, as a job; its result is `{batch, images, predictions, left_out}`."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = read(AutoLabelInput, request)
        model = get_for(request.user, TrainedModel, data["model"])
        if model.project_id != project.pk:
            raise NotFoundError("not_found", f"model: there is no model {model.pk} in this project.")
        job = auto_label_services.auto_label_start(
            model, author=request.user, params=data.get("filter"), said=data, is_dry_run=data["dry_run"]
        )
        return Response(JobOutput(job).data, status=202)


class PredictionBatchListView(APIView):
    @extend_schema(operation_id="prediction_batches_list", responses=PredictionBatchListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The pre-labellings of the project, newest first."""
        project = get_for(request.user, Project, pk)
        rows = list(project.prediction_batches.select_related("model", "created_by"))
        facts = prediction_selectors.batch_facts(project, rows)
        return Response({"results": [batch_body(row, facts[row.pk]) for row in rows]})


class PredictionBatchView(APIView):
    @extend_schema(responses=PredictionBatchOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One pre-labelling."""
        batch = get_for(request.user, PredictionBatch, pk, Role.VIEWER, "model", "created_by", "project")
        return Response(batch_body(batch, prediction_selectors.batch_facts(batch.project, [batch])[batch.pk]))


class PredictionBatchAcceptView(APIView):
    @extend_schema(request=AcceptInput, responses=DecisionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Accepts every pending prediction from a score on, as one revision."""
        batch = get_for(request.user, PredictionBatch, pk, Role.ANNOTATOR)
        threshold = read(AcceptInput, request)["threshold"]
        return Response(prediction_services.batch_accept(batch, author=request.user, threshold=threshold))


class PredictionBatchRejectView(APIView):
    @extend_schema(request=RejectInput, responses=DecisionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Rejects every pending prediction below a score; no data changes."""
        batch = get_for(request.user, PredictionBatch, pk, Role.ANNOTATOR)
        return Response(prediction_services.batch_reject(batch, below=read(RejectInput, request)["below"]))


class ImagePredictionsView(APIView):
    @extend_schema(responses=PredictionListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """What models propose for the image, the surest first, with what was decided about it."""
        image = get_for(request.user, Image, pk)
        return Response({"results": prediction_selectors.predictions_of(image)})


class ImageDecideView(APIView):
    @extend_schema(parameters=[PERSON_HEADER], request=DecideInput, responses=DecisionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Accepts and rejects single predictions; what is accepted becomes one revision."""
        person_check(request)
        image = get_for(request.user, Image, pk, Role.ANNOTATOR)
        data = read(DecideInput, request)
        decision = prediction_services.Decision(
            batch_id=data["batch_id"], accept=data.get("accept", []), reject=data.get("reject", [])
        )
        return Response(prediction_services.predictions_decide(image, author=request.user, decision=decision))
