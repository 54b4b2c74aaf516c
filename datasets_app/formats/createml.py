"""Create ML: boxes in one JSON list for each split, beside its pictures. Knows no other format.

    <split>/_annotations.createml.json     [{"image": "a.jpg", "annotations": [{"label", "coordinates"}]}]
    <split>/<image>                        the pictures, where they were asked for
    images.csv                             sizes (`listing.py`)

`x` and `y` are the centre of the box in pixels. Read are all JSON files of that form; a label without coordinates is
read as a tag of the image.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.checked import checked_annotation, number, picture_record
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, MARKS
from datasets_app.formats.features import count_lost
from datasets_app.formats.json_walk import JsonError, Unreadable, walk
from datasets_app.formats.listing import Listing, SizeOf, UniqueNames, listed_pictures, split_word, walk_files
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import PictureFolder, copy_picture, picture_size, safe_name
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

FILE_NAME = "_annotations.createml.json"
_JSON = frozenset((".json",))
_SPLITS = {"train": "train", "val": "val", "test": "test"}
_PROBED = 20


class CreateMl(Format):
    """Boxes only."""

    lossy = frozenset((*BOXES_ONLY, *MARKS, "verified_empty", "unused_classes", "unsplit"))

    @override
    def detect(self, root: Path) -> float:
        return 0.95 if next(_files(root), None) else 0.0

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        """With the option `size_of`, the sizes of pictures that are not below `root` are asked for there."""
        keys = list(_files(root))
        if not keys:
            raise FormatError('No Create ML file was found: a JSON list of {"image": …, "annotations": […]}.')
        top = root if root.is_dir() else root.parent
        names: dict[str, int] = {}
        for key in keys:
            for _, entry in _items(top / key, key, Report()):
                for item in _annotations(entry):
                    label = _label(item)
                    if label:
                        names.setdefault(label, len(names) + 1)
        classes = tuple(ClassRecord(number, name) for name, number in names.items())
        return Dataset(classes, _Reader(top, names, report, options.get("size_of")).images(keys, progress))

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
        report = Report()
        names = {entry.number: entry.name for entry in dataset.classes}
        unused = set(names)
        files = _Files(root)
        try:
            with Listing(root) as listing:
                for done, image in enumerate(dataset.images, 1):
                    split = _SPLITS.get(image.split or "", "train")
                    found = [a for a in (fitted(a, image, BOXES_ONLY) for a in image.annotations) if a is not None]
                    name = safe_name(image.name)
                    files.add(split, {"image": name, "annotations": [_entry(a, names) for a in found]})
                    listing.add(f"{split}/{name}", image)
                    unused.difference_update(annotation.class_number for annotation in found)
                    count_lost(image, self.lossy, report.lost)
                    if images:
                        copy_picture(image, root / split / name)
                    progress(done, dataset.image_count)
        finally:
            files.close()
        if unused:
            report.lost["unused_classes"] = len(unused)
        return report


class _Files:
    """A JSON list for each split, written as it grows; one for train where there is no image at all."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, Any] = {}

    def add(self, split: str, entry: Mapping[str, Any]) -> None:
        before = b",\n" if split in self._files else b"\n"
        self._open(split).write(before + orjson.dumps(entry))

    def close(self) -> None:
        if not self._files:
            self._open("train")
        for file in self._files.values():
            file.write(b"\n]\n")
            file.close()

    def _open(self, split: str) -> Any:
        if split not in self._files:
            (self._root / split).mkdir(exist_ok=True)
            self._files[split] = (self._root / split / FILE_NAME).open("wb", buffering=1 << 20)
            self._files[split].write(b"[")
        return self._files[split]


def _entry(annotation: AnnotationRecord, names: Mapping[int, str]) -> dict[str, Any]:
    x, y, width, height = annotation.box
    centre = {"x": round(x + width / 2, 6), "y": round(y + height / 2, 6)}
    return {"label": names[annotation.class_number], "coordinates": {**centre, "width": width, "height": height}}


def _files(root: Path) -> Iterator[str]:
    """The JSON files whose first entries have the form of Create ML's."""
    top = root if root.is_dir() else root.parent
    for key in walk_files(root, _JSON, depth=6) if root.is_dir() else [root.name] if root.is_file() else []:
        count = matching = 0
        for _, entry in _items(top / key, key, Report()):
            count += 1
            matching += _image(entry) is not None and any(name in entry for name in ("annotations", "annotation"))
            if count >= _PROBED:
                break
        if (count and matching * 2 > count) or (not count and PurePosixPath(key).name == FILE_NAME):
            yield key


def _items(path: Path, key: str, report: Report) -> Iterator[tuple[int, Any]]:
    """(number, entry) of a JSON list; nothing of any other file."""
    with path.open("rb") as file:
        if not file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
            return
    number = 0
    try:
        for found in walk(path, report=report, name=key):
            if not found.is_item:
                continue
            number += 1
            if isinstance(found.value, Unreadable):
                report.refuse(f"{key}: entry {number}", found.value.detail)
            else:
                yield number, found.value
    except JsonError as error:
        report.refuse(f"{key}: behind entry {number}", f"The file cannot be read on as JSON: {error}")


def _image(entry: Any) -> str | None:
    name = (entry.get("image") or entry.get("imagefilename")) if isinstance(entry, dict) else None
    return name if isinstance(name, str) and name.strip() else None


def _annotations(entry: Any) -> list[Any]:
    """The annotations of an entry; a text, as for a classifier, is a label alone."""
    if not isinstance(entry, dict):
        return []
    found = entry.get("annotations", entry.get("annotation"))
    if isinstance(found, str):
        return [{"label": found}]
    return found if isinstance(found, list) else []


def _label(item: Any) -> str | None:
    label = item.get("label") if isinstance(item, dict) else None
    return label if isinstance(label, str) and label else None


class _Reader:
    def __init__(self, top: Path, numbers: Mapping[str, int], report: Report, size_of: SizeOf | None) -> None:
        self._top = top
        self._numbers = numbers
        self._report = report
        self._size_of = size_of
        self._pictures = PictureFolder(top)
        self._listed = {found.key: found for found in listed_pictures(top, report)}
        self._names = UniqueNames()

    def images(self, keys: list[str], progress: Progress) -> Iterator[ImageRecord]:
        done = 0
        for key in keys:
            for place, entry in _items(self._top / key, key, self._report):
                done += 1
                image = self._read(done, key, f"{key}: entry {place}", entry)
                if image is not None:
                    yield image
                progress(done, -1)

    def _read(self, done: int, key: str, where: str, entry: Any) -> ImageRecord | None:
        said = _image(entry)
        if said is None:
            self._report.refuse(where, 'An entry needs "image", the name of a picture.')
            return None
        name = safe_name(said)
        folder = PurePosixPath(key).parent
        path = self._pictures.find(name, self._top / folder)
        listed = self._listed.get(str(folder / name))
        size = (picture_size(path) if path else None) or (listed.size if listed else None)
        size = size or (self._size_of(name) if self._size_of else None)
        if size is None:
            self._report.refuse(where, f"{name} is not at hand to tell its size; import it together with its labels.")
            return None
        split = next((word for part in reversed(folder.parts) if (word := split_word(part))), None)
        image = replace(picture_record(done, self._names.take(name, str(folder / name)), size, path), split=split)
        found = (
            self._annotation(item, image, f"{where}, label {at}") for at, item in enumerate(_annotations(entry), 1)
        )
        annotations = tuple(annotation for annotation in found if annotation is not None)
        return replace(image, annotations=annotations, state="annotated" if annotations else "unlabelled")

    def _annotation(self, item: Any, image: ImageRecord, where: str) -> AnnotationRecord | None:
        label = _label(item)
        if label is None:
            self._report.refuse(where, 'The annotation needs a "label".')
            return None
        try:
            shape = _shape(item)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None
        return checked_annotation(shape, self._numbers[label], image, where, self._report)


def _shape(item: Mapping[str, Any]) -> dict[str, Any]:
    coordinates = item.get("coordinates")
    if coordinates is None:
        return {"type": "tag"}
    found = coordinates if isinstance(coordinates, dict) else {}
    known = [value for name in ("x", "y", "width", "height") if (value := number(found.get(name))) is not None]
    if len(known) < 4:
        raise ShapeError('The coordinates need the numbers "x", "y" (the centre), "width" and "height".')
    x, y, width, height = known
    return {"type": "box", "box": [round(x - width / 2, 6), round(y - height / 2, 6), width, height]}


FORMAT = CreateMl()
