"""The contract of a recipe's operation: pictures with their annotations in, the same out. No Django here.

An operation is one module in `operations/` and one entry in `catalog.py`. Whether it prepares pictures of every split
or varies those of training stands in its facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from datasets_app.ir import ClassRecord, ImageRecord
from datasets_app.recipes.follow import follow
from datasets_app.recipes.warp import Matrix, Pixels, Warp, warp_pixels


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture on its way through a recipe.

    `read` gives the pixels when somebody wants them: labels travel without a picture being decoded. `matrix` leads
    from points of the stored picture to points of this one. `part` tells pieces of one picture apart.
    """

    record: ImageRecord
    read: Callable[[], Pixels]
    matrix: Matrix = field(default_factory=lambda: np.eye(3))
    part: str = ""
    is_stored: bool = True

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)"""
        return self.record.width, self.record.height


@dataclass(frozen=True, slots=True)
class Context:
    """What an operation may draw from: its own random numbers, the classes, and other pictures of training."""

    rng: np.random.Generator
    classes: Mapping[int, ClassRecord]
    others: Callable[[int], Sequence[Sample]] = lambda count: ()  # noqa: ARG005  none where only one picture is known


class Operation(Protocol):
    """One step of a recipe. Equal samples, parameters and random numbers give equal results."""

    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        """What becomes of the picture: mostly one, none where it is left out, several where it is cut.

        Random numbers are drawn here, never when the pixels are read.
        """

    def classes(self, classes: Sequence[ClassRecord], parameters: Mapping[str, Any]) -> tuple[ClassRecord, ...]:  # noqa: ARG002  what most inherit
        """The classes of the data set after this step."""
        return tuple(classes)


def warped(sample: Sample, warp: Warp, context: Context, *, fill: int = 0, min_visible: float = 0.0) -> Sample:
    """Pixels and shapes after the same warp."""
    record, read = sample.record, sample.read
    moved = follow(record.annotations, warp, sample.size, context.classes, min_visible=min_visible)
    return replace(
        sample,
        record=replace(record, width=warp.width, height=warp.height, annotations=moved),
        read=lambda: warp_pixels(read(), warp, fill=fill),
        matrix=warp.matrix @ sample.matrix,
        is_stored=False,
    )


def recoloured(sample: Sample, change: Callable[[Pixels], Pixels]) -> Sample:
    """Pixels in other colours; shapes stay."""
    read = sample.read
    return replace(sample, read=lambda: change(read()), is_stored=False)


def happens(parameters: Mapping[str, Any], context: Context) -> bool:
    """Whether an operation with a `probability` acts this time; draws one number."""
    return bool(context.rng.random() < parameters["probability"])
