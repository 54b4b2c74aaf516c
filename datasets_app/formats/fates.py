"""What formats of a sort lose, so that catalog lines name only what is their own. Knows no format and reads no file.

A fate says what becomes of a feature (`features.FEATURES`); a catalog line maps under `lossy` each feature that a round
trip does not keep to its fate.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from datasets_app.formats.features import AS_BOX, AS_MASK, AS_ROTATED_BOX, LEFT_OUT, SHAPE_FEATURES

Fates = Mapping[str, str]

UNSAID = "an image without annotations is listed without saying why it has none"
IN_TRAIN = "images without a split are put into train"
WHOLE_PIXELS = "rounded to whole pixels"
AS_TEXT = "written as text; values that look like numbers or truth values come back as such"
JPEG = "encoded as JPEG of quality 95"


def left_out(*features: str) -> dict[str, str]:
    return dict.fromkeys(features, LEFT_OUT)


def without(fates: Fates, *kept: str) -> dict[str, str]:
    """The fates less those of features that a format keeps after all."""
    return {feature: fate for feature, fate in fates.items() if feature not in kept}


def _fates(*parts: Fates) -> Fates:
    return MappingProxyType({feature: fate for part in parts for feature, fate in part.items()})


_SHAPELESS = left_out("tags", "captions", "polylines", "skeletons")

MARKS = _fates(
    left_out("attributes", "tracks", "occluded", "truncated", "crowd", "z_order", "groups", "sources", "scores"),
    left_out("states", "image_tags", "image_groups"),
)
"""Of files with nothing but shapes in them: whatever is said about shapes and images."""

REVIEW = _fates(left_out("sources", "states", "image_tags", "image_groups"), {"verified_empty": UNSAID})
"""Of annotation tools: how far the work on an image got, and what this product alone notes."""

BOXES_ONLY = _fates(
    _SHAPELESS,
    dict.fromkeys(("rotated_boxes", "polygons", "multi_part", "holes", "masks", "ellipses"), AS_BOX),
)
ROTATED_ONLY = _fates(
    _SHAPELESS,
    dict.fromkeys(("boxes", "polygons", "multi_part", "holes", "masks", "ellipses"), AS_ROTATED_BOX),
)
OUTLINES_ONLY = _fates(_SHAPELESS)
PIXELS_ONLY = _fates(
    _SHAPELESS,
    dict.fromkeys(("boxes", "rotated_boxes", "polygons", "multi_part", "holes", "ellipses"), AS_MASK),
    MARKS,
    {
        "overlaps": "a pixel belongs to the object on top only",
        "sub_pixel": WHOLE_PIXELS,
        "verified_empty": UNSAID,
    },
)
FOLDERS_ONLY = _fates(
    left_out(*(feature for feature in SHAPE_FEATURES.values() if feature != "tags"), "multi_part", "holes"),
    left_out("untagged", "verified_empty"),
    MARKS,
    {"several_tags": "the first tag decides on the folder", "unsplit": IN_TRAIN},
)
"""Of pictures that lie in a folder of their class."""
