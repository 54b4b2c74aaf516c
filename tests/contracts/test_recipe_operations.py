"""Every operation of recipes keeps the contract; a newcomer is tested without a new test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from annotator.core.geometry.shapes import canonical
from annotator.core.registry import Entry
from datasets_app.ir import ImageRecord
from datasets_app.recipes.apply import Kitchen
from datasets_app.recipes.base import Sample
from datasets_app.recipes.catalog import OPERATIONS, get_facts
from datasets_app.recipes.facts import STAGES
from datasets_app.recipes.recipe import Recipe, read_recipe
from tests.architecture.sources import ROOT
from tests.datasets_app.recipes.scenes import CLASSES, iou, mask_picture, painted, record, with_pixels

ENTRIES = list(OPERATIONS)
COPIES = range(1, 7)
MOVED_AS_ONE = frozenset({"polygon", "mask"})
"""Kinds that follow every warp exactly; boxes and ellipses do so only where the outcome is one of them."""
LEAST_PIXELS = 1000

every = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.key)
every_mover = pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if get_facts(entry.key).moves_pixels and not get_facts(entry.key).mixes],
    ids=lambda entry: entry.key,
)


def always(entry: Entry) -> dict[str, Any]:
    """Parameters with which an operation acts each time."""
    keys = {parameter.key for parameter in get_facts(entry.key).parameters}
    return {"probability": 1.0} if "probability" in keys else {}


def recipe_of(entry: Entry, parameters: Mapping[str, Any] | None = None) -> Recipe:
    chosen = always(entry) if parameters is None else dict(parameters)
    return read_recipe({"operations": [{"op": entry.key, "parameters": chosen}], "seed": 5})


def cook(entry: Entry, image: ImageRecord, parameters: Mapping[str, Any] | None = None) -> list[Sample]:
    """What becomes of an image, in six copies where the operation varies."""
    kitchen = Kitchen(recipe_of(entry, parameters), CLASSES)
    kitchen.companions = [kitchen.take(record(number)) for number in range(2, 7)]
    prepared = list(kitchen.prepare(kitchen.take(image)))
    if get_facts(entry.key).stage == STAGES[0]:
        return prepared
    return [result for sample in prepared for copy in COPIES for result in kitchen.vary(sample, copy)]


def test_listing_the_operations_imports_nothing_that_runs_them() -> None:
    program = (
        "import sys, datasets_app.recipes.catalog, datasets_app.recipes.recipe\n"
        "print([name for name in ('torch', 'cv2', 'torchvision', 'shapely') if name in sys.modules])"
    )

    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


@every
def test_the_catalog_says_what_the_interface_must_show(entry: Entry) -> None:
    facts = get_facts(entry.key)

    assert entry.title
    assert facts.stage in STAGES
    assert facts.description.endswith(".")
    assert facts.moves_pixels or not facts.cuts
    assert not (facts.moves_pixels and facts.labels_only)
    assert len({parameter.key for parameter in facts.parameters}) == len(facts.parameters)
    for parameter in facts.parameters:
        assert parameter.title
        assert parameter.help.endswith(".")
        if parameter.type in {"number", "integer"}:
            assert parameter.minimum is not None
            assert parameter.maximum is not None
            assert parameter.step


@every
def test_a_recipe_of_it_reads_back_as_it_was_kept(entry: Entry) -> None:
    recipe = recipe_of(entry, {})

    assert read_recipe(recipe.as_dict()) == recipe
    assert set(recipe.as_dict()["operations"][0]["parameters"]) == {p.key for p in get_facts(entry.key).parameters}


@every
def test_the_same_seed_gives_the_same_pictures_and_shapes(entry: Entry) -> None:
    first, second = cook(entry, record()), cook(entry, record())

    assert [one.record.annotations for one in first] == [two.record.annotations for two in second]
    assert all(np.array_equal(one.read(), two.read()) for one, two in zip(first, second, strict=True))


@every
def test_shapes_come_out_canonical_and_pictures_of_the_stated_size(entry: Entry) -> None:
    results = cook(entry, record())

    assert results
    for sample in results:
        pixels = sample.read()
        assert pixels.dtype == np.uint8
        assert pixels.shape == (sample.record.height, sample.record.width, 3)
        for row in sample.record.annotations:
            checked = canonical(row.shape, *sample.size)
            assert (checked.json, checked.box) == (row.shape_json, row.box)
            assert checked.area == row.area


@every
def test_the_given_picture_is_left_as_it_was(entry: Entry) -> None:
    image = record()
    kept = replace(image)
    pixels = Kitchen(Recipe(), CLASSES).take(image).read().copy()

    for sample in cook(entry, image):
        sample.read()

    assert image == kept
    assert np.array_equal(Kitchen(Recipe(), CLASSES).take(image).read(), pixels)


@every
def test_it_acts_and_says_truly_whether_pixels_move(entry: Entry) -> None:
    image = record()
    facts = get_facts(entry.key)
    samples = cook(entry, image)

    if facts.labels_only:
        assert all(sample.is_stored for sample in samples)
    if not facts.moves_pixels:
        assert all(sample.size == (image.width, image.height) for sample in samples)
        assert all(np.array_equal(sample.matrix, np.eye(3)) for sample in samples)
        shapes = {row.shape_json for row in image.annotations}
        assert all(row.shape_json in shapes for sample in samples for row in sample.record.annotations)
    if facts.parameters and "probability" in {parameter.key for parameter in facts.parameters}:
        assert any(not sample.is_stored for sample in samples)


@every
def test_a_picture_without_annotations_passes(entry: Entry) -> None:
    for sample in cook(entry, replace(record(), annotations=())):
        assert sample.read().shape == (sample.record.height, sample.record.width, 3)


@every_mover
def test_shapes_follow_the_pixels(entry: Entry) -> None:
    """Each shape is painted as a picture of its own; the operation moves both, and they must agree."""
    image = record()
    least = {"min_visible": 0.0} if "min_visible" in {p.key for p in get_facts(entry.key).parameters} else {}
    fill = {"fill": 0} if "fill" in {p.key for p in get_facts(entry.key).parameters} else {}
    parameters = {**always(entry), **least, **fill}
    compared = 0

    for row in image.annotations:
        if row.shape_type not in MOVED_AS_ONE:
            continue
        mask = painted(row, (image.width, image.height))
        alone = with_pixels(replace(image, annotations=(row,)), mask_picture(mask))
        for sample in cook(entry, alone, parameters):
            moved = sample.read()[:, :, 0] > 127
            if not sample.record.annotations:
                assert moved.sum() < 20
                continue
            (after,) = sample.record.annotations
            followed = painted(after, sample.size)
            # Of a sliver most pixels lie on the outline, where half of a pixel decides.
            if moved.sum() >= LEAST_PIXELS:
                assert iou(moved, followed) >= 0.98
                compared += 1

    assert compared
