"""One training from the version to the model: writes the engine's input, runs it, keeps what came out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext, JobLost
from annotator.core.weights.services import weights_files
from datasets_app.formats.native_json import NativeJson
from datasets_app.ir import Dataset, ImageRecord
from datasets_app.services.exchange import dataset_of
from training_app.architectures.catalog import ARCHITECTURES
from training_app.models import Run, TrainedModel
from training_app.selectors.architecture import weights_present
from training_app.selectors.files import checkpoints_folder, run_folder
from training_app.services.engine_child import engine_run
from training_app.services.model import model_keep
from training_app.services.pictures import picture_file
from training_app.services.recorder import RunRecorder

LEARNED_FROM = frozenset({"train", "val"})


def run_train(run: Run, *, ctx: JobContext, resume: bool) -> dict[str, Any]:
    """Trains the run to its end and answers `{reason, model, best}`; `resume` continues from its last checkpoint.

    May be called again after it broke off anywhere: nothing is told, stored or kept twice.
    """
    if not Run.objects.filter(pk=run.pk, job_id=ctx.job_id).update(attempt=ctx.attempt):
        raise DomainError("superseded", f"{run.name} was started again by another job.")
    if run.reason:  # an earlier worker died after the training had ended
        return _result(run, model_keep(run))
    folder = run_folder(run.pk)
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    entry = ARCHITECTURES.get_entry(run.architecture)
    job = {
        "mode": "train",
        "dataset": str(_write_dataset(run, folder, ctx)),
        "output": str(checkpoints_folder(run.pk)),
        "architecture": run.architecture,
        "task": run.task,
        "config": run.config,
        "weights": {key: str(path) for key, path in weights_files(weights_present(entry)[:1]).items()},
        "resume": resume,
        "recipe": run.version.recipe,
    }
    recorder = RunRecorder(run, ctx)
    try:
        finished = engine_run(folder, job, ctx=ctx, listener=recorder)
    except JobLost:
        raise
    except BaseException:
        # Also what a cancelled or failed training told last: it is continued from there.
        recorder.flush()
        raise
    recorder.flush()
    model = model_keep(run)
    run.reason = str(finished["reason"])
    Run.objects.filter(pk=run.pk, job_id=ctx.job_id, attempt=ctx.attempt).update(reason=run.reason)
    return _result(run, model)


def _result(run: Run, model: TrainedModel | None) -> dict[str, Any]:
    return {"reason": run.reason, "model": None if model is None else model.pk, "best": run.best}


def _write_dataset(run: Run, folder: Path, ctx: JobContext) -> Path:
    """`dataset.json` of the version's training and validation images, each with the path of its picture here."""
    ctx.progress(0, -1, "images")
    dataset = dataset_of(run.project, version=run.version)
    splits = run.version.statistics["splits"]
    count = sum(splits[name]["images"] for name in LEARNED_FROM)
    local = Dataset(dataset.classes, _with_paths(dataset), count, -1, dataset.info)
    NativeJson().write(local, folder, images=False, progress=ctx.tick, options={"paths": True})
    return folder / "dataset.json"


def _with_paths(dataset: Dataset) -> Iterator[ImageRecord]:
    for record in dataset.images:
        if record.split in LEARNED_FROM:
            yield replace(record, path=picture_file(record))
