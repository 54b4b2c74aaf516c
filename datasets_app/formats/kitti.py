"""KITTI 2D boxes. Knows no other format.

    training/label_2/<id>.txt    rows `type truncated occluded alpha left top right bottom h w l x y z ry [score]`
    training/image_2/<id>.*      the pictures, where they were asked for; `testing/` for the test split
    ImageSets/{train,val,test}.txt
    classes.csv, images.csv      which class a word means, names and sizes

What is three-dimensional is written as KITTI writes "unknown": -10 and -1 and -1000. Truncation is a share from 0 to 1,
occlusion a level from 0 to 3; both are read as marks where they are above 0. `DontCare` rows are regions that were not
labelled: they are read as a class of that name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.checked import box_between, checked_annotation, number
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, MARKS, without
from datasets_app.formats.features import count_lost
from datasets_app.formats.label_files import LabelFolder, named_classes, read_words, words_of, write_words
from datasets_app.formats.lines import lines_of, plain_file
from datasets_app.formats.listing import Listing, UniquePaths, suffix_of
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.small_files import small_files_of
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_PICTURES = ("image_2", "image_02", "images", "data")
_LABELS = ("label_2", "label_02", "labels")
_UNKNOWN = "-1 -1 -1 -1000 -1000 -1000 -10"
_SPLITS = ("train", "val", "test")
_PROBED = 10
_LENGTHS = (15, 16)


class Kitti(Format):
    """Boxes with truncation, occlusion and score."""

    lossy = frozenset((*BOXES_ONLY, *without(MARKS, "occluded", "truncated", "scores"), "verified_empty", "unsplit"))

    @override
    def detect(self, root: Path) -> float:
        if not root.is_dir():
            return 0.0
        folder = _folder(root)
        matching = seen = 0
        for key in islice(folder.label_files(), _PROBED):
            lines = [text for _, text in islice(lines_of(root / key, key, Report()), _PROBED)]
            seen += bool(lines)
            matching += bool(lines) and all(_is_row(text.split()) for text in lines)
        if seen:
            return 0.95 * matching / seen
        return 0.6 if folder.has_folder("label_2", "label_02") else 0.0

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
        folder = _folder(root)
        words: dict[str, None] = {}
        keys = 0
        for key in folder.label_files() if root.is_dir() else ():
            keys += 1
            for _, text in lines_of(root / key, key, Report()):
                cells = text.split()
                if _is_row(cells):
                    words.setdefault(cells[0])
        if not keys and not folder.has_folder():
            raise FormatError("No KITTI labels were found: text files in a folder called label_2, 15 columns a row.")
        classes, numbers = named_classes(words, read_words(root))

        def parse(text: str, image: ImageRecord, where: str) -> AnnotationRecord | None:
            return _annotation(text.split(), image, where, numbers, report)

        return Dataset(classes, folder.images(parse, report, progress, options.get("size_of")))

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
        words = words_of(dataset.classes)
        write_words(root, dataset.classes, words)
        (root / "training" / "label_2").mkdir(parents=True)
        (root / "ImageSets").mkdir()
        files = small_files_of(options)
        paths = UniquePaths()
        lists = {split: (root / "ImageSets" / f"{split}.txt").open("w", encoding="utf-8") for split in _SPLITS}
        try:
            with Listing(root) as listing:
                for done, image in enumerate(dataset.images, 1):
                    split = image.split if image.split in _SPLITS else "train"
                    part = "testing" if split == "test" else "training"
                    key = paths.take(f"{part}/{safe_name(image.name).replace('/', '_')}", suffix_of(image))
                    key = key.partition("/")[2]
                    stem = posixpath.splitext(key)[0]
                    found = (fitted(annotation, image, BOXES_ONLY) for annotation in image.annotations)
                    text = "".join(_row(a, words) for a in found if a is not None)
                    files.write(f"{root}/{part}/label_2/{stem}.txt", text.encode())
                    lists[split].write(f"{stem}\n")
                    listing.add(f"{part}/image_2/{key}", image)
                    count_lost(image, self.lossy, report.lost)
                    if images:
                        copy_picture(image, root / part / "image_2" / key)
                    progress(done, dataset.image_count)
        finally:
            for file in lists.values():
                file.close()
        return report


def _folder(root: Path) -> LabelFolder:
    return LabelFolder(root, _PICTURES, _LABELS, lambda text: _is_row(text.split()), _listed_splits(root))


def _row(annotation: AnnotationRecord, words: Mapping[int, str]) -> str:
    x, y, width, height = annotation.box
    corners = " ".join(f"{value:.6f}" for value in (x, y, x + width, y + height))
    score = "" if annotation.score is None else f" {annotation.score!r}"
    marks = f"{annotation.truncated:d}.00 {annotation.occluded:d}"
    return f"{words[annotation.class_number]} {marks} -10 {corners} {_UNKNOWN}{score}\n"


def _is_row(cells: list[str]) -> bool:
    return len(cells) in _LENGTHS and number(cells[0]) is None and None not in [number(cell) for cell in cells[1:8]]


def _annotation(
    cells: list[str], image: ImageRecord, where: str, numbers: Mapping[str, int], report: Report
) -> AnnotationRecord | None:
    if len(cells) not in _LENGTHS:
        raise ShapeError(f"The row has {len(cells)} columns; it must have 15, or 16 with a score.")
    values = [number(cell) for cell in cells[1:8]]
    known = [value for value in values if value is not None]
    if len(known) < 7 or cells[0] not in numbers:
        raise ShapeError("A row must be a word and numbers: type truncated occluded alpha left top right bottom …")
    truncated, occluded, _, left, top, right, bottom = known
    if right <= left or bottom <= top:
        raise ShapeError(
            f"The box from ({left:g}, {top:g}) to ({right:g}, {bottom:g}) encloses no area; "
            "right must be greater than left and bottom greater than top."
        )
    score = number(cells[15]) if len(cells) == 16 else None
    if score is not None and not 0 <= score <= 1:
        report.fix(where, f"The score {score:g} is none from 0 to 1; it was left out.")
        score = None
    return checked_annotation(
        {"type": "box", "box": list(box_between(left, top, right, bottom))},
        numbers[cells[0]],
        image,
        where,
        report,
        truncated=truncated > 0,
        occluded=occluded > 0,
        score=score,
    )


def _listed_splits(root: Path) -> Callable[[str], str | None]:
    """The split of a picture as the lists in ImageSets have it, which tell val from train."""
    listed: dict[str, str] = {}
    for split in ("train", "val"):
        path = root / "ImageSets" / f"{split}.txt"
        for _, text in lines_of(path, path.name, Report()) if plain_file(path) else ():
            listed.setdefault(text, split)

    def split_of(key: str) -> str | None:
        path = PurePosixPath(key)
        return None if "testing" in path.parts[:-1] else listed.get(path.stem)

    return split_of


FORMAT = Kitti()
