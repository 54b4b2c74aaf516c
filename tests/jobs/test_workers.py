"""Real Celery workers over the real broker: dead workers, lost messages, one effect.

Runs on the embedded broker and SQLite; again on Redis and PostgreSQL where `make test` names them.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import redis
from django.conf import settings
from django.db import connection
from PIL import Image as PilImage

from annotator.core.models import Job
from datasets_app.models import Image, Revision
from tests.client import Api

PATIENCE_SECONDS = 60.0

pytestmark = pytest.mark.usefixtures("transactional_db")


def database_url() -> str:
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


class Workers:
    """Worker processes on this test's database and broker, each in a process group of its own."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "celery", "-A", "annotator", "worker", "-Q", "cpu", "--concurrency", "1"]
        words += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "ANNOTATOR_DATA_DIR": str(settings.DATA_DIR),
            "DJANGO_SETTINGS_MODULE": "annotator.settings",
        }
        worker = subprocess.Popen(words, env=environment, start_new_session=True, cwd=settings.BASE_DIR)
        self._started.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """`kill -9` for the worker and all that it forked."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def stop(self) -> None:
        for worker in self._started:
            if worker.poll() is None:
                self.kill(worker)


@pytest.fixture
def workers() -> Iterator[Workers]:
    found = Workers()
    yield found
    found.stop()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"Waited {PATIENCE_SECONDS:.0f} s for {what}; jobs: {list(Job.objects.values())}"
        time.sleep(0.05)


def lose_all_messages() -> None:
    if settings.REDIS_URL:
        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        return
    for message in Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])).glob("*.msg"):
        message.unlink()


def big_archive(count: int) -> bytes:
    """Noisy pictures that take a while to decode and differ from each other."""
    noise = np.random.default_rng(0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for index in range(count):
            picture = io.BytesIO()
            pixels = noise.integers(0, 255, (1200, 1600, 3), dtype=np.uint8)
            PilImage.fromarray(pixels).save(picture, "JPEG", quality=60)
            archive.writestr(f"{index:03}.jpg", picture.getvalue())
    return buffer.getvalue()


def export(ada: Api, project: dict[str, Any]) -> str:
    return str(ada.post(f"projects/{project['id']}/exports/", {"format": "native"}).ok(202)["id"])


def test_workers_do_what_the_api_asks(workers: Workers) -> None:
    ada = Api("ada")
    project = ada.project()
    ada.images(project["id"], 2)
    workers.start()
    ids = [export(ada, project) for _ in range(3)]
    wait_for(lambda: Job.objects.filter(pk__in=ids, state="succeeded").count() == 3, "three exports")
    assert set(Job.objects.filter(pk__in=ids).values_list("attempts", flat=True)) == {1}


def test_a_killed_worker_loses_no_job_and_repeats_no_effect(workers: Workers) -> None:
    ada = Api("ada")
    project = ada.project()
    count = 40
    job = ada.upload(project["id"], {"many.zip": big_archive(count)})["jobs"][0]["id"]
    first = workers.start()
    wait_for(lambda: Job.objects.get(pk=job).done > 0, "the first pictures")
    workers.kill(first)
    assert Job.objects.get(pk=job).state == "running"
    head = Revision.objects.filter(project=project["id"]).count()
    workers.start()
    wait_for(lambda: Job.objects.get(pk=job).is_finished, "the second worker")
    row = Job.objects.get(pk=job)
    assert (row.state, row.attempts) == ("succeeded", 2)
    assert row.result is not None
    assert row.result["created"] == count
    assert Image.objects.filter(project=project["id"]).count() == count
    assert Revision.objects.filter(project=project["id"]).count() == head + 1


def test_a_flushed_broker_loses_no_job(workers: Workers) -> None:
    ada = Api("ada")
    project = ada.project()
    ada.images(project["id"], 1)
    job = export(ada, project)
    lose_all_messages()
    workers.start()
    wait_for(lambda: Job.objects.get(pk=job).state == "succeeded", "the export whose message was lost")
    assert Job.objects.get(pk=job).attempts == 1
