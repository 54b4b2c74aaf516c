"""A checkpoint written as a file for other programs, and how far that file answers as the model does."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from PIL import Image

from training_app.engine.config import PredictConfig
from training_app.engine.errors import EngineError
from training_app.engine.events import Events
from training_app.engine.job import ExportJob
from training_app.engine.lifeline import StopFlag
from training_app.engine.pictures import UNREADABLE
from training_app.engine.predict import Predictor
from training_app.model_formats.base import Arrays, PlainNetwork, Runner, Source
from training_app.model_formats.base import Picture as Input
from training_app.model_formats.catalog import MODEL_FORMATS

CLOSE = 1e-3
"""Largest difference of a probability, score or pixel that still counts as the same in an exact format."""
STRIDE = 32


def export(job: ExportJob, events: Events, stop: StopFlag) -> None:
    """Write the file, run it on the pictures beside the model, and tell what differs. Raises `EngineError`."""
    del stop
    predictor = Predictor(job.checkpoint, PredictConfig(device="cpu", precision="float32"))
    pictures = read_inputs(predictor, job)
    network = predictor.task.plain(predictor.model.to(memory_format=torch.contiguous_format))
    network.module.eval()
    entry = MODEL_FORMATS.get_entry(job.format)
    events.send("started", device=predictor.compute.title, precision="float32", images=len(pictures))
    made = MODEL_FORMATS.load(job.format)()
    job.output.parent.mkdir(parents=True, exist_ok=True)
    fresh = job.output.with_name(f".{job.output.stem}.new{job.output.suffix}")
    try:
        with torch.inference_mode():
            made.write(Source(network, card_of(predictor, network), pictures), fresh)
        report = compared(predictor, network, made.load(fresh), pictures)
        if entry.facts["exact"] and pictures and report["agreement"] < 1.0 - CLOSE:
            raise EngineError(
                "export_differs",
                f"{entry.title} answers differently from the model on {len(pictures)} pictures "
                f"(agreement {report['agreement']:.4f}): the file was not kept.",
            )
        report["bytes"] = fresh.stat().st_size
        fresh.replace(job.output)
    finally:
        fresh.unlink(missing_ok=True)
    events.send("finished", reason="completed", report=report)


def card_of(predictor: Predictor, network: PlainNetwork) -> dict[str, Any]:
    """What a program needs beside the numbers."""
    facts = predictor.facts
    return {
        "task": facts["task"],
        "architecture": facts["architecture"],
        "classes": [{"number": row["number"], "name": row["name"]} for row in facts["classes"]],
        "input": {"name": "image", "colour": "RGB", "range": [0, 1], **predictor.preprocess.to_json()},
        "outputs": list(network.outputs),
        "background": facts["task"] == "segmentation",
        "recipe": facts.get("recipe", {}),
    }


def read_inputs(predictor: Predictor, job: ExportJob) -> list[Input]:
    """The pictures as the network sees them."""
    found: list[Input] = []
    for row in job.pictures:
        try:
            with Image.open(row.path) as picture:
                taken = predictor.take(picture, row.number)
        except UNREADABLE:
            continue
        pixels = taken.items[0].pixels.float().div(255.0).numpy()
        height, width = (side - side % STRIDE or side for side in pixels.shape[-2:])
        found.append(np.ascontiguousarray(pixels[None, :, :height, :width]))
    return found


def compared(predictor: Predictor, network: PlainNetwork, run: Runner, pictures: Sequence[Input]) -> dict[str, Any]:
    """`{pictures, agreement, largest_difference, model_ms, file_ms}` over all pictures."""
    rows, ours, theirs = [], [], []
    for picture in pictures:
        expected, seconds = timed(partial(own_answer, network), picture)
        found, other_seconds = timed(run, picture)
        rows.append((predictor.task.agreement(expected, found), difference(expected, found)))
        ours.append(seconds)
        theirs.append(other_seconds)
    if not rows:
        return {"pictures": 0, "agreement": None, "largest_difference": None, "model_ms": None, "file_ms": None}
    differences = [value for _, value in rows if value is not None]
    return {
        "pictures": len(rows),
        "agreement": float(np.mean([value for value, _ in rows])),
        "largest_difference": max(differences) if differences else None,
        "model_ms": round(1000 * float(np.median(ours)), 2),
        "file_ms": round(1000 * float(np.median(theirs)), 2),
    }


def own_answer(network: PlainNetwork, picture: Input) -> Arrays:
    with torch.inference_mode():
        answers = network.module(torch.from_numpy(picture))
    return [answer.numpy() for answer in (answers if isinstance(answers, tuple) else (answers,))]


def timed(run: Runner, picture: Input) -> tuple[Arrays, float]:
    """The second of two answers, so that what is set up once is not counted."""
    run(picture)
    started = time.perf_counter()
    answer = run(picture)
    return answer, time.perf_counter() - started


def difference(expected: Arrays, found: Arrays) -> float | None:
    """The largest of any number; None where the answers differ in length."""
    if any(one.shape != other.shape for one, other in zip(expected, found, strict=True)):
        return None
    pairs = [(one, other) for one, other in zip(expected, found, strict=True) if one.size]
    return max((float(np.abs(one - other).max()) for one, other in pairs), default=0.0)
