"""Owns stamps: files that remember what something was made from, so that it is made again only when that changes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

CHUNK = 1 << 20


def files_digest(files: Iterable[Path], *, base: Path, extra: str = "") -> str:
    """One digest over names (relative to `base`), contents and `extra`, in whatever order the files are given."""
    digest = hashlib.sha256(extra.encode())
    for file in sorted(files):
        content = hashlib.sha256()
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                content.update(chunk)
        digest.update(f"\0{file.relative_to(base).as_posix()}\0{content.hexdigest()}".encode())
    return digest.hexdigest()


def stamp_matches(stamp: Path, digest: str) -> bool:
    try:
        return stamp.read_text().strip() == digest
    except OSError:
        return False


def stamp_write(stamp: Path, digest: str) -> None:
    stamp.write_text(digest + "\n")


def stamp_remove(stamp: Path) -> None:
    """Called before the work starts, so that an interrupted one is done again."""
    stamp.unlink(missing_ok=True)
