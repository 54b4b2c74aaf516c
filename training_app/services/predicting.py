"""Lets a model predict on pictures through the engine. Stores nothing that outlives the block, or the job's last try.

What an attempt wrote before its worker was killed is taken over by the next one, which predicts on the rest.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext, JobLost
from training_app.models import TrainedModel
from training_app.selectors.files import FACTS_FILE, ONNX_FILE, model_folder, predicting_folder
from training_app.services.engine_child import engine_run

OUTPUT_FILE = "predictions.jsonl"


@dataclass(slots=True)
class Pace:
    """How long the model took to be ready, and then for all pictures; seconds."""

    start_seconds: float = 0.0
    seconds: float = 0.0


class _Watcher:
    """Turns the engine's progress into the job's; `before` pictures were done by earlier attempts."""

    wants_stop = False

    def __init__(self, before: int, total: int, pace: Pace) -> None:
        self._before, self._done, self._total = before, 0, total
        self._pace, self._began = pace, time.monotonic()

    def take(self, event: Mapping[str, Any]) -> None:
        if event.get("event") == "progress":
            self._done = int(event["done"])
        elif event.get("event") == "started":
            self._pace.start_seconds = time.monotonic() - self._began
        elif event.get("event") == "finished":
            self._pace.seconds = time.monotonic() - self._began - self._pace.start_seconds

    def beat(self) -> None:
        """Nothing to write down."""

    def progress(self) -> tuple[int, int, str]:
        return self._before + self._done, self._total, "images"


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The whole lines that attempts before this one left, by picture."""

    lines: Mapping[int, bytes]

    @classmethod
    def read(cls, folder: Path, pictures: Mapping[int, Path]) -> _Earlier:
        found: dict[int, bytes] = {}
        # The output of an attempt that was cut off has another name than a whole one, and perhaps half a line.
        for file in sorted(folder.glob(f"*/{OUTPUT_FILE}*")):
            for line in file.read_bytes().splitlines(keepends=True):
                if line.endswith(b"\n") and (number := orjson.loads(line)["number"]) in pictures:
                    found[number] = line
        return cls(found)


@contextmanager
def predictions_made(
    model: TrainedModel,
    pictures: Mapping[int, Path],
    *,
    ctx: JobContext,
    config: Mapping[str, Any],
    pace: Pace | None = None,
) -> Iterator[Iterable[dict[str, Any]]]:
    """Yields a line of the engine per picture, see the engine's contract; pictures go by the id of their image."""
    folder = predicting_folder(ctx.job_id)
    earlier = _Earlier.read(folder, pictures)
    rest = {number: path for number, path in pictures.items() if number not in earlier.lines}
    own = folder / str(ctx.attempt)
    own.mkdir(parents=True, exist_ok=True)
    try:
        listing, output = own / "images.jsonl", own / OUTPUT_FILE
        with listing.open("wb") as file:
            lines = ({"number": number, "path": str(path)} for number, path in rest.items())
            file.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        job = {**_network(model), "images": str(listing), "output": str(output), "config": dict(config)}
        if rest:
            engine_run(own, job, ctx=ctx, listener=_Watcher(len(earlier.lines), len(pictures), pace or Pace()))
        yield chain(map(orjson.loads, earlier.lines.values()), _lines(output) if rest else ())
    except JobLost:
        # Another worker has the job now, and with it the folder.
        raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _network(model: TrainedModel) -> dict[str, Any]:
    """What the engine's job says of the model. Raises `DomainError` where its files are gone."""
    folder = model_folder(model.pk)
    if not (folder / (ONNX_FILE if model.declaration else FACTS_FILE)).is_file():
        raise DomainError("model_gone", f"The files of {model.name} are missing on the server.")
    if model.declaration:
        return {"mode": "detect", "model": str(folder / ONNX_FILE), "declaration": model.declaration}
    return {"mode": "predict", "checkpoint": str(folder)}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)
