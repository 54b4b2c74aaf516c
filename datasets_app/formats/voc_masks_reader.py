"""From Pascal VOC segmentation masks to records. Knows only VOC.

A palette mask says its classes by colour where there is a `labelmap.txt`, because tools number them differently;
without one by number, 1 to 20 being VOC's own classes. Without a mask of objects, the pixels of a class are one object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from annotator.core.numbers import whole_number
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.listing import Found, found_pictures
from datasets_app.formats.mask_files import MaskFile, MaskFileError, load_mask, numbers_by_colour
from datasets_app.formats.palettes import BLACK, VOC_COLOURS, WHITE, Colour, colour_codes
from datasets_app.formats.pixel_format import pixel_image, pixel_record
from datasets_app.formats.pixel_masks import majority, regions
from datasets_app.formats.voc_layout import read_splits
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

VOID = 255
VOC_CLASSES = (
    *("aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow"),
    *("diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"),
)
_VOID_COLOUR: Colour = (224, 224, 192)
"""What VOC's own palette shows at 255."""

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Labels:
    """Class names in order, and the number (from 1) that each colour means; no colours where numbers are meant."""

    names: tuple[str, ...]
    colours: dict[Colour, int]


def detect_voc_masks(root: Path) -> float:
    """0.95 where a folder SegmentationClass holds PNG files, unless boxes of the same data set lie beside it."""
    for base in _bases(root):
        if next((base / "SegmentationClass").glob("*.png"), None) is not None or (base / "labelmap.txt").is_file():
            return 0.8 if (base / "Annotations").is_dir() else 0.95
    return 0.0


def read_voc_masks(root: Path, report: Report, progress: Progress) -> Dataset:
    bases = _bases(root)
    if not bases:
        raise FormatError("No masks of Pascal VOC were found: a folder SegmentationClass with PNG files.")
    labels = {base: _labels(base, root) for base in bases}
    names = list(dict.fromkeys(name for found in labels.values() for name in found.names))
    numbers = {name: number for number, name in enumerate(names, 1)}
    count = sum(1 for base in bases for _ in _masks(base))
    readers = [_Reader(base, labels[base], numbers, report) for base in bases]
    classes = tuple(ClassRecord(number=number, name=name) for name, number in numbers.items())
    return Dataset(classes, _walk(readers, progress, count), count)


def _bases(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path.parent for path in root.rglob("SegmentationClass") if path.is_dir() and not path.is_symlink())


def _masks(base: Path) -> Iterator[Path]:
    for path in sorted((base / "SegmentationClass").iterdir()):
        if path.suffix.lower() in (".png", ".jpg", ".jpeg") and not path.is_symlink():
            yield path


def _labels(base: Path, root: Path) -> _Labels:
    for path in (base / "labelmap.txt", root / "labelmap.txt"):
        if path.is_file():
            return _parse_labelmap(path)
    largest = max((_largest(path) for path in _masks(base)), default=0)
    others = tuple(f"class {number}" for number in range(len(VOC_CLASSES) + 1, largest + 1))
    return _Labels(VOC_CLASSES + others, {VOC_COLOURS[n]: n for n in range(1, len(VOC_CLASSES + others) + 1)})


def _largest(path: Path) -> int:
    try:
        mask = load_mask(path)
    except MaskFileError:
        return 0
    return 0 if mask.has_colours else int(mask.pixels.max(where=mask.pixels != VOID, initial=0))


def _parse_labelmap(path: Path) -> _Labels:
    names: list[str] = []
    colours: dict[Colour, int] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        cells = line.strip().rsplit(":", 3)
        channels = cells[1].split(",") if len(cells) == 4 else []
        values = [value for cell in channels if (value := whole_number(cell.strip(), 255)) is not None]
        if line.startswith("#") or len(channels) != 3 or len(values) != 3:
            continue
        red, green, blue = values
        if (red, green, blue) == BLACK:
            continue
        names.append(cells[0])
        colours[red, green, blue] = len(names)
    return _Labels(tuple(names), colours)


def _walk(readers: list[_Reader], progress: Progress, total: int) -> Iterator[ImageRecord]:
    done = 0
    for reader in readers:
        for path in _masks(reader.base):
            done += 1
            image = reader.image(path, done)
            if image is not None:
                yield image
            progress(done, total)


class _Reader:
    def __init__(self, base: Path, labels: _Labels, numbers: dict[str, int], report: Report) -> None:
        self.base = base
        self._labels = labels
        self._class_numbers = [0, *(numbers[name] for name in labels.names)]
        self._report = report
        self._pictures: dict[str, Found] = {
            PurePosixPath(found.key).stem: found
            for found in found_pictures(base, report)
            if PurePosixPath(found.key).parts[0] == "JPEGImages"
        }
        self._splits = read_splits(base / "ImageSets" / "Segmentation", {path.stem for path in _masks(base)}, report)

    def image(self, path: Path, number: int) -> ImageRecord | None:
        where = f"SegmentationClass/{path.name}"
        picture = self._pictures.get(path.stem)
        try:
            mask = load_mask(path)
            classes = self._classes(mask, where)
            found = self._objects(path.stem, classes)
        except MaskFileError as error:
            self._report.refuse(where, str(error))
            return None
        name = (picture.name or PurePosixPath(picture.key).name) if picture else f"{path.stem}.jpg"
        split = self._splits.get(path.stem)
        return pixel_image(number, name, mask.size, picture.path if picture else None, split, found)

    def _classes(self, mask: MaskFile, where: str) -> Numbers:
        """The number of each pixel's class: 0 where it has none or none is known."""
        colours, known = mask.pixels, self._labels.colours
        if not mask.has_colours:
            if not mask.palette:
                return self._checked(mask.pixels, where)
            # What each number means is said by its colour, except where the palette is not of the labels.
            meant = [known.get(colour) for colour in mask.palette]
            if all(meant[v] is None for v in np.unique(mask.pixels).tolist() if v not in (0, VOID) and v < len(meant)):
                return self._checked(mask.pixels, where)
            colours = np.array(mask.palette, dtype=np.uint8)[np.minimum(mask.pixels, len(mask.palette) - 1)]
        ignored = {BLACK: 0, WHITE: 0, _VOID_COLOUR: 0}
        numbers, strange = numbers_by_colour(colours, {**ignored, **known}, 0)
        for colour in strange:
            self._report.fix(where, f"The colour {colour} is of no class; its pixels were left out.")
        return numbers

    def _checked(self, numbers: Numbers, where: str) -> Numbers:
        strange = (numbers > len(self._labels.names)) & (numbers != VOID)
        for value in np.unique(numbers[strange]).tolist():
            self._report.fix(where, f"The number {value} is of no class; its pixels were left out.")
        return np.where(strange | (numbers == VOID), 0, numbers)

    def _objects(self, stem: str, classes: Numbers) -> list[AnnotationRecord]:
        path = self.base / "SegmentationObject" / f"{stem}.png"
        if not path.is_file():
            return self._records({}, classes)
        mask = load_mask(path)
        if mask.size != (classes.shape[1], classes.shape[0]):
            raise MaskFileError("The masks of classes and of objects differ in size; they must be of one picture.")
        if mask.has_colours:
            objects = colour_codes(mask.pixels)
            objects[(mask.pixels == _VOID_COLOUR).all(axis=2) | (mask.pixels == 255).all(axis=2)] = 0
        else:
            objects = np.where(mask.pixels == VOID, 0, mask.pixels)
        objects = np.where(classes == 0, 0, objects)
        found = self._records(majority(classes, objects), objects)
        rest = np.where(objects == 0, classes, 0)
        return found + self._records({}, rest)

    def _records(self, classes: dict[int, int], numbers: Numbers) -> list[AnnotationRecord]:
        """A record for each number; `classes` says its class where the number itself does not."""
        return [
            pixel_record(self._class_numbers[classes.get(value, value)], found) for value, found in regions(numbers)
        ]
