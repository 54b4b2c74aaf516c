"""Single regions of the VGG Image Annotator's JSON and ours, each from the other. Knows only VIA."""

from __future__ import annotations

from collections.abc import Mapping
from math import degrees, radians
from typing import Any

from annotator.core.geometry.base import ShapeError, check_numbers
from datasets_app.formats.bridges import bridged, separated

_DIGITS = 9


def shape_of(region: Mapping[str, Any], *, has_bridges: bool) -> dict[str, Any]:
    """The shape that `shape_attributes` describe. Raises `ShapeError`."""
    kind = region.get("name")
    if kind == "rect":
        return {"type": "box", "box": _numbers(region, "x", "y", "width", "height")}
    if kind == "circle":
        x, y, radius = _numbers(region, "cx", "cy", "r")
        return {"type": "ellipse", "center": [x, y], "radii": [radius, radius], "angle": 0.0}
    if kind == "ellipse":
        x, y, rx, ry = _numbers(region, "cx", "cy", "rx", "ry")
        # Older files have no angle; it is counted in radians.
        (theta,) = _numbers(region, "theta") if region.get("theta") is not None else (0.0,)
        return {"type": "ellipse", "center": [x, y], "radii": [rx, ry], "angle": round(degrees(theta), _DIGITS)}
    if kind == "point":
        return {"type": "skeleton", "points": [[*_numbers(region, "cx", "cy"), 2]]}
    if kind == "polygon":
        ring = _points(region)
        return {"type": "polygon", "parts": separated(ring) if has_bridges else [{"outer": ring, "holes": []}]}
    if kind == "polyline":
        return {"type": "polyline", "points": _points(region)}
    raise ShapeError(f"The region's name is {kind!r:.60}, which has no counterpart here.")


def _numbers(region: Mapping[str, Any], *names: str) -> list[float]:
    values = [region.get(name) for name in names]
    check_numbers(values, f"The {region.get('name')} ({', '.join(names)})")
    return [float(value) for value in values if value is not None]


def _points(region: Mapping[str, Any]) -> list[list[float]]:
    xs, ys = region.get("all_points_x"), region.get("all_points_y")
    if not isinstance(xs, list) or not isinstance(ys, list) or len(xs) != len(ys) or not xs:
        raise ShapeError("all_points_x and all_points_y must be two lists of the same length.")
    check_numbers((*xs, *ys), "The region")
    return [[float(x), float(y)] for x, y in zip(xs, ys, strict=True)]


def regions_of(shape: Mapping[str, Any]) -> list[tuple[dict[str, Any], bool]]:
    """`shape_attributes` of each region that the shape needs, with whether its ring has bridges.

    One region, or one for each part of a polygon or point of a skeleton.
    """
    kind = shape["type"]
    if kind == "box":
        x, y, width, height = shape["box"]
        return [({"name": "rect", "x": x, "y": y, "width": width, "height": height}, False)]
    if kind == "ellipse":
        (x, y), (rx, ry) = shape["center"], shape["radii"]
        if rx == ry and not shape["angle"]:
            return [({"name": "circle", "cx": x, "cy": y, "r": rx}, False)]
        return [({"name": "ellipse", "cx": x, "cy": y, "rx": rx, "ry": ry, "theta": radians(shape["angle"])}, False)]
    if kind == "polygon":
        return [_polygon(part) for part in shape["parts"]]
    if kind == "polyline":
        return [({"name": "polyline", **_lists(shape["points"])}, False)]
    return [({"name": "point", "cx": x, "cy": y}, False) for x, y, _ in shape["points"]]


def _polygon(part: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    if part["holes"]:
        return {"name": "polygon", **_lists(bridged([dict(part)]))}, True
    return {"name": "polygon", **_lists(part["outer"])}, False


def _lists(points: list[list[float]]) -> dict[str, list[float]]:
    return {"all_points_x": [point[0] for point in points], "all_points_y": [point[1] for point in points]}
