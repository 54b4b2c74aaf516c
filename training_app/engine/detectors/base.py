"""The contract of a detector's head: what its raw outputs mean. Knows no file, no picture and no runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Guess:
    """What the shapes of outputs tell: pixels between the places of each grid, and the number of classes."""

    strides: tuple[int, ...]
    class_count: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """Per place of the output grids `boxes` (n, 4) x, y, width, height in input pixels and `scores` (n, classes)."""

    boxes: Floats
    scores: Floats


class Head(Protocol):
    """One way to write boxes into tensors. Without state; made without arguments."""

    def guess(self, shapes: Sequence[tuple[int, ...]], size: tuple[int, int]) -> Guess | None:
        """What outputs of these shapes would be for an input of (width, height) `size`; None where they do not fit."""

    def decode(self, outputs: Sequence[Floats], size: tuple[int, int], strides: Sequence[int]) -> Decoded:
        """Boxes and scores from 0 to 1 of one picture; every output has a leading axis of 1.

        Values that are not finite may come out; who calls leaves them out.
        """
