"""The tables of native Parquet: their columns and types, read in row groups. Knows no records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from datasets_app.formats.base import FormatError

VERSION = 1
_BATCH_ROWS = 4096
_THRIFT_BYTES = 64 << 20


def _schema(file: str, *columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema(columns, {"file": file})


IMAGES = _schema(
    "images.parquet",
    ("number", pa.int64()),
    ("name", pa.string()),
    ("width", pa.int64()),
    ("height", pa.int64()),
    ("uuid", pa.string()),
    ("sha256", pa.string()),
    ("state", pa.string()),
    ("split", pa.string()),
    ("fixed_split", pa.string()),
    ("tags", pa.list_(pa.string())),
    ("group", pa.string()),
    ("suffix", pa.string()),
    ("path", pa.string()),
)
ANNOTATIONS = _schema(
    "annotations.parquet",
    ("image", pa.int64()),
    ("uuid", pa.string()),
    ("class", pa.int64()),
    ("type", pa.string()),
    ("x", pa.float64()),
    ("y", pa.float64()),
    ("width", pa.float64()),
    ("height", pa.float64()),
    ("area", pa.float64()),
    ("shape", pa.string()),
    ("attributes", pa.string()),
    ("occluded", pa.bool_()),
    ("truncated", pa.bool_()),
    ("crowd", pa.bool_()),
    ("z_order", pa.int64()),
    ("group", pa.int64()),
    ("source", pa.string()),
    ("score", pa.float64()),
)
CLASSES = _schema(
    "classes.parquet",
    ("number", pa.int64()),
    ("position", pa.int64()),
    ("name", pa.string()),
    ("color", pa.string()),
    ("uuid", pa.string()),
    ("hotkey", pa.string()),
    ("attributes", pa.string()),
    ("skeleton", pa.string()),
)


def file_name(schema: pa.Schema) -> str:
    name: bytes = schema.metadata[b"file"]
    return name.decode()


class TableReader:
    """One Parquet file below `root`, its rows as tuples of the columns asked for."""

    def __init__(self, root: Path, schema: pa.Schema) -> None:
        """Raises `FormatError` where the file is missing or no Parquet file."""
        self.name = file_name(schema)
        self._schema = schema
        try:
            self._file = parquet.ParquetFile(
                root / self.name,
                thrift_string_size_limit=_THRIFT_BYTES,
                thrift_container_size_limit=1_000_000,
                page_checksum_verification=True,
                pre_buffer=False,
                buffer_size=1 << 20,
            )
        except FileNotFoundError:
            raise FormatError(f"There is no {self.name} in {root.name}.") from None
        except (pa.ArrowException, OSError) as error:
            raise FormatError(f"{self.name} is no Parquet file: {_first_line(error)}.") from None
        self._there = set(self._file.schema_arrow.names)
        self.count: int = self._file.metadata.num_rows
        self.metadata: dict[bytes, bytes] = self._file.metadata.metadata or {}

    def require(self, *names: str) -> None:
        """Raise `FormatError` unless the file has these columns."""
        missing = [name for name in names if name not in self._there]
        if missing:
            raise FormatError(f"{self.name} has no column {missing[0]!r}; it needs {', '.join(names)}.")

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Those columns of every row; None for columns that the file does not have. Raises `FormatError`."""
        for batch in self._batches([name for name in names if name in self._there]):
            columns = [self._column(batch, name) for name in names]
            yield from zip(*columns, strict=True)

    def _batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        batches = self._file.iter_batches(_BATCH_ROWS, columns=names, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                raise FormatError(f"{self.name} is damaged: {_first_line(error)}.") from None
            if batch is None:
                return
            yield batch

    def _column(self, batch: pa.RecordBatch, name: str) -> list[Any]:
        if name not in self._there:
            return [None] * batch.num_rows
        wanted = self._schema.field(name).type
        try:
            column = batch.column(name)
            values: list[Any] = _values(column if column.type == wanted else column.cast(wanted))
        except (pa.ArrowException, ValueError) as error:
            detail = _first_line(error)
            raise FormatError(f"{self.name}: the column {name!r} must be of the type {wanted}: {detail}.") from None
        return values


def _values(column: pa.Array) -> list[Any]:
    # Ten times as fast as `to_pylist` for numbers; nulls would come as NaN, so columns with any go the slow way.
    if column.null_count == len(column):
        return [None] * len(column)
    if column.null_count == 0 and pa.types.is_primitive(column.type):
        numbers: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
        return numbers
    values: list[Any] = column.to_pylist()
    return values


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")[:200]
