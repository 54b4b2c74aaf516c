"""Recipes in training and prediction: pictures are prepared alike, and what is found is told in stored pixels."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from datasets_app.recipes.recipe import read_recipe
from tests.training_app.engine.scenes import (
    classification_dataset,
    detection_dataset,
    train_data,
    train_here,
)
from tests.training_app.engine.test_predict import pictures_of, predict_here
from training_app.engine.errors import EngineError
from training_app.engine.job import train_job
from training_app.engine.recipes import PictureRecipe, without_doubles

SIZE = (320, 200)
OBJECT = (170.0, 90.0, 60.0, 40.0)
TILES = {"op": "cut_tiles", "parameters": {"width": 120, "height": 120, "overlap": 0.5}}


def step(op: str, **parameters: Any) -> dict[str, Any]:
    return {"op": op, "parameters": parameters}


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [step("grey_picture"), step("drop_empty"), step("filter_classes", names=["red"])],
        [step("resize_picture", mode="stretch", width=100, height=90)],
        [step("resize_picture", mode="pad", width=128, height=128)],
        [step("resize_picture", mode="fill", width=128, height=100)],
        [step("resize_picture", mode="long_side", width=640)],
        [TILES],
        [step("resize_picture", mode="fit", width=200, height=200), TILES],
    ],
    ids=lambda steps: "+".join(row["op"] + row["parameters"].get("mode", "") for row in steps) or "nothing",
)
def test_an_object_found_in_prepared_pictures_is_told_in_stored_pixels(steps: list[dict[str, Any]]) -> None:
    # given: a white object, and a network that finds the white part of each piece
    pixels = np.zeros((SIZE[1], SIZE[0], 3), dtype=np.uint8)
    x, y, width, height = (int(value) for value in OBJECT)
    pixels[y : y + height, x : x + width] = 255
    recipe = PictureRecipe(read_recipe({"operations": steps}))

    # when
    pieces = recipe.pieces(Image.fromarray(pixels))
    answer = recipe.merge([white_in(piece.picture) for piece in pieces], pieces, SIZE, 10)

    # then
    (found,) = answer["predictions"]
    assert found["shape"]["box"] == pytest.approx(OBJECT, abs=3.0)


def white_in(picture: Image.Image) -> dict[str, Any]:
    rows, columns = np.nonzero(np.asarray(picture)[:, :, 0] > 127)
    # An object that a piece shows in part is seen less surely.
    if not rows.size:
        return {"predictions": []}
    low, high = (float(columns.min()), float(rows.min())), (float(columns.max()) + 1, float(rows.max()) + 1)
    box = [*low, high[0] - low[0], high[1] - low[1]]
    return {"predictions": [{"class_number": 3, "score": rows.size / 1e5, "shape": {"type": "box", "box": box}}]}


def test_neighbours_and_other_classes_are_no_doubles() -> None:
    rows = [
        {"class_number": number, "score": score, "shape": {"type": "box", "box": box}}
        for number, score, box in (
            (3, 0.9, [10, 10, 40, 40]),
            (3, 0.8, [12, 10, 40, 40]),
            (7, 0.7, [10, 10, 40, 40]),
            (3, 0.6, [60, 10, 40, 40]),
            (3, 0.5, [30, 10, 19, 40]),
        )
    ]

    assert [row["score"] for row in without_doubles(rows, (200, 200))] == [0.9, 0.7, 0.6]


def test_a_detector_learns_through_a_recipe_and_finds_objects_in_stored_pixels(tmp_path: Path) -> None:
    # given: pictures doubled in size by the recipe, cut into tiles, and varied
    dataset = detection_dataset(tmp_path / "data")
    steps = [
        step("resize_picture", mode="stretch", width=192, height=128),
        step("cut_tiles", width=128, height=128, overlap=0.3),
        step("random_flip", left_right=0.5, up_down=0.5),
        step("vary_colour", brightness=0.1, contrast=0.1, saturation=0.1, hue=0),
        step("four_mosaic", probability=0.2),
    ]
    settings = {"image_size": 64, "epochs": 8, "learning_rate": 0.01}
    data = train_data(dataset, tmp_path / "run", "tiny_detector", **settings)

    # when
    events = train_here({**data, "recipe": {"operations": steps, "seed": 2}})
    job = {"checkpoint": str(tmp_path / "run" / "best"), "output": str(tmp_path / "p.jsonl")}
    images = pictures_of(dataset)
    _, lines = predict_here({**job, "images": images, "config": {"min_score": 0.05, "batch_size": 3}})

    # then
    assert events.named("started")[0]["train_images"] == 24
    assert [line["number"] for line in lines] == [image["number"] for image in images]
    boxes = np.array([row["shape"]["box"] for line in lines for row in line["predictions"]])
    assert len(boxes)
    assert boxes.min() >= 0
    assert ((boxes[:, :2] + boxes[:, 2:]) <= (96.01, 64.01)).all()


def test_classes_that_a_recipe_makes_one_are_one_for_the_network(tmp_path: Path) -> None:
    dataset = classification_dataset(tmp_path / "data")
    data = train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=1)
    steps = [step("remap_classes", names={"green": "red"}), step("random_blur", probability=1.0)]

    train_here({**data, "recipe": {"operations": steps}})
    _, lines = predict_here(
        {"checkpoint": str(tmp_path / "run" / "best"), "images": pictures_of(dataset), "output": str(tmp_path / "p")}
    )

    assert {row["class_number"] for line in lines for row in line["predictions"]} == {3}


def test_a_recipe_that_is_none_is_refused(tmp_path: Path) -> None:
    data = {**train_data(tmp_path, tmp_path, "tiny_classifier"), "recipe": {"operations": [step("sharpen")]}}

    with pytest.raises(EngineError, match="There is no recipe operation 'sharpen'"):
        train_job(data)
