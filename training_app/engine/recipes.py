"""A version's recipe in training and prediction: pictures prepared and varied on the fly, shapes led back.

What a network predicts lies in pixels of the prepared picture; people and evaluations see stored pictures. Imports no
torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from annotator.core.geometry.shapes import canonical
from datasets_app.ir import ClassRecord, ImageRecord
from datasets_app.recipes.apply import COMPANIONS, Kitchen
from datasets_app.recipes.base import Sample as Dish
from datasets_app.recipes.follow import follow_shape
from datasets_app.recipes.recipe import Recipe, RecipeError, read_recipe
from datasets_app.recipes.warp import Matrix, Warp
from training_app.engine.errors import EngineError
from training_app.engine.pictures import to_rgb

MAPS = ("label_map", "confidence")
"""What is told of every pixel of a piece: arrays, as Base64 of a PNG in the lines, and only when they are asked for."""
SAME_OBJECT = 0.5
"""Boxes of a class in neighbouring tiles that overlap this much are one object."""
T = TypeVar("T")


def job_recipe(value: Any) -> Recipe:
    """The recipe in a job or checkpoint. Raises `EngineError`."""
    try:
        return read_recipe(value)
    except RecipeError as error:
        raise EngineError("bad_recipe", f"The recipe cannot be carried out. {error}") from error


def kitchen_of(recipe: Recipe, classes: Sequence[ClassRecord]) -> Kitchen | None:
    """The recipe ready for these classes; None where it does nothing."""
    return Kitchen(recipe, classes) if recipe.steps else None


def take_companions(kitchen: Kitchen, dishes: Sequence[Dish]) -> None:
    """The pictures of training that may come into others."""
    kitchen.companions = tuple(dishes[:COMPANIONS])


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture as the network gets it: the whole, or a tile. `matrix` leads from the stored picture to it."""

    picture: Image.Image
    matrix: Matrix
    size: tuple[int, int]

    def lead_back(self, shape: Mapping[str, Any], size: tuple[int, int]) -> list[dict[str, Any]]:
        """The shape in the stored picture of that size."""
        inverse: Matrix = np.linalg.inv(self.matrix).astype(np.float64)
        return follow_shape(dict(shape), Warp(inverse, *size), self.size)


class PictureRecipe:
    """What a recipe does to the pixels of any picture, for prediction: nothing is left out, nothing is varied."""

    def __init__(self, recipe: Recipe) -> None:
        steps = tuple(step for step in recipe.preprocessing if not step.facts.labels_only)
        self._kitchen = kitchen_of(replace(recipe, steps=steps, copies=0), ())

    def pieces(self, picture: Image.Image) -> list[Piece]:
        """At least one; the picture itself where the recipe leaves pixels alone."""
        width, height = picture.size
        whole = Piece(picture, np.eye(3), (width, height))
        if self._kitchen is None:
            return [whole]
        pixels = np.array(to_rgb(picture), dtype=np.uint8)
        pixels.setflags(write=False)
        dish = Dish(ImageRecord(0, "", width, height), lambda: pixels)
        return [Piece(Image.fromarray(found.read()), found.matrix, found.size) for found in self._kitchen.prepare(dish)]

    def merge(
        self, answers: Sequence[dict[str, Any]], pieces: Sequence[Piece], size: tuple[int, int], limit: int
    ) -> dict[str, Any]:
        """One answer for the stored picture from those for its pieces."""
        if self._kitchen is None:
            return answers[0]
        rows = [
            {**row, "shape": shape}
            for answer, piece in zip(answers, pieces, strict=True)
            for row in answer["predictions"]
            for shape in piece.lead_back(row["shape"], size)[:1]
        ]
        if len(pieces) > 1:
            rows = without_doubles(sorted(rows, key=lambda row: -row["score"]), size)
        # Maps are of the pieces: who wants one of the stored picture paints its regions.
        extra = {key: value for key, value in answers[0].items() if key not in ("predictions", *MAPS)}
        return {**extra, "predictions": rows[:limit]}


def without_doubles(rows: Sequence[dict[str, Any]], size: tuple[int, int]) -> list[dict[str, Any]]:
    """Rows, best first, less those whose box overlaps a better one of its class: neighbouring tiles see one object."""
    boxes = np.array([canonical(row["shape"], *size).box for row in rows], dtype=np.float64).reshape(-1, 4)
    classes = np.array([row["class_number"] for row in rows])
    free = np.ones(len(rows), dtype=np.bool_)
    kept: list[dict[str, Any]] = []
    for index, row in enumerate(rows):
        if not free[index]:
            continue
        kept.append(row)
        low = np.maximum(boxes[:, :2], boxes[index, :2])
        high = np.minimum(boxes[:, :2] + boxes[:, 2:], boxes[index, :2] + boxes[index, 2:])
        both = np.clip(high - low, 0, None).prod(axis=1)
        # Of an object cut by a tile's edge one box is a part of the other: the smaller of the two decides.
        areas = boxes[:, 2:].prod(axis=1)
        share = both / np.maximum(np.minimum(areas, areas[index]), 1e-9)
        overlap = both / np.maximum(areas + areas[index] - both, 1e-9)
        free &= (classes != row["class_number"]) | ((overlap < SAME_OBJECT) & (share < 1 - SAME_OBJECT / 5))
    return kept


def varied(
    kitchen: Kitchen, dish: Dish, epoch: int, read: Callable[[ImageRecord], T | None]
) -> tuple[T, Image.Image] | None:
    """A view of the picture for this epoch as `read` makes it of the record; None where nothing is left to learn."""
    for found in kitchen.vary(dish, epoch + 1):
        target = read(found.record)
        if target is not None:
            return target, Image.fromarray(found.read())
    return None


def prepared(kitchen: Kitchen | None, record: ImageRecord) -> Iterator[tuple[ImageRecord, Dish | None]]:
    """What preprocessing makes of an image, with where its pixels come from; the image itself without a recipe."""
    if kitchen is None:
        yield record, None
        return
    for dish in kitchen.prepare(kitchen.take(record)):
        yield dish.record, dish
