"""Content-addressed blobs over Django's storage API: immutable bytes, stored once, found by their SHA-256.

Knows keys and bytes only, never what a blob means: no app, no row. A key is built from a digest and a checked suffix,
never from a name that a person chose.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from annotator.core.storage.readable import Readable

CHUNK_BYTES = 1 << 20
SPOOL_BYTES = 8 << 20

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,12})?\Z")
_KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class Blob:
    """What was stored: the digest is the identity, the size is in bytes."""

    sha256: str
    size: int


class BlobMissingError(LookupError):
    """No blob has this key; the message names it."""


def blob_key(sha256: str, suffix: str, derived: str = "") -> str:
    """Where a blob lies in the store, or what was `derived` from it (`thumbnail`, an embedding …).

    Raises `ValueError` for anything that is not a digest, a plain suffix and a plain kind, so that no key can escape.
    """
    if not _SHA256.match(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256 digest: 64 lower-case hexadecimal digits are expected.")
    if not _SUFFIX.match(suffix):
        raise ValueError(f"{suffix!r} is not a blob suffix: a dot and 1 to 12 of a-z and 0-9 are expected.")
    if derived and not _KIND.match(derived):
        raise ValueError(f"{derived!r} is not a kind of derived file: a-z, 0-9, '-' and '_' are expected.")
    root = f"derived/{derived}" if derived else "blobs"
    return f"{root}/{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"


class BlobStore:
    """Blobs in one Django storage. Safe to share between threads and to use from many processes at once.

    A local storage is written by temporary file and rename, so a reader sees a whole blob or none. `cache_dir` holds
    the copies that `local_path` makes of a remote storage's blobs; a blob never changes, so a copy is never stale.
    """

    def __init__(self, storage: Storage, *, cache_dir: Path | None = None) -> None:
        self._storage = storage
        self._cache_dir = cache_dir
        self._root = Path(storage.location) if isinstance(storage, FileSystemStorage) else None

    def put(self, content: Readable | bytes, suffix: str = "") -> Blob:
        """Store the content unless it is there already. It is hashed while it is written, in flat memory."""
        blob_key("0" * 64, suffix)
        if self._root is not None:
            return self._put_local(self._root, content, suffix)
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            spooled = cast("BinaryIO", spool)
            blob = _copy_hashed(content, spooled)
            key = blob_key(blob.sha256, suffix)
            stored = self._remote_size(key)
            if stored == blob.size:
                return blob
            if stored is not None:  # a copy that broke off
                self._storage.delete(key)
            spooled.seek(0)
            self._save_remote(key, spooled)
        return blob

    def put_derived(self, kind: str, sha256: str, suffix: str, content: Readable | bytes) -> str:
        """Store, or replace, what was derived from the blob `sha256`. It can be computed again and may be deleted."""
        key = blob_key(sha256, suffix, kind)
        if self._root is not None:
            with _TemporaryFile(self._root) as temporary:
                _copy_hashed(content, temporary.file)
                temporary.publish(self._root / key, durable=False)
            return key
        with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            spooled = cast("BinaryIO", spool)
            _copy_hashed(content, spooled)
            spooled.seek(0)
            self._storage.delete(key)
            self._save_remote(key, spooled)
        return key

    def exists(self, sha256: str, suffix: str = "", derived: str = "") -> bool:
        key = blob_key(sha256, suffix, derived)
        return (self._root / key).is_file() if self._root is not None else self._storage.exists(key)

    def size(self, sha256: str, suffix: str = "", derived: str = "") -> int:
        """Bytes. Raises `BlobMissingError`."""
        key = blob_key(sha256, suffix, derived)
        try:
            return self._storage.size(key)
        except FileNotFoundError:
            raise _missing(key) from None

    def open(self, sha256: str, suffix: str = "", derived: str = "") -> BinaryIO:
        """A seekable stream at its beginning; the caller closes it. Raises `BlobMissingError`."""
        key = blob_key(sha256, suffix, derived)
        try:
            if self._root is not None:
                return (self._root / key).open("rb")
            return cast("BinaryIO", self._storage.open(key, "rb"))
        except FileNotFoundError:
            raise _missing(key) from None

    def local_path(self, sha256: str, suffix: str = "", derived: str = "") -> Path:
        """A file with these bytes: the blob itself, or its copy in `cache_dir` when the storage is remote. Read only.

        Raises `BlobMissingError`.
        """
        key = blob_key(sha256, suffix, derived)
        if self._root is not None:
            path = self._root / key
            if not path.is_file():
                raise _missing(key)
            return path
        if self._cache_dir is None:
            raise ImproperlyConfigured(
                "The blob storage is not a local folder: set ANNOTATOR_BLOB_CACHE_DIR to a folder for local copies."
            )
        path = self._cache_dir / key
        if not path.is_file() or derived:
            with self.open(sha256, suffix, derived) as stream, _TemporaryFile(self._cache_dir) as temporary:
                _copy_hashed(stream, temporary.file)
                temporary.publish(path, durable=False)
        return path

    def delete(self, sha256: str, suffix: str = "", derived: str = "") -> None:
        """Remove the bytes for good, here and in the cache. Nothing happens when they are not there."""
        key = blob_key(sha256, suffix, derived)
        self._storage.delete(key)
        if self._cache_dir is not None:
            (self._cache_dir / key).unlink(missing_ok=True)

    def trim_cache(self, max_bytes: int) -> int:
        """Delete the least recently used copies until `max_bytes` are left; answers the bytes that were freed."""
        if self._cache_dir is None:
            return 0
        files = sorted(_files_with_stat(self._cache_dir), key=lambda item: item[1].st_atime)
        excess = sum(stat.st_size for _, stat in files) - max_bytes
        freed = 0
        for path, stat in files:
            if freed >= excess:
                break
            path.unlink(missing_ok=True)
            freed += stat.st_size
        return freed

    def _put_local(self, root: Path, content: Readable | bytes, suffix: str) -> Blob:
        if isinstance(content, bytes):
            blob = Blob(hashlib.sha256(content).hexdigest(), len(content))
            if _is_whole(root / blob_key(blob.sha256, suffix), blob.size):
                return blob
        with _TemporaryFile(root) as temporary:
            blob = _copy_hashed(content, temporary.file)
            target = root / blob_key(blob.sha256, suffix)
            if not _is_whole(target, blob.size):
                temporary.publish(target, durable=True)
        return blob

    def _remote_size(self, key: str) -> int | None:
        try:
            return self._storage.size(key)
        except FileNotFoundError:
            return None

    def _save_remote(self, key: str, content: BinaryIO) -> None:
        saved = self._storage.save(key, File(content))
        if saved != key:
            # The storage would not overwrite: another process stored the same bytes first, and its copy is as good.
            self._storage.delete(saved)


@cache
def get_blobs() -> BlobStore:
    """The store of this installation, over `STORAGES["default"]`; `ANNOTATOR_BLOB_CACHE_DIR` is for a remote one."""
    cache_dir = getattr(settings, "ANNOTATOR_BLOB_CACHE_DIR", None)
    return BlobStore(storages["default"], cache_dir=Path(cache_dir) if cache_dir else None)


class _TemporaryFile:
    """A file in `root` that becomes another one by `publish`, or vanishes."""

    def __init__(self, root: Path) -> None:
        folder = root / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder)
        self.file: BinaryIO = os.fdopen(descriptor, "wb")
        self._path = Path(name)

    def __enter__(self) -> _TemporaryFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self._path.unlink(missing_ok=True)

    def publish(self, target: Path, *, durable: bool) -> None:
        self.file.flush()
        if durable:
            # A row that names this blob may be committed next: after a power cut the bytes must not be missing.
            os.fdatasync(self.file.fileno())
        os.fchmod(self.file.fileno(), settings.FILE_UPLOAD_PERMISSIONS or 0o644)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(target)


def _copy_hashed(content: Readable | bytes, target: BinaryIO) -> Blob:
    digest = hashlib.sha256()
    size = 0
    for chunk in _chunks(content):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    return Blob(digest.hexdigest(), size)


def _chunks(content: Readable | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK_BYTES):
        yield chunk


def _is_whole(path: Path, size: int) -> bool:
    """A file of another size under the right name is a copy that broke off, and is written again."""
    with suppress(FileNotFoundError):
        return path.stat().st_size == size
    return False


def _files_with_stat(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # another process may trim at the same time
            if path.is_file():
                yield path, path.stat()


def _missing(key: str) -> BlobMissingError:
    return BlobMissingError(f"The blob {key} is not in the store. Restore it from a backup or upload the file again.")
