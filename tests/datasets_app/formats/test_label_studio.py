"""Label Studio: percent, corners and brushes as it means them, several annotators, predictions, damaged files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import cos, radians, sin
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.label_studio import FORMAT
from datasets_app.formats.label_studio_brush import decode_brush, encode_brush
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

SMALL = np.array([[0, 1, 1], [1, 1, 0]], bool)
FROM_CONVERTER = [0, 0, 0, 24, 57, 27, 252, 96, 23, 255, 227, 0, 0]
"""What label-studio-converter 0.0.59 makes of `SMALL` in all four channels."""

COLOURED = [
    *(0, 0, 0, 24, 57, 27, 252, 96, 0, 8, 128, 6, 6, 64, 31, 224, 8, 128, 6, 6, 64, 31, 224, 8, 128, 6, 6, 64, 31, 224),
    *(8, 128, 6, 6, 64, 31, 241, 128, 0),
]
"""The same where set pixels are (17, 3, 200, 255): only the last channel counts."""


def result(kind: str, value: dict[str, Any], label: str = "cat", **more: Any) -> dict[str, Any]:
    labels = {f"{kind}labels": [label]}
    return {
        "from_name": "label", "to_name": "image", "type": f"{kind}labels", "original_width": 200,
        "original_height": 100, "image_rotation": 0, "value": {**value, **labels}, **more,
    }  # fmt: skip


def rectangle(label: str = "cat", **more: Any) -> dict[str, Any]:
    return result("rectangle", {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0}, label, **more)


def task(*results: Any, image: str = "/data/upload/1/0a1b2c3d-a.jpg", **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"image": image}, "annotations": [{"id": 1, "result": list(results)}], **more}


def written(root: Path, *tasks: Any) -> None:
    (root / "export.json").write_bytes(orjson.dumps(list(tasks)))


def read(root: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report).images), report


def only_shape(root: Path, *results: Any) -> dict[str, Any]:
    written(root, task(*results))
    (image,), report = read(root)
    assert report.refused == []
    (found,) = image.annotations
    return found.shape


def exported(root: Path, *annotations: Any, **options: Any) -> dict[str, Any]:
    image = ImageRecord(1, "a b.jpg", WIDTH, HEIGHT, annotations, split="val", tags=("night",), group="g")
    FORMAT.write(Dataset(CLASSES, [image], 1), root, images=False, options=options)
    (found,) = orjson.loads((root / "tasks.json").read_bytes())
    answer: dict[str, Any] = found
    return answer


@pytest.mark.parametrize("data", [FROM_CONVERTER, COLOURED])
def test_the_brush_code_of_label_studio_is_understood(data: list[int]) -> None:
    assert (decode_brush(data, 3, 2).to_mask() == SMALL).all()


def test_our_brush_code_is_the_one_of_label_studio() -> None:
    # The converter fills up the last byte even where it is full.
    assert encode_brush(Rle.from_mask(SMALL)) == FROM_CONVERTER[: len(encode_brush(Rle.from_mask(SMALL)))]
    large = np.zeros((200, 200), bool)
    large[100:190, 5:] = True
    assert encode_brush(Rle.from_mask(large))[:40] == [
        *(0, 2, 113, 0, 57, 27, 255, 255, 255, 0, 231, 18, 96, 28, 12, 47, 255, 9, 128, 112, 48, 191, 252, 38, 1, 192),
        *(194, 255, 240, 152, 7, 3, 11, 255, 194, 96, 28, 12, 47, 255),
    ]


@given(size=st.tuples(st.integers(1, 40), st.integers(1, 40)), seed=st.integers(0, 2**32 - 1), share=st.floats(0, 1))
def test_a_brush_comes_back(size: tuple[int, int], seed: int, share: float) -> None:
    pixels = np.random.default_rng(seed).random(size) < share

    assert (decode_brush(encode_brush(Rle.from_mask(pixels)), size[1], size[0]).to_mask() == pixels).all()


def test_a_long_run_is_more_than_its_largest_length() -> None:
    pixels = np.ones((400, 500), bool)

    assert (decode_brush(encode_brush(Rle.from_mask(pixels)), 500, 400).to_mask() == pixels).all()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([0, 0, 0], "The brush's rle stops in the middle of a run."),
        (FROM_CONVERTER[:9], "The brush's rle stops in the middle of a run."),
        ([0, 0, 0, 25, *FROM_CONVERTER[4:]], "The brush's rle holds 25 values; a picture of 3 x 2 needs 24."),
        ([256], "The brush's rle must be a list of bytes, whole numbers from 0 to 255."),
        (["a"], "The brush's rle must be a list of bytes, whole numbers from 0 to 255."),
    ],
)
def test_a_broken_brush_says_what_is_wrong(data: Any, sentence: str) -> None:
    with pytest.raises(ShapeError) as error:
        decode_brush(data, 3, 2)

    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (rectangle(), {"type": "box", "box": [20, 20, 60, 40]}),
        (
            result("ellipse", {"x": 50, "y": 50, "radiusX": 10, "radiusY": 10, "rotation": 30}),
            {"type": "ellipse", "center": [100, 50], "radii": [20, 10], "angle": 30},
        ),
        (
            result("polygon", {"points": [[5, 5], [15, 5], [15, 25]]}),
            {"type": "polygon", "parts": [{"outer": [[10, 5], [30, 5], [30, 25]], "holes": []}]},
        ),
        (
            result("polygon", {"points": [[5, 5], [15, 5], [15, 25]], "closed": False}),
            {"type": "polyline", "points": [[10, 5], [30, 5], [30, 25]]},
        ),
        (
            result("vector", {"vertices": [{"x": 5, "y": 5, "id": "a"}, {"x": 15, "y": 5}], "closed": False}),
            {"type": "polyline", "points": [[10, 5], [30, 5]]},
        ),
        (result("keypoint", {"x": 5, "y": 5, "width": 0.3}), {"type": "skeleton", "points": [[10, 5, 2]]}),
    ],
)
def test_percent_become_pixels(tmp_path: Path, entry: dict[str, Any], expected: dict[str, Any]) -> None:
    assert only_shape(tmp_path, entry) == expected


def test_a_rectangle_turns_about_its_top_left_corner(tmp_path: Path) -> None:
    shape = only_shape(tmp_path, result("rectangle", {"x": 50, "y": 50, "width": 10, "height": 10, "rotation": 90}))

    # 20 x 10 pixels whose corner (100, 50) stays: turned clockwise they lie below it, to the left.
    assert shape == {"type": "rotated_box", "center": [95, 60], "size": [20, 10], "angle": 90}


def test_a_rotated_box_is_written_with_the_corner_that_stays(tmp_path: Path) -> None:
    shape = {"type": "rotated_box", "center": [30.0, 20.0], "size": [24.0, 10.0], "angle": 30.0}

    ((entry,),) = (entry["result"] for entry in exported(tmp_path, annotation("u", 7, shape))["annotations"])

    value, c, s = entry["value"], cos(radians(30)), sin(radians(30))
    assert value["x"] * WIDTH / 100 == pytest.approx(30 - 12 * c + 5 * s)
    assert value["y"] * HEIGHT / 100 == pytest.approx(20 - 12 * s - 5 * c)
    assert (value["width"], value["height"], value["rotation"]) == pytest.approx((37.5, 20.8333333, 30))
    assert read(tmp_path)[0][0].annotations[0].shape == shape


def test_a_brush_keeps_its_holes_and_stays_one_object(tmp_path: Path) -> None:
    found = exported(tmp_path, annotation("u", 7, donut()))["annotations"][0]["result"]

    assert [(entry["type"], entry["value"]["format"]) for entry in found] == [("brushlabels", "rle")]
    (image,), _ = read(tmp_path)
    assert (shape_to_mask(image.annotations[0].shape, WIDTH, HEIGHT) == shape_to_mask(donut(), WIDTH, HEIGHT)).all()


def test_every_label_of_a_region_becomes_an_object(tmp_path: Path) -> None:
    entry = rectangle()
    entry["value"]["rectanglelabels"] = ["cat", "dog"]
    written(tmp_path, task(entry))

    dataset = FORMAT.read(tmp_path, Report())
    (image,) = dataset.images

    assert [record.name for record in dataset.classes] == ["cat", "dog"]
    assert [found.class_number for found in image.annotations] == [1, 2]


def test_results_with_one_id_are_one_region(tmp_path: Path) -> None:
    place = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0}
    bare = {**rectangle(id="r1"), "type": "rectangle", "value": place}
    labels = {"id": "r1", "type": "labels", "from_name": "l", "value": {**place, "labels": ["cat"]}}
    colour = {"id": "r1", "type": "choices", "from_name": "colour", "value": {**place, "choices": ["red"]}}
    words = {"id": "r1", "type": "textarea", "from_name": "note", "value": {**place, "text": ["a", "b"]}}
    rating = {"id": "r1", "type": "rating", "from_name": "stars", "value": {**place, "rating": 4}}
    written(tmp_path, task(colour, bare, labels, words, rating))

    (image,), report = read(tmp_path)

    (found,) = image.annotations
    assert report.refused == []
    assert (found.box, found.attributes) == ((20, 20, 60, 40), {"colour": "red", "note": ["a", "b"], "stars": 4})


def test_choices_and_texts_of_the_picture_are_tags_and_captions(tmp_path: Path) -> None:
    written(
        tmp_path,
        task(
            {
                "id": "a",
                "type": "choices",
                "from_name": "weather",
                "value": {"choices": ["sun", "wind"]},
                "to_name": "i",
            },
            {"id": "b", "type": "textarea", "from_name": "caption", "value": {"text": ["A cat."]}, "to_name": "i"},
            rectangle(),
        ),
    )

    dataset = FORMAT.read(tmp_path, Report())
    (image,) = dataset.images

    assert [record.name for record in dataset.classes] == ["sun", "wind", "caption", "cat"]
    assert [(found.class_number, found.shape_type) for found in image.annotations] == [
        (1, "tag"),
        (2, "tag"),
        (3, "caption"),
        (4, "box"),
    ]


def test_of_several_annotations_the_ground_truth_counts_else_the_latest(tmp_path: Path) -> None:
    def annotated(label: str, when: str, **more: Any) -> dict[str, Any]:
        return {"result": [rectangle(label)], "updated_at": when, **more}

    old, new = annotated("old", "2024-01-01T00:00:00Z"), annotated("new", "2024-02-01T00:00:00Z")
    true = annotated("true", "2023-01-01T00:00:00Z", ground_truth=True)
    cancelled = annotated("cancelled", "2025-01-01T00:00:00Z", was_cancelled=True)
    several: list[list[dict[str, Any]]] = [
        [new, old], [new, true, old], [old, cancelled], [cancelled], [{"result": []}], [],
    ]  # fmt: skip
    written(
        tmp_path,
        *(
            {"data": {"image": f"{n}.jpg", "width": 200, "height": 100}, "annotations": entries}
            for n, entries in enumerate(several, 1)
        ),
    )
    report = Report()
    dataset = FORMAT.read(tmp_path, report)
    names = {record.number: record.name for record in dataset.classes}

    found = [([names[a.class_number] for a in image.annotations], image.state) for image in dataset.images]

    assert found == [
        (["new"], "annotated"),
        (["true"], "annotated"),
        (["old"], "annotated"),
        ([], "skipped"),
        ([], "verified_empty"),
        ([], "unlabelled"),
    ]
    assert report.notes[0].startswith("3 annotations or predictions were left aside")


def test_predictions_count_where_nobody_annotated(tmp_path: Path) -> None:
    predictions = [{"model_version": "v1", "score": 0.5, "result": [rectangle(), rectangle("dog", score=0.75)]}]
    written(
        tmp_path,
        {"data": {"image": "a.jpg"}, "annotations": [], "predictions": predictions},
        {"data": {"image": "b.jpg"}, "annotations": [{"result": [rectangle()]}], "predictions": predictions},
    )

    first, second = read(tmp_path)[0]

    assert [(found.score, found.class_number) for found in first.annotations] == [(0.5, 1), (0.75, 2)]
    assert first.state == "in_progress"
    assert [found.score for found in second.annotations] == [None]


def test_objects_of_models_are_written_as_predictions_when_asked_for(tmp_path: Path) -> None:
    by_model = [replace(BOXES[0], source="run:3", score=score) for score in (0.5, 1.0)]

    found = exported(tmp_path, BOXES[1], *by_model, predictions=True)

    assert [len(entry["result"]) for entry in found["annotations"]] == [1]
    (prediction,) = found["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("run:3", 0.75)
    assert [entry["score"] for entry in prediction["result"]] == [0.5, 1.0]
    assert len(exported(tmp_path, *by_model)["annotations"][0]["result"]) == 2


def test_tasks_say_what_the_data_manager_can_filter_by(tmp_path: Path) -> None:
    found = exported(tmp_path, BOXES[0])

    assert found["data"] == {
        "image": "/data/local-files/?d=images/a%20b.jpg", "name": "a b.jpg", "width": WIDTH, "height": HEIGHT,
        "split": "val", "tags": ["night"], "group": "g",
    }  # fmt: skip
    assert exported(tmp_path, prefix="s3://bucket/x/")["data"]["image"] == "s3://bucket/x/a%20b.jpg"
    config = (tmp_path / "label_config.xml").read_text()
    assert '<RectangleLabels name="rectangle" toName="image">' in config
    assert '<Label value="cat" background="#ff0000"/>' in config


def test_parts_and_points_stay_together(tmp_path: Path) -> None:
    twice = polygon(SQUARE, TRIANGLE)
    skeleton = {"type": "skeleton", "points": [[3.0, 4.0, 2], [0.0, 0.0, 0], [5.5, 6.25, 1]]}

    found = exported(tmp_path, annotation("a", 7, twice, group=2), annotation("b", 90, skeleton))["annotations"][0]

    assert [entry["type"] for entry in found["result"]] == ["polygonlabels"] * 2 + ["keypointlabels"] * 2
    assert len({entry["id"] for entry in found["result"]}) == 4
    (image,), _ = read(tmp_path)
    assert [(found.shape, found.group) for found in image.annotations] == [(twice, 2), (skeleton, None)]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/data/upload/12/0a1b2c3d-my-cat.jpg", "my-cat.jpg"),
        ("/data/upload/12/my-cat.jpg", "my-cat.jpg"),
        ("/data/local-files/?d=images%2Fsub/my%20cat.jpg", "images/sub/my cat.jpg"),
        ("s3://bucket/folder/cat.jpg", "folder/cat.jpg"),
        ("https://example.org/x/cat.jpg?size=3", "x/cat.jpg"),
        ("../../etc/passwd", "etc/passwd"),
        ("http://[::1", "http_/[__1"),
    ],
)
def test_the_name_is_told_from_the_address(tmp_path: Path, url: str, name: str) -> None:
    written(tmp_path, task(rectangle(), image=url))

    assert [image.name for image in read(tmp_path)[0]] == [name]


def test_percent_are_of_the_picture_as_it_is_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(tmp_path / "a.jpg", exif=exif)
    brush = result("brush", {"format": "rle", "rle": [0]})
    written(tmp_path, task(rectangle(), brush, image="a.jpg"))

    (image,), report = read(tmp_path)

    assert (image.width, image.height, image.annotations[0].box) == (100, 200, (10, 40, 30, 80))
    assert report.fixed[0].detail == "The task states 200 x 100 pixels; the picture as shown has 100 x 200."
    assert report.refused[0].detail == (
        "The brush was painted on 200 x 100 pixels; the picture as shown has 100 x 200."
    )


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            rectangle(image_rotation=90),
            "The picture was turned in Label Studio; turn it back there and export once more.",
        ),
        (
            result("rectangle", {"x": "1", "y": 1, "width": 1, "height": 1}),
            "The region holds '1'; every coordinate must be a number.",
        ),
        (result("polygon", {"points": [1]}), "The region's points must be a list of [x, y]."),
        (result("brush", {"rle": "x"}), 'The region\'s "rle" must be a list.'),
        (
            {"type": "rectangle", "value": {"x": 1, "y": 1, "width": 1, "height": 1}},
            "The region of the type 'rectangle' has no label.",
        ),
        ({"type": "x"}, 'A result needs a "value".'),
        (None, 'A result needs a "value".'),
    ],
)
def test_a_result_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, entry: Any, sentence: str) -> None:
    written(tmp_path, task(entry, rectangle()))

    (image,), report = read(tmp_path)

    assert [(problem.where, problem.detail) for problem in report.refused] == [
        ("export.json: task 7, result 1", sentence)
    ]
    assert len(image.annotations) == 1


def test_tasks_that_cannot_be_read_leave_the_others(tmp_path: Path) -> None:
    text = orjson.dumps([task(rectangle()), {"id": 3}, 5, {"id": 9, "data": {}, "annotations": []},
                         {"id": 8, "data": {"image": "b.jpg"}}, task(rectangle())])  # fmt: skip
    (tmp_path / "a.json").write_bytes(text[:-1] + b', {"id": 10, "da')

    images, report = read(tmp_path)

    assert [image.name for image in images] == ["a.jpg"]
    assert [problem.where for problem in report.refused] == [
        "a.json",
        "a.json: task 2",
        "a.json: task 3",
        "a.json: task 9",
        "a.json: task 8",
        "a.json: task 7",
    ]


def test_relations_are_left_out_and_said(tmp_path: Path) -> None:
    written(tmp_path, task(rectangle(), {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}))

    (image,), report = read(tmp_path)

    assert len(image.annotations) == 1
    assert [problem.detail for problem in report.fixed] == ["1 relations between regions were left out."]


def test_other_lists_are_not_taken_for_tasks(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"image": "a.jpg", "annotations": []}]')

    assert FORMAT.detect(tmp_path) == 0.0
    with pytest.raises(FormatError):
        read(tmp_path)


def test_boxes_at_the_edge_are_not_cut_by_a_float(tmp_path: Path) -> None:
    third = box(1 / 3, 1 / 7, WIDTH - 1 / 3, HEIGHT - 1 / 7)
    exported(tmp_path, annotation("u", 7, third))

    images, report = read(tmp_path)

    assert report.fixed == []
    assert images[0].annotations[0].box == pytest.approx(third["box"], abs=1e-8)


@settings(max_examples=150)
@given(damage=changed_bytes())
def test_damaged_files_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[bytes], bytes]
) -> None:
    root = tmp_path_factory.mktemp("damaged")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    path = root / "tasks.json"
    path.write_bytes(damage(path.read_bytes()))

    read_without_surprise(FORMAT, root)


@settings(max_examples=250)
@given(change=odd_values(6))
def test_odd_values_raise_nothing_else(tmp_path_factory: pytest.TempPathFactory, change: Callable[[Any], Any]) -> None:
    root = tmp_path_factory.mktemp("odd")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    with_odd_values(root / "tasks.json", change)

    read_without_surprise(FORMAT, root)
