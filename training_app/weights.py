"""The public weights that architectures can start from. Plain data; the web process shows it.

torchvision writes the first eight hexadecimal digits of a file's SHA-256 into its name and publishes no more of it.
"""

from __future__ import annotations

from annotator.core.weights.entry import WeightsEntry

HOST = "https://download.pytorch.org/models/"
IMAGENET_TERMS = "Trained on ImageNet, whose pictures are for research and non-commercial use: image-net.org/download."
COCO_TERMS = "Trained on COCO: annotations CC BY 4.0, pictures under Flickr's terms: cocodataset.org/#termsofuse."


def _imagenet(
    key: str, title: str, filename: str, megabytes: float, used_by: tuple[str, ...], also: tuple[str, ...] = ()
) -> WeightsEntry:
    return _torchvision(key, f"{title}, ImageNet", filename, megabytes, (IMAGENET_TERMS, used_by, also))


def _coco(key: str, title: str, filename: str, megabytes: float, used_by: tuple[str, ...]) -> WeightsEntry:
    return _torchvision(key, f"{title}, COCO", filename, megabytes, (COCO_TERMS, used_by, ()))


def _torchvision(
    key: str, title: str, filename: str, megabytes: float, rest: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> WeightsEntry:
    terms, used_by, also = rest
    return WeightsEntry(
        key=key,
        title=title,
        filename=filename,
        licence="BSD-3-Clause",
        terms=terms,
        url=HOST + filename,
        size=round(megabytes * 1024 * 1024),
        used_by=used_by,
        sha256_prefix=filename.removesuffix(".pth").rpartition("-")[2],
        also_sha256=also,
    )


WEIGHTS = (
    _imagenet(
        "mobilenet_v2_imagenet",
        "MobileNetV2",
        "mobilenet_v2-b0353104.pth",
        13.555,
        (
            "mobilenet_v2",
            "fasterrcnn_mobilenet_v2_fpn",
            "unet_mobilenet_v2",
            "unetplusplus_mobilenet_v2",
            "deeplabv3plus_mobilenet_v2",
            "fpn_mobilenet_v2",
            "pspnet_mobilenet_v2",
        ),
        ("fdc54de220c907ebc3bf32379ed5675c8e8c0efc9023758269966ef0224618a4",),
    ),
    _imagenet(
        "squeezenet1_0_imagenet",
        "SqueezeNet 1.0",
        "squeezenet1_0-b66bff10.pth",
        4.778,
        ("squeezenet1_0",),
        ("4c5baa8926e591a1c8b8daa3162d429ce7617190f28a272b6c1c5ac494a0909b",),
    ),
    _imagenet("resnet18_imagenet", "ResNet-18", "resnet18-f37072fd.pth", 44.661, ("resnet18",)),
    _imagenet(
        "resnet50_imagenet",
        "ResNet-50 (second recipe)",
        "resnet50-11ad3fa6.pth",
        97.79,
        ("resnet50", "fasterrcnn_resnet50_fpn_v2", "unet_resnet50", "deeplabv3plus_resnet50"),
    ),
    _coco(
        "fasterrcnn_resnet50_fpn_v2_coco",
        "Faster R-CNN ResNet-50 v2",
        "fasterrcnn_resnet50_fpn_v2_coco-dd69338a.pth",
        167.104,
        ("fasterrcnn_resnet50_fpn_v2",),
    ),
    _coco(
        "ssdlite320_mobilenet_v3_large_coco",
        "SSDlite MobileNetV3-Large",
        "ssdlite320_mobilenet_v3_large_coco-a79551df.pth",
        13.418,
        ("ssdlite320_mobilenet_v3_large",),
    ),
)

WEIGHTS_BY_KEY = {weights.key: weights for weights in WEIGHTS}
