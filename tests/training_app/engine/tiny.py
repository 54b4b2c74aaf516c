"""Networks of a few thousand weights, so that tests of the engine spend their time in the engine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.ops import MultiScaleRoIAlign
from typing_extensions import override

from annotator.core.registry import Entry, Registry
from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.catalog import ARCHITECTURES
from training_app.architectures.detection_input import use_loader_sizes

CHANNELS = 16


def features() -> nn.Sequential:
    """Two strided convolutions with batch norm."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Conv2d(8, CHANNELS, 3, stride=2, padding=1),
        nn.BatchNorm2d(CHANNELS),
        nn.ReLU(),
    )


class TinyClassifier(Architecture):
    stages = (("features.0.", "features.1."), ("features.3.", "features.4."))

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit=config["fit"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model = nn.Sequential()
        model.add_module("features", features())
        model.add_module("pool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2)))
        model.add_module("head", nn.Linear(CHANNELS, class_count))
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        model.set_submodule("head", nn.Linear(CHANNELS, class_count))


class TinyDetector(Architecture):
    stages = (("backbone.0.", "backbone.1."), ("backbone.3.", "backbone.4."))

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit="shortest", longest=2 * config["image_size"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        backbone: Any = features()
        backbone.out_channels = CHANNELS
        model: nn.Module = FasterRCNN(
            backbone,
            rpn_anchor_generator=AnchorGenerator(((12, 24),), ((1.0,),)),
            box_roi_pool=MultiScaleRoIAlign(["0"], output_size=3, sampling_ratio=1),
            box_head=TwoMLPHead(CHANNELS * 9, 32),
            box_predictor=FastRCNNPredictor(32, class_count + 1),
            rpn_post_nms_top_n_train=50,
            rpn_post_nms_top_n_test=50,
            box_batch_size_per_image=32,
            box_score_thresh=0.01,
        )
        use_loader_sizes(model, preprocess, size_divisible=32)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        model.set_submodule("roi_heads.box_predictor", FastRCNNPredictor(32, class_count + 1))


class TinySegmenter(Architecture):
    stages = (("features.0.", "features.1."), ("features.3.", "features.4."))

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit="shortest", longest=2 * config["image_size"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model = nn.Sequential()
        model.add_module("features", features())
        model.add_module("head", nn.Conv2d(CHANNELS, class_count + 1, 1))
        model.add_module("enlarge", nn.Upsample(scale_factor=4, mode="bilinear"))
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        model.set_submodule("head", nn.Conv2d(CHANNELS, class_count + 1, 1))


def entry(key: str, name: str, task: str) -> Entry:
    facts = {"task": task, "weights": (), "defaults": {}, "presets": (), "description": "", "licence": ""}
    return Entry(key, f"tests.training_app.engine.tiny:{name}", key, facts=facts)


TINY: Registry[type[Architecture]] = Registry(
    "architecture",
    (
        *ARCHITECTURES,
        entry("tiny_classifier", "TinyClassifier", "classification"),
        entry("tiny_detector", "TinyDetector", "detection"),
        entry("tiny_segmenter", "TinySegmenter", "segmentation"),
    ),
)
