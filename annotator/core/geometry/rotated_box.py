"""Rotated boxes: `{"type": "rotated_box", "center": [x, y], "size": [width, height], "angle": degrees}`.

The width runs along the angle. Knows no other shape.
"""

from __future__ import annotations

from math import atan2, degrees, hypot
from typing import Any

import orjson
import shapely
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Ring, Shape, ShapeKind
from annotator.core.geometry.contours import rings_of
from annotator.core.geometry.oriented import check_oriented, directions, hull_box, ring_to_rle, turned
from annotator.core.geometry.rle import Rle


class RotatedBoxKind(ShapeKind):
    """A rectangle at any angle; its area is width × height, also where it reaches beyond the picture."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        center, size, angle = check_oriented(shape, "rotated box", "size", width, height)
        (ax, ay), (bx, by) = directions(angle)
        half = (abs(ax) * size[0] + abs(bx) * size[1]) / 2, (abs(ay) * size[0] + abs(by) * size[1]) / 2
        value = {"type": "rotated_box", "center": center, "size": size, "angle": angle}
        box = hull_box(center, half, width, height)
        return Canonical("rotated_box", orjson.dumps(value).decode(), box, size[0] * size[1])

    @override
    def outline(self, shape: Shape) -> Ring:
        """The corners from the one left of the front, clockwise as seen."""
        (x, y), (width, height) = shape["center"], shape["size"]
        (ax, ay), (bx, by) = directions(shape["angle"])
        across, down = (width / 2, -width / 2), (height / 2, -height / 2)
        signs = ((across[1], down[1]), (across[0], down[1]), (across[0], down[0]), (across[1], down[0]))
        return [[x + a * ax + b * bx, y + a * ay + b * by] for a, b in signs]

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        return ring_to_rle(self.outline(shape), width, height)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        """The smallest rotated rectangle around all pixels, less the corners of pixels that stick out of a slant."""
        if not rle.starts.size:
            return []
        x, y, _, _ = box = rle.box
        points = [point for outer, _ in rings_of(rle.crop(box).to_mask(), (x, y), 0.0) for point in outer]
        found = rotated_box_around(points)
        (c, s), _ = directions(found["angle"])
        excess = abs(c) + abs(s) - 1
        return [{**found, "size": [side - excess for side in found["size"]]}]


def rotated_box_around(points: Ring) -> dict[str, Any]:
    """The smallest rotated rectangle around points that do not lie on one line, its longer side as the width."""
    # A line through the points has their hull and is made ten times as fast as a geometry of each.
    hull: Any = shapely.minimum_rotated_rectangle(shapely.linestrings(points))
    (ax, ay), (bx, by), (cx, cy), *_ = shapely.get_coordinates(hull).tolist()
    width, height, angle = hypot(bx - ax, by - ay), hypot(cx - bx, cy - by), degrees(atan2(by - ay, bx - ax))
    if width < height:
        width, height, angle = height, width, angle + 90
    center = [(ax + cx) / 2, (ay + cy) / 2]
    return {"type": "rotated_box", "center": center, "size": [width, height], "angle": turned(angle) % 180}


KIND = RotatedBoxKind()
