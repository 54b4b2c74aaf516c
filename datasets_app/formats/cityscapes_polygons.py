"""Cityscapes' polygons: a ring for each object, those behind listed first. Knows only `…_polygons.json`.

A group of objects that are not told apart has the label's name with "group" behind it. Holes and further parts are
joined to the ring by bridges of no width (`bridges.py`), which are taken out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from datasets_app.formats.base import Report
from datasets_app.formats.bridges import bridged, separated
from datasets_app.formats.checked import checked_annotation, checked_size, number
from datasets_app.formats.cityscapes_labels import Label
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import OUTLINES_ONLY
from datasets_app.formats.features import AS_POLYGON
from datasets_app.formats.json_walk import RECODED, Unreadable, parse_recoded
from datasets_app.ir import AnnotationRecord, ImageRecord

POLYGONS = "_polygons.json"
_GROUP = "group"
_FATES = {**OUTLINES_ONLY, **dict.fromkeys(("boxes", "rotated_boxes", "masks", "ellipses"), AS_POLYGON)}
_IGNORED = frozenset(("unlabeled", "ego vehicle", "rectification border", "out of roi", "license plate"))
_MAX_BYTES = 64 << 20


def write_polygons(path: Path, image: ImageRecord, labels: Mapping[int, Label]) -> None:
    """The outlines of the objects of an image, the last one on top."""
    objects = []
    for record in sorted(image.annotations, key=lambda record: record.z_order):
        outline = fitted(record, image, _FATES)
        if outline is not None and outline.shape_type == "polygon":
            label = labels[record.class_number]
            name = label.name + _GROUP if record.crowd and label.has_instances else label.name
            objects.append({"label": name, "polygon": bridged(outline.shape["parts"])})
    content = {"imgHeight": image.height, "imgWidth": image.width, "objects": objects}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(content))


def load_polygons(path: Path, where: str, report: Report) -> tuple[tuple[int, int], list[Any]] | None:
    """Size of the picture and its objects; None, with the reason in the report, where the file is none of these."""
    try:
        text = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else b""
    except OSError as error:
        report.refuse(where, f"The file cannot be read: {error.strerror}.")
        return None
    content, is_recoded = parse_recoded(text)
    if isinstance(content, Unreadable):
        report.refuse(where, content.detail)
        return None
    known = content if isinstance(content, dict) else {}
    size, objects = checked_size(known.get("imgWidth"), known.get("imgHeight"), None), known.get("objects")
    if size is None or not isinstance(objects, list):
        report.refuse(where, "The file needs imgWidth, imgHeight and a list of objects.")
        return None
    if is_recoded:
        report.fix(where, RECODED)
    return size, objects


def read_polygons(
    objects: list[Any], image: ImageRecord, known: Mapping[str, tuple[int, Label]], where: str, report: Report
) -> Iterator[AnnotationRecord]:
    """The records of the objects, those on top with a higher `z_order`."""
    for place, entry in enumerate(objects, 1):
        here = f"{where}: object {place}"
        name, points = (entry.get("label"), entry.get("polygon")) if isinstance(entry, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(points, list):
            report.refuse(here, 'An object needs a "label" and a "polygon".')
            continue
        if name in _IGNORED or entry.get("deleted"):
            continue
        is_group = name not in known and name.endswith(_GROUP)
        label = known.get(name.removesuffix(_GROUP) if is_group else name)
        ring = [_point(point) for point in points]
        if label is None or None in ring:
            reason = f"{name} is no label." if label is None else "A point of a polygon must be two finite numbers."
            report.refuse(here, reason)
            continue
        shape = {"type": "polygon", "parts": separated([point for point in ring if point is not None])}
        record = checked_annotation(shape, label[0], image, here, report, crowd=is_group, z_order=place - 1)
        if record is not None:
            yield record


def _point(value: Any) -> list[float] | None:
    found = [number(side) for side in value] if isinstance(value, list) and len(value) == 2 else []
    known = [side for side in found if side is not None]
    return known if len(known) == 2 else None
