"""One line per training task: what the web process shows and what early stopping may watch. Imports no torch."""

from __future__ import annotations

from typing import Any

from annotator.core.registry import Entry, Registry


def metric(key: str, title: str, *, higher_is_better: bool = True) -> dict[str, Any]:
    """A figure that `evaluate` of the task reports after every epoch."""
    return {"key": key, "title": title, "higher_is_better": higher_is_better}


# The first metric of a task is the one that is watched where nothing else was asked for.
TASKS: Registry[Any] = Registry(
    "training task",
    (
        Entry(
            key="classification",
            target="training_app.engine.tasks.classification:ClassificationTask",
            title="Image classification",
            requires=("torch", "torchvision"),
            facts={
                "metrics": (
                    metric("val/accuracy", "Accuracy"),
                    metric("val/f1", "F1, mean over the classes"),
                    metric("val/loss", "Loss", higher_is_better=False),
                )
            },
        ),
        Entry(
            key="detection",
            target="training_app.engine.tasks.detection:DetectionTask",
            title="Object detection",
            requires=("torch", "torchvision"),
            facts={
                "metrics": (
                    metric("val/ap", "AP, mean over IoU 0.50 to 0.95"),
                    metric("val/ap50", "AP at IoU 0.50"),
                    metric("val/loss", "Loss", higher_is_better=False),
                )
            },
        ),
        Entry(
            key="segmentation",
            target="training_app.engine.tasks.segmentation:SegmentationTask",
            title="Semantic segmentation",
            requires=("torch", "torchvision"),
            facts={
                "metrics": (
                    metric("val/miou", "IoU, mean over the classes"),
                    metric("val/dice", "Dice, mean over the classes"),
                    metric("val/pixel_accuracy", "Accuracy of pixels"),
                    metric("val/loss", "Loss", higher_is_better=False),
                )
            },
        ),
    ),
)


def metric_is_higher_better(task: str, key: str) -> bool:
    """The direction in which `key` improves; `train/loss` counts as a loss of every task."""
    for entry in TASKS.get_entry(task).facts["metrics"]:
        if entry["key"] == key:
            return bool(entry["higher_is_better"])
    return False
