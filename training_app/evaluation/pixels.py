"""How well predicted label maps agree with labelled ones: IoU, Dice and accuracy of pixels, F1 of boundaries.

Maps are (height, width) uint8: 0 is the background, `n + 1` the class with the index `n`, 255 counts for nothing.
Boundaries are compared as in Csurka et al., What is a good evaluation measure for semantic segmentation?, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from training_app.evaluation.average_precision import mean_of
from training_app.evaluation.records import Floats, Ints

LabelMap = npt.NDArray[np.uint8]
IGNORED = 255
BOUNDARY_SHARE = 0.0075
"""Of the picture's diagonal: how far apart two boundaries may lie to be the same."""


@dataclass(frozen=True, slots=True)
class PixelScores:
    """Per class of the project (classes,); NaN where one is neither labelled nor predicted, which means leave out."""

    iou: Floats
    dice: Floats
    precision: Floats
    recall: Floats
    support: Ints
    accuracy: float

    @property
    def mean_iou(self) -> float | None:
        return mean_of(self.iou)

    @property
    def mean_dice(self) -> float | None:
        return mean_of(self.dice)


def pixel_confusion(truth: LabelMap, found: LabelMap, *, class_count: int) -> Ints:
    """(classes + 1, classes + 1) pixels: row truth, column prediction, the background first."""
    size = class_count + 1
    counted = truth != IGNORED
    cells = truth[counted].astype(np.int64) * size + found[counted]
    return np.bincount(cells, minlength=size * size).reshape(size, size)


def pixel_scores(confusion: Ints) -> PixelScores:
    """Of a matrix that `pixel_confusion` made; the background is in the accuracy and in nothing else."""
    right = np.diag(confusion)[1:].astype(np.float64)
    labelled, predicted = confusion.sum(axis=1)[1:], confusion.sum(axis=0)[1:]
    return PixelScores(
        iou=_share(right, labelled + predicted - right),
        dice=_share(2.0 * right, labelled + predicted),
        precision=_share(right, predicted),
        recall=_share(right, labelled),
        support=labelled,
        accuracy=float(np.trace(confusion) / max(1, confusion.sum())),
    )


def boundary_counts(truth: LabelMap, found: LabelMap, *, class_count: int) -> Ints:
    """(classes, 4) pixels of boundaries: predicted, near a labelled one, labelled, near a predicted one."""
    reach = max(1.0, BOUNDARY_SHARE * float(np.hypot(*truth.shape)))
    counted = truth != IGNORED
    counts = np.zeros((class_count, 4), dtype=np.int64)
    for value in np.union1d(np.unique(truth), np.unique(found)):
        if value in (0, IGNORED):
            continue
        labelled, predicted = _boundary(truth == value) & counted, _boundary(found == value) & counted
        counts[value - 1] = (*_near(predicted, labelled, reach), *_near(labelled, predicted, reach))
    return counts


def boundary_f1(counts: Ints) -> Floats:
    """(classes,) of summed `boundary_counts`; NaN for a class without boundaries."""
    precision, recall = _share(counts[:, 1], counts[:, 0]), _share(counts[:, 3], counts[:, 2])
    nothing = np.isnan(precision) & np.isnan(recall)
    precision, recall = np.nan_to_num(precision), np.nan_to_num(recall)
    return np.where(nothing, np.nan, _share(2 * precision * recall, precision + recall, without=0.0))


def _boundary(inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The pixels of a region that touch what is not of it; the picture's edge is no boundary."""
    edge: npt.NDArray[np.bool_] = inside & ~ndimage.binary_erosion(inside, border_value=1)
    return edge


def _near(these: npt.NDArray[np.bool_], those: npt.NDArray[np.bool_], reach: float) -> tuple[int, int]:
    """How many pixels there are, and how many of them lie within `reach` of the others."""
    count = int(these.sum())
    if not count or not those.any():
        return count, 0
    return count, int((ndimage.distance_transform_edt(~those)[these] <= reach).sum())


def _share(part: npt.ArrayLike, whole: npt.ArrayLike, *, without: float = np.nan) -> Floats:
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    share: Floats = np.divide(part, whole, out=np.full(part.shape, without), where=whole > 0)
    return share
