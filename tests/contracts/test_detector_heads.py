"""What every kind of detector head must keep."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from training_app.engine.detectors.base import Guess, Head
from training_app.engine.detectors.catalog import HEADS
from training_app.engine.detectors.declaration import read_declaration

SIZE = (96, 64)
CLASSES = 3
PLACES = sum((SIZE[0] // step) * (SIZE[1] // step) for step in (8, 16, 32))
KEYS = HEADS.keys()


def shapes_of_outputs() -> Iterator[tuple[tuple[int, ...], ...]]:
    """Outputs that detectors for an input of `SIZE` have, with and without a score that there is an object."""
    for extra in (5, 4):
        for places in (PLACES, 84 + 21):
            yield ((1, places, extra + CLASSES),)
            yield ((1, extra + CLASSES, places),)
        for step in (8, 16, 32):
            yield ((1, extra + CLASSES, SIZE[1] // step, SIZE[0] // step),)
        yield tuple((1, extra + CLASSES, SIZE[1] // step, SIZE[0] // step) for step in (8, 16, 32))


def fitting(key: str) -> tuple[Head, tuple[tuple[int, ...], ...], Guess]:
    head = HEADS.load(key)()
    for shapes in shapes_of_outputs():
        if (found := head.guess(shapes, SIZE)) is not None:
            return head, shapes, found
    raise AssertionError(f"{key} recognises none of the usual outputs: add its own to `shapes_of_outputs`.")


@pytest.mark.parametrize("key", KEYS)
def test_head_recognises_its_outputs_and_no_others(key: str) -> None:
    head, shapes, found = fitting(key)
    assert found.class_count in {CLASSES, CLASSES + 1}
    assert found.strides
    for others in ((), ((1,),), ((2, *shapes[0][1:]), *shapes[1:]), (*shapes, (1, 7))):
        assert head.guess(others, SIZE) is None


@pytest.mark.parametrize("key", KEYS)
def test_head_answers_a_box_and_scores_for_every_place(key: str) -> None:
    head, shapes, found = fitting(key)
    generator = np.random.default_rng(5)
    outputs = [generator.random(shape, dtype=np.float32) for shape in shapes]
    decoded = head.decode(outputs, SIZE, found.strides)
    assert decoded.boxes.shape == (len(decoded.scores), 4)
    assert decoded.scores.shape[1] == found.class_count
    assert decoded.scores.min() >= 0
    assert decoded.scores.max() <= 1
    assert (decoded.boxes[:, 2:] > 0).all()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", [0.0, -1e30, 1e30, np.inf, np.nan])
def test_head_survives_any_number(key: str, value: float) -> None:
    head, shapes, found = fitting(key)
    outputs = [np.full(shape, value, dtype=np.float32) for shape in shapes]
    with np.errstate(all="ignore"):
        decoded = head.decode(outputs, SIZE, found.strides)
    assert len(decoded.boxes) == len(decoded.scores)


@pytest.mark.parametrize("key", KEYS)
def test_inputs_of_the_catalog_are_declarations(key: str) -> None:
    facts = HEADS.get_entry(key).facts
    assert facts["description"].endswith(".")
    for way in facts["inputs"]:
        declared = read_declaration({"head": key, "size": SIZE, "strides": [8], "classes": ["a"], **way["values"]})
        assert declared.head == key
        assert way["title"]
