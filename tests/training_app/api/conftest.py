"""People for the tests of the training API."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.client import Api
from tests.training_app.scenes import PretendedEngine


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run jobs themselves; no message shall reach a worker of this machine."""
    monkeypatch.setattr("annotator.core.jobs.send", lambda _: None)


@pytest.fixture(autouse=True)
def _no_files_of_earlier_tests() -> None:
    """Ids begin at 1 again when a test's rows are rolled back; its files stay."""
    for name in ("runs", "models", "model_exports", "evaluations", "predicting", "model_uploads"):
        shutil.rmtree(Path(settings.DATA_DIR) / name, ignore_errors=True)


@pytest.fixture
def ada(db: None) -> Api:
    """The owner of the projects that she creates."""
    return Api("ada")


@pytest.fixture
def stranger(db: None) -> Api:
    """Signed in, member of nothing."""
    return Api("mallory")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> PretendedEngine:
    """In place of the child process that predicts; set `predict` to what it shall find."""

    def nothing(_: int) -> dict[str, Any]:
        return {"predictions": []}

    pretended = PretendedEngine(nothing)
    monkeypatch.setattr("training_app.services.predicting.engine_run", pretended)
    return pretended
