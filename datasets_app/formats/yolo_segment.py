"""YOLO segment: rows `class x1 y1 x2 y2 …`, one ring each. The folders are `yolo_layout.py`'s. Knows no other format.

Readers take all rows for outlines as soon as one has more than six numbers, so boxes are written as their four corners.
A ring has neither holes nor parts: both are joined to it by bridges of no width (`bridges.py`), which our reader takes
out again. With the option `parts: "split"` each part is a row, and an object of its own for whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import mask_to_shapes, shape_to_mask
from datasets_app.formats.bridges import bridged, separated
from datasets_app.formats.fates import OUTLINES_ONLY, without
from datasets_app.formats.features import AS_POLYGON, BRIDGED
from datasets_app.formats.options import PARTS, TOLERANCE, chosen
from datasets_app.formats.yolo_head import Head
from datasets_app.formats.yolo_layout import ALWAYS_LOST, RowWriter, Yolo
from datasets_app.formats.yolo_reader import Kind, Row, check_fractions, parse_box
from datasets_app.ir import AnnotationRecord, Dataset

_FATES = {
    **OUTLINES_ONLY,
    **dict.fromkeys(("boxes", "rotated_boxes", "masks", "ellipses"), AS_POLYGON),
    **dict.fromkeys(("multi_part", "holes"), BRIDGED),
}


def _parse(row: Row, index: int) -> tuple[dict[str, Any], str, float | None]:
    if len(row.values) in (4, 5):
        shape, _, score = parse_box(row, index)
        return shape, "A row of a box among outlines was read as the box that it is.", score
    if len(row.values) < 6:
        raise ShapeError(f"The row has {len(row.values) + 1} numbers; it must be: class x1 y1 x2 y2 x3 y3 …")
    score = row.values[-1] if len(row.values) % 2 else None
    values = row.values[:-1] if len(row.values) % 2 else row.values
    check_fractions(values)
    if score is not None and not 0 <= score <= 1:
        raise ShapeError(f"The row has {len(row.values)} coordinates; they must come in pairs.")
    return {"type": "polygon", "parts": separated(row.points(values))}, "", score


def _fits(lengths: set[int], head: Head) -> float:
    if head.point_count or max(lengths) < 7:
        return 0.2
    if lengths <= {9}:
        return 0.8
    return 0.93 if all(length % 2 or length == 6 for length in lengths) else 0.6


class YoloSegment(Yolo):
    """Outlines only."""

    kind = Kind("yolo_segment", _fits, _parse)
    fates = without(_FATES, "masks", "multi_part", "holes")
    lossy = ALWAYS_LOST | _FATES.keys()

    @override
    def prepare(self, dataset: Dataset, options: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"parts": chosen(PARTS, options), "tolerance": chosen(TOLERANCE, options)}

    @override
    def rows(self, annotation: AnnotationRecord, writer: RowWriter) -> Iterable[str]:
        shape = annotation.shape
        if annotation.shape_type == "mask":
            shape = _traced(shape, writer)
        if writer.options["parts"] == "split":
            for part in shape["parts"]:
                yield writer.points(bridged([part]))
        else:
            yield writer.points(bridged(shape["parts"]))


def _traced(shape: Mapping[str, Any], writer: RowWriter) -> dict[str, Any]:
    """The outline of a mask, as close to its pixels as the option says."""
    x, y, width, height = map(int, shape["box"])
    crop = {**shape, "box": [0, 0, width, height]}
    (found,) = mask_to_shapes(shape_to_mask(crop, width, height), "polygon", writer.options["tolerance"])
    for part in found["parts"]:
        for ring in (part["outer"], *part["holes"]):
            ring[:] = [[px + x, py + y] for px, py in ring]
    return found


FORMAT = YoloSegment()
