"""Models as files for other programs: written by the real engine, compared, downloaded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotator.core.models import Job
from tests.client import Api
from tests.training_app import scenes
from training_app.selectors.files import model_export_folder, predicting_folder

onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture
def model(ada: Api) -> dict[str, Any]:
    found = scenes.classified(ada, count=8)
    run = scenes.start_run(ada, found, "squeezenet1_0", epochs=1, image_size=64)
    ada.succeed(run["job"])
    model = ada.get(f"runs/{run['id']}/").ok()["model"]
    kept: dict[str, Any] = ada.get(f"models/{model}/").ok()
    return kept


def test_model_as_onnx(ada: Api, model: dict[str, Any]) -> None:
    url = f"models/{model['id']}/exports/"
    assert [(row["key"], row["report"], row["job"]) for row in ada.get(url).ok()["results"]] == [
        ("onnx_float32", None, None),
        ("onnx_int8", None, None),
        ("torchscript", None, None),
    ]
    assert ada.get(f"{url}onnx_float32/").status == 404

    # when  it is asked for twice
    started = ada.post(url, {"format": "onnx_float32"}).ok(202)["results"][0]
    again = ada.post(url, {"format": "onnx_float32"}).ok(202)["results"][0]
    assert started["job"]["id"] == again["job"]["id"]
    report = ada.succeed(started["job"])

    # then
    row = ada.get(url).ok()["results"][0]
    assert row["report"] == report
    assert (report["pictures"], report["agreement"]) == (8, 1.0)
    assert ada.post(url, {"format": "onnx_float32"}).ok(200)["results"][0] == row
    file = ada.get(f"{url}onnx_float32/")
    assert file.status == 200
    content = b"".join(file.response.streaming_content)
    assert len(content) == report["bytes"]
    session = onnxruntime.InferenceSession(content)
    (probabilities,) = session.run(None, {"image": np.zeros((3, 3, 64, 64), dtype=np.float32)})
    assert probabilities.shape == (3, 2)
    assert probabilities.sum(1) == pytest.approx(1.0, abs=1e-5)
    assert not predicting_folder("x").parent.exists() or not list(predicting_folder("x").parent.iterdir())


def test_what_cannot_be_exported_is_told_and_starts_nothing(ada: Api, stranger: Api) -> None:
    found = scenes.boxed(ada)
    made = scenes.trained(found)
    url = f"models/{made.pk}/exports/"

    assert [row["key"] for row in ada.get(url).ok()["results"]] == ["onnx_float32"]
    sentence = ada.post(url, {"format": "torchscript"}).refused(400, "task_without_format")
    assert "TorchScript holds models for classification, segmentation" in sentence
    assert ada.post(url, {"format": "pickle"}).status == 404
    assert stranger.post(url, {"format": "onnx_float32"}).status == 404
    assert stranger.get(url).status == 404
    viewer = scenes.member(ada, found, "viewer")
    assert viewer.get(url).status == 200
    assert viewer.post(url, {"format": "onnx_float32"}).status == 403
    assert not Job.objects.filter(kind="training.export_model").exists()
    assert not model_export_folder(made.pk, "onnx_float32").exists()


def test_file_that_is_damaged_is_told(ada: Api) -> None:
    made = scenes.trained(scenes.classified(ada, count=8))

    started = ada.post(f"models/{made.pk}/exports/", {"format": "onnx_float32"}).ok(202)["results"][0]
    row = ada.finish(started["job"])

    assert row["state"] == "failed"
    assert row["error"]["code"] == "bad_checkpoint"
    assert not model_export_folder(made.pk, "onnx_float32").exists()
