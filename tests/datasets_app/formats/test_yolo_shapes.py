"""YOLO segment, pose and OBB: what Ultralytics makes of our files, outlines with holes and parts, files of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import supervision
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotator.core.geometry.shapes import canonical, shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.bridges import bridged, separated
from datasets_app.formats.catalog import FORMATS, detect_format
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats import ultralytics_rules
from tests.datasets_app.formats.golden import (
    CLASSES,
    HEIGHT,
    INNER,
    SQUARE,
    TRIANGLE,
    WIDTH,
    annotation,
    box,
    donut,
    golden,
    pictures,
    polygon,
    rotated_box,
)

Shape = dict[str, Any]
FAR = [[1.0, 30.0], [8.0, 30.0], [8.0, 44.0], [1.0, 44.0]]


def written(root: Path, key: str, *shapes: Shape, classes: tuple[ClassRecord, ...] = CLASSES, **options: Any) -> Report:
    records = tuple(annotation(f"u-{n}", 7, shape) for n, shape in enumerate(shapes))
    (path, *_) = pictures(root / "pictures")
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, records, split="train", suffix=".jpg", path=path)
    (root / "out").mkdir(exist_ok=True)
    return FORMATS.load(key).write(Dataset(classes, [image], 1), root / "out", images=True, options=options)


def read(root: Path, key: str) -> tuple[list[AnnotationRecord], Report]:
    report = Report()
    images = list(FORMATS.load(key).read(root, report).images)
    return [found for image in images for found in image.annotations], report


def foreign(root: Path, rows: str, head: str = "names: [cat, dog]\n") -> None:
    for folder in ("images", "labels"):
        (root / folder).mkdir(exist_ok=True)
    Image.new("RGB", (100, 80), "grey").save(root / "images" / "a.png")
    (root / "labels" / "a.txt").write_text(rows)
    (root / "data.yaml").write_text(head)


def rows_of(root: Path) -> list[str]:
    return (root / "out/labels/train/a.txt").read_text().splitlines()


@pytest.mark.parametrize(("key", "task"), [("yolo_segment", "segment"), ("yolo_pose", "pose"), ("yolo_obb", "obb")])
def test_ultralytics_takes_every_picture_and_row(tmp_path: Path, key: str, task: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMATS.load(key).write(golden(tmp_path / "pictures"), out, images=True)

    _, found = ultralytics_rules.load(out, task)

    assert len(found) == 5
    assert sum(len(item.rows or ()) for item in found) >= 10


def test_boxes_become_outlines_because_rows_must_not_be_mixed(tmp_path: Path) -> None:
    written(tmp_path, "yolo_segment", box(16, 12, 32, 24), polygon(TRIANGLE))

    assert [len(row.split()) for row in rows_of(tmp_path)] == [9, 7]
    assert [float(cell) for cell in rows_of(tmp_path)[0].split()[1:]] == [
        0.25,
        0.25,
        0.75,
        0.25,
        0.75,
        0.75,
        0.25,
        0.75,
    ]


@pytest.mark.parametrize(
    "shape",
    [
        polygon(SQUARE, holes=[INNER]),
        polygon(SQUARE, TRIANGLE),
        polygon(SQUARE, TRIANGLE, FAR, holes=[INNER]),
        polygon(SQUARE, holes=[[[12.0, 6.0], [14.0, 6.0], [14.0, 9.0]], [[20.0, 20.0], [25.0, 20.0], [25.0, 24.0]]]),
        donut(),
    ],
)
def test_a_bridge_adds_no_area_and_is_taken_out_again(tmp_path: Path, shape: Shape) -> None:
    written(tmp_path, "yolo_segment", shape)

    (row,) = rows_of(tmp_path)
    numbers = np.array(row.split()[1:], dtype=float).reshape(-1, 2) * [WIDTH, HEIGHT]
    one_ring = shape_to_mask(polygon(numbers.tolist()), WIDTH, HEIGHT)
    (found,), report = read(tmp_path / "out", "yolo_segment")

    mine = shape_to_mask(shape, WIDTH, HEIGHT)
    assert np.array_equal(one_ring, mine)
    assert np.array_equal(shape_to_mask(found.shape, WIDTH, HEIGHT), mine)
    if shape["type"] == "polygon":
        assert len(found.shape["parts"]) == len(shape["parts"])
        assert sum(len(part["holes"]) for part in found.shape["parts"]) == sum(len(p["holes"]) for p in shape["parts"])
    assert (report.fixed, report.refused) == ([], [])


def test_split_parts_are_rows_of_their_own_and_holes_stay(tmp_path: Path) -> None:
    shape = polygon(SQUARE, TRIANGLE, holes=[INNER])
    written(tmp_path, "yolo_segment", shape, parts="split")

    found, _ = read(tmp_path / "out", "yolo_segment")

    assert [len(row.split()) for row in rows_of(tmp_path)] == [1 + 2 * 10, 7]
    assert np.array_equal(
        np.logical_or.reduce([shape_to_mask(a.shape, WIDTH, HEIGHT) for a in found]),
        shape_to_mask(shape, WIDTH, HEIGHT),
    )


def test_masks_are_simplified_where_wanted(tmp_path: Path) -> None:
    written(tmp_path, "yolo_segment", donut())
    exact = len(rows_of(tmp_path)[0])

    written(tmp_path, "yolo_segment", donut(), tolerance=1.0)

    assert len(rows_of(tmp_path)[0]) < exact / 2
    with pytest.raises(FormatError, match=r"^parts is 'none'; it must be one of: bridge, split\.$"):
        written(tmp_path, "yolo_segment", donut(), parts="none")


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6, unique=True),
    st.sets(st.integers(0, 5)),
)
def test_any_parts_and_holes_come_apart_as_they_were_joined(places: list[tuple[int, int]], holed: set[int]) -> None:
    parts = []
    for number, (x, y) in enumerate(places):
        left, top = x * 10.0, y * 10.0
        outer = [[left, top], [left + 9, top], [left + 9, top + 9], [left, top + 9]]
        hole = [[left + 3, top + 3], [left + 6, top + 3], [left + 5, top + 6]]
        parts.append({"outer": outer[:: -1 if number % 2 else 1], "holes": [hole] if number in holed else []})

    found = separated(bridged(parts))

    def normal(items: list[dict[str, Any]]) -> list[Any]:
        return sorted((sorted(p["outer"]), sorted(sorted(hole) for hole in p["holes"])) for p in items)

    assert normal(found) == normal(parts)


def test_a_ring_that_touches_itself_stays_one_ring() -> None:
    bow = [[0.0, 0.0], [5.0, 5.0], [10.0, 0.0], [10.0, 10.0], [5.0, 5.0], [0.0, 10.0]]

    assert separated(bow) == [{"outer": bow, "holes": []}]


def test_a_box_row_among_outlines_is_the_box_that_it_is(tmp_path: Path) -> None:
    foreign(tmp_path, "0 0.5 0.5 0.5 0.5\n1 0.1 0.1 0.9 0.1 0.5 0.9\n0 0.5 0.5 0.5 0.5 0.9\n")

    found, report = read(tmp_path, "yolo_segment")

    assert [a.shape_type for a in found] == ["box", "polygon", "box"]
    assert list(found[0].box) == [25, 20, 50, 40]
    assert len(report.fixed) == 2
    assert detect_format(tmp_path)[0][0] == "yolo_segment"


def test_an_odd_count_is_refused_unless_it_ends_in_a_confidence(tmp_path: Path) -> None:
    foreign(tmp_path, "0 0.1 0.1 0.9 0.1 0.5 0.9 0.75\n0 0.1 0.1 0.9 0.1 0.5 0.9 1.5\n")

    found, report = read(tmp_path, "yolo_segment")

    assert [a.score for a in found] == [0.75]
    assert [p.detail for p in report.refused] == ["The row has 7 coordinates; they must come in pairs."]


def test_supervision_reads_outlines_and_rotated_boxes(tmp_path: Path) -> None:
    written(tmp_path, "yolo_segment", polygon(SQUARE), box(40, 10, 10, 10))
    images, labels, head = (str(tmp_path / "out" / name) for name in ("images/train", "labels/train", "data.yaml"))

    _, _, found = supervision.DetectionDataset.from_yolo(images, labels, head, force_masks=True)[0]

    assert found.mask is not None
    for mask, shape in zip(found.mask, (polygon(SQUARE), box(40, 10, 10, 10)), strict=True):
        mine = shape_to_mask(shape, WIDTH, HEIGHT)
        assert (mask & mine).sum() / mine.sum() == 1.0

    written(tmp_path, "yolo_obb", rotated_box(30, 20, 24, 10, 30))
    _, _, found = supervision.DetectionDataset.from_yolo(images, labels, head, is_obb=True)[0]
    corners = np.asarray(found.data["xyxyxyxy"])[0]
    assert corners.mean(axis=0).tolist() == pytest.approx([30, 20], abs=1e-3)
    assert np.hypot(*(corners[1] - corners[0])) == pytest.approx(24, abs=1e-3)


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0, 123.4, 180.0, 270.0, 359.0])
def test_a_rotated_box_keeps_its_front(tmp_path: Path, angle: float) -> None:
    written(tmp_path, "yolo_obb", rotated_box(30, 20, 14, 10, angle))

    (found,), report = read(tmp_path / "out", "yolo_obb")

    assert found.shape["angle"] == pytest.approx(angle, abs=0.01)
    assert found.shape["size"] == pytest.approx([14, 10], abs=0.001)
    assert report.fixed == []


def test_corners_beyond_the_picture_are_pushed_in_and_one_is_put_back(tmp_path: Path) -> None:
    written(tmp_path, "yolo_obb", rotated_box(30, 5, 20, 8, 30), rotated_box(2, 20, 20, 8, 80))

    cells = [float(cell) for row in rows_of(tmp_path) for cell in row.split()[1:]]
    found, _ = read(tmp_path / "out", "yolo_obb")

    assert min(cells) == 0.0
    assert found[0].shape["size"] == pytest.approx([20, 8], abs=0.001)
    assert found[0].shape["angle"] == pytest.approx(30, abs=0.01)


def test_corners_in_either_direction_and_odd_quads(tmp_path: Path) -> None:
    clockwise = "0 0.2 0.2 0.6 0.2 0.6 0.5 0.2 0.5"
    against = "0 0.2 0.2 0.2 0.5 0.6 0.5 0.6 0.2"
    odd = "0 0.2 0.2 0.6 0.2 0.7 0.5 0.2 0.5"
    line = "0 0.2 0.2 0.3 0.2 0.4 0.2 0.5 0.2"
    foreign(tmp_path, "\n".join((clockwise, against, odd, line)))

    found, report = read(tmp_path, "yolo_obb")

    assert [a.shape["size"] for a in found[:2]] == [[40.0, 24.0], [40.0, 24.0]]
    assert found[0].shape == found[1].shape
    assert [p.detail for p in report.fixed] == [
        "The four corners form no rectangle; the smallest one around them was taken."
    ]
    assert [p.detail for p in report.refused] == ["The four corners enclose no area."]
    assert detect_format(tmp_path)[0][0] == "yolo_obb"


def skeleton(*points: list[float]) -> Shape:
    return {"type": "skeleton", "points": list(points)}


def test_pose_says_how_many_points_and_which_change_sides(tmp_path: Path) -> None:
    names = ["nose", "left_eye", "right_eye", "ear-l", "ear-r"]
    classes = (
        ClassRecord(7, "cat", skeleton={"points": names, "edges": [[0, 1], [0, 2]]}),
        ClassRecord(8, "sign", skeleton={"points": ["tip"], "edges": []}),
    )
    points = [[10.0, 10.0, 2], [8.0, 8.0, 1], [12.0, 8.0, 2], [0.0, 0.0, 0], [0.0, 0.0, 0]]
    written(tmp_path, "yolo_pose", skeleton(*points), box(1, 1, 5, 5), skeleton([5.0, 5.0, 2]), classes=classes)

    head = yaml.safe_load((tmp_path / "out/data.yaml").read_text())
    found, report = read(tmp_path / "out", "yolo_pose")
    read_classes = FORMATS.load("yolo_pose").read(tmp_path / "out", Report()).classes

    assert head["kpt_shape"] == [5, 3]
    assert head["flip_idx"] == [0, 2, 1, 4, 3]
    assert [entry.skeleton for entry in read_classes] == [entry.skeleton for entry in classes]
    assert found[0].shape["points"] == points
    assert found[1].shape["type"] == "box"
    assert found[2].shape["points"][0] == [5.0, 5.0, 2]
    assert {len(row.split()) for row in rows_of(tmp_path)} == {20}
    assert (report.fixed, report.refused) == ([], [])
    # A single point still has a box that somebody can train on.
    assert float(rows_of(tmp_path)[2].split()[3]) * WIDTH == pytest.approx(1.0)


def test_pose_of_others(tmp_path: Path) -> None:
    rows = "0 0.5 0.5 0.5 0.5 0.25 0.25 0 0\n0 0.5 0.5 0.5 0.5 0.25 0.25 0.5\n0 0.5 0.5 0.5 0.5 0 0 0 0\n"
    foreign(tmp_path, rows, "names: [cat]\nkpt_shape: [2, 2]\n")

    found, report = read(tmp_path, "yolo_pose")

    assert found[0].shape["points"] == [[25.0, 20.0, 2], [0.0, 0.0, 0]]
    assert found[1].shape["type"] == "box"
    assert [p.detail for p in report.refused] == ["The row has 8 numbers; with kpt_shape [2, 2] it needs 9."]
    (tmp_path / "labels/a.txt").write_text(rows.splitlines()[0])
    assert detect_format(tmp_path)[0][0] == "yolo_pose"
    assert canonical(found[0].shape, 100, 80).mended == ""
