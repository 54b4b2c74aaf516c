"""Pascal VOC: what torchvision makes of our files, and what becomes of files of others, real ones among them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from torchvision.datasets import VOCDetection

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.voc import FORMAT
from datasets_app.ir import Dataset, ImageRecord
from tests.datasets_app.formats.golden import BOXES, CLASSES, HEIGHT, WIDTH, annotation, box, golden, many


def voc_object(name: str, corners: tuple[object, ...], extra: str = "") -> str:
    tags = zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=True)
    inside = "".join(f"<{tag}>{value}</{tag}>" for tag, value in tags)
    return f"<object><name>{escape(name)}</name>{extra}<bndbox>{inside}</bndbox></object>"


def voc_file(folder: Path, stem: str, *objects: str, size: str | None = None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    size = "<size><width>100</width><height>80</height><depth>3</depth></size>" if size is None else size
    text = f"<annotation><filename>{stem}.jpg</filename>{size}{''.join(objects)}</annotation>"
    (folder / f"{stem}.xml").write_text(text)


def read(root: Path, **options: str) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report, options=options).images), report


def boxes(images: list[ImageRecord]) -> list[tuple[float, ...]]:
    return [annotation.box for image in images for annotation in image.annotations]


@pytest.mark.parametrize(
    ("image_set", "names"), [("train", ["plain", "other_plain", "空"]), ("test", ["sub_folder_plain"])]
)
def test_torchvision_reads_the_export(tmp_path: Path, image_set: str, names: list[str]) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=True)

    dataset = VOCDetection(str(tmp_path), year="2007", image_set=image_set)
    items = [dataset[index] for index in range(len(dataset))]

    assert [target["annotation"]["filename"] for _, target in items] == [f"{name}.jpg" for name in names]
    assert all(picture.size == (WIDTH, HEIGHT) for picture, _ in items)
    assert items[0][1]["annotation"]["object"][0]["bndbox"] == {"xmin": "2", "ymin": "3", "xmax": "4", "ymax": "6"}


def test_without_a_test_split_it_is_voc2012(tmp_path: Path) -> None:
    FORMAT.write(many(3, 1), tmp_path, images=False)

    assert sorted(path.name for path in (tmp_path / "VOCdevkit" / "VOC2012" / "ImageSets" / "Main").iterdir()) == [
        "train.txt",
        "trainval.txt",
        "val.txt",
    ]


def test_datumaro_finds_the_classes_in_the_label_map(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False, options={"coordinates": "raw"})

    (path,) = tmp_path.glob("VOCdevkit/*/labelmap.txt")
    head, *lines = path.read_text().splitlines()
    assert head == "# label:color_rgb:parts:actions"
    assert [line.split(":")[0] for line in lines] == ["background", *(record.name for record in CLASSES)]
    assert lines[1].split(":")[1:] == ["128,0,0", "", ""]


def test_ids_hold_no_blanks_and_differ(tmp_path: Path) -> None:
    names = ("a b.jpg", "a_b.png", "A_b.gif", "x/a.jpg", "x_a.jpg")
    images = (ImageRecord(n, name, WIDTH, HEIGHT, split="val") for n, name in enumerate(names, 1))

    FORMAT.write(Dataset(CLASSES, images, 5), tmp_path, images=False)

    listed = (tmp_path / "VOCdevkit" / "VOC2012" / "ImageSets" / "Main" / "val.txt").read_text().split()
    assert listed == ["a_b", "a_b_2", "A_b_3", "x_a", "x_a_2"]
    assert [image.name for image in read(tmp_path)[0]] == ["A_b.gif", "a b.jpg", "a_b.png", "x/a.jpg", "x_a.jpg"]


@pytest.mark.parametrize("coordinates", ["one_based", "raw"])
def test_both_ways_of_counting_come_back_because_the_file_says_which(tmp_path: Path, coordinates: str) -> None:
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, BOXES[:2])
    FORMAT.write(Dataset(CLASSES, [image], 1), tmp_path, images=False, options={"coordinates": coordinates})

    found, report = read(tmp_path)

    assert boxes(found) == [BOXES[0].box, BOXES[1].box]
    assert report.notes == []


def test_a_way_of_counting_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as error:
        FORMAT.write(many(1, 1), tmp_path, images=False, options={"coordinates": "half"})

    assert str(error.value) == "coordinates is 'half'; it must be one of: one_based, raw."
    assert list(tmp_path.iterdir()) == []


def test_names_that_xml_cannot_hold_are_written_without_what_it_cannot(tmp_path: Path) -> None:
    image = ImageRecord(1, "a&<b>\x01.jpg", WIDTH, HEIGHT, (annotation("u", 91, box(1, 1, 5, 5)),))

    FORMAT.write(Dataset(CLASSES, [image], 1), tmp_path, images=False)
    dataset = FORMAT.read(tmp_path, Report())

    assert [record.name for record in dataset.classes] == ["never used & <odd>"]
    assert [image.name for image in dataset.images] == ["a&<b>.jpg"]


def test_a_corner_at_zero_means_counted_from_zero(tmp_path: Path) -> None:
    voc_file(tmp_path, "a", voc_object("cat", (0, 5, 10, 20)), voc_object("cat", ("1.5", "2.25", "9", "9")))

    found, report = read(tmp_path)

    assert boxes(found) == [(0, 5, 10, 15), (1.5, 2.25, 7.5, 6.75)]
    assert report.notes == ["A corner lies at 0, so pixels were read as counted from 0, the last one excluded."]


def test_no_corner_at_zero_means_as_voc_counts_and_an_option_decides_otherwise(tmp_path: Path) -> None:
    voc_file(tmp_path, "a", voc_object("cat", (1, 5, 10, 20)))

    assert boxes(read(tmp_path)[0]) == [(0, 4, 10, 16)]
    assert boxes(read(tmp_path, coordinates="raw")[0]) == [(1, 5, 9, 15)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            voc_object("cat", (5, 5, 5, 9)),
            "The box from (5, 5) to (5, 9) encloses no area; "
            "xmax must be greater than xmin and ymax greater than ymin.",
        ),
        (
            voc_object("cat", (9, 5, 5, 9)),
            "The box from (9, 5) to (5, 9) encloses no area; "
            "xmax must be greater than xmin and ymax greater than ymin.",
        ),
        (
            voc_object("cat", (9, 5, "x", 9)),
            "The object needs a <bndbox> with the numbers xmin, ymin, xmax and ymax.",
        ),
        (
            voc_object("cat", (9, 5, "nan", 9)),
            "The box holds nan; every coordinate must be a finite number.",
        ),
        (
            "<object><name>cat</name></object>",
            "The object needs a <bndbox> with the numbers xmin, ymin, xmax and ymax.",
        ),
        (voc_object(" ", (1, 1, 5, 5)), "The object has no <name>."),
        (voc_object("cat", (200, 1, 205, 5)), "The box lies wholly outside the picture of 100 x 80 pixels."),
    ],
)
def test_an_object_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, text: str, sentence: str) -> None:
    voc_file(tmp_path / "train", "a", text, voc_object("dog", (1, 1, 5, 5)))

    found, report = read(tmp_path)

    assert len(boxes(found)) == 1
    assert [(problem.where, problem.detail) for problem in report.refused] == [("train/a.xml: object 1", sentence)]
    assert found[0].split == "train"


def test_parts_of_an_object_are_not_objects(tmp_path: Path) -> None:
    part = "<part><name>head</name><bndbox><xmin>2</xmin><ymin>2</ymin><xmax>4</xmax><ymax>4</ymax></bndbox></part>"
    voc_file(tmp_path, "a", voc_object("person", (1, 1, 50, 50), part))
    report = Report()

    dataset = FORMAT.read(tmp_path, report)

    assert [record.name for record in dataset.classes] == ["person"]
    assert boxes(list(dataset.images)) == [(0, 0, 50, 50)]


def test_marks_and_attributes_are_read(tmp_path: Path) -> None:
    marks = "<pose>Left</pose><truncated>1</truncated><difficult>1</difficult><occluded>1</occluded>"
    attribute = "<attributes><attribute><name>age</name><value>7</value></attribute></attributes>"
    voc_file(tmp_path, "a", voc_object("cat", (1, 1, 5, 5), marks + attribute))

    ((image,), _) = read(tmp_path)

    assert (image.annotations[0].truncated, image.annotations[0].occluded) == (True, True)
    assert image.annotations[0].attributes == {"age": 7, "difficult": True, "pose": "Left"}


def test_split_files_with_labels_behind_the_ids_are_read(tmp_path: Path) -> None:
    for stem in ("one", "two words", "three", "four"):
        voc_file(tmp_path / "Annotations", stem)
    lists = tmp_path / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    (lists / "train.txt").write_text("one  1\nthree\n")
    (lists / "val.txt").write_text("two words -1\nthree 1\nmissing\n")

    found, report = read(tmp_path)

    assert {image.name: image.split for image in found} == {
        "one.jpg": "train",
        "two words.jpg": "val",
        "three.jpg": "train",
        "four.jpg": None,
    }
    assert [problem.detail for problem in report.fixed] == ["It is listed in train and in val; it was put into train."]


def test_xml_bombs_and_broken_files_are_refused_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "bbbb">]><annotation>&b;</annotation>')
    (tmp_path / "cut.xml").write_text("<annotation><object>")
    voc_file(tmp_path, "good", voc_object("cat", (1, 1, 5, 5)))

    found, report = read(tmp_path)

    assert [image.name for image in found] == ["good.jpg"]
    assert [problem.where for problem in report.refused] == ["bomb.xml", "cut.xml"]
    assert all(problem.detail.startswith("The file cannot be read as XML: ") for problem in report.refused)


def test_a_file_without_size_and_picture_is_refused(tmp_path: Path) -> None:
    voc_file(tmp_path, "a", size="")

    found, report = read(tmp_path)

    assert found == []
    assert [problem.detail for problem in report.refused] == [
        "There is no <size>, and the picture is not at hand to tell it."
    ]


def test_bccd_is_read_whole(shared_data: Path) -> None:
    report = Report()
    dataset = FORMAT.read(shared_data / "bccd", report)
    images = list(dataset.images)
    names = {record.number: record.name for record in dataset.classes}

    counts = Counter(names[a.class_number] for image in images for a in image.annotations)

    assert len(images) == 364
    assert sum(counts.values()) == 4888 - 2
    assert set(counts) == {"RBC", "WBC", "Platelets"}
    assert Counter(image.split for image in images) == {"train": 205, "val": 87, "test": 72}
    assert sorted(problem.where for problem in report.refused) == [
        "BCCD/Annotations/BloodImage_00338.xml: object 13",
        "BCCD/Annotations/BloodImage_00343.xml: object 4",
    ]
    assert all("encloses no area" in problem.detail for problem in report.refused)
    assert all(image.path is not None and image.name == image.path.name for image in images)


def test_playing_cards_are_read_whole(shared_data: Path) -> None:
    report = Report()
    dataset = FORMAT.read(shared_data / "playing_cards", report)
    images = list(dataset.images)

    assert len(images) == 363
    assert len(boxes(images)) == 670
    assert len(dataset.classes) == 6
    assert {image.split for image in images} == {"train", "test"}
    assert {Path(image.name).suffix for image in images} == {".JPG", ".jpg"}
    assert all(image.path is not None for image in images)
    assert report.refused == []
