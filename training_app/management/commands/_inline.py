"""Runs a job within a command: in this process, unless a worker took it first."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandError

from annotator.core import jobs
from annotator.core.models import Job, JobState

POLL_SECONDS = 0.5


def job_finish(job: Job) -> dict[str, Any]:
    """The result of the job. Raises `CommandError` with the sentence of one that failed."""
    jobs.run_job(str(job.pk))
    job.refresh_from_db()
    while not job.is_finished:
        time.sleep(POLL_SECONDS)
        job.refresh_from_db()
    if job.state != JobState.SUCCEEDED:
        raise CommandError(f"{job.title}: {job.error_detail}")
    return dict(job.result or {})
