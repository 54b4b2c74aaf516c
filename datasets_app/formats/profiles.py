"""Readers that a format is exported for: how each is pointed at the files, and which options suit it.

A catalog line lists its profiles under `profiles`. `options` are values for options of that line; a reader that takes
what the format's defaults give has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Profile = Mapping[str, Any]


def _profile(title: str, note: str, **options: Any) -> Profile:
    return MappingProxyType({"key": title.lower(), "title": title, "note": note, "options": MappingProxyType(options)})


PYCOCOTOOLS = _profile(
    "pycocotools",
    'COCO("annotations/instances_train.json"). Ids of annotations start at 1, as its evaluation wants; masks and '
    "polygons with holes are run-length text with iscrowd 0.",
)
TORCHVISION_COCO = _profile(
    "torchvision",
    'CocoDetection("images", "annotations/instances_train.json"); wrap it with wrap_dataset_for_transforms_v2 for '
    "boxes and masks. Images without annotations give an empty target.",
)
DETECTRON2 = _profile(
    "Detectron2",
    'register_coco_instances("train", {}, "annotations/instances_train.json", "images"); set '
    'INPUT.MASK_FORMAT = "bitmask" where the data has masks or holes, and DATALOADER.FILTER_EMPTY_ANNOTATIONS = False '
    "to keep images without annotations.",
)
CVAT_COCO = _profile(
    "CVAT",
    "Upload annotations as COCO 1.0, one JSON file a task; images are matched by file_name, folders included.",
)
ULTRALYTICS = _profile(
    "Ultralytics",
    "yolo train data=data.yaml, with pictures. Images without objects stay in as background.",
)
TORCHVISION_VOC = _profile(
    "torchvision",
    'VOCDetection(".", year="2012", image_set="train"), with pictures; year="2007" where there is a test split. '
    "It hands out the corners as they are written: counted from 1.",
    coordinates="one_based",
)
SUPERVISION_VOC = _profile(
    "supervision",
    "DetectionDataset.from_pascal_voc(JPEGImages, Annotations), with pictures; it takes corners as counted from 1.",
    coordinates="one_based",
)
DATUMARO_VOC = _profile(
    "Datumaro",
    'Dataset.import_from("VOCdevkit/VOC2012", "voc"); it takes corners as counted from 0.',
    coordinates="raw",
)
TORCHVISION_VOC_MASKS = _profile(
    "torchvision",
    'VOCSegmentation(".", year="2012", image_set="train"), with pictures; year="2007" where there is a test split. '
    "Pixels along the edges are 255, as in VOC: train with ignore_index=255.",
    void_border=2,
)
DATUMARO_VOC_MASKS = _profile(
    "Datumaro",
    'Dataset.import_from("VOCdevkit/VOC2012", "voc_segmentation"); every pixel keeps its class.',
    void_border=0,
)
