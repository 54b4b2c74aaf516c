"""ResNet 18 and 50 for classification: the well-trodden default where a GPU is at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models import resnet18, resnet50
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.state_files import load_strictly


class ResNet(Architecture):
    """One depth of the family: its torchvision builder and the key of its weights."""

    stages = (("conv1.", "bn1.", "layer1."), ("layer2.",), ("layer3.",), ("layer4.",))

    def __init__(self, builder: Callable[..., nn.Module], weights_key: str) -> None:
        self.builder = builder
        self.weights_key = weights_key

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit=config["fit"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model = self.builder(weights=None)
        if path := weights.get(self.weights_key):
            load_strictly(model, path)
        self.replace_head(model, class_count)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        model.set_submodule("fc", nn.Linear(model.get_parameter("fc.weight").shape[1], class_count))


class ResNet18(ResNet):
    def __init__(self) -> None:
        super().__init__(resnet18, "resnet18_imagenet")


class ResNet50(ResNet):
    def __init__(self) -> None:
        super().__init__(resnet50, "resnet50_imagenet")
