"""Evaluations: start one, read its figures at any threshold, open a cell of its matrix."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.errors import DomainError
from datasets_app.ir import SPLITS
from datasets_app.models import Project
from training_app.api.body import get_version, read, read_share
from training_app.api.runs import NoteOutput
from training_app.models import Evaluation, TrainedModel
from training_app.selectors import evaluation as evaluation_selectors
from training_app.services.evaluation import evaluation_start


class EvaluationInput(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    split = serializers.ChoiceField(choices=SPLITS)


class ConfusionOutput(serializers.Serializer[Any]):
    labels = serializers.ListField(
        child=serializers.CharField(), help_text="Names of the classes, then background (or undecided)."
    )
    classes = serializers.ListField(
        child=serializers.IntegerField(allow_null=True), help_text="Class ids in the order of the labels."
    )
    matrix = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="Row truth, column prediction."
    )


class CurvesOutput(serializers.Serializer[Any]):
    pr = inline_serializer(
        "PrecisionRecallCurve",
        {
            "class": serializers.IntegerField(),
            "points": serializers.ListField(
                child=serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3),
                help_text="[recall, precision, threshold]",
            ),
        },
        many=True,
    )
    f1 = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4),
        help_text="[threshold, precision, recall, f1]",
    )


class EvaluationOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    model = serializers.IntegerField()
    model_name = serializers.CharField()
    version = serializers.IntegerField()
    version_name = serializers.CharField()
    split = serializers.CharField()
    task = serializers.CharField()
    job = JobOutput(allow_null=True)
    threshold = serializers.FloatField(help_text="What the figures below are computed at.")
    iou = serializers.FloatField(help_text="Overlap that counts as found; without meaning for whole images.")
    images = serializers.IntegerField()
    summary = serializers.DictField(child=serializers.FloatField(allow_null=True))
    per_class = inline_serializer(
        "ClassFigures",
        {
            "class": serializers.IntegerField(),
            "name": serializers.CharField(),
            "support": serializers.IntegerField(help_text="Labels of the class; in segmentation its pixels."),
            "precision": serializers.FloatField(allow_null=True),
            "recall": serializers.FloatField(allow_null=True),
            "f1": serializers.FloatField(allow_null=True),
            "ap": serializers.FloatField(required=False, allow_null=True),
            "ap50": serializers.FloatField(required=False, allow_null=True),
            "accuracy": serializers.FloatField(required=False, allow_null=True),
            "iou": serializers.FloatField(required=False, allow_null=True, help_text="Of pixels."),
            "boundary_f1": serializers.FloatField(required=False, allow_null=True),
        },
        many=True,
        help_text="Empty in lists and until the job has ended, as are confusion and curves.",
    )
    confusion = ConfusionOutput()
    curves = CurvesOutput()
    notes = NoteOutput(many=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)


class EvaluationListOutput(serializers.Serializer[Any]):
    results = EvaluationOutput(many=True)


class CellObjectOutput(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    annotation = serializers.UUIDField(allow_null=True, help_text="What was labelled; null in the background.")
    score = serializers.FloatField(allow_null=True)
    iou = serializers.FloatField(allow_null=True)
    box = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        help_text="The prediction's, else the label's; null for whole images; in segmentation around the pixels.",
    )
    pixels = serializers.IntegerField(required=False, help_text="In segmentation: how many of the image's.")


class CellOutput(serializers.Serializer[Any]):
    results = CellObjectOutput(many=True, help_text="By falling score, at most 1,000.")
    total = serializers.IntegerField()


_RELATED = ("model", "version", "created_by", "job__created_by")
_AT = [
    OpenApiParameter("threshold", OpenApiTypes.FLOAT, description="Lowest score; default: where F1 is best."),
    OpenApiParameter("iou", OpenApiTypes.FLOAT, description="Overlap, 0.5 to 0.95; default 0.5."),
]


def evaluation_body(evaluation: Evaluation, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": evaluation.pk,
        "model": evaluation.model_id,
        "model_name": evaluation.model.name,
        "version": evaluation.version_id,
        "version_name": evaluation.version.name,
        "split": evaluation.split,
        "task": evaluation.model.task,
        "job": None if evaluation.job is None else JobOutput(evaluation.job).data,
        "notes": evaluation.notes,
        "created_at": evaluation.created_at,
        "created_by": evaluation.created_by.get_username() if evaluation.created_by else None,
        **figures,
    }


class EvaluationStartView(APIView):
    @extend_schema(request=EvaluationInput, responses={202: EvaluationOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Evaluates the model on a split of a version, as a job; what was evaluated before is answered at once."""
        model = get_for(request.user, TrainedModel, pk, Role.MANAGER)
        data = read(EvaluationInput, request)
        version = get_version(request.user, model.project_id, data["version"])
        started = evaluation_start(model, author=request.user, version=version, split=data["split"])
        evaluation = get_for(request.user, Evaluation, started.pk, Role.VIEWER, *_RELATED)
        return Response(evaluation_body(evaluation, evaluation_selectors.brief_figures(evaluation)), status=202)


class EvaluationListView(APIView):
    @extend_schema(operation_id="evaluations_list", responses=EvaluationListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The evaluations of the project with their summaries, newest first."""
        project = get_for(request.user, Project, pk)
        rows = project.evaluations.select_related(*_RELATED).defer("version__assignment")
        bodies = [evaluation_body(row, evaluation_selectors.brief_figures(row)) for row in rows]
        return Response({"results": bodies})


class EvaluationView(APIView):
    @extend_schema(parameters=_AT, responses=EvaluationOutput)
    def get(self, request: Request, pk: int) -> Response:
        """All figures, computed anew at the threshold and overlap asked for; nothing is predicted again."""
        evaluation = get_for(request.user, Evaluation, pk, Role.VIEWER, *_RELATED)
        threshold, iou = read_share(request, "threshold"), read_share(request, "iou")
        figures = evaluation_selectors.figures_at(evaluation, threshold=threshold, iou=iou)
        return Response(evaluation_body(evaluation, figures))


class EvaluationCellsView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter(
                "truth", OpenApiTypes.STR, required=True, description="A label of the matrix or class id."
            ),
            OpenApiParameter("predicted", OpenApiTypes.STR, required=True, description="As truth."),
            *_AT,
        ],
        responses=CellOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The objects behind one cell of the confusion matrix."""
        evaluation = get_for(request.user, Evaluation, pk)
        labels = [request.query_params.get(name) for name in ("truth", "predicted")]
        if labels[0] is None or labels[1] is None:
            raise DomainError("bad_cell", "Name the cell by `truth` and `predicted`, two labels of the matrix.")
        cell = evaluation_selectors.Cell(str(labels[0]), str(labels[1]))
        threshold, iou = read_share(request, "threshold"), read_share(request, "iou")
        return Response(evaluation_selectors.cell_objects(evaluation, cell, threshold=threshold, iou=iou))
