"""What shapes with a centre, two sizes and an angle have in common. Knows no single one of them.

Angles are degrees, clockwise as seen (y points down), from the x axis to the first size. A shape may reach beyond the
picture, because cutting it would turn it into something else; its centre may not.
"""

from __future__ import annotations

from math import cos, fmod, radians, sin
from typing import Any

import orjson

from annotator.core.geometry.base import Box, Ring, Shape, ShapeError, check_numbers, no_pixels
from annotator.core.geometry.polygon import KIND as POLYGON
from annotator.core.geometry.rle import Rle

Pair = tuple[float, float]
Oriented = tuple[Pair, Pair, float]
"""Centre, sizes, angle."""


def check_oriented(shape: Shape, name: str, sizes: str, width: int, height: int) -> Oriented:
    """Centre, sizes and angle of a `name`, the sizes read from the field `sizes`. Raises `ShapeError`."""
    x, y = _pair(shape.get("center"), f"The {name}'s center")
    first, second = _pair(shape.get(sizes), f"The {name}'s {sizes}")
    if first <= 0 or second <= 0:
        raise ShapeError(f"The {name}'s {sizes} is {first:g} and {second:g}; both must be greater than 0.")
    angle = shape.get("angle", 0.0)
    check_numbers((angle,), f"The {name}'s angle")
    if not (0 <= x <= width and 0 <= y <= height):
        raise ShapeError(
            f"The {name}'s center ({x:g}, {y:g}) lies outside the picture of {width} x {height} pixels; "
            "it must lie inside."
        )
    return (x, y), (first, second), turned(angle)


def turned(angle: float) -> float:
    """The same direction from 0 to below 360: one text for one geometry."""
    rest = fmod(angle, 360.0)
    rest = rest + 360.0 if rest < 0 else rest
    # A tiny negative rest becomes 360 when it is added; adding 0.0 makes 0.0 of -0.0.
    return 0.0 if rest >= 360.0 else rest + 0.0


def directions(angle: float) -> tuple[Pair, Pair]:
    """Unit vectors along the first and the second size; exact where the sides are upright."""
    if angle % 90 == 0:
        quarter = int(angle // 90) % 4
        c, s = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[quarter]
    else:
        c, s = cos(radians(angle)), sin(radians(angle))
    return (c, s), (-s, c)


def hull_box(center: Pair, half: Pair, width: int, height: int) -> Box:
    """The upright box that reaches `half` to each side of the centre, cut at the picture's edge."""
    x0, y0 = max(center[0] - half[0], 0.0), max(center[1] - half[1], 0.0)
    x1, y1 = min(center[0] + half[0], float(width)), min(center[1] + half[1], float(height))
    return x0, y0, x1 - x0, y1 - y0


def ring_to_rle(ring: Ring, width: int, height: int) -> Rle:
    """The pixels inside the ring, as COCO fills polygons; none where nothing of it lies in the picture."""
    try:
        # Cutting first keeps the cost to the picture's size, however far the ring reaches.
        inside = POLYGON.canonical({"parts": [{"outer": ring, "holes": []}]}, width, height)
    except ShapeError:
        return no_pixels(width, height)
    return POLYGON.to_rle(orjson.loads(inside.json), width, height)


def _pair(value: Any, what: str) -> Pair:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ShapeError(f"{what} must be two numbers.")
    check_numbers(value, what)
    # Adding 0.0 makes floats of whole numbers and 0.0 of -0.0: one text for one geometry.
    return value[0] + 0.0, value[1] + 0.0
