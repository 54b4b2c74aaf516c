"""Ellipses: `{"type": "ellipse", "center": [x, y], "radii": [rx, ry], "angle": degrees}`.

The first radius runs along the angle. Knows no other shape.
"""

from __future__ import annotations

from math import acos, atan2, ceil, cos, degrees, hypot, pi, sin, sqrt
from typing import Any

import numpy as np
import orjson
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Ring, Shape, ShapeKind
from annotator.core.geometry.oriented import check_oriented, directions, hull_box, ring_to_rle, turned
from annotator.core.geometry.rle import Rle

_CHORD_PX = 0.1
_CORNERS = (16, 360)


class EllipseKind(ShapeKind):
    """An ellipse at any angle; its area is π · rx · ry, also where it reaches beyond the picture."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        center, radii, angle = check_oriented(shape, "ellipse", "radii", width, height)
        (ax, ay), (bx, by) = directions(angle)
        half = hypot(ax * radii[0], bx * radii[1]), hypot(ay * radii[0], by * radii[1])
        value = {"type": "ellipse", "center": center, "radii": radii, "angle": angle}
        box = hull_box(center, half, width, height)
        return Canonical("ellipse", orjson.dumps(value).decode(), box, pi * radii[0] * radii[1])

    @override
    def outline(self, shape: Shape) -> Ring:
        """As many corners as keep its edges within a tenth of a pixel of the ellipse, and no more than 360."""
        (x, y), (rx, ry) = shape["center"], shape["radii"]
        (ax, ay), (bx, by) = directions(shape["angle"])
        largest = max(rx, ry)
        needed = ceil(pi / acos(1 - _CHORD_PX / largest)) if largest > _CHORD_PX else 0
        count = min(max(needed, _CORNERS[0]), _CORNERS[1])
        turns = [(rx * cos(2 * pi * n / count), ry * sin(2 * pi * n / count)) for n in range(count)]
        return [[x + a * ax + b * bx, y + a * ay + b * by] for a, b in turns]

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        return ring_to_rle(self.outline(shape), width, height)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        """The ellipse whose pixels have the same centre and the same spread in every direction."""
        if not rle.starts.size:
            return []
        left, top, _, _ = box = rle.box
        rows, columns = np.nonzero(rle.crop(box).to_mask())
        x, y = float(columns.mean()), float(rows.mean())
        # A pixel is a square, not a point: it spreads by 1/12 by itself. A filled ellipse spreads by r²/4.
        xx, yy = float(columns.var()) + 1 / 12, float(rows.var()) + 1 / 12
        xy = float(((columns - x) * (rows - y)).mean())
        middle, away = (xx + yy) / 2, hypot((xx - yy) / 2, xy)
        radii = [2 * sqrt(middle + away), 2 * sqrt(max(middle - away, 1 / 12))]
        angle = degrees(atan2(2 * xy, xx - yy)) / 2 if away > 1e-9 else 0.0
        return [
            {"type": "ellipse", "center": [left + x + 0.5, top + y + 0.5], "radii": radii, "angle": turned(angle) % 180}
        ]


KIND = EllipseKind()
