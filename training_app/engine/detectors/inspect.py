"""The mode `inspect`: what an ONNX file is, and whether its declaration fits. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training_app.engine.config import PredictConfig
from training_app.engine.detectors.catalog import HEADS
from training_app.engine.detectors.coco import COCO_NAMES
from training_app.engine.detectors.declaration import CHANNELS, LAYOUTS, DeclarationError, read_declaration
from training_app.engine.detectors.detector import OnnxDetector, open_session
from training_app.engine.detectors.limits import bound_memory
from training_app.engine.detectors.onnx_file import OnnxFacts, check_onnx, refused
from training_app.engine.errors import EngineError
from training_app.engine.events import Events
from training_app.engine.job import InspectJob
from training_app.engine.lifeline import StopFlag
from training_app.engine.pictures import UNREADABLE

SURE = 0.5
"""What a detector that sees its pictures as it was trained on reaches now and then."""


def inspect(job: InspectJob, events: Events, stop: StopFlag) -> None:
    """Tells `facts` of the file and a `declaration`: the one given, once it was tried, or one that was guessed.

    Raises `EngineError`. `declaration` is None where no head of the catalog fits.
    """
    bound_memory()
    facts = check_onnx(job.model)
    events.send("started", device="CPU", precision="float32", images=len(job.pictures))
    if job.declaration is not None:
        declaration: Mapping[str, Any] | None = tried(job.model, job.declaration)
    else:
        declaration = guessed(job.model, with_output_shapes(job.model, facts), [row.path for row in job.pictures])
    events.send(
        "finished",
        reason="stopped" if stop.is_raised else "completed",
        facts={
            "input": list(facts.input),
            "outputs": [list(shape) for shape in facts.outputs],
            "nodes": facts.nodes,
            "opset": facts.opset,
        },
        declaration=None if declaration is None else dict(declaration),
    )


def tried(path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration, complete, after a grey picture went through the network with it. Raises `EngineError`."""
    try:
        declaration = read_declaration(given)
    except DeclarationError as error:
        raise EngineError("bad_declaration", str(error)) from error
    detector = OnnxDetector(path, declaration, PredictConfig())
    grey = Image.new("RGB", declaration.size, (declaration.pad,) * 3)
    detector.answer(*detector.take(grey))
    return declaration.to_json()


def with_output_shapes(path: Path, facts: OnnxFacts) -> OnnxFacts:
    """Shapes that the file leaves open are measured on a picture of zeros."""
    if all(all(shape) and shape for shape in facts.outputs) or not all(facts.input[1:]):
        return facts
    session = open_session(path)
    try:
        found = session.run(None, {facts.input_name: np.zeros((1, *facts.input[1:]), dtype=np.float32)})
    except Exception as error:  # the runtime's errors share no base of their own
        raise refused(f"onnxruntime says: {str(error).splitlines()[0][:300]}") from error
    return replace(facts, outputs=tuple(tuple(output.shape) for output in found))


def guessed(path: Path, facts: OnnxFacts, pictures: Sequence[Path]) -> dict[str, Any] | None:
    """The first head whose shapes fit, with the input that makes it surest of the pictures; None where none fits."""
    for layout in LAYOUTS:
        channels, sides = (
            (facts.input[1], facts.input[2:]) if layout == LAYOUTS[0] else (facts.input[3], facts.input[1:3])
        )
        size = (sides[1], sides[0])
        if channels != len(CHANNELS[0]) or not all(size):
            continue
        for entry in HEADS:
            found = HEADS.load(entry.key)().guess(facts.outputs, size)
            if found is None:
                continue
            said = {
                "head": entry.key,
                "size": list(size),
                "strides": list(found.strides),
                "classes": list(class_names(facts, found.class_count)),
                "layout": layout,
            }
            ways = [{**said, **way["values"]} for way in entry.facts["inputs"]]
            is_open = len(ways) > 1 and pictures
            best = max(ways, key=lambda way: sureness(path, way, pictures)) if is_open else ways[0]
            return read_declaration(best).to_json()
    return None


def class_names(facts: OnnxFacts, count: int) -> tuple[str, ...]:
    """Those in the file; COCO's where there are as many; else numbered ones."""
    if len(facts.class_names) == count:
        return facts.class_names
    return COCO_NAMES if count == len(COCO_NAMES) else tuple(f"class {index + 1}" for index in range(count))


def sureness(path: Path, way: Mapping[str, Any], pictures: Sequence[Path]) -> float:
    """The scores of what the detector is sure of, each by the share of the picture's side that its box takes.

    Pixels that go in wrongly make a detector see many specks, and objects of some size hardly ever.
    """
    detector = OnnxDetector(path, read_declaration(way), PredictConfig(min_score=SURE))
    total = 0.0
    for picture in pictures:
        try:
            with Image.open(picture) as opened:
                found = detector.answer(*detector.take(opened))["predictions"]
                whole = math.prod(opened.size)
        except UNREADABLE:
            continue
        total += sum(row["score"] * math.sqrt(math.prod(row["shape"]["box"][2:]) / whole) for row in found)
    return total
