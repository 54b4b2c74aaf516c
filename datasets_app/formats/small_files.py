"""Where the files go that a format writes one of for each image: onto the disk, or straight to whoever packs them.

Creating a hundred thousand files takes longer than filling them. A caller that packs what is written may therefore take
them as they come: it hands its own `SmallFiles` to `Format.write` as the option `small_files`. Knows no format.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from typing_extensions import override


class SmallFiles(Protocol):
    """Takes whole files below the root that a format writes to."""

    def write(self, path: str, data: bytes) -> None:
        """The file at that place; what lay there before is replaced."""

    def rename(self, folder: Path, to: Path) -> None:
        """Gives the folder, with everything in it on disk and taken here, another name."""


class _OnDisk(SmallFiles):
    @override
    def write(self, path: str, data: bytes) -> None:
        try:
            file = open(path, "wb")  # noqa: PTH123, SIM115
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
            file = open(path, "wb")  # noqa: PTH123, SIM115
        with file:
            file.write(data)

    @override
    def rename(self, folder: Path, to: Path) -> None:
        folder.rename(to)


_ON_DISK = _OnDisk()


def small_files_of(options: Mapping[str, Any]) -> SmallFiles:
    """Those of the caller, else the disk."""
    chosen: SmallFiles = options.get("small_files", _ON_DISK)
    return chosen
