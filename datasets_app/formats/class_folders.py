"""Pictures in a folder for each class: what the classification formats have in common. Knows none of them.

    <split>/<class>/<name>     the pictures, where they were asked for
    images.csv                 names and sizes (`listing.py`)

A picture lies in one folder, so its first tag decides; pictures without a tag have no place and stay out. A folder's
name must be one that every file system takes, so that a list beside the folders says which class it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import picture_record
from datasets_app.formats.class_lists import class_lists, entries_of
from datasets_app.formats.fates import FOLDERS_ONLY
from datasets_app.formats.features import count_lost
from datasets_app.formats.listing import (
    Found,
    Listing,
    SizeOf,
    UniqueNames,
    UniquePaths,
    found_pictures,
    has_listing,
    split_word,
    suffix_of,
    walk_files,
)
from datasets_app.formats.pictures import PICTURE_SUFFIXES, copy_picture, safe_name
from datasets_app.formats.spool import Spool
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

LOSSY = frozenset(FOLDERS_ONLY)
_SPLITS = {"train": "train", "val": "val", "test": "test"}
_LABELS = frozenset((".txt", ".json", ".xml", ".yaml", ".yml", ".csv", ".parquet"))
_NO_CLASSES = frozenset(("images", "labels", "annotations", "masks", "jpegimages", "data", "gt", "img1"))
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_PROBED = 200
_NO_SIZE = "The picture cannot be read, or is not at hand and nothing tells its size."


def folder_names(classes: Iterable[ClassRecord], unsafe: re.Pattern[str]) -> dict[int, str]:
    """A folder for each class number: its name without what `unsafe` matches, told apart without regard to case."""
    folders: dict[int, str] = {}
    taken: set[str] = set()
    for entry in classes:
        name = unsafe.sub("_", entry.name).strip(" .")[:100].strip(" .") or "class"
        name = f"{name}_" if _DEVICES.fullmatch(name) or split_word(name) else name
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free.casefold())
        folders[entry.number] = free
    return folders


def write_class_folders(
    dataset: Dataset, root: Path, folders: Mapping[int, str], progress: Progress, *, images: bool
) -> Report:
    """Everything but the list that says which class a folder means."""
    report = Report()
    paths = UniquePaths()
    with Listing(root) as listing:
        for done, image in enumerate(dataset.images, 1):
            tag = next((found for found in image.annotations if found.shape_type == "tag"), None)
            if tag is not None:
                folder = f"{_SPLITS.get(image.split or '', 'train')}/{folders[tag.class_number]}"
                name = safe_name(image.name).replace("/", "_")
                key = paths.take(f"{folder}/{name}", suffix_of(image))
                listing.add(key, image)
                if images:
                    copy_picture(image, root / key)
            count_lost(image, LOSSY, report.lost)
            progress(done, dataset.image_count)
    return report


@dataclass(frozen=True, slots=True)
class Survey:
    """How the pictures lie: `class_folders` names the folders that are classes, in order."""

    base: Path
    class_folders: tuple[str, ...]
    with_split: bool
    conforms: bool
    has_labels: bool


def survey(root: Path, limit: int | None = None) -> Survey:
    """A walk over the (first) pictures below `root`, or over the list of those that did not travel."""
    base = base_folder(root)
    folders: dict[str, None] = {}
    splits, plain, strays = 0, 0, 0
    for found in islice(found_pictures(base, Report()), limit):
        split, folder, _ = placed(found.key)
        if folder is None:
            strays += 1
            continue
        folders.setdefault(folder)
        splits += split is not None
        plain += split is None
    labels = next((key for key in walk_files(base, _LABELS, depth=4) if "/" in key), None)
    conforms = bool(folders) and not strays and (splits == 0 or plain == 0)
    conforms = conforms and not any(folder.lower() in _NO_CLASSES for folder in folders)
    return Survey(base, tuple(sorted(folders)), splits > 0, conforms, labels is not None)


def plausible(root: Path) -> Survey | None:
    """The survey of a folder that looks like class folders of two classes or more; None for every other."""
    if not root.is_dir():
        return None
    found = survey(root, _PROBED)
    is_plausible = found.conforms and not found.has_labels and len(found.class_folders) > 1
    return found if is_plausible else None


def placed(key: str) -> tuple[str | None, str | None, str]:
    """(split, class folder, name behind it) of a picture's path."""
    *parts, file = PurePosixPath(key).parts
    split = split_word(parts[0]) if parts else None
    if split is not None:
        parts = parts[1:]
    if not parts:
        return split, None, file
    return split, parts[0], "/".join((*parts[1:], file))


def read_class_folders(
    root: Path, names: Mapping[str, str], report: Report, progress: Progress, size_of: SizeOf | None
) -> Dataset:
    """`names` says what the folders mean; folders that it does not know are classes by their own names.

    Pictures of lists (`class_lists.py`) that lie in no class folder, or are not at hand, have the class of their line.
    """
    found = survey(root)
    lists = class_lists(found.base)
    if not found.class_folders and not names and not lists and not has_listing(found.base):
        raise FormatError("No class folders were found: a folder for each class with its pictures in it.")
    spool, words = Spool(), tuple(names)
    listed: dict[str, None] = {}
    for key in lists:
        for entry in entries_of(found.base, key, words, report):
            listed.setdefault(entry.word)
            spool.add(PurePosixPath(entry.picture).stem, [entry.picture, entry.word, entry.split, entry.where])
    meaning = {folder: names.get(folder, folder) for folder in (*names, *found.class_folders, *listed)}
    numbers = {name: number for number, name in enumerate(dict.fromkeys(meaning.values()), 1)}
    classes = tuple(ClassRecord(number, name) for name, number in numbers.items())
    by_folder = {folder: numbers[name] for folder, name in meaning.items()}
    return Dataset(classes, _images(found.base, by_folder, spool, report, progress, size_of))


def _images(
    base: Path, numbers: Mapping[str, int], spool: Spool, report: Report, progress: Progress, size_of: SizeOf | None
) -> Iterator[ImageRecord]:
    names = UniqueNames()
    number = 0
    with spool:
        for number, found in enumerate(found_pictures(base, report), 1):
            size = found.known_size(size_of)
            said = next(iter(spool.take(found.stem)), None)
            if size is None:
                report.refuse(found.key, _NO_SIZE)
            else:
                yield _image(number, found, size, numbers, names, said)
            progress(number, -1)
        for _, entries in spool.rest():
            for picture, word, split, where in entries:
                number += 1
                size = size_of(picture) if size_of else None
                if size is None:
                    report.refuse(where, _NO_SIZE)
                else:
                    image = replace(picture_record(number, names.take(picture, picture), size, None), split=split)
                    yield replace(image, annotations=(_tag(numbers[word], size),), state="annotated")
                progress(number, -1)


def _image(
    number: int,
    found: Found,
    size: tuple[int, int],
    numbers: Mapping[str, int],
    names: UniqueNames,
    said: Sequence[Any] | None,
) -> ImageRecord:
    split, folder, inside = placed(found.key)
    name = found.name or (inside if folder is None else f"{folder}/{inside}")
    image = replace(picture_record(number, names.take(name, found.key), size, found.path), split=split)
    word = said[1] if said is not None else folder
    if word is None:
        return image
    return replace(image, annotations=(_tag(numbers[word], size),), state="annotated")


def _tag(class_number: int, size: tuple[int, int]) -> AnnotationRecord:
    checked = canonical({"type": "tag"}, *size)
    return AnnotationRecord("", class_number, "tag", checked.box, checked.area, checked.json, source="import")


def base_folder(root: Path) -> Path:
    """The folder that holds the splits or classes: archives often hold it in another one."""
    base = root if root.is_dir() else root.parent
    while not has_listing(base):
        inside = sorted(path for path in base.iterdir() if not path.is_symlink())
        folders = [path for path in inside if path.is_dir() and not path.name.startswith((".", "__"))]
        has_pictures = any(path.suffix.lower() in PICTURE_SUFFIXES for path in inside)
        if len(folders) != 1 or has_pictures or split_word(folders[0].name) or _is_leaf(folders[0]):
            break
        base = folders[0]
    return base


def _is_leaf(folder: Path) -> bool:
    return not any(path.is_dir() for path in folder.iterdir())


def options_size(options: Mapping[str, Any]) -> SizeOf | None:
    """The option `size_of`."""
    found: SizeOf | None = options.get("size_of")
    return found
