"""What an evaluation found, on disk and in memory: enough to compute every figure again at any threshold. NumPy only.

One class per task, with the same face: `save`, `load`, `report`, `cell`. Class indices count from 0 in the order of the
evaluation's classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from training_app.evaluation.pixel_table import PixelTable
from training_app.evaluation.records import Floats, Ints
from training_app.evaluation.report import (
    ClassName,
    classification_cell,
    classification_report,
    detection_cell,
    detection_report,
    segmentation_report,
)
from training_app.evaluation.table import DetectionTable

TABLE_FILE = "table.npz"
KEYS_FILE = "annotations.npz"
PLAIN_IOU = 0.5
"""Told for whole images too, where it means nothing."""

Keys = npt.NDArray[np.bytes_]


class Result(Protocol):
    """The stored findings of one evaluation."""

    @property
    def images(self) -> int:
        """How many were compared."""

    def save(self, folder: Path) -> None: ...

    @classmethod
    def load(cls, folder: Path) -> Self: ...

    def report(self, classes: Sequence[ClassName], *, threshold: float | None, iou: float) -> dict[str, Any]:
        """`threshold` None takes the best one."""

    def cell(self, row: int | None, column: int | None, *, threshold: float, iou: float) -> list[dict[str, Any]]:
        """`{image, annotation, score, iou, box}` by falling score; None is the background, or undecided."""


def annotation_keys(uuids: Sequence[str]) -> Keys:
    return np.array(uuids, dtype="S36")


@dataclass(frozen=True)
class DetectionResult:
    """`keys` are the UUIDs of the labelled objects, in the order of `table.truths`."""

    table: DetectionTable
    keys: Keys

    @property
    def images(self) -> int:
        return self.table.images

    def save(self, folder: Path) -> None:
        self.table.save(folder / TABLE_FILE)
        with (folder / KEYS_FILE).open("wb") as file:
            np.savez_compressed(file, keys=self.keys)

    @classmethod
    def load(cls, folder: Path) -> Self:
        with np.load(folder / KEYS_FILE, allow_pickle=False) as stored:
            return cls(DetectionTable.load(folder / TABLE_FILE), stored["keys"])

    def report(self, classes: Sequence[ClassName], *, threshold: float | None, iou: float) -> dict[str, Any]:
        return detection_report(self.table, classes, threshold=threshold, iou=iou)

    def cell(self, row: int | None, column: int | None, *, threshold: float, iou: float) -> list[dict[str, Any]]:
        found = detection_cell(self.table, truth=row, predicted=column, threshold=threshold, iou=iou)
        return [
            {
                "image": item["image"],
                "annotation": None if item["truth"] is None else self._key_of[item["image"], item["truth"]],
                "score": item["score"],
                "iou": item["iou"],
                "box": item["box"],
            }
            for item in found
        ]

    @cached_property
    def _key_of(self) -> dict[tuple[int, int], str]:
        truths = self.table.truths
        places = zip(truths.image.tolist(), truths.position.tolist(), strict=True)
        return {place: bytes(key).decode() for place, key in zip(places, self.keys, strict=True)}


@dataclass(frozen=True)
class ClassificationResult:
    """Row by row: `numbers` (n,) of images, `truth` (n,), `probabilities` (n, classes), `keys` (n,) of the tags."""

    numbers: Ints
    truth: Ints
    probabilities: Floats
    keys: Keys

    @property
    def images(self) -> int:
        return len(self.numbers)

    def save(self, folder: Path) -> None:
        with (folder / TABLE_FILE).open("wb") as file:
            np.savez_compressed(
                file, numbers=self.numbers, truth=self.truth, probabilities=self.probabilities, keys=self.keys
            )

    @classmethod
    def load(cls, folder: Path) -> Self:
        with np.load(folder / TABLE_FILE, allow_pickle=False) as stored:
            return cls(**{name: stored[name] for name in ("numbers", "truth", "probabilities", "keys")})

    def report(self, classes: Sequence[ClassName], *, threshold: float | None, iou: float) -> dict[str, Any]:
        found = classification_report(self.truth, self.probabilities, classes, threshold=threshold or 0.0)
        return found | {"iou": iou}

    def cell(self, row: int | None, column: int | None, *, threshold: float, **_: float) -> list[dict[str, Any]]:
        if row is None:
            return []
        places = classification_cell(self.truth, self.probabilities, row=row, column=column, threshold=threshold)
        return [
            {
                "image": int(self.numbers[place]),
                "annotation": bytes(self.keys[place]).decode(),
                "score": float(self.probabilities[place].max()),
                "iou": None,
                "box": None,
            }
            for place in places.tolist()
        ]


@dataclass(frozen=True)
class SegmentationResult:
    """Counts of pixels; index 0 of a class is value 1 of the table's maps."""

    table: PixelTable

    @property
    def images(self) -> int:
        return len(self.table.images)

    def save(self, folder: Path) -> None:
        self.table.save(folder / TABLE_FILE)

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(PixelTable.load(folder / TABLE_FILE))

    def report(self, classes: Sequence[ClassName], *, threshold: float | None, iou: float) -> dict[str, Any]:
        return segmentation_report(self.table, classes, threshold=threshold) | {"iou": iou}

    def cell(self, row: int | None, column: int | None, *, threshold: float, **_: float) -> list[dict[str, Any]]:
        """One entry per image, with the number of its `pixels`; most first."""
        truth, found = (0 if value is None else value + 1 for value in (row, column))
        return [
            {
                "image": image,
                "annotation": None,
                "score": None,
                "iou": None,
                "box": self.table.box_of(image, truth, found),
                "pixels": pixels,
            }
            for image, pixels in self.table.images_of(truth, found, threshold)
        ]


RESULTS: dict[str, type[DetectionResult] | type[ClassificationResult] | type[SegmentationResult]] = {
    "detection": DetectionResult,
    "classification": ClassificationResult,
    "segmentation": SegmentationResult,
}
"""By the task of the model."""
