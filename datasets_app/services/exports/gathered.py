"""The small files of an export between being written and being packed: one after the other in a single file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from typing_extensions import override

from datasets_app.formats.small_files import SmallFiles


class GatheredFiles(SmallFiles):
    """Keeps them in a file at `path`, which is gone after the `with` block, as if they lay below `root`."""

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._root = f"{root}{os.sep}"
        self._places: dict[str, tuple[int, int]] = {}
        self._file = path.open("wb", buffering=1 << 20)
        # Unbuffered: files are asked for in another order than they came in, and each is small.
        self._reader = path.open("rb", buffering=0)
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._reader.close()
        self._path.unlink()

    @property
    def names(self) -> list[str]:
        """Relative to the root, with "/"."""
        return list(self._places)

    @override
    def write(self, path: str, data: bytes) -> None:
        self._file.write(data)
        self._places[self._name(path)] = (self._end, len(data))
        self._end += len(data)

    @override
    def rename(self, folder: Path, to: Path) -> None:
        folder.rename(to)
        old, new = (f"{self._name(str(path))}/" for path in (folder, to))
        self._places = {
            new + name.removeprefix(old) if name.startswith(old) else name: place
            for name, place in self._places.items()
        }

    def read(self, name: str) -> bytes:
        self._file.flush()
        start, size = self._places[name]
        self._reader.seek(start)
        return self._reader.read(size)

    def _name(self, path: str) -> str:
        return path.removeprefix(self._root).replace(os.sep, "/")
