"""Random changes to training pictures, boxes following, as torchvision transforms; the caller seeds each draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torchvision import tv_tensors
from torchvision.transforms import InterpolationMode, v2

from training_app.architectures.base import Preprocess
from training_app.engine.config import TrainConfig
from training_app.engine.pictures import Pixels, fitted_size
from training_app.evaluation.pixels import IGNORED

MIX = 0x9E3779B97F4A7C15
BITS = 2**63 - 1


def sample_seed(seed: int, epoch: int, index: int) -> int:
    """One number for one view of one picture, the same in whichever process and order it is drawn."""
    value = (seed * MIX + epoch * 0xBF58476D1CE4E5B9 + index * 0x94D049BB133111EB) & (2**64 - 1)
    value ^= value >> 31
    return (value * MIX & (2**64 - 1)) & BITS


class SeededTransform:
    """Runs `transform` under its own random numbers and leaves the process's generator as it was."""

    def __init__(self, transform: v2.Transform, seed: int) -> None:
        self.transform = transform
        self.seed = seed

    def __call__(self, epoch: int, index: int, *inputs: Any) -> Any:
        state = torch.get_rng_state()
        torch.default_generator.manual_seed(sample_seed(self.seed, epoch, index))
        try:
            return self.transform(*inputs)
        finally:
            torch.set_rng_state(state)


def colour_and_flips(config: TrainConfig) -> list[v2.Transform]:
    """The changes that leave a picture's size as it is."""
    steps: list[v2.Transform] = []
    if config.flip_horizontal:
        steps.append(v2.RandomHorizontalFlip())
    if config.flip_vertical:
        steps.append(v2.RandomVerticalFlip())
    if config.color_jitter > 0:
        steps.append(v2.ColorJitter(*[config.color_jitter] * 3))
    return steps


def square_transform(config: TrainConfig, preprocess: Preprocess) -> v2.Transform:
    """For whole pictures: a random crop scaled to the square that the network sees."""
    crop = v2.RandomResizedCrop(
        preprocess.size, scale=(config.crop_scale, 1.0), interpolation=InterpolationMode.BILINEAR, antialias=True
    )
    return v2.Compose([crop, *colour_and_flips(config)])


class Refit(v2.Transform):
    """Scales a crop back to the size that the network sees."""

    def __init__(self, preprocess: Preprocess) -> None:
        super().__init__()
        self.preprocess = preprocess

    def forward(self, *inputs: Any) -> Any:
        height, width = inputs[0].shape[-2:]
        target = fitted_size(width, height, self.preprocess)
        return v2.Resize([target[1], target[0]], antialias=True)(*inputs)


def box_transform(config: TrainConfig, preprocess: Preprocess) -> v2.Transform:
    """For pictures with boxes: crops that keep enough of some object, then flips and colour."""
    steps: list[v2.Transform] = []
    if config.crop_scale < 1.0:
        steps += [v2.RandomApply([v2.RandomIoUCrop(min_scale=config.crop_scale)], p=0.5), Refit(preprocess)]
    steps += colour_and_flips(config)
    steps.append(v2.SanitizeBoundingBoxes(min_size=1.0))
    return v2.Compose(steps)


class ZoomAndCut(v2.Transform):
    """Scales a picture with its label map by chance and cuts a square of `size` out of it, anywhere.

    `pixels` of the cache are up to `margin` times as large as the network sees them; what the square does not fill is
    black and, in the map, `ignored`.
    """

    def __init__(self, size: int, margin: float, ignored: int) -> None:
        super().__init__()
        self.size = size
        self.margin = margin
        self.cut = v2.RandomCrop(size, pad_if_needed=True, fill={tv_tensors.Mask: ignored, "others": 0})

    def forward(self, *inputs: Any) -> Any:
        height, width = inputs[0].shape[-2:]
        zoom = 1.0 + float(torch.rand(())) * (self.margin - 1.0)
        factor = self.size * zoom / min(height, width)
        factor = min(factor, 2.0 * self.size * zoom / max(height, width))
        target = [max(1, round(height * factor)), max(1, round(width * factor))]
        return self.cut(*(v2.functional.resize(value, target, antialias=True) for value in inputs))


def region_transform(config: TrainConfig, preprocess: Preprocess) -> v2.Transform:
    """For pictures with label maps: squares of different zoom, then flips and colour."""
    cut = ZoomAndCut(preprocess.size, config.crop_scale**-0.5, IGNORED)
    return v2.Compose([cut, *colour_and_flips(config)])


def boxes_on(pixels: torch.Tensor, boxes: torch.Tensor) -> tv_tensors.BoundingBoxes:
    """`boxes` (n, 4) xyxy as the kind of tensor that transforms move along with `pixels` (3, H, W)."""
    height, width = pixels.shape[-2:]
    return tv_tensors.BoundingBoxes(boxes, format="XYXY", canvas_size=(height, width))


def channels_first(pixels: Pixels) -> torch.Tensor:
    """(3, H, W) uint8 of its own memory."""
    return torch.from_numpy(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
