"""What Pascal VOC's boxes and masks have in common: years, ids, lists of splits and labels. Knows no other format."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from datasets_app.formats.base import Report
from datasets_app.formats.palettes import voc_colour
from datasets_app.formats.pictures import safe_name
from datasets_app.ir import ClassRecord

TEST_YEAR, YEAR = "VOC2007", "VOC2012"
"""Readers look for a test split in the year 2007 only."""


class Ids:
    """Ids without blanks, each given once, told apart without regard to case for file systems that have none."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        stem, _ = posixpath.splitext(safe_name(name))
        wanted = key = re.sub(r"[\s/]+", "_", stem)
        number = 1
        while key.lower() in self._taken:
            number += 1
            key = f"{wanted}_{number}"
        self._taken.add(key.lower())
        return key


class SplitFiles:
    """The lists of ids; images of no split are listed in train."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        names = ("train", "val", "trainval", "test")
        self._files = {name: (folder / f"{name}.txt").open("w", encoding="utf-8") for name in names}
        self.has_test = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        if not self.has_test:
            (self._folder / "test.txt").unlink(missing_ok=True)

    def add(self, key: str, split: str | None) -> None:
        if split == "test":
            self.has_test = True
            self._files["test"].write(f"{key}\n")
            return
        self._files["val" if split == "val" else "train"].write(f"{key}\n")
        self._files["trainval"].write(f"{key}\n")


def write_labelmap(folder: Path, classes: Iterable[ClassRecord]) -> None:
    """`labelmap.txt`: `name:r,g,b:parts:actions`, colours as VOC deals them out; background is black."""
    names = ["background", *(" ".join(record.name.split()) for record in classes)]
    lines = (f"{name}:{','.join(map(str, voc_colour(value)))}::\n" for value, name in enumerate(names))
    text = "".join(("# label:color_rgb:parts:actions\n", *lines))
    (folder / "labelmap.txt").write_text(text, encoding="utf-8", newline="\n")


def read_splits(folder: Path, known: Collection[str], report: Report) -> dict[str, str]:
    """The split of each known id that is listed in the files of `folder`; `trainval` alone means train."""
    splits: dict[str, str] = {}
    for split in ("train", "val", "test", "trainval"):
        for stem in _listed(folder / f"{split}.txt", known):
            before = splits.setdefault(stem, "train" if split == "trainval" else split)
            if split not in (before, "trainval"):
                report.fix(stem, f"It is listed in {before} and in {split}; it was put into {before}.")
    return splits


def _listed(path: Path, known: Collection[str]) -> Iterator[str]:
    """The ids in a split file; a label may follow an id, and ids of other tools may hold blanks."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        whole = line.strip()
        stem, _ = posixpath.splitext(posixpath.basename(whole))
        for candidate in (whole, whole.rpartition(" ")[0].rstrip(), stem):
            if candidate in known:
                yield candidate
                break
