"""Rotated boxes from four corners. Knows no format."""

from __future__ import annotations

from math import atan2, degrees, hypot
from typing import Any

from annotator.core.geometry.base import Ring, ShapeError
from annotator.core.geometry.rotated_box import rotated_box_around

_OFF = 0.01
"""How far, in pixels, the corners of a rectangle may lie from where they would be exactly."""

Point = list[float]


def rotated_box_from(corners: Ring, width: int, height: int) -> tuple[dict[str, Any], str]:
    """The rotated box with these corners, its width along the first edge; what had to be mended. Raises `ShapeError`.

    One corner that was pushed onto the edge of the picture (`width` x `height`) is put back where it belongs. Other
    corners that form no rectangle become the smallest one around them.
    """
    a, b, c, d = corners
    area = (c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])
    if area < 0:
        # Counted against the clock: the same rectangle from the same corner on, the other way round.
        b, d = d, b
    if not area or a in (b, d):
        raise ShapeError("The four corners enclose no area.")
    for quad in ([a, b, c, d], *_put_back([a, b, c, d], width, height)):
        if _is_rectangle(quad):
            return _rotated_box(quad), ""
    return rotated_box_around(corners), "The four corners form no rectangle; the smallest one around them was taken."


def _put_back(quad: list[Point], width: int, height: int) -> list[list[Point]]:
    """The quad with each corner on the picture's edge put where its three neighbours say, where that is outside."""
    found = []
    for place, (x, y) in enumerate(quad):
        if x not in (0, width) and y not in (0, height):
            continue
        before, after, opposite = quad[place - 1], quad[(place + 1) % 4], quad[(place + 2) % 4]
        corner = [before[0] + after[0] - opposite[0], before[1] + after[1] - opposite[1]]
        if not (0 <= corner[0] <= width and 0 <= corner[1] <= height):
            found.append([*quad[:place], corner, *quad[place + 1 :]])
    return found


def _is_rectangle(quad: list[Point]) -> bool:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    width, height = hypot(bx - ax, by - ay), hypot(dx - ax, dy - ay)
    leans = abs((bx - ax) * (dx - ax) + (by - ay) * (dy - ay)) / max(width, height, _OFF)
    return min(width, height) > 0 and hypot(bx + dx - ax - cx, by + dy - ay - cy) <= _OFF and leans <= _OFF


def _rotated_box(quad: list[Point]) -> dict[str, Any]:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    return {
        "type": "rotated_box",
        "center": [round((ax + cx) / 2, 4), round((ay + cy) / 2, 4)],
        "size": [round(hypot(bx - ax, by - ay), 4), round(hypot(dx - ax, dy - ay), 4)],
        "angle": round(degrees(atan2(by - ay, bx - ax)), 4),
    }
