"""A model as a file for other programs: written by the engine beside a report on how it answers, and kept."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

import orjson

from annotator.core import jobs
from annotator.core.errors import DomainError, NotFoundError
from annotator.core.jobs import JobContext
from annotator.core.models import FINISHED_STATES, Job
from annotator.core.registry import Entry
from datasets_app.services.exchange import dataset_of
from training_app.model_formats.catalog import MODEL_FORMATS
from training_app.models import TrainedModel
from training_app.selectors.files import FACTS_FILE, model_export_folder, model_folder, predicting_folder
from training_app.selectors.model_export import REPORT_FILE, export_name, export_report
from training_app.services.engine_child import engine_run
from training_app.services.pictures import picture_file

JOB = "training.export_model"
PICTURES = 32
"""Of the validation images: the file is calibrated and compared on them."""


def model_export_start(model: TrainedModel, *, format_key: str, author: Any) -> Job | None:
    """The job that writes the file; None when it is there. Raises `DomainError`."""
    entry = _entry(model, format_key)
    if export_report(model, format_key) is not None:
        return None
    payload = {"model": model.pk, "format": format_key}
    waiting = Job.objects.filter(kind=JOB, payload=payload).exclude(state__in=FINISHED_STATES).first()
    title = f"Export {model.name} as {entry.title}"[:200]
    return waiting or jobs.enqueue(JOB, payload, project_id=model.project_id, user=author, title=title)


def _entry(model: TrainedModel, format_key: str) -> Entry:
    if format_key not in MODEL_FORMATS:
        known = ", ".join(MODEL_FORMATS.keys())
        raise NotFoundError("unknown_format", f"format: there is no {format_key!r}; choose one of {known}.")
    entry = MODEL_FORMATS.get_entry(format_key)
    if model.declaration:
        raise DomainError("brought_model", f"{model.name} was brought as an ONNX file; it is one already.")
    if model.task not in entry.facts["tasks"]:
        tasks = ", ".join(entry.facts["tasks"])
        raise DomainError(
            "task_without_format",
            f"format: {entry.title} holds models for {tasks}, and {model.name} is for {model.task}.",
            fields={"format": "another"},
        )
    return entry


def model_export_run(model: TrainedModel, *, format_key: str, ctx: JobContext) -> dict[str, Any]:
    """Writes the file and answers its report; called again, it answers what is there."""
    entry = _entry(model, format_key)
    if (found := export_report(model, format_key)) is not None:
        return found
    checkpoint = model_folder(model.pk)
    if not (checkpoint / FACTS_FILE).is_file():
        raise DomainError("model_gone", f"The files of {model.name} are missing on the server.")
    folder = predicting_folder(ctx.job_id)
    # A process of an attempt that was lost may still write into a folder of its own.
    work = folder / str(ctx.attempt)
    file = work / "made" / export_name(model, format_key)
    try:
        job = {
            "mode": "export",
            "checkpoint": str(checkpoint),
            "images": _pictures(model),
            "output": str(file),
            "format": entry.key,
        }
        finished = engine_run(work, job, ctx=ctx, listener=_Listener())
        report: dict[str, Any] = finished["report"]
        (file.parent / REPORT_FILE).write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2))
        target = model_export_folder(model.pk, format_key)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        file.parent.rename(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


def _pictures(model: TrainedModel) -> list[dict[str, Any]]:
    """Some of the validation images of its version, of any other split where there are none."""
    # Only a model of a run gets here, and that has a version.
    records = sorted(dataset_of(model.project, version=model.version).images, key=lambda record: record.split != "val")
    return [{"number": record.number, "path": str(picture_file(record))} for record in records[:PICTURES]]


class _Listener:
    wants_stop = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Only the end is of interest, and the engine's caller gets that."""

    def beat(self) -> None:
        """Nothing to write down."""

    def progress(self) -> tuple[int, int, str]:
        return 0, -1, "images"
