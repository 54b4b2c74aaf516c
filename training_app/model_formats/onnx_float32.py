"""ONNX with the numbers of the model as they are."""

from __future__ import annotations

from training_app.model_formats._onnx import OnnxFile


class OnnxFloat32(OnnxFile):
    """The graph as tracing gives it."""
