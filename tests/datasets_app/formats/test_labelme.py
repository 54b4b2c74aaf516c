"""LabelMe: its shapes point by point, groups as parts, its own files' oddities, damaged files."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from PIL import Image

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.labelme import FORMAT
from datasets_app.ir import Dataset, ImageRecord
from tests.datasets_app.formats.fuzz import changed_bytes, odd_values, read_without_surprise, with_odd_values
from tests.datasets_app.formats.golden import (
    BOXES,
    CLASSES,
    HEIGHT,
    SQUARE,
    TRIANGLE,
    WIDTH,
    annotation,
    box,
    donut,
    golden,
    polygon,
)


def shape(kind: str, points: list[list[float]], label: str = "cat", **more: Any) -> dict[str, Any]:
    return {"label": label, "points": points, "group_id": None, "shape_type": kind, "flags": {}, **more}


def written(root: Path, *shapes: Any, name: str = "a", **more: Any) -> None:
    content = {
        "version": "5.2.1", "flags": {}, "shapes": list(shapes), "imagePath": f"{name}.jpg", "imageData": None,
        "imageHeight": 48, "imageWidth": 64, **more,
    }  # fmt: skip
    (root / f"{name}.json").write_bytes(orjson.dumps(content))


def read(root: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report).images), report


def shapes_of(root: Path) -> list[dict[str, Any]]:
    images, report = read(root)
    assert report.refused == []
    return [found.shape for image in images for found in image.annotations]


def exported(root: Path, *annotations: Any) -> dict[str, Any]:
    FORMAT.write(Dataset(CLASSES, [ImageRecord(1, "a.jpg", WIDTH, HEIGHT, annotations)], 1), root, images=False)
    content: dict[str, Any] = orjson.loads((root / "a.json").read_bytes())
    return content


def png(pixels: np.ndarray[Any, Any]) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (shape("rectangle", [[30, 20], [10, 5]]), {"type": "box", "box": [10, 5, 20, 15]}),
        (
            shape("rectangle", [[10, 5], [30, 5], [30, 20], [10, 20]]),
            {"type": "box", "box": [10, 5, 20, 15]},
        ),
        (shape("circle", [[20, 20], [23, 24]]), {"type": "ellipse", "center": [20, 20], "radii": [5, 5], "angle": 0}),
        (shape("line", [[1, 2], [3, 4]]), {"type": "polyline", "points": [[1, 2], [3, 4]]}),
        (shape("linestrip", [[1, 2], [3, 4], [9, 9]]), {"type": "polyline", "points": [[1, 2], [3, 4], [9, 9]]}),
        (shape("point", [[1, 2]]), {"type": "skeleton", "points": [[1, 2, 2]]}),
        (shape("points", [[1, 2], [3, 4]]), {"type": "skeleton", "points": [[1, 2, 2], [3, 4, 2]]}),
        (
            shape("rotation", [[20, 10], [20, 30], [10, 30], [10, 10]], direction=1.57),
            {"type": "rotated_box", "center": [15, 20], "size": [20, 10], "angle": 90},
        ),
        ({"label": "cat", "points": SQUARE}, {"type": "polygon", "parts": [{"outer": SQUARE, "holes": []}]}),
    ],
)
def test_each_kind_of_shape(tmp_path: Path, entry: dict[str, Any], expected: dict[str, Any]) -> None:
    written(tmp_path, entry)

    assert shapes_of(tmp_path) == [expected]


def test_a_mask_is_a_picture_of_its_crop(tmp_path: Path) -> None:
    pixels = np.array([[0, 1, 1], [1, 1, 0]], np.uint8)
    written(tmp_path, shape("mask", [[10, 5], [12, 6]], mask=png(pixels)))

    (found,) = shapes_of(tmp_path)

    expected = np.zeros((48, 64), bool)
    expected[5:7, 10:13] = pixels.astype(bool)
    assert (shape_to_mask(found, 64, 48) == expected).all()


def test_a_mask_is_written_with_its_last_pixel(tmp_path: Path) -> None:
    (entry,) = exported(tmp_path, annotation("u", 7, donut()))["shapes"]

    (x0, y0), (x1, y1) = entry["points"]
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(entry["mask"])))) != 0
    assert pixels.shape == (y1 - y0 + 1, x1 - x0 + 1)
    assert (shape_to_mask(donut(), WIDTH, HEIGHT)[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1] == pixels).all()


def test_polygons_of_one_label_and_group_are_one_object(tmp_path: Path) -> None:
    written(
        tmp_path,
        shape("polygon", SQUARE, group_id=3),
        shape("polygon", SQUARE, "dog", group_id=3),
        shape("polygon", TRIANGLE, group_id=3),
        shape("rectangle", [[1, 1], [5, 5]], group_id=4),
        shape("polygon", SQUARE, group_id=5),
        shape("polygon", TRIANGLE, group_id=5),
    )

    (image,), _ = read(tmp_path)

    assert [(found.shape_type, len(found.shape.get("parts", ())), found.group) for found in image.annotations] == [
        ("polygon", 2, 3),
        ("polygon", 1, 3),
        ("box", 0, 4),
        ("polygon", 2, None),
    ]


def test_parts_share_a_group_of_their_own(tmp_path: Path) -> None:
    twice = polygon(SQUARE, TRIANGLE)
    content = exported(
        tmp_path,
        annotation("a", 7, twice),
        annotation("b", 7, twice, group=1),
        annotation("c", 7, polygon(SQUARE), group=1),
        annotation("d", 7, box(1, 1, 5, 5), group=1),
    )

    assert [entry["group_id"] for entry in content["shapes"]] == [2, 2, 3, 3, None, 1]
    (image,), _ = read(tmp_path)
    assert [found.group for found in image.annotations] == [None, 1, 1, 1]
    assert [found.shape for found in image.annotations[:3]] == [twice, twice, polygon(SQUARE)]


def test_what_is_written_is_what_labelme_checks_for(tmp_path: Path) -> None:
    content = exported(
        tmp_path,
        BOXES[1],
        annotation("e", 90, {"type": "ellipse", "center": [20.0, 20.0], "radii": [4.5, 4.5], "angle": 0.0}),
        annotation("t", 91, {"type": "tag"}),
        annotation("l", 90, {"type": "polyline", "points": [[1.0, 1.0], [2.0, 2.0]]}),
    )

    assert (content["imageData"], content["imagePath"]) == (None, "a.jpg")
    assert (content["imageWidth"], content["imageHeight"]) == (WIDTH, HEIGHT)
    assert content["flags"] == {CLASSES[2].name: True}
    assert [(entry["shape_type"], len(entry["points"])) for entry in content["shapes"]] == [
        ("rectangle", 2),
        ("circle", 2),
        ("line", 2),
    ]
    assert content["shapes"][0]["flags"] == {"occluded": True}
    assert (tmp_path / "labels.txt").read_text().split("\n")[:3] == ["__ignore__", "_background_", "cat"]


def test_circles_are_kept_and_not_counted_as_lost(tmp_path: Path) -> None:
    circle = {"type": "ellipse", "center": [20.5, 20.25], "radii": [4.5, 4.5], "angle": 0.0}
    oval = {**circle, "radii": [4.5, 3.0]}
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, (annotation("a", 7, circle), annotation("b", 7, oval)))

    report = FORMAT.write(Dataset(CLASSES, [image], 1), tmp_path, images=False)

    assert report.lost["ellipses"] == 1
    first, second = shapes_of(tmp_path)
    assert first == circle
    assert second["type"] == "polygon"


def test_flags_are_tags_of_the_picture_and_attributes_of_a_shape(tmp_path: Path) -> None:
    written(
        tmp_path,
        shape("rectangle", [[1, 1], [5, 5]], flags={"occluded": True, "wet": True, "dry": False}, description="left"),
        shape("rectangle", [[1, 1], [5, 6]], difficult=True, score=0.5, attributes={"size": "big"}),
        flags={"sunny": True, "cloudy": False},
    )

    dataset = FORMAT.read(tmp_path, Report())
    (image,) = dataset.images
    first, second, tag = image.annotations

    assert [entry.name for entry in dataset.classes] == ["cat", "sunny", "cloudy"]
    assert (first.occluded, first.attributes) == (True, {"wet": True, "dry": False, "description": "left"})
    assert (second.score, second.attributes) == (0.5, {"size": "big", "difficult": True})
    assert (tag.shape_type, tag.class_number) == ("tag", 2)


def test_pictures_that_differ_in_their_ending_have_files_of_their_own(tmp_path: Path) -> None:
    names = ("a.jpg", "a.png", "a.PNG", "sub/a.jpg")
    images = [ImageRecord(n, name, WIDTH, HEIGHT, (BOXES[0],)) for n, name in enumerate(names, 1)]

    FORMAT.write(Dataset(CLASSES, images, 4), tmp_path, images=False)

    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")) == [
        "a.PNG.json",
        "a.json",
        "a.png.json",
        "sub/a.json",
    ]
    assert {image.name for image in read(tmp_path)[0]} == set(names)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("../images/b.jpg", "images/b.jpg"),
        ("..\\images\\b.jpg", "images/b.jpg"),
        ("C:\\data\\b.jpg", "labels/b.jpg"),
        ("/etc/b.jpg", "labels/b.jpg"),
        ("../../../b.jpg", "labels/b.jpg"),
        ("b.jpg", "labels/b.jpg"),
        (None, "labels/a.jpg"),
    ],
)
def test_the_picture_is_looked_for_from_the_file_and_never_outside(tmp_path: Path, said: Any, name: str) -> None:
    (tmp_path / "labels").mkdir()
    written(tmp_path / "labels", imagePath=said)

    assert [image.name for image in read(tmp_path)[0]] == [name]


def test_a_picture_turned_by_exif_has_the_size_that_labelme_states(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (48, 64)).save(tmp_path / "a.jpg", exif=exif)
    written(tmp_path, shape("rectangle", [[60, 1], [63, 5]]))
    written(tmp_path, shape("rectangle", [[60, 1], [63, 5]]), name="b", imageHeight=None, imagePath="a.jpg")

    images, report = read(tmp_path)

    assert [(image.name, image.width, image.height) for image in images] == [("a.jpg", 64, 48)]
    assert [(problem.where, problem.detail) for problem in report.refused] == [
        ("b.json", "a.jpg was described before; each picture may have one file.")
    ]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (shape("rectangle", [[1, 1]]), "The rectangle has 1 points; it needs 2."),
        (shape("circle", [[1, 1], [2, 2], [3, 3]]), "The circle has 3 points; it needs 2."),
        (
            shape("polygon", [[1, 1], [2, 2]]),
            "Part 1 of the polygon, outer ring, has 2 distinct points; a ring needs at least 3.",
        ),
        (shape("polygon", [[1, "x"], [2, 2], [3, 1]]), "A point holds 'x'; every coordinate must be a number."),  # type: ignore[list-item]
        (shape("polygon", 7), 'The "points" must be a list of [x, y].'),  # type: ignore[arg-type]
        (shape("cuboid", []), "The shape_type is 'cuboid', which has no counterpart here."),
        (shape("mask", [[1, 1], [2, 2]]), 'The mask needs "mask": a PNG of its crop as base64.'),
        (shape("mask", [[1, 1], [2, 2]], mask="AAAA"), "The mask is no PNG of its crop as base64."),
        (
            shape("mask", [[1, 1], [2, 2]], mask=png(np.ones((60, 10), np.uint8))),
            "The mask of 10 x 60 pixels is larger than its picture.",
        ),
        (
            shape("rotation", [[0, 0], [20, 0], [30, 10], [0, 10]]),
            "The four corners are not those of a rectangle, in their order around it.",
        ),
        (
            shape("points", [[1, 1], [2, 2]], visibility=[1, 0]),
            "The visibility must hold 1 or 2 for each of the points, and 0 for those that are absent.",
        ),
        ({"points": SQUARE}, 'A shape needs a "label" and "points".'),
        (None, 'A shape needs a "label" and "points".'),
    ],
)
def test_a_shape_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, entry: Any, sentence: str) -> None:
    written(tmp_path, entry, shape("rectangle", [[1, 1], [5, 5]]))

    images, report = read(tmp_path)

    assert [(problem.where, problem.detail) for problem in report.refused] == [("a.json: shape 1", sentence)]
    assert len(images[0].annotations) == 1


def test_files_that_cannot_be_read_leave_the_others(tmp_path: Path) -> None:
    written(tmp_path, shape("rectangle", [[1, 1], [5, 5]]))
    (tmp_path / "b.json").write_text('{"shapes": [')
    (tmp_path / "c.json").write_text("[" * 100_000)
    written(tmp_path, name="d", imageWidth=0)

    images, report = read(tmp_path)

    assert [image.name for image in images] == ["a.jpg"]
    assert [problem.where for problem in report.refused] == ["b.json", "c.json", "d.json"]


def test_pictures_inside_the_file_are_passed_over_and_said(tmp_path: Path) -> None:
    written(tmp_path, shape("rectangle", [[1, 1], [5, 5]]), imageData="A" * 300_000)
    report = Report()

    assert FORMAT.detect(tmp_path) == pytest.approx(0.95)
    FORMAT.read(tmp_path, report)

    assert report.notes == ["1 files hold their picture themselves (imageData); pictures are read from files beside."]


def test_nothing_of_labelme_is_a_format_error(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("cat\ndog\n")

    with pytest.raises(FormatError):
        read(tmp_path)


@settings(max_examples=150)
@given(damage=changed_bytes(), change=odd_values())
def test_damaged_files_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[bytes], bytes], change: Callable[[Any], Any]
) -> None:
    root = tmp_path_factory.mktemp("damaged")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    for path in sorted(root.rglob("*.json")):
        if path.stem == "plain":
            path.write_bytes(damage(path.read_bytes()))
        else:
            with_odd_values(path, change)

    read_without_surprise(FORMAT, root)
