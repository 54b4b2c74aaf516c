"""What an untrusted archive may contain: limits, safe names, sentences of refusal. Knows no archive format."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from annotator.core.storage.readable import Readable

PART_BYTES = 255
_CLUTTER_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much one archive may hold. The defaults suit a server that takes data sets from people who signed in."""

    entries: int = 500_000
    """Members, folders included."""

    total_bytes: int = 200 << 30
    """All members together, unpacked."""

    file_bytes: int = 8 << 30
    """One member, unpacked."""

    ratio: int = 200
    """Unpacked bytes for one packed byte, beyond `ratio_free_bytes`. Pictures reach 3, annotation text 40."""

    ratio_free_bytes: int = 64 << 20
    """So much may come out of any archive, however well it was packed: small empty masks pack 1000 to 1."""

    depth: int = 32
    """Parts of a member's path, its own name included."""

    name_bytes: int = 1024
    """A member's whole path in UTF-8; a single part of it may have `PART_BYTES`, as on every file system."""

    directory_bytes: int = 128 << 20
    """A zip's directory, which is held in memory."""

    header_bytes: int = 64 << 10
    """One extended header of a tar, which is held in memory."""


DEFAULT_LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One member that is a file. `name` is relative, NFC, separated by "/", without empty, "." and ".." parts."""

    name: str
    size: int


class ArchiveRefused(ValueError):  # noqa: N818 - a refusal is an answer to the person, not a fault of the program
    """The archive cannot be taken; `detail` says why and what would be right."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class MemberReader:
    """At most `size` bytes of `source`; the faults of its decoder become a refusal."""

    def __init__(self, source: Readable, size: int, faults: tuple[type[Exception], ...]) -> None:
        self._source = source
        self._left = size
        self._faults = faults

    def read(self, size: int = -1, /) -> bytes:
        """`size` bytes, or all that are left; fewer only at the end."""
        wanted = self._left if size < 0 else min(size, self._left)
        if wanted == 0:
            return b""
        try:
            data = self._source.read(wanted)
        except ArchiveRefused:
            raise
        except self._faults as error:
            raise damaged(error) from error
        if len(data) < wanted:
            raise damaged("a member ends too early")
        self._left -= wanted
        return data


def safe_name(raw: str, limits: ArchiveLimits) -> str:
    """The member's path as it may be used; empty for the root folder. Windows packers write "\\" between folders."""
    name = unicodedata.normalize("NFC", raw.replace("\\", "/"))
    if name.startswith("/") or _DRIVE.match(name):
        raise _unsafe(raw, "is an absolute path", "Paths inside an archive start with a folder's or a file's name.")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise _unsafe(raw, "leads out of the archive by '..'", "Pack the folder itself, without '..'.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise _unsafe(raw, "holds control characters", "Rename the file and pack it again.")
    if len(parts) > limits.depth:
        raise _unsafe(raw, f"lies {len(parts)} levels deep", f"At most {limits.depth} are allowed.")
    sizes = [len(part.encode()) for part in parts]
    if max(sizes, default=0) > PART_BYTES or sum(sizes) > limits.name_bytes:
        remedy = f"At most {PART_BYTES} bytes a part and {limits.name_bytes:,} bytes in all are allowed."
        raise _unsafe(raw, "has too long a path", remedy)
    return "/".join(parts)


def is_clutter(name: str) -> bool:
    """What file managers leave behind and nobody means to upload."""
    last = name.rpartition("/")[2].lower()
    return name.startswith("__MACOSX/") or last in _CLUTTER_NAMES or last.startswith("._")


def check_count(count: int, limits: ArchiveLimits) -> None:
    if count > limits.entries:
        raise ArchiveRefused(
            "archive_too_many_entries",
            f"The archive has more than {limits.entries:,} entries. Upload it in several parts.",
        )


def check_size(name: str, size: int, limits: ArchiveLimits) -> None:
    if size > limits.file_bytes:
        raise ArchiveRefused(
            "archive_file_too_large",
            f"The entry {name!r} has {size:,} bytes unpacked. At most {limits.file_bytes:,} bytes a file are allowed.",
        )


def check_total(total: int, packed: int, limits: ArchiveLimits) -> None:
    """`total` bytes have come, or are promised to come, out of `packed` bytes."""
    if total > limits.total_bytes:
        raise ArchiveRefused(
            "archive_too_large",
            f"The archive has more than {limits.total_bytes:,} bytes unpacked. Upload it in several parts.",
        )
    if total > limits.ratio_free_bytes + limits.ratio * packed:
        raise ArchiveRefused(
            "archive_bomb",
            f"The archive unpacks to more than {limits.ratio} times its size, like one that was made to fill the disk. "
            "If its files are real, pack them without compression.",
        )


def damaged(cause: object) -> ArchiveRefused:
    reason = str(cause).rstrip(".") or type(cause).__name__
    return ArchiveRefused(
        "archive_damaged", f"The archive is damaged or cut short ({reason}). Pack it again, or copy it again."
    )


def not_plain(name: str, what: str) -> ArchiveRefused:
    return ArchiveRefused(
        "archive_not_plain",
        f"The entry {name!r} is {what}. Pack plain files and folders only (tar: --dereference --hard-dereference).",
    )


def encrypted(name: str) -> ArchiveRefused:
    return ArchiveRefused("archive_encrypted", f"The entry {name!r} is encrypted. Pack the files without a password.")


def _unsafe(raw: str, fault: str, remedy: str) -> ArchiveRefused:
    shown = raw if len(raw) <= 80 else f"{raw[:77]}..."
    return ArchiveRefused("archive_unsafe_path", f"The entry {shown!a} {fault}. {remedy}")
