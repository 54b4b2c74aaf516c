"""Datumaro JSON: its items field by field, names and ids, damaged files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.datumaro import FORMAT
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

LABELS = {
    "label": {"labels": [{"name": "cat", "parent": ""}, {"name": "dog", "parent": "cat"}], "label_groups": []},
    "mask": {"colormap": [{"label_id": 1, "r": 255, "g": 16, "b": 0}]},
    "points": {"items": [{"label_id": 0, "labels": ["nose", "tail"], "joints": [[1, 2]], "positions": []}]},
}  # fmt: skip
FLAT = [10.0, 5.0, 30.0, 5.0, 30.0, 25.0, 10.0, 25.0]


def written(root: Path, *annotations: Any, name: str = "train", **more: Any) -> None:
    item = {"id": "sub/a", "annotations": annotations, "image": {"path": "sub_a.png", "size": [48, 64]}, **more}
    content = {"dm_format_version": "1.0", "media_type": 2, "infos": {}, "categories": LABELS, "items": [item]}
    (root / f"{name}.json").write_bytes(orjson.dumps(content))


def read(root: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report).images), report


def entry(kind: str, **more: Any) -> dict[str, Any]:
    return {"id": 1, "type": kind, "attributes": {}, "group": 0, "label_id": 0, "z_order": 0, **more}


def only_shape(root: Path, *entries: Any) -> dict[str, Any]:
    written(root, *entries)
    (image,), report = read(root)
    assert report.refused == []
    (found,) = image.annotations
    return found.shape


def exported(root: Path, *annotations: Any) -> dict[str, Any]:
    FORMAT.write(Dataset(CLASSES, [ImageRecord(1, "a.jpg", WIDTH, HEIGHT, annotations)], 1), root, images=False)
    content: dict[str, Any] = orjson.loads((root / "annotations" / "default.json").read_bytes())
    return content


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (entry("label"), {"type": "tag"}),
        (entry("bbox", bbox=[1.5, 2, 3, 4]), {"type": "box", "box": [1.5, 2, 3, 4]}),
        (
            entry("bbox", bbox=[10, 20, 20, 6], attributes={"rotation": 30.0}),
            {"type": "rotated_box", "center": [20, 23], "size": [20, 6], "angle": 30},
        ),
        (entry("polygon", points=FLAT), polygon(SQUARE)),
        (entry("polyline", points=[1, 2, 3, 4]), {"type": "polyline", "points": [[1, 2], [3, 4]]}),
        (
            entry("points", points=[1, 2, 3, 4, 0, 0], visibility=[2, 1, 0]),
            {"type": "skeleton", "points": [[1, 2, 2], [3, 4, 1], [0, 0, 0]]},
        ),
        (
            entry("ellipse", points=[10, 20, 30, 26]),
            {"type": "ellipse", "center": [20, 23], "radii": [10, 3], "angle": 0},
        ),
        (
            {"id": 2, "type": "caption", "attributes": {}, "group": 0, "caption": "A cat."},
            {"type": "caption", "text": "A cat."},
        ),
    ],
)
def test_each_kind_of_annotation(tmp_path: Path, found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert only_shape(tmp_path, found) == expected


def test_masks_are_those_of_coco_over_the_whole_picture(tmp_path: Path) -> None:
    rle = shape_to_rle(donut(), WIDTH, HEIGHT)
    compressed = {"counts": rle.to_string(), "size": [HEIGHT, WIDTH]}
    plain = {"counts": rle.counts.tolist(), "size": [HEIGHT, WIDTH]}

    assert only_shape(tmp_path, entry("mask", rle=compressed)) == donut()
    assert only_shape(tmp_path, entry("mask", rle=plain)) == donut()
    assert exported(tmp_path, annotation("u", 7, donut()))["items"][0]["annotations"][0]["rle"] == compressed


def test_categories_tell_colours_and_skeletons(tmp_path: Path) -> None:
    written(tmp_path)

    cat, dog = FORMAT.read(tmp_path, Report()).classes

    assert (cat.name, cat.skeleton) == ("cat", {"points": ["nose", "tail"], "edges": [[0, 1]]})
    assert (dog.name, dog.color) == ("dog", "#ff1000")
    said = exported(tmp_path, BOXES[0])["categories"]
    assert said["points"]["items"][0]["joints"] == [[1, 2], [1, 3]]
    assert said["mask"]["colormap"][0] == {"label_id": 0, "r": 255, "g": 0, "b": 0}


def test_captions_without_a_label_get_a_class_of_their_own(tmp_path: Path) -> None:
    written(tmp_path, {"id": 1, "type": "caption", "caption": "A cat."})

    dataset = FORMAT.read(tmp_path, Report())

    assert [record.name for record in dataset.classes] == ["cat", "dog", "caption"]
    assert [found.class_number for image in dataset.images for found in image.annotations] == [3]


def test_polygons_of_one_number_and_group_are_parts(tmp_path: Path) -> None:
    triangle = [value for point in TRIANGLE for value in point]
    written(
        tmp_path,
        entry("polygon", points=FLAT, id=5, group=5),
        entry("polygon", points=triangle, id=5, group=5),
        entry("polygon", points=FLAT, id=6, group=5),
        entry("polygon", points=FLAT, id=0, group=0),
        entry("polygon", points=FLAT, id=0, group=0),
    )

    (image,), _ = read(tmp_path)

    assert [(len(found.shape["parts"]), found.group) for found in image.annotations] == [
        (2, 5),
        (1, 5),
        (1, None),
        (1, None),
    ]


def test_parts_are_written_as_datumaro_writes_them(tmp_path: Path) -> None:
    twice = polygon(SQUARE, TRIANGLE)
    content = exported(tmp_path, annotation("a", 7, twice), annotation("b", 7, box(1, 1, 2, 2), group=4))

    found = content["items"][0]["annotations"]
    assert [(one["type"], one["id"], one["group"]) for one in found] == [
        ("polygon", 1, 5),
        ("polygon", 1, 5),
        ("bbox", 2, 4),
    ]
    (image,), _ = read(tmp_path)
    assert [(one.shape, one.group) for one in image.annotations] == [(twice, None), (box(1, 1, 2, 2), 4)]


def test_marks_stand_among_the_attributes(tmp_path: Path) -> None:
    attributes = {"occluded": True, "truncated": False, "is_crowd": True, "score": 0.25, "track_id": 3, "colour": "red"}
    written(tmp_path, entry("bbox", bbox=[1, 1, 5, 5], attributes=attributes, z_order=2, group=7))

    ((found,),) = (image.annotations for image in read(tmp_path)[0])

    assert (found.occluded, found.truncated, found.crowd, found.score) == (True, False, True, 0.25)
    assert (found.attributes, found.z_order, found.group) == ({"track_id": 3, "colour": "red"}, 2, 7)


@pytest.mark.parametrize(
    ("key", "path", "name"),
    [
        ("sub/a", "sub_a.png", "sub/a.png"),
        ("sub/a", "sub/a.png", "sub/a.png"),
        ("a.jpg", "a.jpg.jpg", "a.jpg.jpg"),
        ("a.jpg", "a.jpg", "a.jpg"),
        ("v1.2", "v1.2.png", "v1.2.png"),
        ("a", None, "a.jpg"),
        ("../a", "/etc/a.png", "a.png"),
    ],
)
def test_the_name_is_told_from_id_and_path(tmp_path: Path, key: str, path: Any, name: str) -> None:
    written(tmp_path, id=key, image={"path": path, "size": [48, 64]})

    assert [image.name for image in read(tmp_path)[0]] == [name]


def test_ids_differ_where_pictures_differ_in_their_ending_alone(tmp_path: Path) -> None:
    images = [ImageRecord(n, name, WIDTH, HEIGHT) for n, name in enumerate(("a.jpg", "a.png"), 1)]

    FORMAT.write(Dataset(CLASSES, images, 2), tmp_path, images=False)

    content = orjson.loads((tmp_path / "annotations" / "default.json").read_bytes())
    assert [item["id"] for item in content["items"]] == ["a", "a.png"]
    assert [image.name for image in read(tmp_path)[0]] == ["a.jpg", "a.png"]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (entry("bbox", bbox=[1, 1, 0, 5]), "The box is 0 wide and 5 high; both must be greater than 0."),
        (entry("bbox", bbox=None, attributes={"rotation": 5}), "The box must be four numbers [x, y, width, height]."),
        (entry("polygon", points=[1, 2, 3]), 'The "points" must be one list of x, y, x, y, …'),
        (entry("polygon", points=[1, 2, "x", 3]), "A point holds 'x'; every coordinate must be a number."),
        (
            entry("points", points=[1, 2], visibility=[]),
            'The "visibility" must be a list of 1 marks, one for each point.',
        ),
        (
            entry("mask", rle={"counts": "0", "size": [3, 3]}),
            "The mask's rle must have the size of its image, [height, width]: [48, 64].",
        ),
        (entry("mask", rle={"counts": "\x00", "size": [48, 64]}), None),
        (entry("ellipse", points=[1, 2]), "The ellipse has 1 points; it needs the two corners of the box around it."),
        (entry("cuboid_3d"), "The type is 'cuboid_3d', which has no counterpart here."),
        (entry("bbox", bbox=[1, 1, 5, 5], label_id=9), "There is no label with the number 9."),
        (5, "An annotation must be an object."),
    ],
)
def test_an_annotation_that_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, found: Any, sentence: str | None
) -> None:
    written(tmp_path, found, entry("bbox", bbox=[1, 1, 5, 5]))

    (image,), report = read(tmp_path)

    assert [problem.where for problem in report.refused] == ["train.json: item 1, annotation 1"]
    assert sentence in (None, report.refused[0].detail)
    assert len(image.annotations) == 1


def test_items_behind_which_the_categories_stand(tmp_path: Path) -> None:
    item = {"id": "a", "annotations": [entry("bbox", bbox=[1, 1, 5, 5])], "image": {"path": "a.jpg", "size": [48, 64]}}
    (tmp_path / "x.json").write_bytes(orjson.dumps({"items": [item, 7], "categories": LABELS}))

    images, report = read(tmp_path)

    assert [len(image.annotations) for image in images] == [1]
    assert [problem.detail for problem in report.refused] == ["An item must be an object."]


def test_a_truncated_file_gives_what_stands_before(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False)
    path = tmp_path / "annotations" / "train.json"
    path.write_bytes(path.read_bytes()[:-60])

    images, report = read(tmp_path)

    assert len(images) == 4
    assert [problem.where for problem in report.refused] == ["annotations/train.json"]


def test_other_json_is_a_format_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"images": [], "annotations": [], "categories": []}')

    assert FORMAT.detect(tmp_path) == 0.0
    with pytest.raises(FormatError):
        read(tmp_path)


@settings(max_examples=150)
@given(damage=changed_bytes(), change=odd_values(6))
def test_damaged_files_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[bytes], bytes], change: Callable[[Any], Any]
) -> None:
    root = tmp_path_factory.mktemp("damaged")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    path = root / "annotations" / "val.json"
    path.write_bytes(damage(path.read_bytes()))
    for name in ("train", "test"):
        with_odd_values(root / "annotations" / f"{name}.json", change)

    read_without_surprise(FORMAT, root)
