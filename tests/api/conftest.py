"""People and a project for the tests of the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Api


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run jobs themselves; no message shall reach a worker of this machine."""
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)


@pytest.fixture
def ada(db: None) -> Api:
    """The owner of the projects that she creates."""
    return Api("ada")


@pytest.fixture
def stranger(db: None) -> Api:
    """Signed in, member of nothing."""
    return Api("mallory")


@pytest.fixture
def project(ada: Api) -> dict[str, Any]:
    return ada.project()
