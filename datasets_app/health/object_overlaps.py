"""Objects that cover each other: labelled twice, labelled as two classes, or one inside another of its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.health.base import FLAT, ClassFacts, Finding, ImageFacts, Limits, ObjectFacts

_ROWS = 1_000_000
"""Pairs of boxes that are compared at once."""
_MOST = 200
"""Findings of one image; where there are more, its labels are wrong as a whole."""

Boxes = npt.NDArray[np.float64]


class ObjectOverlaps:
    def look(self, image: ImageFacts, classes: Mapping[int, ClassFacts], limits: Limits) -> Iterator[Finding]:
        del classes
        # Bigger first: what a fix keeps of two is the one with more area, or else the one that was drawn first.
        items = sorted(
            (item for item in image.objects if item.type not in FLAT and not item.crowd), key=lambda item: -item.area
        )
        if len(items) < 2:
            return
        shapes = _Shapes(image)
        number = 0
        for first, second, overlap, is_inside in _pairs(items, limits["iou"]):
            found = self._judge(image, first, second, shapes, (overlap, is_inside, limits["iou"]))
            if found is not None:
                yield found
                number += 1
                if number == _MOST:
                    return

    def _judge(
        self,
        image: ImageFacts,
        first: ObjectFacts,
        second: ObjectFacts,
        shapes: _Shapes,
        measured: tuple[float, bool, float],
    ) -> Finding | None:
        overlap, is_inside, least = measured
        are_boxes = first.type == second.type == "box"
        if overlap > least:
            exact = overlap if are_boxes else shapes.iou(first, second)
            if exact > least:
                same = first.class_id == second.class_id
                code, severity = ("double", "error") if same else ("confusion", "warning")
                what = "the same class" if same else "different classes"
                detail = f"Two objects of {what} share {exact:.0%}."
                return _finding(image, (first, second), (code, severity), detail, exact)
        if is_inside and first.class_id == second.class_id and (are_boxes or shapes.is_inside(second, first)):
            detail = "An object lies fully inside another one of its class."
            return _finding(image, (first, second), ("inside", "info"), detail, overlap)
        return None


def _finding(
    image: ImageFacts, pair: tuple[ObjectFacts, ObjectFacts], rule: tuple[str, str], detail: str, value: float
) -> Finding:
    (first, second), (code, severity) = pair, rule
    one, other = sorted((first.uuid, second.uuid))
    return Finding(
        code, severity, f"{code}:{one}:{other}", detail, (image.id,), (first.uuid, second.uuid), second.class_id,
        round(value, 4),
    )  # fmt: skip


def _pairs(items: list[ObjectFacts], least: float) -> Iterator[tuple[ObjectFacts, ObjectFacts, float, bool]]:
    """Pairs whose boxes share more than `least`, or of which the second lies in the first; with the shared part."""
    boxes: Boxes = np.array([item.box for item in items], dtype=np.float64)
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    areas = boxes[:, 2] * boxes[:, 3]
    step = max(1, _ROWS // len(items))
    for start in range(0, len(items), step):
        rows = slice(start, start + step)
        left_top = np.maximum(corners[rows, None, :2], corners[None, :, :2])
        right_bottom = np.minimum(corners[rows, None, 2:], corners[None, :, 2:])
        shared = np.prod(np.clip(right_bottom - left_top, 0, None), axis=2)
        union = areas[rows, None] + areas[None, :] - shared
        overlap = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
        inside = (shared > 0) & np.all(corners[rows, None, :2] <= corners[None, :, :2], axis=2)
        inside &= np.all(corners[rows, None, 2:] >= corners[None, :, 2:], axis=2)
        wanted = (overlap > least) | inside
        wanted &= np.arange(len(items))[None, :] > np.arange(start, start + len(wanted))[:, None]
        for row, column in zip(*np.nonzero(wanted), strict=True):
            yield items[start + row], items[column], float(overlap[row, column]), bool(inside[row, column])


class _Shapes:
    """The pixels of an image's objects, made where boxes alone cannot tell."""

    def __init__(self, image: ImageFacts) -> None:
        self._image = image
        self._made: dict[str, Rle] = {}

    def iou(self, first: ObjectFacts, second: ObjectFacts) -> float:
        one, other = self._of(first), self._of(second)
        union = one.union(other).area
        return (one.area + other.area - union) / union if union else 0.0

    def is_inside(self, inner: ObjectFacts, outer: ObjectFacts) -> bool:
        pixels = self._of(inner)
        return bool(pixels.area) and pixels.subtract(self._of(outer)).area == 0

    def _of(self, item: ObjectFacts) -> Rle:
        if item.uuid not in self._made:
            self._made[item.uuid] = shape_to_rle(item.shape, self._image.width, self._image.height)
        return self._made[item.uuid]


CHECK = ObjectOverlaps()
