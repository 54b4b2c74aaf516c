"""Makes a shape right where that is a matter of geometry alone: untangles outlines and cuts at the picture's edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import shapely

from annotator.core.geometry.base import Canonical, ShapeError
from annotator.core.geometry.shapes import canonical


def mended(shape: Mapping[str, Any], width: int, height: int) -> Canonical | None:
    """The shape in its right form; None where nothing of it is left or its kind cannot be cut."""
    body = dict(shape)
    if "parts" in body:
        body["parts"] = [piece for part in body["parts"] for piece in _untangled(part)]
    try:
        found = canonical(body, width, height)
    except ShapeError:
        return None
    x, y, w, h = found.box
    return found if x >= 0 and y >= 0 and x + w <= width and y + h <= height else None


def _untangled(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    polygon: Any = shapely.Polygon(part["outer"], part.get("holes") or ())
    if polygon.is_valid:
        yield dict(part)
        return
    # The loops of an outline that crosses itself are what was drawn; the other way of mending would cut them away.
    whole: Any = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
    for piece in _leaves(whole):
        if piece.geom_type == "Polygon" and piece.area > 0:
            yield {"outer": _points(piece.exterior), "holes": [_points(hole) for hole in piece.interiors]}


def _leaves(geometry: Any) -> Iterator[Any]:
    if hasattr(geometry, "geoms"):
        for piece in geometry.geoms:
            yield from _leaves(piece)
    else:
        yield geometry


def _points(ring: Any) -> list[list[float]]:
    points: list[list[float]] = shapely.get_coordinates(ring)[:-1].tolist()
    return points
