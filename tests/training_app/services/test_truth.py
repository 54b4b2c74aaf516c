"""Evaluation and training read labels by the same rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from datasets_app.ir import AnnotationRecord, Box, ClassRecord, ImageRecord
from datasets_app.recipes.recipe import read_recipe
from training_app.engine.samples import Notes, box_sample
from training_app.services.truth import box_truth, relabelling, tag_truth

CLASSES = {1: 0, 5: 1}


def annotation(number: int, box: Box, *, kind: str = "box", crowd: bool = False) -> AnnotationRecord:
    area = box[2] * box[3]
    return AnnotationRecord(f"uuid-{box}", number, kind, box, area, "{}", crowd=crowd)


def record(*annotations: AnnotationRecord, state: str = "annotated") -> ImageRecord:
    return ImageRecord(7, "a.png", 100, 80, annotations, state=state)


def test_objects_are_those_that_training_learns_from() -> None:
    # given one good, one across the edge, one too thin, one crowd, one tag
    given = record(
        annotation(1, (10.0, 10.0, 20.0, 20.0)),
        annotation(5, (0.0, 0.0, 50.0, 50.0), crowd=True),
        annotation(5, (90.0, -5.0, 30.0, 30.0)),
        annotation(1, (0.0, 0.0, 0.5, 30.0)),
        annotation(1, (0.0, 0.0, 100.0, 80.0), kind="tag"),
    )

    # when
    truth = box_truth(given, CLASSES, Notes())
    sample = box_sample(replace(given, path=Path()), CLASSES, Notes())

    # then
    assert truth is not None
    assert sample is not None
    boxes = truth.truths.boxes
    assert boxes.tolist() == [[10, 10, 20, 20], [0, 0, 50, 50], [90, 0, 10, 25]]
    assert truth.truths.classes.tolist() == [0, 1, 1]
    assert truth.truths.crowd.tolist() == [False, True, False]
    assert truth.truths.areas is not None
    assert truth.truths.areas.tolist() == [400, 2500, 900]
    assert truth.uuids == tuple(row.uuid for row in given.annotations[:3])
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    assert sample.boxes.tolist() == corners[~truth.truths.crowd].tolist()
    assert sample.crowd.tolist() == corners[truth.truths.crowd].tolist()


@pytest.mark.parametrize(("state", "counts"), [("verified_empty", True), ("annotated", True), ("unlabelled", False)])
def test_empty_image_counts_only_when_somebody_looked(state: str, counts: bool) -> None:
    notes = Notes()
    truth = box_truth(record(state=state), CLASSES, notes)
    assert (truth is not None) is counts
    assert bool(notes.sentences()) is not counts
    if truth is not None:
        assert (truth.truths.boxes.shape, truth.uuids) == ((0, 4), ())


def test_tag_of_an_image_is_its_class() -> None:
    tag = annotation(5, (0.0, 0.0, 100.0, 80.0), kind="tag")
    truth = tag_truth(record(annotation(1, (1.0, 1.0, 5.0, 5.0)), tag), CLASSES, Notes())
    assert truth is not None
    assert (truth.image, truth.index, truth.uuid) == (7, 1, tag.uuid)
    assert tag_truth(record(), CLASSES, Notes()) is None


def test_labels_are_told_under_the_classes_that_the_model_learned() -> None:
    # given: vans are cars to the model, and dogs are nothing
    classes = (ClassRecord(1, "car"), ClassRecord(5, "van"), ClassRecord(6, "dog"))
    steps = [
        {"op": "resize_picture"},
        {"op": "remap_classes", "parameters": {"names": {"van": "car"}}},
        {"op": "filter_classes", "parameters": {"names": ["dog"]}},
        {"op": "drop_empty"},
    ]
    relabel = relabelling(read_recipe({"operations": steps}), classes)
    van, dog = annotation(5, (10.0, 10.0, 20.0, 20.0)), annotation(6, (40.0, 10.0, 20.0, 20.0))

    # when
    both, empty = relabel(record(van, dog)), relabel(record(dog))

    # then: pictures stay as they are and none is left out
    assert both == record(replace(van, class_number=1))
    assert empty == record()
