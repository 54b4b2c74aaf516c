"""CamVid: masks in the colours of classes, a folder of them beside each folder of pictures. Knows no other format.

    train/<name>  val/<name>  test/<name>                the pictures, where they were asked for
    train_labels/<name>_L.png ...                        RGB, the colour of the class on top; black where nothing is
    class_dict.csv                                       name,r,g,b
    images.csv                                           the names that the project gives the images

The objects of a class in one image are one. Images of no split are in train.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

from annotator.core.numbers import whole_number
from datasets_app.formats.base import FormatError, Progress, Report, no_progress
from datasets_app.formats.listing import UniquePaths, split_word, suffix_of
from datasets_app.formats.mask_files import MaskFileError, load_mask, numbers_by_colour, save_colours
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.palettes import BLACK, Colour, class_colours
from datasets_app.formats.pictures import safe_name
from datasets_app.formats.pixel_format import ALWAYS_LOST, Layout, Pictures, PixelFormat, pixel_image, pixel_record
from datasets_app.formats.pixel_masks import Painted, regions
from datasets_app.formats.table import guarded, plain, rows_of
from datasets_app.ir import ClassRecord, Dataset, ImageRecord

_CLASSES = "class_dict.csv"
_HEADER = ("name", "r", "g", "b")
_LABELS = "_labels"


class CamVid(PixelFormat):
    """The pixels of every class."""

    lossy = ALWAYS_LOST | {"instances", "unsplit"}
    merges = True
    max_classes = 1 << 16

    @override
    def detect(self, root: Path) -> float:
        return 0.0 if _base(root) is None else 0.95

    @override
    def read(
        self, root: Path, report: Report, *, progress: Progress = no_progress, options: Mapping[str, Any] = NO_OPTIONS
    ) -> Dataset:
        base = _base(root)
        if base is None:
            raise FormatError(f"No CamVid data set was found: a file {_CLASSES} with the columns name, r, g, b.")
        classes, colours = _read_classes(base / _CLASSES, report)
        masks = list(_masks(base))
        return Dataset(classes, _images(base, masks, colours, report, progress), len(masks))

    @override
    def layout(self, dataset: Dataset, root: Path, options: Mapping[str, Any]) -> Layout:
        return _Layout(dataset, root)


class _Layout(Layout):
    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.folder = folder
        colours = class_colours(dataset.classes, (BLACK,))
        self._values = {record.number: value for value, record in enumerate(dataset.classes, 1)}
        self._colours = np.array([BLACK, *colours], dtype=np.uint8)
        self._paths = UniquePaths()
        with (folder / _CLASSES).open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(_HEADER)
            rows.writerow(("Void", *BLACK))
            rows.writerows(
                (guarded(record.name), *colour) for record, colour in zip(dataset.classes, colours, strict=True)
            )

    @override
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        split = image.split or "train"
        stem = self._paths.take(f"{split}/{safe_name(image.name).replace('/', '_')}", "").removeprefix(f"{split}/")
        classes = painted.values([self._values[record.class_number] for record in painted.objects])
        save_colours(self.folder / f"{split}{_LABELS}" / f"{stem}_L.png", self._colours[classes])
        return f"{split}/{stem}{suffix_of(image)}"


def _base(root: Path) -> Path | None:
    if not root.is_dir():
        return None
    for path in sorted(root.rglob(_CLASSES)):
        cells = next((cells for _, cells in rows_of(path)), [])
        if tuple(cell.strip().lower() for cell in cells[:4]) == _HEADER:
            return path.parent
    return None


def _read_classes(path: Path, report: Report) -> tuple[tuple[ClassRecord, ...], dict[Colour, int]]:
    classes: list[ClassRecord] = []
    colours: dict[Colour, int] = {}
    for line, cells in rows_of(path, report):
        if tuple(cell.strip().lower() for cell in cells[:4]) == _HEADER:
            continue
        channels = [value for cell in cells[1:4] if (value := whole_number(cell.strip(), 255)) is not None]
        if len(channels) != 3:
            report.refuse(f"{path.name}: line {line}", "A line needs a name and r, g, b from 0 to 255.")
            continue
        colour = (channels[0], channels[1], channels[2])
        name = plain(cells[0]).strip()
        if colour == BLACK:
            continue
        if colour in colours:
            report.refuse(f"{path.name}: line {line}", f"The colour {colour} was given before; each class has its own.")
            continue
        colours[colour] = len(classes) + 1
        classes.append(ClassRecord(len(classes) + 1, name, "#{:02x}{:02x}{:02x}".format(*colour)))
    return tuple(classes), {BLACK: 0, **colours}


def _masks(base: Path) -> Iterator[tuple[str, Path]]:
    """The folder of the pictures of each mask, and the mask."""
    for folder in sorted(path for path in base.iterdir() if path.is_dir() and not path.is_symlink()):
        pictures = folder.name.removesuffix(_LABELS)
        if pictures == folder.name and folder.name.lower() != "labels":
            continue
        for path in sorted(folder.glob("*.png")):
            if path.is_file() and not path.is_symlink():
                yield "images" if folder.name.lower() == "labels" else pictures, path


def _images(
    base: Path, masks: list[tuple[str, Path]], colours: dict[Colour, int], report: Report, progress: Progress
) -> Iterator[ImageRecord]:
    pictures = {folder: Pictures(base, folder, report) for folder in dict.fromkeys(folder for folder, _ in masks)}
    for number, (folder, path) in enumerate(masks, 1):
        where = path.relative_to(base).as_posix()
        stem = path.stem.removesuffix("_L")
        try:
            mask = load_mask(path)
            if not mask.has_colours and not mask.palette:
                raise MaskFileError(f"The mask holds numbers; it must hold the RGB colours of {_CLASSES}.")
        except MaskFileError as error:
            report.refuse(where, str(error))
        else:
            pixels = np.array(mask.palette, dtype=np.uint8)[mask.pixels] if mask.palette else mask.pixels
            classes, strange = numbers_by_colour(pixels, colours, 0)
            for colour in strange:
                report.fix(where, f"The colour {colour} is of no class; its pixels were left out.")
            picture = pictures[folder].path_of(stem)
            name = pictures[folder].name_of(stem, f"{stem}{picture.suffix if picture else '.png'}")
            found = [pixel_record(value, region) for value, region in regions(classes)]
            yield pixel_image(number, name, mask.size, picture, split_word(folder), found)
        progress(number, len(masks))


FORMAT = CamVid()
