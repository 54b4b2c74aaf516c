"""The mode `detect`: an ONNX detector on a list of files. Imports no torch."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

from PIL import Image

from training_app.engine.detectors.base import Floats
from training_app.engine.detectors.declaration import read_declaration
from training_app.engine.detectors.detector import OnnxDetector
from training_app.engine.detectors.limits import bound_memory
from training_app.engine.detectors.placing import Placement
from training_app.engine.events import Events
from training_app.engine.job import DetectJob, Picture
from training_app.engine.lifeline import StopFlag
from training_app.engine.line_file import LineFile
from training_app.engine.pictures import UNREADABLE

READERS = 2
AHEAD = 8
"""Pictures that wait, prepared, while the network is at work."""
DEVICE = "CPU"

Taken = tuple[Floats, Placement]


def detect(job: DetectJob, events: Events, stop: StopFlag) -> None:
    """Write one JSON line per picture, as the mode `predict` does. Raises `EngineError`."""
    started = time.monotonic()
    bound_memory()
    detector = OnnxDetector(job.model, read_declaration(job.declaration), job.config)
    events.send("started", device=DEVICE, precision="float32", images=len(job.pictures))
    with LineFile(job.output, len(job.pictures), events, stop) as lines:
        for picture, taken in taken_ahead(detector, job.pictures):
            if stop.is_raised:
                break
            lines.write([line_of(detector, picture, taken, events)])
    lines.finish(time.monotonic() - started, peak_memory_bytes=None)


def line_of(detector: OnnxDetector, picture: Picture, taken: Taken | str, events: Events) -> dict[str, Any]:
    if isinstance(taken, str):
        events.send("note", code="unreadable_picture", detail=f"Image {picture.number}: {taken}")
        return {"number": picture.number, "predictions": [], "error": taken}
    return {"number": picture.number, **detector.answer(*taken)}


def taken_ahead(detector: OnnxDetector, pictures: Sequence[Picture]) -> Iterator[tuple[Picture, Taken | str]]:
    """Each picture with its input, or with the sentence on why it cannot be read; in order."""

    def take(picture: Picture) -> Taken | str:
        try:
            with Image.open(picture.path) as opened:
                return detector.take(opened)
        except UNREADABLE as error:
            return f"The picture {picture.path.name} cannot be read: {error}."

    rest = iter(pictures)
    with ThreadPoolExecutor(READERS) as pool:
        waiting: list[tuple[Picture, Future[Taken | str]]] = [
            (picture, pool.submit(take, picture)) for picture in islice(rest, AHEAD)
        ]
        while waiting:
            picture, future = waiting.pop(0)
            yield picture, future.result()
            waiting += [(after, pool.submit(take, after)) for after in islice(rest, 1)]
