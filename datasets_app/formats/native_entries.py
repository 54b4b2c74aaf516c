"""The entries of native JSON: an image with its annotations as plain values. Knows no files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from datasets_app.ir import AnnotationRecord, ImageRecord

_IMAGE_DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "uuid": "",
        "sha256": "",
        "state": "unlabelled",
        "split": None,
        "fixed_split": "",
        "tags": (),
        "group": "",
        "suffix": "",
    }
)


def image_entry(image: ImageRecord, path: str | None = None) -> dict[str, Any]:
    """The image for `orjson`; `path` says where its picture is. Fields that hold their default are left out."""
    entry: dict[str, Any] = {"number": image.number, "name": image.name, "width": image.width, "height": image.height}
    for name, default in _IMAGE_DEFAULTS.items():
        value = getattr(image, name)
        if value != default:
            entry[name] = value
    if path is not None:
        entry["path"] = path
    entry["annotations"] = [annotation_entry(annotation) for annotation in image.annotations]
    return entry


def annotation_entry(annotation: AnnotationRecord) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "uuid": annotation.uuid,
        "class": annotation.class_number,
        "shape": orjson.Fragment(annotation.shape_json),
        "box": annotation.box,
        "area": annotation.area,
    }
    # Spelt out: a loop over the names takes four times as long, and this runs for each of a million annotations.
    if annotation.attributes:
        entry["attributes"] = annotation.attributes
    if annotation.occluded:
        entry["occluded"] = True
    if annotation.truncated:
        entry["truncated"] = True
    if annotation.crowd:
        entry["crowd"] = True
    if annotation.z_order:
        entry["z_order"] = annotation.z_order
    if annotation.group is not None:
        entry["group"] = annotation.group
    if annotation.source != "human":
        entry["source"] = annotation.source
    if annotation.score is not None:
        entry["score"] = annotation.score
    return entry
