"""Runs the training engine as a child process: its events in, cancel and stop out. Knows no run and no prediction.

The child lives in a process group of its own, without the secrets of this process, and dies with it.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Protocol, Self

import orjson
from django.conf import settings

from annotator.core.errors import DomainError
from annotator.core.jobs import JobCancelled, JobContext
from training_app.selectors.files import LOG_FILE

JOB_FILE = "job.json"
BEAT_SECONDS = 0.5
CANCEL_SECONDS = 30.0
"""What a child gets to end by itself after a cancel: one step and a checkpoint; then it is killed."""
STOP_SECONDS = 300.0
"""The same for stop and keep, where nobody is in a hurry."""
TAIL_LINES = 3
_KEPT_NAMES = frozenset({"PATH", "HOME", "LANG", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV", "XDG_CACHE_HOME"})
_KEPT_PREFIXES = ("LC_", "LD_", "CUDA", "NVIDIA_", "NCCL_", "OMP_", "MKL_", "OPENBLAS_", "TORCH", "PYTORCH_")
_END = None


class Listener(Protocol):
    """What wants to know of a run of the engine."""

    wants_stop: bool

    def take(self, event: Mapping[str, Any]) -> None:
        """One event, in order."""

    def beat(self) -> None:
        """Called at least twice a second, also while the engine is silent."""

    def progress(self) -> tuple[int, int, str]:
        """Done, in all (-1 while unknown), unit."""


def engine_run(folder: Path, job: Mapping[str, Any], *, ctx: JobContext, listener: Listener) -> dict[str, Any]:
    """Runs `job` in `folder` to its end and answers its `finished` event.

    Raises `JobCancelled` after the child has ended, `JobLost` after it was killed, `DomainError` when it failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    job_file = folder / JOB_FILE
    job_file.write_bytes(orjson.dumps(dict(job), option=orjson.OPT_INDENT_2))
    log_start = _size(folder / LOG_FILE)
    cancelled: JobCancelled | None = None
    closing: dict[str, Any] = {}
    with EngineChild(job_file, folder / LOG_FILE) as child:
        for event in child.events():
            if event is not None:
                listener.take(event)
                if event.get("event") in {"finished", "failed"}:
                    closing = event
            elif cancelled is None:
                cancelled = _watch(ctx, listener, child)
            listener.beat()
        code = child.wait()
    if cancelled is not None:
        raise cancelled
    if closing.get("event") == "failed":
        raise DomainError(str(closing["code"]), str(closing["detail"]))
    if closing.get("event") != "finished" or code != 0:
        raise DomainError("engine_died", _obituary(code, folder / LOG_FILE, log_start))
    ctx.progress(*listener.progress())
    return closing


def _watch(ctx: JobContext, listener: Listener, child: EngineChild) -> JobCancelled | None:
    """One look at what people asked for."""
    try:
        ctx.progress(*listener.progress())
        ctx.check_cancelled()
    except JobCancelled as error:
        child.stop(CANCEL_SECONDS)
        return error
    if listener.wants_stop:
        child.stop(STOP_SECONDS)
    return None


class EngineChild:
    """One engine process. Leaving the block kills what is left of it."""

    def __init__(self, job_file: Path, log: Path) -> None:
        with log.open("ab") as log_file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "training_app.engine", str(job_file)],
                cwd=settings.BASE_DIR,
                env=clean_environment(),
                # Held open for as long as this process lives: its end tells the child to end too.
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log_file,
                start_new_session=True,
            )
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._deadline: float | None = None
        self._reader = threading.Thread(target=self._read, name=f"engine-{self._process.pid}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def events(self) -> Iterator[dict[str, Any] | None]:
        """Its events until it closes its output, and None about twice a second in between."""
        due = time.monotonic() + BEAT_SECONDS
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, due - time.monotonic()))
                if line is _END:
                    return
                yield from _parsed(line)
            except queue.Empty:
                pass
            if time.monotonic() >= due:
                due = time.monotonic() + BEAT_SECONDS
                self._kill_if_overdue()
                yield None

    def stop(self, seconds: float) -> None:
        """Tells it to end, once; after `seconds` it is killed. A shorter time than before counts."""
        if self._deadline is None:
            self._process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        self._deadline = deadline if self._deadline is None else min(deadline, self._deadline)

    def wait(self) -> int:
        """The exit code of a child that has closed its output; negative for a signal."""
        try:
            return self._process.wait(CANCEL_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
            return self._process.wait()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line)
        self._lines.put(_END)

    def _kill_if_overdue(self) -> None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self._kill()

    def _kill(self) -> None:
        """The whole group: loader processes must not outlive it."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        self._process.wait()
        self._reader.join(CANCEL_SECONDS)
        for stream in (self._process.stdin, self._process.stdout):
            _close(stream)


def clean_environment() -> dict[str, str]:
    """What a child needs of this process's environment; passwords and keys are not among it."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT_NAMES or name.startswith(_KEPT_PREFIXES)}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def _parsed(line: bytes) -> Iterator[dict[str, Any]]:
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        # The last line of a child that was killed is cut off; its exit code tells the rest.
        return
    if isinstance(event, dict):
        yield event


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        try:
            stream.close()
        except BrokenPipeError:
            pass


def _obituary(code: int, log: Path, start: int) -> str:
    """A sentence on a child that died without a word, with the last lines that it wrote."""
    if code == -signal.SIGKILL:
        cause = "was killed, most likely for lack of memory: choose a smaller batch size or image size"
    elif code < 0:
        cause = f"was ended by {signal.Signals(-code).name}"
    else:
        cause = f"ended with exit code {code}"
    with log.open("rb") as file:
        file.seek(start)
        lines = [line.strip() for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    last = " / ".join(lines[-TAIL_LINES:])
    return f"The training process {cause}." + (f" It last wrote: {last}" if last else "")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
