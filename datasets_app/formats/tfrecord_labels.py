"""`label_map.pbtxt`: which class has which number in TFRecord files. Knows protobuf's text form, no records.

item { id: 1 name: 'cat' display_name: 'Cat' }
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from datasets_app.formats.base import FormatError, Report

FILE_NAME = "label_map.pbtxt"
_LARGEST_BYTES = 16 << 20

_STRING = r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
_COMMENT = re.compile(rf"({_STRING})|#[^\n]*")
_FLAT = rf"(?:[^{{}}\"']++|{_STRING})*+"
_INNER = re.compile(rf"\w+\s*:?\s*\{{{_FLAT}\}}")
"""A message inside an item, such as a key point of a class."""
_ITEM = re.compile(rf"item\s*:?\s*\{{((?:[^{{}}\"']++|{_STRING}|\{{{_FLAT}\}})*+)\}}")
_FIELD = re.compile(rf"(\w+)\s*:\s*({_STRING}|[\w.+-]+)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def labels_to_text(labels: Iterable[tuple[int, str]]) -> str:
    return "".join(f"item {{\n  id: {number}\n  name: {_quoted(name)}\n}}\n" for number, name in labels)


def read_labels(path: Path, report: Report) -> dict[int, str]:
    """Names by number, in the order of the file. Raises `FormatError` where it is no label map."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise FormatError(f"{path.name} is larger than any label map.")
    labels: dict[int, str] = {}
    for place, item in enumerate(_items(path.read_text("utf-8", "replace"), path.name), 1):
        number = item.get("id", "")
        name = item.get("name") or item.get("display_name") or ""
        if not re.fullmatch(r"\d{1,9}", number) or int(number) < 1 or not name:
            report.refuse(f"{path.name}, item {place}", 'An item needs a name and an "id" of at least 1.')
        elif int(number) in labels:
            report.refuse(f"{path.name}, item {place}", f"The id {number} was given before; each may be given once.")
        else:
            labels[int(number)] = name
    return labels


def _items(text: str, name: str) -> list[dict[str, str]]:
    text = _COMMENT.sub(lambda found: found[1] or "", text)
    rest = _ITEM.sub("", text).strip()
    if rest:
        raise FormatError(f"{name}: {rest[:40]!r} is not what a label map holds; it is a row of item {{ ... }}.")
    return [
        {key: _unquoted(value) for key, value in _FIELD.findall(_INNER.sub("", body))} for body in _ITEM.findall(text)
    ]


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def _unquoted(value: str) -> str:
    if value[0] not in "\"'":
        return value
    return _ESCAPE.sub(_escaped, value[1:-1].encode()).decode("utf-8", "replace")


def _escaped(found: re.Match[bytes]) -> bytes:
    what = found[1]
    if what[:1] == b"x" and len(what) > 1:
        return bytes([int(what[1:], 16)])
    if what.isdigit():
        return bytes([int(what, 8) & 0xFF])
    return _NAMED.get(what, what)
