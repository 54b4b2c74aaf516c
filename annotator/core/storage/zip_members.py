"""The members of an untrusted zip, judged by its directory before the first byte is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from annotator.core.storage.archive_rules import (
    ArchiveEntry,
    ArchiveLimits,
    ArchiveRefused,
    MemberReader,
    check_count,
    check_size,
    check_total,
    damaged,
    encrypted,
    not_plain,
    safe_name,
)

END_BYTES = 22
END64_BYTES = 56
LOCATOR64_BYTES = 20
COMMENT_BYTES = 65_535
LOCAL_HEADER_BYTES = 30
UTF8_FLAG = 0x800
ENCRYPTION_FLAGS = 0x0001 | 0x0040 | 0x2000

# zipfile unpacks bzip2 and LZMA without an upper bound for one step: 4 KB of bzip2 can become gigabytes of memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

FAULTS = (
    zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, EOFError, OSError, zlib.error, struct.error,
)  # fmt: skip
"""What zipfile raises for bytes that are not as they should be."""


def iterate_zip(file: BinaryIO, limits: ArchiveLimits) -> Iterator[tuple[ArchiveEntry, MemberReader]]:
    """Each file with its bytes, in the order of the directory. Every check is made before the first one is yielded."""
    _check_directory(file, limits)
    try:
        archive = zipfile.ZipFile(file)
    except FAULTS as error:
        raise damaged(error) from error
    with archive:
        for info, entry in _checked_members(archive, limits):
            try:
                member = archive.open(info)
            except FAULTS as error:
                raise damaged(error) from error
            with member:
                yield entry, MemberReader(member, entry.size, FAULTS)


def _check_directory(file: BinaryIO, limits: ArchiveLimits) -> None:
    """Bound the directory before zipfile builds an object for every line of it; it is found as zipfile finds it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - COMMENT_BYTES - END_BYTES - LOCATOR64_BYTES - END64_BYTES))
    tail = file.read()
    file.seek(0)
    end = len(tail) - END_BYTES
    if end < 0 or not (tail.startswith(b"PK\5\6", end) and tail.endswith(b"\0\0")):
        end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < END_BYTES:
        raise damaged("its directory is missing")
    count, directory = struct.unpack_from("<HI", tail, end + 10)
    end64 = end - LOCATOR64_BYTES - END64_BYTES
    if end64 >= 0 and tail.startswith(b"PK\6\7", end - LOCATOR64_BYTES) and tail.startswith(b"PK\6\6", end64):
        count, directory = struct.unpack_from("<QQ", tail, end64 + 32)
    check_count(count, limits)
    if directory > limits.directory_bytes:
        raise ArchiveRefused(
            "archive_too_many_entries",
            f"The archive's directory has {directory:,} bytes; at most {limits.directory_bytes:,} are allowed. "
            "Upload it in several parts.",
        )


def _checked_members(archive: zipfile.ZipFile, limits: ArchiveLimits) -> list[tuple[zipfile.ZipInfo, ArchiveEntry]]:
    infos = archive.infolist()
    check_count(len(infos), limits)
    files = []
    total = packed = 0
    for info in infos:
        name = safe_name(_decoded_name(info), limits)
        _check_member(info, name, limits)
        total += info.file_size
        packed += info.compress_size
        if name and not info.is_dir():
            files.append((info, ArchiveEntry(name, info.file_size)))
    check_total(total, packed, limits)
    _check_overlap(infos)
    return files


def _check_member(info: zipfile.ZipInfo, name: str, limits: ArchiveLimits) -> None:
    if info.flag_bits & ENCRYPTION_FLAGS:
        raise encrypted(name)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise not_plain(name, "a symbolic link" if stat.S_ISLNK(mode) else "a device or another special file")
    if info.compress_type not in METHODS:
        raise ArchiveRefused(
            "archive_unsupported_compression",
            f"The entry {name!r} is packed by method {info.compress_type}. "
            "Pack it again with the usual method (deflate) or without compression.",
        )
    check_size(name, info.file_size, limits)
    check_total(info.file_size, info.compress_size, limits)


def _check_overlap(infos: list[zipfile.ZipInfo]) -> None:
    """Entries that share packed bytes are how a small zip promises petabytes without any entry looking odd."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ArchiveRefused(
                "archive_overlap",
                f"The entry {info.filename!r} shares its bytes with another one, as in archives made to fill disks. "
                "Pack the files again.",
            )
        end = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """Packers that leave the UTF-8 flag out mostly wrote UTF-8 all the same; zipfile then reads it as CP437."""
    if info.flag_bits & UTF8_FLAG:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode()
    except UnicodeError:
        return info.orig_filename
