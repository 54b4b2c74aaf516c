"""Precision and recall against each other and against the score threshold, from stored matches. NumPy only."""

from __future__ import annotations

import numpy as np

from training_app.evaluation.confusion import ClassScores, scores_of
from training_app.evaluation.records import Bools, Floats, Ints
from training_app.evaluation.table import DetectionTable

# Points per curve: more than a chart is wide.
MOST_POINTS = 200


def operating_scores(table: DetectionTable, *, threshold: float, iou: float) -> ClassScores:
    """Precision, recall and F1 per class; equal to those of the confusion matrix at the same threshold and overlap."""
    level = table.level(iou)
    counted = (table.detections.scores >= threshold) & ~table.matches.ignored[level]
    right = counted & (table.matches.truth[level] >= 0)

    def per_class(chosen: Bools) -> Ints:
        return np.bincount(table.detections.classes[chosen], minlength=table.class_count)

    return scores_of(per_class(right), support=support(table), predicted=per_class(counted))


def support(table: DetectionTable) -> Ints:
    """(classes,) labelled objects, crowds not counted."""
    return np.bincount(table.truths.classes[~table.truths.crowd], minlength=table.class_count)


def precision_recall_curve(table: DetectionTable, class_index: int | None, *, iou: float) -> Floats:
    """(k, 3) recall, precision, threshold by falling threshold, at most `MOST_POINTS`; None joins all classes."""
    level = table.level(iou)
    chosen = ~table.matches.ignored[level]
    total = support(table)
    if class_index is not None:
        chosen = chosen & (table.detections.classes == class_index)
        total = total[class_index : class_index + 1]
    right = table.matches.truth[level][chosen] >= 0
    return curve_points(right, table.detections.scores[chosen], int(total.sum()))


def curve_points(right: Bools, scores: Floats, total: int) -> Floats:
    """(k, 3) recall, precision, threshold by falling threshold of predictions that were `right` or not, of `total`."""
    order = np.argsort(-scores, kind="stable")
    ordered, found = scores[order], np.cumsum(right[order])
    # Only where the score changes is there a threshold that takes exactly the predictions before it.
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True]) if len(ordered) else np.zeros(0, dtype=np.int64)
    if len(ends) > MOST_POINTS:
        ends = ends[np.unique(np.linspace(0, len(ends) - 1, MOST_POINTS).round().astype(np.int64))]
    return np.stack([found[ends] / max(1, total), found[ends] / (ends + 1), ordered[ends]], axis=1)


def threshold_curve(table: DetectionTable, *, iou: float, steps: int = 101) -> Floats:
    """(steps, 4) threshold, precision, recall, F1 over all classes together, for thresholds from 0 to 1."""
    level = table.level(iou)
    counted = ~table.matches.ignored[level]
    right = counted & (table.matches.truth[level] >= 0)
    scores = table.detections.scores
    return scores_at_thresholds(scores[right], scores[counted], int(support(table).sum()), steps)


def scores_at_thresholds(right: Floats, predicted: Floats, total: int, steps: int) -> Floats:
    """(steps, 4) from the scores of the right and of all predictions, of `total` labels."""
    thresholds = np.linspace(0.0, 1.0, steps)
    counts = [len(row) - np.searchsorted(np.sort(row), thresholds, side="left") for row in (right, predicted)]
    totals = scores_of(counts[0], support=np.full(steps, total), predicted=counts[1])
    return np.stack([thresholds, totals.precision, totals.recall, totals.f1], axis=1)


def best_threshold(curve: Floats) -> float:
    """The threshold of a `threshold_curve` with the highest F1; the lowest of equals."""
    return float(curve[int(curve[:, 3].argmax()), 0]) if len(curve) else 0.5
