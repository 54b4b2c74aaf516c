"""Encoder and decoder networks for semantic segmentation, by segmentation-models-pytorch.

U-Net (Ronneberger et al., 2015), U-Net++ (Zhou et al., 2018), FPN (Kirillov et al., 2019), PSPNet (Zhao et al., 2017)
and DeepLabV3+ (Chen et al., 2018), on the encoders of torchvision's classifiers, whose ImageNet weights they take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from segmentation_models_pytorch import FPN, DeepLabV3Plus, PSPNet, Unet, UnetPlusPlus
from torch import nn
from torchvision.models import mobilenet_v2, resnet50
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.state_files import load_strictly

MOBILENET_V2_STAGES = (
    tuple(f"encoder.features.{block}." for block in range(4)),
    tuple(f"encoder.features.{block}." for block in range(4, 7)),
    tuple(f"encoder.features.{block}." for block in range(7, 14)),
    tuple(f"encoder.features.{block}." for block in range(14, 19)),
)
RESNET_STAGES = (
    ("encoder.conv1.", "encoder.bn1.", "encoder.layer1."),
    ("encoder.layer2.",),
    ("encoder.layer3.",),
    ("encoder.layer4.",),
)


@dataclass(frozen=True, slots=True)
class Encoder:
    """A classifier of torchvision without its head, which its weights call `head`."""

    classifier: Callable[..., nn.Module]
    weights_key: str
    stages: tuple[tuple[str, ...], ...]
    head: str

    @property
    def name(self) -> str:
        """As the library calls it: like torchvision's builder."""
        return self.classifier.__name__


MOBILENET_V2 = Encoder(mobilenet_v2, "mobilenet_v2_imagenet", MOBILENET_V2_STAGES, "classifier.")
RESNET_50 = Encoder(resnet50, "resnet50_imagenet", RESNET_STAGES, "fc.")


class SegmentationModel(Architecture):
    """One decoder on one encoder; pictures keep their proportions."""

    decoder: ClassVar[Callable[..., nn.Module]]
    encoder: ClassVar[Encoder]

    def __init__(self) -> None:
        self.stages = self.encoder.stages

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit="shortest", longest=2 * config["image_size"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model = type(self).decoder(encoder_name=self.encoder.name, encoder_weights=None, classes=class_count + 1)
        if path := weights.get(self.encoder.weights_key):
            load_strictly(model.get_submodule("encoder"), path, without=self.encoder.head)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        old: Any = model.get_submodule("segmentation_head.0")
        fresh = nn.Conv2d(old.in_channels, class_count + 1, old.kernel_size, padding=old.padding)
        model.set_submodule("segmentation_head.0", fresh)


class UNetMobileNetV2(SegmentationModel):
    decoder, encoder = Unet, MOBILENET_V2


class UNetResNet50(SegmentationModel):
    decoder, encoder = Unet, RESNET_50


class UNetPlusPlusMobileNetV2(SegmentationModel):
    decoder, encoder = UnetPlusPlus, MOBILENET_V2


class FPNMobileNetV2(SegmentationModel):
    decoder, encoder = FPN, MOBILENET_V2


class PSPNetMobileNetV2(SegmentationModel):
    decoder, encoder = PSPNet, MOBILENET_V2


class DeepLabV3PlusMobileNetV2(SegmentationModel):
    decoder, encoder = DeepLabV3Plus, MOBILENET_V2


class DeepLabV3PlusResNet50(SegmentationModel):
    decoder, encoder = DeepLabV3Plus, RESNET_50
