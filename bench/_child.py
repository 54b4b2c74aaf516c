"""Runs a measured action in a forked process of its own and tells the peak of its memory."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.harness import Unavailable

LOOK_SECONDS = 0.05


def in_child(action: Callable[[], dict[str, Any]], *, meanwhile: Callable[[], object] = int) -> dict[str, Any]:
    """What `action` answers in a forked process, with `peak`: the bytes by which it raised the memory of its family.

    The processes that it starts count; pages of the database file that SQLite maps are the system's cache and do not.
    `meanwhile` starts what this process does beside it.
    """
    from django.db import connections  # noqa: PLC0415  after Django was set up

    connections.close_all()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(action, sender))
    child.start()
    sender.close()
    meanwhile()
    try:
        found: dict[str, Any] = receiver.recv()
    except EOFError as error:
        raise RuntimeError("The measured process ended before it answered.") from error
    finally:
        child.join()
    return found


def _answer(action: Callable[[], dict[str, Any]], sender: Any) -> None:
    end, before, peaks = threading.Event(), _family_bytes(), [0]

    def watch() -> None:
        while not end.wait(LOOK_SECONDS):
            peaks.append(_family_bytes())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    answer = action()
    # A watcher that died has seen only the beginning: no figure is better than a wrong one.
    if not watcher.is_alive():
        raise RuntimeError("The memory of the measured process could not be read to its end.")
    end.set()
    watcher.join()
    sender.send(answer | {"peak": max(*peaks, _family_bytes()) - before})
    sender.close()


def _family_bytes() -> int:
    """Memory of this process and those that it started, that no file stands behind.

    One walk through /proc: libraries that compare starting times take a process for another when the clock is set.
    """
    processes = dict(_processes())
    if not processes:
        raise Unavailable("Memory is measured where /proc tells it: on Linux.")
    family = [os.getpid()]
    for member in family:
        family += [pid for pid, (parent, _) in processes.items() if parent == member]
    return sum(processes[pid][1] for pid in family)


def _processes() -> Iterator[tuple[int, tuple[int, int]]]:
    """Number of each process, with the number of its parent and its anonymous memory in bytes."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:  # It has just ended.
            continue
        told = dict(line.split(":", 1) for line in lines)
        # A process that has just ended has no memory line any more.
        yield int(status.parent.name), (int(told["PPid"]), int(told.get("RssAnon", "0").split()[0]) * 1024)
