"""Every model format with a network of every task that it can hold: the file answers as the model does."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.training_app.engine.scenes import (
    Recorder,
    classification_dataset,
    detection_dataset,
    segmentation_dataset,
    train_data,
    train_here,
)
from training_app.engine.errors import EngineError
from training_app.engine.export import export
from training_app.engine.job import export_job
from training_app.engine.tasks.base import Task
from training_app.engine.tasks.catalog import TASKS
from training_app.model_formats._onnx import CARD_KEY
from training_app.model_formats.catalog import MODEL_FORMATS

SCENES: dict[str, Any] = {
    "classification": (classification_dataset, "tiny_classifier", {"epochs": 8, "learning_rate": 0.02}),
    "detection": (detection_dataset, "tiny_detector", {"image_size": 64, "epochs": 10, "learning_rate": 0.01}),
    "segmentation": (segmentation_dataset, "tiny_segmenter", {"image_size": 64, "epochs": 8, "learning_rate": 0.02}),
}
every_pair = pytest.mark.parametrize(
    ("key", "task"), [(entry.key, task) for entry in MODEL_FORMATS for task in entry.facts["tasks"]]
)


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, tiny_architectures: None
) -> dict[str, tuple[Path, list[dict[str, Any]]]]:
    """Per task a checkpoint and its pictures."""
    made = {}
    for task, (draw, architecture, settings) in SCENES.items():
        folder = tmp_path_factory.mktemp(task)
        dataset = draw(folder / "data")
        train_here(train_data(dataset, folder / "run", architecture, **settings))
        pictures = [{"number": number, "path": str(folder / "data" / f"{number}.png")} for number in range(6)]
        made[task] = (folder / "run" / "best", pictures)
    return made


def exported(checkpoint: Path, pictures: list[dict[str, Any]], key: str, target: Path) -> dict[str, Any]:
    events = Recorder()
    job = {"checkpoint": str(checkpoint), "images": pictures, "output": str(target), "format": key}
    export(export_job(job), events, events.stop)
    report: dict[str, Any] = events.named("finished")[0]["report"]
    return report


@every_pair
def test_file_answers_as_the_model_does(trained: Any, key: str, task: str, tmp_path: Path) -> None:
    # given
    checkpoint, pictures = trained[task]
    target = tmp_path / f"model{MODEL_FORMATS.get_entry(key).facts['suffix']}"

    # when
    report = exported(checkpoint, pictures, key, target)

    # then
    assert target.stat().st_size == report["bytes"] > 0
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert report["pictures"] == 6
    assert report["model_ms"] > 0
    assert report["file_ms"] > 0
    if MODEL_FORMATS.get_entry(key).facts["exact"]:
        assert report["agreement"] == 1.0
        assert report["largest_difference"] < 1e-3
    else:
        assert report["agreement"] > 0.8


def test_onnx_says_what_a_program_must_know(trained: Any, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    checkpoint, pictures = trained["segmentation"]

    exported(checkpoint, pictures, "onnx_float32", tmp_path / "model.onnx")

    written = onnx.load(tmp_path / "model.onnx")
    (card,) = [orjson.loads(entry.value) for entry in written.metadata_props if entry.key == CARD_KEY]
    assert card["classes"] == [{"number": 3, "name": "red"}, {"number": 7, "name": "green"}]
    assert card["input"]["fit"] == "shortest"
    assert (card["task"], card["background"], card["outputs"]) == ("segmentation", True, ["probabilities"])


def test_file_that_differs_is_not_kept(trained: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given  a task that finds no agreement
    checkpoint, pictures = trained["classification"]
    task: type[Task] = TASKS.load("classification")
    monkeypatch.setattr(task, "agreement", lambda *_: 0.5)

    # when
    with pytest.raises(EngineError) as failure:
        exported(checkpoint, pictures, "onnx_float32", tmp_path / "model.onnx")

    # then
    assert failure.value.code == "export_differs"
    assert list(tmp_path.iterdir()) == []
