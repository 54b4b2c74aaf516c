"""Single regions of Label Studio's JSON and ours, each from the other. Knows only Label Studio.

Lengths are percent of the picture's sides. A rectangle's x and y are its top left corner before it is turned,
clockwise, about that very corner; an ellipse turns about its centre. What is computed back is rounded to a billionth of
a pixel, which gives back what was computed from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from math import cos, radians, sin
from typing import Any

from annotator.core.geometry.base import ShapeError, check_numbers
from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.formats.checked import box_between
from datasets_app.formats.label_studio_brush import decode_brush, encode_brush
from datasets_app.formats.row_runs import mask_shape

Size = tuple[int, int]

POINT_SIZE = 0.5
"""The size in percent at which Label Studio draws a key point."""

_DIGITS = 9


def is_region(value: Mapping[str, Any]) -> bool:
    """Whether the value of a result has a geometry."""
    return "x" in value or "points" in value or "rle" in value or "vertices" in value


def shape_of(value: Mapping[str, Any], size: Size) -> dict[str, Any]:
    """The shape of a region on a picture of that size. Raises `ShapeError`."""
    if "rle" in value:
        return mask_shape(decode_brush(_list(value["rle"], "rle"), *size), 0, 0)
    if "points" in value:
        return _outline(_pixels(_list(value["points"], "points"), size), is_closed=value.get("closed") is not False)
    if "vertices" in value:
        vertices = _list(value["vertices"], "vertices")
        pairs = [[point.get("x"), point.get("y")] if isinstance(point, dict) else point for point in vertices]
        return _outline(_pixels(pairs, size), is_closed=value.get("closed") is True)
    x, y = _numbers(value, size, "x", "y")
    if "radiusX" in value:
        rx, ry = _numbers(value, size, "radiusX", "radiusY")
        center = [_rounded(x), _rounded(y)]
        return {"type": "ellipse", "center": center, "radii": [_rounded(rx), _rounded(ry)], "angle": _angle(value)}
    if "height" in value:
        return _rectangle(x, y, *_numbers(value, size, "width", "height"), _angle(value))
    return {"type": "skeleton", "points": [[_rounded(x), _rounded(y), 2]]}


def _rectangle(x: float, y: float, width: float, height: float, angle: float) -> dict[str, Any]:
    if not angle:
        corners = (_rounded(x), _rounded(y), _rounded(x + width), _rounded(y + height))
        return {"type": "box", "box": list(box_between(*corners))}
    c, s = cos(radians(angle)), sin(radians(angle))
    center = [_rounded(x + (c * width - s * height) / 2), _rounded(y + (s * width + c * height) / 2)]
    return {"type": "rotated_box", "center": center, "size": [_rounded(width), _rounded(height)], "angle": angle}


def _outline(points: list[list[float]], *, is_closed: bool) -> dict[str, Any]:
    if is_closed:
        return {"type": "polygon", "parts": [{"outer": points, "holes": []}]}
    return {"type": "polyline", "points": points}


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ShapeError(f'The region\'s "{name}" must be a list.')
    return value


def _numbers(value: Mapping[str, Any], size: Size, *names: str) -> tuple[float, float]:
    """Two lengths in percent as pixels, the first along the picture's width."""
    check_numbers([value.get(name) for name in names], "The region")
    first, second = (value[name] for name in names)
    return first * size[0] / 100, second * size[1] / 100


def _pixels(points: list[Any], size: Size) -> list[list[float]]:
    if not all(isinstance(point, list) and len(point) == 2 for point in points):
        raise ShapeError("The region's points must be a list of [x, y].")
    check_numbers(chain.from_iterable(points), "The region")
    width, height = size
    return [[round(x * width / 100, _DIGITS), round(y * height / 100, _DIGITS)] for x, y in points]


def _angle(value: Mapping[str, Any]) -> float:
    angle = value.get("rotation") or 0
    check_numbers((angle,), "The region's rotation")
    return float(angle)


def _rounded(number: float) -> float:
    return round(number, _DIGITS)


def values_of(shape: Mapping[str, Any], size: Size) -> list[tuple[str, dict[str, Any]]]:
    """(kind, value) of each region that the shape needs: one, or one for each part of a polygon or point of a skeleton.

    The kinds are those that the names of the controls begin with: rectangle, polygon, ellipse, keypoint, brush.
    """
    width, height = size
    kind = shape["type"]
    if kind == "box":
        x, y, w, h = shape["box"]
        return [("rectangle", {**_percent(x, y, size), **_percent(w, h, size, "width", "height"), "rotation": 0})]
    if kind == "rotated_box":
        (x, y), (w, h), angle = shape["center"], shape["size"], shape["angle"]
        c, s = cos(radians(angle)), sin(radians(angle))
        corner = _percent(x - (c * w - s * h) / 2, y - (s * w + c * h) / 2, size)
        # A full turn says that an upright box is one that can be turned.
        return [("rectangle", {**corner, **_percent(w, h, size, "width", "height"), "rotation": angle or 360.0})]
    if kind == "ellipse":
        (x, y), (rx, ry) = shape["center"], shape["radii"]
        lengths = {**_percent(x, y, size), **_percent(rx, ry, size, "radiusX", "radiusY")}
        return [("ellipse", {**lengths, "rotation": shape["angle"]})]
    if kind == "mask":
        return [("brush", {"format": "rle", "rle": encode_brush(shape_to_rle(shape, width, height))})]
    if kind == "polyline":
        return [("polygon", {"points": _points(shape["points"], size), "closed": False})]
    if kind == "polygon":
        return [("polygon", {"points": _points(part["outer"], size), "closed": True}) for part in shape["parts"]]
    return [("keypoint", {**_percent(x, y, size), "width": POINT_SIZE}) for x, y, _ in shape["points"]]


def _percent(first: float, second: float, size: Size, one: str = "x", two: str = "y") -> dict[str, float]:
    return {one: first * 100 / size[0], two: second * 100 / size[1]}


def _points(points: list[list[float]], size: Size) -> list[list[float]]:
    return [[x * 100 / size[0], y * 100 / size[1]] for x, y in points]
