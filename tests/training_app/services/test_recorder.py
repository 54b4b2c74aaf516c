"""What the engine tells is written once, by the newest attempt only."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from annotator.core.jobs import JobContext, JobLost
from training_app.models import Checkpoint, MetricPoint, Run
from training_app.selectors.files import checkpoints_folder
from training_app.services.recorder import RunRecorder

STARTED: dict[str, Any] = {
    "event": "started",
    "device": "CPU",
    "precision": "float32",
    "epochs": 4,
    "steps_per_epoch": 2,
    "train_images": 4,
    "val_images": 2,
    "parameters": 10,
    "monitor": "val/accuracy",
    "resumed": None,
}


def step(number: int, loss: float | None = 0.5) -> dict[str, Any]:
    return {
        "event": "step",
        "epoch": (number + 1) // 2,
        "step": number,
        "metrics": {"train/loss": loss, "lr": 0.1},
        "eta_seconds": 9.0,
        "images_per_second": 3.0,
        "memory_bytes": 1000 * number,
    }


def epoch(number: int, accuracy: float, *, best: bool = False) -> dict[str, Any]:
    metrics = {"train/loss": 0.4, "val/accuracy": accuracy}
    return {"event": "epoch", "epoch": number, "step": 2 * number, "metrics": metrics, "best": best, "patience_left": 5}


def points(run: Run) -> list[tuple[int, str, float]]:
    return list(MetricPoint.objects.filter(run=run).order_by("pk").values_list("step", "name", "value"))


def tell(recorder: RunRecorder, *events: dict[str, Any]) -> None:
    for event in events:
        recorder.take(event)
    recorder.flush()


def test_events_become_figures_points_and_checkpoints(run: Run, ctx: JobContext) -> None:
    recorder = RunRecorder(run, ctx)
    folder = checkpoints_folder(run.pk) / "best"
    folder.mkdir(parents=True)
    saved = {"event": "checkpoint", "kind": "best", "path": str(folder), "epoch": 1, "metrics": {"val/accuracy": 0.8}}
    note = {"event": "note", "code": "no_class", "detail": "One image was left out."}

    tell(recorder, note, STARTED, step(1), step(2), saved, epoch(1, 0.8, best=True), note)

    row = Run.objects.get(pk=run.pk)
    assert (row.epoch, row.step, row.steps_per_epoch, row.device) == (1, 2, 2, "CPU")
    assert row.best == {"epoch": 1, "metric": "val/accuracy", "value": 0.8}
    assert (row.patience_left, row.eta_seconds, row.peak_memory_bytes) == (5, 9.0, 2000)
    assert row.facts["notes"] == [{"code": "no_class", "detail": "One image was left out."}]
    assert points(run) == [
        (1, "train/loss", 0.5),
        (1, "lr", 0.1),
        (2, "train/loss", 0.5),
        (2, "lr", 0.1),
        (2, "train/loss_epoch", 0.4),
        (2, "val/accuracy", 0.8),
    ]
    assert Checkpoint.objects.get().path == f"runs/{run.pk}/checkpoints/best"
    assert recorder.progress() == (2, 8, "steps")


def test_figures_that_are_not_numbers_make_no_points(run: Run, ctx: JobContext) -> None:
    tell(RunRecorder(run, ctx), STARTED, step(1, loss=None))
    assert points(run) == [(1, "lr", 0.1)]


def test_attempt_that_lost_the_run_writes_nothing(run: Run, ctx: JobContext) -> None:
    recorder = RunRecorder(run, ctx)
    tell(recorder, STARTED, step(1))
    before = points(run)
    Run.objects.filter(pk=run.pk).update(attempt=2)
    recorder.take(step(2))
    with pytest.raises(JobLost):
        recorder.flush()
    assert points(run) == before
    assert Run.objects.get(pk=run.pk).step == 1


def test_training_that_begins_anew_takes_all_back(run: Run, ctx: JobContext) -> None:
    tell(RunRecorder(run, ctx), STARTED, step(1), step(2), epoch(1, 0.8, best=True))
    tell(RunRecorder(Run.objects.get(pk=run.pk), ctx), STARTED, step(1))
    row = Run.objects.get(pk=run.pk)
    assert points(run) == [(1, "train/loss", 0.5), (1, "lr", 0.1)]
    assert (row.epoch, row.step, row.best, row.patience_left) == (0, 1, None, None)


def test_training_that_continues_takes_back_what_is_done_again(run: Run, ctx: JobContext) -> None:
    # given a worker that died in step 4, while the last checkpoint is of step 3
    tell(RunRecorder(run, ctx), STARTED, step(1), step(2), epoch(1, 0.8, best=True), step(3), step(4))
    save_last(run, epoch=1, accuracy=0.8)

    # when
    resumed = STARTED | {"resumed": {"epoch": 1, "step": 3}}
    tell(RunRecorder(Run.objects.get(pk=run.pk), ctx), resumed)

    # then
    row = Run.objects.get(pk=run.pk)
    assert {number for number, _, _ in points(run)} == {1, 2, 3}
    assert [name for _, name, _ in points(run)].count("val/accuracy") == 1
    assert (row.epoch, row.step) == (1, 3)
    assert row.best == {"epoch": 1, "metric": "val/accuracy", "value": 0.8}


def test_epoch_that_was_saved_but_not_told_is_taken_from_the_checkpoint(run: Run, ctx: JobContext) -> None:
    # given a worker that died between the engine's save of epoch 2 and its own
    tell(RunRecorder(run, ctx), STARTED, step(2), epoch(1, 0.6, best=True), step(4))
    save_last(run, epoch=2, accuracy=0.9)

    # when
    resumed = STARTED | {"resumed": {"epoch": 2, "step": 4}}
    tell(RunRecorder(Run.objects.get(pk=run.pk), ctx), resumed)

    # then
    assert [(number, value) for number, name, value in points(run) if name == "val/accuracy"] == [(2, 0.6), (4, 0.9)]
    assert Run.objects.get(pk=run.pk).best == {"epoch": 2, "metric": "val/accuracy", "value": 0.9}


def save_last(run: Run, *, epoch: int, accuracy: float) -> None:
    folder = checkpoints_folder(run.pk) / "last"
    folder.mkdir(parents=True)
    facts = {
        "epoch": epoch,
        "metrics": {"train/loss": 0.4, "val/accuracy": accuracy},
        "stopping": {"metric": "val/accuracy", "best": accuracy, "best_epoch": epoch},
    }
    (folder / "checkpoint.json").write_bytes(orjson.dumps(facts))


def test_steps_of_a_long_training_are_thinned_out(run: Run, ctx: JobContext, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("training_app.services.recorder.time.monotonic", lambda: clock[0])
    recorder = RunRecorder(run, ctx)
    recorder.take(STARTED)
    for number in range(1, 20_001):  # five a second for more than an hour
        clock[0] += 0.2
        recorder.take(step(number))
    recorder.flush()
    kept = MetricPoint.objects.filter(run=run, name="train/loss").order_by("step").values_list("step", flat=True)
    assert list(kept[:1900]) == list(range(1, 1901))
    assert 5_000 < len(kept) < 8_000
