"""Every model format with a network of every task that it can hold: the file answers as the model does."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.core.registry import Entry
from tests.training_app.engine.conftest import one_thread, tiny_architectures
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
from training_app.engine.tasks.catalog import TASKS
from training_app.model_formats._onnx import CARD_KEY
from training_app.model_formats.catalog import MODEL_FORMATS

__all__ = ("one_thread", "tiny_architectures")

SCENES: dict[str, Any] = {
    "classification": (classification_dataset, "tiny_classifier", {"epochs": 3, "learning_rate": 0.02}),
    "detection": (detection_dataset, "tiny_detector", {"image_size": 64, "epochs": 8, "learning_rate": 0.01}),
    "segmentation": (segmentation_dataset, "tiny_segmenter", {"image_size": 64, "epochs": 3, "learning_rate": 0.02}),
}
every_format = pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.key) for entry in MODEL_FORMATS])
every_pair = pytest.mark.parametrize(
    ("key", "task"), [(entry.key, task) for entry in MODEL_FORMATS for task in entry.facts["tasks"]]
)


Trained = Callable[[str], tuple[Path, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, tiny_architectures: None) -> Trained:
    """Per task a checkpoint and its pictures, made when it is first asked for."""

    @cache
    def make(task: str) -> tuple[Path, list[dict[str, Any]]]:
        draw, architecture, settings = SCENES[task]
        folder = tmp_path_factory.mktemp(task)
        train_here(train_data(draw(folder / "data"), folder / "run", architecture, **settings))
        pictures = [{"number": number, "path": str(folder / "data" / f"{number}.png")} for number in range(6)]
        return folder / "run" / "best", pictures

    return make


def exported(checkpoint: Path, pictures: list[dict[str, Any]], key: str, target: Path) -> dict[str, Any]:
    events = Recorder()
    job = {"checkpoint": str(checkpoint), "images": pictures, "output": str(target), "format": key}
    export(export_job(job), events, events.stop)
    report: dict[str, Any] = events.named("finished")[0]["report"]
    return report


@every_format
def test_catalog_line_is_whole(entry: Entry) -> None:
    assert entry.facts.keys() == {"description", "suffix", "tasks", "exact", "calibrated"}
    assert entry.facts["description"].endswith(".")
    assert entry.facts["suffix"].startswith(".")
    assert set(entry.facts["tasks"]) <= set(TASKS.keys())


@every_pair
def test_file_answers_as_the_model_does(trained: Trained, key: str, task: str, tmp_path: Path) -> None:
    # given
    checkpoint, pictures = trained(task)
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


@every_format
def test_file_that_differs_is_kept_only_where_it_may(
    trained: Trained, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given  a task that finds half an agreement
    task = entry.facts["tasks"][0]
    checkpoint, pictures = trained(task)
    monkeypatch.setattr(TASKS.load(task), "agreement", lambda *_: 0.5)
    target = tmp_path / f"model{entry.facts['suffix']}"

    # when
    if not entry.facts["exact"]:
        assert exported(checkpoint, pictures, entry.key, target)["agreement"] == 0.5
        return
    with pytest.raises(EngineError) as failure:
        exported(checkpoint, pictures, entry.key, target)

    # then
    assert failure.value.code == "export_differs"
    assert list(tmp_path.iterdir()) == []


@every_format
def test_without_pictures_the_report_says_nothing(trained: Trained, entry: Entry, tmp_path: Path) -> None:
    # given
    checkpoint, _ = trained(entry.facts["tasks"][0])
    target = tmp_path / f"model{entry.facts['suffix']}"

    # when
    if entry.facts["calibrated"]:
        with pytest.raises(EngineError) as failure:
            exported(checkpoint, [], entry.key, target)
        assert failure.value.code == "no_pictures"
        assert not target.exists()
        return
    report = exported(checkpoint, [], entry.key, target)

    # then
    assert (report["pictures"], report["agreement"], report["bytes"]) == (0, None, target.stat().st_size)


@every_format
def test_picture_that_cannot_be_read_is_left_out(trained: Trained, entry: Entry, tmp_path: Path) -> None:
    # given
    checkpoint, pictures = trained(entry.facts["tasks"][0])
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    broken = {"number": 99, "path": str(tmp_path / "broken.png")}

    # when
    report = exported(checkpoint, [broken, *pictures[:2]], entry.key, tmp_path / f"model{entry.facts['suffix']}")

    # then
    assert report["pictures"] == 2


def test_onnx_says_what_a_program_must_know(trained: Trained, tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    checkpoint, pictures = trained("segmentation")

    exported(checkpoint, pictures, "onnx_float32", tmp_path / "model.onnx")

    written = onnx.load(tmp_path / "model.onnx")
    (card,) = [orjson.loads(entry.value) for entry in written.metadata_props if entry.key == CARD_KEY]
    assert card["classes"] == [{"number": 3, "name": "red"}, {"number": 7, "name": "green"}]
    assert card["input"]["fit"] == "shortest"
    assert (card["task"], card["background"], card["outputs"]) == ("segmentation", True, ["probabilities"])
