"""YOLO detect: rows `class cx cy w h`. The folders are `yolo_layout.py`'s. Knows no other format.

A sixth number is read as the confidence of a prediction.
"""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import override

from datasets_app.formats.fates import BOXES_ONLY
from datasets_app.formats.yolo_head import Head
from datasets_app.formats.yolo_layout import ALWAYS_LOST, RowWriter, Yolo
from datasets_app.formats.yolo_reader import Kind, parse_box
from datasets_app.ir import AnnotationRecord


def _fits(lengths: set[int], head: Head) -> float:
    if lengths <= {5, 6}:
        return 0.3 if head.point_count else 0.9
    return 0.2 if lengths & {5, 6} else 0.0


class YoloDetect(Yolo):
    """Boxes only."""

    kind = Kind("yolo_detect", _fits, parse_box, without_rows=0.45)
    fates = BOXES_ONLY
    lossy = ALWAYS_LOST | BOXES_ONLY.keys()

    @override
    def rows(self, annotation: AnnotationRecord, writer: RowWriter) -> Iterable[str]:
        yield writer.box(annotation.box)


FORMAT = YoloDetect()
