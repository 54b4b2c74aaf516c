"""From Pascal VOC files of any origin to records: devkit folders, or XML beside the pictures. Knows only VOC.

Splits come from `ImageSets/Main` beside `Annotations`, else from folders named train, val, valid, validation or test.
Every file is parsed twice: classes and the way of counting must be known before the first record leaves.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import checked_size, typed
from datasets_app.formats.listing import walk_files
from datasets_app.formats.pictures import PictureFolder, opener, safe_name
from datasets_app.formats.voc_layout import read_splits
from datasets_app.ir import AnnotationRecord, Box, ClassRecord, Dataset, ImageRecord

OUR_DATABASE = "Annotator"
COORDINATES = {"one_based": "pixels from 1, last included", "raw": "pixels from 0, last excluded"}
"""What `<source><annotation>` of our own files says for each way of counting."""

_PROBED_FILES, _PROBED_BYTES = 5, 4096
_ROOT = re.compile(rb"<annotation[\s>]")
_BODY = re.compile(rb"<(object|size|filename)[\s>]")
_SPLIT_WORDS = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}


def detect_voc(root: Path) -> float:
    """0.9 times the share of the first XML files that look like VOC."""
    heads = []
    for key in islice(_xml_files(root), _PROBED_FILES):
        with (_top(root) / key).open("rb") as file:
            heads.append(file.read(_PROBED_BYTES))
    matching = sum(bool(_ROOT.search(head) and _BODY.search(head)) for head in heads)
    return 0.9 * matching / len(heads) if heads else 0.0


def read_voc(root: Path, report: Report, progress: Progress, coordinates: str | None) -> Dataset:
    if coordinates is not None and coordinates not in COORDINATES:
        raise FormatError(f"coordinates is {coordinates!r}; it must be one of: {', '.join(COORDINATES)}.")
    survey = _survey(root)
    if not survey.keys and not any(root.glob("**/ImageSets/Main")):
        raise FormatError("No Pascal VOC file was found: an XML file whose root is <annotation>.")
    for key, reason in survey.unreadable:
        report.refuse(posixpath.basename(key), reason)
    classes = tuple(ClassRecord(number=number, name=name) for number, name in enumerate(survey.names, 1))
    if coordinates is None:
        coordinates = "raw" if survey.counts_from_zero else "one_based"
        if not survey.is_ours:
            report.notes.append(_GUESS[coordinates])
    reader = _Reader(root, survey, coordinates, report)
    return Dataset(classes, reader.images(progress), len(survey.keys), survey.objects)


_GUESS = {
    "raw": "A corner lies at 0, so pixels were read as counted from 0, the last one excluded.",
    "one_based": "No corner lies at 0, so pixels were read as VOC counts them: from 1, the last one included.",
}


@dataclass(slots=True)
class _Survey:
    """What a first walk over all files tells; `keys` are the paths of those that are VOC's, relative with "/"."""

    keys: list[str] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    counts_from_zero: bool = False
    is_ours: bool = True
    objects: int = 0


def _survey(root: Path) -> _Survey:
    survey = _Survey()
    top = os.fspath(_top(root))
    for key in _xml_files(root):
        try:
            tree = _parse(f"{top}/{key}")
        except FormatError as error:
            survey.unreadable.append((key, str(error)))
            continue
        if tree.tag != "annotation":
            continue
        survey.keys.append(key)
        survey.is_ours &= tree.findtext("source/database") == OUR_DATABASE
        for item in tree.iterfind("object"):
            survey.objects += 1
            survey.names.setdefault(_texts(item).get("name", ""))
            corners = _texts(item.find("bndbox"))
            survey.counts_from_zero |= any(_number(corners.get(corner)) == 0 for corner in ("xmin", "ymin"))
    survey.names.pop("", None)
    return survey


class _Reader:
    def __init__(self, root: Path, survey: _Survey, coordinates: str, report: Report) -> None:
        self._top = _top(root)
        self._keys = survey.keys
        self._numbers = {name: number for number, name in enumerate(survey.names, 1)}
        self._coordinates = coordinates
        self._report = report
        self._pictures = PictureFolder(root)
        self._bases = sorted({posixpath.dirname(key) for key in survey.keys})
        self._splits = self._listed_splits()
        self._names: set[str] = set()

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        for number, key in enumerate(self._keys, 1):
            image = self._image(number, key)
            if image is not None:
                yield image
            progress(number, len(self._keys))

    def _image(self, number: int, where: str) -> ImageRecord | None:
        path = self._top / where
        tree = _parse(os.fspath(path))
        is_ours = tree.findtext("source/database") == OUR_DATABASE
        picture = self._picture(tree, path)
        said = _texts(tree.find("size"))
        size = checked_size(said.get("width"), said.get("height"), picture)
        if size is None:
            self._report.refuse(where, "There is no <size>, and the picture is not at hand to tell it.")
            return None
        name = self._name(tree, path, picture, is_ours=is_ours)
        if name in self._names:
            self._report.refuse(where, f"{name} was described before; each picture may have one file.")
            return None
        self._names.add(name)
        coordinates = _own_coordinates(tree) if is_ours else self._coordinates
        context = _Context(where, *size, coordinates, is_ours, self._numbers, self._report)
        found = (_annotation(item, place, context) for place, item in enumerate(tree.iterfind("object"), 1))
        annotations = tuple(annotation for annotation in found if annotation is not None)
        return ImageRecord(
            number=number,
            name=name,
            width=size[0],
            height=size[1],
            annotations=annotations,
            state="annotated" if annotations else "unlabelled",
            split=self._split(where),
            suffix=posixpath.splitext(picture.name if picture else name)[1].lower(),
            path=picture,
            open=opener(picture) if picture else None,
        )

    def _picture(self, tree: Element, path: Path) -> Path | None:
        near = path.parent.parent / "JPEGImages" if path.parent.name == "Annotations" else path.parent
        said = safe_name(_word(tree, "filename").replace("\\", "/"))
        by_stem = self._pictures.find_stem(path.stem, near)
        # The stem comes first: many files were renamed without their <filename> being told.
        return by_stem or self._pictures.find(said, near)

    def _name(self, tree: Element, path: Path, picture: Path | None, *, is_ours: bool) -> str:
        original = tree.findtext("source/image")
        if is_ours and original:
            return safe_name(original)
        if picture is None:
            return self._prefixed(path, posixpath.basename(safe_name(_word(tree, "filename") or f"{path.stem}.jpg")))
        pictures = path.parent.parent / "JPEGImages"
        if picture.is_relative_to(pictures):
            return self._prefixed(path, picture.relative_to(pictures).as_posix())
        return picture.relative_to(self._pictures.root).as_posix()

    def _prefixed(self, path: Path, name: str) -> str:
        """`name`, behind its devkit's folder where there are several."""
        if len(self._bases) == 1:
            return name
        base = path.parent.parent if path.parent.name == "Annotations" else path.parent
        return (base.relative_to(self._top) / name).as_posix()

    def _listed_splits(self) -> dict[str, str]:
        """The split of each key that the lists beside its folder name."""
        stems: dict[str, dict[str, str]] = {base: {} for base in self._bases}
        for key in self._keys:
            stems[posixpath.dirname(key)][_stem(key)] = key
        splits: dict[str, str] = {}
        for base, known in stems.items():
            listed = read_splits((self._top / base).parent / "ImageSets" / "Main", known, self._report)
            splits.update((known[stem], split) for stem, split in listed.items())
        return splits

    def _split(self, key: str) -> str | None:
        if key in self._splits:
            return self._splits[key]
        words = (_SPLIT_WORDS.get(part.lower()) for part in reversed(key.split("/")[:-1]))
        return next((word for word in words if word), None)


@dataclass(frozen=True, slots=True)
class _Context:
    """What an object's reading depends on beside itself."""

    where: str
    width: int
    height: int
    coordinates: str
    is_ours: bool
    numbers: dict[str, int]
    report: Report


def _annotation(item: Element, place: int, context: _Context) -> AnnotationRecord | None:
    where = f"{context.where}: object {place}"
    texts = _texts(item)
    name = texts.get("name")
    if not name:
        context.report.refuse(where, "The object has no <name>.")
        return None
    try:
        box = _box(item, context)
        checked = canonical({"type": "box", "box": list(box)}, context.width, context.height)
    except ShapeError as error:
        context.report.refuse(where, str(error))
        return None
    if checked.mended:
        context.report.fix(where, checked.mended)
    return AnnotationRecord(
        uuid="",
        class_number=context.numbers[name],
        shape_type="box",
        box=checked.box,
        area=checked.area,
        shape_json=checked.json,
        attributes=_attributes(item, texts),
        occluded=_is_set(texts, "occluded"),
        truncated=_is_set(texts, "truncated"),
        source="import",
    )


def _box(item: Element, context: _Context) -> Box:
    corners = _texts(item.find("bndbox"))
    numbers = [_number(corners.get(corner)) for corner in ("xmin", "ymin", "xmax", "ymax")]
    known = [number for number in numbers if number is not None]
    if len(known) < 4:
        raise ShapeError("The object needs a <bndbox> with the numbers xmin, ymin, xmax and ymax.")
    xmin, ymin, xmax, ymax = known
    inclusive = int(context.coordinates == "one_based")
    # Only our own files are known to mean a box of one pixel by equal corners; elsewhere it is a slip of the mouse.
    if xmax < xmin or ymax < ymin or (not (context.is_ours and inclusive) and (xmax == xmin or ymax == ymin)):
        raise ShapeError(
            f"The box from ({xmin:g}, {ymin:g}) to ({xmax:g}, {ymax:g}) encloses no area; "
            "xmax must be greater than xmin and ymax greater than ymin."
        )
    return xmin - inclusive, ymin - inclusive, xmax - xmin + inclusive, ymax - ymin + inclusive


def _attributes(item: Element, texts: dict[str, str]) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if "attributes" in texts:
        for attribute in item.iterfind("attributes/attribute"):
            name = _word(attribute, "name")
            if name:
                attributes[name] = typed(attribute.findtext("value") or "")
    if _is_set(texts, "difficult"):
        attributes["difficult"] = True
    pose = texts.get("pose")
    if pose and pose != "Unspecified":
        attributes["pose"] = pose
    return attributes


def _own_coordinates(tree: Element) -> str:
    return "raw" if tree.findtext("source/annotation") == COORDINATES["raw"] else "one_based"


def _xml_files(root: Path) -> Iterator[str]:
    """Paths relative to `_top`: a path object of each file would take ten times the memory of its name."""
    if root.is_file():
        return iter([root.name] if root.suffix.lower() == ".xml" else [])
    return walk_files(root, frozenset((".xml",)))


def _top(root: Path) -> Path:
    return root.parent if root.is_file() else root


def _stem(key: str) -> str:
    return posixpath.splitext(posixpath.basename(key))[0]


def _parse(path: str) -> Element:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            tree: Element = fromstring(file.read())
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise FormatError(f"The file cannot be read as XML: {error}.") from None
    return tree


def _word(item: Element, path: str) -> str:
    return (item.findtext(path) or "").strip()


def _texts(item: Element | None) -> dict[str, str]:
    """What the direct children say; of two with one name the first."""
    return {} if item is None else {child.tag: (child.text or "").strip() for child in reversed(item)}


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _is_set(texts: dict[str, str], name: str) -> bool:
    return texts.get(name, "").lower() in ("1", "true", "yes")
