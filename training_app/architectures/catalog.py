"""One line per architecture: what the web process shows and checks. Listing it imports no architecture and no torch.

Facts: `task` (a key of the engine's task catalog), `description`, `licence` of code and public weights, `weights`
(alternatives, the best first; any one that is present counts), `defaults` (settings that differ from `TrainConfig`'s),
`presets` (each `config` lies over the defaults) and `wants_gpu` (a CPU would take hours where others take minutes).
"""

from __future__ import annotations

from typing import Any

from annotator.core.registry import Entry, Registry
from training_app.architectures.base import Architecture

TORCH = ("torch", "torchvision")
IMAGENET_LICENCE = (
    "Code BSD-3-Clause; weights trained on ImageNet, whose terms are for research and non-commercial use."
)
COCO_LICENCE = (
    "Code BSD-3-Clause; weights trained on COCO, whose annotations are CC BY 4.0 and pictures carry Flickr's terms."
)


def preset(key: str, title: str, description: str, **config: Any) -> dict[str, Any]:
    return {"key": key, "title": title, "description": description, "config": config}


def classification_presets() -> tuple[dict[str, Any], ...]:
    """The same three choices for every classifier: they differ in what learns and for how long."""
    return (
        preset(
            "balanced",
            "Fine-tune",
            "The head first, then the whole network at graded rates. The right choice from some 200 pictures on.",
            epochs=20,
            frozen_epochs=2,
        ),
        preset(
            "quick",
            "Head only",
            "The pretrained part rests. Quick, and hard to overfit with few pictures.",
            epochs=10,
            frozen_epochs=10,
            learning_rate=2e-3,
            patience=4,
        ),
        preset(
            "scratch",
            "From scratch",
            "Random weights. Only for pictures unlike any photograph, and many of them.",
            pretrained=False,
            epochs=100,
            backbone_rate_factor=1.0,
            patience=20,
        ),
    )


def detection_presets(**balanced: Any) -> tuple[dict[str, Any], ...]:
    """The choices for a detector."""
    return (
        preset("balanced", "Fine-tune", "Twelve epochs, the whole network learns. The usual choice.", **balanced),
        preset(
            "quick",
            "Quick look",
            "Four epochs: shows within minutes whether the labels can be learned.",
            epochs=4,
            patience=0,
        ),
        preset("thorough", "Thorough", "Three times as long, with patience.", epochs=36, patience=8),
    )


def segmentation_presets() -> tuple[dict[str, Any], ...]:
    """The choices for a segmenter."""
    return (
        preset("balanced", "Fine-tune", "Forty epochs, the whole network learns. The usual choice.", epochs=40),
        preset(
            "quick",
            "Quick look",
            "Eight epochs: shows within minutes whether the labels can be learned.",
            epochs=8,
            patience=0,
        ),
        preset("thorough", "Thorough", "Three times as long, with patience.", epochs=120, patience=20),
    )


CLASSIFIER_DEFAULTS = {"epochs": 20, "frozen_epochs": 2, "batch_size": 16, "learning_rate": 1e-3, "patience": 7}
DETECTOR_DEFAULTS = {
    "epochs": 12,
    "batch_size": 4,
    "image_size": 320,
    "learning_rate": 5e-4,
    "backbone_rate_factor": 1.0,
    "frozen_batch_norm": True,
    "crop_scale": 1.0,
    "color_jitter": 0.0,
    "patience": 6,
    "min_delta": 0.001,
}

SEGMENTER_DEFAULTS = {
    "epochs": 40,
    "batch_size": 8,
    "image_size": 256,
    "learning_rate": 1e-3,
    "backbone_rate_factor": 0.3,
    "crop_scale": 0.5,
    "patience": 12,
}


def _segmenter(key: str, target: str, title: str, description: str, weights: str, **facts: Any) -> Entry:
    """A decoder of segmentation-models-pytorch on a classifier of torchvision."""
    return Entry(
        key=key,
        target=f"training_app.architectures.segmentation_models:{target}",
        title=title,
        requires=(*TORCH, "segmentation_models_pytorch"),
        facts={
            "task": "segmentation",
            "description": description,
            "licence": f"Decoder MIT. {IMAGENET_LICENCE}",
            "weights": (weights,),
            "defaults": SEGMENTER_DEFAULTS,
            "presets": segmentation_presets(),
            **facts,
        },
    )


ARCHITECTURES: Registry[type[Architecture]] = Registry(
    "architecture",
    (
        Entry(
            key="mobilenet_v2",
            target="training_app.architectures.mobilenet_v2:MobileNetV2",
            title="MobileNetV2",
            requires=TORCH,
            facts={
                "task": "classification",
                "description": "3.5 million parameters; trains on a CPU in minutes and is accurate for its size.",
                "licence": IMAGENET_LICENCE,
                "weights": ("mobilenet_v2_imagenet",),
                "defaults": CLASSIFIER_DEFAULTS,
                "presets": classification_presets(),
            },
        ),
        Entry(
            key="squeezenet1_0",
            target="training_app.architectures.squeezenet:SqueezeNet",
            title="SqueezeNet 1.0",
            requires=TORCH,
            facts={
                "task": "classification",
                "description": "1.2 million parameters, five megabytes: the smallest; less accurate.",
                "licence": IMAGENET_LICENCE,
                "weights": ("squeezenet1_0_imagenet",),
                "defaults": {**CLASSIFIER_DEFAULTS, "learning_rate": 3e-4},
                "presets": classification_presets(),
            },
        ),
        Entry(
            key="resnet18",
            target="training_app.architectures.resnet:ResNet18",
            title="ResNet-18",
            requires=TORCH,
            facts={
                "task": "classification",
                "description": "11.7 million parameters: a dependable middle.",
                "licence": IMAGENET_LICENCE,
                "weights": ("resnet18_imagenet",),
                "defaults": CLASSIFIER_DEFAULTS,
                "presets": classification_presets(),
            },
        ),
        Entry(
            key="resnet50",
            target="training_app.architectures.resnet:ResNet50",
            title="ResNet-50",
            requires=TORCH,
            facts={
                "task": "classification",
                "description": "25.6 million parameters: more accurate, wants a GPU.",
                "wants_gpu": True,
                "licence": IMAGENET_LICENCE,
                "weights": ("resnet50_imagenet",),
                "defaults": CLASSIFIER_DEFAULTS,
                "presets": classification_presets(),
            },
        ),
        Entry(
            key="fasterrcnn_mobilenet_v2_fpn",
            target="training_app.architectures.fasterrcnn_mobilenet_v2_fpn:FasterRCNNMobileNetV2",
            title="Faster R-CNN, MobileNetV2",
            requires=TORCH,
            facts={
                "task": "detection",
                "description": "Two-stage detector on a small backbone; trains on a CPU and finds small objects.",
                "licence": IMAGENET_LICENCE,
                "weights": ("mobilenet_v2_imagenet",),
                "defaults": DETECTOR_DEFAULTS,
                "presets": detection_presets(),
            },
        ),
        Entry(
            key="fasterrcnn_resnet50_fpn_v2",
            target="training_app.architectures.fasterrcnn_resnet50_fpn_v2:FasterRCNNResNet50",
            title="Faster R-CNN, ResNet-50 (v2)",
            requires=TORCH,
            facts={
                "task": "detection",
                "description": "43 million parameters, COCO-pretrained: accurate from few pictures, wants a GPU.",
                "wants_gpu": True,
                "licence": COCO_LICENCE,
                "weights": ("fasterrcnn_resnet50_fpn_v2_coco", "resnet50_imagenet"),
                "defaults": {
                    **DETECTOR_DEFAULTS,
                    "image_size": 640,
                    "learning_rate": 1e-4,
                    "backbone_rate_factor": 0.3,
                    "frozen_stages": 2,
                },
                "presets": detection_presets(),
            },
        ),
        Entry(
            key="ssdlite320_mobilenet_v3_large",
            target="training_app.architectures.ssdlite320_mobilenet_v3_large:SSDLite320",
            title="SSDlite, MobileNetV3",
            requires=TORCH,
            facts={
                "task": "detection",
                "description": "3.4 million parameters, one stage: the fastest to predict; weak on small objects.",
                "licence": COCO_LICENCE,
                "weights": ("ssdlite320_mobilenet_v3_large_coco",),
                "defaults": {
                    **DETECTOR_DEFAULTS,
                    "epochs": 40,
                    "batch_size": 16,
                    "frozen_batch_norm": False,
                    "crop_scale": 0.5,
                    "color_jitter": 0.1,
                    "patience": 10,
                },
                "presets": detection_presets(epochs=40),
            },
        ),
        _segmenter(
            "unet_mobilenet_v2",
            "UNetMobileNetV2",
            "U-Net, MobileNetV2",
            "6.6 million parameters: fine outlines, trains on a CPU; the usual choice for pictures under a microscope.",
            "mobilenet_v2_imagenet",
        ),
        _segmenter(
            "unetplusplus_mobilenet_v2",
            "UNetPlusPlusMobileNetV2",
            "U-Net++, MobileNetV2",
            "6.8 million parameters: as U-Net with denser links, slower and a little finer.",
            "mobilenet_v2_imagenet",
        ),
        _segmenter(
            "deeplabv3plus_mobilenet_v2",
            "DeepLabV3PlusMobileNetV2",
            "DeepLabV3+, MobileNetV2",
            "4.4 million parameters: sees far around each pixel; for objects in street and aerial pictures.",
            "mobilenet_v2_imagenet",
        ),
        _segmenter(
            "fpn_mobilenet_v2",
            "FPNMobileNetV2",
            "FPN, MobileNetV2",
            "4.2 million parameters: objects of very different size, with few computations.",
            "mobilenet_v2_imagenet",
        ),
        _segmenter(
            "pspnet_mobilenet_v2",
            "PSPNetMobileNetV2",
            "PSPNet, MobileNetV2",
            "2.3 million parameters, the quickest: large regions such as land use; outlines are coarse.",
            "mobilenet_v2_imagenet",
        ),
        _segmenter(
            "unet_resnet50",
            "UNetResNet50",
            "U-Net, ResNet-50",
            "32.5 million parameters: finer outlines from more pictures, wants a GPU.",
            "resnet50_imagenet",
            wants_gpu=True,
        ),
        _segmenter(
            "deeplabv3plus_resnet50",
            "DeepLabV3PlusResNet50",
            "DeepLabV3+, ResNet-50",
            "26.7 million parameters: accurate on scenes with many classes, wants a GPU.",
            "resnet50_imagenet",
            wants_gpu=True,
        ),
    ),
)
