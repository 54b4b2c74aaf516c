"""What a data set can hold beyond plain boxes, by name, so that a format can say what it loses. Knows no format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set

from datasets_app.ir import AnnotationRecord, ImageRecord

FEATURES = {
    "tags": "whole-image tags",
    "polygons": "polygon outlines",
    "holes": "holes in polygons",
    "masks": "pixel masks",
    "sub_pixel": "box coordinates that are not whole pixels",
    "attributes": "attributes of annotations",
    "occluded": "the mark that an object is occluded",
    "truncated": "the mark that an object is cut off by the picture's edge",
    "crowd": "the mark that an annotation covers a crowd",
    "z_order": "the order in which objects cover each other",
    "groups": "groups of annotations",
    "sources": "who made an annotation: a method, a model run, an import",
    "scores": "scores of annotations",
    "states": "states of images, such as verified empty, in progress or skipped",
    "image_tags": "tags of images",
    "image_groups": "groups of images",
    "unused_classes": "classes that no annotation uses",
    "unsplit": "images that belong to no split",
    "pictures": "the picture files as they are, where they are not JPEG",
}


def state_without_states(image: ImageRecord) -> str:
    """The state that a reader gives an image when the format says nothing of states."""
    return "annotated" if image.annotations else "unlabelled"


def features_of(image: ImageRecord) -> Iterator[str]:
    """The features that this image and its annotations use; once for each image or annotation that uses it."""
    if image.state != state_without_states(image):
        yield "states"
    if image.tags:
        yield "image_tags"
    if image.group:
        yield "image_groups"
    if image.split is None:
        yield "unsplit"
    for annotation in image.annotations:
        yield from _shape_features(annotation)
        yield from _mark_features(annotation)


def count_lost(image: ImageRecord, lossy: Set[str], lost: Counter[str]) -> None:
    """Add to `lost` what of this image a format that loses `lossy` cannot hold."""
    for feature in features_of(image):
        if feature in lossy:
            lost[feature] += 1


def has_holes(shape_json: str) -> bool:
    """Whether the canonical text is of a polygon with a hole; every other shape has no such key."""
    return '"holes":[[' in shape_json


def _shape_features(annotation: AnnotationRecord) -> Iterator[str]:
    kind = annotation.shape_type
    if kind == "box":
        x, y, width, height = annotation.box
        if x % 1 or y % 1 or width % 1 or height % 1:
            yield "sub_pixel"
    elif kind == "polygon":
        yield "polygons"
        if has_holes(annotation.shape_json):
            yield "holes"
    elif kind == "mask":
        yield "masks"
    elif kind == "tag":
        yield "tags"


def _mark_features(annotation: AnnotationRecord) -> Iterator[str]:
    if annotation.attributes:
        yield "attributes"
    if annotation.occluded:
        yield "occluded"
    if annotation.truncated:
        yield "truncated"
    if annotation.crowd:
        yield "crowd"
    if annotation.z_order:
        yield "z_order"
    if annotation.group is not None:
        yield "groups"
    if annotation.source not in ("human", "import"):
        yield "sources"
    if annotation.score is not None:
        yield "scores"
