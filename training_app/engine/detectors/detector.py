"""An ONNX detector at work: a picture in, boxes with scores out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL import Image

from training_app.engine.config import PredictConfig
from training_app.engine.detectors.base import Decoded, Floats, Head
from training_app.engine.detectors.catalog import HEADS
from training_app.engine.detectors.declaration import Declaration
from training_app.engine.detectors.onnx_file import refused
from training_app.engine.detectors.placing import Placement, place

MAX_CANDIDATES = 3000
"""The best places that non-maximum suppression looks at; its time grows with their square."""
LEAST_SCORE = 1e-3


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """The network in `path`, which was checked before, on the CPU. Raises `EngineError`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _cores()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that spin while they wait take the core from whoever prepares the next picture.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's errors share no base of their own
        raise refused(f"onnxruntime says: {str(error).splitlines()[0][:300]}") from error


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OnnxDetector:
    """A network with its declaration. Output index i is class number i + 1."""

    def __init__(self, path: Path, declaration: Declaration, config: PredictConfig) -> None:
        self.declaration = declaration
        self.config = config
        self.head: Head = HEADS.load(declaration.head)()
        self.session = open_session(path)
        self.input_name = self.session.get_inputs()[0].name

    def take(self, picture: Image.Image) -> tuple[Floats, Placement]:
        """The picture as the network wants it; may be called from several threads."""
        return place(picture, self.declaration)

    def answer(self, values: Floats, where: Placement) -> dict[str, Any]:
        """What a line of the output holds, without its number."""
        boxes, scores, classes = self.best(self.decode(values))
        places = where.lead_back(boxes)
        rows = zip(np.round(places, 2).tolist(), scores.tolist(), classes.tolist(), strict=True)
        predictions = [
            {"class_number": index + 1, "score": score, "shape": {"type": "box", "box": box}}
            for box, score, index in rows
            if box[2] > 0 and box[3] > 0
        ]
        return {"predictions": predictions[: self.config.max_predictions]}

    def decode(self, values: Floats) -> Decoded:
        """What the network says of one input. Raises `EngineError` where that is not what was declared."""
        try:
            outputs: Sequence[Any] = self.session.run(None, {self.input_name: values})
        except Exception as error:  # the runtime's errors share no base of their own
            raise refused(f"onnxruntime says: {str(error).splitlines()[0][:300]}") from error
        wanted = len(self.declaration.classes)
        try:
            # Whatever comes out of somebody's network: what is not finite is left out below.
            with np.errstate(all="ignore"):
                found = self.head.decode(outputs, self.declaration.size, self.declaration.strides)
        except (ValueError, IndexError) as error:
            raise refused(f"its outputs are not those of the head {self.declaration.head}: {error}") from error
        if found.scores.shape != (len(found.boxes), wanted):
            raise refused(
                f"it has {found.scores.shape[-1]} classes, and the declaration names {wanted}; name them all, in order"
            )
        return found

    def best(self, found: Decoded) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
        """Boxes (n, 4), scores (n,) and output indices (n,) after non-maximum suppression in each class, best first."""
        classes = found.scores.argmax(axis=1)
        scores = np.clip(np.take_along_axis(found.scores, classes[:, None], axis=1)[:, 0], 0.0, 1.0)
        usable = (
            np.isfinite(found.boxes).all(axis=1)
            & np.isfinite(scores)
            & (scores >= max(self.config.min_score, LEAST_SCORE))
        )
        order = np.flatnonzero(usable)
        order = order[np.argsort(-scores[order], kind="stable")][:MAX_CANDIDATES]
        boxes, scores, classes = found.boxes[order], scores[order], classes[order]
        kept = cv2.dnn.NMSBoxesBatched(boxes.tolist(), scores.tolist(), classes.tolist(), 0.0, self.config.max_overlap)
        rows = np.sort(np.asarray(kept, dtype=np.int64).reshape(-1))
        return boxes[rows], scores[rows], classes[rows]
