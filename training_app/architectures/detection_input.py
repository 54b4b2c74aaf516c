"""The input stage of torchvision detectors without its resizing, which the engine's loader has done already."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torchvision.models.detection.transform import GeneralizedRCNNTransform

from training_app.architectures.base import Preprocess


class BatchOnly(GeneralizedRCNNTransform):
    """Normalises and pads pictures of different sizes into one channels-last batch; sizes stay as they come."""

    def resize(self, image: torch.Tensor, target: Any = None) -> tuple[torch.Tensor, Any]:
        return image, target

    def batch_images(self, images: list[torch.Tensor], size_divisible: int = 32) -> torch.Tensor:
        batch: torch.Tensor = super().batch_images(images, size_divisible)
        return batch.contiguous(memory_format=torch.channels_last)


def use_loader_sizes(model: nn.Module, preprocess: Preprocess, *, size_divisible: int) -> None:
    """Replace the resizing input stage of a torchvision detector."""
    model.transform = BatchOnly(
        preprocess.size,
        preprocess.longest or preprocess.size,
        list(preprocess.mean),
        list(preprocess.std),
        size_divisible=size_divisible,
    )
