"""Label files of other data sets, laid out as the original and without a picture, find the images that are here."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from tests.client import Api, picture

DOTA = b"imagesource:GoogleEarth\ngsd:0.15\n5 5 15 5 15 12 5 12 plane 0\n"
KITTI = b"Car 0.00 0 -1.58 5.0 6.0 25.0 26.0 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"
OPEN_IMAGES = (
    b"ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n"
    b"0a12,xclick,/m/0k4j,1,0.25,0.5,0.25,0.5,0,0,0,0,0\n"
    b"0b34,xclick,/m/0k4j,1,0.5,0.75,0.25,0.5,0,0,0,0,0\n"
)
MOT = b"1,7,6,7,10,12,1,1,1\n2,7,8,7,10,12,1,1,1\n"
YOLO = b"0 0.5 0.5 0.25 0.5\n"
IMAGENET_WORDS = b"n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\n"
SOLUTION = (
    b"ImageId,PredictionString\n"
    b"ILSVRC2012_val_00000001,n01440764 5 6 25 26 \n"
    b"ILSVRC2012_val_00000002,n01443537 1 1 9 9 \n"
)

CASES: dict[str, tuple[str, tuple[str, ...], dict[str, bytes]]] = {
    "DOTA, labels of the train split": (
        "dota", ("P0000.png", "P0001.png"),
        {"train/labelTxt-v1.0/P0000.txt": DOTA, "train/labelTxt-v1.0/P0001.txt": DOTA},
    ),
    "DOTA, a folder in a folder": (
        "dota", ("images/P0000.png",), {"labelTxt-v1.5/DOTA-v1.5_train/P0000.txt": DOTA},
    ),
    "DOTA, images of two splits": (
        "dota", ("train/images/P0000.png", "val/images/P0001.png"),
        {"train/labelTxt/P0000.txt": DOTA, "val/labelTxt/P0001.txt": DOTA},
    ),
    "DOTA, text files alone": ("dota", ("P0000.jpg",), {"P0000.txt": DOTA}),
    "KITTI, the archive of labels": (
        "kitti", ("000000.png", "000001.png"),
        {"training/label_2/000000.txt": KITTI, "training/label_2/000001.txt": KITTI},
    ),
    "KITTI, images in their folder": (
        "kitti", ("training/image_2/000000.png",), {"training/label_2/000000.txt": KITTI},
    ),
    "KITTI, text files alone": ("kitti", ("image_2/000000.jpg",), {"000000.txt": KITTI}),
    "Open Images, tables": (
        "open_images", ("0a12.jpg", "train/0b34.jpg"),
        {"train-annotations-bbox.csv": OPEN_IMAGES, "class-descriptions-boxable.csv": b"/m/0k4j,Car\n"},
    ),
    "MOT, a sequence without its seqinfo": (
        "mot", ("MOT17-02/img1/000001.jpg", "MOT17-02/img1/000002.jpg"), {"train/MOT17-02/gt/gt.txt": MOT},
    ),
    "MOT, several sequences": (
        "mot", ("MOT17-02/000001.jpg", "MOT17-02/000002.jpg", "MOT17-04/000001.jpg", "MOT17-04/000002.jpg"),
        {"MOT17/train/MOT17-02/gt/gt.txt": MOT, "MOT17/train/MOT17-04/gt/gt.txt": MOT},
    ),
    "MOT, one sequence alone": (
        "mot", ("000001.jpg", "000002.jpg"), {"gt/gt.txt": MOT, "gt/labels.txt": b"pedestrian\n"},
    ),
    "ImageNet, the list of validation": (
        "imagenet", ("ILSVRC2012_val_00000001.JPEG", "val/ILSVRC2012_val_00000002.JPEG"),
        {"LOC_synset_mapping.txt": IMAGENET_WORDS, "LOC_val_solution.csv": SOLUTION},
    ),
    "ImageNet, a list of names and numbers": (
        "imagenet", ("ILSVRC2012_val_00000001.JPEG", "ILSVRC2012_val_00000002.JPEG"),
        {"synset_words.txt": IMAGENET_WORDS,
         "val.txt": b"ILSVRC2012_val_00000001.JPEG 0\nILSVRC2012_val_00000002.JPEG 1\n"},
    ),
    "ImageNet, names in folders of words": (
        "imagenet", ("n01440764/n01440764_10026.JPEG",),
        {"LOC_synset_mapping.txt": IMAGENET_WORDS,
         "ILSVRC/ImageSets/CLS-LOC/train_cls.txt": b"n01440764/n01440764_10026 1\n"},
    ),
    "YOLO, folders of splits": (
        "yolo_detect", ("images/train2017/1.jpg", "images/val2017/2.jpg"),
        {"data.yaml": b"names: [cell]\n", "labels/train2017/1.txt": YOLO, "labels/val2017/2.txt": YOLO},
    ),
}  # fmt: skip


def archive(files: dict[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    buffer.seek(0)
    buffer.name = "labels.zip"
    return buffer


@pytest.mark.parametrize("case", CASES)
def test_they_find_the_images_of_the_project(ada: Api, project: dict[str, Any], case: str) -> None:
    key, names, files = CASES[case]
    # A picture with folders in its name comes in an archive.
    shown = {name: picture(color=(at, 90, 10)) for at, name in enumerate(names)}
    (unpacking,) = ada.send(f"projects/{project['id']}/images/", files=archive(shown)).ok(202)["jobs"]
    ada.succeed(unpacking)
    result = ada.succeed(ada.send(f"projects/{project['id']}/imports/", file=archive(files)).ok(202))
    assert result["format"] == key, result["candidates"]
    assert (result["problems"], result["annotations"]["refused"]) == ([], 0)
    assert (result["images"]["unmatched"], result["images"]["created"]) == ([], 0)
    rows = ada.get(f"projects/{project['id']}/images/").ok()["results"]
    assert len(rows) == len(names)
    for row in rows:
        assert len(ada.annotations(row["id"])) == 1, (row["name"], json.dumps(result)[:500])
