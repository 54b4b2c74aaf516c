"""Rotated boxes and ellipses after a warp. Knows no operation."""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sqrt
from typing import Any

import numpy as np

from annotator.core.geometry.oriented import directions, turned
from annotator.core.geometry.rotated_box import KIND as ROTATED_BOX
from annotator.core.geometry.rotated_box import rotated_box_around
from datasets_app.recipes.warp import Matrix, Warp, move_points

_UPRIGHT = 1e-9


def moved_rotated_box(shape: dict[str, Any], warp: Warp) -> dict[str, Any]:
    """The same rectangle after the warp; where it is none any more, the smallest one around it."""
    ring = ROTATED_BOX.outline(shape)
    corners = move_points(warp.matrix, ring)
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = hypot(*along), hypot(*down)
    is_rectangle = warp.is_affine and abs(float(along @ down)) <= _UPRIGHT * width * height
    if is_rectangle:
        center = corners.mean(axis=0)
        angle = _angle(along)
        return {"type": "rotated_box", "center": center.tolist(), "size": [width, height], "angle": angle}
    around = rotated_box_around(corners.tolist())
    return _facing(around, "size", along)


def moved_ellipse(shape: dict[str, Any], warp: Warp) -> dict[str, Any]:
    """The ellipse as a conic after the warp: exact, also in perspective."""
    (x, y), (rx, ry) = shape["center"], shape["radii"]
    (ax, ay), (bx, by) = directions(shape["angle"])
    unit: Matrix = np.array([[ax * rx, bx * ry, x], [ay * rx, by * ry, y], [0, 0, 1]], dtype=np.float64)
    whole = warp.matrix @ unit
    if warp.is_affine:
        axes, center = whole[:2, :2], whole[:2, 2]
        spread = axes @ axes.T
    else:
        inverse = np.linalg.inv(whole)
        conic = inverse.T @ np.diag([1.0, 1.0, -1.0]) @ inverse
        quadratic, linear = conic[:2, :2], conic[:2, 2]
        center = -np.linalg.solve(quadratic, linear)
        level = -(conic[2, 2] + float(linear @ center))
        spread = np.linalg.inv(quadratic / level)
    values, vectors = np.linalg.eigh(spread)
    radii = [sqrt(max(float(values[1]), 1e-18)), sqrt(max(float(values[0]), 1e-18))]
    found = {
        "type": "ellipse",
        "center": center.tolist(),
        "radii": radii,
        "angle": _angle(vectors[:, 1]),
    }
    first = move_points(warp.matrix, [(x, y), (x + ax * rx, y + ay * rx)])
    direction = first[1] - first[0]
    if radii[0] - radii[1] < _UPRIGHT * radii[0]:
        return {**found, "angle": _angle(direction)}  # every diameter of a circle is an axis
    return _facing(found, "radii", direction)


def _facing(shape: dict[str, Any], sizes: str, direction: Any) -> dict[str, Any]:
    """The same shape, its first size on the axis nearest to where the first size went."""
    wanted = atan2(float(direction[1]), float(direction[0]))
    turns = [shape["angle"] + 90.0 * quarter for quarter in range(4)]
    quarter = max(range(4), key=lambda n: round(cos(radians(turns[n]) - wanted), 9))
    first, second = shape[sizes]
    return {
        **shape,
        sizes: [second, first] if quarter % 2 else [first, second],
        "angle": turned(turns[quarter]),
    }


def _angle(vector: Any) -> float:
    """Degrees of a direction; whole quarters without the last bit's error."""
    angle = degrees(atan2(float(vector[1]), float(vector[0])))
    nearest = round(angle / 90) * 90.0
    return turned(nearest if abs(angle - nearest) < 1e-9 else angle)
