"""COCO panoptic: one mask for each picture, its segments described in JSON. Knows of COCO, but no other format.

    annotations/panoptic_<split>.json               one for each split, `panoptic_default.json` for images of none
    annotations/panoptic_<split>/<file_name>.png    RGB; the id of a segment is R + 256 G + 65536 B, 0 where nothing is
    images/<file_name>                              the pictures, where they were asked for

`segments_info` has `id`, `category_id`, `area`, `bbox` and `iscrowd` of each segment; `bbox` and `area` are those of
the pixels that are to be seen. All categories are things.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np
import orjson
from typing_extensions import override

from datasets_app.formats.base import Progress, Report, no_progress
from datasets_app.formats.coco_panoptic_reader import detect_panoptic, read_panoptic
from datasets_app.formats.listing import UniquePaths
from datasets_app.formats.mask_files import save_colours
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.palettes import class_colours
from datasets_app.formats.pictures import safe_name
from datasets_app.formats.pixel_format import ALWAYS_LOST, Layout, PixelFormat
from datasets_app.formats.pixel_masks import Painted, regions
from datasets_app.ir import Dataset, ImageRecord

_SPOOLED_BYTES = 8 << 20
_SPREAD = 0x9E3779
"""An odd factor gives each number of an object another 24-bit id, far enough from the others to be seen."""


class CocoPanoptic(PixelFormat):
    """The pixels of every object, and which class it is."""

    lossy = ALWAYS_LOST - {"crowd"}
    lists = False
    max_classes = 1 << 31

    @override
    def detect(self, root: Path) -> float:
        return detect_panoptic(root)

    @override
    def read(
        self, root: Path, report: Report, *, progress: Progress = no_progress, options: Mapping[str, Any] = NO_OPTIONS
    ) -> Dataset:
        return read_panoptic(root, report, progress)

    @override
    def layout(self, dataset: Dataset, root: Path, options: Mapping[str, Any]) -> Layout:
        return _Layout(dataset, root)


class _Layout(Layout):
    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.folder = folder
        self._dataset = dataset
        self._files: dict[str, _File] = {}
        self._paths = UniquePaths()
        (folder / "annotations").mkdir()

    @override
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        split = safe_name(image.split or "default")
        name = self._paths.take(safe_name(image.name).replace("/", "_"), ".png")
        ids = [(place * _SPREAD) & 0xFFFFFF for place in range(1, len(painted.objects) + 1)]
        values = painted.values(ids)
        pixels = np.stack([values & 255, values >> 8 & 255, values >> 16], axis=2).astype(np.uint8)
        save_colours(self.folder / "annotations" / f"panoptic_{split}" / name, pixels)
        segments = [
            {
                "id": ids[place - 1],
                "category_id": painted.objects[place - 1].class_number,
                "area": int(region.area),
                "bbox": [int(side) for side in region.box],
                "iscrowd": int(painted.objects[place - 1].crowd),
            }
            for place, region in regions(painted.numbers)
        ]
        if split not in self._files:
            self._files[split] = _File(self.folder / "annotations" / f"panoptic_{split}.json", self._dataset)
        self._files[split].add(image, name, segments)
        return f"images/{safe_name(image.name)}"

    @override
    def finish(self) -> None:
        if not self._files:
            self._files["default"] = _File(self.folder / "annotations" / "panoptic_default.json", self._dataset)
        for file in self._files.values():
            file.finish()

    @override
    def close(self) -> None:
        for file in self._files.values():
            file.close()


class _File:
    """One JSON file, written as it grows: annotations go straight to it, image entries wait for their turn on disk."""

    def __init__(self, path: Path, dataset: Dataset) -> None:
        self._file = path.open("wb", buffering=1 << 20)
        self._images = SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 (lives as long as this object)
        colours = class_colours(dataset.classes)
        head = {
            "info": {"description": str(dataset.info.get("project", "")), "contributor": "Annotator", **dataset.info},
            "licenses": [],
            "categories": [
                {"id": record.number, "name": record.name, "supercategory": "", "isthing": 1, "color": colour}
                for record, colour in zip(dataset.classes, colours, strict=True)
            ],
        }
        self._file.write(orjson.dumps(head)[:-1] + b',"annotations":[')
        self._separator = b"\n"

    def add(self, image: ImageRecord, mask: str, segments: list[dict[str, Any]]) -> None:
        entry = {"id": image.number, "file_name": safe_name(image.name), "width": image.width, "height": image.height}
        annotation = {"image_id": image.number, "file_name": mask, "segments_info": segments}
        self._images.write(self._separator + orjson.dumps(entry))
        self._file.write(self._separator + orjson.dumps(annotation))
        self._separator = b",\n"

    def finish(self) -> None:
        self._file.write(b'\n],"images":[')
        self._images.seek(0)
        shutil.copyfileobj(self._images, self._file, 1 << 20)
        self._file.write(b"\n]}\n")

    def close(self) -> None:
        self._images.close()
        self._file.close()


FORMAT = CocoPanoptic()
