"""Outlines of pixel masks along the edges of their pixels. Knows nothing of shapes or files."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
import shapely

Ring = list[list[float]]
Part = tuple[Ring, list[Ring]]
Points = npt.NDArray[np.float64]


def rings_of(mask: npt.NDArray[np.bool_], offset: tuple[int, int], tolerance: float) -> Iterator[Part]:
    """(outline, holes) of each part of `mask`, in picture coordinates: pixel (0, 0) of the mask lies at `offset`.

    With tolerance 0 the rings run along pixel edges and rasterise to exactly the same pixels; otherwise they are
    simplified so that no point strays further than `tolerance` pixels. Parts that vanish at that tolerance are left out
    unless it is all of them.
    """
    parts = [(outer, holes) for outer, holes in _traced(mask)]
    simple = [part for part in (_simplified(outer, holes, tolerance) for outer, holes in parts) if part is not None]
    for outer, holes in simple if tolerance > 0 and simple else parts:
        yield (outer + offset).tolist(), [(hole + offset).tolist() for hole in holes]


def _traced(mask: npt.NDArray[np.bool_]) -> Iterator[tuple[Points, list[Points]]]:
    # OpenCV joins centres of border pixels, half a pixel inside the edge. Traced on a grid of twice the size, every
    # centre lies a quarter pixel from one edge; the parity of its coordinate says which, and it is moved onto it.
    doubled = cv2.resize(mask.view(np.uint8), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
    contours, hierarchy = cv2.findContours(doubled, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return
    rings = [_without_needless_points((contour[:, 0, :].astype(np.int64) + 1) // 2) for contour in contours]
    for index, (_, _, child, parent) in enumerate(hierarchy[0]):
        if parent >= 0:
            continue
        holes = []
        while child >= 0:
            holes.append(rings[child])
            child = hierarchy[0][child][0]
        yield rings[index], holes


def _without_needless_points(points: npt.NDArray[np.int64]) -> Points:
    """The ring without repeated points and without points in the middle of a straight edge."""
    points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    reverses = (before * after).sum(axis=1) < 0
    corners: Points = points[turns | reverses].astype(np.float64)
    return corners


def _simplified(outer: Points, holes: list[Points], tolerance: float) -> tuple[Points, list[Points]] | None:
    if tolerance <= 0:
        return None
    outline = _simplified_ring(outer, tolerance)
    if outline is None:
        return None
    return outline, [ring for ring in (_simplified_ring(hole, tolerance) for hole in holes) if ring is not None]


def _simplified_ring(ring: Points, tolerance: float) -> Points | None:
    simple = shapely.simplify(shapely.LinearRing(ring), tolerance, preserve_topology=False)
    points: Points = shapely.get_coordinates(simple)[:-1]
    return points if len(points) >= 3 and shapely.Polygon(points).area > 0 else None
