"""Pascal VOC segmentation: palette masks of classes and of objects. Knows no other format.

VOCdevkit/VOC2012/                     VOC2007 where there is a test split: only there do readers look for one
    SegmentationClass/<id>.png         8-bit palette; 0 background, 255 void, else the class as in labelmap.txt
    SegmentationObject/<id>.png        the same with the number of the object; those from the 255th on are void
                                       both have a void border around objects where the option asks for one
    ImageSets/Segmentation/{train,val,trainval}.txt, test.txt where there is a test split
    JPEGImages/<id>.jpg                where pictures were asked for; always JPEG, readers look for nothing else
    labelmap.txt                       name:r,g,b:parts:actions, colours as VOC deals them out
    images.csv                         the names that the project gives the images
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typing_extensions import override

from datasets_app.formats.base import Progress, Report, no_progress
from datasets_app.formats.mask_files import save_numbers
from datasets_app.formats.options import NO_OPTIONS, VOID_BORDER, chosen
from datasets_app.formats.palettes import VOC_COLOURS
from datasets_app.formats.pictures import copy_picture_as_jpeg
from datasets_app.formats.pixel_format import ALWAYS_LOST, Layout, PixelFormat
from datasets_app.formats.pixel_masks import Painted, edges
from datasets_app.formats.voc_layout import TEST_YEAR, YEAR, Ids, SplitFiles, write_labelmap
from datasets_app.formats.voc_masks_reader import VOID, detect_voc_masks, read_voc_masks
from datasets_app.ir import Dataset, ImageRecord

_MAX_OBJECTS = 254


class VocMasks(PixelFormat):
    """The pixels of every object, and which class it is."""

    lossy = ALWAYS_LOST | {"instances", "unsplit", "pictures"}

    @override
    def detect(self, root: Path) -> float:
        return detect_voc_masks(root)

    @override
    def read(
        self, root: Path, report: Report, *, progress: Progress = no_progress, options: Mapping[str, Any] = NO_OPTIONS
    ) -> Dataset:
        return read_voc_masks(root, report, progress)

    @override
    def layout(self, dataset: Dataset, root: Path, options: Mapping[str, Any]) -> Layout:
        return _Layout(dataset, root / "VOCdevkit" / YEAR, chosen(VOID_BORDER, options))

    @override
    def copy(self, image: ImageRecord, target: Path) -> bool:
        return copy_picture_as_jpeg(image, target)


class _Layout(Layout):
    def __init__(self, dataset: Dataset, folder: Path, border: int) -> None:
        self.folder = folder
        self._border = border
        self._values = {record.number: value for value, record in enumerate(dataset.classes, 1)}
        self._ids = Ids()
        self._splits = SplitFiles(folder / "ImageSets" / "Segmentation")
        for name in ("SegmentationClass", "SegmentationObject", "JPEGImages"):
            (folder / name).mkdir()
        write_labelmap(folder, dataset.classes)

    @override
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        key = self._ids.take(image.name)
        count = len(painted.objects)
        classes = painted.values([self._values[record.class_number] for record in painted.objects])
        objects = painted.values([value if value <= _MAX_OBJECTS else VOID for value in range(1, count + 1)])
        void = edges(painted.numbers, self._border)
        classes[void] = objects[void] = VOID
        save_numbers(self.folder / "SegmentationClass" / f"{key}.png", classes, VOC_COLOURS)
        save_numbers(self.folder / "SegmentationObject" / f"{key}.png", objects, VOC_COLOURS)
        if count > _MAX_OBJECTS:
            report.lost["instances"] += count - _MAX_OBJECTS
        self._splits.add(key, image.split)
        return f"JPEGImages/{key}.jpg"

    @override
    def close(self) -> None:
        self._splits.close()
        if self._splits.has_test:
            self.folder.rename(self.folder.with_name(TEST_YEAR))


FORMAT = VocMasks()
