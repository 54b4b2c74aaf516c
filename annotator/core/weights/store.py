"""The folder of weights files: what is there, whether it is what it should be. No Django, no network.

A file counts only after its SHA-256 was compared. The comparison is remembered beside the file, with its size and time
of change, so that a look at the folder costs no hashing and a replaced file is not trusted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from annotator.core.weights.entry import WeightsEntry

CHUNK_BYTES = 1 << 20

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all (-1 while unknown); may raise to stop the work."""


def no_progress(done: int, total: int) -> None:
    """For callers who do not watch."""


class WeightsFileError(Exception):
    """A weights file is missing, wrong or cannot be fetched; `code` names the case, the message is for the user."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class State(StrEnum):
    """Of what lies there under the right name: `UNVERIFIED` was not checked yet, `WRONG` was and is another file."""

    ABSENT = "absent"
    UNVERIFIED = "unverified"
    WRONG = "wrong"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Presence:
    """How a file stands: `reason` says why it cannot be used and is empty when it can; `sha256` once it is known."""

    state: State
    reason: str = ""
    sha256: str = ""


class WeightsStore:
    """Weights files in one folder. Safe to use from many processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, entry: WeightsEntry) -> Path:
        """Where the file lies or would lie."""
        return self.folder / entry.filename

    def look(self, entry: WeightsEntry) -> Presence:
        """How the file stands, without reading it."""
        try:
            stat = self.path(entry).stat()
        except FileNotFoundError:
            return Presence(State.ABSENT, self._absent(entry))
        if entry.exact_size not in {None, stat.st_size}:
            return Presence(State.WRONG, _wrong_size(entry, stat.st_size))
        digest = self._recall(entry, stat)
        if digest is None:
            return Presence(State.UNVERIFIED, f"{entry.filename} was not checked yet: verify it once, then it is used.")
        if not entry.accepts(digest):
            return Presence(State.WRONG, _wrong_hash(entry, digest), digest)
        return Presence(State.PRESENT, sha256=digest)

    def verify(self, entry: WeightsEntry, progress: Progress = no_progress) -> str:
        """Reads the whole file and answers its SHA-256. Raises `WeightsFileError` for a missing or wrong file."""
        path = self.path(entry)
        try:
            stat = path.stat()
        except FileNotFoundError:
            raise WeightsFileError("weights_absent", self._absent(entry)) from None
        if entry.exact_size not in {None, stat.st_size}:
            raise WeightsFileError("weights_wrong_size", _wrong_size(entry, stat.st_size))
        digest = hash_file(path, progress)
        self.remember(entry, digest, stat)
        if not entry.accepts(digest):
            raise WeightsFileError("weights_wrong_hash", _wrong_hash(entry, digest))
        return digest

    def require(self, entry: WeightsEntry) -> tuple[Path, str]:
        """The file and its SHA-256; verifies it now if that was not done yet. Raises `WeightsFileError`."""
        found = self.look(entry)
        digest = found.sha256 if found.state is State.PRESENT else self.verify(entry)
        return self.path(entry), digest

    def remember(self, entry: WeightsEntry, digest: str, stat: os.stat_result) -> None:
        """Writes down that the file, as `stat` found it before it was read, has this digest."""
        note = {"sha256": digest, "size": stat.st_size, "changed_ns": stat.st_mtime_ns}
        part = self.folder / f"{entry.filename}.{os.getpid()}.note"
        part.write_text(json.dumps(note))
        part.replace(self._note_path(entry))

    def _note_path(self, entry: WeightsEntry) -> Path:
        return self.folder / f"{entry.filename}.verified.json"

    def _recall(self, entry: WeightsEntry, stat: os.stat_result) -> str | None:
        with suppress(FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError, AttributeError):
            note = json.loads(self._note_path(entry).read_text())
            if (note.get("size"), note.get("changed_ns")) == (stat.st_size, stat.st_mtime_ns):
                return str(note.get("sha256"))
        return None

    def _absent(self, entry: WeightsEntry) -> str:
        return f"{entry.title} is not here yet: fetch it, or put {entry.filename} into {self.folder} and verify it."


def hash_file(path: Path, progress: Progress = no_progress) -> str:
    """SHA-256 of a file of any size, in flat memory."""
    digest = hashlib.sha256()
    total = path.stat().st_size
    done = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            progress(done, total)
    return digest.hexdigest()


def combined_digest(digests: Iterable[str]) -> str:
    """One SHA-256 for several files in their order; "" for none."""
    text = "".join(digests)
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _wrong_size(entry: WeightsEntry, size: int) -> str:
    return (
        f"{entry.filename} has {size:,} bytes where {entry.size:,} are expected: it is not {entry.title}, or its copy "
        "broke off. Put the right file there or fetch it."
    )


def _wrong_hash(entry: WeightsEntry, digest: str) -> str:
    return (
        f"{entry.filename} is not {entry.title}: its SHA-256 starts with {digest[:8]} where {entry.known_hash[:8]} is "
        "expected. Put the right file there or fetch it."
    )
