"""From COCO panoptic files to records. Knows only COCO.

The file is walked twice: images and categories first, for they may come last; then the annotations one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import checked_size
from datasets_app.formats.coco_index import id_text
from datasets_app.formats.coco_reader import PANOPTIC, ends_of, json_files, split_of
from datasets_app.formats.json_walk import JsonError, walk
from datasets_app.formats.mask_files import MaskFileError, load_mask
from datasets_app.formats.palettes import colour_codes
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.formats.pixel_format import pixel_image, pixel_record
from datasets_app.formats.pixel_masks import regions
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

_LISTS = ("images", "annotations", "categories")


@dataclass(slots=True)
class _File:
    path: Path
    name: str
    split: str | None
    images: dict[str, tuple[int, str, Any, Any]] = field(default_factory=dict)
    """Number, name, width and height of each image, by its id."""

    categories: dict[str, str] = field(default_factory=dict)

    @property
    def masks(self) -> Path:
        return self.path.with_suffix("")


def detect_panoptic(root: Path) -> float:
    return 0.97 if any(PANOPTIC in ends_of(path) for path in json_files(root)) else _empty_export(root)


def read_panoptic(root: Path, report: Report, progress: Progress) -> Dataset:
    top = root if root.is_dir() else root.parent
    files: list[_File] = []
    ids: dict[str, Any] = {}
    for path in json_files(root):
        if PANOPTIC in ends_of(path) or _is_named_so(path):
            file = _File(path, path.relative_to(top).as_posix(), split_of(path, top))
            if _survey(file, ids, report):
                files.append(file)
    if not files:
        raise FormatError('No COCO panoptic file was found: a JSON object whose annotations have "segments_info".')
    if not all(type(value) is int and value >= 1 for value in ids.values()) or len(set(ids.values())) < len(ids):
        report.fix("categories", "The ids are not all different whole numbers from 1 on; classes were numbered anew.")
        ids = {name: number for number, name in enumerate(ids, 1)}
    reader = _Reader(files, ids, PictureFolder(root, {file.masks for file in files}), report)
    classes = tuple(ClassRecord(number=number, name=name) for name, number in ids.items())
    count = sum(len(file.images) for file in files)
    return Dataset(classes, reader.images(progress, count), count)


def _is_named_so(path: Path) -> bool:
    return path.stem.lower().startswith("panoptic") and all(f'"{key}"'.encode() in ends_of(path) for key in _LISTS)


def _empty_export(root: Path) -> float:
    """A data set without images has no segments to be known by, only its name."""
    return 0.96 if any(_is_named_so(path) for path in json_files(root)) else 0.0


def _survey(file: _File, ids: dict[str, Any], report: Report) -> bool:
    try:
        for found in walk(file.path, _LISTS, report=report, name=file.name):
            entry = found.value
            if not found.is_item or found.key == "annotations":
                continue
            if found.key == "categories":
                if not isinstance(entry, dict) or "id" not in entry:
                    report.refuse(f"{file.name}: categories", f"{entry!r:.60} has no id; it needs an id and a name.")
                    continue
                name = str(entry.get("name") or f"class {entry['id']}")
                file.categories[id_text(entry["id"])] = name
                ids.setdefault(name, entry["id"])
            elif not isinstance(entry, dict) or "id" not in entry or not isinstance(entry.get("file_name"), str):
                report.refuse(f"{file.name}: image {len(file.images) + 1}", 'An image needs "id" and "file_name".')
            else:
                number = len(file.images) + 1
                value = (number, safe_name(entry["file_name"]), entry.get("width"), entry.get("height"))
                file.images[id_text(entry["id"])] = value
    except JsonError as error:
        report.refuse(file.name, f"The file cannot be read as JSON. {error}")
        return False
    return True


class _Reader:
    def __init__(self, files: list[_File], ids: dict[str, int], pictures: PictureFolder, report: Report) -> None:
        self._files = files
        self._ids = ids
        self._pictures = pictures
        self._report = report
        self._done = 0

    def images(self, progress: Progress, total: int) -> Iterator[ImageRecord]:
        for file in self._files:
            waiting = dict(file.images)
            for found in walk(file.path, _LISTS):
                if not found.is_item or found.key != "annotations":
                    continue
                entry = found.value if isinstance(found.value, dict) else {}
                listed = waiting.pop(id_text(entry.get("image_id")), None)
                if listed is None:
                    where = f"{file.name}: annotation of image {entry.get('image_id')!r}"
                    self._report.refuse(where, "There is no image with that id, or it had an annotation before.")
                    continue
                yield from self._image(file, listed, entry)
                progress(self._done, total)
            for listed in waiting.values():
                yield from self._image(file, listed, None)
                progress(self._done, total)

    def _image(self, file: _File, listed: tuple[int, str, Any, Any], entry: Any) -> Iterator[ImageRecord]:
        self._done += 1
        _, name, width, height = listed
        where = f"{file.name}: {name}"
        picture = self._pictures.find(name, self._pictures.root / "images")
        found: list[AnnotationRecord] = []
        size = checked_size(width, height, picture)
        if entry is not None:
            try:
                size, found = self._segments(file, entry, size, where)
            except MaskFileError as error:
                self._report.refuse(where, str(error))
                return
        if size is None:
            self._report.refuse(where, "It has no width and height, and the picture is not at hand to tell them.")
            return
        yield pixel_image(self._done, name, size, picture, file.split, found)

    def _segments(
        self, file: _File, entry: dict[str, Any], size: tuple[int, int] | None, where: str
    ) -> tuple[tuple[int, int], list[AnnotationRecord]]:
        mask_name = entry.get("file_name")
        path = _mask_path(file, mask_name)
        if path is None:
            raise MaskFileError(f"Its mask {mask_name!r} is not in the folder {file.masks.name}.")
        mask = load_mask(path)
        if not mask.has_colours:
            raise MaskFileError("The mask holds numbers; ids of segments must be written as RGB colours.")
        if size is not None and mask.size != size:
            raise MaskFileError(f"The mask has {mask.size} pixels, the image {size}; both must be the same.")
        values = colour_codes(mask.pixels[..., ::-1])
        said = entry.get("segments_info")
        segments = {
            segment["id"]: segment
            for segment in (said if isinstance(said, list) else ())
            if isinstance(segment, dict) and type(segment.get("id")) is int
        }
        found = []
        for value, region in regions(values):
            segment = segments.pop(value, None)
            name = file.categories.get(id_text(segment.get("category_id"))) if segment else None
            if segment is None or name is None:
                reason = "is not described" if segment is None else "has no known category"
                self._report.refuse(f"{where}: segment {value}", f"The segment {reason} in segments_info.")
                continue
            found.append(pixel_record(self._ids[name], region, crowd=segment.get("iscrowd") in (1, True)))
        for value in segments:
            self._report.refuse(f"{where}: segment {value}", "No pixel of the mask has this id.")
        return mask.size, found


def _mask_path(file: _File, name: Any) -> Path | None:
    if not isinstance(name, str):
        return None
    path = file.masks / safe_name(name)
    return path if path.is_file() and not path.is_symlink() else None
