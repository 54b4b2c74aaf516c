"""What can be chosen when a format is written or read: described for the screens, checked for the format.

An option is described by `key`, `title`, `help`, `type` ("integer", "number", "boolean", "choice" or "text"), `default`
and, where they bound it, `min`, `max`, `choices`; a catalog line lists those of writing under `options`, those of
reading under `read_options`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from datasets_app.formats.base import FormatError

Option = Mapping[str, Any]
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})

_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "text": (str,),
}

COORDINATES: Option = {
    "key": "coordinates",
    "title": "Corners",
    "help": "one_based: counted from 1, the last pixel included, as VOC says. raw: from 0, as many tools read them.",
    "type": "choice",
    "choices": ("one_based", "raw"),
    "default": "one_based",
}
DECIMALS: Option = {
    "key": "decimals",
    "title": "Decimals",
    "help": "Digits after the point of a coordinate; 6 lose a hundredth of a pixel in a picture 20,000 pixels wide.",
    "type": "integer",
    "min": 6,
    "max": 12,
    "default": 8,
}
PARTS: Option = {
    "key": "parts",
    "title": "Objects in several parts",
    "help": (
        "bridge: one row for the object, its parts joined by lines of no width. "
        "split: a row for each part, which makes objects of their own of them. Holes are always joined by bridges."
    ),
    "type": "choice",
    "choices": ("bridge", "split"),
    "default": "bridge",
}
TOLERANCE: Option = {
    "key": "tolerance",
    "title": "Simplification of masks",
    "help": "How far, in pixels, the outline of a mask may stray from its pixels; 0 keeps every step.",
    "type": "number",
    "min": 0.0,
    "max": 20.0,
    "step": 0.5,
    "default": 0.0,
}
PREFIX: Option = {
    "key": "prefix",
    "title": "Address of the pictures",
    "help": (
        "What stands before a picture's name: where Label Studio finds the folder images, as local storage, on a web "
        "server or in a bucket."
    ),
    "type": "text",
    "default": "/data/local-files/?d=images/",
}
PREDICTIONS: Option = {
    "key": "predictions",
    "title": "Objects made by models as predictions",
    "help": "Predictions are shown with their score and become annotations when somebody accepts them.",
    "type": "boolean",
    "default": False,
}
QUADS: Option = {
    "key": "quads",
    "title": "Four corners that form no rectangle",
    "help": "rotated_box: the smallest rectangle around them. polygon: the four corners as they are.",
    "type": "choice",
    "choices": ("rotated_box", "polygon"),
    "default": "rotated_box",
}
MOT_COORDINATES: Option = {
    "key": "coordinates",
    "title": "First pixel",
    "help": "one_based: the corner of the picture is (1, 1), as MOT Challenge counts. raw: it is (0, 0).",
    "type": "choice",
    "choices": ("one_based", "raw"),
    "default": "one_based",
}
FRAME_RATE: Option = {
    "key": "frame_rate",
    "title": "Frames per second",
    "help": "What seqinfo.ini says of the frame rate; the images do not tell it.",
    "type": "integer",
    "min": 1,
    "max": 1000,
    "default": 30,
}
CITYSCAPES_SHAPES: Option = {
    "key": "shapes",
    "title": "Shapes",
    "help": (
        "polygons: the outlines, which know what lies behind an object. masks: the pixels. "
        "best: the pixels of our own exports, of other files the outlines where there are any."
    ),
    "type": "choice",
    "choices": ("best", "polygons", "masks"),
    "default": "best",
}
VOID_BORDER: Option = {
    "key": "void_border",
    "title": "Void border around objects",
    "help": (
        "Pixels along the edge of each object, inside and outside, that are written as void (255), as VOC has them; "
        "training with ignore_index=255 passes over them. What lies under them is lost."
    ),
    "type": "integer",
    "min": 0,
    "max": 20,
    "default": 0,
}
LAYOUT: Option = {
    "key": "layout",
    "title": "Layout",
    "help": (
        "tables: Parquet files that hold the pictures, as the Hub shows and streams them. "
        "folders: a folder of pictures for each split with a table (ImageFolder)."
    ),
    "type": "choice",
    "choices": ("tables", "folders"),
    "default": "tables",
}


def chosen(option: Option, options: Mapping[str, Any]) -> Any:
    """The value given for `option`, or its default. Raises `FormatError` where it may not be chosen."""
    value = options.get(option["key"], option["default"])
    kind = option["type"]
    if kind == "choice":
        if value not in option["choices"]:
            raise FormatError(f"{option['key']} is {value!r}; it must be one of: {', '.join(option['choices'])}.")
        return value
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise FormatError(f"{option['key']} is {value!r}; it must be of the type {kind}.")
    low, high = option.get("min"), option.get("max")
    if (low is not None and value < low) or (high is not None and value > high):
        raise FormatError(f"{option['key']} is {value!r}; it must lie between {low} and {high}.")
    return value
