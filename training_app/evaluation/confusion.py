"""Confusion matrices with a background row and column, and what follows from them: precision, recall, F1. NumPy only.

Predictions are matched within their class first, by COCO's rules; what is left on both sides is then matched by overlap
alone. So the diagonal holds exactly the true positives that average precision counts, a cell beside it one class taken
for another, and the background what was missed or made up: every figure of a page agrees with every other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training_app.evaluation.matching import NONE, box_overlaps, match_any_class
from training_app.evaluation.records import Bools, Floats, Ints, Objects
from training_app.evaluation.table import DetectionTable


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Per class, as arrays (classes,); precision and recall are 0 where nothing was predicted or labelled."""

    support: Ints
    true_positives: Ints
    false_positives: Ints
    false_negatives: Ints
    precision: Floats
    recall: Floats
    f1: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every labelled object and every prediction above the threshold, once.

    `truth` and `detection` (k,) are rows of the table's objects or `NONE`; `overlap` (k,) is their IoU, 0 for singles.
    """

    truth: Ints
    detection: Ints
    overlap: Floats


def pair_up(table: DetectionTable, *, threshold: float, iou: float) -> Pairs:
    """Pair predictions that score at least `threshold` with labels that they overlap by at least `iou`.

    Crowds and what was found in them are left out. `iou` is one of the table's overlaps; the nearest is taken.
    """
    level = table.level(iou)
    kept = table.detections.scores >= threshold
    found, ignored = table.matches.truth[level], table.matches.ignored[level]
    direct = np.flatnonzero(kept & (found >= 0) & ~ignored)
    left_detections = np.flatnonzero(kept & (found < 0) & ~ignored)
    is_left = ~table.truths.crowd
    is_left[found[direct]] = False
    left_truths = np.flatnonzero(is_left)
    crossed = match_any_class(
        subset(table.detections, left_detections),
        subset(table.truths, left_truths),
        threshold=float(table.matches.thresholds[level]),
    )
    hit = crossed >= 0
    missed = np.ones(len(left_truths), dtype=np.bool_)
    missed[crossed[hit]] = False
    paired_detections = np.r_[direct, left_detections[hit]]
    paired_truths = np.r_[found[direct], left_truths[crossed[hit]]]
    alone_detections, alone_truths = left_detections[~hit], left_truths[missed]
    singles = len(alone_detections) + len(alone_truths)
    return Pairs(
        truth=np.r_[paired_truths, np.full(len(alone_detections), NONE), alone_truths],
        detection=np.r_[paired_detections, alone_detections, np.full(len(alone_truths), NONE)],
        overlap=np.r_[pair_overlaps(table, paired_detections, paired_truths), np.zeros(singles)],
    )


def subset(objects: Objects, rows: Ints) -> Objects:
    return Objects(
        image=objects.image[rows],
        position=objects.position[rows],
        boxes=objects.boxes[rows],
        classes=objects.classes[rows],
        scores=objects.scores[rows],
        crowd=objects.crowd[rows],
        areas=objects.areas[rows],
    )


def pair_overlaps(table: DetectionTable, detections: Ints, truths: Ints) -> Floats:
    boxes = table.detections.boxes[detections][:, None, :], table.truths.boxes[truths][:, None, :]
    plain: Bools = np.zeros((len(truths), 1), dtype=np.bool_)
    result: npt.NDArray[np.float64] = box_overlaps(*boxes, plain)[:, 0, 0]
    return result


def cell_indices(table: DetectionTable, pairs: Pairs) -> tuple[Ints, Ints]:
    """The (row, column) of each pair in the matrix; the last of both is the background."""
    background = table.class_count
    rows = np.where(pairs.truth >= 0, table.truths.classes[pairs.truth], background) if len(table.truths) else None
    columns = (
        np.where(pairs.detection >= 0, table.detections.classes[pairs.detection], background)
        if len(table.detections)
        else None
    )
    empty = np.full(len(pairs.truth), background)
    return (empty if rows is None else rows), (empty if columns is None else columns)


def confusion_matrix(table: DetectionTable, *, threshold: float, iou: float) -> Ints:
    """(classes + 1, classes + 1) counts, row truth, column prediction, the background last in both."""
    matrix = np.zeros((table.class_count + 1, table.class_count + 1), dtype=np.int64)
    np.add.at(matrix, cell_indices(table, pair_up(table, threshold=threshold, iou=iou)), 1)
    return matrix


def class_scores(matrix: Ints) -> ClassScores:
    """Precision, recall and F1 of every class but the last (the background) of a confusion matrix."""
    right = np.diag(matrix)[:-1]
    support = matrix[:-1].sum(axis=1)
    predicted = matrix[:, :-1].sum(axis=0)
    return scores_of(right, support=support, predicted=predicted)


def scores_of(right: Ints, *, support: Ints, predicted: Ints) -> ClassScores:
    """Scores from counts: `right` of `predicted` predictions were right, of `support` labels."""
    precision = np.divide(right, predicted, out=np.zeros(len(right)), where=predicted > 0)
    recall = np.divide(right, support, out=np.zeros(len(right)), where=support > 0)
    both = precision + recall
    return ClassScores(
        support=support,
        true_positives=right,
        false_positives=predicted - right,
        false_negatives=support - right,
        precision=precision,
        recall=recall,
        f1=np.divide(2 * precision * recall, both, out=np.zeros(len(right)), where=both > 0),
    )
