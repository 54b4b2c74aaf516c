"""How much two shapes have in common."""

from __future__ import annotations

from typing import Any

from annotator.core.geometry.base import Shape
from annotator.core.geometry.shapes import shape_to_rle


def shape_iou(first: Shape, second: Shape, width: int, height: int) -> float | None:
    """Intersection over union of two canonical shapes of one picture; None where neither of them covers pixels.

    Exact for two boxes, by pixels for everything else.
    """
    if first["type"] == second["type"] == "box":
        return box_iou(first["box"], second["box"])
    one, two = (shape_to_rle(shape, width, height) for shape in (first, second))
    areas = one.area, two.area
    if not all(areas):
        return 0.0 if any(areas) else None
    union = one.union(two).area
    return (sum(areas) - union) / union


def box_iou(first: Any, second: Any) -> float:
    """Of two `[x, y, width, height]`."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = first, second
    wide = min(ax + aw, bx + bw) - max(ax, bx)
    high = min(ay + ah, by + bh) - max(ay, by)
    if wide <= 0 or high <= 0:
        return 0.0
    shared: float = wide * high
    union: float = aw * ah + bw * bh - shared
    return shared / union
