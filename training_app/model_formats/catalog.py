"""One line per model format. Listing it imports no format and no torch.

Facts: `description`, the `suffix` of its files, `tasks` whose networks it can hold, and `exact`: whether its answers
are to equal the model's, or may lie near them, and `calibrated`: whether writing needs pictures.
"""

from __future__ import annotations

from annotator.core.registry import Entry, Registry
from training_app.model_formats.base import ModelFormat

ALL_TASKS = ("classification", "detection", "segmentation")

MODEL_FORMATS: Registry[type[ModelFormat]] = Registry(
    "model format",
    (
        Entry(
            key="onnx_float32",
            target="training_app.model_formats.onnx_float32:OnnxFloat32",
            title="ONNX",
            requires=("torch", "onnx", "onnxruntime"),
            facts={
                "suffix": ".onnx",
                "description": "Runs without PyTorch: ONNX Runtime, OpenVINO, TensorRT, OpenCV, browsers.",
                "tasks": ALL_TASKS,
                "exact": True,
                "calibrated": False,
            },
        ),
        Entry(
            key="onnx_int8",
            target="training_app.model_formats.onnx_int8:OnnxInt8",
            title="ONNX, 8 bit",
            requires=("torch", "onnx", "onnxruntime"),
            facts={
                "suffix": ".onnx",
                "description": "A quarter of the size and often quicker on a CPU; answers differ a little.",
                "tasks": ("classification", "segmentation"),
                "exact": False,
                "calibrated": True,
            },
        ),
        Entry(
            key="torchscript",
            target="training_app.model_formats.torchscript:TorchScript",
            title="TorchScript",
            requires=("torch",),
            facts={
                "suffix": ".pt",
                "description": "For C++ and mobile programs with libtorch; needs no code of this product.",
                "tasks": ("classification", "segmentation"),
                "exact": True,
                "calibrated": False,
            },
        ),
    ),
)
