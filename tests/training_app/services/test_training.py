"""What surrounds the engine in a training: its input, and attempts that come too late."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext
from annotator.core.storage.blobs import get_blobs
from datasets_app.models import Image
from tests.training_app import scenes
from training_app.models import Run
from training_app.selectors.files import run_folder
from training_app.services.training import run_train


class Stage:
    """In the engine's place: remembers its input and finishes at once."""

    def __init__(self) -> None:
        self.job: dict[str, Any] = {}
        self.dataset: dict[str, Any] = {}

    def __call__(self, _: Path, job: Mapping[str, Any], **__: Any) -> dict[str, Any]:
        self.job = dict(job)
        self.dataset = orjson.loads(Path(job["dataset"]).read_bytes())
        return {"event": "finished", "reason": "completed"}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr("training_app.services.training.engine_run", stage)
    return stage


def test_engine_gets_pictures_of_train_and_val_as_files_and_the_settings(
    run: Run, ctx: JobContext, stage: Stage, found: dict[str, Any]
) -> None:
    result = run_train(run, ctx=ctx, resume=False)

    assert result == {"reason": "completed", "model": None, "best": None}
    assert {image["split"] for image in stage.dataset["images"]} == {"train", "val"}
    assert len(stage.dataset["images"]) == 6
    assert all(Path(image["path"]).is_file() for image in stage.dataset["images"])
    assert [row["name"] for row in stage.dataset["classes"]] == ["red", "blue"]
    assert (stage.job["config"], stage.job["resume"], stage.job["weights"]) == (run.config, False, {})
    assert Path(stage.job["output"]) == run_folder(run.pk) / "checkpoints"
    assert Run.objects.get(pk=run.pk).reason == "completed"


def test_weights_that_are_here_are_named_to_the_engine(
    run: Run, ctx: JobContext, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("training_app.selectors.architecture", "annotator.core.weights.services"):
        monkeypatch.setattr(f"{module}.weights_missing", lambda _: "")
    run_train(run, ctx=ctx, resume=True)
    (path,) = stage.job["weights"].values()
    assert (list(stage.job["weights"]), Path(path).parent) == (
        ["squeezenet1_0_imagenet"],
        Path(settings.DATA_DIR) / "weights",
    )
    assert stage.job["resume"] is True


def test_first_start_clears_what_lies_in_its_folder(run: Run, ctx: JobContext, stage: Stage) -> None:
    leftover = run_folder(run.pk) / "checkpoints" / "best" / "checkpoint.json"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("{}")
    assert run_train(run, ctx=ctx, resume=False)["model"] is None
    assert not leftover.exists()


def test_worker_that_died_after_the_end_does_not_train_again(
    run: Run, ctx: JobContext, stage: Stage, found: dict[str, Any]
) -> None:
    model = scenes.trained(found)
    assert model.run is not None
    run = model.run
    run.reason, run.job_id = "early_stopped", ctx.job_id
    run.save()
    assert run_train(run, ctx=ctx, resume=True) == {"reason": "early_stopped", "model": model.pk, "best": None}
    assert stage.job == {}


def test_job_of_a_run_that_was_started_anew_is_refused(run: Run, ctx: JobContext, stage: Stage) -> None:
    Run.objects.filter(pk=run.pk).update(job=None)
    with pytest.raises(DomainError, match="was started again by another job"):
        run_train(run, ctx=ctx, resume=True)
    assert stage.job == {}


def test_picture_that_is_missing_on_the_server_is_named(run: Run, ctx: JobContext, stage: Stage) -> None:
    image = Image.objects.latest("pk")
    Image.objects.filter(project=run.project).update(sha256="0" * 64)
    with pytest.raises(DomainError, match=r"The stored picture of \d+\.png is missing on the server\."):
        run_train(run, ctx=ctx, resume=False)
    assert not get_blobs().exists("0" * 64, image.suffix)
