"""What both of CVAT's XML layouts need to be read: finding the files, their labels, one annotation. Knows only CVAT."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.checked import SPLIT_WORDS, checked_annotation, whole_number
from datasets_app.formats.cvat_labels import MARKS, Label, read_labels
from datasets_app.formats.cvat_shapes import SHAPE_TAGS, shape_of
from datasets_app.formats.probing import ends_of, files_ending_in
from datasets_app.formats.xml_stream import xml_records
from datasets_app.ir import AnnotationRecord, ClassRecord, ImageRecord

_ROOT = re.compile(rb"<annotations[\s>]")
_VERSION = re.compile(rb"<version>\s*1\.\d\s*</version>")


def cvat_signs(root: Path, record: bytes, mode: bytes) -> float:
    """How surely the files are CVAT's with `<record>` elements: 0.95 by record or, without any, by their `<mode>`."""
    best = 0.0
    for path in files_ending_in(root, ".xml"):
        ends = ends_of(path)
        if not _ROOT.search(ends):
            continue
        records = {tag for tag in (b"image", b"track") if re.search(rb"<" + tag + rb"[\s>]", ends)}
        is_named = records == {record} or (not records and b"<mode>" + mode + b"</mode>" in ends)
        if is_named:
            best = max(best, 0.95 if _VERSION.search(ends) or b"<meta>" in ends else 0.7)
        elif record in records:
            best = max(best, 0.5)
    return best


@dataclass(slots=True)
class CvatFile:
    """What a first walk over a file tells."""

    path: Path
    name: str
    labels: dict[str, Label] = field(default_factory=dict)
    split: str | None = None
    meta: Element | None = None
    records: int = 0
    shapes: int = 0
    failure: str = ""


MODES = {"image": "annotation", "track": "interpolation"}
"""What the head of a file says of its records."""


def survey(root: Path, record: str, report: Report, look: Callable[[CvatFile, Element], None]) -> list[CvatFile]:
    """The files that hold CVAT's `<record>` elements, or by their head could; `look` is told each of the elements.

    Raises `FormatError` where there is no such file.
    """
    top = root if root.is_dir() else root.parent
    files = []
    for path in files_ending_in(root, ".xml"):
        if not _ROOT.search(ends_of(path)):
            continue
        file = CvatFile(path, path.relative_to(top).as_posix())
        try:
            for element in xml_records(path, frozenset(("meta", record))):
                if element.tag == "meta":
                    _read_meta(file, element)
                else:
                    file.records += 1
                    look(file, element)
        except FormatError as error:
            file.failure = str(error)
            report.refuse(file.name, f"{error} What stands before was read.")
        files.append(file)
    used = [file for file in files if file.records or _mode(file) == MODES[record]]
    if not used:
        reasons = " ".join(file.failure for file in files)
        raise FormatError(
            f"No CVAT XML with <{record}> elements was found: its root is <annotations>. {reasons}".strip()
        )
    return used


def _mode(file: CvatFile) -> str:
    return "" if file.meta is None else (file.meta.findtext(".//mode") or "").strip()


def _read_meta(file: CvatFile, element: Element) -> None:
    file.labels = {**read_labels(element), **file.labels}
    file.split = split_of(element.findtext("task/subset"))
    kept = Element("meta")
    kept.extend(element)
    file.meta = kept


def note_labels(file: CvatFile, element: Element) -> None:
    """Count the shapes in the element and take labels that the head does not declare."""
    for shape in element:
        if shape.tag in SHAPE_TAGS:
            file.shapes += 1
            name = shape.get("label")
            if name and name not in file.labels:
                file.labels[name] = Label(name)


def classes_of(files: list[CvatFile]) -> tuple[ClassRecord, ...]:
    """The classes of all files, one for each name."""
    labels: dict[str, Label] = {}
    for file in files:
        for name, label in file.labels.items():
            labels.setdefault(name, label)
    return tuple(
        ClassRecord(
            number=place, name=label.name, color=label.color, attributes=label.attributes, skeleton=label.skeleton
        )
        for place, label in enumerate(labels.values(), 1)
    )


def records(file: CvatFile, record: str) -> Iterator[Element]:
    """The elements once more; where the file breaks off, what stands before (the report knows since the survey)."""
    try:
        yield from xml_records(file.path, frozenset((record,)))
    except FormatError:
        if not file.failure:
            raise


def split_of(subset: str | None) -> str | None:
    return SPLIT_WORDS.get((subset or "").strip().lower())


@dataclass(frozen=True, slots=True)
class AnnotationReader:
    """Reads the shapes of one file."""

    file: CvatFile
    numbers: dict[str, int]
    report: Report

    def annotation(self, element: Element, name: str, picture: ImageRecord, where: str) -> AnnotationRecord | None:
        """The shape as an annotation of the class `name`; None, with the reason in the report, where it is none."""
        label = self.file.labels.get(name)
        if label is None:
            self.report.refuse(where, f"The <{element.tag}> has no label.")
            return None
        try:
            shape = shape_of(element, label)
        except ShapeError as error:
            self.report.refuse(where, str(error))
            return None
        return checked_annotation(
            shape,
            self.numbers[name],
            picture,
            where,
            self.report,
            occluded=element.get("occluded") == "1",
            z_order=_small(element.get("z_order")) or 0,
            group=_small(element.get("group_id")) or None,
            **self._attributes(element, label),
        )

    def _attributes(self, element: Element, label: Label) -> dict[str, Any]:
        """Attributes, and the marks that stand among them."""
        values: dict[str, Any] = {}
        for attribute in element.iterfind("attribute"):
            name = attribute.get("name")
            if name:
                values[name] = label.value(name, attribute.text or "")
        marks: dict[str, Any] = {mark: values.pop(mark) for mark in MARKS if isinstance(values.get(mark), bool)}
        if isinstance(values.get("score"), float | int) and 0 <= values["score"] <= 1:
            marks["score"] = float(values.pop("score"))
        return {**marks, "attributes": values}


def _small(text: str | None) -> int | None:
    value = whole_number(text)
    return value if value is not None and abs(value) < 2**31 else None
