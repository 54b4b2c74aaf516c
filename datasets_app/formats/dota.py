"""DOTA: rotated boxes as four corners. Knows no other format.

    <split>/labelTxt/<id>.txt    rows `x1 y1 x2 y2 x3 y3 x4 y4 category difficult`, in pixels
    <split>/images/<id>.*        the pictures, where they were asked for
    classes.csv, images.csv      which class a word means, names and sizes

Corners go clockwise from the one left of the front. The attribute `difficult` is the last column. Lines before the rows
(`imagesource:…`, `gsd:…`) are passed over. With the option `quads: "polygon"`, corners that form no rectangle are
read as the polygon that they are instead of the smallest rectangle around them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.catalog import SHAPES
from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.checked import checked_annotation, number
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import MARKS, ROTATED_ONLY
from datasets_app.formats.features import count_lost
from datasets_app.formats.label_files import LabelFolder, named_classes, read_words, words_of, write_words
from datasets_app.formats.lines import lines_of
from datasets_app.formats.listing import Listing, UniquePaths, suffix_of
from datasets_app.formats.options import NO_OPTIONS, QUADS, chosen
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.quads import rotated_box_from
from datasets_app.formats.small_files import small_files_of
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_PICTURES = ("images",)
_LABELS = ("labelTxt", "labelTxt-v1.0", "labelTxt-v1.5", "labelTxt-v2.0", "annfiles")
_HEADS = ("imagesource:", "gsd:", "acquisition dates:")
_SPLITS = {"train": "train", "val": "val", "test": "test"}
_PROBED = 10


class Dota(Format):
    """Rotated boxes."""

    lossy = frozenset((*ROTATED_ONLY, *MARKS, "verified_empty", "unsplit"))

    @override
    def detect(self, root: Path) -> float:
        if not root.is_dir():
            return 0.0
        folder = _folder(root)
        matching = seen = files = 0
        for key in islice(folder.label_files(), 10 * _PROBED):
            files += 1
            rows = [text for _, text in islice(lines_of(root / key, key, Report()), _PROBED) if not _is_head(text)]
            seen += bool(rows)
            matching += bool(rows) and all(_is_row(text.split()) for text in rows)
            if seen >= _PROBED:
                break
        if seen:
            return 0.95 * matching / seen
        return 0.6 if files or folder.has_folder() else 0.0

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
        quads = chosen(QUADS, options)
        folder = _folder(root)
        words: dict[str, None] = {}
        files = 0
        for key in folder.label_files() if root.is_dir() else ():
            files += 1
            for _, text in lines_of(root / key, key, Report()):
                cells = text.split()
                if _is_row(cells):
                    words.setdefault(cells[8])
        if not files and not folder.has_folder():
            raise FormatError(
                "No DOTA labels were found: text files in a folder called labelTxt, "
                "rows of eight coordinates, a category and 0 or 1."
            )
        classes, numbers = named_classes(words, read_words(root))

        def parse(text: str, image: ImageRecord, where: str) -> AnnotationRecord | None:
            if _is_head(text):
                return None
            cells = text.split()
            shape, mended = _shape(cells, image, quads)
            if mended:
                report.fix(where, mended)
            attributes = {"difficult": True} if cells[9:10] == ["1"] else {}
            return checked_annotation(shape, numbers[cells[8]], image, where, report, attributes=attributes)

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
        (root / "train" / _LABELS[0]).mkdir(parents=True)
        files = small_files_of(options)
        paths = UniquePaths()
        with Listing(root) as listing:
            for done, image in enumerate(dataset.images, 1):
                split = _SPLITS.get(image.split or "", "train")
                key = paths.take(f"{split}/{safe_name(image.name).replace('/', '_')}", suffix_of(image))
                _, _, file = key.partition("/")
                found = (fitted(annotation, image, ROTATED_ONLY) for annotation in image.annotations)
                text = "".join(_row(a, words) for a in found if a is not None)
                files.write(f"{root}/{split}/{_LABELS[0]}/{posixpath.splitext(file)[0]}.txt", text.encode())
                listing.add(f"{split}/images/{file}", image)
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / split / "images" / file)
                progress(done, dataset.image_count)
        return report


def _folder(root: Path) -> LabelFolder:
    return LabelFolder(root, _PICTURES, _LABELS, lambda text: _is_head(text) or _is_row(text.split()))


def _row(annotation: AnnotationRecord, words: Mapping[int, str]) -> str:
    corners = SHAPES.load("rotated_box").outline(annotation.shape) or []
    numbers = " ".join(f"{x:.6f} {y:.6f}" for x, y in corners)
    return f"{numbers} {words[annotation.class_number]} {bool(annotation.attributes.get('difficult')):d}\n"


def _is_head(text: str) -> bool:
    return text.lower().startswith(_HEADS)


def _is_row(cells: list[str]) -> bool:
    return len(cells) in (9, 10) and None not in [number(cell) for cell in cells[:8]] and number(cells[8]) is None


def _shape(cells: list[str], image: ImageRecord, quads: str) -> tuple[dict[str, Any], str]:
    """The shape of a row and what had to be mended. Raises `ShapeError`."""
    if not _is_row(cells):
        raise ShapeError("A row must be eight numbers, a category and 0 or 1: x1 y1 x2 y2 x3 y3 x4 y4 category 0.")
    values = [float(cell) for cell in cells[:8]]
    corners = [list(point) for point in zip(values[0::2], values[1::2], strict=True)]
    shape, mended = rotated_box_from(corners, image.width, image.height)
    if mended and quads == "polygon":
        return {"type": "polygon", "parts": [{"outer": corners, "holes": []}]}, ""
    return shape, mended


FORMAT = Dota()
