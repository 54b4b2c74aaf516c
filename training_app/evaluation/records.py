"""What evaluation compares: labelled boxes and predicted boxes, one record of plain arrays per image. NumPy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def no_flags() -> Bools:
    return np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class ImageTruths:
    """The labelled objects of one image: `boxes` (m, 4) x, y, width, height; `classes` (m,) counted from 0.

    In a `crowd` (m,) nothing is counted as wrong. `areas` (m,) default to width x height; masks give their own.
    """

    image: int
    boxes: Floats
    classes: Ints
    crowd: Bools = field(default_factory=no_flags)
    areas: Floats | None = None


@dataclass(frozen=True, slots=True)
class ImageDetections:
    """The predicted objects of one image: `boxes` (n, 4) x, y, width, height; `classes` (n,); `scores` (n,) 0 … 1."""

    image: int
    boxes: Floats
    classes: Ints
    scores: Floats


@dataclass(frozen=True, slots=True)
class Objects:
    """All objects of a data set side by side, ordered by image; `position` is the row within its image's record."""

    image: Ints
    position: Ints
    boxes: Floats
    classes: Ints
    scores: Floats
    crowd: Bools
    areas: Floats

    def __len__(self) -> int:
        return len(self.image)


def stacked(parts: Sequence[npt.ArrayLike], dtype: type, width: int = 0) -> npt.NDArray[Any]:
    """Arrays end to end, as (n,) or (n, width)."""
    shape = (0, width) if width else (0,)
    whole = [part for part in map(np.asarray, parts) if part.size]
    return np.concatenate(whole).astype(dtype, copy=False) if whole else np.zeros(shape, dtype=dtype)


def positions_within(counts: Ints) -> Ints:
    """0, 1, 2 … for each of the runs with these lengths."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def truth_objects(truths: Sequence[ImageTruths]) -> Objects:
    """The labelled objects of all images; their score is 1."""
    counts = np.array([len(row.classes) for row in truths], dtype=np.int64)
    return Objects(
        image=np.repeat(np.array([row.image for row in truths], dtype=np.int64), counts),
        position=positions_within(counts),
        boxes=stacked([row.boxes for row in truths], np.float64, 4),
        classes=stacked([row.classes for row in truths], np.int64),
        scores=np.ones(counts.sum()),
        crowd=stacked([row.crowd if len(row.crowd) else np.zeros(len(row.classes), bool) for row in truths], np.bool_),
        areas=stacked([box_areas(row.boxes) if row.areas is None else row.areas for row in truths], np.float64),
    )


def detection_objects(detections: Sequence[ImageDetections]) -> Objects:
    """The predicted objects of all images; their area is that of the box."""
    counts = np.array([len(row.classes) for row in detections], dtype=np.int64)
    boxes = stacked([row.boxes for row in detections], np.float64, 4)
    return Objects(
        image=np.repeat(np.array([row.image for row in detections], dtype=np.int64), counts),
        position=positions_within(counts),
        boxes=boxes,
        classes=stacked([row.classes for row in detections], np.int64),
        scores=stacked([row.scores for row in detections], np.float64),
        crowd=np.zeros(len(boxes), dtype=np.bool_),
        areas=box_areas(boxes),
    )


def box_areas(boxes: Floats) -> Floats:
    """(n,) width x height of boxes (n, 4)."""
    areas: Floats = boxes[:, 2] * boxes[:, 3]
    return areas
