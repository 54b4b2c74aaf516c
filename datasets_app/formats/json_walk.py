"""Walks JSON files of any size in flat memory: the values of the outermost object, long lists item by item.

Knows no format. Items are cut out of the text first and parsed one by one, so each comes with the place where it
stands and can be read again later (`read_value`): an index of places takes the memory that the items would have taken.

Mended on the way: a byte order mark, and text in Windows-1252 instead of UTF-8. NaN and Infinity, which Python writes
and JSON does not know, come as null, as do numbers too large to be finite: no number that a format gets can spread. An
item whose brackets match but which cannot be parsed comes as `Unreadable`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from datasets_app.formats.base import Report

CHUNK_BYTES = 1 << 20
MAX_VALUE_BYTES = 256 << 20
"""A single item or value beyond this is not read: it would have to be held in memory."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_TO_BRACKET = re.compile(
    rb'(?:[^"{}\[\]]++|' + _STRING.pattern + rb'|\[[^"{}\[\]]*+\])*+([{}\[\]])',
    re.DOTALL,
)
"""All up to the next bracket that stands in no string and is not around numbers alone: a step for each of those."""
_BETWEEN = re.compile(rb"\}\s*,\s*(?=\{)")
_BLANK = re.compile(rb"[\s]*")
_SCALAR = re.compile(rb"[^\s,\]}\[{\"]+")
_WHOLE_DIGITS = 19
"""Every whole number with fewer characters fits into 64 bits."""

_GIVE_UP = 20
"""After so many items in a row that hold lists of objects themselves, cutting at every "},{" is not tried again."""


RECODED = "Its text is not UTF-8; it was read as Windows-1252."
"""What a report is told of text that had to be recoded."""


class JsonError(ValueError):
    """The file as a whole is no JSON that could be walked; the message says where it ends to be."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in for an item that could not be parsed."""

    detail: str


class Found(NamedTuple):
    """A value and the bytes from `start` to `end` where it stands.

    `is_item` is true for an item of a long list; the list itself comes before its items, as `[]`.
    """

    key: str
    value: Any
    start: int
    end: int
    is_item: bool
    is_recoded: bool = False
    """Its text was not UTF-8."""


def walk(
    path: Path,
    long_lists: Collection[str] = (),
    long_objects: Collection[str] = (),
    *,
    report: Report | None = None,
    name: str = "",
) -> Iterator[Found]:
    """Every value of the outermost object; of those in `long_lists` that are lists, every item.

    Of values in `long_objects` that are objects, every member comes as an item, `{its key: its value}`. Where the
    outermost value is a list, its items come under the key "". A `report` is told of each value that was recoded,
    `name` being what it calls the file. Raises `JsonError`.
    """
    with path.open("rb") as file:
        for found in _Walker(file).values(frozenset(long_lists), frozenset(long_objects)):
            if found.is_recoded and report is not None:
                place = f"{found.key}, byte {found.start}" if found.key else f"byte {found.start}"
                report.fix(f"{name}: {place}", RECODED)
            yield found


def parse_recoded(text: bytes) -> tuple[Any, bool]:
    """The value of a whole file, and whether it had to be recoded. `Unreadable` where it is no JSON."""
    text = text.removeprefix(b"\xef\xbb\xbf")
    return _parsed(text), _is_foreign(text)


def read_value(file: BinaryIO, start: int, end: int) -> Any:
    """A value again, by its place."""
    return _parsed(os.pread(file.fileno(), end - start, start))


def read_values(file: BinaryIO, start: int, end: int, count: int) -> list[Any] | None:
    """The `count` items of a list that stand one behind the other from `start` to `end`.

    None where they have to be read one by one, because one of them is not quite JSON.
    """
    try:
        found: list[Any] = orjson.loads(b"[%b]" % os.pread(file.fileno(), end - start, start))
    except orjson.JSONDecodeError:
        return None
    return found if len(found) == count else None


class _Walker:
    """A window over the file: `_text[_at]` is the next byte, `_base` the place of `_text[0]` in the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._text = b""
        self._base = 0
        self._at = 0

    def values(self, long_lists: Collection[str], long_objects: Collection[str] = ()) -> Iterator[Found]:
        self._grow()
        if self._text.startswith(b"\xef\xbb\xbf"):
            self._at = 3
        if self._text.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise JsonError("The file is UTF-16; it must be UTF-8.")
        first = self._peek()
        if first == b"[":
            yield from self._items("")
        elif first == b"{":
            yield from self._members(long_lists, long_objects)
        else:
            raise JsonError("The file must be a JSON object or list.")

    def _members(self, long_lists: Collection[str] = (), long_objects: Collection[str] = ()) -> Iterator[Found]:
        self._at += 1
        if self._peek() == b"}":
            self._at += 1
            return
        while True:
            key, is_foreign = self._key()
            if key in long_lists and self._peek() == b"[":
                yield from self._items(key)
            elif key in long_objects and self._peek() == b"{":
                yield Found(key, {}, self._base + self._at, self._base + self._at, is_item=False)
                for member in self._members():
                    yield member._replace(key=key, value={member.key: member.value}, is_item=True)
            else:
                self._peek()
                end = self._end_of_value()
                start = self._at
                value = self._text[start:end]
                self._at = end
                places = (self._base + start, self._base + end)
                yield Found(key, _parsed(value), *places, is_item=False, is_recoded=is_foreign or _is_foreign(value))
            if self._separator(b"}"):
                return

    def _key(self) -> tuple[str, bool]:
        """The name of a member, and whether it had to be recoded."""
        if self._peek() != b'"':
            raise self._error("a name in quotes")
        end = self._end_of_value()
        text = self._text[self._at : end]
        key = _parsed(text)
        self._at = end
        if not isinstance(key, str):
            raise self._error("a name in quotes")
        if self._peek() != b":":
            raise self._error('":"')
        self._at += 1
        return key, _is_foreign(text)

    def _items(self, key: str) -> Iterator[Found]:
        yield Found(key, [], self._base + self._at, self._base + self._at, is_item=False)
        self._at += 1
        if self._peek() == b"]":
            self._at += 1
            return
        nested = 0
        while True:
            if nested < _GIVE_UP:
                before = self._at
                yield from self._quick_items(key)
                nested = nested + 1 if self._at == before else 0
            self._peek()
            end = self._end_of_value()
            start = self._at
            value = self._text[start:end]
            self._at = end
            places = (self._base + start, self._base + end)
            yield Found(key, _parsed(value), *places, is_item=True, is_recoded=_is_foreign(value))
            if self._separator(b"]"):
                return

    def _quick_items(self, key: str) -> Iterator[Found]:
        """The objects that follow, as far as cutting at every "},{" in the window yields whole objects.

        A piece that parses is one whole item: brackets that were opened before its end would be missing their other
        half. The last piece is left to the caller, because it may go on behind the window.
        """
        self._peek()
        text, base, start = self._text, self._base, self._at
        for cut in _BETWEEN.finditer(text, start):
            end = cut.start() + 1
            try:
                value = orjson.loads(text[start:end])
            except orjson.JSONDecodeError:
                return
            yield Found(key, value, base + start, base + end, is_item=True)
            start = self._at = cut.end()

    def _end_of_value(self) -> int:
        """Where the value that begins here ends, in the window, which grows until it holds all of it."""
        while True:
            end = self._find_end()
            if end is not None:
                return end
            if len(self._text) - self._at > MAX_VALUE_BYTES:
                raise JsonError(f"One value is longer than {MAX_VALUE_BYTES >> 20} MiB.")
            if not self._grow():
                raise JsonError(f"The file stops in the middle of a value that begins at byte {self._base + self._at}.")

    def _find_end(self) -> int | None:
        first = self._text[self._at : self._at + 1]
        if first not in (b"{", b"[", b'"'):
            scalar = _SCALAR.match(self._text, self._at)
            if scalar is None:
                raise self._error("a value")
            return scalar.end() if scalar.end() < len(self._text) else None
        if first == b'"':
            text = _STRING.match(self._text, self._at)
            return text and text.end()
        depth, at = 1, self._at + 1
        while (found := _TO_BRACKET.match(self._text, at)) is not None:
            depth += 1 if found[1] in b"{[" else -1
            at = found.end()
            if not depth:
                return at
        return None  # it goes on behind the window

    def _separator(self, closing: bytes) -> bool:
        """Steps over "," and answers False, or over the closing bracket and answers True."""
        mark = self._peek()
        if mark not in (b",", closing):
            raise self._error(f'"," or "{closing.decode()}"')
        self._at += 1
        return mark == closing

    def _peek(self) -> bytes:
        """The next byte that is not blank."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text):
                return self._text[self._at : self._at + 1]
            if not self._grow():
                raise JsonError("The file stops before its end; it was cut off.")

    def _grow(self) -> bool:
        """Reads on, and forgets what lies behind; a value that does not fit doubles the window."""
        kept = self._text[self._at :]
        more = self._file.read(max(CHUNK_BYTES, len(kept)))
        self._base += self._at
        self._at = 0
        self._text = kept + more
        return bool(more)

    def _error(self, expected: str) -> JsonError:
        found = self._text[self._at : self._at + 10].decode("utf-8", "replace")
        return JsonError(f"At byte {self._base + self._at} stands {found!r} where {expected} should be.")


def _parsed(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        detail = str(error)
    try:
        return json.loads(_decoded(text), parse_constant=_null, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError):
        return Unreadable(f"It is not JSON: {detail}.")


def _null(_word: str) -> None:
    return None


def _finite(text: str) -> float | None:
    value = float(text)
    return value if isfinite(value) else None


def _whole(text: str) -> int | float | None:
    """As orjson takes it: whole numbers beyond 64 bits become floats."""
    return int(text) if len(text) < _WHOLE_DIGITS else _finite(text)


def _is_foreign(text: bytes) -> bool:
    if text.isascii():
        return False
    try:
        text.decode()
    except UnicodeDecodeError:
        return True
    return False


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")
