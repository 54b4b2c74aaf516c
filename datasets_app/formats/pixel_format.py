"""What formats of mask files have in common: one walk that paints each image and lists its picture.

The listing (`listing.py`) keeps the names that the project gives its images, which these layouts cannot hold.
Knows no single one of them.
"""

from __future__ import annotations

import posixpath
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import Canonical
from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.checked import picture_record
from datasets_app.formats.fates import PIXELS_ONLY
from datasets_app.formats.features import count_lost
from datasets_app.formats.listing import Found, Listing, UniqueNames, found_pictures
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import copy_picture
from datasets_app.formats.pixel_masks import Painted, merged_count, paint
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord


class Layout(ABC):
    """Where one export's files go."""

    folder: Path
    """The listing lies here, and its paths start here."""

    @abstractmethod
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        """Write the masks of an image; answers where its picture goes."""

    def finish(self) -> None:  # noqa: B027  most have nothing left to write
        """Write what can be told only at the end."""

    def close(self) -> None:  # noqa: B027  most keep no file open
        """Called at the end, whatever happened before."""


class PixelFormat(Format):
    """The writing half; reading is each format's own."""

    merges = False
    """Whether the objects of one class become one."""

    lists = True
    """Whether the names of the images need a listing of their own."""

    max_classes = 254

    @abstractmethod
    def layout(self, dataset: Dataset, root: Path, options: Mapping[str, Any]) -> Layout:
        """Make the folders and write what describes the classes."""

    def copy(self, image: ImageRecord, target: Path) -> bool:
        """Put the picture there; whether it had to be encoded anew."""
        copy_picture(image, target)
        return False

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
        if len(dataset.classes) > self.max_classes:
            raise FormatError(
                f"There are {len(dataset.classes)} classes; the pixels of this format tell at most "
                f"{self.max_classes} apart. Export fewer classes."
            )
        report = Report()
        layout = self.layout(dataset, root, options)
        with closing(layout), Listing(layout.folder) if self.lists else nullcontext() as listing:
            for done, image in enumerate(dataset.images, 1):
                painted = paint(image)
                key = layout.add(image, painted, report)
                if listing is not None:
                    listing.add(key, image)
                count_lost(image, self.lossy, report.lost)
                self._count_hidden(painted, report)
                if images and self.copy(image, layout.folder / key):
                    report.lost["pictures"] += 1
                progress(done, dataset.image_count)
            layout.finish()
        return report

    def _count_hidden(self, painted: Painted, report: Report) -> None:
        if painted.covered:
            report.lost["overlaps"] += painted.covered
        if self.merges and merged_count(painted):
            report.lost["instances"] += merged_count(painted)


ALWAYS_LOST = frozenset(PIXELS_ONLY)
"""What no format of mask files holds."""


class Pictures:
    """The pictures of a data set below one folder of it, by their path there without its ending."""

    def __init__(self, root: Path, folder: str, report: Report) -> None:
        self.by_stem: dict[str, Found] = {}
        self._names = UniqueNames()
        for found in found_pictures(root, report):
            inside = found.key.removeprefix(f"{folder}/")
            if inside != found.key:
                self.by_stem.setdefault(posixpath.splitext(inside)[0], found)

    def name_of(self, stem: str, otherwise: str) -> str:
        """What the listing calls the picture, else `otherwise`; each name is given once."""
        found = self.by_stem.get(stem)
        name = otherwise if found is None else found.name or otherwise
        return self._names.take(name, f"{stem}{posixpath.splitext(name)[1]}")

    def path_of(self, stem: str) -> Path | None:
        found = self.by_stem.get(stem)
        return None if found is None else found.path


def pixel_record(class_number: int, found: Canonical, *, crowd: bool = False) -> AnnotationRecord:
    """An object as it is read from a mask."""
    return AnnotationRecord(
        "", class_number, found.type, found.box, found.area, found.json, crowd=crowd, source="import"
    )


def pixel_image(
    number: int, name: str, size: tuple[int, int], path: Path | None, split: str | None, found: list[AnnotationRecord]
) -> ImageRecord:
    """An image as it is read: annotated where its mask holds any object."""
    record = picture_record(number, name, size, path)
    return replace(record, annotations=tuple(found), state="annotated" if found else "unlabelled", split=split)
