"""What the engine can be asked to do; a mode is imported, and torch with it, only when its job is at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from annotator.core.registry import Entry, Registry

MODES: Registry[Callable[..., None]] = Registry[Any](
    "engine mode",
    (
        Entry("train", "training_app.engine.train:train", "Train", requires=("torch", "torchvision", "safetensors")),
        Entry(
            "predict",
            "training_app.engine.predict:predict",
            "Predict",
            requires=("torch", "torchvision", "safetensors"),
        ),
        Entry(
            "detect",
            "training_app.engine.detectors.predict:detect",
            "Predict with an ONNX detector",
            requires=("onnxruntime", "cv2"),
        ),
        Entry(
            "inspect",
            "training_app.engine.detectors.inspect:inspect",
            "Inspect an ONNX file",
            requires=("onnx", "onnxruntime", "cv2"),
        ),
        Entry(
            "export",
            "training_app.engine.export:export",
            "Export",
            requires=("torch", "torchvision", "safetensors"),
        ),
    ),
)
