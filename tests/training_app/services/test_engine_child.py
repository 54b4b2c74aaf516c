"""The child process: what it may know, and what is said when it dies."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext
from training_app.services.engine_child import EngineChild, clean_environment, engine_run


class Ear:
    """A listener that only remembers."""

    wants_stop = False

    def __init__(self) -> None:
        self.events: list[Mapping[str, Any]] = []
        self.beats = 0

    def take(self, event: Mapping[str, Any]) -> None:
        self.events.append(event)

    def beat(self) -> None:
        self.beats += 1

    def progress(self) -> tuple[int, int, str]:
        return 0, -1, "images"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts another program in the engine's place."""
    package = tmp_path / "code" / "training_app"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path / "code")
    return (package / "engine.py").write_text


def test_child_gets_no_secret_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "ANNOTATOR_SECRET_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "DJANGO_SETTINGS_MODULE",
    ):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    found = clean_environment()
    assert "secret" not in found.values()
    assert (found["CUDA_VISIBLE_DEVICES"], found["OMP_NUM_THREADS"]) == ("1", "2")
    assert "PATH" in found


def test_engine_refuses_a_job_with_its_own_sentence(tmp_path: Path, ctx: JobContext) -> None:
    with pytest.raises(DomainError) as caught:
        engine_run(tmp_path, {"mode": "dance"}, ctx=ctx, listener=Ear())
    assert (caught.value.code, caught.value.detail) == (
        "bad_job",
        "The job's mode must be one of train, predict, detect, inspect, export, not 'dance'.",
    )


def test_child_that_dies_without_a_word_is_mourned_with_its_last_lines(
    tmp_path: Path, ctx: JobContext, script: Any
) -> None:
    script("import sys\nprint('{\"event\": \"sta')\nprint('cannot go on', file=sys.stderr)\nsys.exit(3)\n")
    (tmp_path / "engine.log").write_text("of an earlier attempt\n")
    ear = Ear()
    with pytest.raises(DomainError) as caught:
        engine_run(tmp_path, {}, ctx=ctx, listener=ear)
    assert caught.value.detail == "The training process ended with exit code 3. It last wrote: cannot go on"
    assert ear.events == []


def test_child_that_ends_well_without_finishing_has_failed(tmp_path: Path, ctx: JobContext, script: Any) -> None:
    script('print(\'{"event": "started"}\')\n')
    ear = Ear()
    with pytest.raises(DomainError, match="The training process ended with exit code 0"):
        engine_run(tmp_path, {}, ctx=ctx, listener=ear)
    assert ear.events == [{"event": "started"}]


def test_silent_child_is_watched_all_the_time(tmp_path: Path, ctx: JobContext, script: Any) -> None:
    script('import time\ntime.sleep(2.2)\nprint(\'{"event": "finished", "reason": "completed"}\')\n')
    ear = Ear()
    assert engine_run(tmp_path, {}, ctx=ctx, listener=ear)["reason"] == "completed"
    assert ear.beats >= 4


def test_child_that_does_not_stop_in_time_is_killed(tmp_path: Path, script: Any) -> None:
    script(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        'print(\'{"event": "started"}\', flush=True)\ntime.sleep(60)\n'
    )
    started = time.monotonic()
    with EngineChild(tmp_path / "job.json", tmp_path / "engine.log") as child:
        for event in child.events():
            if event is not None:
                child.stop(0.5)
        assert child.wait() == -9
    assert time.monotonic() - started < 20
