"""Native JSON: identical records, strangers' files, and the shortcut for the training process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.native_json import FORMAT
from datasets_app.ir import ImageRecord
from tests.datasets_app.formats.golden import CLASSES, golden, many


@pytest.fixture
def written(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=False)
    return out / "dataset.json"


def read(path: Path, **options: Any) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(path, report, options=options).images), report


@pytest.mark.parametrize("options", [{}, {"trusted": True}])
def test_the_records_come_back_identical(written: Path, tmp_path: Path, options: dict[str, bool]) -> None:
    dataset = FORMAT.read(written.parent, Report(), options=options)

    expected = [replace(image, path=None, open=None) for image in golden(tmp_path / "pictures").images]
    assert list(dataset.images) == expected
    assert dataset.classes == CLASSES
    assert (dataset.image_count, dataset.annotation_count) == (5, 18)
    assert dataset.info == {"project": "Golden", "revision": 3}


def test_the_file_is_one_json_object_with_an_image_on_each_line(written: Path) -> None:
    content = orjson.loads(written.read_bytes())

    assert content["format"] == "annotator"
    assert content["version"] == 1
    assert len(content["images"]) == 5
    assert len(written.read_bytes().splitlines()) == 5 + 2
    assert content["images"][0]["annotations"][0]["shape"] == {"type": "box", "box": [1.0, 2.0, 3.0, 4.0]}


def test_a_file_that_was_laid_out_anew_is_read_the_same(written: Path) -> None:
    before, _ = read(written)
    written.write_bytes(orjson.dumps(orjson.loads(written.read_bytes()), option=orjson.OPT_INDENT_2))

    after, report = read(written)

    assert after == before
    assert report.refused == []
    assert FORMAT.detect(written.parent) == 1.0


def test_the_training_process_gets_absolute_paths(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False, options={"paths": True})

    trusted, _ = read(tmp_path, trusted=True)
    stranger, report = read(tmp_path / "dataset.json")

    assert [image.path for image in trusted] == [image.path for image in golden(tmp_path / "pictures").images]
    assert all(image.path is not None for image in stranger)
    assert report.refused == []


@pytest.mark.parametrize("path", ["/etc/passwd", "../../secret.jpg", "images/../../secret.jpg"])
def test_a_path_that_leads_out_of_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (tmp_path / "secret.jpg").write_text("secret")
    FORMAT.write(many(1, 1), folder, images=False)
    content = orjson.loads((folder / "dataset.json").read_bytes())
    content["images"][0]["path"] = path
    (folder / "dataset.json").write_bytes(orjson.dumps(content))

    (image,), report = read(folder)

    assert image.path is None
    assert image.open is None
    assert [problem.detail for problem in report.refused] == [
        f"The path {path!r} leads out of the data set's folder; it must stay inside."
    ]


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "images").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_text("secret")
    (folder / "images" / "a.jpg").symlink_to(tmp_path / "secret.jpg")
    FORMAT.write(many(1, 1), folder, images=False)
    text = (folder / "dataset.json").read_text().replace('"annotations":', '"path":"images/a.jpg","annotations":')
    (folder / "dataset.json").write_text(text)

    (image,), report = read(folder)

    assert image.path is None
    assert report.refused_count == 1


def test_a_file_that_was_cut_off_says_so(written: Path) -> None:
    lines = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join(lines[:3]))

    with pytest.raises(FormatError) as error:
        read(written)

    assert str(error.value) == "dataset.json stops before its end; the file was cut off."


def test_a_later_version_is_refused(written: Path) -> None:
    written.write_bytes(written.read_bytes().replace(b'"version":1', b'"version":2'))

    with pytest.raises(FormatError) as error:
        read(written)

    assert str(error.value) == "dataset.json has version 2; this product reads version 1."


def test_what_a_stranger_wrote_wrongly_is_refused_one_by_one(written: Path) -> None:
    content = orjson.loads(written.read_bytes())
    first, second, third, *_ = content["images"]
    first["annotations"][0]["shape"] = {"type": "box", "box": [500, 1, 2, 3]}
    first["annotations"][1]["class"] = 8
    del second["width"]
    third["annotations"][0]["area"] = "many"
    written.write_bytes(orjson.dumps(content))

    found, report = read(written)

    assert [len(image.annotations) for image in found] == [2, 8, 0, 0]
    assert [(problem.where, problem.detail) for problem in report.refused] == [
        ("plain.jpg, annotation a-1", "The box lies wholly outside the picture of 64 x 48 pixels."),
        ("plain.jpg, annotation a-2", "Class 8 is not among the classes of the file."),
        ("image 2", "The entry is not as documented: 'width' is missing."),
    ]
