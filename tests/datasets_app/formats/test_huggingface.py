"""Hugging Face data sets, as the `datasets` library loads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from PIL import Image
from pyarrow import parquet

from datasets_app.formats import huggingface
from datasets_app.formats.base import FormatError
from datasets_app.formats.huggingface import FORMAT
from tests.datasets_app.formats.golden import BOXES, CLASSES, OUTLINES, golden, many

LOAD = """
import io, os, sys, datasets, orjson
datasets.disable_progress_bars()
found = datasets.load_dataset(sys.argv[1])
def plain(row):
    picture = row.pop("image", None)
    return {**row, "size": None if picture is None else picture.size}
objects = found["train"].features["objects"]
print(orjson.dumps({
    "names": getattr(objects["category"].feature, "names", None),
    **{split: [plain(row) for row in rows] for split, rows in found.items()},
}).decode())
streamed = datasets.load_dataset(sys.argv[1], streaming=True)
assert [row["image_id"] for row in streamed["train"]] == [row["image_id"] for row in found["train"]]
sys.stdout.flush()
os._exit(0)  # threads that the library reads ahead with can abort an interpreter that ends in order
"""


def load(folder: Path, cache: Path) -> dict[str, Any]:
    """In a process of its own: the library sets up caches and would ask the network."""
    environment = {"HF_HOME": str(cache), "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "PATH": ""}
    command = [sys.executable, "-W", "error", "-c", LOAD, str(folder)]
    done = subprocess.run(command, capture_output=True, env=environment, check=False, text=True)
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = orjson.loads(done.stdout)
    return loaded


@pytest.mark.slow
@pytest.mark.parametrize(("layout", "images"), [("tables", True), ("tables", False), ("folders", True)])
def test_the_library_loads_it(tmp_path: Path, layout: str, images: bool) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=images, options={"layout": layout})

    found = load(out, tmp_path / "cache")

    assert found["names"] == ([record.name for record in CLASSES] if layout == "tables" else None)
    assert {split: len(rows) for split, rows in found.items() if split != "names"} == {
        "train": 3, "validation": 1, "test": 1,
    }  # fmt: skip
    assert all(row["size"] == ([64, 48] if images else None) for row in found["train"])
    first = next(row for row in found["train"] if row["image_id"] == 3)
    assert first["tags"] == ["night", "rain"]
    assert first["objects"]["bbox"] == [list(box.box) for box in BOXES]
    assert first["objects"]["category"] == [0, 1, 0, 1]
    assert first["objects"]["label"][:2] == ["cat", "Straßen-Schild 标志"]
    assert first["objects"]["crowd"] == [False, False, False, True]
    outlines = found["validation"][0]["objects"]
    assert [orjson.loads(text) for text in outlines["shape"]] == [outline.shape for outline in OUTLINES]
    assert outlines["score"] == [outline.score for outline in OUTLINES]


def test_the_card_names_splits_features_and_classes(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=True)

    _, front, page = (tmp_path / "README.md").read_text("utf-8").split("---\n", 2)
    head = yaml.safe_load(front)

    assert head["configs"][0]["data_files"] == [
        {"split": split, "path": f"data/{split}-*.parquet"} for split in ("train", "validation", "test")
    ]
    features = {feature["name"]: feature for feature in head["dataset_info"]["features"]}
    assert features["image"]["dtype"] == "image"
    assert head["size_categories"] == ["n<1K"]
    assert "| 1 | Straßen-Schild 标志 |" in page


def test_pictures_are_in_the_table_as_they_were(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=True)

    written = {image.name: image for image in golden(tmp_path / "pictures").images}
    for path in (out / "data").iterdir():
        for row in parquet.read_table(path).to_pylist():
            source = written[row["image"]["path"]].path
            assert source is not None
            assert row["image"]["bytes"] == source.read_bytes()


def test_many_images_are_cut_into_row_groups_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface, "SHARD_BYTES", 100_000)
    FORMAT.write(many(700, 3), tmp_path, images=False)

    files = sorted((tmp_path / "data").iterdir())
    assert [path.name for path in files] == [f"train-{number:05d}.parquet" for number in range(len(files))]
    assert len(files) > 1
    assert sum(parquet.read_metadata(path).num_rows for path in files) == 700
    assert parquet.read_metadata(files[0]).row_group(0).num_rows == huggingface.GROUP_ROWS


def test_names_that_differ_in_nothing_but_case_stay_apart_in_folders(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=True, options={"layout": "folders"})

    rows = parquet.read_table(out / "train" / "metadata.parquet").to_pylist()
    assert [row["file_name"] for row in rows] == ["plain.jpg", "other/plain.png", "空.jpg"]
    for row in rows:
        with Image.open(out / "train" / row["file_name"]) as picture:
            assert picture.size == (row["width"], row["height"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"layout": "folders"}, "consists of pictures"), ({"layout": "csv"}, "must be one of: tables, folders")],
)
def test_what_cannot_be_written_is_told(tmp_path: Path, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False, options=options)


def test_equal_content_gives_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        FORMAT.write(golden(tmp_path / "pictures"), tmp_path / name, images=True)

    for path in [path for path in (tmp_path / "a").rglob("*") if path.is_file()]:
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()
