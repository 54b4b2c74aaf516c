"""Evaluation: average precision of a large data set, and a page about it at another threshold."""

import contextlib
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from bench.harness import Measurement, benchmark, best_of, timed
from training_app.evaluation.records import ImageDetections, ImageTruths
from training_app.evaluation.report import ClassName, detection_report
from training_app.evaluation.table import DetectionTable, evaluate_detections

IMAGES, CLASSES, FOUND = 5_000, 80, 35


@cache
def scene() -> tuple[list[ImageTruths], list[ImageDetections]]:
    """5,000 images with some 35,000 labels and 175,000 predictions around them."""
    random = np.random.default_rng(0)
    labelled, predicted = [], []
    for image in range(IMAGES):
        count = int(random.poisson(7)) + 1
        boxes = np.c_[random.integers(0, 500, (count, 2)), random.integers(8, 150, (count, 2))].astype(np.float64)
        kinds = random.integers(0, CLASSES, count)
        near = random.integers(0, count, FOUND)
        moved = np.maximum(boxes[near] + random.normal(0, 8, (FOUND, 4)), 1)
        guesses = np.where(random.random(FOUND) < 0.6, kinds[near], random.integers(0, CLASSES, FOUND))
        labelled.append(ImageTruths(image, boxes, kinds))
        predicted.append(ImageDetections(image, moved, guesses, random.random(FOUND)))
    return labelled, predicted


@cache
def table() -> DetectionTable:
    return evaluate_detections(*scene(), class_count=CLASSES)


def write_coco(folder: Path) -> tuple[str, str]:
    """The scene as COCO files, for peers."""
    labels: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for truth, prediction in zip(*scene(), strict=True):
        for box, kind in zip(truth.boxes.tolist(), truth.classes.tolist(), strict=True):
            row = {"id": len(labels) + 1, "image_id": truth.image, "category_id": kind, "bbox": box, "iscrowd": 0}
            labels.append({**row, "area": box[2] * box[3]})
        columns = (prediction.boxes.tolist(), prediction.classes.tolist(), prediction.scores.tolist())
        for box, kind, score in zip(*columns, strict=True):
            found.append({"image_id": truth.image, "category_id": kind, "bbox": box, "score": score})
    images = [{"id": image, "width": 700, "height": 700} for image in range(IMAGES)]
    categories = [{"id": kind, "name": str(kind)} for kind in range(CLASSES)]
    (folder / "truth.json").write_text(
        json.dumps({"info": {}, "images": images, "categories": categories, "annotations": labels})
    )
    (folder / "found.json").write_text(json.dumps(found))
    return str(folder / "truth.json"), str(folder / "found.json")


@benchmark("detection_5000_images", unit="s", target=1.0, peer="faster-coco-eval 1.8")
def detection() -> Measurement:
    """Matching at ten overlaps, COCO's twelve figures and what the pages need, against the peer's figures alone."""
    from faster_coco_eval import COCO, COCOeval_faster  # noqa: PLC0415  the peer is a tool of developers

    scene()
    ours = best_of(lambda: evaluate_detections(*scene(), class_count=CLASSES), repeat=3)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        truth, found = write_coco(Path(folder))
        labels = COCO(truth)
        evaluation = COCOeval_faster(labels, labels.loadRes(found), "bbox", print_function=lambda *_: None)

        def run_peer() -> None:
            evaluation.evaluate()
            evaluation.accumulate()
            evaluation.summarize()

        theirs = timed(run_peer)
    assert abs(float(evaluation.stats[0]) - (table().summary["ap"] or 0)) < 1e-6
    return Measurement(ours, theirs)


@benchmark("page_at_another_threshold", unit="ms", target=200)
def page() -> float:
    """Confusion matrix, scores and curves of 175,000 predictions from stored matches."""
    names = [ClassName(kind, str(kind)) for kind in range(CLASSES)]
    stored = table()
    return 1000 * best_of(lambda: detection_report(stored, names, threshold=0.37), repeat=5)


@benchmark("load_stored_matches", unit="ms", target=500)
def load() -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.npz"
        table().save(path)
        return 1000 * best_of(lambda: DetectionTable.load(path), repeat=5)
