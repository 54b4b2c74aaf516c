"""Cityscapes: masks of labels and of objects in the folders that its readers expect. Knows no other format.

    leftImg8bit/<split>/<city>/<frame>_leftImg8bit.png           the pictures, where they were asked for
    gtFine/<split>/<city>/<frame>_gtFine_labelIds.png            8-bit; 0 unlabelled, else the label's number
    gtFine/<split>/<city>/<frame>_gtFine_instanceIds.png         16-bit; number · 1000 + object, the number alone where
                                                                 objects are not told apart and for crowds of them
    gtFine/<split>/<city>/<frame>_gtFine_labelTrainIds.png       8-bit; the labels' training ids, 255 for all others
    gtFine/<split>/<city>/<frame>_gtFine_color.png               the colours of the labels
    gtFine/<split>/<city>/<frame>_gtFine_polygons.json           the outlines (`cityscapes_polygons.py`)
    gtFine/labels.json                                           what the numbers mean
    images.csv                                                   the names that the project gives the images

A frame is `<city>_<number of the image>_000019`; the city is called `annotator`. Pictures keep the ending of their
bytes. Images of no split are in train. Our own masks are read pixel for pixel; of other files the polygons are read
where there are any, because they know what lies behind an object, unless the option `shapes` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.formats.base import FormatError, Progress, Report, no_progress
from datasets_app.formats.cityscapes_labels import FILE_NAME, UNTRAINED, Label, Labels, labels_of, read_labels
from datasets_app.formats.cityscapes_polygons import POLYGONS, load_polygons, read_polygons, write_polygons
from datasets_app.formats.listing import split_word, suffix_of
from datasets_app.formats.mask_files import MaskFileError, load_mask, save_colours, save_numbers, save_wide_numbers
from datasets_app.formats.options import CITYSCAPES_SHAPES as SHAPES
from datasets_app.formats.options import NO_OPTIONS, chosen
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
            raise FormatError(
                "No Cityscapes labels were found: a folder gtFine with files …_gtFine_instanceIds.png "
                "or …_gtFine_polygons.json."
            )
        labels = read_labels(ground)
        wanted = chosen(SHAPES, options)
        has_polygons = wanted == "polygons" or (wanted == "best" and not (ground / FILE_NAME).is_file())
        files = list(_files(ground, has_polygons=has_polygons))
        return Dataset(labels.classes, _Reader(ground, labels, report).images(files, progress), len(files))

    @override
    def layout(self, dataset: Dataset, root: Path, options: Mapping[str, Any]) -> Layout:
        return _Layout(dataset, root)


class _Layout(Layout):
    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.folder = folder
        labels = labels_of(dataset.classes)
        self._labels = {record.number: label for record, label in zip(dataset.classes, labels.labels, strict=True)}
        self._colours = np.zeros((256, 3), dtype=np.uint8)
        for label in labels.labels:
            self._colours[label.number] = label.colour
        self._train_ids = np.full(256, UNTRAINED, dtype=np.uint8)
        for number, train_id in labels.train_ids().items():
            self._train_ids[number] = train_id
        (folder / "gtFine").mkdir()
        labels.write(folder / "gtFine")

    @override
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        frame = f"{image.split or 'train'}/{_CITY}/{_CITY}_{image.number:06d}_{_FRAME}"
        labels = [self._labels[record.class_number] for record in painted.objects]
        numbers = painted.values([label.number for label in labels])
        stem = self.folder / "gtFine" / f"{frame}_gtFine"
        save_numbers(stem.with_name(stem.name + "_labelTrainIds.png"), self._train_ids[numbers])
        write_polygons(stem.with_name(stem.name + POLYGONS), image, self._labels)
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
            if path.name == name and path.is_dir() and (path / FILE_NAME).is_file() | any(_files(path)):
                return path
    return None


def _files(ground: Path, *, has_polygons: bool = False) -> Iterator[Path]:
    """A file for each picture: its mask of objects, or of labels, or its polygons, which come first where wanted."""
    kinds = (POLYGONS, _INSTANCES, _LABELS) if has_polygons else (_INSTANCES, _LABELS, POLYGONS)
    for place, kind in enumerate(kinds):
        for path in sorted(ground.rglob(f"*_{ground.name}{kind}")):
            stem = path.name.removesuffix(kind)
            if not any(path.with_name(stem + better).is_file() for better in kinds[:place]):
                yield path


class _Reader:
    def __init__(self, ground: Path, labels: Labels, report: Report) -> None:
        self._ground = ground
        self._numbers = labels.by_number()
        self._names = labels.by_name()
        self._report = report
        self._pictures = Pictures(ground.parent, "leftImg8bit", report)

    def images(self, files: list[Path], progress: Progress) -> Iterator[ImageRecord]:
        for number, path in enumerate(files, 1):
            where = path.relative_to(self._ground).as_posix()
            image = (
                self._outlined(number, path, where)
                if path.name.endswith(POLYGONS)
                else self._masked(number, path, where)
            )
            if image is not None:
                yield image
            progress(number, len(files))

    def _masked(self, number: int, path: Path, where: str) -> ImageRecord | None:
        try:
            mask = load_mask(path)
            if mask.has_colours:
                raise MaskFileError("The mask holds colours; it must hold the numbers of labels.")
        except MaskFileError as error:
            self._report.refuse(where, str(error))
            return None
        found = _objects(mask.pixels, self._numbers, where, self._report)
        return self._image(number, where, mask.size, found)

    def _outlined(self, number: int, path: Path, where: str) -> ImageRecord | None:
        loaded = load_polygons(path, where, self._report)
        if loaded is None:
            return None
        size, objects = loaded
        image = self._image(number, where, size, [])
        found = tuple(read_polygons(objects, image, self._names, where, self._report))
        return replace(image, annotations=found, state="annotated" if found else "unlabelled")

    def _image(self, number: int, where: str, size: tuple[int, int], found: list[AnnotationRecord]) -> ImageRecord:
        stem = f"{where.rpartition(f'_{self._ground.name}_')[0]}_leftImg8bit"
        split, _, name = stem.partition("/")
        picture = self._pictures.path_of(stem)
        name = self._pictures.name_of(stem, f"{name}{picture.suffix if picture else '.png'}")
        return pixel_image(number, name, size, picture, split_word(split), found)


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
