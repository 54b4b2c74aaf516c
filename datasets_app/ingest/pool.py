"""Decoding of untrusted bytes in child processes, so that no picture can crash, hang or fill the process that asks."""

from __future__ import annotations

import atexit
import dataclasses
import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, cast

from datasets_app.ingest.decode import Decoded, check_file_size
from datasets_app.ingest.limits import DEFAULT_LIMITS, PictureLimits
from datasets_app.ingest.refusal import Refused

PROCESSES = 2
PICTURES_PER_PROCESS = 1000
"""Then a fresh process takes over, so that no decoder's leak can grow."""

IDLE_SECONDS = 120.0
"""After which a child that nobody needs goes home."""

START_SECONDS = 60.0
GRACE_SECONDS = 10.0
"""What the child's own alarm gets before it is killed from outside: for moving the bytes."""

READ_BYTES = 1 << 20
_ROOT = Path(__file__).resolve().parents[2]
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")

logger = logging.getLogger(__name__)


_Answer = tuple[dict[str, Any], bytes, bytes]
"""Facts, display picture, thumbnail."""


class DecodePool:
    """Up to `processes` children, started when they are needed; a caller waits while all are busy."""

    def __init__(self, processes: int = PROCESSES, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._slots = threading.BoundedSemaphore(processes)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._alive: set[_Child] = set()

    def decode(self, source: bytes | Path, limits: PictureLimits = DEFAULT_LIMITS) -> Decoded:
        """Raises `Refused`, also for a picture that crashed its decoder or took too long."""
        check_file_size(source, limits)
        body = source if isinstance(source, bytes) else b""
        path = None if isinstance(source, bytes) else str(source.resolve())
        return _decoded(*self._ask({"path": path, "size": len(body)}, body, limits))

    def write_tiles(self, source: Path, target: Path, suffix: str, limits: PictureLimits = DEFAULT_LIMITS) -> int:
        """Cuts a display picture into the zip of tiles `target`; answers how many. Raises `Refused`."""
        request = {"path": str(source.resolve()), "tiles": str(target.resolve()), "suffix": suffix}
        head, _, _ = self._ask(request, b"", limits)
        return int(head["written"])

    def _ask(self, request: dict[str, Any], body: bytes, limits: PictureLimits) -> _Answer:
        with self._slots:
            try:
                return self._ask_child(self._take(), request, body, limits)
            except _IdleEndedError:
                return self._ask_child(self._start(), request, body, limits)

    def close(self) -> None:
        """End all children. Decoding that is under way is refused."""
        with self._lock:
            alive, self._alive, self._idle = self._alive, set(), []
        for child in alive:
            child.kill()

    def abandon(self) -> None:
        """In a forked process: the children are the parent's, and pipes left open here would keep them alive."""
        for child in self._alive:
            child.abandon()

    def _ask_child(self, child: _Child, request: dict[str, Any], body: bytes, limits: PictureLimits) -> _Answer:
        try:
            return child.ask(request, body, limits)
        finally:
            if child.is_usable:
                with self._lock:
                    self._idle.append(child)
            else:
                with self._lock:
                    self._alive.discard(child)
                child.kill()

    def _take(self) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._start()

    def _start(self) -> _Child:
        child = _Child(self._idle_seconds)
        with self._lock:
            self._alive.add(child)
        return child


class _IdleEndedError(Exception):
    """The child had gone home for lack of work before it read the request."""


class _Child:
    """One decoder process and the conversation with it."""

    def __init__(self, idle_seconds: float) -> None:
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        environment |= {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "datasets_app.ingest.child", str(idle_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            bufsize=0,
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._buffer = bytearray()
        self._pictures = 0
        self.is_usable = False

    def ask(self, request: dict[str, Any], body: bytes, limits: PictureLimits) -> _Answer:
        self.is_usable = False
        self._await_start()
        deadline = time.monotonic() + limits.seconds + GRACE_SECONDS
        self._send(request | {"limits": dataclasses.asdict(limits)}, body)
        head = self._read_line(deadline)
        if head is None:
            raise self._death(limits)
        display, thumbnail = (self._read(head.get(name) or 0, deadline) for name in ("display", "thumbnail"))
        if display is None or thumbnail is None:
            raise self._death(limits)
        self._pictures += 1
        self.is_usable = self._pictures < PICTURES_PER_PROCESS
        if "code" in head:
            raise Refused(head["code"], head["detail"])
        return head, display, thumbnail

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._answers.close()

    def abandon(self) -> None:
        self._process.returncode = 0  # not ours to wait for
        self._requests.close()
        self._answers.close()

    def _await_start(self) -> None:
        if self._pictures == 0 and self._read_line(time.monotonic() + START_SECONDS) is None:
            raise RuntimeError("The picture decoder process does not start. Its own message stands above in this log.")

    def _send(self, request: dict[str, Any], body: bytes) -> None:
        message = memoryview(json.dumps(request).encode() + b"\n" + body)
        try:
            while message:
                message = message[self._requests.write(message) or 0 :]
        except BrokenPipeError:
            pass  # the answer's end tells why

    def _read_line(self, deadline: float) -> dict[str, Any] | None:
        while (end := self._buffer.find(b"\n")) < 0:
            if not self._receive(deadline):
                return None
        line = self._buffer[:end]
        del self._buffer[: end + 1]
        return cast("dict[str, Any]", json.loads(line))

    def _read(self, size: int, deadline: float) -> bytes | None:
        while len(self._buffer) < size:
            if not self._receive(deadline):
                return None
        data = bytes(memoryview(self._buffer)[:size])
        del self._buffer[:size]
        return data

    def _receive(self, deadline: float) -> bool:
        """More bytes in the buffer; False when the child is gone or has used up its time."""
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            self._process.send_signal(signal.SIGALRM)
            return False
        data = self._answers.read(READ_BYTES)
        self._buffer += data
        return bool(data)

    def _death(self, limits: PictureLimits) -> Exception:
        code = self._process.wait()
        if code == 0:
            return _IdleEndedError()
        if code == -signal.SIGALRM:
            return Refused(
                "picture_took_too_long",
                f"The picture took more than {limits.seconds:g} seconds to decode. Save it again as PNG or JPEG.",
            )
        logger.warning("A picture ended its decoder process with code %d.", code)
        return Refused(
            "picture_broken",
            "The picture broke the program that decodes it. Open it in the program that made it and save it again.",
        )


def _decoded(facts: dict[str, Any], display: bytes, thumbnail: bytes) -> Decoded:
    window = facts["window"]
    return Decoded(
        **facts
        | {
            "display": None if facts["display"] is None else display,
            "thumbnail": thumbnail,
            "colours": tuple(facts["colours"]),
            "window": None if window is None else (window[0], window[1]),
        }
    )


_pool = DecodePool()


def decode_picture(source: bytes | Path, limits: PictureLimits = DEFAULT_LIMITS) -> Decoded:
    """Decode in a child process of this process's pool. Raises `Refused`. Safe to call from any thread."""
    return _pool.decode(source, limits)


def write_tiles(source: Path, target: Path, suffix: str) -> int:
    """Cut a display picture into tiles in a child process of this process's pool. Raises `Refused`."""
    return _pool.write_tiles(source, target, suffix)


def close_pool() -> None:
    """End the children of this process's pool; the next picture starts new ones."""
    _pool.close()


def _renew_pool() -> None:
    global _pool  # noqa: PLW0603 - the inherited pool's processes and locks belong to the parent
    _pool.abandon()
    _pool = DecodePool()


atexit.register(close_pool)
os.register_at_fork(after_in_child=_renew_pool)
