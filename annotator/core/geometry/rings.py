"""Many simple outlines at once: what `polygon.py` answers for each alone, as array operations over all of them.

A data set brings millions of outlines as [x, y, x, y, ...]; counting the pixels of each by itself is most of the time
that reading it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

from annotator.core.geometry.base import NUMBER_TYPES, Canonical

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

_SCALE = 5
"""COCO walks along an outline in fifths of a pixel."""

_HEAD, _TAIL = '{"type":"polygon","parts":[{"outer":', ',"holes":[]}]}'


def canonical_rings(
    rings: Sequence[Any], sizes: Sequence[tuple[int, int]], areas: Sequence[float | None]
) -> list[Canonical | None]:
    """What `canonical` answers for a polygon of each one ring; None where anything about it is out of the ordinary.

    `sizes` are (width, height) of the picture of each, `areas` what the sender believes, as `ShapeKind.canonical` says.
    """
    answers: list[Canonical | None] = [None] * len(rings)
    places = [place for place, ring in enumerate(rings) if type(ring) is list and len(ring) >= 6 and not len(ring) % 2]
    if not set(map(type, chain.from_iterable(rings[place] for place in places))) <= NUMBER_TYPES:
        places = [place for place in places if set(map(type, rings[place])) <= NUMBER_TYPES]
    if not places:
        return answers
    chosen = [rings[place] for place in places]
    try:
        # Adding 0.0 makes 0.0 of -0.0: one text for one geometry.
        points = np.fromiter(chain.from_iterable(chosen), np.float64).reshape(-1, 2) + 0.0
    except OverflowError:
        return answers
    found = _Rings(points, np.fromiter(map(len, chosen), np.int64) // 2)
    size = np.array([sizes[place] for place in places], dtype=np.int64)
    usual = found.usual(size).tolist()
    counted = found.areas(np.array([areas[place] for place in places], dtype=np.float64), size)
    boxes = np.column_stack((found.low, found.high - found.low)).tolist()
    starts, ends = found.starts.tolist(), found.ends.tolist()
    for place, is_usual, (x, y, width, height), area, start, end in zip(
        places, usual, boxes, counted.tolist(), starts, ends, strict=True
    ):
        if is_usual:
            text = orjson.dumps(points[start:end], option=orjson.OPT_SERIALIZE_NUMPY).decode()
            answers[place] = Canonical("polygon", f"{_HEAD}{text}{_TAIL}", (x, y, width, height), area)
    return answers


class _Rings:
    """Rings one behind the other: `points` (n, 2) and how many of them each ring has."""

    def __init__(self, points: Floats, counts: Integers) -> None:
        self.points = points
        self.counts = counts
        self.ends = np.cumsum(counts)
        self.starts = self.ends - counts
        self.low = np.minimum.reduceat(points, self.starts)
        self.high = np.maximum.reduceat(points, self.starts)

    def usual(self, sizes: Integers) -> Marks:
        """Which rings lie inside their picture, are open, and enclose something by their second or a later point."""
        # A number that is not finite passes no comparison.
        inside = ((self.low >= 0) & (self.high <= sizes)).all(axis=1)
        first = self.points[self.starts]
        is_open = (first != self.points[self.ends - 1]).any(axis=1)
        with np.errstate(invalid="ignore", over="ignore"):
            steps = self.points - np.repeat(first, self.counts, axis=0)
            along = np.repeat(steps[self.starts + 1], self.counts, axis=0)
            turns = steps[:, 0] * along[:, 1] != steps[:, 1] * along[:, 0]
        encloses: Marks = np.logical_or.reduceat(turns, self.starts)
        usual: Marks = inside & is_open & encloses
        return usual

    def areas(self, believed: Floats, sizes: Integers) -> Floats:
        """The believed area (NaN: none) where it can be the count of pixels, COCO's count of pixels elsewhere."""
        counted = believed.copy()
        inside = ((self.low >= 0) & (self.high <= sizes)).all(axis=1)
        with np.errstate(invalid="ignore", over="ignore"):
            after = self.points[self._next()]
            twice = self.points[:, 0] * after[:, 1] - after[:, 0] * self.points[:, 1]
            exact = np.abs(np.add.reduceat(twice, self.starts)) / 2
            slack = 1 + (self.high - self.low).sum(axis=1) / 2
            unlikely = ~((believed % 1 == 0) & (np.abs(believed - exact) <= slack)) & inside
        if unlikely.any():
            kept = np.repeat(unlikely, self.counts)
            counted[unlikely] = raster_areas(self.points[kept], self.counts[unlikely], sizes[unlikely, 1])
        return counted

    def _next(self) -> Integers:
        """The place of the point that follows each point in its ring."""
        places = np.arange(1, len(self.points) + 1)
        places[self.ends - 1] = self.starts
        return places


def raster_areas(points: Floats, counts: Integers, heights: Integers) -> Floats:
    """COCO's count of pixels of rings that lie one behind the other in `points` (n, 2), inside their pictures.

    The numbers of `rleFrPoly` of pycocotools (x86), whose cost is the length of an outline in fifths of a pixel; here
    only the places where the outline crosses the middle of a column are computed.
    """
    ends = np.cumsum(counts)
    after = np.arange(1, len(points) + 1)
    after[ends - 1] = ends - counts
    x0, y0 = np.ascontiguousarray((_SCALE * points + 0.5).astype(np.int64).T)
    x1, y1 = x0[after], y0[after]
    is_steep = np.abs(x1 - x0) < np.abs(y1 - y0)
    # Each edge is walked from left to right, a steep one from top to bottom.
    flip = np.where(is_steep, y0 > y1, x0 > x1)
    x0, x1 = np.where(flip, x1, x0), np.where(flip, x0, x1)
    y0, y1 = np.where(flip, y1, y0), np.where(flip, y0, y1)
    first = (np.minimum(x0, x1) + 2) // _SCALE
    crossed = (np.maximum(x0, x1) + 2) // _SCALE - first
    bases, room = _numbered(first, crossed, counts, heights)
    height = np.repeat(heights, counts)
    # Numbers of 32 bits, which is room enough for all but the largest pictures, are sorted in half the time.
    keys: npt.NDArray[np.int32 | np.int64] = np.empty(int(crossed.sum()), np.int32 if room < 2**31 else np.int64)
    filled = 0
    for crossing, chosen in ((_on_steep, is_steep), (_on_flat, ~is_steep)):
        of = np.flatnonzero(chosen & (crossed > 0))
        times = crossed[of]
        filled, start = filled + int(times.sum()), filled
        ahead = np.arange(filled - start) - np.repeat(np.cumsum(times) - times, times)
        fine = crossing(_Edges(_SCALE * first[of] + 2, x0[of], y0[of], x1[of], y1[of]), times, ahead)
        keys[start:filled] = np.repeat(bases[of], times) + ahead * np.repeat(height[of], times) + (fine + 2) // _SCALE
    keys.sort()
    # An outline crosses a column an even number of times: each pair bounds a run of pixels inside it.
    runs = np.append(0, np.cumsum(np.subtract(keys[1::2], keys[::2]), dtype=np.int64))
    last = np.cumsum(np.add.reduceat(crossed, ends - counts)) // 2
    areas: Floats = np.diff(runs[last], prepend=0).astype(np.float64)
    return areas


def _numbered(first: Integers, crossed: Integers, counts: Integers, heights: Integers) -> tuple[Integers, int]:
    """Numbers for the pixels of all columns that each ring may cross, ring by ring and column by column: that of the
    topmost pixel in the first column of each edge, and how many there are.
    """
    starts = np.cumsum(counts) - counts
    left: Integers = np.minimum.reduceat(first, starts)
    pixels: Integers = (np.maximum.reduceat(first + crossed, starts) - left + 1) * heights
    before: Integers = np.cumsum(pixels) - pixels
    bases: Integers = np.repeat(before - left * heights, counts) + first * np.repeat(heights, counts)
    return bases, int(pixels.sum())


class _Edges(NamedTuple):
    """Edges from (`x0`, `y0`) to (`x1`, `y1`) in fifths of a pixel; `column` is the first that each crosses of the fine
    columns in the middle of columns of pixels.
    """

    column: Integers
    x0: Integers
    y0: Integers
    x1: Integers
    y1: Integers


def _on_flat(edges: _Edges, times: Integers, ahead: Integers) -> Integers:
    """The lower of the heights at which an edge enters and leaves a fine column.

    Each edge is taken `times` times; `ahead` says how many columns of pixels behind its first one that is.
    """
    column, x0, y0, x1, y1 = edges
    slope = (y1 - y0) / (x1 - x0)
    step = np.repeat(column - x0 + (slope < 0), times) + _SCALE * ahead
    heights: Integers = (np.repeat(y0, times) + np.repeat(slope, times) * step + 0.5).astype(np.int64)
    return heights


def _on_steep(edges: _Edges, times: Integers, ahead: Integers) -> Integers:
    """The height before the step at which an edge goes over from one fine column to the next; the rest as above."""
    column, x0, y0, x1, y1 = edges
    slope = np.repeat((x1 - x0) / (y1 - y0), times)
    side = np.repeat(np.where(x1 > x0, 1, -1), times)
    rises = side > 0
    start, columns = np.repeat(x0, times), np.repeat(column, times) + _SCALE * ahead
    past = (2 * (columns - start) * side + side) * np.repeat(y1 - y0, times)
    # Exact: neither number reaches 2**53, and no quotient of them that is not whole rounds to a whole number.
    reached = past / np.repeat(2 * np.abs(x1 - x0), times)
    step = np.where(rises, np.ceil(reached), np.floor(reached) + 1)

    def is_over(step: Floats) -> Marks:
        over: Marks = (start + slope * step + 0.5 >= columns + 1) == rises
        return over

    # What is exact above may be off by one step in the rounded numbers that COCO decides by.
    step -= is_over(step - 1)
    step += ~is_over(step)
    heights: Integers = (np.repeat(y0, times) + step).astype(np.int64) - 1
    return heights
