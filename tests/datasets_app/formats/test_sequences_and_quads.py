"""DOTA, WIDER FACE and MOT Challenge: the traps of each, and files of others, a real track among them."""

from __future__ import annotations

import configparser
import csv
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS, detect_format
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import CLASSES, HEIGHT, WIDTH, annotation, box, golden, rotated_box


def read(key: str, root: Path, **options: Any) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMATS.load(key).read(root, report, options=options).images), report


def objects(images: list[ImageRecord]) -> list[AnnotationRecord]:
    return [found for image in images for found in image.annotations]


def save(path: Path, size: tuple[int, int] = (100, 80)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "grey").save(path)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# DOTA


def test_dota_writes_corners_a_word_and_difficult(tmp_path: Path) -> None:
    classes = (ClassRecord(1, "large vehicle"),)
    shapes = (rotated_box(30, 20, 24, 10, 90), rotated_box(2, 20, 20, 8, 80))
    records = (
        annotation("u", 1, shapes[0], attributes={"difficult": True}),
        annotation("v", 1, shapes[1]),
    )
    image = ImageRecord(1, "a.png", WIDTH, HEIGHT, records, split="train")
    FORMATS.load("dota").write(Dataset(classes, [image], 1), tmp_path, images=False)

    first, second = (tmp_path / "train/labelTxt/a.txt").read_text().splitlines()
    found = objects(read("dota", tmp_path)[0])

    assert [float(cell) for cell in first.split()[:8]] == [35, 8, 35, 32, 25, 32, 25, 8]
    assert first.split()[8:] == ["large_vehicle", "1"]
    # Corners beyond the picture stay where they are.
    assert min(float(cell) for cell in second.split()[:8]) < 0
    assert [a.shape["angle"] for a in found] == pytest.approx([90, 80], abs=0.01)
    assert [a.attributes for a in found] == [{"difficult": True}, {}]


def test_dota_of_others(tmp_path: Path) -> None:
    save(tmp_path / "val" / "images" / "P0003.png")
    rows = (
        "imagesource:GoogleEarth",
        "gsd:0.146343590398",
        "10.0 10.0 50.0 10.0 50.0 30.0 10.0 30.0 ship 0",
        "10 10 50 12 55 30 10 30 ship 1",
        "10 10 50 12 55 30 ship 1",
        "10 10 20 10 30 10 40 10 ship 0",
        "nan 10 50 12 55 30 10 30 ship 1",
    )
    put(tmp_path / "val" / "labelTxt-v1.0" / "P0003.txt", "\n".join(rows))

    found, report = read("dota", tmp_path)
    quads, _ = read("dota", tmp_path, quads="polygon")

    assert [(image.name, image.split) for image in found] == [("P0003.png", "val")]
    assert [a.shape_type for a in objects(found)] == ["rotated_box", "rotated_box"]
    assert [a.shape_type for a in objects(quads)] == ["rotated_box", "polygon"]
    assert [problem.detail for problem in report.fixed] == [
        "The four corners form no rectangle; the smallest one around them was taken."
    ]
    assert [problem.where for problem in report.refused] == [
        f"val/labelTxt-v1.0/P0003.txt: line {line}" for line in (5, 6, 7)
    ]
    put(tmp_path / "val" / "labelTxt-v1.0" / "P0003.txt", "\n".join(rows[:4]))
    assert detect_format(tmp_path)[0][0] == "dota"


# WIDER FACE


def test_wider_face_lists_paths_counts_and_rows(tmp_path: Path) -> None:
    FORMATS.load("wider_face").write(golden(tmp_path / "pictures"), tmp_path, images=False)

    lines = (tmp_path / "wider_face_split/wider_face_train_bbx_gt.txt").read_text().splitlines()

    assert lines[:3] == ["0--Images/plain.jpg", "4", "1 2 3 4 0 0 0 0 0 0"]
    assert lines[3].split()[8] == "1"
    assert lines[6:9] == ["other/plain.png", "0", "0 0 0 0 0 0 0 0 0 0"]


def test_wider_face_of_others(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        save(tmp_path / "WIDER_val" / "images" / "0--Parade" / f"{name}.jpg")
    text = (
        "0--Parade/a.jpg\n2\n10 10 20 30 2 0 0 0 1 0\n1 1 5 5 0 0 0 0 0 0\n"
        "0--Parade/b.jpg\n0\n0 0 0 0 0 0 0 0 0 0\n"
        "0--Parade/c.jpg\n3\n0 0 0 0 0 0 0 0 0 0\n5 5 x 5 0 0 0 0 0 0\n"
        "0--Parade/missing.jpg\n0\n"
    )
    put(tmp_path / "wider_face_split" / "wider_face_val_bbx_gt.txt", text)

    found, report = read("wider_face", tmp_path)

    assert [(image.name, image.split, image.state) for image in found] == [
        ("0--Parade/a.jpg", "val", "annotated"),
        ("0--Parade/b.jpg", "val", "unlabelled"),
        ("0--Parade/c.jpg", "val", "unlabelled"),
    ]
    first, second = objects(found)
    assert (first.attributes, first.occluded) == ({"blur": 2, "occlusion": 1}, True)
    assert (second.attributes, second.occluded) == ({}, False)
    assert [problem.detail for problem in report.refused] == [
        "The box is 0 wide and 0 high; both must be greater than 0.",
        "A row must be ten numbers: x y w h blur expression illumination invalid occlusion pose.",
        "0--Parade/missing.jpg is not at hand to tell its size; import it together with its labels.",
    ]
    assert [problem.detail for problem in report.fixed] == [
        "The picture has the count 3 and 2 rows; the rows were read."
    ]
    assert detect_format(tmp_path)[0][0] == "wider_face"


# MOT Challenge


def frames(count: int, group: str, split: str = "train", **attributes: Any) -> list[ImageRecord]:
    return [
        ImageRecord(
            n,
            f"{group or 'x'}-{n}.png",
            WIDTH,
            HEIGHT,
            (annotation("u", 7, box(n, 2, 3, 4), attributes=attributes), annotation("v", 90, box(1, 1, 4, 4))),
            split=split,
            group=group,
        )
        for n in range(1, count + 1)
    ]


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_mot_counts_frames_and_corners_from_one(tmp_path: Path) -> None:
    images = [image for pair in zip(frames(3, "street", track_id=5), frames(3, "park"), strict=True) for image in pair]
    FORMATS.load("mot").write(Dataset(CLASSES, images, 6), tmp_path, images=False, options={"frame_rate": 25})

    rows = rows_of(tmp_path / "train/street/gt/gt.txt")
    info = configparser.ConfigParser()
    info.read(tmp_path / "train/street/seqinfo.ini")

    assert rows[0] == ["1", "5", "2.0", "3.0", "3.0", "4.0", "1", "1", "1"]
    assert [row[0] for row in rows] == ["1", "1", "2", "2", "3", "3"]
    assert [row[1] for row in rows if row[7] == "2"] == ["1000001", "1000002", "1000003"]
    assert dict(info["Sequence"]) == {
        "name": "street",
        "imdir": "img1",
        "framerate": "25",
        "seqlength": "3",
        "imwidth": "64",
        "imheight": "48",
        "imext": ".png",
        "annotatorcoordinates": "one_based",
        "annotatorgrouped": "1",
    }


def test_mot_keeps_tracks_names_and_groups(tmp_path: Path) -> None:
    images = [*frames(2, "a/b", track_id=3), *frames(2, "a_b", track_id=4), *frames(1, "")]
    FORMATS.load("mot").write(Dataset(CLASSES, images, 5), tmp_path, images=False)

    found, report = read("mot", tmp_path)

    assert {image.name: image.group for image in found} == {image.name: image.group for image in images}
    assert [a.attributes.get("track_id") for a in objects(found) if a.class_number == 1] == [3, 3, 4, 4, None]
    assert {a.box for a in objects(found)} == {(1, 2, 3, 4), (2, 2, 3, 4), (1, 1, 4, 4)}
    assert (report.fixed, report.refused) == ([], [])


@pytest.mark.parametrize("coordinates", ["one_based", "raw"])
def test_mot_says_how_it_counts(tmp_path: Path, coordinates: str) -> None:
    FORMATS.load("mot").write(
        Dataset(CLASSES, frames(1, "a"), 1), tmp_path, images=False, options={"coordinates": coordinates}
    )

    other = "raw" if coordinates == "one_based" else "one_based"
    assert objects(read("mot", tmp_path, coordinates=other)[0])[0].box == (1, 2, 3, 4)


def test_mot_of_others(tmp_path: Path) -> None:
    folder = tmp_path / "MOT17" / "train" / "MOT17-02"
    for frame in (1, 2):
        save(folder / "img1" / f"{frame:06d}.jpg")
    rows = (
        "1,1,11,21,30,40,1,1,0.86",
        "2,1,12,21,30,40,0,3,0.25",
        "3,2,12,21,30,40,1,1,1",
        "0,2,12,21,30,40,1,1,1",
        "1.5,2,12,21,30,40,1,1,1",
        "1,9,500,21,30,40,1,1,1",
        "1,9,5,5",
    )
    put(folder / "gt" / "gt.txt", "\n".join(rows))
    put(
        folder / "seqinfo.ini",
        "[Sequence]\nname=MOT17-02\nimDir=img1\nseqLength=3\nimWidth=100\nimHeight=80\nimExt=.jpg\n",
    )

    dataset = FORMATS.load("mot").read(tmp_path, Report())
    found, report = read("mot", tmp_path)

    assert [record.name for record in dataset.classes] == ["pedestrian", "car"]
    assert [(image.name, image.split, image.group) for image in found] == [
        (f"MOT17-02/00000{frame}.jpg", "train", "MOT17-02") for frame in (1, 2, 3)
    ]
    first, second, _ = objects(found)
    assert list(first.box) == [10, 20, 30, 40]
    assert (first.attributes, first.occluded) == ({"track_id": 1, "visibility": 0.86}, False)
    assert (second.attributes, second.occluded) == ({"track_id": 1, "ignored": True, "visibility": 0.25}, True)
    assert [problem.where.rpartition(" ")[2] for problem in report.refused] == ["4", "5", "7", "6"]
    assert detect_format(tmp_path)[0][0] == "mot"


def test_mot15_has_no_classes(tmp_path: Path) -> None:
    put(tmp_path / "a" / "gt" / "gt.txt", "1,1,11,21,30,40,1,-1,-1,-1\n")
    put(tmp_path / "a" / "seqinfo.ini", "[Sequence]\nimWidth=100\nimHeight=80\n")

    dataset = FORMATS.load("mot").read(tmp_path, Report())

    assert [record.name for record in dataset.classes] == ["pedestrian"]
    assert [a.attributes for image in dataset.images for a in image.annotations] == [{"track_id": 1}]


@pytest.mark.parametrize("key", ["dota", "wider_face", "mot", "kitti", "open_images", "createml"])
def test_a_folder_of_something_else_is_refused_with_a_sentence(tmp_path: Path, key: str) -> None:
    put(tmp_path / "notes.txt", "nothing here\n")

    with pytest.raises(FormatError, match=r"^No .* found: .*\.$"):
        FORMATS.load(key).read(tmp_path, Report())
