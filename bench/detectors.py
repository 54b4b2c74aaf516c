"""Detectors that people brought: what we do around the runtime, against the bare runtime in the same run."""

import functools
import time

import numpy as np
import onnxruntime
from PIL import Image

from bench.harness import Measurement, benchmark
from bench.smart import shared_data
from training_app.engine.config import PredictConfig
from training_app.engine.detectors.coco import COCO_NAMES
from training_app.engine.detectors.declaration import Declaration
from training_app.engine.detectors.detector import OnnxDetector

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
REPEAT = 40


MODELS = {
    "yolox_nano": (
        "yolox_nano_coco.onnx",
        Declaration("yolox", (416, 416), (8, 16, 32), COCO_NAMES, scale=255.0, mean=MEAN, std=STD),
    ),
    "fastestdet": (
        "fastestdet_coco.onnx",
        Declaration("fastestdet", (352, 352), (16,), COCO_NAMES, fit="squash", channels="BGR", scale=255.0),
    ),
}


@functools.cache
def seconds(key: str) -> tuple[float, float]:
    """CPU seconds an image of ours, decoding the photo included, and of the bare runtime on one prepared input."""
    filename, declaration = MODELS[key]
    path = shared_data() / "weights" / filename
    photos = sorted((shared_data() / "photos").glob("*.jpg"))
    detector = OnnxDetector(path, declaration, PredictConfig(min_score=0.3))
    bare = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    values = np.zeros((1, 3, *declaration.size[::-1]), dtype=np.float32)
    feed = {bare.get_inputs()[0].name: values}
    bare.run(None, feed)
    ours = theirs = 0.0
    found = 0
    for index in range(REPEAT):
        began = time.process_time()
        with Image.open(photos[index % len(photos)]) as picture:
            found += len(detector.answer(*detector.take(picture))["predictions"])
        middle = time.process_time()
        bare.run(None, feed)
        ours, theirs = ours + middle - began, theirs + time.process_time() - middle
    assert found >= REPEAT, "The detector found next to nothing: its declaration is wrong."
    return ours / REPEAT, theirs / REPEAT


@benchmark("yolox_nano_image", unit="s", peer="bare onnxruntime")
def yolox_nano_image() -> Measurement:
    """CPU time from the JPEG file to boxes."""
    return Measurement(*seconds("yolox_nano"))


@benchmark("fastestdet_image", unit="s", peer="bare onnxruntime")
def fastestdet_image() -> Measurement:
    """CPU time from the JPEG file to boxes."""
    return Measurement(*seconds("fastestdet"))
