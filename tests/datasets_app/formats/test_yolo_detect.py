"""YOLO detect and what all YOLO formats share: what Ultralytics and supervision make of our files, files of others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import supervision
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import detect_format
from datasets_app.formats.yolo_detect import FORMAT
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats import ultralytics_rules
from tests.datasets_app.formats.golden import BOXES, CLASSES, HEIGHT, WIDTH, annotation, box, golden, many, pictures


def read(root: Path, **options: Any) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report, options=options).images), report


def save(path: Path, size: tuple[int, int] = (100, 80)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "grey").save(path)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def foreign(root: Path, rows: str, head: str = "names: [cat, dog]\n") -> None:
    save(root / "images" / "a.png")
    put(root / "labels" / "a.txt", rows)
    put(root / "data.yaml", head)


def boxes(images: list[ImageRecord]) -> list[tuple[float, ...]]:
    return [annotation.box for image in images for annotation in image.annotations]


def test_ultralytics_takes_every_picture_and_row(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=True)

    names, found = ultralytics_rules.load(tmp_path, "detect")

    assert list(names.values()) == [record.name for record in CLASSES]
    assert {item.split: item.picture.name for item in found if item.split != "train"} == {
        "val": "ein Bild mit Ä.png",
        "test": "plain.png",
    }
    rows = {item.picture.relative_to(tmp_path / "images" / "train").as_posix(): item.rows for item in found[:3]}
    assert rows["other/plain.png"] == []
    assert rows["空.jpg"] is None
    assert rows["plain.jpg"] is not None
    assert rows["plain.jpg"][0] == pytest.approx([0, 2.5 / WIDTH, 4 / HEIGHT, 3 / WIDTH, 4 / HEIGHT])


def test_an_empty_file_says_verified_and_none_says_nothing(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=True)

    assert (tmp_path / "labels/train/other/plain.txt").read_bytes() == b""
    assert not (tmp_path / "labels/train/空.txt").exists()
    states = {image.name: image.state for image in read(tmp_path)[0]}
    assert states["other/plain.png"] == "verified_empty"
    assert states["空.jpg"] == "unlabelled"


def test_stems_differ_and_no_folder_is_called_images(tmp_path: Path) -> None:
    paths = pictures(tmp_path / "pictures")
    names = ("a.jpg", "A.png", "a/images/b.png", "labels/c.jpg", "a_2.jpg")
    images = [
        ImageRecord(n, name, WIDTH, HEIGHT, BOXES[:1], suffix=path.suffix, path=path, split="val")
        for n, (name, path) in enumerate(zip(names, paths, strict=True), 1)
    ]

    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(Dataset(CLASSES, images, 5), out, images=True)
    _, found = ultralytics_rules.load(out, "detect")

    assert {item.picture.relative_to(out / "images" / "val").as_posix() for item in found} == {
        "a.jpg",
        "A_2.png",
        "a/images_/b.png",
        "labels_/c.png",
        "a_2_2.jpg",
    }
    assert all(item.rows for item in found)
    assert [image.name for image in read(out)[0]] == list(names)


def test_train_and_val_are_always_named(tmp_path: Path) -> None:
    FORMAT.write(many(2, 1), tmp_path, images=False)

    head = yaml.safe_load((tmp_path / "data.yaml").read_text())

    assert (head["train"], head["val"], "test" in head) == ("images/train", "images/train", False)
    assert [image.split for image in read(tmp_path)[0]] == ["train", "train"]


def test_coordinates_have_at_least_six_decimals(tmp_path: Path) -> None:
    FORMAT.write(many(2, 1), tmp_path, images=False, options={"decimals": 6})
    assert set(ultralytics_rules.decimals(tmp_path)) == {6}

    for value, sentence in (
        (5, "decimals is 5; it must lie between 6 and 12."),
        ("8", "decimals is '8'; it must be of the type integer."),
        (True, "decimals is True; it must be of the type integer."),
    ):
        with pytest.raises(FormatError) as error:
            FORMAT.write(many(2, 1), tmp_path, images=False, options={"decimals": value})
        assert str(error.value) == sentence


def test_pictures_are_copies(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=True)

    copy = tmp_path / "images" / "train" / "plain.jpg"
    copy.write_bytes(b"mended in place")

    assert (tmp_path / "pictures" / "colour.jpg").read_bytes() != b"mended in place"


def test_names_of_classes_survive_yaml(tmp_path: Path) -> None:
    names = ("yes", "1e3", "a: b", "{x}", "-", "ж\u0085\x07", "😀", "null")
    classes = tuple(ClassRecord(n, name) for n, name in enumerate(names, 1))

    FORMAT.write(Dataset(classes, (), 0), tmp_path, images=False)

    assert [record.name for record in FORMAT.read(tmp_path, Report()).classes] == [name.strip() for name in names]


@given(
    st.lists(
        st.tuples(*(st.integers(0, 10_000) for _ in range(4))).map(
            lambda four: (four[0] / 10, four[1] / 10, four[2] / 10 + 0.1, four[3] / 10 + 0.1)
        ),
        max_size=5,
    ),
    st.integers(1001, 5000),
    st.integers(1001, 5000),
)
def test_boxes_come_back_to_a_ten_thousandth_of_a_pixel(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[float, ...]], width: int, height: int
) -> None:
    root = tmp_path_factory.mktemp("yolo")
    shapes = [canonical({"type": "box", "box": list(value)}, width, height) for value in values]
    records = tuple(AnnotationRecord("", 7, s.type, s.box, s.area, s.json) for s in shapes)

    FORMAT.write(Dataset(CLASSES, [ImageRecord(1, "a.png", width, height, records)], 1), root, images=False)
    found, report = read(root)

    for mine, theirs in zip(boxes(found), values, strict=True):
        assert mine == pytest.approx(shapes[values.index(theirs)].box, abs=2e-4)
    assert (report.fixed, report.refused) == ([], [])


def test_supervision_reads_the_export(tmp_path: Path) -> None:
    paths = pictures(tmp_path / "pictures")
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, BOXES, split="train", suffix=".jpg", path=paths[0])
    FORMAT.write(Dataset(CLASSES, [image], 1), tmp_path, images=True)

    dataset = supervision.DetectionDataset.from_yolo(
        str(tmp_path / "images/train"), str(tmp_path / "labels/train"), str(tmp_path / "data.yaml")
    )

    assert dataset.classes == [record.name for record in CLASSES]
    _, _, detections = dataset[0]
    assert detections.class_id is not None
    for xyxy, index, written in zip(detections.xyxy, detections.class_id, BOXES, strict=True):
        x, y, width, height = written.box
        assert xyxy.tolist() == pytest.approx([x, y, x + width, y + height], abs=1e-3)
        assert CLASSES[index].number == written.class_number


def test_supervision_and_we_read_each_others_files_alike(tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    paths = pictures(tmp_path / "pictures")
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, BOXES, split="train", suffix=".jpg", path=paths[0])
    flat.mkdir()
    FORMAT.write(Dataset(CLASSES, [image], 1), flat, images=True)
    dataset = supervision.DetectionDataset.from_yolo(
        str(flat / "images/train"), str(flat / "labels/train"), str(flat / "data.yaml")
    )

    dataset.as_yolo(str(tmp_path / "sv/images"), str(tmp_path / "sv/labels"), str(tmp_path / "sv/data.yaml"))
    found, report = read(tmp_path / "sv")

    assert report.refused == []
    for mine, written in zip(boxes(found), [record.box for record in BOXES], strict=True):
        assert mine == pytest.approx(written, abs=0.01)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("0 0.5 0.5 0.5", "The row has 4 numbers; it must be: class cx cy w h."),
        ("0 0.5 0.5 0 0.5", "The box is 0 wide and 40 high; both must be greater than 0."),
        ("2 0.5 0.5 0.5 0.5", "There is no class 2; the names go from 0 to 1."),
        ("-1 0.5 0.5 0.5 0.5", "The class is -1; it must be a whole number from 0 on."),
        ("cat 0.5 0.5 0.5 0.5", "The row holds something that is no number; a row is a class number and fractions."),
        (
            "0 0.5 nan 0.5 0.5",
            "The row holds a number that is not finite; coordinates are fractions from 0 to 1.",
        ),
        (
            "0 50 40 20 20",
            "The row holds 50; coordinates must be fractions of the picture's size, from 0 to 1.",
        ),
        ("0 1.8 0.5 0.1 0.1", "The box lies wholly outside the picture of 100 x 80 pixels."),
        ("0 0.5 0.5 0.5 0.5 7", "The confidence is 7; it must lie between 0 and 1."),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, row: str, sentence: str) -> None:
    foreign(tmp_path, f"1 0.5 0.5 0.5 0.5\n\n{row}\n")

    found, report = read(tmp_path)

    assert boxes(found) == [(25, 20, 50, 40)]
    assert [(problem.where, problem.detail) for problem in report.refused] == [("labels/a.txt: line 3", sentence)]


def test_a_box_across_the_edge_is_cut_and_told(tmp_path: Path) -> None:
    foreign(tmp_path, "0 1.0 0.5 0.2 0.5\n")

    found, report = read(tmp_path)

    assert boxes(found) == [(90, 20, 10, 40)]
    assert [problem.detail for problem in report.fixed] == ["The box was cut at the picture's edge."]


def test_a_file_whose_rows_were_all_refused_is_not_verified_empty(tmp_path: Path) -> None:
    foreign(tmp_path, "9 9 9\n")

    assert [image.state for image in read(tmp_path)[0]] == ["unlabelled"]


def test_a_sixth_number_is_the_confidence(tmp_path: Path) -> None:
    foreign(tmp_path, "0 0.5 0.5 0.5 0.5 0.25\n")

    ((image,), report) = read(tmp_path)

    assert [a.score for a in image.annotations] == [0.25]
    assert report.refused == []


@pytest.mark.parametrize(
    ("place", "head", "expected"),
    [
        ("images/train/sub/a.png", "train: images/train\nval: images/val", ("train", "sub/a.png")),
        ("train/images/a.png", "train: ../train/images\nval: ../valid/images", ("train", "a.png")),
        ("valid/images/a.png", "train: ../train/images\nval: ../valid/images", ("val", "a.png")),
        ("set/valid/images/a.png", "", ("val", "a.png")),
        ("images/val2017/a.png", "path: /data/coco\ntrain: images/train2017\nval: images/val2017", ("val", "a.png")),
        ("setA/a.png", "train: setA\nval: setB", ("train", "a.png")),
        ("setA/a.png", "train: [other, setA]\nval: setB", ("train", "a.png")),
        ("photos/a.png", "train: x\nval: lists/val.txt", ("val", "a.png")),
    ],
)
def test_splits_are_found_in_every_layout(tmp_path: Path, place: str, head: str, expected: tuple[str, str]) -> None:
    save(tmp_path / place)
    label = place.replace("images/", "labels/") if "images/" in place else place
    put((tmp_path / label).with_suffix(".txt"), "0 0.5 0.5 0.5 0.5\n")
    put(tmp_path / "data.yaml", f"names: [cat]\n{head}\n")
    put(tmp_path / "lists" / "val.txt", "./photos/a.png\n")

    found, report = read(tmp_path)

    assert [(image.split, image.name, len(image.annotations)) for image in found] == [(*expected, 1)]
    assert report.refused == []


def test_the_same_name_in_two_splits_is_told_apart(tmp_path: Path) -> None:
    for split in ("train", "val"):
        save(tmp_path / split / "images" / "0.png")
    put(tmp_path / "data.yaml", "names: [cat]\n")

    assert [image.name for image in read(tmp_path)[0]] == ["0.png", "val/images/0.png"]


def test_labels_without_pictures_need_their_sizes(tmp_path: Path) -> None:
    put(tmp_path / "labels" / "train" / "a.txt", "0 0.5 0.5 0.5 0.5\n")
    put(tmp_path / "data.yaml", "names: [cat]\n")

    found, report = read(tmp_path)
    assert found == []
    assert [problem.where for problem in report.refused] == ["labels/train/a.txt"]
    assert report.refused[0].detail.endswith("import it together with its picture.")

    found, report = read(tmp_path, size_of=lambda _: (100, 80))
    assert [(image.name, image.split) for image in found] == [("a.jpg", "train")]
    assert boxes(found) == [(25, 20, 50, 40)]
    assert report.refused == []


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("names: {0: cat, 2: dog}", ["cat", "class 1", "dog"]),
        ("names: [cat, 7, null, [deep]]", ["cat", "7", "class 2", "class 3"]),
        ("nc: 2", ["class 0", "class 1"]),
        ("names: {a: 1}", ["class 0", "class 1"]),
        ("names: &x [a, *x]", ["a", "class 1"]),
    ],
)
def test_names_are_read_from_what_there_is(tmp_path: Path, head: str, names: list[str]) -> None:
    foreign(tmp_path, "0 0.5 0.5 0.5 0.5\n1 0.5 0.5 0.5 0.5\n", head)

    assert [record.name for record in FORMAT.read(tmp_path, Report()).classes] == names


def test_classes_txt_names_the_classes_where_there_is_no_yaml(tmp_path: Path) -> None:
    foreign(tmp_path, "1 0.5 0.5 0.5 0.5\n")
    (tmp_path / "data.yaml").unlink()
    put(tmp_path / "classes.txt", "cat\ndog\n")

    dataset = FORMAT.read(tmp_path, Report())

    assert [record.name for record in dataset.classes] == ["cat", "dog"]
    assert [a.class_number for image in dataset.images for a in image.annotations] == [2]


@pytest.mark.parametrize(
    ("rows", "options", "best"),
    [
        ("0 0.5 0.5 0.1 0.1\n" * 2, "", "yolo_detect"),
        ("0 0.5 0.5 0.1 0.1 0.9\n", "", "yolo_detect"),
    ],
)
def test_the_kind_is_told_by_the_rows(tmp_path: Path, rows: str, options: str, best: str) -> None:
    foreign(tmp_path, rows, f"names: [cat, dog]\n{options}\n")

    assert detect_format(tmp_path)[0][0] == best


def test_hostile_heads_do_no_harm(tmp_path: Path) -> None:
    for head in ("names: !!python/object/apply:os.system [touch /tmp/x]", "names: [", "a: " + "[" * 5000, "\x00"):
        foreign(tmp_path, "0 0.5 0.5 0.5 0.5\n", head)
        assert len(boxes(read(tmp_path)[0])) == 1
    foreign(tmp_path, "0 0.5 0.5 0.5 0.5\n", "names: [cat]\ntrain: /etc\nval: ../../..\ntest: [{}, 3]\n")
    assert len(boxes(read(tmp_path)[0])) == 1


def _mutated(text: bytes, edits: Mapping[int, int]) -> bytes:
    changed = bytearray(text)
    for place, value in edits.items():
        changed[place % len(changed)] = value
    return bytes(changed)


@given(st.dictionaries(st.integers(0, 4000), st.integers(0, 255), max_size=12), st.integers(0, 2))
def test_mutated_files_raise_nothing_but_a_format_error(
    tmp_path_factory: pytest.TempPathFactory, edits: dict[int, int], which: int
) -> None:
    root = tmp_path_factory.mktemp("yolo")
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, BOXES, split="train")
    FORMAT.write(Dataset(CLASSES, [image], 1), root, images=False)
    path = root / ("data.yaml", "labels/train/a.txt", "images.csv")[which]
    path.write_bytes(_mutated(path.read_bytes(), edits))

    FORMAT.detect(root)
    try:
        for found in FORMAT.read(root, Report()).images:
            assert all(canonical(a.shape, found.width, found.height).box == a.box for a in found.annotations)
    except FormatError:
        pass


def test_a_tiny_picture_is_noted(tmp_path: Path) -> None:
    image = ImageRecord(1, "a.png", 9, 20, (annotation("u", 7, box(1, 1, 5, 5)),))

    report = FORMAT.write(Dataset(CLASSES, [image], 1), tmp_path, images=False)

    assert report.notes == ["Ultralytics leaves out 1 pictures of less than 10 pixels a side."]
