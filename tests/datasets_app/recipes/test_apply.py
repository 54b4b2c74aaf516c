"""Recipes over data sets: what is in them afterwards, the same in every process, and streamed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from datasets_app.ir import Dataset, ImageRecord
from datasets_app.recipes.apply import apply_recipe
from datasets_app.recipes.recipe import Recipe, read_recipe
from tests.architecture.sources import ROOT
from tests.datasets_app.recipes.scenes import CLASSES, HEIGHT, WIDTH, dataset, pixels_of, record, with_pixels

VARIED = (
    {"op": "resize_picture", "parameters": {"mode": "fit", "width": 200, "height": 200}},
    {"op": "random_flip"},
    {"op": "free_turn", "parameters": {"probability": 1.0}},
    {"op": "vary_colour", "parameters": {"probability": 1.0}},
    {"op": "random_noise", "parameters": {"probability": 1.0}},
    {"op": "four_mosaic", "parameters": {"probability": 0.5}},
)


def recipe(*operations: Any, **rest: Any) -> Recipe:
    return read_recipe({"operations": list(operations), **rest})


def step(op: str, **parameters: Any) -> dict[str, Any]:
    return {"op": op, "parameters": parameters}


def applied(given: Recipe, *records: ImageRecord) -> list[ImageRecord]:
    return list(apply_recipe(dataset(*records), given).images)


def fingerprint() -> str:
    """Everything of a varied data set, in one number."""
    found = applied(recipe(*VARIED, copies=2, seed=4), *(record(number) for number in range(1, 6)))
    digest = hashlib.sha256()
    for image in found:
        digest.update(repr((image.number, image.name, image.uuid, image.annotations)).encode())
        assert image.open is not None
        with image.open() as source:
            digest.update(source.read())
    return digest.hexdigest()


def test_another_process_makes_the_same_bytes() -> None:
    program = "from tests.datasets_app.recipes.test_apply import fingerprint; print(fingerprint())"

    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == fingerprint()


def test_an_image_becomes_the_same_whatever_comes_before_it() -> None:
    varied = recipe(*VARIED[:-1], copies=1, seed=4)
    alone, among = applied(varied, record(3)), applied(varied, *(record(number) for number in (1, 2, 3)))

    for one, two in zip(alone, among[-2:], strict=True):
        assert (one.uuid, one.name, one.annotations) == (two.uuid, two.name, two.annotations)
        assert np.array_equal(pixels_of(one), pixels_of(two))


def test_seeds_and_copies_differ() -> None:
    one = applied(recipe(*VARIED[:3], copies=3, seed=1), record())
    two = applied(recipe(*VARIED[:3], copies=3, seed=2), record())

    assert len({str(image.annotations) for image in (*one[1:], *two[1:])}) == 6
    assert one[0].annotations == two[0].annotations


def test_copies_are_made_of_training_images_alone_beside_the_image_itself() -> None:
    found = applied(recipe(step("random_blur", probability=1.0), copies=2), record(1), record(2, split="val"))

    assert [(image.number, image.name, image.split) for image in found] == [
        (1, "scenes/1.png", "train"),
        (2, "scenes/1~copy1.png", "train"),
        (3, "scenes/1~copy2.png", "train"),
        (4, "scenes/2.png", "val"),
    ]
    assert len({image.uuid for image in found}) == 4
    assert len({row.uuid for image in found for row in image.annotations}) == sum(len(i.annotations) for i in found)
    assert np.array_equal(pixels_of(found[0]), pixels_of(record(1)))


def test_names_that_look_like_copies_meet_none() -> None:
    images = [replace(record(number), name=name) for number, name in ((1, "a.png"), (2, "a~copy1.png"))]

    names = [image.name for image in applied(recipe(step("random_blur"), copies=1), *images)]

    assert len(set(names)) == 4


def test_images_whose_pixels_stay_keep_bytes_and_numbers() -> None:
    image = record(7)

    (found,) = applied(recipe(step("filter_classes", mode="keep", names=["face"])), image)

    assert (found.open, found.sha256, found.number, found.name) == (image.open, image.sha256, 7, image.name)
    assert {row.class_number for row in found.annotations} == {2}


def test_classes_are_filtered_renamed_and_made_one() -> None:
    kept = apply_recipe(dataset(record()), recipe(step("filter_classes", names=["car"])))
    merged = apply_recipe(dataset(record()), recipe(step("remap_classes", names={"face": "car"})))
    renamed = apply_recipe(dataset(record()), recipe(step("remap_classes", names={"face": "head", "car": "head"})))

    assert [row.name for row in kept.classes] == ["face"]
    assert merged.classes == CLASSES[:1]
    assert {row.class_number for image in merged.images for row in image.annotations} == {1}
    assert [(row.number, row.name) for row in renamed.classes] == [(1, "head")]


def test_empty_images_are_left_out_up_to_a_share() -> None:
    image = record(200)
    images = [replace(image, uuid=str(UUID(int=number)), number=number, annotations=()) for number in range(1, 101)]
    images.append(image)

    none, some = (applied(recipe(step("drop_empty", keep=keep)), *images) for keep in (0.0, 0.3))

    assert [image.number for image in none] == [200]
    assert 15 < len(some) < 45


def test_tiles_cover_the_picture_and_show_each_pixel_where_it_is() -> None:
    # given: a picture whose colours tell their place
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    whole = np.stack([rows, columns % 256, columns // 256], axis=2).astype(np.uint8)
    seen = np.zeros((HEIGHT, WIDTH), dtype=np.bool_)

    # when
    tiles = applied(recipe(step("cut_tiles", width=130, height=100, overlap=0.25)), with_pixels(record(), whole))

    # then
    assert [tile.name for tile in tiles[:2]] == ["scenes/1~tile1.png", "scenes/1~tile2.png"]
    for tile in tiles:
        pixels = pixels_of(tile)
        y, x = int(pixels[0, 0, 0]), int(pixels[0, 0, 1]) + 256 * int(pixels[0, 0, 2])
        assert (tile.width, tile.height) == (130, 100)
        assert np.array_equal(pixels, whole[y : y + 100, x : x + 130])
        seen[y : y + 100, x : x + 130] = True
    assert seen.all()


@pytest.mark.parametrize(
    ("mode", "size"),
    [
        ("stretch", (100, 100)),
        ("fit", (100, 75)),
        ("fill", (100, 100)),
        ("pad", (100, 100)),
        ("long_side", (100, 75)),
    ],
)
def test_resizing_comes_out_at_the_size_of_its_mode(mode: str, size: tuple[int, int]) -> None:
    (found,) = applied(recipe(step("resize_picture", mode=mode, width=100, height=100)), record())

    assert (found.width, found.height) == size
    assert pixels_of(found).shape == (size[1], size[0], 3)


def test_a_data_set_streams_through() -> None:
    """Images are asked for one by one, beyond those that may come into others."""
    asked = []

    def images() -> Iterator[ImageRecord]:
        for number in range(1, 200):
            asked.append(number)
            yield record(number)

    stream = iter(apply_recipe(Dataset(CLASSES, images()), recipe(step("random_flip"), copies=1)).images)
    for _ in range(4):
        next(stream)

    assert len(asked) == 2


def test_without_operations_nothing_happens() -> None:
    given = dataset(record())

    assert apply_recipe(given, Recipe()) is given
