"""WebDataset: what the `webdataset` package reads, shards, and equal bytes for equal content."""

from __future__ import annotations

import tarfile
import warnings
from pathlib import Path
from typing import Any

import orjson
import pytest

from datasets_app.formats import webdataset
from datasets_app.formats.base import Report
from datasets_app.formats.native_reader import NativeReader
from datasets_app.formats.webdataset import FORMAT
from datasets_app.ir import ClassRecord
from tests.datasets_app.formats.golden import CLASSES, golden, many


def load(*paths: Path) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import webdataset as package  # noqa: PLC0415 - it warns of its own code while it is imported

        samples = package.WebDataset([str(path) for path in paths], shardshuffle=False).decode("pil")
        return list(samples)


def test_the_package_reads_pictures_and_labels(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=True)

    samples = load(*sorted(out.glob("*.tar")))

    written = {image.number: image for image in golden(tmp_path / "pictures").images}
    assert sorted(path.name for path in out.iterdir()) == [
        "classes.json", "images-000000.tar", "test-000000.tar", "train-000000.tar", "val-000000.tar",
    ]  # fmt: skip
    assert sorted(int(sample["__key__"]) for sample in samples) == [3, 6, 9, 12, 15]
    for sample in samples:
        image = written[int(sample["__key__"])]
        assert sample[image.suffix[1:]].size == (64, 48)
        assert sample["json"]["name"] == image.name
        assert [found["shape"] for found in sample["json"]["annotations"]] == [a.shape for a in image.annotations]


def test_nothing_is_lost(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False)

    head = orjson.loads((tmp_path / "classes.json").read_bytes())
    classes = tuple(ClassRecord(**{**entry, "attributes": tuple(entry["attributes"])}) for entry in head["classes"])
    entries = [sample["json"] for path in sorted(tmp_path.glob("*.tar")) for sample in load(path)]
    report = Report()
    found = NativeReader(tmp_path, classes, report, trusted=False).images(entries, lambda *_: None, -1)

    assert classes == CLASSES
    assert head["info"] == {"project": "Golden", "revision": 3}
    written = {image.name: image.annotations for image in golden(tmp_path / "pictures").images}
    assert {image.name: image.annotations for image in found} == written
    assert (report.fixed, report.refused) == ([], [])
    places = {record.number: place for place, record in enumerate(classes)}
    annotations = [annotation for entry in entries for annotation in entry["annotations"]]
    assert all(annotation["index"] == places[annotation["class"]] for annotation in annotations)


@pytest.mark.parametrize(("name", "value"), [("SHARD_IMAGES", 4), ("SHARD_BYTES", 1500)])
def test_many_images_are_cut_into_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    monkeypatch.setattr(webdataset, name, value)
    FORMAT.write(many(10, 3), tmp_path, images=False)

    shards = sorted(tmp_path.glob("*.tar"))
    assert [path.name for path in shards] == [f"train-{number:06d}.tar" for number in range(len(shards))]
    assert len(shards) > 2
    assert [int(sample["__key__"]) for sample in load(*shards)] == list(range(1, 11))


def test_equal_content_gives_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        FORMAT.write(golden(tmp_path / "pictures"), tmp_path / name, images=True)

    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    with tarfile.open(tmp_path / "a" / "train-000000.tar") as shard:
        assert {(member.mtime, member.uid, member.mode) for member in shard} == {(0, 0, 0o644)}
