"""TFRecord files and the `tf.train.Example` messages in them, without TensorFlow. Knows bytes, no data sets.

A file is a row of records: length (8 bytes, little endian), masked CRC-32C of those, the record, its masked CRC-32C.
An Example is a protobuf map from names to lists of bytes, of 32-bit floats or of whole numbers:

    message Example   { Features features = 1; }
    message Features  { map<string, Feature> feature = 1; }
    message Feature   { oneof kind { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; } }
    message …List     { repeated … value = 1; }                             numbers packed or one by one
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import google_crc32c
import numpy as np

from datasets_app.formats.base import FormatError

LARGEST_BYTES = 512 << 20
"""A longer record is not read: it would have to be held in memory."""

_HEAD = struct.Struct("<QI")
_CHECK = struct.Struct("<I")
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_BYTES, _FLOATS, _INTEGERS = 1, 2, 3

Feature = bytes | str | int | float | Sequence[bytes] | Sequence[str] | Sequence[int] | Sequence[float]
"""What may be written: one value or a list of one kind. An empty list says nothing and is left out."""


class WireError(ValueError):
    """The bytes are no such message; the message says why."""


class Record(NamedTuple):
    """`offset` is where `data` begins in the file; `is_whole` whether its checksum is right."""

    offset: int
    data: bytes
    is_whole: bool


def write_record(file: BinaryIO, data: bytes) -> None:
    length = struct.pack("<Q", len(data))
    file.write(length + _CHECK.pack(_masked_crc(length)) + data + _CHECK.pack(_masked_crc(data)))


def records(path: Path) -> Iterator[Record]:
    """The records of a file, one at a time. Raises `FormatError` where it stops being a TFRecord file."""
    with path.open("rb") as file:
        offset = 0
        while head := file.read(_HEAD.size):
            if len(head) < _HEAD.size:
                raise FormatError(f"{path.name} stops in the head of a record at byte {offset}; the file was cut off.")
            length, check = _HEAD.unpack(head)
            if check != _masked_crc(head[:8]):
                raise FormatError(
                    f"{path.name}, byte {offset}: no TFRecord begins here; its length has a wrong checksum."
                )
            if length > LARGEST_BYTES:
                raise FormatError(f"{path.name}, byte {offset}: the record is larger than {LARGEST_BYTES >> 20} MiB.")
            data, tail = file.read(length), file.read(_CHECK.size)
            if len(tail) < _CHECK.size:
                raise FormatError(f"{path.name} stops in the record at byte {offset}; the file was cut off.")
            yield Record(offset + _HEAD.size, data, _CHECK.unpack(tail)[0] == _masked_crc(data))
            offset += _HEAD.size + length + _CHECK.size


def is_record_file(path: Path) -> bool:
    """Whether the file begins with the head of a record."""
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    return len(head) == _HEAD.size and _HEAD.unpack(head)[1] == _masked_crc(head[:8])


def example_to_bytes(features: Mapping[str, Feature]) -> bytes:
    """An Example; names in order, so that equal features give equal bytes."""
    entries = []
    for name in sorted(features):
        feature = _feature(features[name])
        if feature:
            entry = _field(1, name.encode()) + _field(2, feature)
            entries.append(_field(1, entry))
    return _field(1, b"".join(entries)) if entries else b""


def example_from_bytes(data: bytes) -> dict[str, list[Any] | list[tuple[int, int]]]:
    """Lists of numbers as they are, and lists of bytes as (start, end) in `data`: pictures are not copied.

    Raises `WireError`.
    """
    found: dict[str, list[Any]] = {}
    for number, start, end in _fields(data, 0, len(data), {1}):
        for _, entry_start, entry_end in _fields(data, start, end, {number}):
            name, value = "", (0, 0)
            for key, at, until in _fields(data, entry_start, entry_end, {1, 2}):
                if key == 1:
                    name = data[at:until].decode("utf-8", "replace")
                else:
                    value = (at, until)
            found[name] = _values(data, *value)
    return found


def _feature(value: Feature) -> bytes:
    values: Any = [value] if isinstance(value, (bytes, str, int, float)) else value
    if not len(values):
        return b""
    first = values[0]
    if isinstance(first, (bytes, str)):
        texts = (text.encode() if isinstance(text, str) else text for text in values)
        return _field(_BYTES, b"".join(_field(1, text) for text in texts))
    if isinstance(first, float):
        return _field(_FLOATS, _field(1, np.asarray(values, "<f4").tobytes()))
    return _field(_INTEGERS, _field(1, b"".join(_varint(number) for number in values)))


def _values(data: bytes, start: int, end: int) -> list[Any]:
    values: list[Any] = []
    for kind, list_start, list_end in _fields(data, start, end, {_BYTES, _FLOATS, _INTEGERS}):
        values = []
        for _, at, until in _fields(data, list_start, list_end, {1}, numbers=kind != _BYTES):
            values.extend(_numbers(data, at, until, kind) if kind != _BYTES else [(at, until)])
    return values


def _numbers(data: bytes, start: int, end: int, kind: int) -> list[Any]:
    if kind == _FLOATS:
        if (end - start) % 4:
            raise WireError("A list of 32-bit floats is cut off.")
        floats: list[Any] = np.frombuffer(data, "<f4", (end - start) // 4, start).astype(np.float64).tolist()
        return floats
    found = []
    while start < end:
        value, start = _read_varint(data, start, end)
        found.append(value - (1 << 64) if value >> 63 else value)
    return found


def _fields(
    data: bytes, start: int, end: int, wanted: set[int], *, numbers: bool = False
) -> Iterator[tuple[int, int, int]]:
    """(field number, start, end) of the wanted fields with a length; with `numbers`, of single numbers too."""
    while start < end:
        tag, start = _read_varint(data, start, end)
        number, kind = tag >> 3, tag & 7
        begin = start
        if kind == _LENGTH:
            length, begin = _read_varint(data, start, end)
            start = begin + length
        elif kind == _VARINT:
            _, start = _read_varint(data, start, end)
        elif kind in (_FIXED64, _FIXED32):
            start += 8 if kind == _FIXED64 else 4
        else:
            raise WireError(f"There is no field of the wire type {kind}.")
        if start > end:
            raise WireError("A field is longer than the message around it.")
        if number in wanted and (kind == _LENGTH or numbers):
            yield number, begin, start


def _read_varint(data: bytes, start: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while start < end:
        byte = data[start]
        start += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & ((1 << 64) - 1), start
        shift += 7
        if shift > 63:
            raise WireError("A number is longer than 64 bits.")
    raise WireError("A number is cut off.")


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH) + _varint(len(content)) + content


def _masked_crc(data: bytes) -> int:
    crc: int = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
