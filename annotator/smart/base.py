"""The contract of an interactive segmentation method: `embed` is slow and cached, `predict` is fast. No Django here.

A method is one module in `methods/` and one entry in `catalog.py`. Pictures are `uint8` arrays of shape
(height, width, 3), RGB. Points are (x, y) pixels of the upright picture; boxes half-open `(x, y, width, height)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from annotator.core.parameters import Parameter

Picture = npt.NDArray[np.uint8]
"""(height, width, 3) uint8 RGB."""

Embedding = Mapping[str, npt.NDArray[Any]]
"""Named arrays that `predict` needs; empty for a method without a slow part."""

MOST_OBJECTS = 500
MASK_BYTES = 512 << 20
OUTPUTS = ("polygon", "mask", "box")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A painted line through `points` (x, y), `width` pixels of the picture wide: sign +1 belongs to the object.

    `label` tells kinds of objects apart for methods with `several`: the id of a class.
    """

    points: tuple[tuple[float, float], ...]
    width: float
    sign: int
    label: int = 0


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the person pointed at. `points` are (x, y, sign): sign +1 belongs to the object, -1 does not."""

    points: tuple[tuple[float, float, int], ...] = ()
    box: tuple[float, float, float, float] | None = None
    strokes: tuple[Stroke, ...] = ()

    @property
    def positive(self) -> tuple[tuple[float, float], ...]:
        """(x, y) of clicks on the object and of the corners of strokes on it."""
        return self._signed(1)

    @property
    def negative(self) -> tuple[tuple[float, float], ...]:
        """The same of what does not belong to it."""
        return self._signed(-1)

    def _signed(self, wanted: int) -> tuple[tuple[float, float], ...]:
        clicked = tuple((x, y) for x, y, sign in self.points if sign == wanted)
        return clicked + tuple(point for stroke in self.strokes if stroke.sign == wanted for point in stroke.points)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer: `mask` is (height, width) bool over the whole picture, `score` in 0 … 1, `label` of the strokes."""

    mask: npt.NDArray[np.bool_]
    score: float
    label: int = 0


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """What is known of a method without importing it: the facts of its catalog entry."""

    description: str
    points: bool = False
    negative_points: bool = False
    box: bool = False
    strokes: bool = False
    several: bool = False
    """Its candidates are objects of their own, not alternatives for one."""
    outputs: tuple[str, ...] = OUTPUTS
    parameters: tuple[Parameter, ...] = ()
    weights: tuple[str, ...] = ()
    embeds: bool = False
    decoder: bool = False
    """Its fast part can be exported for the browser: it is a `DecoderMethod`."""
    everything: tuple[Parameter, ...] = ()
    """What can be set where it finds every object of a picture; empty where it cannot: else an `EverythingMethod`."""


def most_objects(picture: Picture) -> int:
    """How many candidates a method with `several` may answer with: their masks have to fit into memory."""
    return max(1, min(MOST_OBJECTS, MASK_BYTES // max(1, int(picture[..., 0].size))))


class PromptError(ValueError):
    """The prompt cannot be used by this method; the message says what it needs."""


class WeightsError(ValueError):
    """A weights file is not what the method needs; the message says what differs."""


class SmartMethod(Protocol):
    """One method, loaded once per worker process.

    `weights` maps weight keys of the catalog entry to verified local files (empty for methods without weights).
    An attribute `note`, where there is one, goes with each answer: a sentence, empty when all is as it should be.
    Raises `WeightsError`.
    """

    def __init__(self, weights: Mapping[str, Path]) -> None: ...

    def embed(self, picture: Picture) -> Embedding:
        """The slow part, once per picture. Cached by picture, method and weights alone: it sees no parameter."""

    def predict(
        self, picture: Picture, embedding: Embedding, prompt: Prompt, parameters: Mapping[str, Any]
    ) -> list[Candidate]:
        """The fast part, best candidate first, at least one. Raises `PromptError`."""


class DecoderMethod(SmartMethod, Protocol):
    """A method whose fast part the browser can run from the embedding alone."""

    def export_decoder(self) -> bytes:
        """An ONNX model with the inputs and outputs of `methods/_decoder.py`."""


class EverythingMethod(SmartMethod, Protocol):
    """A method that finds every object of a picture without a prompt."""

    def everything(
        self,
        picture: Picture,
        embedding: Embedding,
        parameters: Mapping[str, Any],
        progress: Callable[[int, int], None],
    ) -> Iterator[Candidate]:
        """The objects, the best first; `progress` is told of steps done and steps in all, and may raise to stop it."""
