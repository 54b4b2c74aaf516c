"""Finds the jobs that a lost message or a dead worker left behind and queues them again.

Runs as a thread of every worker. All steps are conditional updates, so several dispatchers do no harm.
"""

from __future__ import annotations

import logging
import socket
import threading
from datetime import datetime, timedelta

import psutil
from django.db import close_old_connections, connection
from django.utils import timezone
from typing_extensions import override

from annotator.core import jobs
from annotator.core.models import Job, JobState

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 1.0
RESEND_AFTER = timedelta(seconds=5)
RESEND_AT_MOST = timedelta(minutes=5)


class Dispatcher(threading.Thread):
    """Calls `dispatch` once a second until stopped."""

    def __init__(self) -> None:
        super().__init__(name="dispatcher", daemon=True)
        self._end = threading.Event()

    @override
    def run(self) -> None:
        while not self._end.wait(INTERVAL_SECONDS):
            try:
                close_old_connections()
                dispatch()
            except Exception:
                log.exception("dispatch.failed")
        connection.close()

    def stop(self) -> None:
        self._end.set()


def dispatch() -> None:
    """One round: take back jobs of dead workers, then tell again of jobs that nobody took."""
    now = timezone.now()
    for row in Job.objects.filter(state=JobState.RUNNING).only(
        "pk", "kind", "attempts", "releases", "lease_owner", "lease_until"
    ):
        if _is_dead(row, now):
            _take_back(row)
    for row in Job.objects.filter(state=JobState.QUEUED, sent_at__lt=now - RESEND_AFTER):
        wait = min(RESEND_AFTER * 2 ** min(row.sent_count - 1, 10), RESEND_AT_MOST)
        due = row.sent_at is None or row.sent_at < now - wait
        same = Job.objects.filter(pk=row.pk, state=JobState.QUEUED, sent_count=row.sent_count)
        if due and same.update(sent_at=now, sent_count=row.sent_count + 1):
            jobs.send(row)


def _is_dead(row: Job, now: datetime) -> bool:
    if row.lease_until is not None and row.lease_until < now:
        return True
    host, _, pid = row.lease_owner.rpartition(":")
    return host == socket.gethostname() and pid.isdigit() and not psutil.pid_exists(int(pid))


def _take_back(row: Job) -> None:
    same = Job.objects.filter(pk=row.pk, state=JobState.RUNNING, attempts=row.attempts, lease_owner=row.lease_owner)
    failures = row.attempts - row.releases
    if failures >= jobs.get_kind(row.kind).max_attempts:
        same.update(
            state=JobState.FAILED,
            error_code="worker_died",
            error_detail=f"The worker died {failures} times over this job, most likely for lack of memory.",
            finished_at=timezone.now(),
            lease_owner="",
        )
        return
    now = timezone.now()
    if same.update(state=JobState.QUEUED, lease_owner="", lease_until=None, sent_at=now, sent_count=1):
        log.warning("job.taken_back", extra={"job": str(row.pk)})
        row.refresh_from_db()
        jobs.send(row)
