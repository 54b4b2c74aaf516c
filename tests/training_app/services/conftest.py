"""A run with its job, as the services see it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from annotator.core import jobs
from annotator.core.jobs import JobContext
from tests.client import Api
from tests.training_app import scenes
from training_app.models import Run
from training_app.selectors.files import run_folder


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr("annotator.core.jobs.send", lambda _: None)


@pytest.fixture
def ada(db: None) -> Api:
    return Api("ada")


@pytest.fixture
def found(ada: Api) -> dict[str, Any]:
    return scenes.classified(ada, count=8)


@pytest.fixture
def run(ada: Api, found: dict[str, Any]) -> Run:
    """Begun by a worker: its job is running, attempt 1."""
    started = scenes.start_run(ada, found, "squeezenet1_0", epochs=4)
    jobs.claim(started["job"]["id"])
    Run.objects.filter(pk=started["id"]).update(attempt=1)
    run_folder(started["id"]).mkdir(parents=True)
    return Run.objects.select_related("job").get(pk=started["id"])


@pytest.fixture
def ctx(run: Run) -> JobContext:
    return JobContext(str(run.job_id), 1)
