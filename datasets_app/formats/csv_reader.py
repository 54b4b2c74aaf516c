"""From tables of boxes of any origin to records: columns are known by their many names. Knows only such tables.

Read are all CSV files below the folder whose header names an image, a label and four numbers of a box: two corners, or
a corner with width and height. Rows of one image need not stand together. Six columns without a header are taken for
`path,x1,y1,x2,y2,class`, as RetinaNet's tools write them. The split is a column's, or what the name of the file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import box_between, checked_annotation, checked_size, number, picture_record
from datasets_app.formats.listing import SizeOf, split_word, walk_files
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.formats.spool import Spool
from datasets_app.formats.table import plain, rows_of
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

COLUMNS = (
    *("image", "width", "height", "split", "label", "xmin", "ymin", "xmax", "ymax", "instance_id"),
    *("occluded", "truncated", "crowd", "z_order", "group", "score", "attributes"),
)

_NAMES = {
    "image": ("image", "filename", "file_name", "file", "image_name", "image_path", "path", "img", "image_id"),
    "label": ("label", "class", "class_name", "label_name", "category", "category_name", "name"),
    "xmin": ("xmin", "x_min", "x1", "left", "bbox_x", "x", "bbox_left"),
    "ymin": ("ymin", "y_min", "y1", "top", "bbox_y", "y", "bbox_top"),
    "xmax": ("xmax", "x_max", "x2", "right"),
    "ymax": ("ymax", "y_max", "y2", "bottom"),
    "w": ("bbox_width", "w", "box_width"),
    "h": ("bbox_height", "h", "box_height"),
    "width": ("width", "image_width", "img_width", "imagewidth"),
    "height": ("height", "image_height", "img_height", "imageheight"),
    "split": ("split", "subset", "set"),
    **{name: (name,) for name in COLUMNS[10:]},
}
_HEADERLESS = ("image", "xmin", "ymin", "xmax", "ymax", "label")
_CSV = frozenset((".csv", ".tsv"))
_TRUE = frozenset(("1", "true", "yes"))
_OPEN_IMAGES = "labelname"


@dataclass(frozen=True, slots=True)
class _Table:
    """A file with the columns that were recognised: their places by what they mean."""

    key: str
    columns: Mapping[str, int]
    has_header: bool


def detect_csv(root: Path) -> float:
    """0.95 where our own columns are there, 0.9 with a header that names a box, 0.6 without one."""
    found = [(_own(root, table), table.has_header) for table in _tables(root)]
    if any(is_own for is_own, _ in found):
        return 0.95
    return max((0.9 if has_header else 0.6 for _, has_header in found), default=0.0)


def read_csv(root: Path, report: Report, progress: Progress, size_of: SizeOf | None) -> Dataset:
    tables = list(_tables(root))
    if not tables:
        raise FormatError(
            "No table of boxes was found: a CSV file whose header names an image, a label and a box, "
            "such as image,label,xmin,ymin,xmax,ymax."
        )
    spool = Spool()
    names: dict[str, int] = {}
    for table in tables:
        for line, cells in rows_of(_top(root) / table.key, report):
            if table.has_header and line == 1:
                continue
            values = {meaning: plain(cells[at]).strip() for meaning, at in table.columns.items() if at < len(cells)}
            image = safe_name(values.pop("image", ""))
            if image == "unnamed":
                report.refuse(f"{table.key}: line {line}", "The row names no image.")
                continue
            if values.get("label"):
                names.setdefault(values["label"], len(names) + 1)
            values["split"] = values.get("split") or _split_of(table.key)
            spool.add(image, [table.key, line, values])
    classes = tuple(ClassRecord(number, name) for name, number in names.items())
    return Dataset(classes, _Reader(root, names, report, size_of).images(spool, progress), -1, len(spool))


def _tables(root: Path) -> Iterator[_Table]:
    keys = walk_files(root, _CSV, depth=6) if root.is_dir() else [root.name] if root.suffix.lower() in _CSV else []
    for key in keys:
        _, first = next(rows_of(_top(root) / key), (0, []))
        columns = _columns(first)
        if columns is not None:
            yield _Table(key, columns, has_header=True)
        elif _is_row(first):
            yield _Table(key, {name: at for at, name in enumerate(_HEADERLESS)}, has_header=False)


def _top(root: Path) -> Path:
    return root if root.is_dir() else root.parent


def _own(root: Path, table: _Table) -> bool:
    return tuple(next(rows_of(_top(root) / table.key))[1]) == COLUMNS


def _columns(header: list[str]) -> dict[str, int] | None:
    """Places of the columns by what they mean; None where an image, a label or a box is not among them."""
    places = {cell.strip().lower().replace(" ", "_"): at for at, cell in reversed(list(enumerate(header)))}
    if _OPEN_IMAGES in places:
        return None
    found: dict[str, int] = {}
    for meaning, names in _NAMES.items():
        place = next((places[name] for name in names if name in places), None)
        if place is not None:
            found[meaning] = place
    if "xmax" not in found and "w" not in found and {"width", "height"} <= set(found):
        # Beside a corner alone, width and height are the box's.
        found["w"], found["h"] = found.pop("width"), found.pop("height")
    has_box = {"xmin", "ymin"} <= set(found) and ({"xmax", "ymax"} <= set(found) or {"w", "h"} <= set(found))
    return found if has_box and {"image", "label"} <= set(found) else None


def _is_row(cells: list[str]) -> bool:
    if len(cells) != len(_HEADERLESS) or not re.search(r"\.[A-Za-z]{3,4}$", cells[0]):
        return False
    numbers = [number(cell) for cell in cells[1:5]]
    return None not in numbers or not any(cells[1:])


def _split_of(key: str) -> str:
    path = PurePosixPath(key)
    words = (*re.split(r"[^A-Za-z0-9]+", path.stem), *reversed(path.parent.parts))
    return next((split for split in map(split_word, words) if split), "")


class _Reader:
    def __init__(self, root: Path, numbers: Mapping[str, int], report: Report, size_of: SizeOf | None) -> None:
        self._pictures = PictureFolder(root)
        self._numbers = numbers
        self._report = report
        self._size_of = size_of

    def images(self, spool: Spool, progress: Progress) -> Iterator[ImageRecord]:
        with spool:
            for done, (name, rows) in enumerate(spool.groups(), 1):
                image = self._image(done, name, rows)
                if image is not None:
                    yield image
                progress(done, -1)

    def _image(self, done: int, name: str, rows: list[list[Any]]) -> ImageRecord | None:
        key, line, first = rows[0]
        path = self._pictures.find(name, self._pictures.root / PurePosixPath(key).parent)
        size = checked_size(first.get("width"), first.get("height"), None)
        if path is not None:
            size = checked_size(None, None, path) or size
        size = size or (self._size_of(name) if self._size_of else None)
        if size is None:
            self._report.refuse(
                f"{key}: line {line}", f"{name} has no width and height, and the picture is not at hand to tell them."
            )
            return None
        image = replace(picture_record(done, name, size, path), split=split_word(first["split"]) or None)
        found = (self._annotation(key, line, values, image) for key, line, values in rows)
        annotations = tuple(annotation for annotation in found if annotation is not None)
        return replace(image, annotations=annotations, state="annotated" if annotations else "unlabelled")

    def _annotation(
        self, key: str, line: int, values: Mapping[str, str], image: ImageRecord
    ) -> AnnotationRecord | None:
        where = f"{key}: line {line}"
        label = values.get("label", "")
        sides = [values.get(name, "") for name in ("xmin", "ymin", "xmax", "ymax", "w", "h")]
        if not label:
            if any(sides):
                self._report.refuse(where, "The row has a box and no label; it needs both.")
            return None
        try:
            shape = _shape(values) if any(sides) else {"type": "tag"}
            marks = _marks(values)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None
        return checked_annotation(shape, self._numbers[label], image, where, self._report, **marks)


def _shape(values: Mapping[str, str]) -> dict[str, Any]:
    is_corners = "xmax" in values
    names = ("xmin", "ymin", "xmax", "ymax") if is_corners else ("xmin", "ymin", "w", "h")
    numbers = [number(values.get(name, "")) for name in names]
    known = [value for value in numbers if value is not None]
    if len(known) < 4:
        raise ShapeError(f"The box needs four finite numbers: {', '.join(names)}.")
    if not is_corners:
        return {"type": "box", "box": known}
    left, top, right, bottom = known
    if right <= left or bottom <= top:
        raise ShapeError(
            f"The box from ({left:g}, {top:g}) to ({right:g}, {bottom:g}) encloses no area; "
            "xmax must be greater than xmin and ymax greater than ymin."
        )
    return {"type": "box", "box": list(box_between(left, top, right, bottom))}


def _marks(values: Mapping[str, str]) -> dict[str, Any]:
    """What the other columns say. Raises `ShapeError`."""
    marks: dict[str, Any] = {name: values.get(name, "").lower() in _TRUE for name in ("occluded", "truncated", "crowd")}
    for name in ("z_order", "group"):
        text = values.get(name, "")
        if re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
            marks[name] = int(text)
    score = number(values.get("score", ""))
    if score is not None and 0 <= score <= 1:
        marks["score"] = score
    text = values.get("attributes", "")
    if text:
        try:
            attributes = orjson.loads(text)
        except orjson.JSONDecodeError:
            attributes = None
        if not isinstance(attributes, dict):
            raise ShapeError('The attributes must be a JSON object, such as {"colour": "red"}.')
        marks["attributes"] = attributes
    return marks
