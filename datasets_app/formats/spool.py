"""Groups records that come in any order by their image, on disk, in flat memory. Knows no format and no records.

COCO lists its annotations apart from its images, tables have a row for each object: a reader has to hand out the
records of one image together, whatever their order in the file, and may not hold them all. A `Spool` takes them in one
pass and hands them out in another:

    with Spool() as spool:
        for row in rows:
            spool.add(row["file"], row)                     # any value that JSON can hold
        for name, rows in spool.groups():                   # where the records name the images
            yield image(name, rows)

    with Spool() as spool:
        for entry in annotations:
            spool.add(str(entry["image_id"]), entry)
        for entry in images:                                # where the images are listed elsewhere
            yield image(entry, spool.take(str(entry["id"])))
        for key, entries in spool.rest():
            report.refuse(key, "There is no such image.")

1 M records of 100 bytes for 100,000 images in random order: 6 s in all (4 s of it SQLite), 16 MB of memory. A million
records sorted on their way in, or put together in memory in batches, took longer.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import orjson

_BATCH = 1000
"""Records that wait in memory for the next insert; larger batches are not faster."""

_CACHE_KIB = 4000


class Spool:
    """Records by key, in a file that belongs to this object alone and has no name that could be left behind.

    Records of one key come back in the order they were added, as `orjson` reads them back: tuples are lists, and
    numbers that are not finite are null. The first call that takes records out ends the adding; a later `add` raises
    `ValueError`. The file is gone after the `with` block, also after an error in it; a spool that is handed on to a
    generator that nobody walks is closed when it is collected. For one thread at a time.

    The file lies in SQLite's folder for temporary files: `SQLITE_TMPDIR`, else `TMPDIR`, else the system's.
    """

    def __init__(self) -> None:
        # An empty name is a temporary database: on disk once it outgrows the cache, removed before it is used.
        # Any thread may collect a forgotten spool, hence the last argument.
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._closer = weakref.finalize(self, self._rows.close)
        self._rows.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA temp_store = FILE")
        self._rows.execute("CREATE TABLE record (number INTEGER PRIMARY KEY, key BLOB NOT NULL, text BLOB NOT NULL)")
        # One transaction from here to the end: nothing is ever committed to a file that nobody else can see.
        self._rows.execute("BEGIN")
        self._batch: list[tuple[bytes, bytes]] = []
        self._count = 0
        self._taken: bytearray | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """How many records were added."""
        return self._count

    def close(self) -> None:
        """Remove the file; may be called twice. Every other call then raises `sqlite3.ProgrammingError`."""
        self._batch.clear()
        self._closer()

    def add(self, key: str, record: Any) -> None:
        """Keep `record`, a value that JSON can hold, under `key`. Raises `TypeError` for other values."""
        self.add_json(key, orjson.dumps(record))

    def add_json(self, key: str, text: bytes) -> None:
        """The same for a record that is JSON already; it is not looked at before it is taken out."""
        if self._taken is not None:
            raise ValueError("Records were taken out of this spool before; add all of them first.")
        self._count += 1
        self._batch.append((_key(key), text))
        if len(self._batch) >= _BATCH:
            self._flush()

    def take(self, key: str) -> list[Any]:
        """The records of `key`; none where there are none or they were taken before."""
        taken = self._sealed()
        found = self._rows.execute("SELECT number, text FROM record WHERE key = ? ORDER BY number", (_key(key),))
        rows = found.fetchall()
        if not rows or _is_set(taken, rows[0][0]):
            return []
        _set(taken, rows[0][0])
        return [orjson.loads(text) for _, text in rows]

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Every key not taken yet with its records, in the order in which the keys first came; takes them."""
        taken = self._sealed()
        # A cursor of its own: it is still open while `take` runs the next query.
        for key, first in self._rows.execute("SELECT key, MIN(number) FROM record GROUP BY key ORDER BY 2"):
            if not _is_set(taken, first):
                text = _text(key)
                yield text, self.take(text)

    rest = groups
    """The same, to be read as what it is where records were taken before: those that nobody asked for."""

    def _flush(self) -> None:
        self._rows.executemany("INSERT INTO record (key, text) VALUES (?, ?)", self._batch)
        self._batch.clear()

    def _sealed(self) -> bytearray:
        """A bit for each record, set on the first one of each key that was taken."""
        if self._taken is None:
            self._flush()
            # Built once over all records, which sorts them outside memory; kept up to date it would be much slower.
            self._rows.execute("CREATE INDEX record_key ON record (key)")
            self._taken = bytearray(self._count // 8 + 1)
        return self._taken


def _key(key: str) -> bytes:
    # Names of files that are no UTF-8 reach Python as lone surrogates; SQLite would refuse them as text.
    return key.encode("utf-8", "surrogatepass")


def _text(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")


def _is_set(bits: bytearray, number: int) -> bool:
    return bool(bits[number >> 3] >> (number & 7) & 1)


def _set(bits: bytearray, number: int) -> None:
    bits[number >> 3] |= 1 << (number & 7)
