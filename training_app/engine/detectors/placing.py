"""A picture as the input of a detector, and its boxes back in pixels of the picture. Imports no runtime."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from training_app.engine.detectors.base import Floats
from training_app.engine.detectors.declaration import Declaration
from training_app.engine.pictures import to_rgb


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture of `size` (width, height) lies in the input: `scale` (x, y) and `offset` (x, y)."""

    size: tuple[int, int]
    scale: tuple[float, float]
    offset: tuple[int, int]

    def lead_back(self, boxes: Floats) -> npt.NDArray[np.float64]:
        """(n, 4) boxes x, y, width, height of the input in pixels of the picture, cut at its border."""
        scale, offset = np.array(self.scale), np.array(self.offset)
        size = np.array(self.size, dtype=np.float64)
        low = np.clip((boxes[:, :2] - offset) / scale, 0.0, size)
        high = np.clip((boxes[:, :2] + boxes[:, 2:] - offset) / scale, 0.0, size)
        return np.concatenate([low, high - low], axis=1)


def placement(size: tuple[int, int], target: tuple[int, int], fit: str) -> Placement:
    """How a picture of `size` fits an input of `target`, both (width, height)."""
    if fit == "squash":
        return Placement(size, (target[0] / size[0], target[1] / size[1]), (0, 0))
    scale = min(target[0] / size[0], target[1] / size[1])
    room = [target[axis] - max(1, round(size[axis] * scale)) for axis in (0, 1)]
    offset = (room[0] // 2, room[1] // 2) if fit == "letterbox_centre" else (0, 0)
    return Placement(size, (scale, scale), offset)


def place(picture: Image.Image, wanted: Declaration) -> tuple[Floats, Placement]:
    """The input, (1, 3, height, width) or (1, height, width, 3) float32, and where the picture lies in it."""
    where = placement(picture.size, wanted.size, wanted.fit)
    width, height = (max(1, round(side * scale)) for side, scale in zip(picture.size, where.scale, strict=True))
    # JPEG can be decoded at 1/2, 1/4 or 1/8 size at once: half the time on a 12-megapixel picture.
    picture.draft("RGB", (2 * width, 2 * height))
    pixels = np.asarray(to_rgb(picture))
    if pixels.shape[:2] != (height, width):
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)
    values = np.full((wanted.size[1], wanted.size[0], 3), wanted.pad, dtype=np.float32)
    left, top = where.offset
    values[top : top + height, left : left + width] = pixels if wanted.channels == "RGB" else pixels[..., ::-1]
    values /= np.array(wanted.scale, dtype=np.float32)
    values -= np.array(wanted.mean, dtype=np.float32)
    values /= np.array(wanted.std, dtype=np.float32)
    axes = (2, 0, 1) if wanted.layout == "NCHW" else (0, 1, 2)
    return np.ascontiguousarray(values.transpose(axes)[None]), where
