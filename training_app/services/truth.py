"""What an evaluation holds a model against: the labels of a version's split, read by the very rules of training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from datasets_app.ir import AnnotationRecord, ClassRecord, ImageRecord
from datasets_app.recipes.apply import Kitchen
from datasets_app.recipes.recipe import Recipe
from training_app.engine.label_maps import region_sample
from training_app.engine.samples import Notes, Sample, box_sample, tag_sample
from training_app.evaluation.records import ImageTruths


@dataclass(frozen=True, slots=True)
class BoxTruth:
    """The labelled objects of one image and their UUIDs, row by row."""

    truths: ImageTruths
    uuids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TagTruth:
    """The class index of one image and the UUID of its tag."""

    image: int
    index: int
    uuid: str


def box_truth(record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> BoxTruth | None:
    """The objects, clipped to the picture as training clips them, or None for an image that nobody has labelled."""
    record = replace(record, path=Path())
    if box_sample(record, classes, notes) is None:
        return None
    kept = [
        (annotation, sample)
        for annotation in record.annotations
        if (sample := _box_alone(record, annotation, classes)) is not None
    ]
    corners = np.concatenate([np.zeros((0, 4)), *(np.concatenate([row.boxes, row.crowd]) for _, row in kept)])
    return BoxTruth(
        ImageTruths(
            image=record.number,
            boxes=np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1),
            classes=np.array([classes[row.class_number] for row, _ in kept], dtype=np.int64),
            crowd=np.array([row.crowd for row, _ in kept], dtype=np.bool_),
            areas=np.array([row.area for row, _ in kept], dtype=np.float64),
        ),
        tuple(row.uuid for row, _ in kept),
    )


def _box_alone(record: ImageRecord, annotation: AnnotationRecord, classes: Mapping[int, int]) -> Sample | None:
    """The sample of this one object; None where training would leave it out."""
    alone = replace(record, annotations=(annotation,), state="annotated")
    sample = box_sample(alone, classes, Notes())
    return sample if sample is not None and len(sample.boxes) + len(sample.crowd) else None


def tag_truth(record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> TagTruth | None:
    """The class of the image, or None where it has no tag."""
    sample = tag_sample(replace(record, path=Path()), classes, notes)
    if sample is None:
        return None
    uuid = next(row.uuid for row in record.annotations if row.shape_type == "tag")
    return TagTruth(record.number, sample.label, uuid)


@dataclass(frozen=True, slots=True)
class RegionTruth:
    """The packed label map of one image, see `training_app/engine/label_maps.py`."""

    image: int
    width: int
    height: int
    label_map: bytes


def region_truth(record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> RegionTruth | None:
    """The class of every pixel, or None for an image that nobody has labelled."""
    sample = region_sample(replace(record, path=Path()), classes, notes)
    return None if sample is None else RegionTruth(record.number, record.width, record.height, sample.label_map)


def relabelling(recipe: Recipe, classes: Sequence[ClassRecord]) -> Callable[[ImageRecord], ImageRecord]:
    """Labels under the classes that a model was trained on: those that its recipe left out or made one.

    Pictures that were left out of training are judged all the same.
    """
    kitchen = Kitchen(replace(recipe, steps=tuple(step for step in recipe.steps if step.facts.labels_only)), classes)

    def relabel(record: ImageRecord) -> ImageRecord:
        left = (dish.record for dish in kitchen.prepare(kitchen.take(record)))
        return next(left, replace(record, annotations=()))

    return relabel
