"""Small ONNX files, and the real detectors where the shared data is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tests.conftest import shared_folder

SHARED = shared_folder()
REAL = {"yolox": SHARED / "weights" / "yolox_nano_coco.onnx", "fastestdet": SHARED / "weights" / "fastestdet_coco.onnx"}
PHOTOS = SHARED / "photos"

needs_shared_data = pytest.mark.usefixtures("shared_data")


def constant_model(path: Path, answer: np.ndarray, size: tuple[int, int] = (64, 32)) -> Path:
    """A network that answers the same to every picture of (width, height) `size`."""
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, size[1], size[0]])
    output = helper.make_tensor_value_info("found", TensorProto.FLOAT, list(answer.shape))
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["zero", "answer"], ["found"]),
    ]
    stored = [
        numpy_helper.from_array(np.zeros((), dtype=np.float32), "nothing"),
        numpy_helper.from_array(answer.astype(np.float32), "answer"),
    ]
    graph = helper.make_graph(nodes, "constant", [picture], [output], stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, path)
    return path


def yolox_answer(size: tuple[int, int], class_count: int, *found: tuple[int, int, int, Sequence[float]]) -> np.ndarray:
    """Rows of a YOLOX head over strides 8, 16, 32: (column, row of the first grid, class, (w, h) in pixels) each."""
    places = sum((size[0] // step) * (size[1] // step) for step in (8, 16, 32))
    rows = np.zeros((1, places, 5 + class_count), dtype=np.float32)
    for column, row, label, sides in found:
        index = row * (size[0] // 8) + column
        rows[0, index, :2] = 0.5
        rows[0, index, 2:4] = np.log(np.array(sides) / 8)
        rows[0, index, 4] = 0.9
        rows[0, index, 5 + label] = 1.0
    return rows
