"""A data set that another process reads: the same records and problems in the same order, no process left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from typing_extensions import override

from datasets_app.formats import read_apart as module
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.read_apart import ReaderLostError, is_worthwhile, read_apart
from datasets_app.ir import ImageRecord

IMAGES = 700


class Told(Report):
    """Notes at which record each problem came."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[int, str, str]] = []
        self.records = 0

    @override
    def fix(self, where: str, detail: str) -> None:
        self.lines.append((self.records, where, detail))

    @override
    def refuse(self, where: str, detail: str) -> None:
        self.lines.append((self.records, where, detail))


def counted(images: Any, told: Told) -> Iterator[ImageRecord]:
    for image in images:
        told.records += 1
        yield image


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Boxes, outlines, masks and captions with attributes, among them labels that cannot be read."""
    body: dict[str, Any] = {
        "images": [],
        "annotations": [],
        "categories": [{"id": 1, "name": "spore"}],
        "info": {"a": 1},
    }
    for number in range(1, IMAGES + 1):
        body["images"].append({"id": number, "file_name": f"{number}.png", "width": 64, "height": 48})
        outline = [[1, 1, 20, 1, 20, 20.5 + number % 7]]
        for shape in (
            {"bbox": [-90, 2, 10, 10] if number % 50 == 0 else [1, 2, 10, 10], "attributes": {"colour": ["red", None]}},
            {"segmentation": outline, "bbox": [1, 1, 19, 20], "iscrowd": 0, "score": 0.5},
            {"segmentation": {"size": [48, 64], "counts": [10, 5, 48 * 64 - 15]}, "iscrowd": 1},
        ):
            body["annotations"].append(
                {"id": len(body["annotations"]) + 1, "image_id": number, "category_id": 1, **shape}
            )
    (tmp_path / "1.png").touch()
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(body))
    return path


def test_records_and_problems_come_as_if_read_here(file: Path) -> None:
    here, apart = Told(), Told()
    expected = FORMATS.load("coco").read(file, here)
    records = list(counted(expected.images, here))

    with read_apart("coco", file, apart, {}) as dataset:
        found = list(counted(dataset.images, apart))

    assert found == records
    assert [image.open is None for image in found] == [image.open is None for image in records]
    assert apart.lines == here.lines
    assert len(apart.lines) > IMAGES // 50
    assert apart.notes == here.notes
    same = ("classes", "image_count", "annotation_count", "info")
    assert [getattr(dataset, name) for name in same] == [getattr(expected, name) for name in same]


def test_what_cannot_be_read_is_raised_here(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text('{"nothing": []}')

    with pytest.raises(FormatError, match="No COCO file was found"), read_apart("coco", tmp_path, Report(), {}):
        pass


def test_the_process_ends_with_the_block(file: Path) -> None:
    with read_apart("coco", file, Report(), {}) as dataset:
        next(iter(dataset.images))
        children = readers()

    assert children
    assert not readers()


def test_a_process_that_is_killed_is_told(file: Path) -> None:
    with read_apart("coco", file, Report(), {}) as dataset:
        (reader,) = readers()
        reader.kill()
        with pytest.raises(ReaderLostError, match="ended with code -9"):
            list(dataset.images)


def readers() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "datasets_app.formats.read_apart_child" in child.cmdline()
    ]


def test_small_files_are_not_worth_a_process(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 2)

    assert not is_worthwhile(file)
    assert not is_worthwhile(file.parent)

    monkeypatch.setattr(module, "WORTH_BYTES", file.stat().st_size)
    assert is_worthwhile(file)
    assert is_worthwhile(file.parent)

    monkeypatch.setattr(module, "_cores", lambda: 1)
    assert not is_worthwhile(file)
