"""Fetches a weights file over HTTP: resumes where an earlier try broke off, and lets nothing wrong in. No Django.

The bytes grow in `<filename>.part`; the file appears under its name only after its SHA-256 was right. What an earlier
try left is continued only if the server still has the same thing (`If-Range` with its ETag or date).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests
from filelock import FileLock, Timeout

from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.store import Progress, WeightsFileError, WeightsStore, hash_file, no_progress

TIMEOUT_SECONDS = (10.0, 60.0)
CHUNK_BYTES = 1 << 16
TRIES_WITHOUT_PROGRESS = 5
WAIT_SECONDS = (1.0, 2.0, 4.0, 8.0, 16.0)
SPARE_BYTES = 64 << 20
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)\Z")


class _PassingFaultError(Exception):
    """Something that another try may mend."""


@dataclass(slots=True)
class _Part:
    """The unfinished file, and what the server said of the thing it is the beginning of."""

    path: Path
    note: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def validator(self, url: str) -> str:
        """What `If-Range` must name, or "" when the part cannot be continued."""
        with suppress(FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError, AttributeError):
            note = json.loads(self.note.read_text())
            if note.get("url") == url:
                return str(note.get("validator", ""))
        return ""

    def restart(self, url: str, validator: str) -> None:
        self.path.write_bytes(b"")
        self.note.write_text(json.dumps({"url": url, "validator": validator}))

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def fetch(
    store: WeightsStore,
    entry: WeightsEntry,
    progress: Progress = no_progress,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Brings the file in and answers its SHA-256. Raises `WeightsFileError`, or what `progress` raises.

    A file with a wrong hash is set aside as `<filename>.rejected`, for whoever wants to know what it was.
    """
    store.folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store.folder / f"{entry.filename}.lock")
    try:
        with lock.acquire(timeout=0):
            return _fetch_alone(store, entry, progress, sleep)
    except Timeout:
        raise WeightsFileError("weights_busy", f"{entry.title} is being fetched by another worker already.") from None


def _fetch_alone(store: WeightsStore, entry: WeightsEntry, progress: Progress, sleep: Callable[[float], None]) -> str:
    part = _Part(store.folder / f"{entry.filename}.part", store.folder / f"{entry.filename}.part.json")
    failures = 0
    while part.size != entry.exact_size:
        before = part.size
        progress(before, entry.exact_size or -1)
        try:
            _receive(entry, part, progress)
            break
        except (_PassingFaultError, requests.ConnectionError, requests.Timeout) as fault:
            failures = 0 if part.size > before else failures + 1
            if failures >= TRIES_WITHOUT_PROGRESS:
                raise WeightsFileError("weights_unreachable", _unreachable(store, entry, fault)) from fault
            sleep(WAIT_SECONDS[min(failures, len(WAIT_SECONDS) - 1)])
        except requests.RequestException as error:
            raise WeightsFileError("weights_unreachable", _unreachable(store, entry, error)) from error
    return _admit(store, entry, part, progress)


def _receive(entry: WeightsEntry, part: _Part, progress: Progress) -> None:
    """One request; afterwards the part is whole."""
    have = part.size
    validator = part.validator(entry.url)
    headers = {"Accept-Encoding": "identity"}
    if have and validator:
        headers |= {"Range": f"bytes={have}-", "If-Range": validator}
    with requests.get(entry.url, headers=headers, stream=True, timeout=TIMEOUT_SECONDS) as response:
        total = _agree(entry, part, response)
        if total is None:
            return
        _check_space(part, total)
        done = part.size
        with part.path.open("ab") as stream:
            try:
                for chunk in response.iter_content(CHUNK_BYTES):
                    stream.write(chunk)
                    done += len(chunk)
                    if 0 <= total < done:
                        break
                    progress(done, total)
            except requests.exceptions.ChunkedEncodingError as error:
                raise _PassingFaultError(f"the connection broke off ({error})") from error
    if done > total >= 0:
        part.remove()
        raise WeightsFileError(
            "weights_wrong_size", f"The server sent more than the {total:,} bytes of {entry.title}: nothing was kept."
        )
    if done < total:
        raise _PassingFaultError(f"the connection broke off after {done:,} of {total:,} bytes")


def _agree(entry: WeightsEntry, part: _Part, response: requests.Response) -> int | None:
    """Bytes in all (-1 if nobody knows), with the part ready to be continued; None when it is whole already."""
    status = response.status_code
    if status in PASSING_STATUS:
        raise _PassingFaultError(f"the server answered {status}")
    if status == requests.codes.requested_range_not_satisfiable:
        if response.headers.get("Content-Range", "") == f"bytes */{part.size}":
            return None
        part.remove()
        raise _PassingFaultError("the server has not the same file any more")
    if status == requests.codes.partial_content:
        return _continue(entry, part, response)
    if status != requests.codes.ok:
        raise WeightsFileError(
            "weights_refused",
            f"The server refused {entry.title} with status {status} at {entry.url}. "
            f"Fetch {entry.filename} by other means and put it into {part.path.parent}.",
        )
    part.restart(entry.url, _validator(response))
    length = response.headers.get("Content-Length", "")
    return _checked_total(entry, part, int(length) if length.isdigit() else -1)


def _continue(entry: WeightsEntry, part: _Part, response: requests.Response) -> int:
    found = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if found is None or int(found[1]) != part.size:
        part.remove()
        raise _PassingFaultError("the server did not continue where the file had broken off")
    return _checked_total(entry, part, -1 if found[2] == "*" else int(found[2]))


def _checked_total(entry: WeightsEntry, part: _Part, told: int) -> int:
    if entry.exact_size is None:
        return told
    if told not in {-1, entry.exact_size}:
        part.remove()
        raise WeightsFileError(
            "weights_wrong_size",
            f"The server offers {told:,} bytes where {entry.title} has {entry.size:,}: it is not the same file.",
        )
    return entry.exact_size


def _validator(response: requests.Response) -> str:
    """A strong ETag or the date; weak tags must not be used for ranges (RFC 9110, 13.1.5)."""
    tag = response.headers.get("ETag", "")
    return response.headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag


def _check_space(part: _Part, total: int) -> None:
    needed = max(0, total - part.size) + SPARE_BYTES
    free = shutil.disk_usage(part.path.parent).free
    if free < needed:
        raise WeightsFileError(
            "weights_no_space",
            f"{part.path.parent} needs {needed / 1e9:.1f} GB and has {free / 1e9:.1f} GB free: make room first.",
        )


def _admit(store: WeightsStore, entry: WeightsEntry, part: _Part, progress: Progress) -> str:
    """Checks the whole part and gives it its name."""
    stat = part.path.stat()
    with part.path.open("rb") as stream:
        # The note that calls the file verified must not outlive a power cut that its bytes do not.
        os.fsync(stream.fileno())
    digest = hash_file(part.path, progress)
    if not entry.accepts(digest):
        rejected = store.folder / f"{entry.filename}.rejected"
        part.path.replace(rejected)
        part.remove()
        raise WeightsFileError(
            "weights_wrong_hash",
            f"What {entry.url} sent is not {entry.title}: its SHA-256 starts with {digest[:8]} where "
            f"{entry.known_hash[:8]} is expected. It was set aside as {rejected.name} and is not used.",
        )
    part.path.replace(store.path(entry))
    store.remember(entry, digest, stat)
    part.remove()
    return digest


def _unreachable(store: WeightsStore, entry: WeightsEntry, fault: Exception) -> str:
    return (
        f"{entry.title} could not be fetched from {entry.url} ({_brief(fault)}). Try again later, what came is kept; "
        f"or put {entry.filename} into {store.folder} by hand and verify it."
    )


def _brief(fault: Exception) -> str:
    """requests wraps urllib3's long texts; the user needs the kind and, where it is ours, the sentence."""
    return str(fault) if isinstance(fault, _PassingFaultError) else type(fault).__name__
