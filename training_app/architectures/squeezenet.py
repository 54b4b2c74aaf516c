"""SqueezeNet 1.0 for classification: five megabytes of weights, for the smallest machines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models import squeezenet1_0
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.state_files import load_strictly


class SqueezeNet(Architecture):
    """Its head is a 1x1 convolution averaged over the picture, and it has no batch norm."""

    stages = (
        ("features.0.",),
        ("features.3.", "features.4.", "features.5."),
        ("features.7.", "features.8.", "features.9.", "features.10."),
        ("features.12.",),
    )

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit=config["fit"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model: nn.Module = squeezenet1_0(weights=None)
        if path := weights.get("squeezenet1_0_imagenet"):
            load_strictly(model, path)
        self.replace_head(model, class_count)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        fresh = nn.Conv2d(model.get_parameter("classifier.1.weight").shape[1], class_count, kernel_size=1)
        for name, parameter in fresh.named_parameters():
            nn.init.normal_(parameter, 0, 0.01) if name == "weight" else nn.init.zeros_(parameter)
        model.set_submodule("classifier.1", fresh)
