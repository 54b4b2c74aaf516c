"""Create ML, Open Images and KITTI: the traps of each, and files of others."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image

from datasets_app.formats.base import Report
from datasets_app.formats.catalog import FORMATS, detect_format
from datasets_app.ir import ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import CLASSES, HEIGHT, WIDTH, annotation, box, golden


def read(key: str, root: Path, **options: Any) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMATS.load(key).read(root, report, options=options).images), report


def boxes(images: list[ImageRecord]) -> list[tuple[float, ...]]:
    return [found.box for image in images for found in image.annotations]


def save(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (100, 80), "grey").save(path)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# Create ML


def test_createml_counts_from_the_centre(tmp_path: Path) -> None:
    FORMATS.load("createml").write(golden(tmp_path / "pictures"), tmp_path, images=False)

    (first, *_) = orjson.loads((tmp_path / "train" / "_annotations.createml.json").read_bytes())

    assert first["image"] == "plain.jpg"
    assert first["annotations"][0] == {
        "label": "cat",
        "coordinates": {"x": 2.5, "y": 4.0, "width": 3.0, "height": 4.0},
    }


def test_createml_of_others_and_its_bad_entries(tmp_path: Path) -> None:
    save(tmp_path / "valid" / "a.png")
    save(tmp_path / "valid" / "b.png")
    entries = [
        {
            "image": "a.png",
            "annotations": [{"label": "cat", "coordinates": {"x": 50, "y": 40, "width": 20, "height": 10}}],
        },
        {"imagefilename": "b.png", "annotation": "night"},
        {"image": "missing.png", "annotations": []},
        {"annotations": []},
        {"image": "a.png", "annotations": [{"label": "cat", "coordinates": {"x": "here"}}, {"coordinates": {}}, 3]},
        17,
    ]
    (tmp_path / "valid" / "_annotations.createml.json").write_bytes(orjson.dumps(entries))

    found, report = read("createml", tmp_path)

    assert boxes(found) == [(40, 35, 20, 10), (0, 0, 100, 80)]
    assert [image.split for image in found] == ["val", "val", "val"]
    assert [problem.detail for problem in report.refused] == [
        "missing.png is not at hand to tell its size; import it together with its labels.",
        'An entry needs "image", the name of a picture.',
        'The coordinates need the numbers "x", "y" (the centre), "width" and "height".',
        'The annotation needs a "label".',
        'The annotation needs a "label".',
        'An entry needs "image", the name of a picture.',
    ]
    assert detect_format(tmp_path)[0][0] == "createml"


def test_a_createml_file_that_breaks_off_gives_what_stood_before(tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    good = {"image": "a.png", "annotations": [{"label": "x", "coordinates": {"x": 5, "y": 5, "width": 4, "height": 4}}]}
    (tmp_path / "a.json").write_bytes(b"[" + orjson.dumps(good) + b", " + orjson.dumps(good)[:40])

    found, report = read("createml", tmp_path)

    assert boxes(found) == [(3, 3, 4, 4)]
    assert [problem.where for problem in report.refused] == ["a.json: behind entry 1"]


# Open Images


def test_open_images_has_its_columns_and_descriptions(tmp_path: Path) -> None:
    marked = annotation("u", 7, box(16, 12, 32, 24), crowd=True, occluded=True, score=0.5)
    tag = annotation("v", 90, {"type": "tag"})
    image = ImageRecord(1, "a b.jpg", WIDTH, HEIGHT, (marked, tag), split="val")
    FORMATS.load("open_images").write(Dataset(CLASSES, [image], 1), tmp_path, images=False)

    with (tmp_path / "validation-annotations-bbox.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    with (tmp_path / "class-descriptions-boxable.csv").open(newline="", encoding="utf-8") as file:
        names = dict(csv.reader(file))
    with (tmp_path / "validation-annotations-human-imagelabels.csv").open(newline="") as file:
        (label,) = csv.DictReader(file)

    assert (row["ImageID"], row["IsGroupOf"], row["IsOccluded"], row["Confidence"]) == ("a b", "1", "1", "0.5")
    assert [float(row[side]) for side in ("XMin", "XMax", "YMin", "YMax")] == [0.25, 0.75, 0.25, 0.75]
    assert names[row["LabelName"]] == "cat"
    assert label["LabelName"] == "/c/90"


def test_open_images_of_others(tmp_path: Path) -> None:
    save(tmp_path / "validation" / "0001eeaf4aed83f9.jpg")
    columns = (
        "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside"
    )
    rows = (
        "0001eeaf4aed83f9,xclick,/m/0cmf2,1,0.25,0.75,0.5,1,0,1,0,1,-1",
        "gone,xclick,/m/0cmf2,1,0,1,0,1,0,0,0,0,0",
        "0001eeaf4aed83f9,xclick,/m/0cmf2,1,0.5,0.5,0,1,0,0,0,0,0",
        "0001eeaf4aed83f9,xclick,/m/unknown,1,50,60,0,1,0,0,0,0,0",
        "0001eeaf4aed83f9,xclick,,1,0,1,0,1,0,0,0,0,0",
    )
    put(tmp_path / "validation-annotations-bbox.csv", "\n".join((columns, *rows)))
    put(tmp_path / "class-descriptions-boxable.csv", "/m/0cmf2,Airplane\n/m/011k07,Tortoise\n")
    put(
        tmp_path / "validation-annotations-human-imagelabels-boxable.csv",
        "ImageID,Source,LabelName,Confidence\n0001eeaf4aed83f9,verification,/m/011k07,0\n"
        "0001eeaf4aed83f9,verification,/m/0cmf2,1\n",
    )

    dataset = FORMATS.load("open_images").read(tmp_path, Report())
    found, report = read("open_images", tmp_path)

    assert [record.name for record in dataset.classes] == ["Airplane", "Tortoise", "/m/unknown"]
    ((first, tag),) = [image.annotations for image in found]
    assert (first.box, first.truncated, first.attributes, first.score) == (
        (25, 40, 50, 40),
        True,
        {"depiction": True},
        None,
    )
    assert tag.shape_type == "tag"
    assert [image.split for image in found] == ["val"]
    assert sorted(problem.detail for problem in report.refused) == [
        "The box encloses no area; XMax must be greater than XMin and YMax greater than YMin.",
        "The row holds 60; corners are fractions of the picture's size, 0 to 1.",
        "The row needs an ImageID and a LabelName.",
        "gone.jpg is not at hand or cannot be read; corners are fractions of its size.",
    ]
    assert detect_format(tmp_path)[0][0] == "open_images"


# KITTI


def test_kitti_words_have_no_blanks_and_splits_have_lists(tmp_path: Path) -> None:
    classes = (ClassRecord(1, "traffic light"), ClassRecord(2, "traffic_light"))
    images = [
        ImageRecord(
            n, name, WIDTH, HEIGHT, (annotation("u", n, box(1, 2, 3.5, 4), truncated=True, score=0.5),), split=split
        )
        for n, (name, split) in enumerate((("a.png", "val"), ("x/b.png", "test")), 1)
    ]
    FORMATS.load("kitti").write(Dataset(classes, images, 2), tmp_path, images=False)

    row = (tmp_path / "training/label_2/a.txt").read_text()
    dataset = FORMATS.load("kitti").read(tmp_path, Report())

    assert row == "traffic_light 1.00 0 -10 1.000000 2.000000 4.500000 6.000000 -1 -1 -1 -1000 -1000 -1000 -10 0.5\n"
    assert (tmp_path / "testing/label_2/x_b.txt").read_text().startswith("traffic_light_2 ")
    assert (tmp_path / "ImageSets/val.txt").read_text() == "a\n"
    assert [record.name for record in dataset.classes] == ["traffic light", "traffic_light"]
    assert {image.name: image.split for image in dataset.images} == {"a.png": "val", "x/b.png": "test"}


def test_kitti_of_others(tmp_path: Path) -> None:
    save(tmp_path / "training" / "image_2" / "000000.png")
    rows = (
        "Car 0.88 3 -0.69 0.00 19.50 40.00 37.40 1.48 1.56 3.62 2.08 1.36 8.69 -0.47",
        "DontCare -1 -1 -10 50 17 60 22 -1 -1 -1 -1000 -1000 -1000 -10",
        "Car 0 0 0 9 9 9 12 -1 -1 -1 -1000 -1000 -1000 -10",
        "Car 0 0 0 1 2 3",
        "Car 0 0 0 1 1 9 9 -1 -1 -1 -1000 -1000 -1000 -10 17.5",
    )
    put(tmp_path / "training" / "label_2" / "000000.txt", "\n".join(rows))

    found, report = read("kitti", tmp_path)

    ((car, ignored, other),) = [image.annotations for image in found]
    assert car.box == pytest.approx((0, 19.5, 40, 17.9))
    assert (car.truncated, car.occluded) == (True, True)
    assert (ignored.truncated, ignored.occluded) == (False, False)
    assert other.score is None
    assert [problem.detail[:40] for problem in report.refused] == [
        "The box from (9, 9) to (9, 12) encloses ",
        "The row has 7 columns; it must have 15, ",
    ]
    assert [problem.detail for problem in report.fixed] == ["The score 17.5 is none from 0 to 1; it was left out."]
    put(tmp_path / "training" / "label_2" / "000000.txt", "\n".join(rows[:2]))
    assert detect_format(tmp_path)[0][0] == "kitti"


@pytest.mark.parametrize("key", ["yolo_detect", "csv", "createml", "open_images", "kitti", "mot"])
def test_blood_cells_go_through_whole(shared_data: Path, tmp_path: Path, key: str) -> None:
    source = FORMATS.load("voc").read(shared_data / "bccd", Report())
    names = {record.number: record.name for record in source.classes}
    images = list(source.images)[:60]
    FORMATS.load(key).write(Dataset(source.classes, images, 60), tmp_path, images=True)

    dataset = FORMATS.load(key).read(tmp_path, Report())
    read_names = {record.number: record.name for record in dataset.classes}
    found = {image.name: image for image in dataset.images}

    assert detect_format(tmp_path)[0][0] == key
    for image in images:
        other = found[image.name]
        assert (other.width, other.height, other.split) == (image.width, image.height, image.split)
        assert other.path is not None
        for theirs, mine in zip(other.annotations, image.annotations, strict=True):
            assert read_names[theirs.class_number] == names[mine.class_number]
            assert theirs.box == pytest.approx(mine.box, abs=1e-3)
