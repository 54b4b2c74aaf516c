"""Which files lie in a folder and what their ends say, for telling formats apart. Knows no format."""

from __future__ import annotations

from pathlib import Path

PROBED_BYTES = 1 << 16


def ends_of(path: Path) -> bytes:
    """The beginning and the end of a file, enough to tell what it holds; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(PROBED_BYTES)
            size = path.stat().st_size
            file.seek(max(size - PROBED_BYTES, len(head)))
            return head + file.read(PROBED_BYTES)
    except OSError:
        return b""


def files_ending_in(root: Path, suffix: str) -> list[Path]:
    """The files below the folder, or the file itself, whose names end so; links are not followed."""
    if root.is_file():
        return [root] if root.suffix.lower() == suffix else []
    found = (path for path in root.rglob("*") if path.suffix.lower() == suffix)
    return sorted(path for path in found if path.is_file() and not path.is_symlink())
