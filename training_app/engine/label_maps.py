"""Label maps: the class of every pixel, as semantic segmentation learns and predicts it. Imports no torch.

A map is (height, width) uint8: 0 is the background, `n + 1` the class with the index `n`, `IGNORED` counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import orjson

from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.pixel_masks import paint
from datasets_app.ir import ImageRecord
from training_app.engine.samples import Notes, Sample, sample_of
from training_app.evaluation.pixels import IGNORED, LabelMap

MOST_CLASSES = 254
SMALLEST_REGION = 9
"""Pixels: predicted regions below it are noise."""


def region_sample(record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
    """The pixels of all objects, those of a higher order on top; boxes and crowds are ignored, since they hold more."""
    painted = paint(record)
    if not painted.objects and record.state not in ("annotated", "verified_empty"):
        notes.add("not_labelled", record.number)
        return None
    values = []
    for annotation in painted.objects:
        if annotation.shape_type == "box":
            notes.add("box_without_pixels", record.number)
        is_coarse = annotation.crowd or annotation.shape_type == "box"
        values.append(IGNORED if is_coarse else classes[annotation.class_number] + 1)
    labels = painted.values(values).astype(np.uint8)
    present = tuple(int(value) - 1 for value in np.unique(labels) if 0 < value < IGNORED)
    return sample_of(record, label_map=packed(labels), present=present)


def packed(values: npt.NDArray[np.uint8]) -> bytes:
    """As a PNG: maps are large areas of one value, which it keeps in a hundredth of their size."""
    data: bytes = cv2.imencode(".png", values, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
    return data


def unpacked(data: bytes) -> LabelMap:
    """What `packed` was given."""
    values = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(values, dtype=np.uint8)


def scaled(values: LabelMap, width: int, height: int) -> LabelMap:
    """The map at another size; every pixel takes the value that lies nearest."""
    if values.shape == (height, width):
        return values
    found = cv2.resize(values, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(found, dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Region:
    """Joined pixels of one class; `score` is the mean of their confidence, 0 … 1."""

    class_index: int
    score: float
    shape: dict[str, Any]


def regions_of(labels: LabelMap, confidence: npt.NDArray[np.uint8]) -> list[Region]:
    """The joined regions of a predicted map, best first; `confidence` (height, width) is 0 … 255."""
    found = [
        region for value in np.unique(labels) if 0 < value < IGNORED for region in _joined(labels, confidence, value)
    ]
    return sorted(found, key=lambda region: -region.score)


def _joined(labels: LabelMap, confidence: npt.NDArray[np.uint8], value: int) -> Iterator[Region]:
    height, width = labels.shape
    count, numbers, statistics, _ = cv2.connectedComponentsWithStats((labels == value).astype(np.uint8), connectivity=8)
    for number in range(1, count):
        x, y, across, down, area = (int(part) for part in statistics[number])
        if area < SMALLEST_REGION:
            continue
        window = (slice(y, y + down), slice(x, x + across))
        inside = numbers[window] == number
        shape = canonical_mask(Rle.from_mask(inside).place(x, y, height, width))
        score = float(confidence[window][inside].mean() / 255.0)
        yield Region(value - 1, score, orjson.loads(shape.json))


def painted_regions(
    regions: Sequence[tuple[int, float, Mapping[str, Any]]], width: int, height: int
) -> tuple[LabelMap, npt.NDArray[np.uint8]]:
    """The maps that regions, best first, as (class index, score, shape), make of a picture: label map, confidence."""
    labels = np.zeros((height, width), dtype=np.uint8)
    confidence = np.full((height, width), 255, dtype=np.uint8)
    for class_index, score, shape in reversed(regions):
        inside = shape_to_mask(shape, width, height)
        labels[inside] = class_index + 1
        confidence[inside] = round(score * 255)
    return labels, confidence
