"""Files that models were exported to, and what was found of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from annotator.core.errors import NotFoundError
from annotator.core.models import Job
from training_app.model_formats.catalog import MODEL_FORMATS
from training_app.models import TrainedModel
from training_app.selectors.files import model_export_folder

REPORT_FILE = "report.json"


def export_report(model: TrainedModel, format_key: str) -> dict[str, Any] | None:
    """What comparing the file with the model found; None where there is no file."""
    path = model_export_folder(model.pk, format_key) / REPORT_FILE
    try:
        report: dict[str, Any] = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return report


def export_name(model: TrainedModel, format_key: str) -> str:
    return f"model-{model.pk}{MODEL_FORMATS.get_entry(format_key).facts['suffix']}"


def export_file(model: TrainedModel, format_key: str) -> Path:
    """Raises `NotFoundError`."""
    if format_key in MODEL_FORMATS and export_report(model, format_key) is not None:
        return model_export_folder(model.pk, format_key) / export_name(model, format_key)
    raise NotFoundError("no_export", f"{model.name} was not exported as {format_key!r} yet.")


def model_exports(model: TrainedModel, job_kind: str) -> list[dict[str, Any]]:
    """Per format that can hold the model: what it is, its report or None, its newest job or None.

    An ONNX file that was brought needs none.
    """
    newest = {job.payload.get("format"): job for job in _jobs(model, job_kind)}
    return [
        {
            "key": entry.key,
            "title": entry.title,
            "description": entry.facts["description"],
            "report": export_report(model, entry.key),
            "job": newest.get(entry.key),
        }
        for entry in MODEL_FORMATS
        if model.task in entry.facts["tasks"] and not model.declaration
    ]


def _jobs(model: TrainedModel, kind: str) -> list[Job]:
    return list(
        Job.objects.filter(kind=kind, project_id=model.project_id, payload__model=model.pk)
        .select_related("created_by")
        .order_by("created_at")
    )
