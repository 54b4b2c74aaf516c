"""Owns the two Linux calls that keep a stopped product from leaving orphans; elsewhere they quietly do nothing."""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def parent_death_signal_set(number: int) -> None:
    """In a child before exec: be sent `number` when the parent dies, however it dies."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def orphans_adopt() -> None:
    """From now on descendants whose parent died become children of this process, so that it can end them."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_list() -> dict[int, str]:
    """Process ids of this process's children and their state letters (`Z` = dead, not yet reaped)."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found[int(folder.name)] = fields[0]
    return found


def orphans_reap(known: set[int]) -> None:
    """Takes note of the end of adopted children, so that they do not stay as zombies; leaves those in `known` alone."""
    for pid, state in children_list().items():
        if state == "Z" and pid not in known:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


def orphans_kill(spared: set[int]) -> None:
    """Ends every child that is left but those in `spared`, adopted ones included, and what they leave in turn."""
    while living := [pid for pid, state in children_list().items() if state != "Z" and pid not in spared]:
        for pid in living:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            os.waitpid(pid, 0)
    orphans_reap(spared)
