"""The members of an untrusted tar, plain or compressed, read once from front to end in flat memory."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from typing_extensions import override

from annotator.core.storage.archive_rules import (
    ArchiveEntry,
    ArchiveLimits,
    ArchiveRefused,
    MemberReader,
    check_count,
    check_size,
    check_total,
    damaged,
    not_plain,
    safe_name,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_BYTES = 6
PACKED_CHUNK_BYTES = 256 << 10
UNPACKED_CHUNK_BYTES = 256 << 10
XZ_MEMORY_BYTES = 256 << 20
"""Enough for `xz -9`, which asks for 65 MiB; a forged header can ask for 4 GiB."""

GZIP_MAGIC, BZIP2_MAGIC, XZ_MAGIC = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"

FAULTS = (tarfile.TarError, ValueError, EOFError, OSError, zlib.error, lzma.LZMAError, RecursionError)
"""What tarfile and the decompressors raise for bytes that are not as they should be; a chain of headers recurses."""


def iterate_tar(file: BinaryIO, limits: ArchiveLimits) -> Iterator[tuple[ArchiveEntry, MemberReader]]:
    """Each file with its bytes, as the reading meets it."""
    stream = _UnpackedStream(file, limits)
    try:
        archive = _opened(stream)
        count = 0
        while (info := archive.next()) is not None:
            count += 1
            check_count(count, limits)
            # tarfile keeps every member that it has met; a long archive would fill the memory with them.
            archive.members = []  # type: ignore[attr-defined]
            name = safe_name(_decoded_name(info), limits)
            _check_member(info, name, limits)
            if name and info.isreg():
                stream.seek(info.offset_data)
                yield ArchiveEntry(name, info.size), MemberReader(stream.contents, info.size, FAULTS)
        stream.finish()
    except ArchiveRefused:
        raise
    except FAULTS as error:
        raise damaged(error) from error


def _opened(stream: _UnpackedStream) -> tarfile.TarFile:
    try:
        return tarfile.TarFile(fileobj=cast("BinaryIO", stream), mode="r")
    except tarfile.TarError:
        raise ArchiveRefused(
            "not_an_archive", "The compressed file holds no tar archive. Pack the files as .zip or .tar.gz."
        ) from None


def _check_member(info: tarfile.TarInfo, name: str, limits: ArchiveLimits) -> None:
    if info.issym() or info.islnk():
        raise not_plain(name, f"a {'symbolic' if info.issym() else 'hard'} link")
    if info.issparse():
        raise not_plain(name, "a sparse file")
    if not (info.isreg() or info.isdir()):
        raise not_plain(name, "a device or another special file")
    if info.size < 0:
        raise damaged(f"the entry {name!r} has a negative size")
    check_size(name, info.size, limits)


def _decoded_name(info: tarfile.TarInfo) -> str:
    """Old packers on Windows wrote their code page; tarfile keeps such bytes as lone surrogates."""
    try:
        info.name.encode()
    except UnicodeEncodeError:
        return info.name.encode(errors="surrogateescape").decode("cp1252", errors="replace")
    return info.name


class _UnpackedStream:
    """The unpacked bytes as the forward-only file that tarfile reads headers from; members are read by `contents`."""

    def __init__(self, file: BinaryIO, limits: ArchiveLimits) -> None:
        self.contents = _BoundedReader(file, limits)
        self._header_bytes = limits.header_bytes
        self._last_block = b""

    def tell(self) -> int:
        return self.contents.position

    def seek(self, position: int) -> int:
        distance = position - self.contents.position
        if distance < 0:
            raise damaged("its headers point backwards")
        while distance and (skipped := self.contents.read(min(distance, UNPACKED_CHUNK_BYTES))):
            distance -= len(skipped)
        return self.contents.position

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes, fewer only at the end. tarfile asks for whole headers, however long they claim."""
        if size > self._header_bytes:
            raise damaged(f"a header of {size:,} bytes")
        self._last_block = self.contents.read(size)
        return self._last_block

    def finish(self) -> None:
        """The end is a block of zeros or of nothing; anything else that stops tarfile is damage."""
        if any(self._last_block):
            raise damaged("an entry's header is not one")
        while self.contents.read(UNPACKED_CHUNK_BYTES):  # the checksum comes last
            pass


class _BoundedReader:
    """Unpacked bytes, counted: what came out against what went in."""

    def __init__(self, file: BinaryIO, limits: ArchiveLimits) -> None:
        self.position = 0
        self._limits = limits
        self._packed = file.seek(0, io.SEEK_END)
        file.seek(0)
        decompressor = _new_decompressor(file.read(HEAD_BYTES))
        file.seek(0)
        self._unbounded = decompressor is None
        raw: io.RawIOBase = _Unpacker(file, decompressor) if decompressor else cast("io.RawIOBase", file)
        self._buffer = io.BufferedReader(raw, UNPACKED_CHUNK_BYTES)

    def read(self, size: int, /) -> bytes:
        """`size` bytes, fewer only at the end."""
        data = self._buffer.read(size)
        self.position += len(data)
        if not self._unbounded:
            check_total(self.position, self._packed, self._limits)
        return data


class _Decompressor(Protocol):
    """What bz2 and lzma offer and `_Gzip` mimics: never more than `max_length` bytes at a time."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


class _Unpacker(io.RawIOBase):
    """Unpacks by small steps, through as many concatenated streams as the file holds."""

    def __init__(self, file: BinaryIO, decompressor: _Decompressor) -> None:
        self._file = file
        self._decompressor = decompressor

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data: bytes | None = b""
        while data == b"":
            try:
                data = self._step(len(view))
            except FAULTS as error:
                raise damaged(error) from error
        if data is None:
            return 0
        view[: len(data)] = data
        return len(data)

    def _step(self, wanted: int) -> bytes | None:
        """Some bytes, which may be none yet; None at the end of the last stream."""
        current = self._decompressor
        if current.eof:
            packed = current.unused_data or self._file.read(PACKED_CHUNK_BYTES)
            successor = _new_decompressor(packed)
            if successor is None:  # nothing or padding
                return None
            self._decompressor = successor
            return successor.decompress(packed, wanted)
        if not current.needs_input:
            return current.decompress(b"", wanted)
        packed = self._file.read(PACKED_CHUNK_BYTES)
        if not packed:
            raise EOFError("its compressed data end too early")
        return current.decompress(packed, wanted)


def _new_decompressor(head: bytes) -> _Decompressor | None:
    if head.startswith(GZIP_MAGIC):
        return _Gzip()
    if head.startswith(BZIP2_MAGIC):
        return bz2.BZ2Decompressor()
    if head.startswith(XZ_MAGIC):
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY_BYTES)
    return None
