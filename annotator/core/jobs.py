"""Background work: the table of handlers, `enqueue`, the context that a handler gets, and `run_job`.

The Job row is the truth and the broker's message a hint. A worker claims a row by one conditional update and holds it
by a lease that it renews; a row whose worker died is queued again (see `dispatch.py`), so handlers must be idempotent.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Right
from django.utils import timezone
from typing_extensions import override

from annotator.core.errors import DomainError
from annotator.core.models import Job, JobState

log = logging.getLogger(__name__)

QUEUES = ("interactive", "cpu", "gpu")
LEASE = timedelta(seconds=30)
HEARTBEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.25
LOG_CHARACTERS = 64_000

Handler = Callable[..., Mapping[str, Any] | None]


class JobCancelled(Exception):  # noqa: N818  an outcome, not an error
    """Raised inside a handler at its next check after somebody cancelled the job."""


class JobLost(Exception):  # noqa: N818  an outcome, not an error
    """Raised inside a handler whose lease went to another worker; everything it does from here on is void."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """One line of the handler table."""

    kind: str
    queue: str
    title: str
    handler: Handler
    max_attempts: int


_kinds: dict[str, JobKind] = {}


def job(kind: str, *, queue: str, title: str, max_attempts: int = 3) -> Callable[[Handler], Handler]:
    """Registers a handler. Called again after its worker died, up to `max_attempts` times in all."""
    if queue not in QUEUES:
        raise ValueError(f"Unknown queue {queue!r}; known: {', '.join(QUEUES)}.")

    def register(handler: Handler) -> Handler:
        if kind in _kinds and _kinds[kind].handler.__module__ != handler.__module__:
            raise ValueError(f"Two handlers are registered for {kind!r}.")
        _kinds[kind] = JobKind(kind, queue, title, handler, max_attempts)
        return handler

    return register


def get_kind(kind: str) -> JobKind:
    return _kinds[kind]


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    project_id: int | None = None,
    user: Any = None,
    title: str = "",
    is_ephemeral: bool = False,
) -> Job:
    """Writes the job's row; its message leaves when the surrounding transaction commits."""
    definition = _kinds[kind]
    row = Job.objects.create(
        kind=kind,
        queue=definition.queue,
        title=title or definition.title,
        project_id=project_id,
        created_by=user if user is not None and user.is_authenticated else None,
        payload=dict(payload),
        is_ephemeral=is_ephemeral,
        sent_at=timezone.now(),
        sent_count=1,
    )
    transaction.on_commit(lambda: send(row))
    return row


def send(row: Job) -> None:
    """Tells the workers of the row's queue; a broker that is down costs only time, the dispatcher tries again."""
    try:
        current_app.send_task("run_job", (str(row.pk),), queue=row.queue, ignore_result=True)
    except Exception:
        log.exception("job.send_failed", extra={"job": str(row.pk)})


def owner_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


class JobContext:
    """What a handler may ask and tell. Also usable as a progress callback of formats: `ctx.tick`."""

    def __init__(self, job_id: str, attempt: int) -> None:
        self.job_id = job_id
        self.attempt = attempt
        self._told = 0.0
        self._unit = ""
        self._cancelled = False

    @property
    def is_retry(self) -> bool:
        """True when an earlier worker died over this job; its effects may be there in part."""
        return self.attempt > 1

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job_id, attempts=self.attempt, state=JobState.RUNNING)

    def progress(self, done: int, total: int = -1, unit: str = "") -> None:
        """Tells how far it is, at most four times a second, and raises `JobCancelled` when that is asked for."""
        self._unit = unit or self._unit
        now = time.monotonic()
        if now - self._told < PROGRESS_SECONDS and done != total:
            return
        self._told = now
        if not self._mine().update(done=done, total=total, unit=self._unit):
            raise JobLost(self.job_id)
        self.check_cancelled()

    def tick(self, done: int, total: int) -> None:
        """`progress` in the form that readers and writers of formats call."""
        self.progress(done, total, self._unit or "images")

    def check_cancelled(self) -> None:
        """Raises `JobCancelled` if somebody asked for it, `JobLost` if another worker has the job."""
        found = self._mine().values_list("cancel_requested", flat=True).first()
        if found is None:
            raise JobLost(self.job_id)
        if found:
            raise JobCancelled(self.job_id)

    def log(self, message: str) -> None:
        line = f"{timezone.now():%H:%M:%S} {message}\n"
        self._mine().update(log=Right(Concat(F("log"), Value(line)), LOG_CHARACTERS))


class _Heartbeat(threading.Thread):
    """Renews the lease while the handler works; ends with it."""

    def __init__(self, job_id: str, attempt: int) -> None:
        super().__init__(name=f"heartbeat-{job_id}", daemon=True)
        self._filter = {"pk": job_id, "attempts": attempt, "state": JobState.RUNNING}
        self._end = threading.Event()

    @override
    def run(self) -> None:
        while not self._end.wait(HEARTBEAT_SECONDS):
            try:
                Job.objects.filter(**self._filter).update(lease_until=timezone.now() + LEASE)
            except Exception:
                log.exception("job.heartbeat_failed")
        connection.close()

    def stop(self) -> None:
        self._end.set()


def claim(job_id: str) -> Job | None:
    """Takes the queued row for this process, or answers None when it is not queued (any more)."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        lease_owner=owner_name(),
        lease_until=now + LEASE,
        started_at=now,
    )
    return Job.objects.get(pk=job_id) if claimed else None


def run_job(job_id: str) -> None:
    """Claims and runs one job; alone writes state, error and timing."""
    row = claim(job_id)
    if row is None:
        return
    context = JobContext(job_id, row.attempts)
    heartbeat = _Heartbeat(job_id, row.attempts)
    heartbeat.start()
    try:
        if row.cancel_requested:
            raise JobCancelled(job_id)
        result = _kinds[row.kind].handler(context, **row.payload)
    except JobLost:
        log.warning("job.lost", extra={"job": job_id})
    except JobCancelled:
        _finish(row, state=JobState.CANCELLED, error_code="cancelled", error_detail="Cancelled.")
    except DomainError as error:
        _finish(row, state=JobState.FAILED, error_code=error.code, error_detail=error.detail)
    except Exception as error:
        log.exception("job.failed", extra={"job": job_id, "kind": row.kind})
        _finish(
            row,
            state=JobState.FAILED,
            error_code="internal",
            error_detail=f"{row.title} stopped on an internal error ({type(error).__name__}); the job's log says more.",
            traceback=traceback.format_exc(),
        )
    else:
        _finish(row, state=JobState.SUCCEEDED, result=dict(result or {}))
    finally:
        heartbeat.stop()


def _finish(row: Job, **values: Any) -> None:
    mine = Job.objects.filter(pk=row.pk, attempts=row.attempts, state=JobState.RUNNING)
    if values["state"] == JobState.SUCCEEDED:
        # A bar that ended at 99 % would lie; a total that was never told stays unknown.
        mine.filter(total__gte=0).update(done=F("total"))
    mine.update(finished_at=timezone.now(), lease_until=None, lease_owner="", **values)


def release_all() -> None:
    """Called when this process is told to shut down: an attempt that it cuts off does not count as a failure."""
    Job.objects.filter(lease_owner=owner_name(), state=JobState.RUNNING).update(releases=F("releases") + 1)


def cancel(row: Job) -> Job:
    """Cancels a queued job at once; asks a running one to stop at its next check."""
    now = timezone.now()
    queued = Job.objects.filter(pk=row.pk, state=JobState.QUEUED)
    if not queued.update(
        state=JobState.CANCELLED,
        error_code="cancelled",
        error_detail="Cancelled.",
        finished_at=now,
        cancel_requested=True,
    ):
        Job.objects.filter(pk=row.pk, state=JobState.RUNNING).update(cancel_requested=True)
    row.refresh_from_db()
    return row


def wait_for(row: Job, *, seconds: float, poll_seconds: float = 0.01) -> Job:
    """Waits in the web process until the job ended or the time is up; for short interactive work only."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        row.refresh_from_db(fields=("state", "result", "error_code", "error_detail"))
        if row.is_finished:
            break
        time.sleep(poll_seconds)
    return row
