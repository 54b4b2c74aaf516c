"""Embeddings of pictures, kept in memory and on disk: the slow part of a method is computed once. No Django, no torch.

One file per picture and method, `<folder>/<method>/<picture sha256>.npz`, which names the weights it was computed with.
Floating-point arrays are kept as float16; `put` answers what was kept, so the first answer equals every later one.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from annotator.smart.base import Embedding

log = logging.getLogger(__name__)

WEIGHTS_NAME = "weights_sha256"

_METHOD = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class EmbeddingKey:
    """What an embedding depends on; `weights` is the digest of the method's weights, "" for a method without any."""

    method: str
    picture: str
    weights: str = ""

    def __post_init__(self) -> None:
        if not _METHOD.match(self.method):
            raise ValueError(f"{self.method!r} is not the key of a method: a-z, 0-9, '_' and '-' are expected.")
        if not _SHA256.match(self.picture):
            raise ValueError(
                f"{self.picture!r} is not a SHA-256 digest: 64 lower-case hexadecimal digits are expected."
            )


class EmbeddingCache:
    """Least recently used first out, in memory and on disk. Safe for threads and for many processes on one folder."""

    def __init__(self, folder: Path, *, memory_bytes: int, disk_bytes: int) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._disk_bytes = disk_bytes
        self._memory: OrderedDict[EmbeddingKey, Arrays] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: EmbeddingKey) -> Embedding | None:
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        arrays = self._read(key)
        if arrays is not None:
            self._keep(key, arrays)
        return arrays

    def peek(self, key: EmbeddingKey) -> Embedding | None:
        """Like `get`, but this process does not keep it; for who hands it on."""
        with self._lock:
            found = self._memory.get(key)
        return found if found is not None else self._read(key)

    def has(self, key: EmbeddingKey) -> bool:
        """True when it need not be computed."""
        return key in self._memory or self._read(key, only_check=True) is not None

    def put(self, key: EmbeddingKey, embedding: Embedding) -> Embedding:
        """Keeps it and answers it as kept."""
        arrays = {name: _compact(array) for name, array in embedding.items()}
        self._keep(key, arrays)
        self._write(key, arrays)
        return arrays

    def get_or_compute(self, key: EmbeddingKey, compute: Callable[[], Embedding]) -> tuple[Embedding, bool]:
        """The embedding, and whether it was there. Of several processes that want it one computes, the others wait."""
        if (found := self.get(key)) is not None:
            return found, True
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if (found := self.get(key)) is not None:
                return found, True
            return self.put(key, compute()), False

    def _path(self, key: EmbeddingKey) -> Path:
        return self._folder / key.method / f"{key.picture}.npz"

    def _keep(self, key: EmbeddingKey, arrays: Arrays) -> None:
        with self._lock:
            self._memory[key] = arrays
            self._memory.move_to_end(key)
            while len(self._memory) > 1 and sum(_bytes(item) for item in self._memory.values()) > self._memory_bytes:
                self._memory.popitem(last=False)

    def _read(self, key: EmbeddingKey, *, only_check: bool = False) -> Arrays | None:
        path = self._path(key)
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as content:
                if str(content[WEIGHTS_NAME]) != key.weights:
                    return None
                arrays = {} if only_check else {name: content[name] for name in content.files if name != WEIGHTS_NAME}
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, BadZipFile, EOFError):
            log.warning("embedding.unreadable", extra={"path": str(path)})
            path.unlink(missing_ok=True)
            return None
        return arrays

    def _write(self, key: EmbeddingKey, arrays: Arrays) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.stem}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            with part.open("wb") as stream:
                np.savez(stream, allow_pickle=False, **{WEIGHTS_NAME: np.array(key.weights)}, **arrays)
            part.replace(path)
        except OSError:
            # A full disk costs speed later, not this answer.
            log.warning("embedding.not_kept", extra={"path": str(path)}, exc_info=True)
            part.unlink(missing_ok=True)
        self._trim()

    def _trim(self) -> None:
        """Deletes the files that were not asked for longest, with their locks, until the rest fits."""
        files = []
        for path in self._folder.glob("*/*.npz"):
            with suppress(FileNotFoundError):
                stat = path.stat()
                files.append((stat.st_mtime_ns, stat.st_size, path))
        excess = sum(size for _, size, _ in files) - self._disk_bytes
        for _, size, path in sorted(files):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)
            excess -= size


def _compact(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    is_wide = np.issubdtype(array.dtype, np.floating) and array.dtype.itemsize > 2
    return array.astype(np.float16) if is_wide else np.array(array)


def _bytes(arrays: Mapping[str, npt.NDArray[Any]]) -> int:
    return sum(array.nbytes for array in arrays.values())
