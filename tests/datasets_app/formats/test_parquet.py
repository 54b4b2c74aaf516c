"""Native Parquet: identical records, tables that other tools read and hand back, and damaged ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.parquet import FORMAT
from datasets_app.ir import Dataset, ImageRecord
from tests.datasets_app.formats.golden import BOXES, CLASSES, golden, many


@pytest.fixture
def written(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=False)
    return out


def read(path: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(path, report).images), report


def change(path: Path, how: Callable[[pa.Table], pa.Table]) -> None:
    parquet.write_table(how(parquet.read_table(path)), path)


def test_the_records_come_back_identical(written: Path, tmp_path: Path) -> None:
    dataset = FORMAT.read(written, Report())

    expected = [replace(image, path=None, open=None) for image in golden(tmp_path / "pictures").images]
    assert list(dataset.images) == expected
    assert dataset.classes == CLASSES
    assert (dataset.image_count, dataset.annotation_count) == (5, 18)
    assert dataset.info == {"project": "Golden", "revision": 3}


def test_the_tables_are_plain_columns(written: Path) -> None:
    annotations = parquet.read_table(written / "annotations.parquet")
    images = parquet.read_table(written / "images.parquet")
    classes = parquet.read_table(written / "classes.parquet")

    named = annotations.join(classes.select(["number", "name"]), "class", "number", "inner")
    counts = {
        row["name"]: row["name_count"] for row in named.group_by("name").aggregate([("name", "count")]).to_pylist()
    }
    assert counts == {"cat": 9, "Straßen-Schild 标志": 8, "never used & <odd>": 1}
    boxes = annotations.filter(pc.equal(annotations["type"], "box")).select(["x", "y", "width", "height"]).to_pylist()
    assert boxes[0] == dict(zip(("x", "y", "width", "height"), BOXES[0].box, strict=True))
    assert images["tags"].to_pylist()[0] == ["night", "rain"]
    assert images["split"].to_pylist() == ["train", "val", "test", "train", None]
    assert orjson.loads(images.schema.metadata[b"annotator"])["info"]["project"] == "Golden"


def test_tables_in_another_order_are_read_the_same(written: Path, tmp_path: Path) -> None:
    before, _ = read(written)
    change(written / "annotations.parquet", lambda table: table.take(list(reversed(range(table.num_rows)))))
    change(written / "images.parquet", lambda table: table.take([3, 1, 4, 0, 2]))

    after, report = read(written)

    assert [image.name for image in after] == [before[place].name for place in (3, 1, 4, 0, 2)]
    shapes = {image.name: sorted(a.uuid for a in image.annotations) for image in after}
    assert shapes == {image.name: sorted(a.uuid for a in image.annotations) for image in before}
    assert (report.fixed, report.refused) == ([], [])


def test_what_was_filtered_out_elsewhere_is_not_missed(written: Path) -> None:
    change(written / "annotations.parquet", lambda table: table.filter(pc.not_equal(table["type"], "mask")))
    change(written / "images.parquet", lambda table: table.slice(1))

    found, report = read(written)

    assert [len(image.annotations) for image in found] == [4, 8, 0, 0]
    assert [(problem.where, problem.detail) for problem in report.refused] == [
        ("annotations.parquet: image 3", "4 annotations are of an image that is not listed.")
    ]


def test_tables_with_only_what_is_needed_are_read(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"number": [1], "name": ["cat"]}), tmp_path / "classes.parquet")
    sizes = {"width": pa.array([64], pa.uint16()), "height": pa.array([48], pa.int8())}
    parquet.write_table(
        pa.table({"number": [5], "name": ["a.jpg"], **sizes, "more": [b"x"]}), tmp_path / "images.parquet"
    )
    shape = '{"type":"box","box":[1,2,3,4]}'
    table = pa.table({"image": [5, 5], "class": [1, 2], "shape": [shape, shape]})
    parquet.write_table(table, tmp_path / "annotations.parquet")

    (image,), report = read(tmp_path)

    assert FORMAT.detect(tmp_path) == 0.0
    assert (image.name, image.width, image.height, image.annotations[0].box) == ("a.jpg", 64, 48, (1, 2, 3, 4))
    assert [problem.detail for problem in report.refused] == ["Class 2 is not among the classes of the file."]


def without(name: str) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.drop_columns([name])


def filled(name: str, value: Any) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.drop_columns([name]).append_column(name, pa.array([value] * table.num_rows))


@pytest.mark.parametrize(
    ("file", "how", "sentence"),
    [
        ("images", without("width"), "images.parquet has no column 'width'; it needs number, name, width, height"),
        ("annotations", without("shape"), "annotations.parquet has no column 'shape'"),
        ("classes", without("name"), "classes.parquet has no column 'name'"),
        ("images", filled("width", "wide"), "the column 'width' must be of the type int64"),
        ("images", filled("tags", 3), "the column 'tags' must be of the type list"),
        ("annotations", filled("image", 1.5), "the column 'image' must be of the type int64"),
        ("annotations", filled("uuid", b"\xff"), "the column 'uuid' must be of the type string"),
        ("classes", filled("number", 7), "the class number 7 must be a whole number from 1 on, each given once"),
        ("classes", filled("name", None), "a class needs a number and a name"),
        ("classes", filled("attributes", "[1,"), "row 1: '.*' is not JSON"),
        ("classes", filled("skeleton", "[1]"), "must be a JSON object"),
        ("images", lambda table: table.replace_schema_metadata({"annotator": '{"version": 2}'}), "has version 2"),
        ("images", lambda table: table.replace_schema_metadata({"annotator": "[]"}), "must be a JSON object"),
    ],
)
def test_tables_that_cannot_be_understood_are_told(
    written: Path, file: str, how: Callable[[pa.Table], pa.Table], sentence: str
) -> None:
    change(written / f"{file}.parquet", how)

    with pytest.raises(FormatError, match=sentence):
        read(written)


@pytest.mark.parametrize("value", [None, "{", '{"type":"box","box":[1,2,-3,4]}', "[]", '{"type":"star"}'])
def test_a_shape_that_cannot_be_taken_is_refused(written: Path, value: str | None) -> None:
    change(written / "annotations.parquet", filled("shape", value))

    found, report = read(written)

    assert len(found) == 5
    assert report.refused_count == 18


@pytest.mark.parametrize("file", ["images", "annotations", "classes"])
def test_a_missing_or_foreign_file_is_told(written: Path, file: str) -> None:
    path = written / f"{file}.parquet"
    path.unlink()
    with pytest.raises(FormatError, match=f"There is no {file}.parquet"):
        read(written)

    path.write_bytes(b"PAR1 and nothing else PAR1")
    with pytest.raises(FormatError, match=f"{file}.parquet is no Parquet file"):
        read(written)


def test_a_damaged_page_is_told_and_not_read_as_other_labels(written: Path) -> None:
    path = written / "annotations.parquet"
    content = bytearray(path.read_bytes())
    area = parquet.read_metadata(path).row_group(0).column(8)
    content[(area.dictionary_page_offset or area.data_page_offset) + area.total_compressed_size - 5] ^= 1
    path.write_bytes(content)

    with pytest.raises(FormatError, match=r"annotations.parquet is damaged: .*CRC"):
        read(written)


def test_a_path_that_leads_out_of_the_folder_is_refused(written: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_text("secret")
    change(written / "images.parquet", filled("path", "../secret.jpg"))

    found, report = read(written)

    assert [image.path for image in found] == [None] * 5
    assert report.refused_count == 5


def test_several_row_groups_are_written_and_read(tmp_path: Path) -> None:
    FORMAT.write(many(700, 100), tmp_path, images=False)

    assert parquet.read_metadata(tmp_path / "annotations.parquet").num_row_groups == 2
    dataset: Dataset = FORMAT.read(tmp_path, Report())
    assert sum(len(image.annotations) for image in dataset.images) == 70_000


def test_equal_content_gives_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        FORMAT.write(golden(tmp_path / "pictures"), tmp_path / name, images=True)

    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) == 8
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)
