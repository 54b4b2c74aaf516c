"""Polygons: `{"type": "polygon", "parts": [{"outer": [[x, y], ...], "holes": [[[x, y], ...], ...]}, ...]}`.

One object of one or more parts, each an outline with any number of holes. Rings have at least three distinct points and
do not repeat the first one at the end. Knows no other shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from math import isfinite
from operator import mul
from typing import Any, cast

import orjson
import shapely
from pycocotools import mask as coco_mask
from typing_extensions import override

from annotator.core.geometry.base import (
    CLAMP_PX,
    NUMBER_TYPES,
    Box,
    Canonical,
    Ring,
    Shape,
    ShapeError,
    ShapeKind,
    check_numbers,
)
from annotator.core.geometry.contours import rings_of
from annotator.core.geometry.rle import Rle

FlatRing = list[float]
"""[x, y, x, y, ...], as COCO writes rings."""

Part = dict[str, Any]
Bounds = tuple[float, float, float, float]

_PAIR = {2}


class PolygonKind(ShapeKind):
    """An outline of one or more parts, with holes; its area is COCO's raster area."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        parts = _checked_parts(shape.get("parts"))
        flat = [_flat(part["outer"]) for part in parts]
        x0, y0, x1, y1 = _bounds(flat)
        mended = ""
        if x0 < 0 or y0 < 0 or x1 > width or y1 > height:
            parts = _cut(parts, (x0, y0, x1, y1), width, height)
            flat = [_flat(part["outer"]) for part in parts]
            x0, y0, x1, y1 = _bounds(flat)
            area, mended = None, "The polygon was cut at the picture's edge."
        box: Box = (x0, y0, x1 - x0, y1 - y0)
        text = orjson.dumps({"type": "polygon", "parts": parts}).decode()
        if area is None or len(flat) > 1 or parts[0]["holes"] or not _may_be_area(area, flat[0], box):
            area = _raster_area(parts, flat, width, height)
        return Canonical("polygon", text, box, area, mended)

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        first, *others = (_part_to_rle(part, width, height) for part in shape["parts"])
        return first.union(*others) if others else first

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        if not rle.starts.size:
            return []
        x, y, _, _ = box = rle.box
        crop = rle.crop(box).to_mask()
        parts = [{"outer": outer, "holes": holes} for outer, holes in rings_of(crop, (x, y), tolerance)]
        return [{"type": "polygon", "parts": parts}]


def _checked_parts(value: Any) -> list[Part]:
    if not isinstance(value, list) or not value:
        raise ShapeError('The polygon needs "parts": a list of at least one {"outer": [[x, y], ...], "holes": []}.')
    return [_checked_part(part, f"Part {number}") for number, part in enumerate(value, 1)]


def _checked_part(part: Any, what: str) -> Part:
    if not isinstance(part, dict):
        raise ShapeError(f'{what} of the polygon must be {{"outer": [[x, y], ...], "holes": []}}.')
    holes = part.get("holes") or []
    if not isinstance(holes, list):
        raise ShapeError(f"{what} of the polygon: holes must be a list of rings.")
    return {
        "outer": _checked_ring(part.get("outer"), f"{what} of the polygon, outer ring,"),
        "holes": [_checked_ring(hole, f"{what} of the polygon, hole {n},") for n, hole in enumerate(holes, 1)],
    }


def _checked_ring(ring: Any, what: str) -> Ring:
    if not isinstance(ring, list) or not set(map(type, ring)) <= {list, tuple} or set(map(len, ring)) != _PAIR:
        raise ShapeError(f"{what} must be a list of [x, y] points.")
    flat = list(chain.from_iterable(ring))
    # One pass in C over types and one over values; the slow check runs only to name the culprit.
    types = set(map(type, flat))
    if not types <= NUMBER_TYPES or not isfinite(sum(flat)):
        check_numbers(flat, what)
    if int in types or 0 in flat:
        # Adding 0.0 makes floats of whole numbers and 0.0 of -0.0: one text for one geometry.
        ring = [[x + 0.0, y + 0.0] for x, y in ring]
    points: Ring = ring if ring[0] != ring[-1] else _open_ring(ring)
    if not _encloses(points):
        distinct = len(set(map(tuple, points)))
        if distinct < 3:
            raise ShapeError(f"{what} has {distinct} distinct points; a ring needs at least 3.")
        raise ShapeError(f"{what} has all its points on one line; a ring must enclose an area.")
    return points


def _open_ring(ring: Ring) -> Ring:
    """The ring without a repeated first point at its end."""
    end = len(ring)
    while end > 1 and ring[end - 1] == ring[0]:
        end -= 1
    return ring[:end]


def _encloses(ring: Sequence[Sequence[float]]) -> bool:
    """Whether three of the points do not lie on one line."""
    x0, y0 = ring[0]
    dx = dy = 0.0
    for x, y in ring:
        if not dx and not dy:
            dx, dy = x - x0, y - y0
        elif (x - x0) * dy != (y - y0) * dx:
            return True
    return False


def _bounds(rings: Sequence[FlatRing]) -> Bounds:
    """(left, top, right, bottom) of all rings."""
    flat = rings[0] if len(rings) == 1 else list(chain.from_iterable(rings))
    xs, ys = flat[0::2], flat[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def _may_be_area(area: float, ring: FlatRing, box: Box) -> bool:
    """Whether a stated area can be the count of pixels inside the ring: whole, and close to the exact area."""
    if area % 1:
        return False
    xs, ys = ring[0::2], ring[1::2]
    exact = abs(sum(map(mul, xs, ys[1:] + ys[:1])) - sum(map(mul, xs[1:] + xs[:1], ys))) / 2
    return bool(abs(area - exact) <= 1 + (box[2] + box[3]) / 2)


def _cut(parts: list[Part], bounds: Bounds, width: int, height: int) -> list[Part]:
    x0, y0, x1, y1 = bounds
    if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
        raise ShapeError(f"The polygon lies wholly outside the picture of {width} x {height} pixels.")
    if max(-x0, -y0, x1 - width, y1 - height) <= CLAMP_PX:
        inside = [part for part in (_clamped(part, width, height) for part in parts) if part]
    else:
        inside = [piece for part in parts for piece in _intersected(part, width, height)]
    if not inside:
        raise ShapeError(f"The polygon lies wholly outside the picture of {width} x {height} pixels.")
    return inside


def _clamped(part: Part, width: int, height: int) -> Part | None:
    """The part with every point pushed into the picture; None where nothing is left of it."""

    def clamp(ring: Ring) -> Ring:
        inside = [[min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height))] for x, y in ring]
        return _open_ring([point for place, point in enumerate(inside) if not place or point != inside[place - 1]])

    outer, *holes = (clamp(ring) for ring in (part["outer"], *part["holes"]))
    if not _encloses(outer):
        return None
    return {"outer": outer, "holes": [hole for hole in holes if _encloses(hole)]}


def _intersected(part: Part, width: int, height: int) -> list[Part]:
    """The parts that are left of a part inside the picture."""
    polygon: Any = shapely.Polygon(part["outer"], part["holes"])
    try:
        if not polygon.is_valid:
            polygon = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
        inside: Any = polygon.intersection(shapely.box(0, 0, width, height))
    except shapely.errors.GEOSException:
        # Outlines that differ by less than a float can tell are beyond GEOS; pushing their points always works.
        pieces = [part]
    else:
        polygons = [piece for piece in _leaves(inside) if piece.geom_type == "Polygon" and not piece.is_empty]
        pieces = [{"outer": _points(p.exterior), "holes": [_points(hole) for hole in p.interiors]} for p in polygons]
    # An intersection may still miss the edge by the last bit of a float.
    return [clamped for clamped in (_clamped(piece, width, height) for piece in pieces) if clamped]


def _leaves(geometry: Any) -> Iterator[Any]:
    if hasattr(geometry, "geoms"):
        for piece in geometry.geoms:
            yield from _leaves(piece)
    else:
        yield geometry


def _points(ring: shapely.LinearRing) -> Ring:
    points: Ring = (shapely.get_coordinates(ring)[:-1] + 0.0).tolist()
    return points


def _raster_area(parts: Sequence[Part], flat: list[FlatRing], width: int, height: int) -> float:
    """COCO's count of pixels. 15 us for an outline of 23 points and 130 px across; the cost is its length in pixels."""
    if any(part["holes"] for part in parts):
        return float(KIND.to_rle({"parts": parts}, width, height).area)
    packed: Any = coco_mask.frPyObjects(cast("Any", flat), height, width)
    return float(coco_mask.area(packed[0] if len(flat) == 1 else coco_mask.merge(packed)))


def _part_to_rle(part: Part, width: int, height: int) -> Rle:
    outer, *holes = (_ring_to_rle(ring, width, height) for ring in (part["outer"], *part["holes"]))
    return outer.subtract(*holes) if holes else outer


def _ring_to_rle(ring: Ring, width: int, height: int) -> Rle:
    packed: Any = coco_mask.frPyObjects(cast("Any", [_flat(ring)]), height, width)
    return Rle.from_string(packed[0]["counts"].decode("ascii"), height, width)


def _flat(ring: Ring) -> FlatRing:
    return list(chain.from_iterable(ring))


KIND = PolygonKind()
