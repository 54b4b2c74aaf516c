"""The output of a prediction: one JSON line a picture, told of as it grows, under its name once it is whole.

Until then it lies beside it as `<name>.part`. Whoever finds that after a kill may take every line of it that ends: what
was written was flushed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from training_app.engine.events import Events
from training_app.engine.lifeline import StopFlag

PROGRESS_INTERVAL_SECONDS = 0.5


def part_file(output: Path) -> Path:
    """Where the lines lie while `output` is not whole yet."""
    return output.with_name(f"{output.name}.part")


class LineFile:
    """Lines for `total` pictures. Leaving the block after a stop or an error takes away what there is of them."""

    def __init__(self, output: Path, total: int, events: Events, stop: StopFlag) -> None:
        self.output = output
        self.total = total
        self.done = 0
        self._events = events
        self._stop = stop
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self._file = part_file(self.output).open("wb")
        return self

    def write(self, lines: Iterable[Mapping[str, Any]]) -> None:
        for line in lines:
            self._file.write(orjson.dumps(dict(line), option=orjson.OPT_APPEND_NEWLINE))
            self.done += 1
        self._file.flush()
        if time.monotonic() - self._told > PROGRESS_INTERVAL_SECONDS or self.done == self.total:
            self._told = time.monotonic()
            self._events.send("progress", done=self.done, total=self.total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is None and not self._stop.is_raised:
            part_file(self.output).replace(self.output)
        else:
            part_file(self.output).unlink(missing_ok=True)

    def finish(self, seconds: float, *, peak_memory_bytes: int | None) -> None:
        """The last event of the run."""
        self._events.send(
            "finished",
            reason="stopped" if self._stop.is_raised else "completed",
            done=self.done,
            seconds=seconds,
            images_per_second=self.done / seconds,
            peak_memory_bytes=peak_memory_bytes,
        )
