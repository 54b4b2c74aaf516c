"""Faster R-CNN on MobileNetV2 with a light feature pyramid: two-stage detection that trains on a CPU in minutes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import nn
from torchvision.models import mobilenet_v2
from torchvision.models.detection import FasterRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.ops import MultiScaleRoIAlign
from typing_extensions import override

from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.detection_input import use_loader_sizes
from training_app.architectures.state_files import load_strictly

# The last block of MobileNetV2 at each stride 4, 8, 16, 32, with its channels.
PYRAMID_INPUTS = {"3": 24, "6": 32, "13": 96, "17": 320}
PYRAMID_CHANNELS = 128
POOLED_SIDE = 7
HEAD_FEATURES = 512


class FasterRCNNMobileNetV2(Architecture):
    """The pyramid has strides 4 to 64; the pictures' longer side may be twice the shorter one."""

    stages = (
        ("backbone.body.0.", "backbone.body.1.", "backbone.body.2.", "backbone.body.3."),
        ("backbone.body.4.", "backbone.body.5.", "backbone.body.6."),
        tuple(f"backbone.body.{block}." for block in range(7, 14)),
        tuple(f"backbone.body.{block}." for block in range(14, 18)),
    )

    @override
    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        return Preprocess(size=config["image_size"], fit="shortest", longest=2 * config["image_size"])

    @override
    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        classifier = mobilenet_v2(weights=None)
        if path := weights.get("mobilenet_v2_imagenet"):
            load_strictly(classifier, path)
        names = {block: str(level) for level, block in enumerate(PYRAMID_INPUTS)}
        backbone = BackboneWithFPN(classifier.features, names, list(PYRAMID_INPUTS.values()), PYRAMID_CHANNELS)
        levels = len(PYRAMID_INPUTS) + 1
        anchors = AnchorGenerator(
            sizes=tuple((16 * 2**level,) for level in range(levels)), aspect_ratios=((0.5, 1.0, 2.0),) * levels
        )
        model: nn.Module = FasterRCNN(
            backbone,
            box_head=TwoMLPHead(PYRAMID_CHANNELS * POOLED_SIDE**2, HEAD_FEATURES),
            box_predictor=FastRCNNPredictor(HEAD_FEATURES, class_count + 1),
            rpn_anchor_generator=anchors,
            box_roi_pool=MultiScaleRoIAlign(
                [str(level) for level in range(levels - 1)], output_size=POOLED_SIDE, sampling_ratio=2
            ),
            # Half of torchvision's proposals and a quarter of its samples: small pictures need no more, and the second
            # stage is what a CPU spends its time on.
            rpn_post_nms_top_n_train=1000,
            rpn_post_nms_top_n_test=500,
            box_batch_size_per_image=128,
            box_score_thresh=0.01,
            box_detections_per_img=300,
        )
        use_loader_sizes(model, preprocess, size_divisible=32)
        return model

    @override
    def replace_head(self, model: nn.Module, class_count: int) -> None:
        features = model.get_parameter("roi_heads.box_predictor.cls_score.weight").shape[1]
        model.set_submodule("roi_heads.box_predictor", FastRCNNPredictor(features, class_count + 1))
