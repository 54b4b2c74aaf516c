"""Owns running one command to its end (pip, npm, manage.py) such that stopping the launcher stops it too."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.errors import LaunchError

GRACE_SECONDS = 5.0


def step_run(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], failure: str, capture: bool = False) -> str:
    """Runs `command` in a process group of its own; returns its standard output when `capture`, else "".

    Raises `LaunchError(failure)` when it cannot be started or ends with an error.
    """
    try:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else None,
            text=True,
            start_new_session=True,
        )
    except OSError as error:
        raise LaunchError(f"{failure} ({error})") from error
    try:
        output, _ = process.communicate()
    except BaseException:
        group_stop(process, grace=GRACE_SECONDS)
        raise
    if process.returncode != 0:
        raise LaunchError(f"{failure} (it ended with code {process.returncode}; its own words are above)")
    return output or ""


def group_signal(pid: int, number: int) -> None:
    """Signals the process group that `pid` leads; a group that is gone is fine."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def group_stop(process: "subprocess.Popen[str]", *, grace: float) -> None:
    """Asks the group to end, and ends it by force after `grace` seconds."""
    group_signal(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    group_signal(process.pid, signal.SIGKILL)
    process.wait()
