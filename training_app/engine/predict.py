"""A checkpoint put to work: on pictures in memory (`Predictor`) or on a list of files (`predict`)."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch.utils.data import Dataset
from typing_extensions import override

from training_app.architectures.base import Preprocess
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.checkpoint import checkpoint_folder, load_model, read_facts
from training_app.engine.config import PredictConfig, stored_config
from training_app.engine.data import Batch, Item, Key, batch_loader, in_order, worker_count
from training_app.engine.device import choose_compute
from training_app.engine.events import Events
from training_app.engine.job import Picture, PredictJob
from training_app.engine.label_maps import packed
from training_app.engine.lifeline import StopFlag
from training_app.engine.line_file import LineFile
from training_app.engine.pictures import UNREADABLE, fit_picture
from training_app.engine.recipes import MAPS, PictureRecipe, Piece, job_recipe
from training_app.engine.samples import Sample
from training_app.engine.tasks.base import Task, TaskSetup
from training_app.engine.tasks.catalog import TASKS

NO_PICTURE = Image.new("RGB", (1, 1))


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture of `size` in the pieces that the network gets, mostly one."""

    number: int
    size: tuple[int, int]
    items: tuple[Item, ...]
    pieces: tuple[Piece, ...]


class Predictor:
    """A network from a checkpoint folder, ready to answer. Loading takes a second or two; keep it."""

    def __init__(self, checkpoint: Path, config: PredictConfig | None = None) -> None:
        self.config = config or PredictConfig()
        folder = checkpoint_folder(checkpoint)
        self.facts: Mapping[str, Any] = read_facts(folder)
        self.preprocess = Preprocess.from_json(self.facts["preprocess"])
        self.recipe = PictureRecipe(job_recipe(self.facts.get("recipe", {})))
        self.class_numbers = [row["number"] for row in self.facts["classes"]]
        self.compute = choose_compute(self.config.device, self.config.precision)
        learned_with = stored_config(self.facts["task"], self.facts["config"])
        setup = TaskSetup(len(self.class_numbers), self.preprocess, learned_with)
        self.task: Task = TASKS.load(self.facts["task"])(setup)
        architecture = ARCHITECTURES.load(self.facts["architecture"])()
        model = architecture.build(len(self.class_numbers), self.preprocess, {})
        load_model(folder, model)
        self.model = model.to(self.compute.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]

    def predict(self, pictures: Sequence[Image.Image]) -> list[dict[str, Any]]:
        """Per upright picture what a line of the output holds, without its number."""
        answers: list[dict[str, Any]] = []
        for start in range(0, len(pictures), self.config.batch_size):
            taken = [self.take(picture) for picture in pictures[start : start + self.config.batch_size]]
            answers += self.answer_taken(self.task.collate([item for one in taken for item in one.items]), taken)
        return answers

    def take(self, picture: Image.Image, number: int = 0) -> Taken:
        """The picture as the recipe of the training prepares it."""
        size, pieces, items = picture.size, self.recipe.pieces(picture), []
        for piece in pieces:
            sample = Sample(number=number, path=Path(), width=piece.size[0], height=piece.size[1])
            items.append(self.task.prepare_eval(sample, fit_picture(piece.picture, self.preprocess), (0, 0)))
        # The pixels are in the items now; only where they came from is kept.
        return Taken(number, size, tuple(items), tuple(replace(piece, picture=NO_PICTURE) for piece in pieces))

    def answer_taken(self, batch: Batch, taken: Sequence[Taken]) -> list[dict[str, Any]]:
        """Per picture its predictions in pixels of the stored picture; `batch` holds the items of all of them."""
        step = self.config.batch_size
        answers = [row for start in range(0, len(batch), step) for row in self.answer(batch.part(start, start + step))]
        merged: list[dict[str, Any]] = []
        for one in taken:
            own, answers = answers[: len(one.pieces)], answers[len(one.pieces) :]
            merged.append(self.recipe.merge(own, one.pieces, one.size, self.config.max_predictions))
        return merged

    def answer(self, batch: Batch) -> list[dict[str, Any]]:
        """Per item of the batch the predictions that the config lets through, best first."""
        return [self._line(found) for found in self.task.predict(self.model, batch, self.compute)]

    def _line(self, found: Mapping[str, Any]) -> dict[str, Any]:
        rows = zip(found["classes"], found["scores"], found["shapes"], strict=True)
        chosen = [
            {"class_number": self.class_numbers[index], "score": score, "shape": shape}
            for index, score, shape in rows
            if score >= self.config.min_score
        ]
        extra = {key: value for key, value in found.items() if key not in ("classes", "scores", "shapes", *MAPS)}
        if self.config.label_maps:
            extra |= {key: b64encode(packed(found[key])).decode() for key in MAPS if key in found}
        return {"predictions": chosen[: self.config.max_predictions], **extra}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A picture that could not be opened, in the place of its item."""

    number: int
    reason: str


class PictureFiles(Dataset[Taken | Unreadable]):
    """Reads each picture when it is asked for."""

    def __init__(self, pictures: Sequence[Picture], predictor: Predictor) -> None:
        self.pictures = pictures
        self.take = predictor.take

    def __len__(self) -> int:
        return len(self.pictures)

    @override
    def __getitem__(self, key: Key) -> Taken | Unreadable:
        row = self.pictures[key[1]]
        try:
            with Image.open(row.path) as picture:
                return self.take(picture, row.number)
        except UNREADABLE as error:
            return Unreadable(row.number, f"The picture {row.path.name} cannot be read: {error}.")


@dataclass(frozen=True, slots=True)
class Sorted:
    """The items of a batch that can be predicted on, and those that cannot."""

    batch: Batch | None
    taken: tuple[Taken, ...]
    unreadable: tuple[Unreadable, ...]

    def pin_memory(self) -> Sorted:
        return self if self.batch is None else replace(self, batch=self.batch.pin_memory())


class Sorting:
    """Collates what can be predicted on."""

    def __init__(self, task: Task) -> None:
        self.collate = task.collate

    def __call__(self, rows: list[Taken | Unreadable]) -> Sorted:
        taken = tuple(row for row in rows if isinstance(row, Taken))
        items = [item for one in taken for item in one.items]
        return Sorted(
            batch=self.collate(items) if items else None,
            # What was collated need not travel twice.
            taken=tuple(replace(one, items=()) for one in taken),
            unreadable=tuple(row for row in rows if isinstance(row, Unreadable)),
        )


def predict(job: PredictJob, events: Events, stop: StopFlag) -> None:
    """Write one JSON line per picture; the file appears when it is whole. Raises `EngineError`.

    A picture that cannot be read has a line with `error` and no predictions. Lines follow the order of the pictures,
    but unreadable ones come after the others of their batch.
    """
    started = time.monotonic()
    predictor = Predictor(job.checkpoint, job.config)
    events.send(
        "started", device=predictor.compute.title, precision=predictor.compute.precision, images=len(job.pictures)
    )
    with LineFile(job.output, len(job.pictures), events, stop) as lines:
        write_predictions(lines, predictor, job.pictures, events, stop)
    lines.finish(time.monotonic() - started, peak_memory_bytes=predictor.compute.peak_memory_bytes())


def write_predictions(
    lines: LineFile, predictor: Predictor, pictures: Sequence[Picture], events: Events, stop: StopFlag
) -> None:
    """One line per picture, up to the end or a stop."""
    on_gpu, config = predictor.compute.on_gpu, predictor.config
    batches = batch_loader(
        PictureFiles(pictures, predictor),
        in_order(range(len(pictures)), config.batch_size),
        Sorting(predictor.task),
        workers=worker_count(config.workers, on_gpu=on_gpu),
        on_gpu=on_gpu,
    )
    for found in batches:
        if stop.is_raised:
            break
        rows: list[dict[str, Any]] = []
        if found.batch is not None:
            answers = predictor.answer_taken(found.batch, found.taken)
            rows += [{"number": one.number, **answer} for one, answer in zip(found.taken, answers, strict=True)]
        for row in found.unreadable:
            events.send("note", code="unreadable_picture", detail=f"Image {row.number}: {row.reason}")
            rows.append({"number": row.number, "predictions": [], "error": row.reason})
        lines.write(rows)
