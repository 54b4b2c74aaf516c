"""A worker that is killed in the middle of a batch: the next attempt goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings

from tests.training_app.engine.onnx_scenes import PHOTOS, REAL, needs_shared_data
from training_app.engine.detectors.coco import COCO_NAMES
from training_app.models import TrainedModel
from training_app.selectors.files import ONNX_FILE, model_folder, predicting_folder
from training_app.services import predicting
from training_app.services.engine_child import engine_run
from training_app.services.predicting import predictions_made

PICTURES = 80
DECLARATION = {"head": "fastestdet", "size": [352, 352], "strides": [16], "classes": list(COCO_NAMES), "fit": "squash"}
WORKER = """
import sys
import django
from django.conf import settings
settings.configure(DATA_DIR=sys.argv[1], BASE_DIR=sys.argv[2], INSTALLED_APPS=["django.contrib.auth",
    "django.contrib.contenttypes", "annotator.core", "datasets_app", "training_app"], AUTH_USER_MODEL="auth.User")
django.setup()
from tests.training_app.services.test_batch_after_kill import Context, made
made(Context(1))
"""


class Context:
    """As much of a job as a prediction asks for."""

    job_id = "batch"

    def __init__(self, attempt: int) -> None:
        self.attempt = attempt
        self.told: list[tuple[int, int]] = []

    def progress(self, done: int, total: int = -1, unit: str = "") -> None:
        assert unit == "images"
        self.told.append((done, total))

    def check_cancelled(self) -> None:
        """Nobody does."""


def made(ctx: Any) -> list[dict[str, Any]]:
    model = TrainedModel(pk=1, name="Brought", declaration=DECLARATION)
    photos = sorted(PHOTOS.glob("*.jpg"))
    pictures = {number: photos[number % len(photos)] for number in range(PICTURES)}
    with predictions_made(model, pictures, ctx=ctx, config={"min_score": 0.4}) as lines:
        return list(lines)


@needs_shared_data
def test_next_attempt_goes_on_where_a_killed_one_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given: a worker that is killed with its engine at work
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    folder = model_folder(1)
    folder.mkdir(parents=True)
    (folder / ONNX_FILE).write_bytes(REAL[str(DECLARATION["head"])].read_bytes())
    words = [sys.executable, "-c", WORKER, str(tmp_path), str(settings.BASE_DIR)]
    worker = subprocess.Popen(words, cwd=settings.BASE_DIR)
    part = predicting_folder("batch") / "1" / f"{predicting.OUTPUT_FILE}.part"
    deadline = time.monotonic() + 60
    while not part.is_file() or part.read_bytes().count(b"\n") < 5:
        assert worker.poll() is None, "The worker ended before it could be killed."
        assert time.monotonic() < deadline
        time.sleep(0.005)
    engines = psutil.Process(worker.pid).children()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    gone, alive = psutil.wait_procs(engines, timeout=10)
    before = part.read_bytes().count(b"\n")

    # when
    runs: list[dict[str, Any]] = []

    def watched(at: Path, job: Any, **more: Any) -> Any:
        runs.append({"asked": (at / "images.jsonl").read_bytes().count(b"\n")})
        return engine_run(at, job, **more)

    monkeypatch.setattr(predicting, "engine_run", watched)
    ctx = Context(2)
    lines = made(ctx)

    # then
    assert (len(gone), alive) == (1, [])
    assert 5 <= before < PICTURES
    assert runs == [{"asked": PICTURES - before}]
    assert sorted(line["number"] for line in lines) == list(range(PICTURES))
    assert {len(line["predictions"]) for line in lines[:2]} != {0}
    assert min(done for done, _ in ctx.told) >= before
    assert not predicting_folder("batch").exists()
