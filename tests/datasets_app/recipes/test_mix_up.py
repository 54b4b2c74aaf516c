"""Blending two pictures: pixels by the share, objects of both with their picture's share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from annotator.core.geometry.shapes import canonical
from datasets_app.ir import AnnotationRecord, ImageRecord
from datasets_app.recipes.apply import Kitchen
from datasets_app.recipes.base import Sample
from datasets_app.recipes.recipe import read_recipe
from tests.datasets_app.recipes.scenes import CLASSES, HEIGHT, WIDTH, record, with_pixels


def plain(number: int, grey: int, *shapes: Mapping[str, object], label_class: int = 1) -> ImageRecord:
    rows = []
    for place, shape in enumerate(shapes):
        checked = canonical(dict(shape), WIDTH, HEIGHT)
        uuid = f"00000000-0000-4000-8000-{number:06}{place:06}"
        rows.append(AnnotationRecord(uuid, label_class, checked.type, checked.box, checked.area, checked.json))
    pixels = np.full((HEIGHT, WIDTH, 3), grey, dtype=np.uint8)
    return with_pixels(replace(record(number), annotations=tuple(rows)), pixels)


def mixed(own: ImageRecord, other: ImageRecord, copy: int = 1) -> Sample:
    recipe = read_recipe({"operations": [{"op": "mix_up", "parameters": {"probability": 1.0}}], "seed": 3})
    kitchen = Kitchen(recipe, CLASSES)
    kitchen.companions = [kitchen.take(other)]
    (found,) = kitchen.vary(kitchen.take(own), copy)
    return found


BOX = {"type": "box", "box": [10, 20, 30, 40]}
OTHER_BOX = {"type": "box", "box": [100, 120, 50, 60]}


@pytest.mark.parametrize("copy", range(1, 6))
def test_pixels_and_weights_tell_the_same_share(copy: int) -> None:
    found = mixed(plain(1, 200, BOX), plain(2, 0, OTHER_BOX, label_class=2), copy)

    own, guest = found.record.annotations
    assert (own.class_number, own.box, guest.class_number, guest.box) == (1, (10, 20, 30, 40), 2, (100, 120, 50, 60))
    assert own.weight >= 0.5
    assert own.weight + guest.weight == pytest.approx(1)
    assert found.read() == pytest.approx(np.full((HEIGHT, WIDTH, 3), 200 * own.weight), abs=0.51)


def test_copies_differ_in_their_share() -> None:
    shares = {mixed(plain(1, 200, BOX), plain(2, 0), copy).record.annotations[0].weight for copy in range(1, 6)}

    assert len(shares) == 5


def test_tags_of_both_stay_and_captions_of_the_guest_go() -> None:
    tag, caption = {"type": "tag"}, {"type": "caption", "text": "two cars"}

    found = mixed(plain(1, 9, tag, caption), plain(2, 9, tag, caption, label_class=2))

    assert [(row.class_number, row.shape_type) for row in found.record.annotations] == [
        (1, "tag"), (1, "caption"), (2, "tag"),
    ]  # fmt: skip
    assert len({row.uuid for row in found.record.annotations}) == 3


def test_a_picture_without_companions_stays() -> None:
    own = plain(1, 50, BOX)
    found = mixed(own, own)

    assert found.is_stored
    assert found.record.annotations == own.annotations
