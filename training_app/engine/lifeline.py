"""When a run has to end: asked to by a signal, or because the process that started it is gone."""

from __future__ import annotations

import ctypes
import os
import signal
import stat
import sys
import threading
from types import FrameType

PR_SET_PDEATHSIG = 1


class StopFlag:
    """Raised by SIGTERM and SIGINT; the run looks at it between steps."""

    def __init__(self) -> None:
        self.is_raised = False

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, self._raise)
        signal.signal(signal.SIGINT, self._raise)

    def _raise(self, _number: int, _frame: FrameType | None) -> None:
        self.is_raised = True


def die_with_parent() -> threading.Event:
    """End at once when the parent ends, without a last checkpoint: the job's next attempt may already be starting.

    On Linux the kernel does it. Elsewhere, and as a second line, a pipe at standard input does: its end of file means
    that whoever held it is gone. Once the event returned is set, all is done and that no longer matters.
    """
    is_done = threading.Event()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_exit_at_end_of_input, args=(is_done,), name="parent-watch", daemon=True).start()
    return is_done


def _exit_at_end_of_input(is_done: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    if not is_done.is_set():
        os._exit(1)
