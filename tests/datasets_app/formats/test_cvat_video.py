"""CVAT for video 1.1: keyframes, what is between and outside, tracks out of objects and back, damaged files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from PIL import Image

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import detect_format
from datasets_app.formats.cvat_images import FORMAT as IMAGES
from datasets_app.formats.cvat_tracks import between
from datasets_app.formats.cvat_video import FORMAT
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.fuzz import changed_bytes, read_without_surprise
from tests.datasets_app.formats.golden import (
    BOXES,
    CLASSES,
    HEIGHT,
    SQUARE,
    TRIANGLE,
    WIDTH,
    annotation,
    box,
    golden,
    many,
    polygon,
)

META = """<meta><task><name>clip</name><size>{size}</size><mode>interpolation</mode><start_frame>{start}</start_frame>
<stop_frame>{stop}</stop_frame><frame_filter>{filter}</frame_filter><labels>
<label><name>car</name><attributes><attribute><name>parked</name><input_type>checkbox</input_type></attribute></attributes></label>
</labels><original_size><width>100</width><height>80</height></original_size><source>clip one.mp4</source></task></meta>"""  # noqa: E501


def shape(
    frame: int, left: float, *, tag: str = "box", outside: int = 0, keyframe: int = 1, inside: str = "", **more: Any
) -> str:
    fields = {"xtl": left, "ytl": 10, "xbr": left + 10, "ybr": 20, **more} if tag == "box" else more
    said = "".join(f' {name}="{value}"' for name, value in fields.items())
    return f'<{tag} frame="{frame}" outside="{outside}" occluded="0" keyframe="{keyframe}"{said}>{inside}</{tag}>'


def written(root: Path, *tracks: str, size: int = 10, start: int = 0, stop: int = 9, step: str = "") -> None:
    head = META.format(size=size, start=start, stop=stop, filter=step)
    text = f'<?xml version="1.0"?><annotations><version>1.1</version>{head}{"".join(tracks)}</annotations>'
    (root / "annotations.xml").write_text(text)


def track(number: int, *shapes: str, more: str = "") -> str:
    return f'<track id="{number}" label="car" source="manual" {more}>{"".join(shapes)}</track>'


def read(root: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report).images), report


def lefts(root: Path) -> dict[str, list[float]]:
    """The left edges of the boxes in each frame."""
    images, report = read(root)
    assert report.refused == []
    return {image.name.rpartition("_")[2][:6]: [found.box[0] for found in image.annotations] for image in images}


def tracked(number: int, left: float, **more: Any) -> AnnotationRecord:
    return annotation("", 7, box(left, 1, 5, 5), attributes={"track_id": number}, **more)


def video(*frames: tuple[AnnotationRecord, ...], group: str = "v") -> Dataset:
    images = [ImageRecord(n, f"{n}.jpg", WIDTH, HEIGHT, found, group=group) for n, found in enumerate(frames, 1)]
    return Dataset(CLASSES, images, len(images))


def exported(root: Path, dataset: Dataset, group: str = "v") -> list[ElementTree.Element]:
    FORMAT.write(dataset, root, images=False)
    return list(ElementTree.parse(root / group / "annotations.xml").getroot().iter("track"))  # noqa: S314 (our own)


def test_between_keyframes_a_box_moves_in_a_straight_line(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(2, 10), shape(6, 30), shape(7, 30, outside=1)))

    assert lefts(tmp_path) == {"000002": [10], "000003": [15], "000004": [20], "000005": [25], "000006": [30]}


def test_what_is_outside_ends_a_segment_and_the_next_shape_begins_one(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(0, 10), shape(2, 99, outside=1), shape(5, 40), shape(6, 40, outside=1)))

    assert lefts(tmp_path) == {"000000": [10], "000001": [10], "000005": [40]}


def test_a_track_that_does_not_end_goes_on_to_the_last_frame(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(7, 10)))

    assert lefts(tmp_path) == {"000007": [10], "000008": [10], "000009": [10]}


def test_frames_that_were_filtered_are_not_made_up(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(10, 10), shape(20, 30)), size=3, start=10, stop=20, step="step=5")

    assert lefts(tmp_path) == {"000010": [10], "000015": [20], "000020": [30]}


def test_shapes_of_every_frame_are_taken_as_they_are(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(0, 10), shape(1, 50, keyframe=0), shape(2, 20), shape(3, 20, outside=1)))

    assert lefts(tmp_path) == {"000000": [10], "000001": [50], "000002": [20]}


@pytest.mark.parametrize(
    ("first", "second", "middle"),
    [
        (
            {"type": "rotated_box", "center": [10, 10], "size": [4, 2], "angle": 350.0},
            {"type": "rotated_box", "center": [20, 10], "size": [8, 2], "angle": 30.0},
            {"type": "rotated_box", "center": [15, 10], "size": [6, 2], "angle": 10.0},
        ),
        (
            {"type": "polyline", "points": [[0, 0], [4, 4]]},
            {"type": "polyline", "points": [[2, 0], [4, 8]]},
            {"type": "polyline", "points": [[1, 0], [4, 6]]},
        ),
        (
            {"type": "polyline", "points": [[0, 0], [4, 4]]},
            {"type": "polyline", "points": [[2, 0], [4, 8], [9, 9]]},
            {"type": "polyline", "points": [[0, 0], [4, 4]]},
        ),
        (
            {"type": "skeleton", "points": [[0, 0, 2], [4, 4, 1], [0, 0, 0]]},
            {"type": "skeleton", "points": [[2, 0, 2], [0, 0, 0], [5, 5, 2]]},
            {"type": "skeleton", "points": [[1, 0, 2], [4, 4, 1], [0, 0, 0]]},
        ),
        (polygon(SQUARE), polygon(TRIANGLE), polygon(SQUARE)),
        ({"type": "tag"}, {"type": "box", "box": [1, 2, 3, 4]}, {"type": "tag"}),
    ],
)
def test_what_lies_between_two_shapes(first: dict[str, Any], second: dict[str, Any], middle: dict[str, Any]) -> None:
    assert between(first, second, 0.5) == middle


def test_tracks_become_attributes_and_the_video_a_group(tmp_path: Path) -> None:
    attribute = '<attribute name="parked">true</attribute>'
    written(tmp_path, track(4, shape(0, 10, inside=attribute, z_order=2), shape(1, 10, outside=1), more='group_id="3"'))

    (image,), _ = read(tmp_path)
    (found,) = image.annotations

    assert (image.name, image.group, image.width, image.height) == ("clip one/frame_000000.png", "clip one", 100, 80)
    assert found.attributes == {"parked": True, "track_id": 4}
    assert (found.group, found.z_order) == (3, 2)


def test_frames_with_a_picture_come_without_shapes_too(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for frame in (0, 3):
        Image.new("RGB", (100, 80)).save(tmp_path / "images" / f"frame_{frame:06d}.PNG")
    written(tmp_path, track(0, shape(3, 10), shape(4, 10, outside=1)))

    images, _ = read(tmp_path)

    assert [(image.name, len(image.annotations), image.path is not None) for image in images] == [
        ("clip one/frame_000000.PNG", 0, True),
        ("clip one/frame_000003.PNG", 1, True),
    ]


def test_skeletons_whose_points_are_all_outside_are(tmp_path: Path) -> None:
    def points(outside: int) -> str:
        return "".join(f'<points label="{n}" outside="{outside}" occluded="0" points="{n},5"/>' for n in (1, 2))

    written(
        tmp_path,
        track(
            0,
            f'<skeleton frame="0" keyframe="1">{points(0)}</skeleton>',
            f'<skeleton frame="2" keyframe="1">{points(1)}</skeleton>',
        ),
    )

    images, _ = read(tmp_path)

    assert [len(image.annotations) for image in images] == [1, 1]
    assert images[0].annotations[0].shape == {"type": "skeleton", "points": [[1, 5, 2], [2, 5, 2]]}


def test_objects_of_one_track_are_written_as_one(tmp_path: Path) -> None:
    dataset = video((tracked(5, 1.0), tracked(6, 9.0)), (tracked(5, 2.0),), (), (tracked(5, 4.0),))

    tracks = exported(tmp_path, dataset)

    said = [[(one.get("frame"), one.get("outside"), one.get("xtl")) for one in found] for found in tracks]
    assert said == [
        [("0", "0", "1.0"), ("1", "0", "2.0"), ("2", "1", "2.0"), ("3", "0", "4.0")],
        [("0", "0", "9.0"), ("1", "1", "9.0")],
    ]
    assert [(found.get("id"), found.get("track_id")) for found in tracks] == [("0", "5"), ("1", "6")]
    images, report = read(tmp_path)
    assert report.refused == []
    assert [[(one.attributes["track_id"], one.box[0]) for one in image.annotations] for image in images] == [
        [(5, 1.0), (6, 9.0)],
        [(5, 2.0)],
        [],
        [(5, 4.0)],
    ]
    assert [(image.name, image.group) for image in images] == [(f"{n}.jpg", "v") for n in (1, 2, 3, 4)]


def test_objects_without_a_track_come_back_without(tmp_path: Path) -> None:
    frames = ((BOXES[0],), (BOXES[0], tracked(1, 3.0)))

    exported(tmp_path, video(*frames))

    assert [[found.attributes for found in image.annotations] for image in read(tmp_path)[0]] == [
        [{}],
        [{"track_id": 1}, {}],
    ]


def test_one_number_twice_in_a_frame_and_of_two_classes_loses_nothing(tmp_path: Path) -> None:
    other = replace(tracked(5, 30.0), class_number=90)
    frames = ((tracked(5, 1.0), tracked(5, 20.0), other), (tracked(5, 2.0),))

    exported(tmp_path, video(*frames))

    images, _ = read(tmp_path)
    assert [sorted(found.box[0] for found in image.annotations) for image in images] == [[1.0, 20.0, 30.0], [2.0]]
    assert {found.attributes["track_id"] for image in images for found in image.annotations} == {5}


def test_parts_of_a_polygon_that_moves_stay_together(tmp_path: Path) -> None:
    twice = annotation("", 7, polygon(SQUARE, TRIANGLE), attributes={"track_id": 2}, group=1)
    once = annotation("", 7, polygon(SQUARE), attributes={"track_id": 2}, group=1)

    exported(tmp_path, video((twice,), (once,), (twice,)))

    images, _ = read(tmp_path)
    assert [[(len(found.shape["parts"]), found.group) for found in image.annotations] for image in images] == [
        [(2, 1)],
        [(1, 1)],
        [(2, 1)],
    ]


def test_each_video_has_a_folder_of_its_own(tmp_path: Path) -> None:
    groups = ("a/b", "A_b", "", "a/b")
    images = [
        ImageRecord(n, f"{n}.jpg", WIDTH, HEIGHT, (BOXES[0],), group=group, split="val")
        for n, group in enumerate(groups)
    ]

    FORMAT.write(Dataset(CLASSES, images, 4), tmp_path, images=False)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["A_b_2", "a_b", "frames"]
    assert {(image.name, image.group, image.split) for image in read(tmp_path)[0]} == {
        (f"{n}.jpg", group, "val") for n, group in enumerate(groups)
    }


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (shape(-1, 10), "The frame '-1' is no whole number from 0 on."),
        ('<box frame="x"/>', "The frame 'x' is no whole number from 0 on."),
        ('<box frame="1"/>', "The <box> needs the numbers xtl, ytl, xbr, ybr."),
        (
            shape(0, 10) + shape(2_000_000_000, 10),
            "It asks for 2000000001 shapes; a track may have one for each of 1000000 frames.",
        ),
    ],
)
def test_a_track_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, shapes: str, sentence: str) -> None:
    written(tmp_path, track(0, shapes), track(1, shape(3, 10), shape(4, 10, outside=1)))

    images, report = read(tmp_path)

    assert [problem.detail for problem in report.refused] == [sentence]
    assert sum(len(image.annotations) for image in images) == 1


def test_many_short_tracks_in_a_long_video_are_few_shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datasets_app.formats.cvat_video_reader.MAX_SHAPES", 50)
    written(tmp_path, *(track(n, shape(n, 10), shape(n + 1, 10, outside=1)) for n in range(50)), size=1000, stop=999)

    images, report = read(tmp_path)

    assert (len(images), report.refused) == (50, [])


def test_a_head_that_claims_any_number_of_frames_costs_nothing(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(3, 10), shape(4, 10, outside=1)), size=2**31, stop=2**31)

    assert len(read(tmp_path)[0]) == 1


def test_each_layout_of_cvat_knows_its_own(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(3, 10)))

    assert detect_format(tmp_path)[0] == ("cvat_video", 0.95)
    with pytest.raises(FormatError):
        IMAGES.read(tmp_path, Report())

    IMAGES.write(many(1, 1), tmp_path, images=False)

    with pytest.raises(FormatError):
        FORMAT.read(tmp_path, Report())


def test_a_truncated_file_gives_what_stands_before(tmp_path: Path) -> None:
    written(tmp_path, track(0, shape(3, 10), shape(4, 10, outside=1)), track(1, shape(5, 10)))
    text = (tmp_path / "annotations.xml").read_bytes()
    (tmp_path / "annotations.xml").write_bytes(text[:-40])

    images, report = read(tmp_path)

    assert [len(image.annotations) for image in images] == [1]
    assert [problem.where for problem in report.refused] == ["annotations.xml"]


def test_classes_without_tracks_are_kept(tmp_path: Path) -> None:
    exported(tmp_path, video((BOXES[0],)))

    found: tuple[ClassRecord, ...] = FORMAT.read(tmp_path, Report()).classes

    assert [record.name for record in found] == [record.name for record in CLASSES]


@settings(max_examples=120)
@given(damage=changed_bytes())
def test_damaged_files_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[bytes], bytes]
) -> None:
    root = tmp_path_factory.mktemp("damaged")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    for path in (*root.glob("*/annotations.xml"), root / "frames" / "frames.jsonl"):
        path.write_bytes(damage(path.read_bytes()))

    read_without_surprise(FORMAT, root)
