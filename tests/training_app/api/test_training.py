"""Real trainings in a real child process: to the end, stopped, cancelled, killed, resumed, extended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import connection

from annotator.core import dispatch, jobs
from annotator.core.models import Job
from tests.client import Api
from tests.training_app import scenes
from training_app.models import Checkpoint, MetricPoint, Run, TrainedModel
from training_app.selectors.files import checkpoints_folder, model_folder

ROOT = Path(__file__).resolve().parents[3]
TINY = "squeezenet1_0"
LONG = 5000
WAIT_SECONDS = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def wait_for(condition: Callable[[], Any], what: str) -> Any:
    """What `condition` answers, as soon as that is true."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Waited {WAIT_SECONDS:g} s in vain for {what}.")


def epoch_of(run: dict[str, Any]) -> int:
    return Run.objects.values_list("epoch", flat=True).get(pk=run["id"])


def while_training(run: dict[str, Any], act: Callable[[], Any], *, epochs: int = 2) -> None:
    """Runs the run's job here as a worker would; `act` happens once it has finished some epochs."""
    at_least = epoch_of(run) + epochs

    def watch() -> None:
        try:
            wait_for(lambda: epoch_of(run) >= at_least, f"epoch {at_least}")
            act()
        finally:
            connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    jobs.run_job(run["job"]["id"])
    watcher.join()


def engines_of(pid: int) -> list[psutil.Process]:
    try:
        return [child for child in psutil.Process(pid).children(recursive=True) if is_engine(child)]
    except psutil.NoSuchProcess:
        return []


def is_engine(child: psutil.Process) -> bool:
    try:
        return "training_app.engine" in child.cmdline()
    except psutil.NoSuchProcess:  # its loaders come and go
        return False


def assert_nothing_is_doubled(run: dict[str, Any]) -> None:
    points = list(MetricPoint.objects.filter(run=run["id"]).values_list("name", "step"))
    assert len(points) == len(set(points))
    row = Run.objects.get(pk=run["id"])
    ends = list(MetricPoint.objects.filter(run=row, name="val/loss").order_by("step").values_list("epoch", flat=True))
    assert ends == list(range(1, row.epoch + 1))
    assert Checkpoint.objects.filter(run=row).count() == 2


def stopping_of(run: dict[str, Any]) -> dict[str, Any]:
    """How patient the last checkpoint is."""
    facts = json.loads((checkpoints_folder(run["id"]) / "last" / "checkpoint.json").read_text())
    stopping: dict[str, Any] = facts["stopping"]
    return stopping


def test_a_recipe_is_trained_through_and_kept_with_the_model(ada: Api) -> None:
    found = scenes.classified(ada)
    operations = [
        {"op": "resize_picture", "parameters": {"mode": "pad", "width": 24, "height": 24}},
        {"op": "remap_classes", "parameters": {"names": {"blue": "red"}}},
        {"op": "random_flip"},
    ]
    body = {"name": "prepared", "group_by": "none", "recipe": {"operations": operations, "copies": 1}}
    version = ada.post(f"projects/{found['project']['id']}/versions/", body).ok(201)
    run = scenes.start_run(ada, found | {"version": version}, TINY, epochs=1)

    ada.succeed(run["job"])

    made = ada.get(f"runs/{run['id']}/").ok()["model"]
    model = ada.get(f"models/{made}/").ok()
    assert [row["name"] for row in model["classes"]] == ["red"]
    facts = json.loads((model_folder(model["id"]) / "checkpoint.json").read_text())
    assert facts["recipe"] == version["recipe"]
    evaluation = ada.post(f"models/{model['id']}/evaluations/", {"version": version["id"], "split": "val"}).ok(202)
    ada.succeed(evaluation["job"])
    assert ada.get(f"evaluations/{evaluation['id']}/").ok()["summary"]["accuracy"] == 1.0


def test_from_version_to_accepted_labels(ada: Api) -> None:
    """The whole loop of a classifier: train, look at it, evaluate it, train on, let it label, accept."""
    # given
    found = scenes.classified(ada, unlabelled=2)
    project = found["project"]["id"]
    run = scenes.start_run(ada, found, TINY, epochs=2)

    # when
    result = ada.succeed(run["job"])

    # then
    done = ada.get(f"runs/{run['id']}/").ok()
    assert (done["state"], done["reason"], done["epoch"], done["eta_seconds"]) == ("succeeded", "completed", 2, None)
    assert (done["step"], done["steps_per_epoch"], done["train_images"], done["val_images"]) == (4, 2, 8, 4)
    assert done["device"].startswith("CPU")
    assert result == {"reason": "completed", "model": done["model"], "best": done["best"]}
    assert (done["best"]["metric"], {row["kind"] for row in done["checkpoints"]}) == ("val/accuracy", {"best", "last"})
    assert done["job"]["progress"] == {"done": 4, "total": 4, "unit": "steps"}
    points = ada.get(f"runs/{run['id']}/metrics/").ok()["points"]
    assert {point["name"] for point in points} >= {"train/loss", "lr", "train/loss_epoch", "val/loss", "val/accuracy"}
    assert ada.get(f"runs/{run['id']}/metrics/", after=points[-2]["id"]).ok()["points"] == points[-1:]
    assert "Epoch 2 of 2: " in ada.get(f"runs/{run['id']}/log/").ok()["text"]
    assert_nothing_is_doubled(run)

    model = ada.get(f"models/{done['model']}/").ok()
    assert [(row["id"], row["name"]) for row in model["classes"]] == [
        (row["id"], row["name"]) for row in found["classes"]
    ]
    assert (model["run"], model["epoch"], model["size"] > 1_000_000) == (run["id"], done["best"]["epoch"], True)

    evaluation = ada.post(f"models/{model['id']}/evaluations/", {"version": found["version"]["id"], "split": "val"}).ok(
        202
    )
    ada.succeed(evaluation["job"])
    figures = ada.get(f"evaluations/{evaluation['id']}/").ok()
    assert figures["summary"]["accuracy"] == pytest.approx(done["best"]["value"])

    ada.succeed(ada.post(f"runs/{run['id']}/extend/", {"epochs": 1}).ok()["job"])
    longer = ada.get(f"runs/{run['id']}/").ok()
    assert (longer["epoch"], longer["epochs"], longer["reason"], longer["step"]) == (3, 3, "completed", 6)
    assert (longer["model"] == model["id"]) == (longer["best"]["epoch"] <= 2)
    assert model_folder(model["id"]).is_dir()
    assert_nothing_is_doubled(run)

    proposed = ada.succeed(ada.post(f"projects/{project}/auto-label/", {"model": model["id"], "min_score": 0}).ok(202))
    # Two that were left out of the splits' labels, and those that have none.
    assert (proposed["images"], proposed["predictions"]) == (2, 2)
    accepted = ada.post(f"prediction-batches/{proposed['batch']}/accept/", {"threshold": 0}).ok()
    assert accepted["accepted"] == 2
    assert ada.annotations(found["images"][-1])[0]["source"] == f"run:{run['id']}"


def test_detector_is_trained_evaluated_and_proposes_boxes(ada: Api) -> None:
    found = scenes.boxed(ada, count=8, unlabelled=1)
    run = scenes.start_run(ada, found, "fasterrcnn_mobilenet_v2_fpn", epochs=1, image_size=64)
    model = ada.succeed(run["job"])["model"]
    assert {point["name"] for point in ada.get(f"runs/{run['id']}/metrics/").ok()["points"]} >= {"val/ap", "val/ap50"}

    evaluation = ada.post(f"models/{model}/evaluations/", {"version": found["version"]["id"], "split": "train"}).ok(202)
    ada.succeed(evaluation["job"])
    figures = ada.get(f"evaluations/{evaluation['id']}/").ok()
    assert (figures["images"], sum(row["support"] for row in figures["per_class"])) == (4, 4)
    assert {"ap", "ap50", "ap75", "ar100"} <= set(figures["summary"])

    job = ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model, "min_score": 0}).ok(202)
    proposed = ada.succeed(job)
    rows = ada.get(f"images/{found['images'][-1]}/predictions/").ok()["results"]
    assert proposed["predictions"] == len(rows)
    assert all(row["shape"]["type"] == "box" for row in rows)


def test_cancelled_killed_and_stopped_runs_go_on_where_they_were(ada: Api) -> None:
    found = scenes.classified(ada)
    run = scenes.start_run(ada, found, TINY, epochs=LONG, patience=LONG)

    # when it is cancelled, its child ends and its last state stays
    while_training(run, lambda: ada.post(f"jobs/{run['job']['id']}/cancel/").ok())
    cancelled = ada.get(f"runs/{run['id']}/").ok()
    assert (cancelled["state"], cancelled["reason"], cancelled["model"]) == ("cancelled", "", None)
    assert cancelled["epoch"] >= 2
    assert engines_of(os.getpid()) == []

    # when its child is killed, the job fails with a sentence
    run = ada.post(f"runs/{run['id']}/resume/").ok()
    while_training(run, lambda: wait_for(lambda: engines_of(os.getpid()), "the engine")[0].send_signal(signal.SIGKILL))
    failed = ada.get(f"runs/{run['id']}/").ok()
    assert (failed["state"], failed["job"]["error"]["code"]) == ("failed", "engine_died")
    assert failed["job"]["error"]["detail"].startswith(
        "The training process was killed, most likely for lack of memory: choose a smaller batch size or image size."
    )
    assert failed["epoch"] >= cancelled["epoch"] + 2
    patience = stopping_of(run)

    # when it is stopped, the best of all that is kept
    run = ada.post(f"runs/{run['id']}/resume/").ok()
    assert (run["state"], run["stop_requested"], run["reason"]) == ("queued", False, "")
    while_training(run, lambda: ada.post(f"runs/{run['id']}/stop/").ok())
    stopped = ada.get(f"runs/{run['id']}/").ok()
    assert (stopped["state"], stopped["reason"], stopped["epochs"]) == ("succeeded", "stopped", LONG)
    assert stopped["epoch"] >= failed["epoch"] + 1
    assert TrainedModel.objects.get(pk=stopped["model"]).epoch == stopped["best"]["epoch"]
    assert ada.get(f"runs/{run['id']}/log/").ok()["text"].count("Training begins again from step ") == 2
    assert_nothing_is_doubled(run)
    if stopped["best"]["epoch"] == patience["best_epoch"]:
        assert stopping_of(run)["epochs_without_gain"] == stopped["epoch"] - stopped["best"]["epoch"]


def worker(job: str) -> subprocess.Popen[bytes]:
    """Another process that runs the job, on this test's database."""
    place = connection.settings_dict
    url = f"sqlite:///{place['NAME']}"
    if connection.vendor != "sqlite":
        host = f"{place['HOST']}:{place['PORT'] or 5432}"
        url = f"postgres://{place['USER']}:{place['PASSWORD']}@{host}/{place['NAME']}"
    program = f"import django; django.setup(); from annotator.core.jobs import run_job; run_job({job!r})"
    variables = os.environ | {
        "DJANGO_SETTINGS_MODULE": "annotator.settings",
        "DATABASE_URL": url,
        "ANNOTATOR_DATA_DIR": str(settings.DATA_DIR),
    }
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=variables)


def test_run_of_a_killed_worker_continues_with_its_patience(ada: Api) -> None:
    # given a worker in the middle of a training
    found = scenes.classified(ada)
    run = scenes.start_run(ada, found, TINY, epochs=LONG, patience=LONG)
    process = worker(run["job"]["id"])
    try:
        wait_for(lambda: epoch_of(run) >= 3, "epoch 3")
        (engine,) = engines_of(process.pid)
    finally:
        # when it is killed
        process.kill()
        process.wait()

    # then its child goes with it, and the job is given to the next worker
    wait_for(lambda: not engine.is_running() or engine.status() == psutil.STATUS_ZOMBIE, "the child's end")
    before, patience = Run.objects.get(pk=run["id"]), stopping_of(run)
    assert Job.objects.get(pk=run["job"]["id"]).state == "running"
    dispatch.dispatch()
    assert Job.objects.get(pk=run["job"]["id"]).state == "queued"

    while_training(run, lambda: ada.post(f"runs/{run['id']}/stop/").ok())

    after = ada.get(f"runs/{run['id']}/").ok()
    assert (after["job"]["attempts"], after["state"], after["reason"]) == (2, "succeeded", "stopped")
    assert after["epoch"] >= before.epoch + 2
    assert_nothing_is_doubled(run)
    now = stopping_of(run)
    assert (now["best"] or 0) >= (patience["best"] or 0)
    if now["best_epoch"] == patience["best_epoch"]:
        assert now["epochs_without_gain"] == after["epoch"] - now["best_epoch"]
    assert ada.get(f"runs/{run['id']}/").ok()["best"]["epoch"] == now["best_epoch"]
