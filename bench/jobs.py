"""How long a person waits for a worker: from the request until the job's row says succeeded."""

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench._scene import closing, instance
from bench.harness import benchmark, median_of

ON_DATABASES = True
"""Measured on SQLite and again on PostgreSQL; the broker is the embedded one unless REDIS_URL names another."""


@functools.cache
def _worker() -> None:
    """One worker of the interactive queue on this instance's database, stopped when the process ends."""
    instance()
    from django.conf import settings  # noqa: PLC0415  Django is set up by the line above
    from django.db import connection  # noqa: PLC0415

    facts = connection.settings_dict
    url = f"sqlite:///{facts['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    words = [sys.executable, "-m", "celery", "-A", "annotator", "worker", "-Q", "interactive", "--pool", "solo"]
    words += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).parent.parent)}
    environment["PYTHONPATH"] += os.pathsep + str(Path(__file__).parent)
    environment["DJANGO_SETTINGS_MODULE"] = "bench._worker_settings"
    worker = subprocess.Popen(words, env=environment, cwd=settings.BASE_DIR)
    closing(worker.wait)
    closing(worker.kill)


@benchmark("round_trip", unit="ms", target=60, peer="Celery alone over the same broker", peer_value=21)
def round_trip() -> float:
    """p50 of enqueuing an empty job and seeing its row finished; 21 ms of it is the broker's own round trip."""
    _worker()
    from annotator.core import jobs  # noqa: PLC0415  after Django was set up
    from bench import _probe_job  # noqa: F401, PLC0415  registers the empty handler here too

    def call() -> Any:
        row = jobs.wait_for(jobs.enqueue("bench.empty", {}), seconds=30)
        assert row.state == "succeeded", row.state

    return 1000 * median_of(call, repeat=50)
