"""Accuracy, precision, recall and F1 of whole-image classes, from probabilities. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training_app.evaluation.confusion import ClassScores, class_scores
from training_app.evaluation.records import Floats, Ints


@dataclass(frozen=True, slots=True)
class ClassificationScores:
    """`confusion` (classes + 1, classes + 1): row truth, column prediction; the last column holds what was undecided.

    `accuracy` and the macro means count undecided pictures as wrong; classes without pictures are not in the means.
    """

    accuracy: float
    balanced_accuracy: float
    macro_precision: float
    macro_recall: float
    macro_f1: float
    top_k: dict[int, float]
    per_class: ClassScores
    confusion: Ints


def classification_scores(truth: Ints, probabilities: Floats, *, threshold: float = 0.0) -> ClassificationScores:
    """Scores of `probabilities` (n, classes) against `truth` (n,); below `threshold` a picture is left undecided."""
    matrix = classification_confusion(truth, probabilities, threshold=threshold)
    scores = class_scores(matrix)
    present = scores.support > 0
    total = max(1, len(truth))
    return ClassificationScores(
        accuracy=float(np.trace(matrix) / total),
        balanced_accuracy=mean(scores.recall[present]),
        macro_precision=mean(scores.precision[present]),
        macro_recall=mean(scores.recall[present]),
        macro_f1=mean(scores.f1[present]),
        top_k={k: top_k_accuracy(truth, probabilities, k) for k in (1, 3, 5) if k < probabilities.shape[1]},
        per_class=scores,
        confusion=matrix,
    )


def classification_confusion(truth: Ints, probabilities: Floats, *, threshold: float = 0.0) -> Ints:
    """(classes + 1, classes + 1) counts; ties go to the class that comes first."""
    count = probabilities.shape[1]
    matrix = np.zeros((count + 1, count + 1), dtype=np.int64)
    np.add.at(matrix, (truth, predicted_classes(probabilities, threshold=threshold)), 1)
    return matrix


def predicted_classes(probabilities: Floats, *, threshold: float = 0.0) -> Ints:
    """(n,) the likeliest class, or the number of classes where it is less likely than `threshold`."""
    if not len(probabilities):
        return np.zeros(0, dtype=np.int64)
    best: Ints = probabilities.argmax(axis=1)
    best[probabilities.max(axis=1) < threshold] = probabilities.shape[1]
    return best


def top_k_accuracy(truth: Ints, probabilities: Floats, k: int) -> float:
    """Share of pictures whose class is among the `k` likeliest."""
    if not len(truth):
        return 0.0
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return float((order == truth[:, None]).any(axis=1).mean())


def mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
