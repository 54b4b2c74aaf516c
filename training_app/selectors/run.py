"""Reads of runs: with everything that their page shows in a fixed number of queries; curves; the end of the log."""

from __future__ import annotations

import os
from typing import Any

from annotator.core.models import JobState
from datasets_app.models import Project
from training_app.models import MetricPoint, Run
from training_app.selectors.files import LOG_FILE, run_folder

POINTS_AT_ONCE = 20_000
LOG_BYTES = 64 * 1024


def _rows() -> Any:
    rows = Run.objects.select_related("version", "created_by", "job__created_by").prefetch_related(
        "checkpoints", "models"
    )
    return rows.defer("version__assignment", "job__traceback")


def run_get(pk: int) -> Run:
    run: Run = _rows().get(pk=pk)
    return run


def run_list(project: Project) -> list[Run]:
    return list(_rows().filter(project=project))


def run_state(run: Run) -> str:
    """That of the newest job; a run whose job is gone is judged by how it ended."""
    if run.job is not None:
        return str(run.job.state)
    return str(JobState.SUCCEEDED if run.reason else JobState.FAILED)


def metric_points(run: Run, *, after: int) -> list[dict[str, Any]]:
    rows = MetricPoint.objects.filter(run=run, pk__gt=after).order_by("pk")
    found = rows.values_list("pk", "epoch", "step", "name", "value")[:POINTS_AT_ONCE]
    return [dict(zip(("id", "epoch", "step", "name", "value"), point, strict=True)) for point in found]


def log_tail(run: Run) -> str:
    """The last whole lines of the log, up to 64 KB."""
    path = run_folder(run.pk) / LOG_FILE
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LOG_BYTES))
        tail = file.read(LOG_BYTES)
    if size > LOG_BYTES:
        tail = tail.partition(b"\n")[2]
    return tail.decode(errors="replace")
