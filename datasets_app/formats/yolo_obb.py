"""YOLO OBB: rows `class x1 y1 x2 y2 x3 y3 x4 y4`. The folders are `yolo_layout.py`'s. Knows no other format.

Corners are written clockwise from the one left of the front; a corner beyond the picture is pushed onto its edge,
because readers drop a picture with a coordinate outside. One such corner of a box is put back when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.catalog import SHAPES
from datasets_app.formats.fates import ROTATED_ONLY
from datasets_app.formats.quads import rotated_box_from
from datasets_app.formats.yolo_head import Head
from datasets_app.formats.yolo_layout import ALWAYS_LOST, RowWriter, Yolo
from datasets_app.formats.yolo_reader import Kind, Row, check_fractions
from datasets_app.ir import AnnotationRecord


def _parse(row: Row, _index: int) -> tuple[dict[str, Any], str, float | None]:
    if len(row.values) not in (8, 9):
        raise ShapeError(f"The row has {len(row.values) + 1} numbers; it must be: class x1 y1 x2 y2 x3 y3 x4 y4.")
    check_fractions(row.values[:8])
    shape, mended = rotated_box_from(row.points(row.values[:8]), row.width, row.height)
    score = row.values[8] if len(row.values) == 9 else None
    if score is not None and not 0 <= score <= 1:
        raise ShapeError(f"The confidence is {score:g}; it must lie between 0 and 1.")
    return shape, mended, score


def _fits(lengths: set[int], head: Head) -> float:
    return 0.3 if head.point_count else 0.85 if lengths <= {9} else 0.0


class YoloObb(Yolo):
    """Rotated boxes only."""

    kind = Kind("yolo_obb", _fits, _parse)
    fates = ROTATED_ONLY
    lossy = ALWAYS_LOST | ROTATED_ONLY.keys()

    @override
    def rows(self, annotation: AnnotationRecord, writer: RowWriter) -> Iterable[str]:
        corners = SHAPES.load("rotated_box").outline(annotation.shape)
        if corners is not None:
            yield writer.points(corners)


FORMAT = YoloObb()
