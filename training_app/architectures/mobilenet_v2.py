"""MobileNetV2 for classification: small, quick on a CPU, strong for its size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models import mobilenet_v2
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.state_files import load_strictly


class MobileNetV2(Architecture):
    """Stages are cut where the stride doubles; `features.18` is the last 1x1 convolution."""

    stages = (
        ("features.0.", "features.1.", "features.2.", "features.3."),
        ("features.4.", "features.5.", "features.6."),
        ("features.7.", "features.8.", "features.9.", "features.10.", "features.11.", "features.12.", "features.13."),
        ("features.14.", "features.15.", "features.16.", "features.17.", "features.18."),
    )

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit=config["fit"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model: nn.Module = mobilenet_v2(weights=None)
        if path := weights.get("mobilenet_v2_imagenet"):
            load_strictly(model, path)
        self.replace_head(model, class_count)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        fresh = nn.Linear(model.get_parameter("classifier.1.weight").shape[1], class_count)
        nn.init.normal_(fresh.weight, 0, 0.01)
        nn.init.zeros_(fresh.bias)
        model.set_submodule("classifier.1", fresh)
