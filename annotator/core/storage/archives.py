"""Safe reading of untrusted zip and tar archives: bounded, one member at a time, no path that leads out.

Knows what a harmful archive looks like, never what its members mean. An archive is refused as a whole, with a sentence,
at the first member that is not plain data; archives inside archives are members like any other and are not opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from annotator.core.storage.archive_rules import (
    DEFAULT_LIMITS,
    ArchiveEntry,
    ArchiveLimits,
    ArchiveRefused,
    MemberReader,
    is_clutter,
)
from annotator.core.storage.tar_members import BZIP2_MAGIC, GZIP_MAGIC, XZ_MAGIC, iterate_tar
from annotator.core.storage.zip_members import iterate_zip

__all__ = [
    "DEFAULT_LIMITS",
    "HEAD_BYTES",
    "ArchiveEntry",
    "ArchiveLimits",
    "ArchiveRefused",
    "MemberReader",
    "check_archive",
    "extract_archive",
    "iterate_archive",
    "sniff_archive",
]

HEAD_BYTES = 512
COPY_BYTES = 1 << 20
TAR_MAGIC_AT = 257


def sniff_archive(head: bytes) -> Literal["zip", "tar"] | None:
    """What the first `HEAD_BYTES` bytes say, whatever the file is called. A compressed file counts as a tar."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith((GZIP_MAGIC, BZIP2_MAGIC, XZ_MAGIC)) or head.startswith(b"ustar", TAR_MAGIC_AT):
        return "tar"
    return None


def iterate_archive(path: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> Iterator[tuple[ArchiveEntry, MemberReader]]:
    """Each file with its bytes, which can be read until the next step. Clutter of file managers is passed over.

    Raises `ArchiveRefused`: for a zip before its first member, for a tar where the reading meets the fault.
    """
    with path.open("rb") as file:
        kind = sniff_archive(file.read(HEAD_BYTES))
        file.seek(0)
        if kind is None:
            raise ArchiveRefused(
                "not_an_archive",
                "This is not an archive that can be read. Supported: .zip, .tar, .tar.gz, .tar.bz2, .tar.xz.",
            )
        for entry, reader in iterate_zip(file, limits) if kind == "zip" else iterate_tar(file, limits):
            if not is_clutter(entry.name):
                yield entry, reader


def check_archive(path: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> list[ArchiveEntry]:
    """The files of the archive, after every check that needs no unpacked byte kept. Raises `ArchiveRefused`.

    A zip is judged by its directory alone; a compressed tar has to be decompressed once.
    """
    return [entry for entry, _ in iterate_archive(path, limits)]


def extract_archive(path: Path, folder: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> list[ArchiveEntry]:
    """Write every file below the empty folder `folder`; of two members with one name the later stays, as in tar.

    Raises `ArchiveRefused`; what was written until then is the caller's to remove.
    """
    entries = {}
    for entry, reader in iterate_archive(path, limits):
        target = folder / entry.name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as copy:
                while chunk := reader.read(COPY_BYTES):
                    copy.write(chunk)
        except (FileExistsError, IsADirectoryError, NotADirectoryError):
            raise ArchiveRefused(
                "archive_name_clash",
                f"In this archive {entry.name!r}, or a folder above it, is a file and a folder at the same time. "
                "Rename one of them and pack it again.",
            ) from None
        entries[entry.name] = entry
    return list(entries.values())
