"""Checkpoints at work: lines for pictures, in files and in memory."""

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from PIL import Image

from datasets_app.formats.base import Report
from datasets_app.formats.native_json import NativeJson
from tests.training_app.engine.scenes import (
    Recorder,
    classification_dataset,
    detection_dataset,
    train_data,
    train_here,
)
from training_app.engine.config import PredictConfig
from training_app.engine.errors import EngineError
from training_app.engine.job import predict_job
from training_app.engine.predict import Predictor, predict


def predict_here(data: dict[str, Any]) -> tuple[Recorder, list[dict[str, Any]]]:
    events = Recorder()
    predict(predict_job(data), events, events.stop)
    output = Path(data["output"])
    return events, [orjson.loads(line) for line in output.read_bytes().splitlines()]


def pictures_of(dataset: Path) -> list[dict[str, Any]]:
    images = NativeJson().read(dataset, Report(), options={"trusted": True}).images
    return [{"number": image.number, "path": str(image.path)} for image in images]


@pytest.fixture
def classifier(tmp_path: Path) -> Path:
    dataset = classification_dataset(tmp_path / "data")
    train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=12, learning_rate=0.02))
    return tmp_path / "run" / "best"


@pytest.fixture
def detector(tmp_path: Path) -> Path:
    dataset = detection_dataset(tmp_path / "data")
    settings = {"image_size": 64, "epochs": 12, "learning_rate": 0.01}
    train_here(train_data(dataset, tmp_path / "run", "tiny_detector", **settings))
    return tmp_path / "run" / "best"


def test_classification_lines_hold_tags_and_all_probabilities(tmp_path: Path, classifier: Path) -> None:
    # given
    images = pictures_of(tmp_path / "data" / "dataset.json")
    job = {"checkpoint": str(classifier), "images": images, "output": str(tmp_path / "out" / "p.jsonl")}

    # when
    events, lines = predict_here({**job, "config": {"batch_size": 5, "min_score": 0.0}})

    # then
    assert [line["number"] for line in lines] == [image["number"] for image in images]
    assert [line["predictions"][0]["class_number"] for line in lines[12:]] == [3, 7] * 5
    assert all(abs(sum(line["probabilities"]) - 1) < 1e-6 for line in lines)
    assert lines[0]["predictions"][0]["shape"] == {"type": "tag"}
    assert [len(line["predictions"]) for line in lines] == [2] * len(lines)
    assert events.named("finished")[0]["done"] == len(images)
    assert events.named("progress")[-1] == {"event": "progress", "done": len(images), "total": len(images)}


def test_detection_lines_hold_boxes_in_pixels_of_the_picture(tmp_path: Path, detector: Path) -> None:
    # given
    images = pictures_of(tmp_path / "data" / "dataset.json")
    listing = tmp_path / "images.jsonl"
    listing.write_bytes(b"\n".join(orjson.dumps(image) for image in images))
    job = {"checkpoint": str(detector / "checkpoint.json"), "images": str(listing), "output": str(tmp_path / "p.jsonl")}

    # when
    _, lines = predict_here({**job, "config": {"min_score": 0.05}})

    # then
    found = [row for line in lines for row in line["predictions"]]
    assert found
    assert {row["class_number"] for row in found} <= {3, 7}
    assert all(row["score"] >= 0.05 for row in found)
    for row in found:
        x, y, width, height = row["shape"]["box"]
        assert x >= 0
        assert y >= 0
        assert x + width <= 96.01
        assert y + height <= 64.01


def test_unreadable_picture_has_a_line_that_says_so(tmp_path: Path, classifier: Path) -> None:
    # given
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    images = [{"number": 5, "path": str(broken)}, pictures_of(tmp_path / "data" / "dataset.json")[0]]

    # when
    events, lines = predict_here({"checkpoint": str(classifier), "images": images, "output": str(tmp_path / "p.jsonl")})

    # then
    by_number = {line["number"]: line for line in lines}
    assert by_number[5]["predictions"] == []
    assert by_number[5]["error"].startswith("The picture broken.png cannot be read: ")
    assert by_number[1]["predictions"]
    assert events.named("note")[0]["code"] == "unreadable_picture"


def test_stopped_prediction_leaves_no_file(tmp_path: Path, classifier: Path) -> None:
    # given
    images = pictures_of(tmp_path / "data" / "dataset.json")
    job = predict_job({"checkpoint": str(classifier), "images": images, "output": str(tmp_path / "p.jsonl")})
    events = Recorder()
    events.stop.is_raised = True

    # when
    predict(job, events, events.stop)

    # then
    assert events.named("finished")[0]["reason"] == "stopped"
    assert not (tmp_path / "p.jsonl").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".p")] == []


def test_picture_in_memory_is_answered_like_its_file(tmp_path: Path, classifier: Path) -> None:
    # given
    first = pictures_of(tmp_path / "data" / "dataset.json")[0]
    _, lines = predict_here(
        {"checkpoint": str(classifier), "images": [first], "output": str(tmp_path / "p.jsonl"), "config": {}}
    )

    # when
    predictor = Predictor(classifier, PredictConfig(device="cpu"))
    with Image.open(first["path"]) as picture:
        answer = predictor.predict([picture])[0]

    # then
    assert answer["predictions"][0]["class_number"] == lines[0]["predictions"][0]["class_number"]
    np.testing.assert_allclose(answer["probabilities"], lines[0]["probabilities"], rtol=1e-6)


def test_folder_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"There is no checkpoint in .*: checkpoint.json is missing\."):
        Predictor(tmp_path)
