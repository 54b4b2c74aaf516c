"""The head of FastestDet (github.com/dog-qiuqiu/FastestDet): one grid, object and class scores already squashed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from typing_extensions import override

from training_app.engine.detectors.base import Decoded, Floats, Guess, Head

BOX_AND_OBJECT = 5
OBJECT_POWER, CLASS_POWER = 0.6, 0.4
"""The weights of the two scores in upstream's own post-processing."""


class FastestDet(Head):
    @override
    def guess(self, shapes: Sequence[tuple[int, ...]], size: tuple[int, int]) -> Guess | None:
        if len(shapes) != 1 or len(shapes[0]) != 4:
            return None
        batch, channels, rows, columns = shapes[0]
        if batch != 1 or channels <= BOX_AND_OBJECT or not rows or not columns:
            return None
        step = size[0] // columns
        is_whole = step * columns == size[0] and step * rows == size[1]
        return Guess((step,), channels - BOX_AND_OBJECT) if is_whole else None

    @override
    def decode(self, outputs: Sequence[Floats], size: tuple[int, int], strides: Sequence[int]) -> Decoded:
        found = outputs[0][0]
        height, width = found.shape[1:]
        rows, columns = np.mgrid[:height, :width]
        middles = np.stack([(columns + np.tanh(found[1])) / width, (rows + np.tanh(found[2])) / height], axis=-1)
        sides = 1.0 / (1.0 + np.exp(-np.clip(found[3:5], -30.0, 30.0))).transpose(1, 2, 0)
        whole = np.array(size, dtype=np.float32)
        boxes = np.concatenate([(middles - sides / 2) * whole, sides * whole], axis=-1).reshape(-1, 4)
        # Scores a hair below 0 come out of a rounded sigmoid; a power of them is not a number.
        objects = np.clip(found[:1], 0.0, 1.0) ** OBJECT_POWER
        scores = objects * np.clip(found[BOX_AND_OBJECT:], 0.0, 1.0) ** CLASS_POWER
        return Decoded(boxes.astype(np.float32), scores.reshape(len(scores), -1).T)
