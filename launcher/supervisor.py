"""Owns the lives of started processes: forwards their output, restarts them with back-off, ends every one of them.

Knows neither what they do nor why they were started. One thread only: children ask the kernel to be signalled when
the *thread* that started them ends.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TextIO

from launcher import kernel
from launcher.processes import ProcessSpec
from launcher.steps import group_signal

STOP_SECONDS = 8.0
"""From asking to forcing. A job that does not end by itself in this time is queued again at the next start."""

LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0
"""A process that lived this long starts again at once; its back-off begins anew."""

TICK_SECONDS = 0.1
REAP_SECONDS = 5.0
LINE_LIMIT = 64_000
COLOURS = (36, 35, 33, 32, 34, 96, 95, 93)


@dataclass
class Child:
    """A spec and what became of it."""

    spec: ProcessSpec
    prefix: str
    process: subprocess.Popen[bytes] | None = None
    stream: IO[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float = 0.0
    is_wanted: bool = False
    pending: bytearray = field(default_factory=bytearray)

    @property
    def is_running(self) -> bool:
        return self.process is not None


class Supervisor:
    """Runs processes until `stop_requests` counts one. Use as a context manager: leaving it ends them all."""

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        *,
        cwd: Path,
        env: Mapping[str, str],
        stop_requests: Callable[[], int],
        output: TextIO,
    ) -> None:
        self._cwd = cwd
        self._env = dict(env)
        self._stop_requests = stop_requests
        self._output = output
        self._selector = selectors.DefaultSelector()
        self._reap_at = 0.0
        self._is_stopping = False
        self._strangers: set[int] = set()
        width = max((len(spec.name) for spec in specs), default=0)
        self._children = [
            Child(spec, _prefix(spec.name, width=width, number=number, is_coloured=output.isatty()))
            for number, spec in enumerate(specs)
        ]

    def __enter__(self) -> "Supervisor":
        self._strangers = set(kernel.children_list())
        kernel.orphans_adopt()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._selector.close()

    def start(self, *names: str) -> None:
        """Starts the processes of these names; without a name all that do not run yet."""
        for child in self._children:
            if not child.is_wanted and (not names or child.spec.name in names):
                child.is_wanted = True
                self._start(child)

    def turn(self) -> None:
        """One round: forward what was said, take note of deaths, start again what is due."""
        self._forward(TICK_SECONDS)
        for child in self._children:
            self._look_after(child)
        if time.monotonic() >= self._reap_at:
            self._reap_at = time.monotonic() + REAP_SECONDS
            kernel.orphans_reap(self._strangers | self._pids())

    def run(self) -> None:
        """Keeps everything running until a stop is requested."""
        while not self._stop_requests():
            self.turn()

    def has_died(self, name: str) -> bool:
        """Whether the process of this name has ended at least once."""
        return any(child.failures > 0 for child in self._children if child.spec.name == name)

    def stop(self) -> None:
        """Asks all to end, forces those that do not within `STOP_SECONDS` (or at once on a second request)."""
        self._is_stopping = True
        for child in self._children:
            self._signal(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        patience = self._stop_requests() + 1
        while (
            any(child.is_running for child in self._children)
            and time.monotonic() < deadline
            and self._stop_requests() < patience
        ):
            self._forward(TICK_SECONDS)
            for child in self._children:
                self._note_death(child)
        for child in self._children:
            if child.process is not None:
                group_signal(child.process.pid, signal.SIGKILL)
                child.process.wait()
                self._note_death(child)
        kernel.orphans_kill(self._strangers)

    def _start(self, child: Child) -> None:
        spec = child.spec

        def before_exec() -> None:
            kernel.parent_death_signal_set(spec.parent_death_signal)
            if spec.niceness:
                os.nice(spec.niceness)

        child.process = subprocess.Popen(
            spec.command,
            cwd=self._cwd,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=before_exec,  # noqa: PLW1509  safe here: this process has one thread
        )
        child.started_at = time.monotonic()
        child.stream = child.process.stdout
        if child.stream is not None:
            os.set_blocking(child.stream.fileno(), False)
            self._selector.register(child.stream, selectors.EVENT_READ, child)

    def _look_after(self, child: Child) -> None:
        if child.is_running:
            self._note_death(child)
        elif child.is_wanted and time.monotonic() >= child.start_at:
            self._start(child)

    def _note_death(self, child: Child) -> None:
        if child.process is None or child.process.poll() is None:
            return
        code = child.process.returncode
        # What the leader left in its group must not outlive it, or two generations would share the work.
        group_signal(child.process.pid, signal.SIGKILL)
        self._read(child)
        self._drop(child)
        lived = time.monotonic() - child.started_at
        child.process = None
        child.failures = 1 if lived >= STEADY_SECONDS else child.failures + 1
        wait = 0.0 if lived >= STEADY_SECONDS else restart_wait(child.failures)
        child.start_at = time.monotonic() + wait
        if not self._is_stopping and not self._stop_requests():
            self._say(child, f"{death_sentence(code)} It starts again in {wait:.0f} s.")

    def _forward(self, seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(seconds)
            return
        for key, _ in self._selector.select(seconds):
            self._read(key.data)

    def _read(self, child: Child) -> None:
        while child.stream is not None:
            try:
                chunk = os.read(child.stream.fileno(), 65536)
            except BlockingIOError:
                break
            if not chunk:
                self._drop(child)
                break
            child.pending += chunk
            *lines, rest = child.pending.split(b"\n")
            for line in lines:
                self._say(child, line.decode(errors="replace"))
            child.pending = bytearray(rest)
            if len(rest) > LINE_LIMIT:
                self._flush(child)
        self._write("", is_flushed=True)

    def _drop(self, child: Child) -> None:
        if child.stream is not None:
            self._selector.unregister(child.stream)
            child.stream.close()
            child.stream = None
        self._flush(child)

    def _flush(self, child: Child) -> None:
        if child.pending:
            self._say(child, child.pending.decode(errors="replace"))
            child.pending = bytearray()

    def _say(self, child: Child, line: str) -> None:
        self._write(f"{child.prefix}{line}\n")

    def _write(self, text: str, *, is_flushed: bool = False) -> None:
        try:
            self._output.write(text)
            if is_flushed:
                self._output.flush()
        except (OSError, ValueError):
            # Nobody reads any more (`make run | head`): no reason to leave the children alone.
            return

    def _signal(self, child: Child, number: signal.Signals) -> None:
        if child.process is not None and child.process.poll() is None:
            child.process.send_signal(number)

    def _pids(self) -> set[int]:
        return {child.process.pid for child in self._children if child.process is not None}


def restart_wait(failures: int) -> float:
    """1, 2, 4, … seconds, `LONGEST_WAIT` at most."""
    return float(min(2 ** min(failures - 1, 10), LONGEST_WAIT))


def death_sentence(code: int) -> str:
    """What the exit code of a process that should have gone on says."""
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        hint = " (often: out of memory)" if -code == signal.SIGKILL else ""
        return f"The process was ended by {name}{hint}."
    return f"The process ended with code {code}."


def _prefix(name: str, *, width: int, number: int, is_coloured: bool) -> str:
    text = f"{name:<{width}} | "
    return f"\x1b[{COLOURS[number % len(COLOURS)]}m{text}\x1b[0m" if is_coloured else text
