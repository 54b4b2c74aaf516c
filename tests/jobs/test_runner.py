"""The job kernel: states, cancelling, dead workers, lost messages."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotator.core import dispatch, jobs
from annotator.core.errors import DomainError
from annotator.core.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the jobs whose message was sent."""
    messages: list[str] = []
    monkeypatch.setattr(jobs, "send", lambda row: messages.append(str(row.pk)))
    return messages


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers that only tests know."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))

    @jobs.job("test.count", queue="cpu", title="Count")
    def count(ctx: jobs.JobContext, *, to: int) -> dict[str, Any]:
        for done in range(1, to + 1):
            ctx.progress(done, to, "steps")
        return {"counted": to}

    @jobs.job("test.cancel", queue="cpu", title="Cancelled")
    def cancel(ctx: jobs.JobContext) -> None:
        jobs.cancel(Job.objects.get(pk=ctx.job_id))
        ctx.check_cancelled()

    @jobs.job("test.refuse", queue="cpu", title="Refused")
    def refuse(ctx: jobs.JobContext) -> None:
        raise DomainError("too_small", "The data set has 1 image; at least 2 are needed.")

    @jobs.job("test.break", queue="cpu", title="Broken")
    def break_(ctx: jobs.JobContext) -> None:
        raise ZeroDivisionError

    @jobs.job("test.lose", queue="cpu", title="Lost")
    def lose(ctx: jobs.JobContext) -> dict[str, Any]:
        Job.objects.filter(pk=ctx.job_id).update(attempts=7)
        ctx.check_cancelled()
        return {}


def run(kind: str, **payload: Any) -> Job:
    row = jobs.enqueue(kind, payload)
    jobs.run_job(str(row.pk))
    row.refresh_from_db()
    return row


def test_a_job_runs_and_keeps_its_result(sent: list[str], table: None) -> None:
    row = run("test.count", to=3)
    assert (row.state, row.result, row.done, row.total, row.unit) == ("succeeded", {"counted": 3}, 3, 3, "steps")
    assert row.started_at is not None
    assert row.finished_at is not None
    assert row.lease_owner == ""


def test_errors_become_a_sentence(sent: list[str], table: None) -> None:
    refused = run("test.refuse")
    assert (refused.state, refused.error_code) == ("failed", "too_small")
    assert refused.error_detail == "The data set has 1 image; at least 2 are needed."
    broken = run("test.break")
    assert (broken.state, broken.error_code) == ("failed", "internal")
    assert "ZeroDivisionError" in broken.traceback


def test_cancelling_queued_and_running_jobs(sent: list[str], table: None) -> None:
    queued = jobs.cancel(jobs.enqueue("test.count", {"to": 1}))
    assert queued.state == JobState.CANCELLED
    jobs.run_job(str(queued.pk))
    queued.refresh_from_db()
    assert (queued.state, queued.attempts) == (JobState.CANCELLED, 0)
    assert run("test.cancel").state == JobState.CANCELLED


def test_a_job_is_claimed_once(sent: list[str], table: None) -> None:
    row = jobs.enqueue("test.count", {"to": 1})
    assert jobs.claim(str(row.pk)) is not None
    assert jobs.claim(str(row.pk)) is None
    jobs.run_job(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.RUNNING, 1)


def test_a_worker_that_lost_its_lease_writes_nothing(sent: list[str], table: None) -> None:
    row = run("test.lose")
    assert (row.state, row.result, row.attempts) == (JobState.RUNNING, None, 7)


def test_the_message_leaves_on_commit_only(
    sent: list[str], table: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        row = jobs.enqueue("test.count", {"to": 1})
        assert sent == []
    with django_capture_on_commit_callbacks(execute=True):
        other = jobs.enqueue("test.count", {"to": 1})
    assert str(row.pk) not in sent
    assert sent == [str(other.pk)]


def test_a_lost_message_is_sent_again_with_growing_gaps(sent: list[str], table: None) -> None:
    row = jobs.enqueue("test.count", {"to": 1})
    dispatch.dispatch()
    assert sent == []
    Job.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(seconds=6))
    dispatch.dispatch()
    assert sent == [str(row.pk)]
    Job.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(seconds=6))
    dispatch.dispatch()
    assert len(sent) == 1
    Job.objects.filter(pk=row.pk).update(sent_at=timezone.now() - timedelta(seconds=11))
    dispatch.dispatch()
    assert len(sent) == 2


def test_jobs_of_dead_workers_are_queued_again_until_they_are_given_up(sent: list[str], table: None) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    owner = jobs.owner_name().rpartition(":")[0] + f":{dead.pid}"
    row = jobs.enqueue("test.count", {"to": 2})
    jobs.claim(str(row.pk))
    dispatch.dispatch()
    row.refresh_from_db()
    assert row.state == JobState.RUNNING, "this process is alive and its lease is young"
    Job.objects.filter(pk=row.pk).update(lease_owner=owner)
    dispatch.dispatch()
    row.refresh_from_db()
    assert (row.state, sent) == (JobState.QUEUED, [str(row.pk)])
    Job.objects.filter(pk=row.pk).update(state=JobState.RUNNING, attempts=3, lease_owner=owner)
    dispatch.dispatch()
    row.refresh_from_db()
    assert (row.state, row.error_code) == (JobState.FAILED, "worker_died")
    assert "died 3 times" in row.error_detail


def test_a_shutdown_is_not_counted_as_a_failure(sent: list[str], table: None) -> None:
    row = jobs.enqueue("test.count", {"to": 2})
    for restart in range(1, 6):
        jobs.claim(str(row.pk))
        jobs.release_all()
        Job.objects.filter(pk=row.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        dispatch.dispatch()
        row.refresh_from_db()
        assert (row.state, row.attempts, row.releases) == (JobState.QUEUED, restart, restart)
    jobs.run_job(str(row.pk))
    row.refresh_from_db()
    assert row.state == JobState.SUCCEEDED


def test_an_expired_lease_of_another_host_is_taken_back(sent: list[str], table: None) -> None:
    row = jobs.enqueue("test.count", {"to": 2})
    jobs.claim(str(row.pk))
    Job.objects.filter(pk=row.pk).update(lease_owner="elsewhere:1", lease_until=timezone.now() - timedelta(seconds=1))
    dispatch.dispatch()
    row.refresh_from_db()
    assert row.state == JobState.QUEUED
    jobs.run_job(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.SUCCEEDED, 2)
