"""`python -m bench.train_reference NAME [--device cpu] [--set SETTING=JSON]`: train one of `REFERENCES`, then test.

Trains in the engine's own process as the product does, predicts on the test split and prints one JSON object: time,
images per second, peak memory and the test figures. Pictures and weights come from the shared data folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from bench.train_reference.datasets import bccd, clothing, nuclei, playing_cards, shared_data, write_dataset
from datasets_app.formats.base import Report
from datasets_app.formats.native_json import NativeJson
from datasets_app.ir import Dataset
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.label_maps import region_sample, unpacked
from training_app.engine.samples import Notes, Sample, TargetReader, box_sample, read_samples, tag_sample
from training_app.evaluation.classification import classification_scores
from training_app.evaluation.pixels import pixel_confusion, pixel_scores
from training_app.evaluation.records import ImageDetections, ImageTruths
from training_app.evaluation.table import evaluate_detections

MOBILENET = "mobilenet_v2_imagenet"


@dataclass(frozen=True, slots=True)
class Reference:
    """One training that is repeated to see whether the engine still learns as well and as fast."""

    dataset: Callable[[], Dataset]
    architecture: str
    config: dict[str, Any]
    weights: dict[str, str] = field(default_factory=lambda: {MOBILENET: f"weights/{MOBILENET}.pth"})


REFERENCES = {
    "clothing": Reference(clothing, "mobilenet_v2", {"epochs": 6, "frozen_epochs": 1}),
    "clothing_scratch": Reference(
        clothing, "mobilenet_v2", {"epochs": 6, "pretrained": False, "backbone_rate_factor": 1.0}, weights={}
    ),
    "bccd": Reference(bccd, "fasterrcnn_mobilenet_v2_fpn", {"epochs": 8}),
    "playing_cards": Reference(playing_cards, "fasterrcnn_mobilenet_v2_fpn", {"epochs": 8}),
    "nuclei": Reference(nuclei, "unet_mobilenet_v2", {"epochs": 30, "flip_vertical": True}),
}


def engine_events(job: dict[str, Any], folder: Path) -> Iterator[dict[str, Any]]:
    """Runs a job in a child process and yields its events. Raises `RuntimeError` where it fails."""
    path = folder / f"{job['mode']}.json"
    path.write_bytes(orjson.dumps(job))
    command = [sys.executable, "-m", "training_app.engine", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            event = orjson.loads(line)
            if event["event"] in ("epoch", "note", "started", "failed"):
                print(line.decode().rstrip(), file=sys.stderr)
            yield event
    if process.returncode:
        raise RuntimeError(f"The engine ended with code {process.returncode}.")


def predictions_of(
    checkpoint: Path, samples: list[Sample], folder: Path, device: str
) -> tuple[list[Any], dict[str, Any]]:
    """The engine's answers in the order of `samples`, and its last event."""
    job = {
        "mode": "predict",
        "checkpoint": str(checkpoint),
        "images": [{"number": sample.number, "path": str(sample.path)} for sample in samples],
        "output": str(folder / "predictions.jsonl"),
        "config": {"device": device, "min_score": 0.0, "label_maps": True},
    }
    last = list(engine_events(job, folder))[-1]
    lines = map(orjson.loads, (folder / "predictions.jsonl").read_bytes().splitlines())
    by_number = {line["number"]: line for line in lines}
    return [by_number[sample.number] for sample in samples], last


def classification_figures(samples: list[Sample], answers: list[Any], class_count: int) -> dict[str, Any]:
    truth = np.array([sample.label for sample in samples])
    scores = classification_scores(truth, np.array([answer["probabilities"] for answer in answers]))
    assert scores.confusion.shape == (class_count + 1, class_count + 1)
    return {"accuracy": scores.accuracy, "macro_f1": scores.macro_f1}


def detection_figures(samples: list[Sample], answers: list[Any], class_count: int) -> dict[str, Any]:
    truths, detections = [], []
    for index, (sample, answer) in enumerate(zip(samples, answers, strict=True)):
        corners = sample.boxes
        sizes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
        truths.append(ImageTruths(index, sizes, sample.labels))
        found = answer["predictions"]
        detections.append(
            ImageDetections(
                index,
                np.array([row["shape"]["box"] for row in found]).reshape(-1, 4),
                np.array([row["class_number"] - 1 for row in found], dtype=np.int64),
                np.array([row["score"] for row in found]),
            )
        )
    summary = evaluate_detections(truths, detections, class_count=class_count).summary
    return {name: summary[name] for name in ("ap", "ap50", "ap75")}


def segmentation_figures(samples: list[Sample], answers: list[Any], class_count: int) -> dict[str, Any]:
    """Over all test pixels at once, as Dice is reported for nuclei."""
    confusion = np.zeros((class_count + 1, class_count + 1), dtype=np.int64)
    for sample, answer in zip(samples, answers, strict=True):
        found = unpacked(b64decode(answer["label_map"]))
        confusion += pixel_confusion(unpacked(sample.label_map), found, class_count=class_count)
    scores = pixel_scores(confusion)
    return {"miou": scores.mean_iou, "dice": scores.mean_dice, "pixel_accuracy": scores.accuracy}


READERS: dict[str, TargetReader] = {
    "classification": tag_sample,
    "detection": box_sample,
    "segmentation": region_sample,
}
FIGURES = {
    "classification": classification_figures,
    "detection": detection_figures,
    "segmentation": segmentation_figures,
}


def measure(name: str, device: str, overrides: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Trains the reference `name` below `folder` and tests its best checkpoint."""
    reference = REFERENCES[name]
    dataset = write_dataset(reference.dataset(), folder)
    job = {
        "mode": "train",
        "dataset": str(dataset),
        "output": str(folder / "run"),
        "architecture": reference.architecture,
        "config": {**reference.config, "device": device, **overrides},
        "weights": {key: str(shared_data() / file) for key, file in reference.weights.items()},
    }
    started = time.monotonic()
    events = list(engine_events(job, folder))
    seconds = time.monotonic() - started
    records = NativeJson().read(dataset, Report(), options={"trusted": True})
    task = ARCHITECTURES.get_entry(reference.architecture).facts["task"]
    samples = read_samples(records, READERS[task], Notes())["test"]
    answers, predicted = predictions_of(folder / "run" / "best", samples, folder, device)
    figures = FIGURES[task](samples, answers, len(records.classes))
    first, last = next(event for event in events if event["event"] == "started"), events[-1]
    return {
        "reference": name,
        "device": first["device"],
        "precision": first["precision"],
        "seconds": round(seconds, 1),
        "epochs": sum(event["event"] == "epoch" for event in events),
        "best_epoch": last["best_epoch"],
        "train_images_per_second": round(last["images_per_second"], 2),
        "predict_images_per_second": round(predicted["images_per_second"], 2),
        "peak_memory_mb": round(last["peak_memory_bytes"] / 1e6),
        "validation": last["best_metrics"],
        "test_images": len(samples),
        "test": {key: round(value, 4) for key, value in figures.items()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.train_reference", description=__doc__)
    parser.add_argument("name", choices=REFERENCES)
    parser.add_argument("--device", default="auto", choices=("auto", "cpu", "cuda"))
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=JSON", help="Change one setting.")
    parser.add_argument("--keep", type=Path, help="Work in this folder and leave it.")
    arguments = parser.parse_args()
    overrides = {key: orjson.loads(value) for key, _, value in (item.partition("=") for item in arguments.set)}
    with tempfile.TemporaryDirectory(prefix="annotator-reference-") as folder:
        result = measure(arguments.name, arguments.device, overrides, (arguments.keep or Path(folder)).resolve())
    print(orjson.dumps(result).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
