"""The neutral form of a data set: what formats read and write and what training reads.

Knows nothing of Django or of any file format. Records are frozen; images are streamed, so that a data set of any size
passes through in flat memory. Coordinates are float64 pixels of the upright picture, origin top left, x right, y down;
boxes are half-open `[x, y, width, height]`. Shapes are described in `annotator/core/geometry/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import orjson
from typing_extensions import dataclass_transform

Box = tuple[float, float, float, float]
"""`(x, y, width, height)`, half-open, float64 pixels."""

SPLITS = ("train", "val", "test")

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A frozen data class as far as the type checker is concerned, and nobody else is asked: a class that is also
    frozen at run time takes six times as long to fill, and there is one object for each label of an export.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """A class as it was called at the revision that the data set was taken from.

    `number` is unique in the project, at least 1, and never changes; formats with numeric ids use it.
    """

    number: int
    name: str
    color: str = ""
    uuid: str = ""
    hotkey: str = ""
    attributes: tuple[Mapping[str, Any], ...] = ()
    skeleton: Mapping[str, Any] = field(default_factory=dict)
    """`{"points": [name, ...], "edges": [[from, to], ...]}`, edges counted from 0; empty where there is none."""


@record
class AnnotationRecord:
    """One labelled object.

    `shape_json` is the canonical JSON text of the shape as the API speaks it (`{"type": "box", "box": [...]}` …), kept
    as text so that it can be streamed through without being parsed; `shape` parses it. `box` is the bounding box and
    `area` the area in square pixels (raster area for polygons and masks, width × height for boxes, 0 for tags).
    `source` is `human`, `import`, `method:<key>`, `run:<id>` or `model:<id>`. `weight` is below 1 only
    where a recipe blended pictures: the share that the object's picture has in the blend; no format writes it.
    """

    uuid: str
    class_number: int
    shape_type: str
    box: Box
    area: float
    shape_json: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    occluded: bool = False
    truncated: bool = False
    crowd: bool = False
    z_order: int = 0
    group: int | None = None
    source: str = "human"
    score: float | None = None
    weight: float = 1.0

    @property
    def shape(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.shape_json)
        return parsed

    def reshaped(self, shape_type: str, shape_json: str, box: Box, area: float) -> AnnotationRecord:
        """The same object with another shape, in a fifth of the time that `dataclasses.replace` takes."""
        return AnnotationRecord(
            self.uuid, self.class_number, shape_type, box, area, shape_json, self.attributes, self.occluded,
            self.truncated, self.crowd, self.z_order, self.group, self.source, self.score, self.weight,
        )  # fmt: skip


@record
class ImageRecord:
    """One picture with all its annotations.

    `name` is relative, uses "/" and is unique in the data set. `open` returns the bytes of the upright picture (no
    orientation tag), or is None where only labels travel; `path` is set when those bytes are a local file.
    `suffix` is that of the stored bytes (".jpg", ".png", …), which may differ from that of `name`. `split` is the one
    that a format writes: the version's, or the one fixed in the project; `fixed_split` is the latter alone.
    """

    number: int
    name: str
    width: int
    height: int
    annotations: tuple[AnnotationRecord, ...] = ()
    uuid: str = ""
    sha256: str = ""
    state: str = "unlabelled"
    split: str | None = None
    fixed_split: str = ""
    tags: tuple[str, ...] = ()
    group: str = ""
    suffix: str = ""
    path: Path | None = None
    open: Callable[[], BinaryIO] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Classes (ordered as in the project) and a stream of images that can be walked once.

    `image_count` and `annotation_count` are for progress bars; -1 where a reader cannot know them beforehand.
    `info` holds free facts about the origin: `project`, `version`, `revision`, `digest`, `task`, `created_at`.
    """

    classes: tuple[ClassRecord, ...]
    images: Iterable[ImageRecord]
    image_count: int = -1
    annotation_count: int = -1
    info: Mapping[str, Any] = field(default_factory=dict)
