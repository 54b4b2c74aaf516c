"""The event stream of a run: one JSON object a line on a private copy of standard output. Knows no torch.

Whatever libraries print goes to standard error, so that nothing can break a line of the stream.
"""

from __future__ import annotations

import math
import os
import sys
import time
from typing import Any, BinaryIO, Protocol

import orjson

# Five live points a second are all that a chart can show; a run may take hundreds of steps a second.
STEP_INTERVAL_SECONDS = 0.2


class Events(Protocol):
    """Where a run tells what happens."""

    def send(self, event: str, /, **fields: Any) -> None:
        """Tell at once."""

    def step_is_due(self) -> bool:
        """Whether enough time has passed since the last `step` event."""


class EventStream:
    """Writes events to `stream`; figures that are not finite become null, which JSON can say."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._next_step = 0.0

    def send(self, event: str, /, **fields: Any) -> None:
        if event == "step":
            self._next_step = time.monotonic() + STEP_INTERVAL_SECONDS
        line = orjson.dumps(
            {"event": event, **finite(fields)}, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
        )
        self.stream.write(line)
        self.stream.flush()

    def step_is_due(self) -> bool:
        return time.monotonic() >= self._next_step


def finite(value: Any) -> Any:
    """`value` with every NaN and infinity replaced by None, however deep."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


def open_event_stream() -> EventStream:
    """Take standard output for events alone and send everything else that is written there to standard error."""
    sys.stdout.flush()
    private = os.dup(1)
    os.dup2(2, 1)
    return EventStream(os.fdopen(private, "wb", buffering=0))
