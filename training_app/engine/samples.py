"""From the records of a data set to what a task learns from: plain arrays, and notes on what was left out.

Knows the neutral records of `datasets_app.ir` and no torch. Classes are counted from 0 in the order of the data set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from datasets_app.ir import Box, ClassRecord, Dataset, ImageRecord
from datasets_app.recipes.apply import Kitchen
from datasets_app.recipes.base import Sample as Dish
from training_app.engine.errors import EngineError
from training_app.engine.recipes import prepared

# More numbers than this in a note help nobody.
NUMBERS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture with what its task learns from.

    `label` for classification, `boxes` with `labels` for detection, `label_map` for segmentation: a packed map of
    `label_maps.py`, with the classes `present` in it.

    `boxes` is (n, 4) float64 xyxy in pixels of the stored picture, `labels` (n,) int64; `crowd` (m, 4) xyxy are
    regions in which nothing is counted as wrong. `shares` are (class, share) where pictures of several were blended.
    """

    number: int
    path: Path
    width: int
    height: int
    label: int = -1
    shares: tuple[tuple[int, float], ...] = ()
    boxes: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))
    labels: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    crowd: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))
    crowd_labels: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    label_map: bytes = b""
    present: tuple[int, ...] = ()
    dish: Dish | None = None
    """Where the pixels come from when a recipe prepares them; None where they are those of the file."""

    @property
    def classes(self) -> list[int]:
        """The distinct classes in the picture."""
        if self.label >= 0:
            return [self.label]
        return list(self.present) or sorted({int(label) for label in self.labels})


class Notes:
    """What was left out, by reason, with the numbers of the pictures concerned."""

    def __init__(self) -> None:
        self._numbers: dict[str, list[int]] = defaultdict(list)

    def add(self, reason: str, number: int) -> None:
        self._numbers[reason].append(number)

    def sentences(self) -> list[tuple[str, str]]:
        """(code, sentence) per reason."""
        return [
            (reason, f"{NOTE_TEXTS[reason].format(count=len(numbers))} Images: {listed(numbers)}.")
            for reason, numbers in self._numbers.items()
        ]


NOTE_TEXTS = {
    "no_class": "{count} images without a tag were left out: classification learns from whole-image tags.",
    "not_labelled": "{count} images that nobody has labelled yet were left out.",
    "degenerate_box": "{count} boxes less than a pixel wide or high inside their picture were left out.",
    "outside_box": "{count} boxes that leave their picture were cut at its edge.",
    "box_without_pixels": "{count} boxes count neither as their class nor as background: segmentation learns from "
    "polygons and masks.",
    "no_file": "{count} images without a picture file were left out.",
}


def listed(numbers: Sequence[int]) -> str:
    """`1, 2, 3 and 4 more`: each number once."""
    distinct = sorted(set(numbers))
    shown = ", ".join(str(number) for number in distinct[:NUMBERS_SHOWN])
    rest = len(distinct) - NUMBERS_SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


class TargetReader(Protocol):
    """Turns one record into a sample, or None where the task cannot use it."""

    def __call__(self, record: ImageRecord, classes: Mapping[int, int], notes: Notes, /) -> Sample | None: ...


def tag_sample(record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
    """The first tag of a picture is its class; of blended pictures, the first tag of each by that picture's share."""
    first: dict[float, int] = {}
    for annotation in record.annotations:
        if annotation.shape_type == "tag":
            first.setdefault(annotation.weight, classes[annotation.class_number])
    if not first:
        notes.add("no_class", record.number)
        return None
    label = next(iter(first.values()))
    if len(first) == 1:
        return sample_of(record, label=label)
    total = sum(first)
    return sample_of(record, label=label, shares=tuple((own, weight / total) for weight, own in first.items()))


def box_sample(record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
    """The bounding box of every annotation but tags and captions; a picture said to be empty counts as a negative."""
    shapes = [annotation for annotation in record.annotations if annotation.shape_type not in ("tag", "caption")]
    if not shapes and record.state not in ("annotated", "verified_empty"):
        notes.add("not_labelled", record.number)
        return None
    objects: list[tuple[Box, int]] = []
    crowds: list[tuple[Box, int]] = []
    for annotation in shapes:
        x, y, width, height = annotation.box
        inside = (max(x, 0.0), max(y, 0.0), min(x + width, float(record.width)), min(y + height, float(record.height)))
        if inside[2] - inside[0] < 1.0 or inside[3] - inside[1] < 1.0:
            notes.add("degenerate_box", record.number)
            continue
        # Half a pixel outside is how many tools round; only more than that is worth a word.
        if max(inside[0] - x, inside[1] - y, x + width - inside[2], y + height - inside[3]) > 1.0:
            notes.add("outside_box", record.number)
        (crowds if annotation.crowd else objects).append((inside, classes[annotation.class_number]))
    return sample_of(
        record,
        boxes=np.array([box for box, _ in objects], dtype=np.float64).reshape(-1, 4),
        labels=np.array([label for _, label in objects], dtype=np.int64),
        crowd=np.array([box for box, _ in crowds], dtype=np.float64).reshape(-1, 4),
        crowd_labels=np.array([label for _, label in crowds], dtype=np.int64),
    )


def sample_of(record: ImageRecord, **target: Any) -> Sample:
    return Sample(number=record.number, path=record.path or Path(), width=record.width, height=record.height, **target)


def class_indices(classes: Sequence[ClassRecord]) -> dict[int, int]:
    """Numbers of classes → their places."""
    return {record.number: index for index, record in enumerate(classes)}


def read_samples(
    dataset: Dataset,
    read_target: Callable[[ImageRecord, Mapping[int, int], Notes], Sample | None],
    notes: Notes,
    kitchen: Kitchen | None = None,
) -> dict[str, list[Sample]]:
    """The usable samples of each split, in the data set's order. Raises `EngineError` where nothing can be learned.

    A kitchen prepares every image; the classes are those that its recipe leaves.
    """
    classes = class_indices(dataset.classes if kitchen is None else kitchen.classes)
    if not classes:
        raise EngineError("no_classes", "The version has no classes: training needs at least one.")
    splits: dict[str, list[Sample]] = {"train": [], "val": [], "test": []}
    for record in dataset.images:
        if record.split not in splits:
            continue
        if record.path is None or not record.path.is_file():
            notes.add("no_file", record.number)
            continue
        for made, dish in prepared(kitchen, record):
            sample = read_target(made, classes, notes)
            if sample is not None:
                splits[record.split].append(sample if dish is None else replace(sample, dish=dish))
    if not any(sample.classes for sample in splits["train"]):
        raise EngineError(
            "no_training_images",
            "The split 'train' of the version has no labelled image that this task can use: "
            "label some, or choose a split with a larger training share.",
        )
    return splits
