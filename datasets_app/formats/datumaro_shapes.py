"""Single annotations of Datumaro's JSON and ours, each from the other. Knows only Datumaro.

An ellipse is the box around it before it is turned. Boxes and ellipses are turned by an attribute `rotation`, clockwise
about their centre, as CVAT puts it there. Points are one flat list with a list of marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotator.core.geometry.base import ShapeError, check_box, check_numbers
from annotator.core.geometry.rle import Rle, RleError
from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.formats.checked import number
from datasets_app.formats.row_runs import mask_shape

Size = tuple[int, int]
"""(width, height) of the picture."""

ROTATION = "rotation"
_DIGITS = 9


def shape_of(entry: Mapping[str, Any], size: Size) -> dict[str, Any]:
    """The shape that the entry describes. Raises `ShapeError`."""
    kind = entry.get("type")
    if kind == "label":
        return {"type": "tag"}
    if kind == "caption":
        return {"type": "caption", "text": entry.get("caption")}
    if kind == "bbox":
        return _box(entry)
    if kind == "mask":
        return mask_shape(_runs(entry.get("rle"), size), 0, 0)
    if kind == "polygon":
        return {"type": "polygon", "parts": [{"outer": _pairs(entry), "holes": []}]}
    if kind == "polyline":
        return {"type": "polyline", "points": _pairs(entry)}
    if kind == "points":
        return {"type": "skeleton", "points": _points(entry)}
    if kind == "ellipse":
        return _ellipse(entry)
    raise ShapeError(f"The type is {kind!r:.60}, which has no counterpart here.")


def rotation_of(entry: Mapping[str, Any]) -> float:
    """Degrees by which a box or an ellipse is turned; a full turn is one that could be."""
    attributes = entry.get("attributes")
    value = attributes.get(ROTATION) if isinstance(attributes, dict) else None
    return (None if isinstance(value, str) else number(value)) or 0.0


def _box(entry: Mapping[str, Any]) -> dict[str, Any]:
    angle = rotation_of(entry)
    if not angle:
        return {"type": "box", "box": entry.get("bbox")}
    x, y, width, height = check_box(entry.get("bbox"), "The box")
    center = [round(x + width / 2, _DIGITS), round(y + height / 2, _DIGITS)]
    return {"type": "rotated_box", "center": center, "size": [width, height], "angle": angle}


def _ellipse(entry: Mapping[str, Any]) -> dict[str, Any]:
    pairs = _pairs(entry)
    if len(pairs) != 2:
        raise ShapeError(f"The ellipse has {len(pairs)} points; it needs the two corners of the box around it.")
    (left, top), (right, bottom) = pairs
    center = [round((left + right) / 2, _DIGITS), round((top + bottom) / 2, _DIGITS)]
    radii = [round((right - left) / 2, _DIGITS), round((bottom - top) / 2, _DIGITS)]
    return {"type": "ellipse", "center": center, "radii": radii, "angle": rotation_of(entry)}


def _pairs(entry: Mapping[str, Any]) -> list[list[float]]:
    flat = entry.get("points")
    if not isinstance(flat, list) or len(flat) % 2:
        raise ShapeError('The "points" must be one list of x, y, x, y, …')
    check_numbers(flat, "A point")
    return [list(pair) for pair in zip(flat[0::2], flat[1::2], strict=True)]


def _points(entry: Mapping[str, Any]) -> list[list[float]]:
    pairs = _pairs(entry)
    marks = entry.get("visibility")
    if marks is None:
        return [[*pair, 2] for pair in pairs]
    if not isinstance(marks, list) or len(marks) != len(pairs):
        raise ShapeError(f'The "visibility" must be a list of {len(pairs)} marks, one for each point.')
    return [[*pair, mark] for pair, mark in zip(pairs, marks, strict=True)]


def _runs(value: Any, size: Size) -> Rle:
    width, height = size
    counts = value.get("counts") if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("size") != [height, width]:
        raise ShapeError(f"The mask's rle must have the size of its image, [height, width]: [{height}, {width}].")
    try:
        if isinstance(counts, str):
            return Rle.from_string(counts, height, width)
        return Rle.from_counts(counts if isinstance(counts, list) else (), height, width)
    except RleError as error:
        raise ShapeError(f"The mask cannot be read. {error}") from None


def entries_of(shape: Mapping[str, Any], size: Size) -> list[dict[str, Any]]:
    """What says the shape: one entry, or one for each part of a polygon. Holes are for the caller to settle."""
    kind = shape["type"]
    if kind == "tag":
        return [{"type": "label"}]
    if kind == "caption":
        return [{"type": "caption", "caption": shape["text"]}]
    if kind in ("box", "rotated_box", "ellipse"):
        return [_boxed(shape)]
    if kind == "polygon":
        return [{"type": "polygon", "points": _flat(part["outer"])} for part in shape["parts"]]
    if kind == "mask":
        rle = shape_to_rle(shape, *size)
        return [{"type": "mask", "rle": {"counts": rle.to_string(), "size": [size[1], size[0]]}}]
    if kind == "polyline":
        return [{"type": "polyline", "points": _flat(shape["points"])}]
    marks = [point[2] for point in shape["points"]]
    return [{"type": "points", "points": _flat([point[:2] for point in shape["points"]]), "visibility": marks}]


def _boxed(shape: Mapping[str, Any]) -> dict[str, Any]:
    if shape["type"] == "box":
        return {"type": "bbox", "bbox": shape["box"]}
    x, y = shape["center"]
    if shape["type"] == "rotated_box":
        width, height = shape["size"]
        turned = {ROTATION: shape["angle"] or 360.0}
        return {"type": "bbox", "bbox": [x - width / 2, y - height / 2, width, height], "attributes": turned}
    rx, ry = shape["radii"]
    turned = {ROTATION: shape["angle"]} if shape["angle"] else {}
    return {"type": "ellipse", "points": [x - rx, y - ry, x + rx, y + ry], "attributes": turned}


def _flat(points: Sequence[Sequence[float]]) -> list[float]:
    return [value for point in points for value in point]
