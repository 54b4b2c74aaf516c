"""YOLO classify: a folder for each split and in it one for each class. The folders are `class_folders.py`'s.

<split>/<class>/<name>     the pictures; Ultralytics shows the folders' names as the classes'
classes.csv                `folder,name`: which class a folder means, also of classes without pictures
images.csv                 names and sizes (`listing.py`)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.class_folders import (
    LOSSY,
    folder_names,
    options_size,
    plausible,
    read_class_folders,
    write_class_folders,
)
from datasets_app.formats.lines import plain_file
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.table import guarded, plain, rows_of
from datasets_app.ir import Dataset

MAP_NAME = "classes.csv"
_HEADER = ["folder", "name"]
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""What some file system does not take; blanks and letters of any script stay, because people read these names."""


class YoloClassify(Format):
    """One tag for each picture."""

    lossy = LOSSY

    @override
    def detect(self, root: Path) -> float:
        if _map(root) is not None:
            return 0.97
        found = plausible(root)
        return 0.0 if found is None else 0.8 if found.with_split else 0.6

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        return read_class_folders(root, _map(root) or {}, report, progress, options_size(options))

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
        folders = folder_names(dataset.classes, _UNSAFE)
        with (root / MAP_NAME).open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(_HEADER)
            rows.writerows((guarded(folders[entry.number]), guarded(entry.name)) for entry in dataset.classes)
        return write_class_folders(dataset, root, folders, progress, images=images)


def _map(root: Path) -> dict[str, str] | None:
    """Folder → name as `classes.csv` has it; None where there is no such file."""
    path = root / MAP_NAME
    if not plain_file(path):
        return None
    rows = [cells for _, cells in rows_of(path)]
    if not rows or rows[0] != _HEADER:
        return None
    return {plain(cells[0]): plain(cells[1]) for cells in rows[1:] if len(cells) == 2 and all(cells)}


FORMAT = YoloClassify()
