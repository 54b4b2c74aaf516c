"""Lets a model predict on pictures through the engine. Stores nothing that outlives the block."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext
from training_app.models import TrainedModel
from training_app.selectors.files import FACTS_FILE, model_folder, predicting_folder
from training_app.services.engine_child import engine_run

OUTPUT_FILE = "predictions.jsonl"


class _Watcher:
    """Turns the engine's progress into the job's."""

    wants_stop = False

    def __init__(self, total: int) -> None:
        self._done, self._total = 0, total

    def take(self, event: Mapping[str, Any]) -> None:
        if event.get("event") == "progress":
            self._done = int(event["done"])

    def beat(self) -> None:
        """Nothing to write down."""

    def progress(self) -> tuple[int, int, str]:
        return self._done, self._total, "images"


@contextmanager
def predictions_made(
    model: TrainedModel, pictures: Mapping[int, Path], *, ctx: JobContext, config: Mapping[str, Any]
) -> Iterator[Iterable[dict[str, Any]]]:
    """Yields a line of the engine per picture, see the engine's contract; pictures go by the id of their image."""
    checkpoint = model_folder(model.pk)
    if not (checkpoint / FACTS_FILE).is_file():
        raise DomainError("model_gone", f"The files of {model.name} are missing on the server.")
    folder = predicting_folder(ctx.job_id, ctx.attempt)
    for left_by_dead_worker in folder.parent.glob(f"{ctx.job_id}-*"):
        shutil.rmtree(left_by_dead_worker, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        listing, output = folder / "images.jsonl", folder / OUTPUT_FILE
        with listing.open("wb") as file:
            lines = ({"number": number, "path": str(path)} for number, path in pictures.items())
            file.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        job = {
            "mode": "predict",
            "checkpoint": str(checkpoint),
            "images": str(listing),
            "output": str(output),
            "config": dict(config),
        }
        engine_run(folder, job, ctx=ctx, listener=_Watcher(len(pictures)))
        yield _lines(output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)
