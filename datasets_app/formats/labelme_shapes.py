"""Single shapes of LabelMe's JSON and ours, each from the other. Knows only LabelMe.

A `circle` is its centre and a point on its edge, an `oriented_rectangle` (X-AnyLabeling: `rotation`) its four corners,
a `mask` a PNG of its crop as base64 and the crop's first and last pixel. `points` have our field `visibility` where not
all of a skeleton's points are plainly there: a mark for each of its points, absent ones (0) not among the `points`.
"""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from math import atan2, degrees, hypot
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from annotator.core.geometry.base import ShapeError, check_numbers
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.rotated_box import KIND as ROTATED_BOX
from datasets_app.formats.checked import box_between
from datasets_app.formats.row_runs import mask_shape
from datasets_app.ir import ImageRecord

Points = list[list[float]]

_COUNTS = {"rectangle": (2, 4), "circle": (2,), "line": (2,), "point": (1,), "mask": (2,)}
_ORIENTED = ("oriented_rectangle", "rotation")
_SQUARE_PX = 0.5
"""How far the corners of a rotated box may be from a rectangle's."""


def shape_of(entry: Mapping[str, Any], picture: ImageRecord) -> dict[str, Any]:
    """The shape that the entry describes. Raises `ShapeError`."""
    kind = entry.get("shape_type") or "polygon"
    points = _points(entry.get("points"))
    counts = (4,) if kind in _ORIENTED else _COUNTS.get(kind) if isinstance(kind, str) else None
    if counts is not None and len(points) not in counts:
        raise ShapeError(f"The {kind} has {len(points)} points; it needs {counts[0]}.")
    if kind == "polygon":
        return {"type": "polygon", "parts": [{"outer": points, "holes": []}]}
    if kind == "rectangle":
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return {"type": "box", "box": list(box_between(min(xs), min(ys), max(xs), max(ys)))}
    if kind == "circle":
        (x, y), (edge_x, edge_y) = points
        radius = round(hypot(edge_x - x, edge_y - y), 9)
        return {"type": "ellipse", "center": [x, y], "radii": [radius, radius], "angle": 0.0}
    if kind in ("line", "linestrip"):
        return {"type": "polyline", "points": points}
    if kind in ("point", "points"):
        return {"type": "skeleton", "points": _with_marks(points, entry.get("visibility"))}
    if kind in _ORIENTED:
        return _rotated_box(points)
    if kind == "mask":
        return _mask(points, entry.get("mask"), picture)
    raise ShapeError(f"The shape_type is {kind!r:.60}, which has no counterpart here.")


def _points(value: Any) -> Points:
    if not isinstance(value, list) or not all(isinstance(point, list) and len(point) == 2 for point in value):
        raise ShapeError('The "points" must be a list of [x, y].')
    for point in value:
        check_numbers(point, "A point")
    return [[float(x), float(y)] for x, y in value]


def _with_marks(points: Points, marks: Any) -> list[list[float]]:
    if marks is None:
        return [[*point, 2] for point in points]
    if not isinstance(marks, list) or sum(mark in (1, 2) for mark in marks) != len(points):
        raise ShapeError("The visibility must hold 1 or 2 for each of the points, and 0 for those that are absent.")
    there = iter(points)
    return [[*next(there), mark] if mark in (1, 2) else [0.0, 0.0, 0] for mark in marks]


def _rotated_box(corners: Points) -> dict[str, Any]:
    """Rounded to a billionth: what was computed from a centre, two sides and an angle gives these back."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    if hypot(ax + cx - bx - dx, ay + cy - by - dy) > 2 * _SQUARE_PX:
        raise ShapeError("The four corners are not those of a rectangle, in their order around it.")
    width, height = hypot(bx - ax, by - ay), hypot(cx - bx, cy - by)
    if abs(hypot(cx - ax, cy - ay) - hypot(dx - bx, dy - by)) > 2 * _SQUARE_PX:
        raise ShapeError("The four corners are not those of a rectangle, in their order around it.")
    center = [round((ax + bx + cx + dx) / 4, 9), round((ay + by + cy + dy) / 4, 9)]
    angle = round(degrees(atan2(by - ay, bx - ax)), 9)
    return {"type": "rotated_box", "center": center, "size": [round(width, 9), round(height, 9)], "angle": angle}


def _mask(points: Points, text: Any, picture: ImageRecord) -> dict[str, Any]:
    if not isinstance(text, str):
        raise ShapeError('The mask needs "mask": a PNG of its crop as base64.')
    left, top = (round(min(values)) for values in zip(*points, strict=True))
    try:
        data = base64.b64decode(text, validate=True)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            size = image.size
            is_small = size[0] <= picture.width + 1 and size[1] <= picture.height + 1
            pixels = _set_pixels(image) if is_small else None
    except (OSError, SyntaxError, EOFError, ValueError, struct.error, zlib.error, Image.DecompressionBombError):
        raise ShapeError("The mask is no PNG of its crop as base64.") from None
    if pixels is None:
        raise ShapeError(f"The mask of {size[0]} x {size[1]} pixels is larger than its picture.")
    return mask_shape(Rle.from_mask(pixels), left, top)


def _set_pixels(image: Image.Image) -> npt.NDArray[np.bool_]:
    grey = image if image.mode in ("1", "L") else image.convert("L")
    pixels: npt.NDArray[np.bool_] = np.asarray(grey) != 0
    return pixels


def entries_of(shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What says the shape in LabelMe: one entry, or one for each part of a polygon. Holes are for the caller."""
    kind = shape["type"]
    if kind == "box":
        x, y, width, height = shape["box"]
        return [_entry("rectangle", [[x, y], [x + width, y + height]])]
    if kind == "rotated_box":
        return [_entry("oriented_rectangle", ROTATED_BOX.outline(shape))]
    if kind == "polygon":
        return [_entry("polygon", part["outer"]) for part in shape["parts"]]
    if kind == "mask":
        return [_mask_entry(shape)]
    if kind == "ellipse":
        (x, y), (radius, _) = shape["center"], shape["radii"]
        return [_entry("circle", [[x, y], [x + radius, y]])]
    if kind == "polyline":
        return [_entry("line" if len(shape["points"]) == 2 else "linestrip", shape["points"])]
    there = [[x, y] for x, y, v in shape["points"] if v]
    entry = _entry("point" if len(there) == 1 else "points", there)
    marks = [v for _, _, v in shape["points"]]
    return [entry if set(marks) == {2} else {**entry, "visibility": marks}]


def _entry(kind: str, points: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {"shape_type": kind, "points": points}


def _mask_entry(shape: Mapping[str, Any]) -> dict[str, Any]:
    x, y, width, height = shape["box"]
    pixels = Rle.from_string(shape["counts"], height, width).to_mask()
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8) * 255).save(file, "PNG")
    # LabelMe names the last pixel, not the edge behind it.
    corners = [[float(x), float(y)], [float(x + width - 1), float(y + height - 1)]]
    return {**_entry("mask", corners), "mask": base64.b64encode(file.getvalue()).decode("ascii")}
