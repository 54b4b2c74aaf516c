"""Cityscapes: masks of labels and of objects in the folders that its readers expect. Knows no other format.

    leftImg8bit/<split>/<city>/<frame>_leftImg8bit.png           the pictures, where they were asked for
    gtFine/<split>/<city>/<frame>_gtFine_labelIds.png            8-bit; 0 unlabelled, else the label's number
    gtFine/<split>/<city>/<frame>_gtFine_instanceIds.png         16-bit; number · 1000 + object, the number alone where
                                                                 objects are not told apart and for crowds of them
    gtFine/<split>/<city>/<frame>_gtFine_color.png               the colours of the labels
    gtFine/labels.json                                           what the numbers mean
    images.csv                                                   the names that the project gives the images

A frame is `<city>_<number of the image>_000019`; the city is called `annotator`. Pictures keep the ending of their
bytes. Images of no split are in train.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.formats.base import FormatError, Progress, Report, no_progress
from datasets_app.formats.cityscapes_labels import Label, Labels, labels_of, read_labels
from datasets_app.formats.listing import split_word, suffix_of
from datasets_app.formats.mask_files import MaskFileError, load_mask, save_colours, save_numbers, save_wide_numbers
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pixel_format import ALWAYS_LOST, Layout, Pictures, PixelFormat, pixel_image, pixel_record
from datasets_app.formats.pixel_masks import Painted, regions
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_CITY, _FRAME = "annotator", "000019"
_FOLDERS = ("gtFine", "gtCoarse")
_INSTANCES, _LABELS = "_instanceIds.png", "_labelIds.png"
_MAX_OBJECTS = 1000


class Cityscapes(PixelFormat):
    """The pixels of every object of countable classes and of every other class."""

    lossy = (ALWAYS_LOST - {"crowd"}) | {"instances", "unsplit"}
    max_classes = 1 << 16

    @override
    def detect(self, root: Path) -> float:
        return 0.0 if _ground(root) is None else 0.95

    @override
    def read(
        self, root: Path, report: Report, *, progress: Progress = no_progress, options: Mapping[str, Any] = NO_OPTIONS
    ) -> Dataset:
        ground = _ground(root)
        if ground is None:
            raise FormatError("No Cityscapes masks were found: a folder gtFine with files …_gtFine_instanceIds.png.")
        labels = read_labels(ground)
        masks = list(_masks(ground))
        return Dataset(labels.classes, _images(ground, masks, labels, report, progress), len(masks))

    @override
    def layout(self, dataset: Dataset, root: Path) -> Layout:
        return _Layout(dataset, root)


class _Layout(Layout):
    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.folder = folder
        labels = labels_of(dataset.classes)
        self._labels = {record.number: label for record, label in zip(dataset.classes, labels.labels, strict=True)}
        self._colours = np.zeros((256, 3), dtype=np.uint8)
        for label in labels.labels:
            self._colours[label.number] = label.colour
        (folder / "gtFine").mkdir()
        labels.write(folder / "gtFine")

    @override
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        frame = f"{image.split or 'train'}/{_CITY}/{_CITY}_{image.number:06d}_{_FRAME}"
        labels = [self._labels[record.class_number] for record in painted.objects]
        numbers = painted.values([label.number for label in labels])
        stem = self.folder / "gtFine" / f"{frame}_gtFine"
        save_numbers(stem.with_name(stem.name + _LABELS), numbers)
        save_wide_numbers(
            stem.with_name(stem.name + _INSTANCES), painted.values(_instance_values(painted, labels, report))
        )
        save_colours(stem.with_name(stem.name + "_color.png"), self._colours[numbers])
        return f"leftImg8bit/{frame}_leftImg8bit{suffix_of(image)}"


def _instance_values(painted: Painted, labels: list[Label], report: Report) -> list[int]:
    """The value of each object; what cannot be told apart from others of its class is counted as lost."""
    counts: dict[int, int] = {}
    values = []
    for record, label in zip(painted.objects, labels, strict=True):
        count = counts.get(label.number, 0)
        if label.has_instances and not record.crowd and count < _MAX_OBJECTS:
            counts[label.number] = count + 1
            values.append(label.number * 1000 + count)
        else:
            values.append(label.number)
    shared = sum(value < 1000 and values.count(value) > 1 for value in values)
    if shared:
        report.lost["instances"] += shared
    return values


def _ground(root: Path) -> Path | None:
    if not root.is_dir():
        return None
    for name in _FOLDERS:
        for path in (root / name, root, *sorted(root.glob(f"*/{name}"))):
            if path.name == name and path.is_dir() and (path / "labels.json").is_file() | any(_masks(path)):
                return path
    return None


def _masks(ground: Path) -> Iterator[Path]:
    """A mask of objects for each picture, or of labels where there is none."""
    for path in sorted(ground.rglob(f"*{_LABELS}")):
        objects = path.with_name(path.name.removesuffix(_LABELS) + _INSTANCES)
        yield objects if objects.is_file() else path


def _images(
    ground: Path, masks: list[Path], labels: Labels, report: Report, progress: Progress
) -> Iterator[ImageRecord]:
    pictures = Pictures(ground.parent, "leftImg8bit", report)
    known = labels.by_number()
    for number, path in enumerate(masks, 1):
        where = path.relative_to(ground).as_posix()
        frame = where.rpartition(f"_{ground.name}_")[0]
        try:
            mask = load_mask(path)
            if mask.has_colours:
                raise MaskFileError("The mask holds colours; it must hold the numbers of labels.")
        except MaskFileError as error:
            report.refuse(where, str(error))
        else:
            stem = f"{frame}_leftImg8bit"
            split, _, name = stem.partition("/")
            picture = pictures.path_of(stem)
            name = pictures.name_of(stem, f"{name}{picture.suffix if picture else '.png'}")
            found = _objects(mask.pixels, known, where, report)
            yield pixel_image(number, name, mask.size, picture, split_word(split), found)
        progress(number, len(masks))


def _objects(
    values: np.ndarray[Any, Any], known: dict[int, tuple[int, Label]], where: str, report: Report
) -> list[AnnotationRecord]:
    found = []
    for value, region in regions(values):
        number = value // 1000 if value >= 1000 else value
        if number not in known:
            # 0 to 3 are edges of the picture and of what the camera sees; 255 is the licence plate, -1 in 8 bits.
            if number > 3 and value not in (255, 65535):
                report.fix(where, f"The number {value} is of no label; its pixels were left out.")
            continue
        place, label = known[number]
        found.append(pixel_record(place, region, crowd=label.has_instances and value < 1000))
    return found


FORMAT = Cityscapes()
