"""Skeletons: `{"type": "skeleton", "points": [[x, y, v], ...]}` in the order of the class's points.

`v` is 0 where a point is absent (x and y are 0 then), 1 where it is occluded, 2 where it is visible. A single point is
a skeleton of one point. Knows no other shape.
"""

from __future__ import annotations

from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Shape, ShapeError, ShapeKind, check_numbers, no_pixels
from annotator.core.geometry.rle import Rle

MAX_POINTS = 1000
_MARKS = (0, 1, 2)
Point = tuple[float, float, int]


class SkeletonKind(ShapeKind):
    """Points with marks; its box is the hull of those that are there, it has no area and no pixels."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        sent = _checked(shape.get("points"))
        there = [(x, y) for x, y, v in sent if v]
        if not there:
            raise ShapeError("The skeleton has no point with v 1 or 2; at least one must be there.")
        mended = ""
        if any(not (0 <= x <= width and 0 <= y <= height) for x, y in there):
            if not any(0 <= x <= width and 0 <= y <= height for x, y in there):
                raise ShapeError(f"All points of the skeleton lie outside the picture of {width} x {height} pixels.")
            sent = [(min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height)), v) for x, y, v in sent]
            there = [(x, y) for x, y, v in sent if v]
            mended = "Points of the skeleton were pushed onto the picture's edge."
        xs, ys = [x for x, _ in there], [y for _, y in there]
        box = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        return Canonical("skeleton", orjson.dumps({"type": "skeleton", "points": sent}).decode(), box, 0.0, mended)

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        return no_pixels(width, height)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        return []


def _checked(value: Any) -> list[Point]:
    if not isinstance(value, list) or not all(isinstance(point, (list, tuple)) and len(point) == 3 for point in value):
        raise ShapeError('The skeleton needs "points": a list of [x, y, v].')
    if len(value) > MAX_POINTS:
        raise ShapeError(f"The skeleton has {len(value)} points; it may have at most {MAX_POINTS}.")
    points = []
    for x, y, v in value:
        check_numbers((x, y, v), "The skeleton")
        if v not in _MARKS:
            raise ShapeError(f"The skeleton holds a point with v {v!r}; v must be 0, 1 or 2.")
        # Adding 0.0 makes floats of whole numbers and 0.0 of -0.0: one text for one geometry.
        points.append((x + 0.0, y + 0.0, int(v)) if v else (0.0, 0.0, 0))
    return points


KIND = SkeletonKind()
