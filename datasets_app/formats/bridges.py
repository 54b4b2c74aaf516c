"""Parts and holes of a polygon as one ring and back: joined by bridges of no width. Knows no format.

A bridge is an edge that the ring walks twice, there and back. It encloses nothing, so that the ring covers the same
area by every rule of filling; and it can be found again, so that `separated` undoes `bridged`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.spatial import KDTree

from annotator.core.geometry.base import Ring

Part = dict[str, Any]
Point = tuple[float, float]
MAX_LOOPS = 1000
"""A ring that falls into more pieces is left as it is: each piece is compared with all others."""


def bridged(parts: list[Part]) -> Ring:
    """One ring around all parts, each hole walked against the direction of its outline."""
    ring: Ring = []
    for part in parts:
        outline: Ring = part["outer"]
        for hole in part["holes"]:
            direction = _area(part["outer"]) > 0
            outline = _spliced(outline, hole if (_area(hole) > 0) != direction else hole[::-1])
        ring = _spliced(ring, outline) if ring else outline
    return ring


def separated(ring: Ring) -> list[Part]:
    """The parts of a ring without its bridges; of a ring that has none, itself as the only part."""
    if len(set(map(tuple, ring))) == len(ring):
        # A bridge comes back to a point where the ring was before.
        return [{"outer": ring, "holes": []}]
    loops = _loops(ring)
    if len(loops) == 1 or len(loops) > MAX_LOOPS:
        return [{"outer": ring, "holes": []}]
    try:
        return _nested(loops)
    except shapely.errors.GEOSException:
        return [{"outer": ring, "holes": []}]


def _area(ring: Ring) -> float:
    points = np.asarray(ring)
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def _spliced(first: Ring, second: Ring) -> Ring:
    """`second` inserted into `first` where their points come closest."""
    distances, places = KDTree(np.asarray(first)).query(np.asarray(second))
    j = int(np.argmin(distances))
    i = int(places[j])
    return [*first[: i + 1], *second[j:], *second[: j + 1], *first[i:]]


def _loops(ring: Ring) -> list[list[Point]]:
    """The rings that are left when edges walked there and back are taken out."""
    loops: list[list[Point]] = []
    path: list[Point] = []
    edges: dict[tuple[Point, Point], int] = {}
    for x, y in [*ring, ring[0]]:
        point = (x, y)
        if path and path[-1] == point:
            continue
        place = edges.get((point, path[-1])) if path else None
        if place is None:
            if path:
                edges.setdefault((path[-1], point), len(path) - 1)
            path.append(point)
            continue
        loops.append(path[place + 1 : -1])
        for at in range(place, len(path) - 1):
            edges.pop((path[at], path[at + 1]), None)
        del path[place + 1 :]
    loops.append(path[:-1] if len(path) > 1 and path[0] == path[-1] else path)
    return [loop for loop in loops if len(set(loop)) > 2 and _area([list(point) for point in loop])]


def _nested(loops: list[list[Point]]) -> list[Part]:
    """Outlines with the holes that lie in them: a ring inside an odd number of others is a hole."""
    shapes = sorted((shapely.Polygon(loop) for loop in loops), key=lambda shape: -shape.area)
    parts: dict[int, Part] = {}
    for place, shape in enumerate(shapes):
        inside = shape.representative_point()
        around = [other for other in range(place) if shapely.contains(shapes[other], inside)]
        ring = shapely.get_coordinates(shape.exterior)[:-1].tolist()
        if len(around) % 2 and around[-1] in parts:
            parts[around[-1]]["holes"].append(ring)
        else:
            parts[place] = {"outer": ring, "holes": []}
    return list(parts.values())
