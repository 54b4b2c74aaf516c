"""ImageNet folders: a folder for each class, as torchvision's `ImageFolder` reads them.

    <split>/<word>/<name>        the pictures; a word has letters, digits, "_" and "-" only
    LOC_synset_mapping.txt       `<word> <name>`: which class a word means, as ImageNet says of its own
    images.csv                   names and sizes (`listing.py`)

The folders are `class_folders.py`'s. Read are also folders without splits, words that no list explains, and lists that
say the class of each picture, with or without the pictures (`class_lists.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.class_folders import (
    LOSSY,
    base_folder,
    folder_names,
    options_size,
    plausible,
    read_class_folders,
    write_class_folders,
)
from datasets_app.formats.class_lists import SYNSET, class_lists
from datasets_app.formats.lines import lines_of, plain_file
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.ir import Dataset

MAP_NAME = "LOC_synset_mapping.txt"
_MAP_NAMES = (MAP_NAME, "synset_words.txt", "words.txt")
_UNSAFE = re.compile(r"[^\w-]+", re.ASCII)
_LIST_ONLY = 0.7


class ImageNet(Format):
    """One tag for each picture."""

    lossy = LOSSY

    @override
    def detect(self, root: Path) -> float:
        if _map(root) is not None:
            return 0.96
        found = plausible(root)
        if found is None:
            return _LIST_ONLY if class_lists(base_folder(root)) else 0.0
        if all(SYNSET.fullmatch(folder) for folder in found.class_folders):
            return 0.95
        return 0.7 if found.with_split else 0.75

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
        lines = (f"{folders[entry.number]} {' '.join(entry.name.split())}\n" for entry in dataset.classes)
        (root / MAP_NAME).write_text("".join(lines), encoding="utf-8")
        return write_class_folders(dataset, root, folders, progress, images=images)


def _map(root: Path) -> dict[str, str] | None:
    """Word → name; None where no list has any."""
    for name in _MAP_NAMES:
        path = next(filter(plain_file, (root / name, base_folder(root) / name)), None)
        if path is not None:
            pairs = (text.partition("\t" if "\t" in text else " ") for _, text in lines_of(path, name, Report()))
            return {word: meaning.strip() for word, _, meaning in pairs if word and meaning.strip()}
    return None


FORMAT = ImageNet()
