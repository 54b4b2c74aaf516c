"""Networks as other programs run them: tensors in, tensors out, everything that a caller cannot guess inside."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from typing_extensions import override

from training_app.architectures.base import Preprocess


class Normalised(nn.Module):
    """Takes pictures in 0 … 1, answers the probabilities over axis 1."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, model: nn.Module, preprocess: Preprocess) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("mean", torch.tensor(preprocess.mean)[None, :, None, None])
        self.register_buffer("std", torch.tensor(preprocess.std)[None, :, None, None])

    @override
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.model((image - self.mean) / self.std)
        return logits.softmax(1)


class OnePicture(nn.Module):
    """A detector that takes one picture in 0 … 1 as (1, 3, H, W) and answers boxes (n, 4) xyxy, classes, scores (n,).

    Classes count from 0 in the order of the card.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    @override
    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        found: dict[str, Any] = self.model([image[0]])[0]
        return found["boxes"], found["labels"] - 1, found["scores"]
