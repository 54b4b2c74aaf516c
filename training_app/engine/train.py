"""Puts a training run together: data, network, optimiser, loop. Knows tasks and architectures by contract only."""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.native_json import NativeJson
from datasets_app.ir import ClassRecord, Dataset
from training_app.architectures.base import Architecture
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.checkpoint import find_checkpoint, read_facts
from training_app.engine.config import RESUMABLE_FIELDS, TrainConfig, config_to_json, stored_config
from training_app.engine.data import (
    Batch,
    EpochBatches,
    PictureCache,
    PictureSet,
    VariedSet,
    balancing_weights,
    batch_loader,
    in_order,
    worker_count,
)
from training_app.engine.device import choose_compute
from training_app.engine.errors import EngineError
from training_app.engine.events import Events
from training_app.engine.job import TrainJob
from training_app.engine.lifeline import StopFlag
from training_app.engine.loop import Parts, Trainer
from training_app.engine.optim import Freezing, Schedule, build_optimizer
from training_app.engine.recipes import kitchen_of, take_companions
from training_app.engine.run_state import RunState
from training_app.engine.samples import Notes, Sample, class_indices, listed, read_samples
from training_app.engine.stopping import EarlyStopping
from training_app.engine.tasks.base import Task, TaskSetup
from training_app.engine.tasks.catalog import TASKS, metric_is_higher_better

LOCK_WAIT_SECONDS = 30.0


def train(job: TrainJob, events: Events, stop: StopFlag) -> None:
    """Run the job to its end and tell of it. Raises `EngineError`."""
    started = time.monotonic()
    with output_lock(job.output):
        earlier = earlier_facts(job)
        run = RunBuilder(job, events, stop, earlier)
        trainer = run.build()
        events.send("started", **run.started_facts(trainer))
        reason = trainer.run()
        events.send(
            "finished",
            reason=reason,
            best_epoch=trainer.state.stopping.best_epoch or None,
            best_metrics=best_metrics(job.output),
            seconds=time.monotonic() - started,
            images_per_second=trainer.pace.images_per_second(),
            peak_memory_bytes=trainer.state.compute.peak_memory_bytes(),
        )


@contextmanager
def output_lock(output: Path) -> Iterator[None]:
    """Keeps two processes from writing one run's checkpoints: a killed worker's child may live a moment longer."""
    output.mkdir(parents=True, exist_ok=True)
    with (output / ".lock").open("w") as file:
        deadline = time.monotonic() + LOCK_WAIT_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise EngineError(
                        "output_in_use", f"Another process is training into {output}: stop it first."
                    ) from None
                time.sleep(0.2)
        yield


def earlier_facts(job: TrainJob) -> dict[str, Any] | None:
    """What `last` says where the job resumes; a fresh start clears the folder of checkpoints."""
    folder = find_checkpoint(job.output, "last")
    if job.resume and folder is not None:
        return read_facts(folder)
    for name in ("best", "last", ".best.old", ".last.old", ".best.new", ".last.new"):
        shutil.rmtree(job.output / name, ignore_errors=True)
    return None


def best_metrics(output: Path) -> dict[str, Any] | None:
    folder = find_checkpoint(output, "best")
    return read_facts(folder)["metrics"] if folder is not None else None


def read_dataset(path: Path) -> Dataset:
    """The data set in our own JSON format. Raises `EngineError`."""
    if not path.is_file():
        raise EngineError("no_dataset", f"The data set {path} does not exist.")
    try:
        return NativeJson().read(path, Report(), options={"trusted": True})
    except FormatError as error:
        raise EngineError("bad_dataset", str(error)) from error


class RunBuilder:
    """The steps of setting a run up; each tells what it left out by a `note`."""

    def __init__(self, job: TrainJob, events: Events, stop: StopFlag, earlier: Mapping[str, Any] | None) -> None:
        self.job = job
        self.events = events
        self.stop = stop
        self.earlier = earlier
        self.config = self._config()
        self.compute = choose_compute(self.config.device, self.config.precision)
        self.architecture: Architecture = ARCHITECTURES.load(job.architecture)()
        self.preprocess = self.architecture.preprocess(config_to_json(self.config))
        torch.manual_seed(self.config.seed)

    def build(self) -> Trainer:
        """Everything, ready to run; resumed where the job says so and there is something to resume."""
        job, config = self.job, self.config
        dataset = read_dataset(job.dataset)
        self.kitchen = kitchen_of(job.recipe, dataset.classes)
        self.classes = tuple(dataset.classes if self.kitchen is None else self.kitchen.classes)
        self.task: Task = TASKS.load(job.task)(TaskSetup(len(self.classes), self.preprocess, config))
        self.splits = self._samples(dataset)
        model = self._model()
        margin = self.task.cache_margin
        # With room for crops, enlarging a small picture would only cost memory: the crop is scaled anyway.
        train_cache = self._cache(self.splits["train"], margin=margin, exact=margin == 1.0)
        readable = [index for index in range(len(train_cache.samples)) if index not in train_cache.unreadable]
        if not readable:
            raise EngineError("no_training_images", "None of the training pictures can be read.")
        weights = balancing_weights([self.splits["train"][index] for index in readable], len(self.classes))
        batches = EpochBatches(readable, config.batch_size, config.seed, weights if config.balanced_sampling else None)
        self.parameters = sum(parameter.numel() for parameter in model.parameters())
        state = RunState(
            output=job.output,
            facts=self._facts(),
            model=model,
            optimizer=build_optimizer(model, self.architecture.stages, config),
            scaler=self.compute.scaler(),
            stopping=self._stopping(),
            compute=self.compute,
        )
        parts = Parts(
            config=config,
            schedule=self._schedule(batches.per_epoch),
            freezing=Freezing(
                self.architecture.stages, config.frozen_epochs, config.frozen_stages, config.frozen_batch_norm
            ),
            batches=batches,
            train_batches=self._loader(self._training_set(train_cache), batches),
            loss=self.task.loss,
            validate=self._validation(),
        )
        if self.earlier is not None:
            state.restore_last()
            if config.epochs > self.earlier["config"]["epochs"]:
                state.stopping.epochs_without_gain = 0
        return Trainer(parts, state, self.events, self.stop)

    def _schedule(self, steps_per_epoch: int) -> Schedule:
        config = self.config
        return Schedule(
            kind=config.schedule,
            peak=config.learning_rate,
            warmup=config.warmup,
            frozen_steps=config.frozen_epochs * steps_per_epoch,
            total_steps=config.epochs * steps_per_epoch,
        )

    def _config(self) -> TrainConfig:
        """A resumed run keeps the settings that it began with, except those that may change."""
        config, weights = self.job.config, self.job.weights
        if self.earlier is not None:
            asked = config_to_json(config)
            kept = {**self.earlier["config"], **{name: asked[name] for name in RESUMABLE_FIELDS}}
            return stored_config(self.job.task, kept)
        if config.pretrained and not weights:
            self._note(
                "no_weights",
                "No pretrained weights are present for this architecture: training starts from random values.",
            )
        if config.pretrained and weights:
            return config
        return replace(
            config,
            pretrained=False,
            frozen_epochs=0,
            frozen_stages=0,
            frozen_batch_norm=False,
            backbone_rate_factor=1.0,
        )

    def _samples(self, dataset: Dataset) -> dict[str, list[Sample]]:
        notes = Notes()
        splits = read_samples(dataset, self.task.read_target, notes, self.kitchen)
        for code, sentence in notes.sentences():
            self._note(code, sentence)
        seen = {index for sample in splits["train"] for index in sample.classes}
        absent = [record.name for index, record in enumerate(self.classes) if index not in seen]
        if absent:
            self._note(
                "class_without_images", f"No training image shows {', '.join(absent)}: the model cannot learn it."
            )
        if not splits["val"]:
            self._note(
                "no_validation_images", "The split 'val' is empty: the training loss decides which checkpoint is best."
            )
        return splits

    def _model(self) -> nn.Module:
        weights = dict(self.job.weights) if self.config.pretrained and self.earlier is None else {}
        model = self.architecture.build(len(self.classes), self.preprocess, weights)
        return model.to(self.compute.device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def _cache(self, samples: list[Sample], *, margin: float, exact: bool) -> PictureCache:
        cache = PictureCache(
            samples, self.preprocess, margin=margin, megabytes=self.config.cache_megabytes, exact=exact
        )
        if cache.unreadable:
            numbers = listed([samples[index].number for index in cache.unreadable])
            self._note(
                "unreadable_picture",
                f"{len(cache.unreadable)} pictures cannot be read and were left out. Images: {numbers}.",
            )
        return cache

    def _loader(self, pictures: PictureSet, batches: Any) -> Iterable[Batch]:
        workers = worker_count(self.config.workers, on_gpu=self.compute.on_gpu)
        return batch_loader(pictures, batches, self.task.collate, workers=workers, on_gpu=self.compute.on_gpu)

    def _training_set(self, cache: PictureCache) -> PictureSet:
        kitchen = self.kitchen
        if kitchen is None or not kitchen.recipe.augmentation:
            return PictureSet(cache, self.task.prepare_train)
        take_companions(kitchen, [sample.dish for sample in cache.samples if sample.dish is not None])
        indices, unsaid = class_indices(self.classes), Notes()
        return VariedSet(
            cache, self.task.prepare_train, kitchen, lambda record: self.task.read_target(record, indices, unsaid)
        )

    def _validation(self) -> Callable[[nn.Module, StopFlag], dict[str, float | None]]:
        samples = self.splits["val"]
        cache = self._cache(samples, margin=1.0, exact=True)
        readable = [index for index in range(len(samples)) if index not in cache.unreadable]
        loader = self._loader(PictureSet(cache, self.task.prepare_eval), in_order(readable, self.config.batch_size))

        def until_stopped(stop: StopFlag) -> Iterator[Batch]:
            for batch in loader:
                if stop.is_raised:
                    return
                yield batch

        return lambda model, stop: self.task.evaluate(model, until_stopped(stop), samples, self.compute)

    def _stopping(self) -> EarlyStopping:
        metric = self.config.monitor if self.splits["val"] else "train/loss"
        return EarlyStopping(
            metric=metric,
            higher_is_better=metric_is_higher_better(self.job.task, metric),
            patience=self.config.patience,
            min_delta=self.config.min_delta,
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "architecture": self.job.architecture,
            "task": self.job.task,
            "classes": [class_facts(record) for record in self.classes],
            "preprocess": self.preprocess.to_json(),
            "config": config_to_json(self.config),
            "recipe": self.job.recipe.as_dict(),
            "weights": self.earlier["weights"] if self.earlier else sorted(self.job.weights) * self.config.pretrained,
            "parameters": self.parameters,
        }

    def started_facts(self, trainer: Trainer) -> dict[str, Any]:
        progress = trainer.state.progress
        return {
            "device": self.compute.title,
            "precision": self.compute.precision,
            "epochs": self.config.epochs,
            "steps_per_epoch": trainer.parts.batches.per_epoch,
            "train_images": len(trainer.parts.batches.indices),
            "val_images": len(self.splits["val"]),
            "parameters": self.parameters,
            "pretrained": self.config.pretrained,
            "monitor": trainer.state.stopping.metric,
            "resumed": {"epoch": progress.epoch, "step": progress.step} if self.earlier is not None else None,
        }

    def _note(self, code: str, detail: str) -> None:
        self.events.send("note", code=code, detail=detail)


def class_facts(record: ClassRecord) -> dict[str, Any]:
    return {"number": record.number, "name": record.name, "color": record.color}
