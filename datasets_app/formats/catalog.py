"""The annotation formats, one line each. A new format is one module in this folder and one line here.

Facts: `read` and `write` say which ways the format goes, `extension` what an export's file ends in, `tasks` whom it is
for, and `lossy` maps each feature (`features.FEATURES`) that a round trip does not keep to what becomes of it. Where
there are any, `options` describes what can be chosen (`options.py`), and `precision` says to which part of a pixel
coordinates come back. `pictures_inside` says that pictures lie inside other files and have no path of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from annotator.core.registry import Entry, Registry
from datasets_app.formats.base import Format
from datasets_app.formats.features import (
    AS_BOX,
    AS_MASK,
    AS_ONE,
    AS_POLYGON,
    AS_ROTATED_BOX,
    BRIDGED,
    LEFT_OUT,
    SHAPE_FEATURES,
)
from datasets_app.formats.huggingface_options import LAYOUT
from datasets_app.formats.options import (
    COORDINATES,
    DECIMALS,
    FRAME_RATE,
    MOT_COORDINATES,
    PARTS,
    PREDICTIONS,
    PREFIX,
    QUADS,
    TOLERANCE,
)
from datasets_app.formats.profiles import (
    CVAT_COCO,
    DATUMARO_VOC,
    DETECTRON2,
    PYCOCOTOOLS,
    SUPERVISION_VOC,
    TORCHVISION_COCO,
    TORCHVISION_VOC,
    ULTRALYTICS,
)

_UNSAID = "an image without annotations is listed without saying why it has none"
_IN_TRAIN = "images without a split are put into train"
_MARKS_LOST = dict.fromkeys(
    (
        *("attributes", "tracks", "occluded", "truncated", "crowd", "z_order", "groups", "sources", "scores", "states"),
        *("image_tags", "image_groups"),
    ),
    LEFT_OUT,
)
"""What text files with nothing but shapes in them cannot hold."""

_NO_SHAPELESS = {"tags": LEFT_OUT, "captions": LEFT_OUT, "polylines": LEFT_OUT, "skeletons": LEFT_OUT}
_BOXES_ONLY = {
    **_NO_SHAPELESS,
    **dict.fromkeys(("rotated_boxes", "polygons", "multi_part", "holes", "masks", "ellipses"), AS_BOX),
}
_ROTATED_ONLY = {
    **_NO_SHAPELESS,
    **dict.fromkeys(("boxes", "polygons", "multi_part", "holes", "masks", "ellipses"), AS_ROTATED_BOX),
}
_FOLDERS_ONLY = {
    **dict.fromkeys(SHAPE_FEATURES.values(), LEFT_OUT),
    **dict.fromkeys(("multi_part", "holes"), LEFT_OUT),
    "several_tags": "the first tag decides on the folder",
    "untagged": LEFT_OUT,
    **_MARKS_LOST,
    "verified_empty": LEFT_OUT,
    "unsplit": _IN_TRAIN,
}
del _FOLDERS_ONLY["tags"]
_KITTI_MARKS = frozenset(("occluded", "truncated", "scores"))
_PIXELS_ONLY = {
    **_NO_SHAPELESS,
    **dict.fromkeys(("boxes", "rotated_boxes", "polygons", "multi_part", "holes", "ellipses"), AS_MASK),
    "overlaps": "a pixel belongs to the object on top only",
    "sub_pixel": "rounded to whole pixels",
    **_MARKS_LOST,
    "verified_empty": _UNSAID,
}
_MOT_MARKS = frozenset(("tracks", "occluded", "image_groups"))
_ALL_TASKS = ("classification", "detection", "segmentation")

FORMATS: Registry[Format] = Registry(
    "format",
    (
        Entry(
            "native",
            "datasets_app.formats.native_json:FORMAT",
            "Native JSON",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Everything this product knows, in one JSON file; read back without loss.",
                "tasks": _ALL_TASKS,
                "lossy": {},
            },
        ),
        Entry(
            "coco",
            "datasets_app.formats.coco:FORMAT",
            "COCO",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "COCO: boxes, polygons, run-length masks, keypoints, captions; JSON for each split.",
                "tasks": ("detection", "segmentation"),
                "profiles": (PYCOCOTOOLS, TORCHVISION_COCO, DETECTRON2, CVAT_COCO),
                "lossy": {
                    "tags": LEFT_OUT,
                    "rotated_boxes": AS_POLYGON,
                    "holes": AS_MASK,
                    "ellipses": AS_POLYGON,
                    "polylines": LEFT_OUT,
                    "z_order": LEFT_OUT,
                    "groups": LEFT_OUT,
                    "sources": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                },
            },
        ),
        Entry(
            "voc",
            "datasets_app.formats.voc:FORMAT",
            "Pascal VOC",
            requires=("defusedxml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Pascal VOC: boxes in an XML file for each picture, splits in ImageSets, JPEG pictures.",
                "tasks": ("detection",),
                "options": (COORDINATES,),
                "profiles": (TORCHVISION_VOC, SUPERVISION_VOC, DATUMARO_VOC),
                "lossy": {
                    "tags": LEFT_OUT,
                    "captions": LEFT_OUT,
                    "rotated_boxes": AS_BOX,
                    "polygons": AS_BOX,
                    "holes": AS_BOX,
                    "masks": AS_BOX,
                    "ellipses": AS_BOX,
                    "polylines": LEFT_OUT,
                    "skeletons": LEFT_OUT,
                    "sub_pixel": "rounded to whole pixels",
                    "attributes": "written as text; values that look like numbers or truth values come back as such",
                    "crowd": "written as difficult",
                    "z_order": LEFT_OUT,
                    "groups": LEFT_OUT,
                    "sources": LEFT_OUT,
                    "scores": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                    "unused_classes": LEFT_OUT,
                    "unsplit": "images without a split are listed in train",
                    "pictures": "encoded as JPEG of quality 95",
                },
            },
        ),
        Entry(
            "pickle",
            "datasets_app.formats.pickle:FORMAT",
            "Pickle",
            facts={
                "read": False,
                "write": True,
                "extension": ".zip",
                "description": "Plain dictionaries, lists and NumPy arrays. Written only: reading it would run code.",
                "tasks": _ALL_TASKS,
                "lossy": {},
            },
        ),
        Entry(
            "camvid",
            "datasets_app.formats.camvid:FORMAT",
            "CamVid",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "CamVid: masks in the colours of classes, class_dict.csv.",
                "tasks": ("segmentation",),
                "lossy": {**_PIXELS_ONLY, "instances": AS_ONE, "unsplit": _IN_TRAIN},
            },
        ),
        Entry(
            "cityscapes",
            "datasets_app.formats.cityscapes:FORMAT",
            "Cityscapes",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Cityscapes: masks of labels, of objects and of colours in gtFine.",
                "tasks": ("segmentation",),
                "lossy": {
                    **{feature: fate for feature, fate in _PIXELS_ONLY.items() if feature != "crowd"},
                    "instances": "crowds of a class, and objects from the 1001st of a class on, are one area",
                    "unsplit": _IN_TRAIN,
                },
            },
        ),
        Entry(
            "coco_panoptic",
            "datasets_app.formats.coco_panoptic:FORMAT",
            "COCO panoptic",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "COCO panoptic: one mask for each picture, its segments described in JSON.",
                "tasks": ("segmentation",),
                "lossy": {feature: fate for feature, fate in _PIXELS_ONLY.items() if feature != "crowd"},
            },
        ),
        Entry(
            "createml",
            "datasets_app.formats.createml:FORMAT",
            "Create ML",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Apple's Create ML: boxes by their centre, one JSON list for each split.",
                "tasks": ("detection",),
                "lossy": {
                    **_BOXES_ONLY,
                    **_MARKS_LOST,
                    "verified_empty": _UNSAID,
                    "unused_classes": LEFT_OUT,
                    "unsplit": _IN_TRAIN,
                },
                "precision": 0.0001,
            },
        ),
        Entry(
            "csv",
            "datasets_app.formats.csv_table:FORMAT",
            "CSV",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "One table: a row for each box or tag, with its image, corners, marks and attributes.",
                "tasks": ("classification", "detection"),
                "lossy": {
                    **{feature: fate for feature, fate in _BOXES_ONLY.items() if feature != "tags"},
                    "sources": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                    "unused_classes": LEFT_OUT,
                },
                "precision": 0.0001,
            },
        ),
        Entry(
            "cvat_images",
            "datasets_app.formats.cvat_images:FORMAT",
            "CVAT for images",
            requires=("defusedxml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "CVAT for images 1.1: every shape but captions in one XML file, labels with attributes.",
                "tasks": _ALL_TASKS,
                "lossy": {
                    "captions": LEFT_OUT,
                    "holes": AS_MASK,
                    "sources": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                },
            },
        ),
        Entry(
            "datumaro",
            "datasets_app.formats.datumaro:FORMAT",
            "Datumaro",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Datumaro JSON 1.0: every shape, a file for each split, for Datumaro and Geti.",
                "tasks": _ALL_TASKS,
                "lossy": {"holes": AS_MASK, "sources": LEFT_OUT},
            },
        ),
        Entry(
            "dota",
            "datasets_app.formats.dota:FORMAT",
            "DOTA",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "DOTA: rotated boxes of aerial pictures, four corners in pixels and a difficult mark.",
                "tasks": ("detection",),
                "lossy": {
                    **_ROTATED_ONLY,
                    **_MARKS_LOST,
                    "verified_empty": _UNSAID,
                    "unsplit": _IN_TRAIN,
                },
                "read_options": (QUADS,),
                "precision": 0.0001,
            },
        ),
        Entry(
            "huggingface",
            "datasets_app.formats.huggingface:FORMAT",
            "Hugging Face",
            requires=("pyarrow", "yaml"),
            facts={
                "read": False,
                "write": True,
                "extension": ".zip",
                "description": "A folder for the datasets library and the Hub: Parquet with pictures, card, features.",
                "tasks": _ALL_TASKS,
                "options": (LAYOUT,),
                "lossy": {"unsplit": _IN_TRAIN},
            },
        ),
        Entry(
            "imagenet",
            "datasets_app.formats.imagenet:FORMAT",
            "ImageNet folder",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Pictures in a folder for each class, as ImageFolder of torchvision reads them.",
                "tasks": ("classification",),
                "lossy": _FOLDERS_ONLY,
            },
        ),
        Entry(
            "kitti",
            "datasets_app.formats.kitti:FORMAT",
            "KITTI",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "KITTI: boxes with truncation and occlusion, a text file for each picture.",
                "tasks": ("detection",),
                "lossy": {
                    **_BOXES_ONLY,
                    **{mark: fate for mark, fate in _MARKS_LOST.items() if mark not in _KITTI_MARKS},
                    "verified_empty": _UNSAID,
                    "unsplit": _IN_TRAIN,
                },
                "precision": 0.0001,
            },
        ),
        Entry(
            "label_studio",
            "datasets_app.formats.label_studio:FORMAT",
            "Label Studio",
            requires=("defusedxml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Label Studio: tasks with every shape, brushes included, and the configuration they need.",
                "tasks": _ALL_TASKS,
                "options": (PREFIX, PREDICTIONS),
                "lossy": {"holes": AS_MASK, "sources": LEFT_OUT, "states": LEFT_OUT},
            },
        ),
        Entry(
            "labelme",
            "datasets_app.formats.labelme:FORMAT",
            "LabelMe",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "LabelMe: a JSON file beside each picture, for LabelMe and X-AnyLabeling.",
                "tasks": _ALL_TASKS,
                "lossy": {
                    "captions": LEFT_OUT,
                    "holes": AS_MASK,
                    "ellipses": AS_POLYGON,
                    "sources": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                },
            },
        ),
        Entry(
            "mask_png",
            "datasets_app.formats.mask_png:FORMAT",
            "Mask PNG",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "PNG files of class numbers and of object numbers, classes.json.",
                "tasks": ("segmentation",),
                "lossy": {
                    **_PIXELS_ONLY,
                    "instances": "objects from the 65,536th of an image on are told apart by class only",
                },
            },
        ),
        Entry(
            "mot",
            "datasets_app.formats.mot:FORMAT",
            "MOT Challenge",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "MOT Challenge: boxes with the track each belongs to, a sequence for each image group.",
                "tasks": ("detection",),
                "lossy": {
                    **_BOXES_ONLY,
                    **{mark: fate for mark, fate in _MARKS_LOST.items() if mark not in _MOT_MARKS},
                    "untracked": "each gets a track of its own, numbered from 1,000,001 on",
                    "verified_empty": _UNSAID,
                    "unsplit": _IN_TRAIN,
                },
                "options": (MOT_COORDINATES, FRAME_RATE),
                "read_options": (MOT_COORDINATES,),
                "precision": 0.0001,
            },
        ),
        Entry(
            "open_images",
            "datasets_app.formats.open_images:FORMAT",
            "Open Images",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Open Images tables: boxes with occlusion, truncation and groups, and image labels.",
                "tasks": ("classification", "detection"),
                "lossy": {
                    **{feature: fate for feature, fate in _BOXES_ONLY.items() if feature != "tags"},
                    **{mark: fate for mark, fate in _MARKS_LOST.items() if mark not in (*_KITTI_MARKS, "crowd")},
                    "verified_empty": _UNSAID,
                    "unsplit": _IN_TRAIN,
                },
                "precision": 0.0001,
            },
        ),
        Entry(
            "parquet",
            "datasets_app.formats.parquet:FORMAT",
            "Native Parquet",
            requires=("pyarrow",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Everything this product knows, as tables for pandas, DuckDB and Spark; without loss.",
                "tasks": _ALL_TASKS,
                "lossy": {},
            },
        ),
        Entry(
            "tfrecord",
            "datasets_app.formats.tfrecord:FORMAT",
            "TFRecord",
            requires=("google_crc32c",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "TensorFlow's Object Detection API: boxes and PNG masks with the pictures, one file a split.",
                "tasks": _ALL_TASKS,
                "lossy": {
                    "captions": LEFT_OUT,
                    "rotated_boxes": AS_MASK,
                    "polygons": AS_MASK,
                    "multi_part": AS_MASK,
                    "holes": AS_MASK,
                    "ellipses": AS_MASK,
                    "polylines": LEFT_OUT,
                    "skeletons": LEFT_OUT,
                    "attributes": LEFT_OUT,
                    "tracks": LEFT_OUT,
                    "occluded": LEFT_OUT,
                    "z_order": LEFT_OUT,
                    "groups": LEFT_OUT,
                    "sources": LEFT_OUT,
                    "scores": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                    "pictures": "other than JPEG, PNG, GIF and BMP are encoded as PNG",
                },
                "precision": 0.001,
                "pictures_inside": True,
            },
        ),
        Entry(
            "via",
            "datasets_app.formats.via:FORMAT",
            "VGG Image Annotator",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "VGG Image Annotator 2: a project file with regions, the class as an attribute.",
                "tasks": ("detection", "segmentation"),
                "lossy": {
                    "captions": LEFT_OUT,
                    "rotated_boxes": AS_POLYGON,
                    "masks": AS_POLYGON,
                    "holes": BRIDGED,
                    "attributes": "written as text; values that look like numbers or truth values come back as such",
                    "sources": LEFT_OUT,
                    "states": LEFT_OUT,
                    "verified_empty": _UNSAID,
                    "image_tags": LEFT_OUT,
                    "image_groups": LEFT_OUT,
                },
                "precision": 0.0001,
            },
        ),
        Entry(
            "voc_masks",
            "datasets_app.formats.voc_masks:FORMAT",
            "Pascal VOC masks",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Pascal VOC segmentation: palette masks of classes and of objects, JPEG pictures.",
                "tasks": ("segmentation",),
                "lossy": {
                    **_PIXELS_ONLY,
                    "instances": "objects from the 255th of an image on are told apart by class only",
                    "unsplit": _IN_TRAIN,
                    "pictures": "encoded as JPEG of quality 95",
                },
            },
        ),
        Entry(
            "webdataset",
            "datasets_app.formats.webdataset:FORMAT",
            "WebDataset",
            facts={
                "read": False,
                "write": True,
                "extension": ".zip",
                "description": "Tar files of pictures and labels that training reads as a stream. Written only.",
                "tasks": _ALL_TASKS,
                "lossy": {},
            },
        ),
        Entry(
            "wider_face",
            "datasets_app.formats.wider_face:FORMAT",
            "WIDER FACE",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "WIDER FACE: boxes of faces with blur, pose and other marks, a list for each split.",
                "tasks": ("detection",),
                "lossy": {
                    **_BOXES_ONLY,
                    "sub_pixel": "rounded to whole pixels",
                    **{mark: fate for mark, fate in _MARKS_LOST.items() if mark != "occluded"},
                    "classes": "every object becomes a face",
                    "verified_empty": _UNSAID,
                    "unused_classes": LEFT_OUT,
                    "unsplit": _IN_TRAIN,
                },
            },
        ),
        Entry(
            "yolo_classify",
            "datasets_app.formats.yolo_classify:FORMAT",
            "YOLO classify",
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Ultralytics YOLO classification: a folder for each split and each class.",
                "tasks": ("classification",),
                "lossy": _FOLDERS_ONLY,
            },
        ),
        Entry(
            "yolo_detect",
            "datasets_app.formats.yolo_detect:FORMAT",
            "YOLO detect",
            requires=("yaml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Ultralytics YOLO boxes: a text file for each picture, split folders, data.yaml.",
                "tasks": ("detection",),
                "profiles": (ULTRALYTICS,),
                "lossy": {**_BOXES_ONLY, **_MARKS_LOST, "unsplit": _IN_TRAIN},
                "options": (DECIMALS,),
                "precision": 0.0001,
            },
        ),
        Entry(
            "yolo_obb",
            "datasets_app.formats.yolo_obb:FORMAT",
            "YOLO OBB",
            requires=("yaml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Ultralytics YOLO rotated boxes, as four corners each.",
                "tasks": ("detection",),
                "profiles": (ULTRALYTICS,),
                "lossy": {**_ROTATED_ONLY, **_MARKS_LOST, "unsplit": _IN_TRAIN},
                "options": (DECIMALS,),
                "precision": 0.0001,
            },
        ),
        Entry(
            "yolo_pose",
            "datasets_app.formats.yolo_pose:FORMAT",
            "YOLO pose",
            requires=("yaml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Ultralytics YOLO boxes with the points of a skeleton, flip_idx found by their names.",
                "tasks": ("detection",),
                "profiles": (ULTRALYTICS,),
                "lossy": {
                    **{feature: fate for feature, fate in _BOXES_ONLY.items() if feature != "skeletons"},
                    **_MARKS_LOST,
                    "unsplit": _IN_TRAIN,
                },
                "options": (DECIMALS,),
                "precision": 0.0001,
            },
        ),
        Entry(
            "yolo_segment",
            "datasets_app.formats.yolo_segment:FORMAT",
            "YOLO segment",
            requires=("yaml",),
            facts={
                "read": True,
                "write": True,
                "extension": ".zip",
                "description": "Ultralytics YOLO outlines: a ring for each object in a text file for each picture.",
                "tasks": ("segmentation",),
                "profiles": (ULTRALYTICS,),
                "lossy": {
                    **_NO_SHAPELESS,
                    **dict.fromkeys(("boxes", "rotated_boxes", "masks", "ellipses"), AS_POLYGON),
                    "multi_part": BRIDGED,
                    "holes": BRIDGED,
                    **_MARKS_LOST,
                    "unsplit": _IN_TRAIN,
                },
                "options": (DECIMALS, PARTS, TOLERANCE),
                "precision": 0.0001,
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
