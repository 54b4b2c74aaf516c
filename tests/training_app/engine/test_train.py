"""What a training tells, what it leaves out, and how it copes with data and machines that are not perfect."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from typing_extensions import override

from tests.training_app.engine.scenes import (
    CLASSES,
    Recorder,
    box,
    classification_dataset,
    detection_dataset,
    record,
    segmentation_dataset,
    tag,
    train_data,
    train_here,
    write_dataset,
)
from training_app.engine.checkpoint import read_facts
from training_app.engine.device import Compute
from training_app.engine.errors import EngineError
from training_app.engine.tasks.classification import ClassificationTask


def picture(folder: Path, name: str, size: tuple[int, int] = (40, 40)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(len(name)).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(noise).save(folder / name)
    return folder / name


def notes(events: Recorder) -> dict[str, str]:
    return {row["code"]: row["detail"] for row in events.named("note")}


def test_classification_learns_and_tells_of_every_epoch(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=12, learning_rate=0.02))

    # then
    started = events.named("started")[0]
    assert (started["train_images"], started["val_images"], started["steps_per_epoch"]) == (12, 6, 3)
    assert (started["precision"], started["monitor"], started["pretrained"]) == ("float32", "val/accuracy", False)
    assert [row["epoch"] for row in events.named("epoch")] == list(range(1, 13))
    assert set(events.named("epoch")[0]["metrics"]) == {"train/loss", "val/accuracy", "val/f1", "val/loss"}
    assert [row["step"] for row in events.named("step")] == list(range(1, 37))
    finished = events.named("finished")[0]
    assert finished["reason"] == "completed"
    assert finished["best_metrics"]["val/accuracy"] == 1.0
    assert finished["peak_memory_bytes"] > 0


def test_detection_learns_and_tells_average_precision(tmp_path: Path) -> None:
    # given
    dataset = detection_dataset(tmp_path / "data")
    settings = {"image_size": 64, "epochs": 20, "learning_rate": 0.01, "flip_vertical": True}

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_detector", **settings))

    # then
    last = events.named("epoch")[-1]["metrics"]
    assert set(last) == {"train/loss", "val/ap", "val/ap50", "val/loss"}
    assert events.named("finished")[0]["best_metrics"]["val/ap50"] > 0.3


def test_segmentation_learns_and_tells_overlap(tmp_path: Path) -> None:
    # given
    dataset = segmentation_dataset(tmp_path / "data")
    settings = {"image_size": 64, "epochs": 20, "learning_rate": 0.02, "crop_scale": 0.6}

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_segmenter", **settings))

    # then
    last = events.named("epoch")[-1]["metrics"]
    assert set(last) == {"train/loss", "val/miou", "val/dice", "val/pixel_accuracy", "val/loss"}
    assert events.named("finished")[0]["best_metrics"]["val/miou"] > 0.6


def test_checkpoint_says_what_predicting_needs(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=1))

    # then
    facts = read_facts(tmp_path / "run" / "best")
    assert (facts["architecture"], facts["task"], facts["epoch"]) == ("tiny_classifier", "classification", 1)
    assert facts["classes"] == [
        {"number": 3, "name": "red", "color": ""},
        {"number": 7, "name": "green", "color": ""},
    ]
    assert (facts["preprocess"]["size"], facts["preprocess"]["fit"]) == (32, "crop")
    assert [row["kind"] for row in events.named("checkpoint")] == ["best", "last"]
    assert sorted(path.name for path in (tmp_path / "run" / "last").iterdir()) == [
        "checkpoint.json",
        "model.safetensors",
        "training.pt",
    ]


def test_degenerate_and_outside_boxes_are_mended_and_named(tmp_path: Path) -> None:
    # given
    images = [
        record(1, picture(tmp_path, "a.png"), "train", box(3, 5, 5, 10, 10), box(7, 8, 8, 0, 12)),
        record(2, picture(tmp_path, "b.png"), "train", box(7, 30, 30, 30, 30)),
        record(3, picture(tmp_path, "c.png"), "train", state="verified_empty"),
        record(4, picture(tmp_path, "d.png"), "train", state="unlabelled"),
        record(5, picture(tmp_path, "e.png"), "val", box(3, 5, 5, 20, 20), box(7, 2, 2, 30, 30, crowd=True)),
    ]

    # when
    settings = {"image_size": 32, "epochs": 1}
    events = train_here(train_data(write_dataset(tmp_path, images), tmp_path / "run", "tiny_detector", **settings))

    # then
    assert events.named("started")[0]["train_images"] == 3
    assert notes(events) == {
        "degenerate_box": "1 boxes less than a pixel wide or high inside their picture were left out. Images: 1.",
        "outside_box": "1 boxes that leave their picture were cut at its edge. Images: 2.",
        "not_labelled": "1 images that nobody has labelled yet were left out. Images: 4.",
        "no_weights": "No pretrained weights are present for this architecture: training starts from random values.",
    }


def test_broken_and_missing_pictures_are_left_out_and_named(tmp_path: Path) -> None:
    # given
    images = [record(n, picture(tmp_path, f"{n}.png"), "train", tag((3, 7)[n % 2])) for n in range(1, 7)]
    (tmp_path / "1.png").write_bytes(b"no picture")
    (tmp_path / "2.png").unlink()

    # when
    events = train_here(train_data(write_dataset(tmp_path, images), tmp_path / "run", "tiny_classifier", epochs=1))

    # then
    found = notes(events)
    assert events.named("started")[0]["train_images"] == 4
    assert found["no_file"] == "1 images without a picture file were left out. Images: 2."
    assert found["unreadable_picture"] == "1 pictures cannot be read and were left out. Images: 1."
    assert found["no_validation_images"] == (
        "The split 'val' is empty: the training loss decides which checkpoint is best."
    )
    assert events.named("finished")[0]["best_epoch"] == 1


def test_class_without_training_images_is_named(tmp_path: Path) -> None:
    # given
    images = [record(n, picture(tmp_path, f"{n}.png"), "train", tag(3)) for n in range(1, 5)]

    # when
    events = train_here(train_data(write_dataset(tmp_path, images), tmp_path / "run", "tiny_classifier", epochs=1))

    # then
    assert notes(events)["class_without_images"] == "No training image shows green: the model cannot learn it."


@pytest.mark.parametrize(
    ("images", "classes", "code"),
    [(0, CLASSES, "no_training_images"), (2, (), "no_classes")],
    ids=["no images", "no classes"],
)
def test_nothing_to_learn_from_is_refused(tmp_path: Path, images: int, classes: Any, code: str) -> None:
    # given
    records = [record(n, picture(tmp_path, f"{n}.png"), "train") for n in range(images)]
    dataset = write_dataset(tmp_path, records, classes)

    # when
    with pytest.raises(EngineError) as failure:
        train_here(train_data(dataset, tmp_path / "run", "tiny_classifier"))

    # then
    assert failure.value.code == code


def test_loss_that_is_not_finite_goes_back_and_halves_the_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given  the fifth step, in the second epoch, has a loss that is not a number
    dataset = classification_dataset(tmp_path / "data")
    real, calls = ClassificationTask.loss, [0]

    def loss(task: ClassificationTask, model: nn.Module, batch: Any, compute: Compute) -> torch.Tensor:
        calls[0] += 1
        return real(task, model, batch, compute) * (float("nan") if calls[0] == 5 else 1.0)

    monkeypatch.setattr(ClassificationTask, "loss", loss)

    # when
    settings = {"epochs": 3, "schedule": "constant", "warmup": 0.0, "learning_rate": 0.004}
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", **settings))

    # then
    assert notes(events)["not_finite"].startswith("The loss was not finite (epoch 2, images ")
    assert notes(events)["not_finite"].endswith("went back to the last good state and halved the learning rate.")
    assert [(row["step"], row["metrics"]["lr"]) for row in events.named("step")] == [
        *[(step, 0.004) for step in (1, 2, 3, 4)],
        *[(step, 0.002) for step in (4, 5, 6, 7, 8, 9)],
    ]
    assert all(torch.isfinite(torch.tensor(row["metrics"]["train/loss"])) for row in events.named("epoch"))


def test_loss_that_is_never_finite_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")
    real = ClassificationTask.loss

    def loss(task: ClassificationTask, model: nn.Module, batch: Any, compute: Compute) -> torch.Tensor:
        return real(task, model, batch, compute) * float("inf")

    monkeypatch.setattr(ClassificationTask, "loss", loss)

    # when
    with pytest.raises(EngineError) as failure:
        train_here(train_data(dataset, tmp_path / "run", "tiny_classifier"))

    # then
    assert failure.value.code == "not_finite"
    assert failure.value.detail.startswith("The loss stays not finite (epoch 1, images ")


def test_memory_that_runs_out_splits_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given  a machine that can hold two pictures at a time
    dataset = classification_dataset(tmp_path / "data")
    real, sizes = ClassificationTask.loss, []

    def loss(task: ClassificationTask, model: nn.Module, batch: Any, compute: Compute) -> torch.Tensor:
        if len(batch) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        sizes.append(len(batch))
        return real(task, model, batch, compute)

    monkeypatch.setattr(ClassificationTask, "loss", loss)

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=2))

    # then
    assert sizes == [2] * 12
    assert [row["detail"] for row in events.named("note") if row["code"] == "out_of_memory"] == [
        "Memory ran out: each batch is now computed in 2 parts, with the same result."
    ]
    assert read_facts(tmp_path / "run" / "last")["progress"]["chunks"] == 2


def test_memory_that_holds_not_one_picture_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")

    def loss(*_: Any) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(ClassificationTask, "loss", loss)

    # when
    with pytest.raises(EngineError) as failure:
        train_here(train_data(dataset, tmp_path / "run", "tiny_classifier"))

    # then
    assert failure.value.code == "out_of_memory"


def test_same_seed_gives_the_same_run_and_another_another(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")

    # when
    runs = [
        train_here(train_data(dataset, tmp_path / f"run{index}", "tiny_classifier", epochs=2, seed=seed))
        for index, seed in enumerate((1, 1, 2))
    ]

    # then
    first, again, other = ([row["metrics"] for row in run.named("epoch")] for run in runs)
    assert first == again
    assert first != other


def test_loader_processes_give_the_same_run(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")

    # when
    runs = [
        train_here(
            train_data(dataset, tmp_path / f"run{workers}", "tiny_classifier", workers=workers, cache_megabytes=cache)
        )
        for workers, cache in ((0, 100), (2, 0))
    ]

    # then
    one, other = ([row["metrics"] for row in run.named("epoch")] for run in runs)
    assert one == other


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("architecture", ["tiny_classifier", "tiny_detector"])
def test_mixed_precision_trains(tmp_path: Path, architecture: str, precision: str) -> None:
    # given
    make = classification_dataset if architecture == "tiny_classifier" else detection_dataset
    dataset = make(tmp_path / "data")

    # when
    settings = {"image_size": 64, "epochs": 1, "precision": precision, "optimizer": "sgd", "balanced_sampling": True}
    events = train_here(train_data(dataset, tmp_path / "run", architecture, **settings))

    # then
    assert events.named("started")[0]["precision"] == precision
    assert events.named("epoch")[0]["metrics"]["val/loss"] > 0


def test_second_process_on_one_output_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    monkeypatch.setattr("training_app.engine.train.LOCK_WAIT_SECONDS", 0.1)
    dataset = classification_dataset(tmp_path / "data")
    data = train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=1)

    class SecondStart(Recorder):
        @override
        def send(self, event: str, /, **fields: Any) -> None:
            if event == "step":
                train_here(data)

    monkeypatch.setattr("tests.training_app.engine.scenes.Recorder", SecondStart)

    # when
    with pytest.raises(EngineError) as failure:
        train_here(data)

    # then
    assert failure.value.code == "output_in_use"
