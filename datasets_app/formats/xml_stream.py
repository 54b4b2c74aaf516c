"""XML from strangers, a record at a time, and text on its way into XML. Knows no format.

Entities, document types, deep nesting and single records of absurd size are refused before they cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from html import escape
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from datasets_app.formats.base import FormatError

MAX_DEPTH = 32
MAX_RECORD_BYTES = 64 << 20
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_records(path: Path, tags: Set[str]) -> Iterator[Element]:
    """The children of the root that have one of the `tags`, each as it ends. Raises `FormatError`.

    An element is emptied when the next one is asked for.
    """
    with path.open("rb") as file:
        source = _Bounded(file)
        depth = 0
        root: Element | None = None
        try:
            for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    root = element if root is None else root
                    depth += 1
                    if depth > MAX_DEPTH:
                        raise FormatError(f"Elements are nested more than {MAX_DEPTH} deep.")
                    continue
                depth -= 1
                if depth == 1 and root is not None:
                    if element.tag in tags:
                        yield element
                    root.clear()
                    source.since_record = 0
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            if isinstance(error, FormatError):
                raise
            raise FormatError(f"The file cannot be read as XML: {_reason(error)}.") from None


def xml_text(value: str) -> str:
    """For the text of an element; characters that XML cannot hold are left out."""
    return escape(_NOT_XML.sub("", value), quote=False).replace("\r", "&#13;")


def xml_attribute(value: str) -> str:
    """For the value of an attribute between double quotes; line ends and tabs survive."""
    text = escape(_NOT_XML.sub("", value), quote=True)
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")


class _Bounded:
    """A file that counts what was read of it since the last record."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.since_record = 0

    def read(self, size: int = -1) -> bytes:
        if self.since_record > MAX_RECORD_BYTES:
            raise FormatError(f"One record is larger than {MAX_RECORD_BYTES >> 20} MiB.")
        data = self._file.read(size)
        self.since_record += len(data)
        return data


def _reason(error: Exception) -> str:
    if isinstance(error, DefusedXmlException):
        return "it declares a document type or entities, which are not read from strangers"
    return str(error).rstrip(".")
