"""The folders of Ultralytics' YOLO formats and how they are written. Knows none of the single formats.

    data.yaml                   `names: {0: cat, …}`, `train`, `val`, `test`; its first line says which format
    images/<split>/<name>       the pictures, where they were asked for: copies, as Ultralytics mends them in place
    labels/<split>/<name>.txt   a row for each object: class, counted from 0, and fractions of the picture's size
    images.csv                  names and sizes (`listing.py`)

What the readers of these files insist on: a label path is the picture's with the last `images` replaced by `labels`, so
that stems must differ in a folder and no folder of a picture may be called `images`; every number lies from 0 to 1; all
rows of a data set are of one kind. An empty label file says that somebody looked and found nothing, a missing one says
nothing. `train` and `val` must both be named: where a split is missing, the other stands in for it.
"""

from __future__ import annotations

import posixpath
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import MARKS
from datasets_app.formats.features import count_lost
from datasets_app.formats.listing import Listing, UniquePaths, suffix_of
from datasets_app.formats.options import DECIMALS, NO_OPTIONS, chosen
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.small_files import small_files_of
from datasets_app.formats.yolo_reader import COMMENT, Kind, detect_yolo, read_yolo
from datasets_app.ir import AnnotationRecord, Dataset

ALWAYS_LOST = frozenset((*MARKS, "unsplit"))
"""What no YOLO row can hold, whatever its kind."""

_SPLITS = {"train": "train", "val": "val", "test": "test"}
_SMALLEST = 10
_READABLE = frozenset((".bmp", ".dng", ".jpeg", ".jpg", ".mpo", ".png", ".tif", ".tiff", ".webp", ".heic", ".pfm"))


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Prints pixels as fractions of one picture's size, inside it."""

    width: int
    height: int
    decimals: int
    options: Mapping[str, Any]

    def points(self, points: Iterable[Iterable[float]]) -> str:
        """`x y x y …`"""
        return self._text([side for x, y in points for side in (x / self.width, y / self.height)])

    def box(self, box: Iterable[float]) -> str:
        """`cx cy w h`"""
        x, y, width, height = box
        across, down = self.width, self.height
        return self._text([(x + width / 2) / across, (y + height / 2) / down, width / across, height / down])

    def _text(self, fractions: list[float]) -> str:
        if fractions and (min(fractions) < 0 or max(fractions) > 1):
            fractions = [min(max(value, 0.0), 1.0) for value in fractions]
        # One pattern for all numbers: an outline is printed five times as fast as number by number.
        return " ".join([f"%.{self.decimals}f"] * len(fractions)) % tuple(fractions)


class Yolo(Format):
    """What the formats with label files have in common; each says how its rows look."""

    kind: ClassVar[Kind]
    fates: ClassVar[Mapping[str, str]]

    @abstractmethod
    def rows(self, annotation: AnnotationRecord, writer: RowWriter) -> Iterable[str]:
        """What stands behind the class in each row of a fitted annotation."""

    def head(self, dataset: Dataset) -> dict[str, Any]:  # noqa: ARG002  what most formats have nothing to add to
        """What data.yaml says beyond names and folders."""
        return {}

    def prepare(self, dataset: Dataset, options: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """What `rows` finds in `RowWriter.options`. Raises `FormatError`."""
        return {}

    @override
    def detect(self, root: Path) -> float:
        return detect_yolo(root, self.kind)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        """With the option `size_of`, the sizes of pictures that are not below `root` are asked for there."""
        return read_yolo(root, self.kind, report, progress, options.get("size_of"))

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Report:
        report = Report()
        decimals = chosen(DECIMALS, options)
        prepared = self.prepare(dataset, options)
        indexes = {entry.number: index for index, entry in enumerate(dataset.classes)}
        files = small_files_of(options)
        paths, splits, small = UniquePaths(), set[str](), 0
        with Listing(root) as listing:
            for done, image in enumerate(dataset.images, 1):
                split = _SPLITS.get(image.split or "", "train")
                splits.add(split)
                inside = paths.take(f"{split}/{_inside(image.name)}", suffix_of(image))
                listing.add(f"images/{inside}", image)
                writer = RowWriter(image.width, image.height, decimals, prepared)
                rows = [
                    f"{indexes[found.class_number]} {row}\n"
                    for found in (fitted(annotation, image, self.fates) for annotation in image.annotations)
                    if found is not None
                    for row in self.rows(found, writer)
                ]
                if rows or image.state == "verified_empty":
                    files.write(f"{root}/labels/{posixpath.splitext(inside)[0]}.txt", "".join(rows).encode())
                if images:
                    copy_picture(image, root / "images" / inside)
                    if posixpath.splitext(inside)[1] not in _READABLE:
                        report.fix(image.name, "Ultralytics does not read pictures of this kind; it leaves it out.")
                small += min(image.width, image.height) < _SMALLEST
                count_lost(image, self.lossy, report.lost)
                progress(done, dataset.image_count)
        if small:
            report.notes.append(f"Ultralytics leaves out {small} pictures of less than {_SMALLEST} pixels a side.")
        self._write_head(dataset, root, splits)
        return report

    def _write_head(self, dataset: Dataset, root: Path, splits: set[str]) -> None:
        stand_in = next((split for split in _SPLITS if split in splits), "train")
        named = {"train": "train" if "train" in splits else stand_in, "val": "val" if "val" in splits else stand_in}
        named |= {"test": "test"} if "test" in splits else {}
        for split in {*named.values()}:
            (root / "images" / split).mkdir(parents=True, exist_ok=True)
            (root / "labels" / split).mkdir(parents=True, exist_ok=True)
        head = {key: f"images/{split}" for key, split in named.items()}
        names = {"names": {index: entry.name for index, entry in enumerate(dataset.classes)}}
        text = yaml.safe_dump(head | names | self.head(dataset), allow_unicode=True, sort_keys=False)
        (root / "data.yaml").write_text(f"{COMMENT}{self.kind.key}\n{text}", encoding="utf-8")


def _inside(name: str) -> str:
    """The picture's path below its split; readers replace the last folder called `images`, which must be ours."""
    *folders, file = safe_name(name).split("/")
    return "/".join((*(f"{part}_" if part.lower() in ("images", "labels") else part for part in folders), file))
