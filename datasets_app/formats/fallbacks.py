"""What becomes of a shape that a format cannot hold, carried out. Knows no format.

A format names its fates once, as its catalog line does (`{"ellipses": AS_POLYGON, "tags": LEFT_OUT}`), and writes what
`fitted` answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from annotator.core.geometry.base import Canonical, ShapeError
from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.rotated_box import rotated_box_around
from annotator.core.geometry.shapes import canonical, shape_to_polygon, shape_to_rle
from datasets_app.formats.features import AS_BOX, AS_MASK, AS_POLYGON, AS_ROTATED_BOX, SHAPE_FEATURES, has_holes
from datasets_app.ir import AnnotationRecord, ImageRecord


def fitted(annotation: AnnotationRecord, image: ImageRecord, fates: Mapping[str, str]) -> AnnotationRecord | None:
    """The annotation as a format with these fates holds it; None where it is left out."""
    kind = annotation.shape_type
    fate = fates.get(SHAPE_FEATURES.get(kind, ""))
    if fate is None and kind == "polygon" and "holes" in fates and has_holes(annotation.shape_json):
        fate = fates["holes"]
    if fate is None:
        return annotation
    try:
        checked = _changed(annotation, image, fate)
    except ShapeError:
        return None
    if checked is None:
        return None
    return annotation.reshaped(checked.type, checked.json, checked.box, checked.area)


def _changed(annotation: AnnotationRecord, image: ImageRecord, fate: str) -> Canonical | None:
    if fate == AS_BOX:
        return canonical({"type": "box", "box": list(annotation.box)}, image.width, image.height)
    if fate == AS_POLYGON:
        return shape_to_polygon(annotation.shape, image.width, image.height)
    if fate == AS_MASK:
        return canonical_mask(shape_to_rle(annotation.shape, image.width, image.height))
    if fate == AS_ROTATED_BOX:
        shape = _rotated_box(annotation, image)
        return None if shape is None else canonical(shape, image.width, image.height)
    return None


def _rotated_box(annotation: AnnotationRecord, image: ImageRecord) -> dict[str, Any] | None:
    """The rotated box around a shape; None around one that encloses nothing."""
    if annotation.shape_type == "box":
        x, y, width, height = annotation.box
        return {"type": "rotated_box", "center": [x + width / 2, y + height / 2], "size": [width, height], "angle": 0.0}
    if annotation.shape_type == "ellipse":
        shape = annotation.shape
        size = [2 * radius for radius in shape["radii"]]
        return {"type": "rotated_box", "center": shape["center"], "size": size, "angle": shape["angle"]}
    parts = annotation.shape.get("parts")
    if parts is None:
        polygon = shape_to_polygon(annotation.shape, image.width, image.height)
        parts = orjson.loads(polygon.json)["parts"] if polygon else []
    points = [point for part in parts for point in part["outer"]]
    return rotated_box_around(points) if points else None
