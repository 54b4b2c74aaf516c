"""TFRecord: what the `tfrecord` package reads and writes, label maps of any origin, and damaged files."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google_crc32c import value as crc32c
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tfrecord import example_pb2
from tfrecord.reader import tfrecord_loader
from tfrecord.writer import TFRecordWriter

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats import tfrecord_wire as wire
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.tfrecord import FORMAT
from datasets_app.formats.tfrecord_labels import labels_to_text, read_labels
from datasets_app.ir import ImageRecord
from tests.datasets_app.formats.golden import HEIGHT, OUTLINES, WIDTH, golden, many

FEATURES = st.dictionaries(
    st.text(max_size=5),
    st.lists(st.binary(max_size=5), min_size=1, max_size=3)
    | st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=3)
    | st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=3),
    max_size=4,
)


def png(pixels: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def write(path: Path, *examples: Mapping[str, tuple[Any, str]]) -> None:
    """As other tools do it: with the package's writer."""
    writer = TFRecordWriter(str(path))
    for example in examples:
        writer.write(dict(example))
    writer.close()


def example(**features: tuple[Any, str]) -> dict[str, tuple[Any, str]]:
    """One cat in the upper left quarter of a.jpg, 8 x 4 pixels, with other features added or exchanged."""
    usual: dict[str, tuple[Any, str]] = {
        "image/filename": (b"a.jpg", "byte"),
        "image/width": (8, "int"),
        "image/height": (4, "int"),
        "image/object/bbox/xmin": ([0.0], "float"),
        "image/object/bbox/ymin": ([0.0], "float"),
        "image/object/bbox/xmax": ([0.5], "float"),
        "image/object/bbox/ymax": ([0.5], "float"),
        "image/object/class/text": ([b"cat"], "byte"),
        "image/object/class/label": ([3], "int"),
    }
    return {**usual, **{name.replace("__", "/"): value for name, value in features.items()}}


def read(path: Path) -> tuple[list[ImageRecord], dict[int, str], Report]:
    report = Report()
    dataset = FORMAT.read(path, report)
    return list(dataset.images), {record.number: record.name for record in dataset.classes}, report


def test_the_package_reads_every_field(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=True)

    assert sorted(path.name for path in out.iterdir()) == [
        "images.tfrecord", "label_map.pbtxt", "test.tfrecord", "train.tfrecord", "val.tfrecord",
    ]  # fmt: skip
    (found,) = tfrecord_loader(str(out / "val.tfrecord"), None)
    assert bytes(found["image/filename"]).decode() == "sub folder/ein Bild mit Ä.png"
    assert (found["image/width"].tolist(), found["image/height"].tolist()) == ([WIDTH], [HEIGHT])
    with Image.open(io.BytesIO(bytes(found["image/encoded"]))) as picture:
        assert (picture.size, picture.mode) == ((WIDTH, HEIGHT), "RGBA")
    assert bytes(found["image/format"]) == b"png"
    assert found["image/object/class/label"].tolist() == [1, 2, 1, 2, 1]
    assert found["image/object/is_crowd"].tolist() == [0, 0, 0, 1, 0]
    assert (found["image/class/label"].tolist(), found["image/class/text"]) == ([3], b"never used & <odd>")
    edges = [found[f"image/object/bbox/{side}"][1] for side in ("xmin", "ymin", "xmax", "ymax")]
    x, y, width, height = OUTLINES[1].box
    assert edges == pytest.approx([x / WIDTH, y / HEIGHT, (x + width) / WIDTH, (y + height) / HEIGHT], abs=0.02)


def test_masks_are_png_of_the_whole_picture(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=False)
    (record,) = wire.records(out / "val.tfrecord")
    message = example_pb2.Example.FromString(record.data)

    masks = message.features.feature["image/object/mask"].bytes_list.value

    outlines = [found for found in OUTLINES if found.shape_type in ("polygon", "mask")]
    for found, content in zip(outlines, masks, strict=True):
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.mode, picture.size) == ("L", (WIDTH, HEIGHT))
            assert np.array_equal(np.asarray(picture), shape_to_mask(found.shape, WIDTH, HEIGHT))


def test_equal_content_gives_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        FORMAT.write(golden(tmp_path / "pictures"), tmp_path / name, images=True)

    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@given(FEATURES)
def test_examples_are_what_protobuf_reads_and_writes(features: dict[str, Any]) -> None:
    kinds = {bytes: "bytes_list", int: "int64_list", float: "float_list"}
    message = example_pb2.Example()
    for name, values in features.items():
        getattr(message.features.feature[name], kinds[type(values[0])]).value.extend(values)

    assert example_pb2.Example.FromString(wire.example_to_bytes(features)) == message
    data = message.SerializeToString()
    found = wire.example_from_bytes(data)
    read = {name: [data[v[0] : v[1]] if isinstance(v, tuple) else v for v in values] for name, values in found.items()}
    assert read == features


def test_numbers_that_are_not_packed_are_read() -> None:
    def field(number: int, kind: int, content: bytes) -> bytes:
        return bytes([number << 3 | kind]) + (bytes([len(content)]) if kind == 2 else b"") + content

    numbers = field(3, 2, field(1, 0, b"\x05") + field(1, 0, b"\x07"))
    floats = field(2, 2, field(1, 5, struct.pack("<f", 0.5)))
    entries = [field(1, 2, field(1, 2, name) + field(2, 2, value)) for name, value in ((b"n", numbers), (b"f", floats))]

    assert wire.example_from_bytes(field(1, 2, b"".join(entries))) == {"n": [5, 7], "f": [0.5]}


@given(st.binary(max_size=60))
def test_any_bytes_are_an_example_or_refused(data: bytes) -> None:
    try:
        wire.example_from_bytes(data)
    except wire.WireError:
        return


def test_files_of_the_package_are_read_without_a_label_map(tmp_path: Path) -> None:
    dog = {"image__object__class__text": ([b"dog"], "byte"), "image__object__class__label": ([1], "int")}
    write(tmp_path / "coco_train.record-00000-of-00002", example())
    write(tmp_path / "coco_train.record-00001-of-00002", example(image__filename=(b"b.jpg", "byte"), **dog))
    write(tmp_path / "coco_val.record", example(image__filename=(b"c.jpg", "byte")))

    found, classes, report = read(tmp_path)

    assert FORMAT.detect(tmp_path) == 0.95
    assert classes == {3: "cat", 1: "dog"}
    assert [(image.name, image.split) for image in found] == [("a.jpg", "train"), ("b.jpg", "train"), ("c.jpg", "val")]
    assert [image.annotations[0].class_number for image in found] == [3, 1, 3]
    assert list(found[0].annotations[0].box) == [0, 0, 4, 2]
    assert (report.fixed, report.refused) == ([], [])


def test_classes_without_a_name_go_by_their_number(tmp_path: Path) -> None:
    features = example()
    del features["image/object/class/text"]
    write(tmp_path / "a.tfrecord", features)

    assert read(tmp_path)[1] == {3: "class 3"}

    (tmp_path / "label_map.pbtxt").write_text("item { id: 3 name: 'cat' } item { id: 1 name: 'dog' }")
    found, classes, _ = read(tmp_path)
    assert classes == {3: "cat", 1: "dog"}
    assert found[0].annotations[0].class_number == 3


def test_a_picture_without_its_size_tells_it_itself(tmp_path: Path) -> None:
    features = example(image__encoded=(png(np.zeros((4, 8))), "byte"), image__format=(b"png", "byte"))
    del features["image/width"], features["image/filename"]
    write(tmp_path / "a.tfrecord", features)

    ((image,), _, report) = read(tmp_path)

    assert (image.name, image.width, image.height, image.suffix, image.path) == ("00000001.png", 8, 4, ".png", None)
    assert report.refused == []


def test_pictures_beside_the_file_are_found(tmp_path: Path) -> None:
    write(tmp_path / "a.tfrecord", example())
    Image.new("RGB", (8, 4)).save(tmp_path / "a.jpg")

    assert read(tmp_path)[0][0].path == tmp_path / "a.jpg"


HALF = np.zeros((4, 8), np.uint8)
HALF[:2, :4] = 1


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (png(HALF), "mask", ""),
        (png(HALF * 255), "mask", ""),
        (png(HALF * 0), "box", ""),
        (png(HALF[:, :4]), "box", "The mask is of 4 x 4 pixels and not of the picture's; the box was read."),
        (b"no picture", "box", "The mask cannot be read; the box was read instead"),
        (png(HALF)[:-30], "box", "The mask cannot be read; the box was read instead"),
    ],
)
def test_masks_of_any_origin_are_read_or_told(tmp_path: Path, content: bytes, kind: str, sentence: str) -> None:
    write(tmp_path / "a.tfrecord", example(image__object__mask=([content], "byte")))

    ((image,), _, report) = read(tmp_path)

    assert image.annotations[0].shape_type == kind
    assert list(image.annotations[0].box) == [0, 0, 4, 2]
    assert [problem.detail.startswith(sentence) for problem in report.fixed] == [True] * bool(sentence)


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ({"image__object__bbox__ymax": ([], "float")}, "must be of the same length"),
        ({"image__object__bbox__xmax": ([float("nan")], "float")}, "finite"),
        ({"image__object__bbox__xmax": ([0.0], "float")}, "greater than 0"),
        ({"image__object__mask": ([b"a", b"b"], "byte")}, "2 masks for 1 objects"),
        ({"image__width": (-1, "int")}, "has no width and height"),
        ({"image__width": (10**12, "int")}, "has no width and height"),
        ({"image__object__class__text": ([b"dog"], "byte")}, "no class with the name 'dog' or the label 3"),
    ],
)
def test_what_cannot_be_taken_is_told(tmp_path: Path, features: Any, sentence: str) -> None:
    (tmp_path / "label_map.pbtxt").write_text("item { id: 3 name: 'cat' }")
    write(tmp_path / "a.tfrecord", example(**features), example(image__filename=(b"b.jpg", "byte")))

    found, _, report = read(tmp_path)

    assert [problem for problem in report.refused if sentence in problem.detail]
    assert found[-1].name == "b.jpg"
    assert len(found[-1].annotations) == 1


def test_a_damaged_record_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    FORMAT.write(many(3, 2), tmp_path, images=False)
    path = tmp_path / "train.tfrecord"
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)

    found, _, report = read(tmp_path)

    assert [image.name for image in found] == ["000002.jpg", "000003.jpg"]
    assert [problem.where for problem in report.refused] == ["train.tfrecord, record 1"]


@pytest.mark.parametrize("cut", [5, 14, 100])
def test_a_file_that_was_cut_off_is_told(tmp_path: Path, cut: int) -> None:
    FORMAT.write(many(3, 2), tmp_path, images=False)
    path = tmp_path / "train.tfrecord"
    path.write_bytes(path.read_bytes() + path.read_bytes()[:cut])

    with pytest.raises(FormatError, match="the file was cut off"):
        read(tmp_path)


def test_a_record_that_claims_to_be_huge_is_told(tmp_path: Path) -> None:
    length = struct.pack("<Q", 1 << 40)
    crc = crc32c(length)
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    (tmp_path / "a.tfrecord").write_bytes(length + struct.pack("<I", masked) + b"short")

    with pytest.raises(FormatError, match="larger than 512 MiB"):
        read(tmp_path)


def test_label_maps_of_any_origin_are_read(tmp_path: Path) -> None:
    path = tmp_path / "labels.pbtxt"
    path.write_text(
        """# the classes
        item { name: "/m/01g317" id: 1 display_name: "person" }
        item: {
          id: 90 # a gap before
          name: 'Stra\\303\\237e \\'x\\' # no comment {'
          keypoints { id: 0 label: "nose" } keypoints { id: 1 label: "tail" }
        }
        item { id: 2 display_name: "only shown" }
        item { id: 0 name: "background" }
        item { id: 1 name: "again" }
        """
    )
    report = Report()

    assert read_labels(path, report) == {1: "/m/01g317", 90: "Straße 'x' # no comment {", 2: "only shown"}
    assert [problem.where for problem in report.refused] == ["labels.pbtxt, item 4", "labels.pbtxt, item 5"]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_any_name_survives_the_label_map(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = tmp_path_factory.mktemp("labels") / "label_map.pbtxt"
    path.write_text(labels_to_text(enumerate(names, 1)), "utf-8", newline="\n")

    assert list(read_labels(path, Report()).values()) == names


@pytest.mark.parametrize("text", ["item { id: 1 name: 'cat'", "hello", "item { id: 1 } }", '{"id": 1}', "item { 'a }"])
def test_what_is_no_label_map_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels.pbtxt").write_text(text)

    with pytest.raises(FormatError, match=r"it is a row of item \{ ... \}"):
        read_labels(tmp_path / "labels.pbtxt", Report())
