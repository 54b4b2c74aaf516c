"""From what a reader found to a checked record, problems into the report. Knows no format.

Sizes of pictures are believed only up to a bound: what a file claims decides how much is computed and stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite, nextafter
from pathlib import Path
from typing import Any

import orjson

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import Report
from datasets_app.formats.pictures import opener, picture_size
from datasets_app.ir import AnnotationRecord, Box, ImageRecord

MAX_SIDE = 200_000
MAX_PIXELS = 2**31
"""Run lengths of masks are counted in 32 bits."""

_INTEGER, _NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})"), re.compile(r"-?\d{1,15}\.\d{1,17}([eE][+-]?\d{1,2})?")

SPLIT_WORDS = {"train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
"""What tools call the splits, in small letters."""


def checked_annotation(
    shape: Mapping[str, Any], class_number: int, picture: ImageRecord, where: str, report: Report, **marks: Any
) -> AnnotationRecord | None:
    """The record of `shape` on `picture`; None, with the reason in the report, where it cannot be taken."""
    try:
        checked = canonical(dict(shape), picture.width, picture.height)
    except ShapeError as error:
        report.refuse(where, str(error))
        return None
    if checked.mended:
        report.fix(where, checked.mended)
    return AnnotationRecord(
        uuid="",
        class_number=class_number,
        shape_type=checked.type,
        box=checked.box,
        area=checked.area,
        shape_json=checked.json,
        source="import",
        **marks,
    )


def joined_polygons(
    parts: Sequence[AnnotationRecord], picture: ImageRecord, where: str, report: Report
) -> AnnotationRecord:
    """The first of the polygons with the outlines of the others as its further parts."""
    first = parts[0]
    if len(parts) == 1:
        return first
    shape = {"type": "polygon", "parts": [part for record in parts for part in record.shape["parts"]]}
    whole = checked_annotation(shape, first.class_number, picture, where, report)
    return first if whole is None else replace(first, box=whole.box, area=whole.area, shape_json=whole.shape_json)


def checked_size(width: Any, height: Any, path: Path | None) -> tuple[int, int] | None:
    """(width, height) as stated, else as the picture itself has it; None where neither tells a possible size."""
    stated = whole_number(width), whole_number(height)
    if stated[0] is not None and stated[1] is not None:
        size = stated[0], stated[1]
        if min(size) >= 1 and max(size) <= MAX_SIDE and size[0] * size[1] < MAX_PIXELS:
            return size
    return picture_size(path) if path is not None else None


def picture_record(number: int, name: str, size: tuple[int, int], path: Path | None, **facts: Any) -> ImageRecord:
    """A picture, without annotations unless they are among the `facts`."""
    return ImageRecord(
        number=number,
        name=name,
        width=size[0],
        height=size[1],
        suffix=(path or Path(name)).suffix.lower(),
        path=path,
        open=opener(path) if path is not None else None,
        **facts,
    )


def box_between(left: float, top: float, right: float, bottom: float) -> Box:
    """The box with these edges; its sides never reach past them by a float's last bit, which would be cut and told."""
    return left, top, _side(left, right), _side(top, bottom)


def _side(start: float, end: float) -> float:
    # A side with few decimals, the usual case, comes back as it was before the other edge was computed from it.
    if not isfinite(end - start):
        return end - start
    rounded = round(end - start, 9)
    if start + rounded == end:
        return rounded
    side = end - start
    return nextafter(side, 0.0) if start + side > end else side


def number(value: Any) -> float | None:
    """A finite number, given as such or as text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def whole_number(value: Any) -> int | None:
    """A finite number without its fraction; None for everything else."""
    found = number(value)
    return None if found is None else int(found)


def typed(text: str) -> bool | int | float | str:
    """What a text that can only be a text was before: a truth value, a number, or itself."""
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def plain_json(value: Any) -> bool:
    """Whether the value can be stored as an attribute: text, numbers, truth values and lists and objects of them."""
    try:
        orjson.dumps(value)
    except (TypeError, RecursionError):
        return False
    return True
