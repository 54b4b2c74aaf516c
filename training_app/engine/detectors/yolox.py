"""The head of YOLOX (Ge et al., 2021, arXiv:2107.08430), as its exporter writes it: not yet led to pixels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from typing_extensions import override

from training_app.engine.detectors.base import Decoded, Floats, Guess, Head

USUAL_STRIDES = ((8, 16, 32), (8, 16, 32, 64))
BOX_AND_OBJECT = 5
LARGEST_LOG = 20.0
"""Beyond e^20 strides no box is meant, and beyond e^88 a float32 overflows."""


class YoloX(Head):
    @override
    def guess(self, shapes: Sequence[tuple[int, ...]], size: tuple[int, int]) -> Guess | None:
        if len(shapes) != 1 or len(shapes[0]) != 3 or shapes[0][0] != 1 or shapes[0][2] <= BOX_AND_OBJECT:
            return None
        for strides in USUAL_STRIDES:
            if sum((size[0] // step) * (size[1] // step) for step in strides) == shapes[0][1]:
                return Guess(strides, shapes[0][2] - BOX_AND_OBJECT)
        return None

    @override
    def decode(self, outputs: Sequence[Floats], size: tuple[int, int], strides: Sequence[int]) -> Decoded:
        rows = outputs[0][0]
        places, steps = _grid(size, strides)
        middles = (rows[:, :2] + places) * steps
        sides = np.exp(np.minimum(rows[:, 2:4], LARGEST_LOG)) * steps
        boxes = np.concatenate([middles - sides / 2, sides], axis=1)
        return Decoded(boxes, rows[:, 4:5] * rows[:, BOX_AND_OBJECT:])


def _grid(size: tuple[int, int], strides: Sequence[int]) -> tuple[Floats, Floats]:
    """(n, 2) column and row of each place and (n, 1) the stride of its grid, grid by grid and row by row."""
    places, steps = [], []
    for step in strides:
        rows, columns = np.mgrid[: size[1] // step, : size[0] // step]
        places.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        steps.append(np.full((rows.size, 1), step))
    return np.concatenate(places).astype(np.float32), np.concatenate(steps).astype(np.float32)
