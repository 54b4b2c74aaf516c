"""SSDlite on MobileNetV3-Large: a one-stage detector of 3 million parameters for fast pre-labelling."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models.detection import ssdlite320_mobilenet_v3_large
from torchvision.models.detection.ssdlite import SSDLiteClassificationHead
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.detection_input import use_loader_sizes
from training_app.architectures.state_files import load_strictly

COCO_CLASSES = 91
HALF = (0.5, 0.5, 0.5)


class SSDLite320(Architecture):
    """Pictures are squashed to a square, as its COCO weights expect; the default boxes follow the square's side."""

    stages = (("backbone.features.0.",), ("backbone.features.1.",), ("backbone.extra.",))

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit="squash", mean=HALF, std=HALF)

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model: nn.Module = ssdlite320_mobilenet_v3_large(
            weights=None, weights_backbone=None, num_classes=COCO_CLASSES, score_thresh=0.01
        )
        if path := weights.get("ssdlite320_mobilenet_v3_large_coco"):
            load_strictly(model, path)
        self.replace_head(model, class_count)
        use_loader_sizes(model, preprocess, size_divisible=1)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        old: Any = model.get_submodule("head.classification_head")
        channels = [block[0][0].in_channels for block in old.module_list]
        anchors = [block[1].out_channels // old.num_columns for block in old.module_list]
        norm = partial(nn.BatchNorm2d, eps=0.001, momentum=0.03)
        model.set_submodule(
            "head.classification_head", SSDLiteClassificationHead(channels, anchors, class_count + 1, norm)
        )
