"""Finds the processes of one running product, to kill them as a crash would."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil


def workers(data_dir: Path, queue: str) -> list[psutil.Process]:
    """The Celery workers of a queue."""
    return [process for process in _all(data_dir) if _words(process, "celery", "--queues", queue)]


def web(data_dir: Path) -> list[psutil.Process]:
    """The web server: its arbiter and the processes that answer."""
    return [process for process in _all(data_dir) if _words(process, "gunicorn")]


def kill(processes: list[psutil.Process]) -> None:
    """`kill -9`, and waits until they are gone."""
    assert processes
    for process in processes:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(processes, timeout=10)


def _words(process: psutil.Process, *wanted: str) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return all(word in words for word in wanted)


def _all(data_dir: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("ANNOTATOR_DATA_DIR") == str(data_dir) and process.status() != "zombie":
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
