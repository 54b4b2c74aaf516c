"""Objects painted over one another into one array of numbers, and read back from such an array. Knows no format.

A pixel belongs to one object only: of those that cover it, to the one painted last (by `z_order`, then by order).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import floor
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from scipy import ndimage

from annotator.core.geometry.base import Canonical
from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.formats.features import AS_MASK, LEFT_OUT
from datasets_app.ir import AnnotationRecord, ImageRecord

Numbers = npt.NDArray[Any]

PIXEL_FATES = {
    **dict.fromkeys(("tags", "captions", "polylines", "skeletons"), LEFT_OUT),
    **dict.fromkeys(("boxes", "rotated_boxes", "polygons", "multi_part", "holes", "ellipses"), AS_MASK),
}
"""What becomes of shapes in formats of pixels; `overlaps` (and `instances`) say what becomes of the masks."""

_COMPACT = 1 << 16


@dataclass(frozen=True, slots=True)
class Painted:
    """`numbers` holds 0 where nothing is and else the place of the object on top in `objects`, counted from 1.

    `covered` counts the objects of which pixels lie under others; those of which nothing is to be seen stay in
    `objects` all the same.
    """

    numbers: npt.NDArray[np.int32]
    objects: tuple[AnnotationRecord, ...]
    covered: int

    def values(self, each: Collection[int]) -> npt.NDArray[np.int32]:
        """The array with `each` object's own value in place of its number, 0 for the background."""
        return np.array([0, *each], dtype=np.int32)[self.numbers]


def paint(image: ImageRecord) -> Painted:
    """The objects of an image that have pixels, the last one on top."""
    numbers = np.zeros((image.height, image.width), dtype=np.int32)
    objects: list[AnnotationRecord] = []
    sizes: list[int] = []
    for record in sorted(image.annotations, key=lambda record: record.z_order):
        if record.shape_type == "box":
            window = _box_window(record, image)
            if numbers[window].size:
                objects.append(record)
                sizes.append(numbers[window].size)
                numbers[window] = len(objects)
            continue
        rle = shape_to_rle(record.shape, image.width, image.height)
        if not rle.starts.size:
            continue
        objects.append(record)
        sizes.append(rle.area)
        x, y, width, height = box = rle.box
        numbers[y : y + height, x : x + width][rle.crop(box).to_mask()] = len(objects)
    seen = np.bincount(numbers.ravel(), minlength=len(objects) + 1)[1:]
    covered = int(np.count_nonzero(seen < np.array(sizes, dtype=np.int64))) if objects else 0
    return Painted(numbers, tuple(objects), covered)


def _box_window(record: AnnotationRecord, image: ImageRecord) -> tuple[slice, slice]:
    """The pixels whose centre lies inside the box, as its kind of shape fills it; a tenth of the time of a mask."""
    x, y, width, height = record.box
    left, right = (min(max(floor(edge + 0.5), 0), image.width) for edge in (x, x + width))
    top, bottom = (min(max(floor(edge + 0.5), 0), image.height) for edge in (y, y + height))
    return slice(top, bottom), slice(left, right)


def edges(numbers: Numbers, width: int) -> npt.NDArray[np.bool_]:
    """The pixels within `width` of another value's pixels, on both sides of the edge; none for 0."""
    if not width:
        return np.zeros(numbers.shape, dtype=np.bool_)
    shown = numbers.astype(np.float32)
    kernel = np.ones((2 * width + 1, 2 * width + 1), dtype=np.uint8)
    edge: npt.NDArray[np.bool_] = cv2.dilate(shown, kernel) != cv2.erode(shown, kernel)
    return edge


def visible(image: ImageRecord, *, merged: bool = False) -> list[AnnotationRecord]:
    """What can be read back: the objects as masks of what is to be seen of them, where `merged` one for each class."""
    painted = paint(image)
    numbers: Numbers = painted.numbers
    objects = dict(enumerate(painted.objects, 1))
    if merged:
        numbers = painted.values([record.class_number for record in painted.objects])
        objects = {record.class_number: record for record in painted.objects}
    return [with_pixels(objects[value], found) for value, found in regions(numbers)]


def merged_count(painted: Painted) -> int:
    """How many objects share their class with another one of the image."""
    classes = [record.class_number for record in painted.objects]
    return sum(classes.count(number) > 1 for number in classes)


def with_pixels(record: AnnotationRecord, found: Canonical) -> AnnotationRecord:
    return replace(record, shape_type=found.type, shape_json=found.json, box=found.box, area=found.area)


def regions(numbers: Numbers, without: Collection[int] = (0,)) -> Iterator[tuple[int, Canonical]]:
    """Each value that occurs, in ascending order, with the mask of its pixels."""
    height, width = numbers.shape
    known: Numbers | None = None
    if not np.issubdtype(numbers.dtype, np.integer) or (
        numbers.size and (numbers.min() < 0 or numbers.max() >= _COMPACT)
    ):
        known, places = np.unique(numbers, return_inverse=True)
        numbers = places.reshape(height, width)
    shifted = numbers.astype(np.int32) + 1
    for place, window in enumerate(ndimage.find_objects(shifted)):
        value = place if known is None else int(known[place])
        if window is None or value in without:
            continue
        rows, columns = window
        crop = Rle.from_mask(shifted[window] == place + 1)
        yield value, canonical_mask(crop.place(columns.start, rows.start, height, width))


def majority(classes: Numbers, objects: Numbers) -> dict[int, int]:
    """Which value of `classes` most pixels of each value of `objects` have."""
    pairs, counts = np.unique((objects.astype(np.int64) << 32) | classes, return_counts=True)
    pairs = pairs[np.argsort(counts, kind="stable")]
    return dict(zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True))
