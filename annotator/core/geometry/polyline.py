"""Polylines: `{"type": "polyline", "points": [[x, y], ...]}`, at least two points. Knows no other shape."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Ring, Shape, ShapeError, ShapeKind, check_numbers, no_pixels
from annotator.core.geometry.rle import Rle


class PolylineKind(ShapeKind):
    """A line without width: it has a box, no area and no pixels."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        sent = _checked(shape.get("points"))
        points, mended = sent, ""
        if any(not (0 <= x <= width and 0 <= y <= height) for x, y in sent):
            points, mended = _pushed_inside(sent, width, height), "The line was cut at the picture's edge."
        if len(points) < 2:
            raise ShapeError(f"The line lies wholly outside the picture of {width} x {height} pixels.")
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        return Canonical("polyline", orjson.dumps({"type": "polyline", "points": points}).decode(), box, 0.0, mended)

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        return no_pixels(width, height)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        return []


def _checked(value: Any) -> Ring:
    if not isinstance(value, list) or not all(isinstance(point, (list, tuple)) and len(point) == 2 for point in value):
        raise ShapeError('The line needs "points": a list of at least two [x, y].')
    for point in value:
        check_numbers(point, "The line")
    # Adding 0.0 makes floats of whole numbers and 0.0 of -0.0: one text for one geometry.
    points = _without_repeats([[x + 0.0, y + 0.0] for x, y in value])
    if len(points) < 2:
        raise ShapeError(f"The line has {len(points)} distinct points; it needs at least 2.")
    return points


def _without_repeats(points: Ring) -> Ring:
    return points[:1] + [after for before, after in pairwise(points) if before != after]


def _pushed_inside(points: Ring, width: int, height: int) -> Ring:
    """The line cut where it crosses the edges; what lies outside is pushed onto them. Empty where all is outside."""
    cut = points[:1]
    for before, after in pairwise(points):
        crossings = sorted(_crossings(before, after, width, height))
        cut += [[before[0] + t * (after[0] - before[0]), before[1] + t * (after[1] - before[1])] for t in crossings]
        cut.append(after)
    if not any(_touches(before, after, width, height) for before, after in pairwise(cut)):
        return []
    inside = [[min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))] for x, y in cut]
    return _without_repeats(inside)


def _crossings(before: list[float], after: list[float], width: int, height: int) -> set[float]:
    """Where between the points, from 0 to 1, the line through the picture's edges is crossed."""
    found = set()
    for start, end, limit in ((before[0], after[0], width), (before[1], after[1], height)):
        for edge in (0.0, float(limit)):
            if (start < edge) != (end < edge) and start != end:
                found.add((edge - start) / (end - start))
    return {t for t in found if 0 < t < 1}


def _touches(before: list[float], after: list[float], width: int, height: int) -> bool:
    """Whether the stretch between two neighbouring crossings runs through the picture: its middle does."""
    x, y = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
    return 0 <= x <= width and 0 <= y <= height


KIND = PolylineKind()
