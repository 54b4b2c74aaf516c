"""What Ultralytics makes of a data set, written down from its documented rules: its own code is AGPL and stays out.

Everything that it would drop, mend or misread is an `AssertionError` here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

PICTURES = {"bmp", "dng", "jpeg", "jpg", "mpo", "png", "tif", "tiff", "webp", "pfm", "heic"}
SMALLEST = 10


@dataclass
class Labelled:
    """A picture as it is trained on: `rows` is None where the label file is missing (background)."""

    split: str
    picture: Path
    size: tuple[int, int]
    rows: list[list[float]] | None


def load(folder: Path, task: str) -> tuple[dict[int, str], list[Labelled]]:
    """Names and pictures of the data set in `folder`, for detect, segment, pose or obb."""
    head = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
    names = head["names"]
    assert list(names) == list(range(len(names))), "class numbers count from 0 without gaps"
    assert "nc" not in head or head["nc"] == len(names)
    assert {"train", "val"} <= set(head), "train and val must be named"
    found, labels = [], set()
    for split in ("train", "val", "test"):
        if split not in head:
            continue
        place = folder / head[split]
        assert place.is_dir(), f"{head[split]} does not exist"
        for picture in sorted(place.rglob("*.*")):
            if picture.suffix.lower()[1:] not in PICTURES:
                continue
            label = label_path(picture)
            assert label not in labels or head[split] == head["train"], f"{label} belongs to two pictures"
            labels.add(label)
            found.append(_labelled(split, picture, label, head, task))
    written = set((folder / "labels").rglob("*.txt"))
    assert written <= labels, "a label file without a picture is never looked at"
    return names, found


def label_path(picture: Path) -> Path:
    """The last `/images/` becomes `/labels/`, the ending `.txt`."""
    start, end = f"{os.sep}images{os.sep}", f"{os.sep}labels{os.sep}"
    return Path(end.join(str(picture).rsplit(start, 1)).rsplit(".", 1)[0] + ".txt")


def _labelled(split: str, picture: Path, label: Path, head: dict[str, Any], task: str) -> Labelled:
    with Image.open(picture) as opened:
        size = opened.size
        assert opened.getexif().get(0x0112, 1) == 1, "the orientation tag would be applied again"
    assert min(size) >= SMALLEST, "pictures below 10 pixels are dropped"
    if not label.is_file():
        return Labelled(split, picture, size, None)
    rows = [[float(cell) for cell in line.split()] for line in label.read_text().splitlines() if line.strip()]
    for row in rows:
        _check_row(row, head, task)
    assert len({tuple(row) for row in rows}) == len(rows), "duplicate rows are removed"
    assert len({len(row) > 6 for row in rows}) <= 1, "one long row makes outlines of all rows"
    return Labelled(split, picture, size, rows)


def _check_row(row: list[float], head: dict[str, Any], task: str) -> None:
    names = head["names"]
    assert row[0] % 1 == 0
    assert 0 <= row[0] < len(names), "a class beyond the names drops the picture"
    if task == "pose":
        count, size = head["kpt_shape"]
        assert len(row) == 5 + count * size
        points = [row[5 + place : 5 + place + size] for place in range(0, count * size, size)]
        coordinates = [*row[1:5], *(value for point in points for value in point[:2])]
        assert all(point[2] in (0, 1, 2) for point in points if size == 3)
        flips = head["flip_idx"]
        assert sorted(flips) == list(range(count))
    else:
        lengths = {"detect": {5}, "obb": {9}, "segment": set(range(7, len(row) + 1, 2))}
        assert len(row) in lengths[task]
        coordinates = row[1:]
    assert all(0 <= value <= 1 for value in coordinates), "beyond -0.01 or 1.01 the picture is dropped"


def decimals(folder: Path) -> Iterator[int]:
    """How many digits stand behind the points of all coordinates."""
    for path in (folder / "labels").rglob("*.txt"):
        for cell in path.read_text().split():
            if "." in cell:
                yield len(cell.partition(".")[2])
