"""VGG Image Annotator: its regions, which attribute is the class, projects and exports, damaged files."""

from __future__ import annotations

from collections.abc import Callable
from math import radians
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from PIL import Image

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.via import FORMAT
from datasets_app.ir import Dataset, ImageRecord
from tests.datasets_app.formats.fuzz import changed_bytes, odd_values, read_without_surprise, with_odd_values
from tests.datasets_app.formats.golden import (
    BOXES,
    CLASSES,
    HEIGHT,
    INNER,
    SQUARE,
    TRIANGLE,
    WIDTH,
    annotation,
    donut,
    golden,
    polygon,
)

SIZE = {"width": "64", "height": "48"}
RECT = {"name": "rect", "x": 1, "y": 2, "width": 3, "height": 4}


def region(shape: Any, **attributes: Any) -> dict[str, Any]:
    return {"shape_attributes": shape, "region_attributes": attributes}


def entry(*regions: Any, name: str = "a.jpg", about: Any = None) -> dict[str, Any]:
    return {
        "filename": name,
        "size": 100,
        "regions": list(regions),
        "file_attributes": SIZE if about is None else about,
    }


def written(root: Path, *entries: Any, definitions: Any = None) -> None:
    images = {f"{n}-{found['filename']}": found for n, found in enumerate(entries)}
    content = {
        "_via_settings": {},
        "_via_img_metadata": images,
        "_via_attributes": definitions or {"region": {}, "file": {}},
    }
    (root / "project.json").write_bytes(orjson.dumps(content))


def read(root: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report).images), report


def names(root: Path) -> list[tuple[str, ...]]:
    """The classes of the annotations of each image."""
    dataset = FORMAT.read(root, Report())
    by_number = {record.number: record.name for record in dataset.classes}
    return [tuple(by_number[found.class_number] for found in image.annotations) for image in dataset.images]


def exported(root: Path, *annotations: Any) -> dict[str, Any]:
    FORMAT.write(Dataset(CLASSES, [ImageRecord(1, "a.jpg", WIDTH, HEIGHT, annotations)], 1), root, images=False)
    content: dict[str, Any] = orjson.loads((root / "via_project.json").read_bytes())
    return content


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (RECT, {"type": "box", "box": [1, 2, 3, 4]}),
        (
            {"name": "circle", "cx": 20, "cy": 21, "r": 5.5},
            {"type": "ellipse", "center": [20, 21], "radii": [5.5, 5.5], "angle": 0},
        ),
        (
            {"name": "ellipse", "cx": 20, "cy": 21, "rx": 9, "ry": 5, "theta": radians(30)},
            {"type": "ellipse", "center": [20, 21], "radii": [9, 5], "angle": 30},
        ),
        (
            {"name": "ellipse", "cx": 20, "cy": 21, "rx": 9, "ry": 5},
            {"type": "ellipse", "center": [20, 21], "radii": [9, 5], "angle": 0},
        ),
        (
            {"name": "polygon", "all_points_x": [10, 30, 30, 10], "all_points_y": [5, 5, 25, 25]},
            polygon(SQUARE),
        ),
        (
            {"name": "polyline", "all_points_x": [1, 3], "all_points_y": [2, 4]},
            {"type": "polyline", "points": [[1, 2], [3, 4]]},
        ),
        ({"name": "point", "cx": 5, "cy": 6}, {"type": "skeleton", "points": [[5, 6, 2]]}),
    ],
)
def test_each_kind_of_region(tmp_path: Path, shape: dict[str, Any], expected: dict[str, Any]) -> None:
    written(tmp_path, entry(region(shape, label="cat")))

    (image,), report = read(tmp_path)

    assert report.refused == []
    assert [found.shape for found in image.annotations] == [expected]


@pytest.mark.parametrize(
    ("attributes", "definitions", "expected"),
    [
        ({"colour": "red", "Type": "cat"}, {}, "cat"),
        ({"colour": "red", "kind": "cat"}, {"kind": {"type": "dropdown", "options": {"dog": "", "cat": ""}}}, "cat"),
        ({"kind": "cat"}, {}, "cat"),
        ({}, {}, "object"),
        ({"kind": 3}, {}, "object"),
    ],
)
def test_which_attribute_is_the_class(
    tmp_path: Path, attributes: dict[str, Any], definitions: dict[str, Any], expected: str
) -> None:
    written(tmp_path, entry(region(RECT, **attributes)), definitions={"region": definitions, "file": {}})
    report = Report()

    FORMAT.read(tmp_path, report)

    assert names(tmp_path) == [(expected,)]
    assert len(report.notes) == 1


def test_of_ticked_options_each_is_a_class(tmp_path: Path) -> None:
    written(tmp_path, entry(region(RECT, kind={"cat": True, "dog": True, "cow": False}), region(RECT, kind={})))

    assert names(tmp_path) == [("cat", "dog", "object")]


def test_classes_of_the_definition_come_first_and_unused_ones_stay(tmp_path: Path) -> None:
    options = {"type": "radio", "options": {"cow": "", "cat": ""}}
    written(
        tmp_path, entry(region(RECT, kind="cat"), region(RECT, kind="dog")), definitions={"region": {"kind": options}}
    )

    assert [record.name for record in FORMAT.read(tmp_path, Report()).classes] == ["cow", "cat", "dog"]


def test_exported_annotations_and_regions_of_version_1(tmp_path: Path) -> None:
    first = entry(region(RECT, name="cat"))
    second = {**entry(name="b.jpg"), "regions": {"0": region(RECT, name="dog"), "1": region(RECT, name="cat")}}
    (tmp_path / "via_region_data.json").write_bytes(orjson.dumps({"a.jpg100": first, "b.jpg100": second}))

    assert FORMAT.detect(tmp_path) == pytest.approx(0.95)
    assert names(tmp_path) == [("cat",), ("dog", "cat")]


def test_sizes_come_from_the_pictures(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    written(tmp_path, entry(region(RECT), about={}), entry(name="b.jpg", about={}))

    images, report = read(tmp_path)

    assert [(image.name, image.width, image.height) for image in images] == [("a.jpg", 30, 40)]
    assert [(problem.where, problem.detail) for problem in report.refused] == [
        (
            "project.json: b.jpg",
            "VIA stores no sizes; put the pictures beside the file, or give its files width and height.",
        )
    ]


def test_holes_come_back_through_their_bridges(tmp_path: Path) -> None:
    ring = polygon(SQUARE, TRIANGLE, holes=[INNER])
    content = exported(tmp_path, annotation("a", 7, ring), annotation("b", 90, donut()))

    regions = content["_via_img_metadata"]["a.jpg-1"]["regions"]
    assert [found["region_attributes"] for found in regions] == [
        {"class": "cat", "annotator_part_of": "1", "annotator_bridged": "true"},
        {"class": "cat", "annotator_part_of": "1"},
        {"class": CLASSES[1].name, "annotator_bridged": "true"},
    ]
    (image,), _ = read(tmp_path)
    for found, shape in zip(image.annotations, (ring, donut()), strict=True):
        assert (shape_to_mask(found.shape, WIDTH, HEIGHT) == shape_to_mask(shape, WIDTH, HEIGHT)).all()


def test_a_project_is_what_via_opens(tmp_path: Path) -> None:
    skeleton = {"type": "skeleton", "points": [[3.0, 4.0, 2], [0.0, 0.0, 0], [5.0, 6.0, 1]]}
    content = exported(tmp_path, *BOXES, annotation("s", 90, skeleton), annotation("t", 91, {"type": "tag"}))

    assert list(content["_via_img_metadata"]) == content["_via_image_id_list"] == ["a.jpg-1"]
    assert list(content["_via_attributes"]["region"]["class"]["options"]) == [record.name for record in CLASSES]
    assert {"colour", "occluded", "annotator_point"} <= content["_via_attributes"]["region"].keys()
    found = content["_via_img_metadata"]["a.jpg-1"]
    assert all(isinstance(value, str) for one in found["regions"] for value in one["region_attributes"].values())
    assert found["file_attributes"]["tags"] == {CLASSES[2].name: True}
    assert read(tmp_path)[0][0].annotations[len(BOXES)].shape == skeleton


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (region({**RECT, "x": "1"}), "The rect (x, y, width, height) holds '1'; every coordinate must be a number."),
        (region({"name": "rect"}), "The rect (x, y, width, height) holds None; every coordinate must be a number."),
        (
            region({"name": "polygon", "all_points_x": [1], "all_points_y": []}),
            "all_points_x and all_points_y must be two lists of the same length.",
        ),
        (region({"name": "star"}), "The region's name is 'star', which has no counterpart here."),
        (5, "The region's name is None, which has no counterpart here."),
        (region({"name": "point", "cx": 1, "cy": 1}, annotator_point="4/3/2", label="cat"), None),
    ],
)
def test_a_region_that_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, found: Any, sentence: str | None
) -> None:
    written(tmp_path, entry(found, region(RECT, label="cat")))

    (image,), report = read(tmp_path)

    assert [problem.where for problem in report.refused] == ["project.json: a.jpg, region 1"]
    assert sentence in (None, report.refused[0].detail)
    assert len(image.annotations) == 1


def test_a_truncated_project_gives_what_stands_before(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False)
    path = tmp_path / "via_project.json"
    text = path.read_bytes()
    path.write_bytes(text[: text.rindex(b'"filename"')])

    images, report = read(tmp_path)

    assert len(images) == 4
    assert [problem.where for problem in report.refused] == ["via_project.json"]


def test_other_json_is_a_format_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": {"filename": "x"}}')

    assert FORMAT.detect(tmp_path) == 0.0
    with pytest.raises(FormatError):
        read(tmp_path)


@settings(max_examples=150)
@given(damage=changed_bytes())
def test_damaged_files_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[bytes], bytes]
) -> None:
    root = tmp_path_factory.mktemp("damaged")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    path = root / "via_project.json"
    path.write_bytes(damage(path.read_bytes()))

    read_without_surprise(FORMAT, root)


@settings(max_examples=250)
@given(change=odd_values(6))
def test_odd_values_raise_nothing_else(tmp_path_factory: pytest.TempPathFactory, change: Callable[[Any], Any]) -> None:
    root = tmp_path_factory.mktemp("odd")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    with_odd_values(root / "via_project.json", change)

    read_without_surprise(FORMAT, root)
