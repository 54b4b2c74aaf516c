"""Everything that a page about an evaluation shows, as JSON, at a threshold and overlap of choice; no inference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training_app.evaluation.average_precision import mean_of
from training_app.evaluation.classification import classification_scores, predicted_classes
from training_app.evaluation.confusion import cell_indices, class_scores, confusion_matrix, pair_up, scores_of
from training_app.evaluation.curves import (
    best_threshold,
    curve_points,
    precision_recall_curve,
    scores_at_thresholds,
    threshold_curve,
)
from training_app.evaluation.pixel_table import PixelTable, class_curve, dice_curve
from training_app.evaluation.pixels import boundary_f1, pixel_scores
from training_app.evaluation.records import Floats, Ints
from training_app.evaluation.table import DetectionTable

BACKGROUND = "background"
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class as reports name it; their order is that of the class indices."""

    number: int
    name: str


def detection_report(
    table: DetectionTable, classes: Sequence[ClassName], *, threshold: float | None = None, iou: float = 0.5
) -> dict[str, Any]:
    """`{threshold, iou, images, summary, per_class, confusion, curves}`; `threshold` None takes the best F1's."""
    iou = float(table.matches.thresholds[table.level(iou)])
    curve = threshold_curve(table, iou=iou)
    best = best_threshold(curve)
    threshold = best if threshold is None else threshold
    matrix = confusion_matrix(table, threshold=threshold, iou=iou)
    scores = class_scores(matrix)
    overall = scores_of(
        np.array([scores.true_positives.sum()]),
        support=np.array([scores.support.sum()]),
        predicted=np.array([scores.true_positives.sum() + scores.false_positives.sum()]),
    )
    figures = {key: value for key, value in table.summary.items() if key != "per_class"}
    return {
        "threshold": threshold,
        "iou": iou,
        "images": table.images,
        "summary": {
            **figures,
            "precision": float(overall.precision[0]),
            "recall": float(overall.recall[0]),
            "f1": float(overall.f1[0]),
            "best_threshold": best,
        },
        "per_class": [
            {
                "class": row.number,
                "name": row.name,
                "support": int(scores.support[index]),
                "precision": float(scores.precision[index]),
                "recall": float(scores.recall[index]),
                "f1": float(scores.f1[index]),
                "ap": table.summary["per_class"][index]["ap"],
                "ap50": table.summary["per_class"][index]["ap50"],
            }
            for index, row in enumerate(classes)
        ],
        "confusion": {"labels": [*(row.name for row in classes), BACKGROUND], "matrix": matrix.tolist()},
        "curves": {
            "pr": [
                {"class": row.number, "points": precision_recall_curve(table, index, iou=iou).round(5).tolist()}
                for index, row in enumerate(classes)
            ],
            "f1": curve.round(5).tolist(),
        },
    }


def detection_cell(
    table: DetectionTable, *, truth: int | None, predicted: int | None, threshold: float, iou: float = 0.5
) -> list[dict[str, Any]]:
    """The pairs in one cell of the matrix, by falling score; class indices from 0, None is the background.

    Each `{image, truth, detection, score, iou, box}`: `truth` and `detection` are positions in their image's records,
    null in the background; `box` is the prediction's, else the label's.
    """
    pairs = pair_up(table, threshold=threshold, iou=iou)
    rows, columns = cell_indices(table, pairs)
    background = table.class_count
    wanted = (rows == (background if truth is None else truth)) & (
        columns == (background if predicted is None else predicted)
    )
    results = [
        pair_facts(table, *(int(value) for value in pair))
        for pair in zip(pairs.truth[wanted], pairs.detection[wanted], strict=True)
    ]
    for result, overlap in zip(results, pairs.overlap[wanted], strict=True):
        result["iou"] = float(overlap)
    return sorted(results, key=lambda result: -(result["score"] or 0.0))


def pair_facts(table: DetectionTable, truth: int, detection: int) -> dict[str, Any]:
    objects, row = (table.detections, detection) if detection >= 0 else (table.truths, truth)
    return {
        "image": int(objects.image[row]),
        "truth": int(table.truths.position[truth]) if truth >= 0 else None,
        "detection": int(table.detections.position[detection]) if detection >= 0 else None,
        "score": float(table.detections.scores[detection]) if detection >= 0 else None,
        "box": objects.boxes[row].tolist(),
    }


def classification_report(
    truth: Ints, probabilities: Floats, classes: Sequence[ClassName], *, threshold: float = 0.0
) -> dict[str, Any]:
    """The same for whole-image classes: `truth` (n,) class indices, `probabilities` (n, classes).

    The matrix has a row and column `undecided` only where `threshold` leaves pictures undecided.
    """
    scores = classification_scores(truth, probabilities, threshold=threshold)
    rows = scores.per_class
    has_undecided = bool(scores.confusion[:, -1].any())
    size = len(classes) + has_undecided
    return {
        "threshold": threshold,
        "iou": None,
        "images": len(truth),
        "summary": {
            "accuracy": scores.accuracy,
            "balanced_accuracy": scores.balanced_accuracy,
            "precision": scores.macro_precision,
            "recall": scores.macro_recall,
            "f1": scores.macro_f1,
            **{f"top{k}": value for k, value in scores.top_k.items()},
        },
        "per_class": [
            {
                "class": row.number,
                "name": row.name,
                "support": int(rows.support[index]),
                "precision": float(rows.precision[index]),
                "recall": float(rows.recall[index]),
                "f1": float(rows.f1[index]),
                "accuracy": float(rows.recall[index]),
            }
            for index, row in enumerate(classes)
        ],
        "confusion": {
            "labels": [*(row.name for row in classes), *([UNDECIDED] if has_undecided else [])],
            "matrix": scores.confusion[:size, :size].tolist(),
        },
        "curves": {
            "pr": [
                {
                    "class": row.number,
                    "points": curve_points(truth == index, probabilities[:, index], int((truth == index).sum()))
                    .round(5)
                    .tolist(),
                }
                for index, row in enumerate(classes)
            ],
            "f1": classification_curve(truth, probabilities).round(5).tolist(),
        },
    }


def segmentation_report(
    table: PixelTable, classes: Sequence[ClassName], *, threshold: float | None = None
) -> dict[str, Any]:
    """The same for pixels; `threshold` None takes every pixel for its likeliest class. Supports are pixels.

    The F1 of a boundary is that of the likeliest classes at any threshold.
    """
    matrices = table.matrices()
    curve = dice_curve(matrices)
    matrix = table.matrix(threshold or 0.0)
    scores = pixel_scores(matrix)
    boundary = boundary_f1(table.boundaries)
    background_last = np.roll(np.arange(len(matrix)), -1)
    return {
        "threshold": threshold or 0.0,
        "iou": None,
        "images": len(table.images),
        "summary": {
            "miou": scores.mean_iou,
            "dice": scores.mean_dice,
            "boundary_f1": mean_of(boundary),
            "pixel_accuracy": scores.accuracy,
            "precision": mean_of(scores.precision),
            "recall": mean_of(scores.recall),
            "best_threshold": float(curve[curve[:, 3].argmax(), 0]),
        },
        "per_class": [
            {
                "class": row.number,
                "name": row.name,
                "support": int(scores.support[index]),
                "precision": known(scores.precision[index]),
                "recall": known(scores.recall[index]),
                "f1": known(scores.dice[index]),
                "iou": known(scores.iou[index]),
                "boundary_f1": known(boundary[index]),
            }
            for index, row in enumerate(classes)
        ],
        "confusion": {
            "labels": [*(row.name for row in classes), BACKGROUND],
            "matrix": matrix[np.ix_(background_last, background_last)].tolist(),
        },
        "curves": {
            "pr": [
                {"class": row.number, "points": class_curve(matrices, index).round(5).tolist()}
                for index, row in enumerate(classes)
            ],
            "f1": curve.round(5).tolist(),
        },
    }


def known(value: float) -> float | None:
    """None for NaN, which JSON cannot say."""
    return None if np.isnan(value) else float(value)


def classification_cell(
    truth: Ints, probabilities: Floats, *, row: int, column: int | None, threshold: float = 0.0
) -> Ints:
    """Positions (in `truth`) of the pictures of class `row` taken for `column` (None: undecided), surest first."""
    predicted = predicted_classes(probabilities, threshold=threshold)
    wanted = np.flatnonzero((truth == row) & (predicted == (probabilities.shape[1] if column is None else column)))
    return wanted[np.argsort(-probabilities[wanted].max(axis=1), kind="stable")] if len(wanted) else wanted


def classification_curve(truth: Ints, probabilities: Floats, *, steps: int = 101) -> Floats:
    """(steps, 4) threshold, precision of the decided, recall, F1, over all classes together."""
    best = probabilities.max(axis=1, initial=0.0)
    return scores_at_thresholds(best[probabilities.argmax(axis=1) == truth], best, len(truth), steps)
