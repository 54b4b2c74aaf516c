"""Reads of predictions with the state that they are in now.

An accepted prediction is an annotation. When that was taken back by a revert, the prediction is pending again; when a
person deleted it, it stays accepted, since somebody has looked and decided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Case, CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Floor
from django.db.models.lookups import In

from datasets_app.models import Annotation, Image, Project, Revision
from training_app.models import Prediction, PredictionBatch, PredictionState

BINS = 20


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """Predictions by state, and the pending ones by score in `BINS` equal bins from 0 to 1."""

    counts: dict[str, int]
    histogram: list[int]


def with_state(rows: QuerySet[Prediction], project_id: int) -> Any:
    """The predictions of one project, each with its `state_now`."""
    # Two look-ups by (project, uuid). Asking for the newest row instead, by ordering, makes SQLite walk through all
    # annotations of the project for each prediction.
    annotations = Annotation.objects.filter(project_id=project_id, uuid=OuterRef("uuid")).order_by()
    is_live = Exists(annotations.filter(deleted_in__isnull=True))
    ended = Subquery(annotations.values("uuid").annotate(ended=Max("deleted_in")).values("ended"))
    reverts = Revision.objects.filter(project_id=project_id, kind__in=("revert", "restore")).order_by().values("number")
    is_taken_back = Q(state=PredictionState.ACCEPTED) & ~Q(is_live) & Q(In(ended, reverts))
    state = Case(
        When(is_taken_back, then=Value(PredictionState.PENDING.value)), default=F("state"), output_field=CharField()
    )
    return rows.annotate(state_now=state)


def predictions_of(image: Image) -> list[dict[str, Any]]:
    """In the API's form, the surest first; shapes are passed through as the text they are stored as."""
    rows = with_state(Prediction.objects.filter(image=image), image.project_id).order_by("-score", "pk")
    models = {row.pk: row.model for row in _batches_on(image)}
    columns = ("uuid", "label_class_id", "shape", "score", "state_now", "batch_id")
    return [
        {
            "uuid": uuid,
            "class": label_class,
            "shape": orjson.Fragment(shape),
            "score": score,
            "state": state,
            "batch": batch,
            "model": models[batch].pk,
            "source": models[batch].source,
        }
        for uuid, label_class, shape, score, state, batch in rows.values_list(*columns)
    ]


def _batches_on(image: Image) -> QuerySet[PredictionBatch]:
    ids = Prediction.objects.filter(image=image).order_by().values("batch")
    return PredictionBatch.objects.filter(pk__in=ids).select_related("model")


def batch_facts(project: Project, batches: Sequence[PredictionBatch]) -> dict[int, BatchFacts]:
    """Counts and histogram of each batch, in one query."""
    rows = with_state(Prediction.objects.filter(batch__in=batches), project.pk)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    bins: dict[int, Counter[int]] = defaultdict(Counter)
    grouped = rows.annotate(bin=Floor(F("score") * BINS)).order_by().values_list("batch_id", "state_now", "bin")
    for batch, state, score_bin, number in grouped.annotate(number=Count("pk")):
        counts[batch][state] += number
        if state == PredictionState.PENDING:
            bins[batch][min(int(score_bin), BINS - 1)] += number
    return {
        batch.pk: BatchFacts(
            counts={state: counts[batch.pk][state] for state in PredictionState.values},
            histogram=[bins[batch.pk][index] for index in range(BINS)],
        )
        for batch in batches
    }
