"""COCO's average precision and average recall, equal to pycocotools to rounding, from matches. NumPy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from training_app.evaluation.matching import EVERY_AREA, IOU_THRESHOLDS, Matches, match_objects
from training_app.evaluation.records import (
    Floats,
    ImageDetections,
    ImageTruths,
    Ints,
    Objects,
    detection_objects,
    truth_objects,
)

RECALL_LEVELS: Floats = np.linspace(0.0, 1.0, 101)
AREAS = (EVERY_AREA, (0.0, 32.0**2), (32.0**2, 96.0**2), (96.0**2, 1e10))
"""COCO's ranges in square pixels: every size, small, medium, large."""

MOST_DETECTIONS = 100


@dataclass(frozen=True, slots=True)
class ClassPrecision:
    """One class: `ap` over all overlaps, `ap50`, `ap75` and `ar` (recall at 100 predictions); None without labels."""

    ap: float | None
    ap50: float | None
    ap75: float | None
    ar: float | None
    support: int


@dataclass(frozen=True, slots=True)
class PrecisionSummary:
    """COCO's twelve figures; None where no class has labels of that kind."""

    ap: float | None
    ap50: float | None
    ap75: float | None
    ap_small: float | None
    ap_medium: float | None
    ap_large: float | None
    ar1: float | None
    ar10: float | None
    ar100: float | None
    ar_small: float | None
    ar_medium: float | None
    ar_large: float | None
    per_class: tuple[ClassPrecision, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Accumulated:
    """`precision` (overlaps, recall levels, classes), `recall` (overlaps, classes); NaN for classes without labels."""

    precision: Floats
    recall: Floats


def average_precision(
    truths: Sequence[ImageTruths], detections: Sequence[ImageDetections], *, class_count: int
) -> PrecisionSummary:
    """The figures for records of the same images; an image may lack either record."""
    labelled, found = truth_objects(truths), detection_objects(detections)
    matches = match_objects(found, labelled, class_count=class_count, areas=AREAS)
    return precision_summary(labelled, found, matches, class_count=class_count)


def precision_summary(
    truths: Objects, detections: Objects, matches: Sequence[Matches], *, class_count: int
) -> PrecisionSummary:
    """The figures from matches over `AREAS` at COCO's overlaps."""
    # Ties in score are broken by image, then by rank: the order in which COCO joins its images.
    order = np.lexsort((matches[0].rank, detections.image, -detections.scores, detections.classes))
    members = np.split(order, np.searchsorted(detections.classes[order], np.arange(1, class_count)))
    supports = [support_within(truths, class_count, area) for area in AREAS]
    best, *sizes = (accumulate(members, match, support) for match, support in zip(matches, supports, strict=True))
    few = [recall_with(members, matches[0], supports[0], most) for most in (1, 10)]
    return PrecisionSummary(
        ap=mean_of(best.precision),
        ap50=mean_of(best.precision[overlap_index(0.5)]),
        ap75=mean_of(best.precision[overlap_index(0.75)]),
        ap_small=mean_of(sizes[0].precision),
        ap_medium=mean_of(sizes[1].precision),
        ap_large=mean_of(sizes[2].precision),
        ar1=mean_of(few[0]),
        ar10=mean_of(few[1]),
        ar100=mean_of(best.recall),
        ar_small=mean_of(sizes[0].recall),
        ar_medium=mean_of(sizes[1].recall),
        ar_large=mean_of(sizes[2].recall),
        per_class=tuple(
            ClassPrecision(
                ap=mean_of(best.precision[:, :, index]),
                ap50=mean_of(best.precision[overlap_index(0.5), :, index]),
                ap75=mean_of(best.precision[overlap_index(0.75), :, index]),
                ar=mean_of(best.recall[:, index]),
                support=int(supports[0][index]),
            )
            for index in range(class_count)
        ),
    )


def support_within(truths: Objects, class_count: int, area: tuple[float, float]) -> Ints:
    """(classes,) labelled objects of a size, crowds not counted."""
    counted = ~truths.crowd & (truths.areas >= area[0]) & (truths.areas <= area[1])
    return np.bincount(truths.classes[counted], minlength=class_count)


def accumulate(members: Sequence[Ints], matches: Matches, support: Ints) -> Accumulated:
    """Precision at COCO's recall levels; `members` are the predictions of each class by falling score."""
    levels, class_count = len(matches.thresholds), len(support)
    precision = np.full((levels, len(RECALL_LEVELS), class_count), np.nan)
    recall = np.full((levels, class_count), np.nan)
    for index in np.flatnonzero(support).tolist():
        rows = members[index][matches.rank[members[index]] < MOST_DETECTIONS]
        counted = ~matches.ignored[:, rows]
        found = matches.truth[:, rows] >= 0
        right = np.cumsum(found & counted, axis=1, dtype=np.float64)
        wrong = np.cumsum(~found & counted, axis=1, dtype=np.float64)
        recalls = right / support[index]
        # Precision at a recall is the best at that recall or beyond; beyond the last recall it is 0.
        precisions = right / (right + wrong + np.spacing(1))
        best = np.zeros((levels, len(rows) + 1))
        best[:, :-1] = np.maximum.accumulate(precisions[:, ::-1], axis=1)[:, ::-1]
        recall[:, index] = recalls[:, -1] if len(rows) else 0.0
        for level in range(levels):
            precision[level, :, index] = best[level, np.searchsorted(recalls[level], RECALL_LEVELS, side="left")]
    return Accumulated(precision=precision, recall=recall)


def recall_with(members: Sequence[Ints], matches: Matches, support: Ints, most: int) -> Floats:
    """(overlaps, classes) recall with the best `most` predictions per image and class; NaN without labels."""
    right = (matches.truth >= 0) & ~matches.ignored & (matches.rank < most)
    found = np.stack([right[:, rows].sum(axis=1) for rows in members], axis=1)
    return np.where(support > 0, found / np.maximum(support, 1), np.nan)


def overlap_index(value: float) -> int:
    """Where `value` stands among COCO's overlaps."""
    return int(np.argmin(np.abs(IOU_THRESHOLDS - value)))


def mean_of(values: Floats) -> float | None:
    """The mean without NaN, or None where nothing is left."""
    kept = values[~np.isnan(values)]
    return float(kept.mean()) if kept.size else None
