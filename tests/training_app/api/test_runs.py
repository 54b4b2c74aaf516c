"""Starting a training: what is refused, who may, what is told. Nothing is trained here."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.models import Job
from tests.client import Api
from tests.training_app import scenes
from training_app.models import Run


@pytest.fixture
def found(ada: Api) -> dict[str, Any]:
    return scenes.classified(ada, count=8)


def start(api: Api, found: dict[str, Any], **body: Any) -> Any:
    given = {"version": found["version"]["id"], "architecture": "squeezenet1_0", "config": {"pretrained": False}}
    return api.post(f"projects/{found['project']['id']}/runs/", given | body)


def test_architectures_tell_settings_presets_and_why_weights_are_missing(ada: Api) -> None:
    listed = {row["key"]: row for row in ada.get("architectures/").ok()}

    assert len(listed) >= 2
    for row in listed.values():
        assert {preset["key"] for preset in row["presets"]} >= {"balanced", "quick"}
        assert (row["weights_available"], bool(row["weights_reason"])) == (False, True)
        for setting in row["config"]:
            assert set(setting) == {"key", "title", "help", "type", "min", "max", "default", "choices"}
    epochs = next(row for row in listed["squeezenet1_0"]["config"] if row["key"] == "epochs")
    assert (epochs["type"], epochs["default"], epochs["min"]) == ("integer", 20, 1)


def test_run_has_every_setting_and_waits_in_the_gpu_queue(ada: Api, found: dict[str, Any]) -> None:
    run = start(ada, found, preset="quick", config={"pretrained": False, "batch_size": 2}, name="Night shift").ok(201)

    assert (run["name"], run["task"], run["preset"]) == ("Night shift", "classification", "quick")
    assert (run["config"]["epochs"], run["config"]["batch_size"], run["config"]["patience"]) == (10, 2, 4)
    assert (run["state"], run["reason"], run["epoch"], run["epochs"], run["model"]) == ("queued", "", 0, 10, None)
    assert (run["version_name"], run["best"], run["checkpoints"], run["created_by"]) == ("first", None, [], "ada")
    assert Job.objects.get(pk=run["job"]["id"]).queue == "gpu"
    assert ada.get(f"runs/{run['id']}/").ok() == run
    assert ada.get(f"projects/{found['project']['id']}/runs/").ok() == {"results": [run]}
    assert ada.get(f"runs/{run['id']}/metrics/").ok() == {"points": []}
    assert ada.get(f"runs/{run['id']}/log/").ok() == {"text": ""}


def test_list_of_runs_takes_a_fixed_number_of_queries(
    ada: Api, found: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        start(ada, found).ok(201)
    with django_assert_max_num_queries(8):
        assert len(ada.get(f"projects/{found['project']['id']}/runs/").ok()["results"]) == 4


def test_settings_out_of_range_and_unknown_ones_are_named(ada: Api, found: dict[str, Any]) -> None:
    answer = start(ada, found, config={"pretrained": False, "epochs": 0, "magic": 1, "optimizer": "best"})

    answer.refused(400, "bad_config")
    assert answer.body["fields"]["config"] == {
        "epochs": "Epochs must be from 1 to 5000, not 0.",
        "optimizer": "Optimiser must be one of adamw, sgd, not 'best'.",
        "magic": answer.body["fields"]["config"]["magic"],
    }
    assert answer.body["fields"]["config"]["magic"].startswith("There is no setting 'magic'; known are epochs, ")


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        ({"architecture": "alexnet"}, "unknown_architecture", "architecture: there is no 'alexnet'; choose one of "),
        ({"preset": "magic"}, "unknown_preset", "preset: SqueezeNet 1.0 has no 'magic'; choose one of balanced, "),
        ({"config": {"epochs": "ten"}}, "bad_config", "Epochs must be a number, not 'ten'."),
        ({"version": "first"}, "invalid", "version: A valid integer is required."),
    ],
)
def test_what_could_only_fail_is_refused(
    ada: Api, found: dict[str, Any], body: dict[str, Any], code: str, sentence: str
) -> None:
    assert start(ada, found, **body).refused(400, code).startswith(sentence)
    assert (Run.objects.count(), Job.objects.count()) == (0, 0)


def test_missing_weights_are_refused_with_the_way_out(ada: Api, found: dict[str, Any]) -> None:
    answer = start(ada, found, config={})

    sentence = answer.refused(409, "weights_missing")
    assert sentence.startswith("SqueezeNet 1.0, ImageNet is not here yet")
    assert sentence.endswith("Or train from scratch: set `pretrained` to false.")
    assert answer.body["weights"] == ["squeezenet1_0_imagenet"]
    assert not Run.objects.exists()


def test_version_without_labels_is_refused(ada: Api) -> None:
    project = ada.project("red", "blue", task="classification")
    empty = scenes.scene(ada, project, ada.images(project["id"], 4))
    assert (
        start(ada, empty).refused(400, "no_labels").startswith("version: the training split of first holds no labels")
    )


def test_version_of_another_project_is_unknown(ada: Api, found: dict[str, Any]) -> None:
    other = scenes.classified(ada, count=4)
    answer = start(ada, found, version=other["version"]["id"])
    assert answer.refused(404, "not_found").endswith("in this project.")
    assert not Run.objects.exists()


def test_only_managers_start_and_steer(ada: Api, found: dict[str, Any], stranger: Api) -> None:
    run = start(ada, found).ok(201)
    reviewer = scenes.member(ada, found, "reviewer")

    assert start(reviewer, found).status == 403
    assert start(stranger, found).status == 404
    for act, body in (("stop", {}), ("resume", {}), ("extend", {"epochs": 3})):
        assert reviewer.post(f"runs/{run['id']}/{act}/", body).status == 403
        assert stranger.post(f"runs/{run['id']}/{act}/", body).status == 404
    for path in ("", "metrics/", "log/"):
        assert reviewer.get(f"runs/{run['id']}/{path}").status == 200
        assert stranger.get(f"runs/{run['id']}/{path}").status == 404
    assert ada.get(f"runs/{run['id']}/").ok() == run
    assert Job.objects.count() == 1


def test_queued_run_is_cancelled_by_stop_and_can_be_resumed_once(ada: Api, found: dict[str, Any]) -> None:
    run = start(ada, found).ok(201)
    assert ada.post(f"runs/{run['id']}/resume/").refused(409, "run_running").endswith("is running already.")
    assert ada.post(f"runs/{run['id']}/stop/").ok()["state"] == "cancelled"
    assert ada.post(f"runs/{run['id']}/stop/").refused(409, "not_running").endswith("is not running.")

    resumed = ada.post(f"runs/{run['id']}/resume/").ok()
    assert (resumed["state"], resumed["id"]) == ("queued", run["id"])
    assert resumed["job"]["id"] != run["job"]["id"]
    assert Job.objects.get(pk=resumed["job"]["id"]).payload == {"run": run["id"], "resume": True}
    assert ada.post(f"runs/{run['id']}/extend/", {"epochs": 2}).refused(409, "run_running")


def test_complete_run_is_extended_not_resumed(ada: Api, found: dict[str, Any]) -> None:
    run = start(ada, found).ok(201)
    Run.objects.filter(pk=run["id"]).update(reason="completed")
    Job.objects.update(state="succeeded")

    assert (
        ada.post(f"runs/{run['id']}/resume/")
        .refused(409, "run_complete")
        .endswith("extend it by some epochs to train on.")
    )
    ada.post(f"runs/{run['id']}/extend/", {"epochs": 0}).refused(400, "invalid")
    assert ada.post(f"runs/{run['id']}/extend/", {"epochs": 4990}).refused(400, "bad_config")
    assert Run.objects.get().epochs == run["epochs"]
    extended = ada.post(f"runs/{run['id']}/extend/", {"epochs": 5}).ok()
    assert (extended["epochs"], extended["config"]["epochs"]) == (run["epochs"] + 5,) * 2
    assert (extended["state"], extended["reason"]) == ("queued", "")


def test_a_recipe_with_tiles_trains_no_classifier(ada: Api, found: dict[str, Any]) -> None:
    body = {"name": "tiled", "recipe": {"operations": [{"op": "cut_tiles"}]}, "group_by": "none"}
    version = ada.post(f"projects/{found['project']['id']}/versions/", body).ok(201)

    sentence = start(ada, found, version=version["id"]).refused(400, "bad_recipe")

    assert sentence.endswith("make a version without tiles.")
    assert not Run.objects.exists()
    assert not Job.objects.filter(queue="gpu").exists()
