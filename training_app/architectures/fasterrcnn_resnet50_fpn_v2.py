"""Faster R-CNN on ResNet-50 with a feature pyramid (version 2): the accurate detector for machines with a GPU."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models import resnet50
from torchvision.models.detection import fasterrcnn_resnet50_fpn_v2
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.detection_input import use_loader_sizes
from training_app.architectures.state_files import load_strictly, read_state

COCO_CLASSES = 91


class FasterRCNNResNet50(Architecture):
    """Starts from COCO weights where they are present, else from an ImageNet backbone, else at random."""

    stages = (
        ("backbone.body.conv1.", "backbone.body.bn1.", "backbone.body.layer1."),
        ("backbone.body.layer2.",),
        ("backbone.body.layer3.",),
        ("backbone.body.layer4.",),
    )

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit="shortest", longest=config["image_size"] * 5 // 3)

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        model: nn.Module = fasterrcnn_resnet50_fpn_v2(
            weights=None,
            weights_backbone=None,
            num_classes=COCO_CLASSES,
            box_score_thresh=0.01,
            box_detections_per_img=300,
        )
        if path := weights.get("fasterrcnn_resnet50_fpn_v2_coco"):
            load_strictly(model, path)
        elif path := weights.get("resnet50_imagenet"):
            classifier = resnet50(weights=None)
            classifier.load_state_dict(read_state(path))
            body = {name: value for name, value in classifier.state_dict().items() if not name.startswith("fc.")}
            model.get_submodule("backbone.body").load_state_dict(body)
        self.replace_head(model, class_count)
        use_loader_sizes(model, preprocess, size_divisible=32)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        features = model.get_parameter("roi_heads.box_predictor.cls_score.weight").shape[1]
        model.set_submodule("roi_heads.box_predictor", FastRCNNPredictor(features, class_count + 1))
