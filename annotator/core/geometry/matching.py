"""Which objects of two people are the same: pairs with the largest sum of overlap. Knows no Django, files or people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from annotator.core.geometry.overlap import box_iou, shape_iou

Thing = Mapping[str, Any]
"""`{"class", "shape", "box"}` of one object; `shape` is canonical, `box` its [x, y, width, height]."""

OF_THE_WHOLE = frozenset({"tag", "caption"})
"""Kinds that have no place in the picture: two of one kind and class are the same."""


def matches(
    first: Sequence[Thing], second: Sequence[Thing], width: int, height: int, least: float
) -> list[tuple[int, int, float]]:
    """Pairs (index in `first`, index in `second`, IoU) with IoU >= `least`; every object in one pair at most.

    Classes count for tags and captions alone, so that a wrong class is found as such.
    """
    if not first or not second:
        return []
    overlap = np.zeros((len(first), len(second)))
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            overlap[row, column] = overlap_of(one, other, width, height)
    # What is under the threshold must not win over a pair that counts.
    overlap[overlap < least] = 0.0
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return [
        (int(row), int(column), float(overlap[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if overlap[row, column] > 0
    ]


def overlap_of(one: Thing, other: Thing, width: int, height: int) -> float:
    """IoU by pixels, or of the boxes for what covers no pixels (lines, points); 1 for equal tags."""
    kinds = {one["shape"]["type"], other["shape"]["type"]}
    if kinds & OF_THE_WHOLE:
        return float(len(kinds) == 1 and one["class"] == other["class"])
    if box_iou(one["box"], other["box"]) == 0.0:
        return 0.0
    exact = shape_iou(one["shape"], other["shape"], width, height)
    return box_iou(one["box"], other["box"]) if exact is None else exact
