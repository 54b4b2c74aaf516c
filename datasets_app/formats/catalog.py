"""The annotation formats, one line each. A new format is one module in this folder and one line here.

Facts: `read` and `write` say which ways the format goes, `extension` what an export's file ends in, `tasks` whom it is
for, and `lossy` maps each feature (`features.FEATURES`) that a round trip does not keep to what becomes of it. Where
there are any, `options` describes what can be chosen (`options.py`), and `precision` says to which part of a pixel
coordinates come back. `pictures_inside` says that pictures lie inside other files and have no path of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotator.core.registry import Entry, Registry
from datasets_app.formats import options, profiles
from datasets_app.formats.base import Format
from datasets_app.formats.fates import (
    AS_TEXT,
    BOXES_ONLY,
    FOLDERS_ONLY,
    IN_TRAIN,
    JPEG,
    MARKS,
    OUTLINES_ONLY,
    PIXELS_ONLY,
    REVIEW,
    ROTATED_ONLY,
    UNSAID,
    WHOLE_PIXELS,
    Fates,
    left_out,
    without,
)
from datasets_app.formats.features import AS_BOX, AS_MASK, AS_ONE, AS_POLYGON, BRIDGED, LEFT_OUT

_ALL_TASKS = ("classification", "detection", "segmentation")


def _format(
    key: str,
    title: str,
    description: str,
    *,
    lossy: Fates,
    module: str = "",
    requires: tuple[str, ...] = (),
    **facts: Any,
) -> Entry:
    """The line of a format in the module of its key, for every task, both ways and as an archive, unless it says so."""
    usual = {"read": True, "write": True, "extension": ".zip", "tasks": _ALL_TASKS}
    target = f"datasets_app.formats.{module or key}:FORMAT"
    return Entry(key, target, title, requires, {**usual, "description": description, "lossy": dict(lossy), **facts})


FORMATS: Registry[Format] = Registry(
    "format",
    (
        _format(
            "native",
            "Native JSON",
            "Everything this product knows, in one JSON file; read back without loss.",
            module="native_json",
            lossy={},
        ),
        _format(
            "coco",
            "COCO",
            "COCO: boxes, polygons, run-length masks, keypoints, captions; JSON for each split.",
            tasks=("detection", "segmentation"),
            profiles=(profiles.PYCOCOTOOLS, profiles.TORCHVISION_COCO, profiles.DETECTRON2, profiles.CVAT_COCO),
            lossy={
                **REVIEW,
                **left_out("tags", "polylines", "z_order", "groups"),
                "rotated_boxes": AS_POLYGON,
                "ellipses": AS_POLYGON,
                "holes": AS_MASK,
            },
        ),
        _format(
            "voc",
            "Pascal VOC",
            "Pascal VOC: boxes in an XML file for each picture, splits in ImageSets, JPEG pictures.",
            tasks=("detection",),
            requires=("defusedxml",),
            options=(options.COORDINATES,),
            profiles=(profiles.TORCHVISION_VOC, profiles.SUPERVISION_VOC, profiles.DATUMARO_VOC),
            lossy={
                **REVIEW,
                **left_out(
                    "tags", "captions", "polylines", "skeletons", "z_order", "groups", "scores", "unused_classes"
                ),
                **dict.fromkeys(("rotated_boxes", "polygons", "holes", "masks", "ellipses"), AS_BOX),
                "sub_pixel": WHOLE_PIXELS,
                "attributes": AS_TEXT,
                "crowd": "written as difficult",
                "unsplit": "images without a split are listed in train",
                "pictures": JPEG,
            },
        ),
        _format(
            "pickle",
            "Pickle",
            "Plain dictionaries, lists and NumPy arrays. Written only: reading it would run code.",
            read=False,
            lossy={},
        ),
        _format(
            "camvid",
            "CamVid",
            "CamVid: masks in the colours of classes, class_dict.csv.",
            tasks=("segmentation",),
            lossy={**PIXELS_ONLY, "instances": AS_ONE, "unsplit": IN_TRAIN},
        ),
        _format(
            "cityscapes",
            "Cityscapes",
            "Cityscapes: polygons, and masks of labels, of training ids, of objects and of colours in gtFine.",
            tasks=("segmentation",),
            read_options=(options.CITYSCAPES_SHAPES,),
            lossy={
                **without(PIXELS_ONLY, "crowd"),
                "instances": "crowds of a class, and objects from the 1001st of a class on, are one area",
                "unsplit": IN_TRAIN,
            },
        ),
        _format(
            "coco_panoptic",
            "COCO panoptic",
            "COCO panoptic: one mask for each picture, its segments described in JSON.",
            tasks=("segmentation",),
            lossy=without(PIXELS_ONLY, "crowd"),
        ),
        _format(
            "createml",
            "Create ML",
            "Apple's Create ML: boxes by their centre, one JSON list for each split.",
            tasks=("detection",),
            precision=0.0001,
            lossy={
                **BOXES_ONLY,
                **MARKS,
                "verified_empty": UNSAID,
                "unused_classes": LEFT_OUT,
                "unsplit": IN_TRAIN,
            },
        ),
        _format(
            "csv",
            "CSV",
            "One table: a row for each box or tag, with its image, corners, marks and attributes.",
            module="csv_table",
            tasks=("classification", "detection"),
            precision=0.0001,
            lossy={**without(BOXES_ONLY, "tags"), **REVIEW, "unused_classes": LEFT_OUT},
        ),
        _format(
            "cvat_images",
            "CVAT for images",
            "CVAT for images 1.1: every shape but captions in one XML file, labels with attributes.",
            requires=("defusedxml",),
            lossy={**REVIEW, "captions": LEFT_OUT, "holes": AS_MASK},
        ),
        _format(
            "cvat_video",
            "CVAT for video",
            "CVAT for video 1.1: a track for each object, an XML file for each video.",
            tasks=("detection", "segmentation"),
            requires=("defusedxml",),
            lossy={**without(REVIEW, "image_groups"), **left_out("tags", "captions"), "holes": AS_MASK},
        ),
        _format(
            "datumaro",
            "Datumaro",
            "Datumaro JSON 1.0: every shape, a file for each split, for Datumaro and Geti.",
            lossy={"holes": AS_MASK, "sources": LEFT_OUT},
        ),
        _format(
            "dota",
            "DOTA",
            "DOTA: rotated boxes of aerial pictures, four corners in pixels and a difficult mark.",
            tasks=("detection",),
            read_options=(options.QUADS,),
            precision=0.0001,
            lossy={**ROTATED_ONLY, **MARKS, "verified_empty": UNSAID, "unsplit": IN_TRAIN},
        ),
        _format(
            "huggingface",
            "Hugging Face",
            "A folder for the datasets library and the Hub: Parquet with pictures, card, features.",
            read=False,
            requires=("pyarrow", "yaml"),
            options=(options.LAYOUT,),
            lossy={"unsplit": IN_TRAIN},
        ),
        _format(
            "imagenet",
            "ImageNet folder",
            "Pictures in a folder for each class, as ImageFolder of torchvision reads them.",
            tasks=("classification",),
            lossy=FOLDERS_ONLY,
        ),
        _format(
            "kitti",
            "KITTI",
            "KITTI: boxes with truncation and occlusion, a text file for each picture.",
            tasks=("detection",),
            precision=0.0001,
            lossy={
                **BOXES_ONLY,
                **without(MARKS, "occluded", "truncated", "scores"),
                "verified_empty": UNSAID,
                "unsplit": IN_TRAIN,
            },
        ),
        _format(
            "label_studio",
            "Label Studio",
            "Label Studio: tasks with every shape, brushes included, and their configuration.",
            requires=("defusedxml",),
            options=(options.PREFIX, options.PREDICTIONS),
            lossy={"holes": AS_MASK, "sources": LEFT_OUT, "states": LEFT_OUT},
        ),
        _format(
            "labelme",
            "LabelMe",
            "LabelMe: a JSON file beside each picture, for LabelMe and X-AnyLabeling.",
            lossy={**REVIEW, "captions": LEFT_OUT, "holes": AS_MASK, "ellipses": AS_POLYGON},
        ),
        _format(
            "mask_png",
            "Mask PNG",
            "PNG files of class numbers and of object numbers, classes.json.",
            tasks=("segmentation",),
            lossy={
                **PIXELS_ONLY,
                "instances": "objects from the 65,536th of an image on are told apart by class only",
            },
        ),
        _format(
            "mot",
            "MOT Challenge",
            "MOT Challenge: boxes with the track each belongs to, a sequence for each image group.",
            tasks=("detection",),
            options=(options.MOT_COORDINATES, options.FRAME_RATE),
            read_options=(options.MOT_COORDINATES,),
            precision=0.0001,
            lossy={
                **BOXES_ONLY,
                **without(MARKS, "tracks", "occluded", "image_groups"),
                "untracked": "each gets a track of its own, numbered from 1,000,001 on",
                "verified_empty": UNSAID,
                "unsplit": IN_TRAIN,
            },
        ),
        _format(
            "open_images",
            "Open Images",
            "Open Images tables: boxes with occlusion, truncation and groups, and image labels.",
            tasks=("classification", "detection"),
            precision=0.0001,
            lossy={
                **without(BOXES_ONLY, "tags"),
                **without(MARKS, "occluded", "truncated", "scores", "crowd"),
                "verified_empty": UNSAID,
                "unsplit": IN_TRAIN,
            },
        ),
        _format(
            "parquet",
            "Native Parquet",
            "Everything this product knows, as tables for pandas, DuckDB and Spark; without loss.",
            requires=("pyarrow",),
            lossy={},
        ),
        _format(
            "tfrecord",
            "TFRecord",
            "TensorFlow Object Detection API: boxes, PNG masks and pictures, a file a split.",
            requires=("google_crc32c",),
            precision=0.001,
            pictures_inside=True,
            lossy={
                **REVIEW,
                **left_out(
                    "captions",
                    "polylines",
                    "skeletons",
                    "attributes",
                    "tracks",
                    "occluded",
                    "z_order",
                    "groups",
                    "scores",
                ),
                **dict.fromkeys(("rotated_boxes", "polygons", "multi_part", "holes", "ellipses"), AS_MASK),
                "pictures": "other than JPEG, PNG, GIF and BMP are encoded as PNG",
            },
        ),
        _format(
            "via",
            "VGG Image Annotator",
            "VGG Image Annotator 2: a project file with regions, the class as an attribute.",
            tasks=("detection", "segmentation"),
            precision=0.0001,
            lossy={
                **REVIEW,
                "captions": LEFT_OUT,
                "rotated_boxes": AS_POLYGON,
                "masks": AS_POLYGON,
                "holes": BRIDGED,
                "attributes": AS_TEXT,
            },
        ),
        _format(
            "voc_masks",
            "Pascal VOC masks",
            "Pascal VOC segmentation: palette masks of classes and of objects, JPEG pictures.",
            tasks=("segmentation",),
            options=(options.VOID_BORDER,),
            profiles=(profiles.TORCHVISION_VOC_MASKS, profiles.DATUMARO_VOC_MASKS),
            lossy={
                **PIXELS_ONLY,
                "instances": "objects from the 255th of an image on are told apart by class only",
                "unsplit": IN_TRAIN,
                "pictures": JPEG,
            },
        ),
        _format(
            "webdataset",
            "WebDataset",
            "Tar files of pictures and labels that training reads as a stream. Written only.",
            read=False,
            lossy={},
        ),
        _format(
            "wider_face",
            "WIDER FACE",
            "WIDER FACE: boxes of faces with blur, pose and other marks, a list for each split.",
            tasks=("detection",),
            lossy={
                **BOXES_ONLY,
                **without(MARKS, "occluded"),
                "sub_pixel": WHOLE_PIXELS,
                "classes": "every object becomes a face",
                "verified_empty": UNSAID,
                "unused_classes": LEFT_OUT,
                "unsplit": IN_TRAIN,
            },
        ),
        _format(
            "yolo_classify",
            "YOLO classify",
            "Ultralytics YOLO classification: a folder for each split and each class.",
            tasks=("classification",),
            lossy=FOLDERS_ONLY,
        ),
        _format(
            "yolo_detect",
            "YOLO detect",
            "Ultralytics YOLO boxes: a text file for each picture, split folders, data.yaml.",
            tasks=("detection",),
            requires=("yaml",),
            profiles=(profiles.ULTRALYTICS,),
            options=(options.DECIMALS,),
            precision=0.0001,
            lossy={**BOXES_ONLY, **MARKS, "unsplit": IN_TRAIN},
        ),
        _format(
            "yolo_obb",
            "YOLO OBB",
            "Ultralytics YOLO rotated boxes, as four corners each.",
            tasks=("detection",),
            requires=("yaml",),
            profiles=(profiles.ULTRALYTICS,),
            options=(options.DECIMALS,),
            precision=0.0001,
            lossy={**ROTATED_ONLY, **MARKS, "unsplit": IN_TRAIN},
        ),
        _format(
            "yolo_pose",
            "YOLO pose",
            "Ultralytics YOLO boxes with the points of a skeleton, flip_idx found by their names.",
            tasks=("detection",),
            requires=("yaml",),
            profiles=(profiles.ULTRALYTICS,),
            options=(options.DECIMALS,),
            precision=0.0001,
            lossy={**without(BOXES_ONLY, "skeletons"), **MARKS, "unsplit": IN_TRAIN},
        ),
        _format(
            "yolo_segment",
            "YOLO segment",
            "Ultralytics YOLO outlines: a ring for each object in a text file for each picture.",
            tasks=("segmentation",),
            requires=("yaml",),
            profiles=(profiles.ULTRALYTICS,),
            options=(options.DECIMALS, options.PARTS, options.TOLERANCE),
            precision=0.0001,
            lossy={
                **OUTLINES_ONLY,
                **MARKS,
                **dict.fromkeys(("boxes", "rotated_boxes", "masks", "ellipses"), AS_POLYGON),
                "multi_part": BRIDGED,
                "holes": BRIDGED,
                "unsplit": IN_TRAIN,
            },
        ),
    ),
)


def detect_format(root: Path) -> list[tuple[str, float]]:
    """The readable formats that the folder or file may hold, with confidence, best first."""
    found = [(entry.key, FORMATS.load(entry.key).detect(root)) for entry in FORMATS if entry.facts["read"]]
    return sorted(((key, confidence) for key, confidence in found if confidence > 0), key=lambda pair: -pair[1])


def losses(features: Iterable[str], entry: Entry) -> dict[str, str]:
    """Which of the features (`features.features_of`) the format of `entry` does not keep, with what becomes of them."""
    lossy: dict[str, str] = entry.facts["lossy"]
    present = set(features)
    return {feature: fate for feature, fate in lossy.items() if feature in present}
