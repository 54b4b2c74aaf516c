"""Bringing a detector: inspected in a child process, declared, mapped, then a model like any other."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.client import Api
from tests.training_app import scenes
from tests.training_app.engine.onnx_scenes import PHOTOS, REAL, constant_model, needs_shared_data, yolox_answer
from training_app.models import TrainedModel
from training_app.selectors.files import uploads_folder

SIZE = (64, 32)


def send(api: Api, project: int, content: bytes) -> Any:
    stream = io.BytesIO(content)
    stream.name = "../detector.onnx"
    return api.send(f"projects/{project}/model-uploads/", file=stream)


def bring(ada: Api, project: int, content: bytes, **body: Any) -> dict[str, Any]:
    job = send(ada, project, content).ok(202)
    found = ada.succeed(job)
    mapping = {row["name"]: row["class"] for row in found["classes"]}
    said = {"upload": job["id"], "name": "Brought", "declaration": found["declaration"], "mapping": mapping} | body
    result = ada.succeed(ada.post(f"projects/{project}/models/", said).ok(202))
    answer: dict[str, Any] = ada.get(f"models/{result['model']}/").ok()
    return answer


@needs_shared_data
def test_real_detector_is_evaluated_and_proposes_like_any_model(ada: Api) -> None:
    # given: a dog that somebody boxed, and pictures without labels
    project = ada.project("Dog", "person", "cup")
    files = {name: (PHOTOS / name).read_bytes() for name in ("dogs.jpg", "dog.jpg", "truck.jpg")}
    dogs, dog, _ = (image["id"] for image in ada.upload(project["id"], files)["created"])
    ada.label(dogs, project["classes"][0]["id"], (455, 183, 312, 402))
    found = scenes.scene(ada, project, [dogs])

    # when
    model = bring(ada, project["id"], next(iter(REAL.values())).read_bytes(), licence="Apache-2.0")
    split = next(name for name, row in found["version"]["statistics"]["splits"].items() if row["annotations"])
    body = {"version": found["version"]["id"], "split": split}
    evaluation = ada.post(f"models/{model['id']}/evaluations/", body).ok(202)
    ada.succeed(evaluation["job"])
    job = ada.post(f"projects/{project['id']}/auto-label/", {"model": model["id"], "min_score": 0.5}).ok(202)
    result = ada.succeed(job)

    # then
    assert (model["run"], model["version"], model["licence"]) == (None, None, "Apache-2.0")
    assert [row["id"] is None for row in model["classes"]].count(False) == 3
    assert ada.get(f"evaluations/{evaluation['id']}/").ok()["summary"]["ap50"] == pytest.approx(1.0)
    rows = ada.get(f"images/{dog}/predictions/").ok()["results"]
    assert {row["class"] for row in rows} == {row["id"] for row in project["classes"][:2]}
    assert {row["source"] for row in rows} == {f"model:{model['id']}"}
    assert result["left_out"]["unmapped"] > 0
    ada.post(f"prediction-batches/{result['batch']}/accept/", {"threshold": 0.7}).ok()
    kept = ada.annotations(dog)
    assert [(row["source"], row["score"] > 0.7) for row in kept] == [(f"model:{model['id']}", True)] * len(kept)
    assert kept != []


def test_bad_file_and_bad_words_make_no_model(ada: Api, tmp_path: Path) -> None:
    project = ada.project("cell")
    good = constant_model(tmp_path / "m.onnx", yolox_answer(SIZE, 1)).read_bytes()
    url = f"projects/{project['id']}/models/"

    broken = ada.finish(send(ada, project["id"], b"not a network").ok(202))
    job = send(ada, project["id"], good).ok(202)
    found = ada.succeed(job)
    said = {"upload": job["id"], "name": "Brought", "declaration": found["declaration"]}

    assert broken["error"]["code"] == "bad_model"
    ada.post(url, said | {"upload": broken["id"]}).refused(400, "not_inspected")
    ada.post(url, said | {"name": " "}).refused(400, "invalid")
    ada.post(url, said | {"declaration": {"head": "none"}}).refused(400, "bad_declaration")
    ada.post(url, said | {"mapping": {"nobody": None}}).refused(400, "bad_mapping")
    ada.post(url, said | {"mapping": {"class 1": 99_999}}).refused(400, "bad_mapping")
    wrong = {**found["declaration"], "classes": ["a", "b"]}
    failed = ada.finish(ada.post(url, said | {"declaration": wrong}).ok(202))
    assert failed["error"]["code"] == "bad_model"
    assert TrainedModel.objects.count() == 0
    assert len(list(uploads_folder().iterdir())) == 2


def test_only_a_manager_of_the_project_brings_detectors(ada: Api, stranger: Api, tmp_path: Path) -> None:
    found = scenes.boxed(ada, count=1)
    project = found["project"]["id"]
    good = constant_model(tmp_path / "m.onnx", yolox_answer(SIZE, 1)).read_bytes()
    job = send(ada, project, good).ok(202)
    answer = ada.succeed(job)
    said = {"upload": job["id"], "name": "Brought", "declaration": answer["declaration"]}

    for person, status, code in (
        (stranger, 404, "not_found"),
        (scenes.member(ada, found, "annotator"), 403, "role_too_low"),
    ):
        send(person, project, good).refused(status, code)
        person.post(f"projects/{project}/models/", said).refused(status, code)
    other = stranger.project("cell")
    stranger.post(f"projects/{other['id']}/models/", said).refused(404, "not_found")

    assert TrainedModel.objects.count() == 0
    assert len(list(uploads_folder().iterdir())) == 1


def test_heads_are_listed_with_the_inputs_that_they_want(ada: Api) -> None:
    rows = ada.get("detector-heads/").ok()["results"]
    assert {row["key"] for row in rows} >= set(REAL)
    assert all(row["inputs"] and row["title"] and row["description"] for row in rows)
