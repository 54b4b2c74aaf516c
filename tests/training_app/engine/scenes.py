"""Tiny drawn data sets and runs of the engine, as processes and within the test's own process."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from PIL import Image

from annotator.core.geometry.shapes import canonical, shape_to_mask
from datasets_app.formats.native_json import NativeJson
from datasets_app.ir import AnnotationRecord, Box, ClassRecord, Dataset, ImageRecord
from training_app.engine.job import train_job
from training_app.engine.lifeline import StopFlag
from training_app.engine.train import train

ROOT = Path(__file__).resolve().parents[3]
CLASSES = (ClassRecord(3, "red"), ClassRecord(7, "green"))
COLOURS = {3: (200, 40, 40), 7: (40, 200, 40)}
SPLITS = ("train",) * 12 + ("val",) * 6 + ("test",) * 4


def tag(class_number: int) -> AnnotationRecord:
    return AnnotationRecord("", class_number, "tag", (0, 0, 0, 0), 0.0, '{"type":"tag"}')


def box(class_number: int, x: float, y: float, width: float, height: float, **flags: Any) -> AnnotationRecord:
    place: Box = (x, y, width, height)
    text = orjson.dumps({"type": "box", "box": place}).decode()
    return AnnotationRecord("", class_number, "box", place, width * height, text, **flags)


def record(
    number: int, path: Path, split: str, *annotations: AnnotationRecord, state: str = "annotated"
) -> ImageRecord:
    with Image.open(path) as picture:
        width, height = picture.size
    return ImageRecord(number, path.name, width, height, annotations, state=state, split=split, path=path)


def write_dataset(folder: Path, images: list[ImageRecord], classes: tuple[ClassRecord, ...] = CLASSES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    NativeJson().write(Dataset(classes, images, len(images)), folder, images=False, options={"paths": True})
    return folder / "dataset.json"


def noisy_picture(path: Path, seed: int, size: tuple[int, int] = (48, 40)) -> np.ndarray[Any, Any]:
    noise = np.random.default_rng(seed).integers(90, 130, (size[1], size[0], 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    return noise


def classification_dataset(folder: Path) -> Path:
    """Pictures of a colour under noise."""
    images = []
    for index, split in enumerate(SPLITS):
        number = (3, 7)[index % 2]
        path = folder / f"{index}.png"
        pixels = noisy_picture(path, index)
        pixels[8:32, 8:40] = pixels[8:32, 8:40] // 4 + np.array(COLOURS[number], np.uint8) // 2
        Image.fromarray(pixels).save(path)
        images.append(record(index + 1, path, split, tag(number)))
    return write_dataset(folder, images)


def detection_dataset(folder: Path) -> Path:
    """One or two coloured rectangles on noise."""
    images = []
    for index, split in enumerate(SPLITS):
        random = np.random.default_rng(index)
        path = folder / f"{index}.png"
        pixels = noisy_picture(path, index, (96, 64))
        annotations = []
        for slot in range(1 + index % 2):
            number = (3, 7)[(index // 2 + slot) % 2]
            width, height = (int(value) for value in random.integers(16, 30, 2))
            x, y = int(random.integers(0, 46 - width)) + 48 * slot, int(random.integers(0, 62 - height))
            pixels[y : y + height, x : x + width] = COLOURS[number]
            annotations.append(box(number, x, y, width, height))
        Image.fromarray(pixels).save(path)
        images.append(record(index + 1, path, split, *annotations))
    return write_dataset(folder, images)


def polygon(class_number: int, *points: tuple[float, float], **flags: Any) -> AnnotationRecord:
    shape = canonical({"type": "polygon", "parts": [{"outer": list(points), "holes": []}]}, 10_000, 10_000)
    return AnnotationRecord("", class_number, "polygon", shape.box, shape.area, shape.json, **flags)


def segmentation_dataset(folder: Path) -> Path:
    """A coloured triangle on noise, in pictures of two sizes."""
    images = []
    for index, split in enumerate(SPLITS):
        number = (3, 7)[index % 2]
        path = folder / f"{index}.png"
        pixels = noisy_picture(path, index, (96, 64) if index % 3 else (64, 64))
        corner = int(np.random.default_rng(index).integers(2, 12))
        annotation = polygon(number, (corner, corner), (corner + 44, corner), (corner, corner + 44))
        inside = shape_to_mask(annotation.shape, pixels.shape[1], pixels.shape[0])
        pixels[inside] = COLOURS[number]
        Image.fromarray(pixels).save(path)
        images.append(record(index + 1, path, split, annotation))
    return write_dataset(folder, images)


@dataclass
class Recorder:
    """Keeps events; raises `stop` after the step with the number `stop_after`, as a signal would."""

    stop: StopFlag = field(default_factory=StopFlag)
    stop_after: int = -1
    rows: list[dict[str, Any]] = field(default_factory=list)

    def send(self, event: str, /, **fields: Any) -> None:
        self.rows.append({"event": event, **fields})
        if event == "step" and fields["step"] == self.stop_after:
            self.stop.is_raised = True

    def step_is_due(self) -> bool:
        return True

    def named(self, event: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["event"] == event]


SMALL = {"device": "cpu", "image_size": 32, "batch_size": 4, "epochs": 3, "patience": 0, "workers": 0}


def train_data(dataset: Path, output: Path, architecture: str, **config: Any) -> dict[str, Any]:
    return {
        "mode": "train",
        "dataset": str(dataset),
        "output": str(output),
        "architecture": architecture,
        "config": {**SMALL, **config},
        "weights": {},
    }


def train_here(data: dict[str, Any], *, resume: bool = False, stop_after: int = -1) -> Recorder:
    """Runs the training in this process. Raises what the engine raises."""
    events = Recorder(stop_after=stop_after)
    train(train_job({**data, "resume": resume}), events, events.stop)
    return events


@dataclass
class EngineProcess:
    """The engine as the product starts it, line by line."""

    process: subprocess.Popen[bytes]

    def events(self) -> Iterator[dict[str, Any]]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield orjson.loads(line)

    def rows_until(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """The events up to the next one of this name and these fields."""
        rows = []
        for row in self.events():
            rows.append(row)
            if row["event"] == event and all(row[key] == value for key, value in fields.items()):
                return rows
        raise AssertionError(f"The engine ended before {event} {fields}: {rows[-1:]}.")

    def finish(self) -> list[dict[str, Any]]:
        with self.process:
            return list(self.events())


def start_engine(job: dict[str, Any], folder: Path) -> EngineProcess:
    path = folder / "job.json"
    path.write_bytes(orjson.dumps(job))
    command = [sys.executable, "-m", "training_app.engine", str(path)]
    return EngineProcess(
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    )
