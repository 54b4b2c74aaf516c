"""`python -m training_app.engine job.json`: runs one job and tells of it in JSON lines on standard output.

Exit codes: 0 finished (also when told to stop), 1 failed (the last event says why), 2 wrong call. Signals are listened
to before torch is imported, which takes seconds.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from annotator.core.registry import MissingDependencyError
from training_app.engine.errors import EngineError, is_out_of_memory
from training_app.engine.events import EventStream, open_event_stream
from training_app.engine.job import read_job
from training_app.engine.lifeline import StopFlag, die_with_parent
from training_app.engine.modes import MODES
from training_app.engine.pictures import PictureError


def run(path: Path, events: EventStream, stop: StopFlag) -> int:
    """The exit code of the job in `path`; every failure becomes a `failed` event."""
    try:
        job = read_job(path)
        MODES.load(job.mode)(job, events, stop)
        return 0
    except EngineError as error:
        return fail(events, error.code, error.detail)
    except PictureError as error:
        return fail(events, "unreadable_picture", str(error))
    except MissingDependencyError as error:
        return fail(events, "missing_package", str(error))
    except BrokenPipeError:
        raise
    except Exception as error:
        traceback.print_exc()
        if is_out_of_memory(error):
            return fail(
                events, "out_of_memory", "Memory ran out: choose a smaller batch size, image size or architecture."
            )
        return fail(events, "internal", f"The engine failed: {type(error).__name__}: {error}")


def fail(events: EventStream, code: str, detail: str) -> int:
    events.send("failed", code=code, detail=detail)
    return 1


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m training_app.engine job.json\n")
        return 2
    # Threads that spin while they wait make a training ten times slower as soon as another process wants a core.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    stop = StopFlag()
    stop.listen()
    is_done = die_with_parent()
    events = open_event_stream()
    try:
        code = run(Path(sys.argv[1]), events, stop)
    except BrokenPipeError:
        # Nobody listens any more: end without a word, as when the parent dies.
        os._exit(1)
    is_done.set()
    return code


if __name__ == "__main__":
    sys.exit(main())
