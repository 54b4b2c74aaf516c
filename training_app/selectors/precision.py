"""How often a model was right, by what people decided on its predictions one by one.

A prediction was right where it was accepted and its annotation still has its class and about its box; one that was
moved since is a near miss and counts as right by its overlap alone. Rejected, deleted and relabelled ones were wrong.
What was accepted or rejected in bulk, by a threshold, says nothing: nobody looked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.core.geometry.overlap import box_iou
from datasets_app.models import Annotation
from training_app.evaluation.interval import wilson
from training_app.models import Prediction, PredictionState, TrainedModel
from training_app.selectors.prediction import with_state

HANDFUL = 5
"""Below it nothing is estimated."""
NEAR = 0.5
"""The overlap (IoU) from which a corrected box was right all the same."""
SAME = 0.98
STEPS = 20
NEWEST = 20_000
CHUNK = 500
EVERY_CLASS = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decided prediction; `is_corrected` where a person changed it after accepting it."""

    label_class: int
    score: float
    is_right: bool
    is_corrected: bool


def precision_of(model: TrainedModel) -> list[dict[str, Any]]:
    """For all classes together (`class` None) and for each class: counts, and precision from each of 20 thresholds on.

    A point is `{threshold, number, right, precision, low, high}`; precision is None below a handful.
    """
    groups: dict[int | None, list[Outcome]] = defaultdict(list)
    for outcome in _outcomes(model):
        groups[EVERY_CLASS].append(outcome)
        groups[outcome.label_class].append(outcome)
    return [
        {
            "class": label_class,
            "decided": len(rows),
            "right": sum(row.is_right for row in rows),
            "corrected": sum(row.is_corrected for row in rows),
            "points": [_point(rows, step / STEPS) for step in range(STEPS)],
        }
        for label_class, rows in groups.items()
    ]


def _point(rows: Sequence[Outcome], threshold: float) -> dict[str, Any]:
    above = [row for row in rows if row.score >= threshold]
    right = sum(row.is_right for row in above)
    low, high = wilson(right, len(above))
    precision = right / len(above) if len(above) >= HANDFUL else None
    return {
        "threshold": threshold,
        "number": len(above),
        "right": right,
        "precision": precision,
        "low": low,
        "high": high,
    }


def _outcomes(model: TrainedModel) -> Iterator[Outcome]:
    reviewed = Prediction.objects.filter(batch__model=model, is_reviewed=True)
    rows = list(
        with_state(reviewed, model.project_id).exclude(state_now=PredictionState.PENDING).order_by("-pk")[:NEWEST]
    )
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        uuids = [row.uuid for row in part if row.state_now == PredictionState.ACCEPTED]
        live = Annotation.objects.now().filter(project_id=model.project_id, uuid__in=uuids)
        standing = {row.uuid: row for row in live}
        for row in part:
            yield _outcome(row, standing.get(row.uuid))


def _outcome(prediction: Any, annotation: Annotation | None) -> Outcome:
    label_class, score = prediction.label_class_id, prediction.score
    if prediction.state_now == PredictionState.REJECTED or annotation is None:
        return Outcome(label_class, score, is_right=False, is_corrected=False)
    is_same_class = annotation.label_class_id == label_class
    overlap = 1.0 if annotation.type == "tag" else box_iou(_box(prediction), _box(annotation))
    return Outcome(
        label_class,
        score,
        is_right=is_same_class and overlap >= NEAR,
        is_corrected=not is_same_class or overlap < SAME,
    )


def _box(row: Any) -> tuple[float, float, float, float]:
    return row.x, row.y, row.width, row.height
