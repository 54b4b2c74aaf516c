"""YOLO pose: rows `class cx cy w h x1 y1 v1 …`. The folders are `yolo_layout.py`'s. Knows no other format.

All rows of a data set have as many points as the class with most of them; those of other classes are filled up with
`0 0 0`, which readers take for unlabelled. An object that is a box alone has no labelled point. `flip_idx` tells which
points change places in a mirrored picture, found by the words left and right in their names. `kpt_names` names the
points of each class; `kpt_edges`, which only we read, joins them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError
from datasets_app.formats.fates import BOXES_ONLY, without
from datasets_app.formats.yolo_head import MAX_POINTS, Head
from datasets_app.formats.yolo_layout import ALWAYS_LOST, RowWriter, Yolo
from datasets_app.formats.yolo_reader import Kind, Row, check_fractions
from datasets_app.ir import AnnotationRecord, Dataset

_FATES = without(BOXES_ONLY, "skeletons")
_SIDES = {"left": "right", "right": "left", "l": "r", "r": "l"}
_SIDE = re.compile(r"(?<![a-z])(left|right|l|r)(?![a-z])", re.IGNORECASE)
_FARTHEST = 2.0
"""A point beyond this many times the picture's size is no point."""

_SMALLEST = 1.0
"""Sides, in pixels, of the box around a single point: one without any is no box to a reader."""


def _parse(row: Row, index: int) -> tuple[dict[str, Any], str, float | None]:
    count, size = row.head.point_count, row.head.point_size
    if not count:
        raise ShapeError("data.yaml has no kpt_shape, so nothing tells how many points a row has.")
    if len(row.values) != 4 + count * size:
        raise ShapeError(
            f"The row has {len(row.values) + 1} numbers; with kpt_shape [{count}, {size}] it needs {5 + count * size}."
        )
    check_fractions(row.values[:4])
    points = []
    for place in range(4, len(row.values), size):
        x, y, *mark = row.values[place : place + size]
        seen = int(mark[0]) if mark else 2 if x or y else 0
        if seen and max(abs(x), abs(y)) <= _FARTHEST:
            ((px, py),) = row.points([x, y])
            points.append([px, py, min(max(seen, 0), 2)])
        else:
            points.append([0.0, 0.0, 0])
    if not any(seen for _, _, seen in points):
        return {"type": "box", "box": row.box()}, "", None
    named = len(row.head.point_names.get(index, points))
    while len(points) > named and not points[-1][2]:
        points.pop()
    return {"type": "skeleton", "points": points}, "", None


def _fits(lengths: set[int], head: Head) -> float:
    if not head.point_count:
        return 0.0
    return 0.95 if lengths == {5 + head.point_count * head.point_size} else 0.4


class YoloPose(Yolo):
    """Skeletons, and boxes without points."""

    kind = Kind("yolo_pose", _fits, _parse)
    fates = _FATES
    lossy = ALWAYS_LOST | _FATES.keys()

    @override
    def prepare(self, dataset: Dataset, options: Mapping[str, Any]) -> Mapping[str, Any]:
        count = _count(dataset)
        if count > MAX_POINTS:
            raise FormatError(f"A class has {count} points; this format takes at most {MAX_POINTS}.")
        return {"count": count}

    @override
    def head(self, dataset: Dataset) -> dict[str, Any]:
        count = _count(dataset)
        named = {index: entry.skeleton for index, entry in enumerate(dataset.classes) if entry.skeleton.get("points")}
        longest = max((list(entry["points"]) for entry in named.values()), key=len, default=[])
        return {
            "kpt_shape": [count, 3],
            "flip_idx": _flips(longest, count),
            "kpt_names": {index: list(entry["points"]) for index, entry in named.items()},
            "kpt_edges": {index: [list(edge) for edge in entry.get("edges", ())] for index, entry in named.items()},
        }

    @override
    def rows(self, annotation: AnnotationRecord, writer: RowWriter) -> Iterable[str]:
        points = annotation.shape["points"] if annotation.shape_type == "skeleton" else []
        count = writer.options["count"]
        texts = [f"{writer.points([(x, y)])} {v}" if v else "0 0 0" for x, y, v in points[:count]]
        texts += ["0 0 0"] * (count - len(texts))
        x, y, width, height = annotation.box
        if annotation.shape_type == "skeleton":
            x, width = _widened(x, width, writer.width)
            y, height = _widened(y, height, writer.height)
        yield " ".join((writer.box((x, y, width, height)), *texts))


def _count(dataset: Dataset) -> int:
    """The points of a row; at least one, which a class without a skeleton has."""
    return max((len(entry.skeleton.get("points", ())) for entry in dataset.classes), default=1) or 1


def _widened(start: float, length: float, limit: int) -> tuple[float, float]:
    if length >= _SMALLEST:
        return start, length
    start = min(max(start + (length - _SMALLEST) / 2, 0.0), max(limit - _SMALLEST, 0.0))
    return start, min(_SMALLEST, limit)


def _flips(names: list[str], count: int) -> list[int]:
    """For each point the one that it becomes in a mirrored picture."""
    places = {name.lower(): place for place, name in enumerate(names)}
    flips = list(range(count))
    for place, name in enumerate(names):
        mirrored = _SIDE.sub(lambda side: _SIDES[side.group().lower()], name.lower().replace("_", " ")).strip()
        other = next((at for text, at in places.items() if text.replace("_", " ").strip() == mirrored), place)
        flips[place] = other
    return flips if sorted(flips) == list(range(count)) else list(range(count))


FORMAT = YoloPose()
