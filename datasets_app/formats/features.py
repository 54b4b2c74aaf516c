"""What a data set can hold beyond plain boxes, by name, so that a format can say what it loses. Knows no format.

What becomes of a shape that a format cannot hold is said in words that `fallbacks.fitted` carries out: `LEFT_OUT`,
`AS_BOX`, `AS_ROTATED_BOX`, `AS_POLYGON`, `AS_MASK`, `BRIDGED`.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from datasets_app.ir import AnnotationRecord, ImageRecord

FEATURES = {
    "tags": "whole-image tags",
    "several_tags": "images with more than one whole-image tag",
    "untagged": "images without a whole-image tag",
    "captions": "captions",
    "boxes": "upright boxes",
    "rotated_boxes": "rotated boxes",
    "polygons": "polygon outlines",
    "multi_part": "polygons in several parts",
    "holes": "holes in polygons",
    "masks": "pixel masks",
    "ellipses": "ellipses",
    "polylines": "lines",
    "skeletons": "skeletons and points",
    "overlaps": "parts of objects that other objects cover",
    "instances": "which of several objects of a class a pixel belongs to",
    "sub_pixel": "box coordinates that are not whole pixels",
    "attributes": "attributes of annotations",
    "tracks": "objects that are followed through a video (their track_id)",
    "untracked": "objects that belong to no track",
    "classes": "which class an object has",
    "occluded": "the mark that an object is occluded",
    "truncated": "the mark that an object is cut off by the picture's edge",
    "crowd": "the mark that an annotation covers a crowd",
    "z_order": "the order in which objects cover each other",
    "groups": "groups of annotations",
    "sources": "who made an annotation: a method, a model run, an import",
    "scores": "scores of annotations",
    "states": "states of images, such as in progress or skipped",
    "verified_empty": "images that were looked at and hold nothing",
    "image_tags": "tags of images",
    "image_groups": "groups of images",
    "unused_classes": "classes that no annotation uses",
    "splits": "which split an image belongs to",
    "unsplit": "images that belong to no split",
    "pictures": "the picture files as they are, where they are not JPEG",
}

SHAPE_FEATURES = {
    "tag": "tags",
    "caption": "captions",
    "box": "boxes",
    "rotated_box": "rotated_boxes",
    "polygon": "polygons",
    "mask": "masks",
    "ellipse": "ellipses",
    "polyline": "polylines",
    "skeleton": "skeletons",
}
"""The feature that a shape of each type is."""

LEFT_OUT = "left out"
AS_BOX = "replaced by their bounding box"
AS_ROTATED_BOX = "replaced by the smallest rotated box around them"
AS_POLYGON = "replaced by polygons"
AS_MASK = "replaced by masks"
AS_ONE = "the objects of a class in one image become one"
BRIDGED = "joined into one outline by bridges of no width"

TRACK = "track_id"
"""The attribute that says which object of a video this is."""

WHOLE_IMAGE = frozenset(("tag", "caption"))
"""The kinds of shape that say something of the whole picture."""


def state_without_states(image: ImageRecord) -> str:
    """The state that a reader gives an image when the format says nothing of states."""
    return "annotated" if image.annotations else "unlabelled"


def features_of(image: ImageRecord) -> Iterator[str]:
    """The features that this image and its annotations use; once for each image or annotation that uses it."""
    yield from image_features(image)
    for annotation in image.annotations:
        yield from annotation_features(annotation)


def image_features(image: ImageRecord) -> Iterator[str]:
    """Those that the image uses as such, its annotations apart."""
    if image.state == "verified_empty" and not image.annotations:
        yield "verified_empty"
    elif image.state != state_without_states(image):
        yield "states"
    if image.tags:
        yield "image_tags"
    if image.group:
        yield "image_groups"
    yield "unsplit" if image.split is None else "splits"
    tags = sum(annotation.shape_type == "tag" for annotation in image.annotations)
    if tags != 1:
        yield "several_tags" if tags else "untagged"


def annotation_features(annotation: AnnotationRecord) -> tuple[str, ...]:
    """Those that one annotation uses."""
    return (*_shape_features(annotation), *_mark_features(annotation))


def count_lost(image: ImageRecord, lossy: Set[str], lost: Counter[str]) -> None:
    """Add to `lost` what of this image a format that loses `lossy` cannot hold."""
    for feature in image_features(image):
        if feature in lossy:
            lost[feature] += 1
    # There may be a million annotations, nearly all with nothing that any format loses.
    kinds = _kinds_with(frozenset(lossy))
    keeps_rings, keeps_unmarked = "polygons" not in lossy, lossy.isdisjoint(_UNMARKED)
    for annotation in image.annotations:
        kind = annotation.shape_type
        if kind in kinds and not (keeps_rings and kind == "polygon" and is_one_ring(annotation.shape_json)):
            lost.update([feature for feature in _shape_features(annotation) if feature in lossy])
        marks = _mark_features(annotation)
        if not (keeps_unmarked and marks is _UNMARKED):
            lost.update([feature for feature in marks if feature in lossy])


@functools.cache
def _kinds_with(features: frozenset[str]) -> frozenset[str]:
    """The kinds of shape that may use one of the features."""
    further = {"polygon": {"holes", "multi_part"}, "box": {"sub_pixel"}}
    return frozenset(
        kind for kind, feature in SHAPE_FEATURES.items() if not features.isdisjoint({feature, *further.get(kind, ())})
    )


def is_one_ring(shape_json: str) -> bool:
    """Whether the canonical text of a polygon is of one part without holes."""
    # Every part names its holes behind its outline: here the first that does ends the text.
    return shape_json.find(_HOLES) == len(shape_json) - _HOLES_END


_HOLES, _HOLES_END = '"holes":', len('"holes":[]}]}')


def has_holes(shape_json: str) -> bool:
    """Whether the canonical text is of a polygon with a hole; every other shape has no such key."""
    return '"holes":[[' in shape_json


def has_parts(shape_json: str) -> bool:
    """Whether the canonical text is of a polygon in several parts; every other shape has no such key."""
    return shape_json.find('"outer":', shape_json.find('"outer":') + 1) > 0


def _shape_features(annotation: AnnotationRecord) -> tuple[str, ...]:
    kind = annotation.shape_type
    if kind == "polygon":
        holes = ("holes",) if has_holes(annotation.shape_json) else ()
        return ("polygons", *holes, "multi_part") if has_parts(annotation.shape_json) else ("polygons", *holes)
    if kind == "box":
        x, y, width, height = annotation.box
        return ("boxes", "sub_pixel") if x % 1 or y % 1 or width % 1 or height % 1 else ("boxes",)
    return (SHAPE_FEATURES[kind],) if kind in SHAPE_FEATURES else ()


def _mark_features(annotation: AnnotationRecord) -> Sequence[str]:
    is_whole = annotation.shape_type in WHOLE_IMAGE
    # Nearly all annotations of most data sets bear no mark, and there may be a million of them.
    if not (annotation.attributes or annotation.occluded or annotation.truncated or annotation.crowd) and (
        annotation.z_order == 0
        and annotation.group is None
        and annotation.score is None
        and annotation.source in _PLAIN_SOURCES
    ):
        return () if is_whole else _UNMARKED
    attributes = annotation.attributes
    marks = {
        "attributes": set(attributes) - {TRACK},
        "tracks": not is_whole and TRACK in attributes,
        "untracked": not is_whole and TRACK not in attributes,
        "classes": not is_whole,
        "occluded": annotation.occluded,
        "truncated": annotation.truncated,
        "crowd": annotation.crowd,
        "z_order": annotation.z_order,
        "groups": annotation.group is not None,
        "sources": annotation.source not in _PLAIN_SOURCES,
        "scores": annotation.score is not None,
    }
    return [name for name, is_set in marks.items() if is_set]


_PLAIN_SOURCES = ("human", "import")
_UNMARKED = ("untracked", "classes")
