"""CSV: what spreadsheets and scripts make of our table, and tables of others."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import detect_format
from datasets_app.formats.csv_table import FORMAT
from datasets_app.formats.table import guarded, plain
from datasets_app.ir import ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import BOXES, CLASSES, HEIGHT, WIDTH, annotation, golden


def read(root: Path, **options: Any) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report, options=options).images), report


def boxes(images: list[ImageRecord]) -> list[tuple[float, ...]]:
    return [found.box for image in images for found in image.annotations]


def test_a_script_reads_the_table(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False)

    with (tmp_path / "annotations.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    first = rows[0]
    assert (first["image"], first["width"], first["height"], first["split"]) == ("plain.jpg", "64", "48", "train")
    assert [float(first[name]) for name in ("xmin", "ymin", "xmax", "ymax")] == [1, 2, 4, 6]
    assert [row["instance_id"] for row in rows[:4]] == ["1", "2", "3", "4"]
    assert [row["label"] for row in rows if row["image"] == "空.jpg"] == [""]
    assert rows[2]["attributes"] == '{"colour":"dark red","count":3}'


@given(st.text(max_size=8))
def test_the_guard_is_undone_exactly(text: str) -> None:
    assert plain(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    names = ("=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "'=1", 'a,"b"\nc', "\tx")
    classes = tuple(ClassRecord(n, name) for n, name in enumerate(names, 1))
    images = [
        ImageRecord(n, f"{name.strip()}.png", WIDTH, HEIGHT, (replace(BOXES[0], class_number=n),))
        for n, name in enumerate(names, 1)
    ]

    FORMAT.write(Dataset(classes, images, 7), tmp_path, images=False)

    with (tmp_path / "annotations.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert [record.name for record in FORMAT.read(tmp_path, Report()).classes] == [name.strip() for name in names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,80,cat,10,20,30,50\n", (10, 20, 20, 30)),
        ("image_id;label;x1;y1;x2;y2;width;height\na.jpg;cat;10;20;30;50;100;80\n", (10, 20, 20, 30)),
        ("path\tclass\tx\ty\tw\th\timg_width\timg_height\na.jpg\tcat\t10\t20\t20\t30\t100\t80\n", (10, 20, 20, 30)),
        (
            "image_name,label_name,bbox_x,bbox_y,bbox_width,bbox_height,image_width,image_height\n"
            "a.jpg,cat,10,20,20,30,100,80\n",
            (10, 20, 20, 30),
        ),
        (
            "\ufeffImage,Label,Xmin,Ymin,Xmax,Ymax,Width,Height\r\na.jpg,cat,10.5,20,30,50,100,80\r\n",
            (10.5, 20, 19.5, 30),
        ),
    ],
)
def test_columns_are_known_by_their_many_names(tmp_path: Path, text: str, expected: tuple[float, ...]) -> None:
    (tmp_path / "train_labels.csv").write_text(text, encoding="utf-8")

    found, report = read(tmp_path)

    assert boxes(found) == [expected]
    assert [image.split for image in found] == ["train"]
    assert report.refused == []
    assert detect_format(tmp_path)[0] == ("csv", 0.9)


def test_rows_without_a_header_are_those_of_retinanet(tmp_path: Path) -> None:
    Image.new("RGB", (100, 80)).save(tmp_path / "a.jpg")
    Image.new("RGB", (100, 80)).save(tmp_path / "b.jpg")
    (tmp_path / "annotations.csv").write_text("/data/a.jpg,10,20,30,50,cat\nb.jpg,,,,,\n")

    found, report = read(tmp_path)

    assert [(image.name, len(image.annotations)) for image in found] == [("data/a.jpg", 1), ("b.jpg", 0)]
    assert report.refused == []
    assert detect_format(tmp_path)[0] == ("csv", 0.6)


def test_rows_of_an_image_need_not_stand_together(tmp_path: Path) -> None:
    head = "image,label,xmin,ymin,xmax,ymax,width,height\n"
    rows = "".join(f"{name}.jpg,cat,{n},0,{n + 5},5,100,80\n" for n, name in enumerate("abab"))
    (tmp_path / "a.csv").write_text(head + rows)

    found, _ = read(tmp_path)

    assert [(image.name, [a.box[0] for a in image.annotations]) for image in found] == [
        ("a.jpg", [0, 2]),
        ("b.jpg", [1, 3]),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a.jpg,cat,9,5,9,8,100,80", "The box from (9, 5) to (9, 8) encloses no area; "),
        ("a.jpg,cat,x,5,9,8,100,80", "The box needs four finite numbers: xmin, ymin, xmax, ymax."),
        ("a.jpg,cat,nan,5,9,8,100,80", "The box needs four finite numbers: xmin, ymin, xmax, ymax."),
        ("a.jpg,,1,5,9,8,100,80", "The row has a box and no label; it needs both."),
        (",cat,1,5,9,8,100,80", "The row names no image."),
        ("b.jpg,cat,1,5,9,8,0,-3", "b.jpg has no width and height, and the picture is not at hand to tell them."),
        ("a.jpg,cat,200,5,290,8,100,80", "The box lies wholly outside the picture of 100 x 80 pixels."),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, row: str, sentence: str) -> None:
    head = "image,label,xmin,ymin,xmax,ymax,width,height\na.jpg,cat,1,1,5,5,100,80\n"
    (tmp_path / "a.csv").write_text(f"{head}{row}\n")

    found, report = read(tmp_path)

    assert boxes(found) == [(1, 1, 4, 4)]
    assert [problem.where for problem in report.refused] == ["a.csv: line 3"]
    assert report.refused[0].detail.startswith(sentence)


def test_a_row_without_corners_is_a_tag_and_sizes_may_come_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("image,label,xmin,ymin,xmax,ymax\na.jpg,night,,,,\n")

    assert read(tmp_path)[0] == []
    found, _ = read(tmp_path, size_of=lambda _: (100, 80))

    assert [a.shape_type for image in found for a in image.annotations] == ["tag"]


def test_attributes_that_are_no_object_are_refused(tmp_path: Path) -> None:
    head = "image,label,xmin,ymin,xmax,ymax,width,height,attributes\n"
    (tmp_path / "a.csv").write_text(f'{head}a.jpg,cat,1,1,5,5,100,80,"[1]"\na.jpg,cat,1,1,5,5,100,80,"{{""a"":1}}"\n')

    found, report = read(tmp_path)

    assert [a.attributes for image in found for a in image.annotations] == [{"a": 1}]
    assert [problem.where for problem in report.refused] == ["a.csv: line 2"]


def test_a_table_of_something_else_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name,price\nbread,2\n")

    with pytest.raises(FormatError, match=r"^No table of boxes was found: .*\.$"):
        FORMAT.read(tmp_path, Report())
    assert FORMAT.detect(tmp_path) == 0.0


def test_crowds_groups_and_scores_come_back(tmp_path: Path) -> None:
    first = annotation("u", 7, {"type": "box", "box": [1, 1, 5, 5]}, crowd=True, group=-4, score=0.25, z_order=-2)
    FORMAT.write(Dataset(CLASSES, [ImageRecord(1, "a.png", WIDTH, HEIGHT, (first,))], 1), tmp_path, images=False)

    ((image,), _) = read(tmp_path)

    (found,) = image.annotations
    assert (found.crowd, found.group, found.score, found.z_order) == (True, -4, 0.25, -2)
