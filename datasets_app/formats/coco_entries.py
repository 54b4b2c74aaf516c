"""From one COCO annotation to records: its outline, its skeleton, its caption. Knows only COCO.

An entry that has both an outline and keypoints becomes two records of one group; the writer joins them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.core.geometry.base import Box, Canonical, ShapeError
from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.rle import Rle, RleError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import Report
from datasets_app.formats.checked import plain_json
from datasets_app.ir import AnnotationRecord

_KNOWN = frozenset(
    (
        *("id", "image_id", "category_id", "segmentation", "bbox", "area", "iscrowd", "ignore", "attributes", "score"),
        *("keypoints", "num_keypoints", "caption", "segments_info", "file_name"),
    )
)
_PLAIN = _KNOWN - {"attributes", "score"}
_OUTLINED = _PLAIN - {"keypoints", "caption"}
_HULL_PX = 1.0
"""A bbox that differs from the hull of the keypoints by no more than this says nothing that they do not."""

Outline = Canonical | None
"""The checked outline of an entry where that was found for many of them at once; None where it has to be read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The image that an entry is read for."""

    width: int
    height: int
    report: Report


def outlined_record(entry: dict[str, Any], class_number: int, outline: Outline) -> AnnotationRecord | None:
    """The record of an entry that holds a usual outline and nothing that has to be looked at; None for every other."""
    if outline is None or not entry.keys() <= _OUTLINED:
        return None
    kind, text, box, area, _ = outline
    return AnnotationRecord(
        "", class_number, kind, box, area, text, crowd=entry.get("iscrowd") in _YES, source="import"
    )


def entry_records(
    entry: dict[str, Any], class_number: int, picture: Picture, where: str, group: int, outline: Outline = None
) -> list[AnnotationRecord]:
    """The records of an entry; none, with the reason in the report, where it cannot be read."""
    caption = entry.get("caption")
    try:
        if isinstance(caption, str):
            found = [canonical({"type": "caption", "text": caption}, picture.width, picture.height)]
        else:
            found = _shapes(entry, picture, where, outline)
    except ShapeError as error:
        picture.report.refuse(where, str(error))
        return []
    for checked in found:
        if checked.mended:
            picture.report.fix(where, checked.mended)
    marks = _marks(entry)
    together = group if len(found) > 1 else None
    return [
        AnnotationRecord(
            "", class_number, checked.type, checked.box, checked.area, checked.json, group=together, **marks
        )
        for checked in found
    ]


def _marks(entry: dict[str, Any]) -> dict[str, Any]:
    attributes = entry.get("attributes")
    if attributes is None and entry.keys() <= _PLAIN:
        return {"crowd": entry.get("iscrowd") in _YES, "source": "import"}
    rest = dict(attributes) if isinstance(attributes, dict) and plain_json(attributes) else {}
    if len(entry) > len(_KNOWN & entry.keys()):
        # FiftyOne writes attributes beside the fields of COCO, video data sets a track_id or an instance_id.
        others = {key: entry[key] for key in entry.keys() - _KNOWN if isinstance(entry[key], (str, int, float, bool))}
        rest = {**dict(sorted(others.items())), **rest}
    occluded, truncated = rest.get("occluded"), rest.get("truncated")
    score = entry.get("score")
    marks = {
        "occluded": occluded is True,
        "truncated": truncated is True,
        "crowd": entry.get("iscrowd") in _YES,
        "score": float(score) if isinstance(score, (int, float)) else None,
        "source": "import",
    }
    for name in ("occluded", "truncated"):
        if isinstance(rest.get(name), bool):
            del rest[name]
    return {**marks, "attributes": rest}


_YES = (1, True, "1", "true", "True")


def _shapes(entry: dict[str, Any], picture: Picture, where: str, outline: Outline) -> list[Canonical]:
    if outline is not None and "keypoints" not in entry:
        return [outline]
    skeleton = _skeleton(entry, picture, where) if "keypoints" in entry else None
    if skeleton is not None and not _adds_outline(entry, skeleton.box):
        return [skeleton]
    try:
        checked, note = (outline, "") if outline is not None else _outline(entry, picture.width, picture.height)
    except ShapeError as error:
        if skeleton is None:
            raise
        picture.report.fix(where, f"{error} Only the keypoints were read.")
        return [skeleton]
    if note:
        picture.report.fix(where, note)
    return [checked] if skeleton is None else [checked, skeleton]


def _adds_outline(entry: dict[str, Any], hull: Box) -> bool:
    if entry.get("segmentation"):
        return True
    bbox = entry.get("bbox")
    if not isinstance(bbox, list) or len(bbox) != 4 or not all(type(value) in (int, float) for value in bbox):
        return False
    return bool(bbox[2] > 0 and bbox[3] > 0) and not is_hull((bbox[0], bbox[1], bbox[2], bbox[3]), hull)


def is_hull(box: Box, hull: Box) -> bool:
    """Whether a box says no more than the keypoints that it surrounds."""
    return all(abs(said - seen) <= _HULL_PX for said, seen in zip(box, hull, strict=True))


def _skeleton(entry: dict[str, Any], picture: Picture, where: str) -> Canonical | None:
    """The keypoints; None where no point is there, which COCO writes as zeros."""
    flat = entry["keypoints"]
    if not isinstance(flat, list) or len(flat) % 3:
        raise ShapeError("The keypoints must be a list of x, y, v for each point.")
    points = [[flat[at], flat[at + 1], _visibility(flat[at + 2])] for at in range(0, len(flat), 3)]
    if not any(point[2] for point in points):
        return None
    if any(value not in (0, 1, 2) for value in flat[2::3]):
        picture.report.fix(where, "A keypoint's v was not 0, 1 or 2; whatever is above 0 was read as visible.")
    return canonical({"type": "skeleton", "points": points}, picture.width, picture.height)


def _visibility(value: Any) -> Any:
    if value in (0, 1, 2) or type(value) not in (int, float):
        return value
    return 2 if value > 0 else 0


def _outline(entry: dict[str, Any], width: int, height: int) -> tuple[Canonical, str]:
    """The shape and what had to be mended to get it. Raises `ShapeError`."""
    segmentation = entry.get("segmentation")
    if isinstance(segmentation, dict):
        return canonical_mask(_mask(segmentation, width, height)), ""
    if isinstance(segmentation, list) and segmentation:
        shape, note = _polygon(segmentation, entry.get("bbox"), width, height)
    elif entry.get("bbox") is None:
        raise ShapeError('The annotation has neither "segmentation" nor "bbox".')
    else:
        shape, note = _box(entry), ""
    return canonical(shape, width, height, area=believed_area(entry)), note


def _box(entry: dict[str, Any]) -> dict[str, Any]:
    """A box, or a rotated one: CVAT and Datumaro write the box before it was turned and the angle as an attribute."""
    attributes = entry.get("attributes")
    angle = attributes.get("rotation") if isinstance(attributes, dict) else None
    bbox = entry["bbox"]
    is_four = isinstance(bbox, list) and len(bbox) == 4 and all(type(value) in (int, float) for value in bbox)
    if type(angle) not in (int, float) or not angle or not is_four:
        return {"type": "box", "box": bbox}
    x, y, width, height = bbox
    center = [x + width / 2, y + height / 2]
    return {"type": "rotated_box", "center": center, "size": [width, height], "angle": angle}


def believed_area(entry: dict[str, Any]) -> float | None:
    area = entry.get("area")
    return float(area) if isinstance(area, (int, float)) else None


def _mask(segmentation: Mapping[str, Any], width: int, height: int) -> Rle:
    if segmentation.get("size") != [height, width]:
        size = segmentation.get("size")
        raise ShapeError(f"The mask's size is {size!r}; it must be [height, width] of its image: [{height}, {width}].")
    counts = segmentation.get("counts")
    try:
        if isinstance(counts, str):
            return Rle.from_string(counts, height, width)
        return Rle.from_counts(counts if isinstance(counts, list) else (), height, width)
    except RleError as error:
        raise ShapeError(f"The mask cannot be read. {error}") from None


def _polygon(rings: list[Any], bbox: Any, width: int, height: int) -> tuple[dict[str, Any], str]:
    note = ""
    if not isinstance(rings[0], list):
        rings, note = [rings], "The segmentation was one flat list of numbers; it was read as one ring."
    parts, reasons = [], []
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < 6 or len(ring) % 2:
            size = len(ring) if isinstance(ring, list) else 0
            reasons.append(f"A ring has {size} numbers; it needs an even count of at least 6.")
            continue
        part = {"outer": [list(point) for point in zip(ring[0::2], ring[1::2], strict=True)], "holes": []}
        parts.append(part)
    if len(parts) > 1:
        parts = [part for part in parts if _is_usable(part, width, height, reasons)]
    if parts:
        return {"type": "polygon", "parts": parts}, " ".join(filter(None, (note, *reasons)))
    if bbox is not None:
        return {"type": "box", "box": bbox}, f"{reasons[0]} The bbox was read instead."
    raise ShapeError(reasons[0])


def _is_usable(part: dict[str, Any], width: int, height: int, reasons: list[str]) -> bool:
    try:
        canonical({"type": "polygon", "parts": [part]}, width, height)
    except ShapeError as error:
        reasons.append(f"A part was left out: {error}")
        return False
    return True
