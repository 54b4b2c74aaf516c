"""What the engine is asked to do: the job file, checked. Imports no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import orjson

from datasets_app.recipes.recipe import Recipe
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.config import ConfigError, PredictConfig, TrainConfig, predict_config, train_config
from training_app.engine.errors import EngineError
from training_app.engine.recipes import job_recipe
from training_app.model_formats.catalog import MODEL_FORMATS
from training_app.weights import WEIGHTS_BY_KEY


@dataclass(frozen=True, slots=True)
class TrainJob:
    """Train `architecture` on `dataset` and keep checkpoints below `output`."""

    dataset: Path
    output: Path
    architecture: str
    task: str
    config: TrainConfig
    weights: Mapping[str, Path]
    resume: bool
    recipe: Recipe = field(default_factory=Recipe)
    mode: ClassVar[str] = "train"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to predict on, under the number that its line of the output will have."""

    number: int
    path: Path


@dataclass(frozen=True, slots=True)
class PredictJob:
    """Predict on `pictures` with the network in `checkpoint` and write a line for each to `output`."""

    checkpoint: Path
    pictures: tuple[Picture, ...]
    output: Path
    config: PredictConfig
    mode: ClassVar[str] = "predict"


@dataclass(frozen=True, slots=True)
class DetectJob:
    """The same with an ONNX file and its declaration in place of a checkpoint."""

    model: Path
    declaration: Mapping[str, Any]
    pictures: tuple[Picture, ...]
    output: Path
    config: PredictConfig
    mode: ClassVar[str] = "detect"


@dataclass(frozen=True, slots=True)
class InspectJob:
    """Look at the ONNX file `model`; try `declaration` on it, or guess one, with the help of `pictures`."""

    model: Path
    declaration: Mapping[str, Any] | None
    pictures: tuple[Picture, ...]
    mode: ClassVar[str] = "inspect"


@dataclass(frozen=True, slots=True)
class ExportJob:
    """Write the network in `checkpoint` to `output` in a model format, and compare both on `pictures`."""

    checkpoint: Path
    pictures: tuple[Picture, ...]
    output: Path
    format: str
    mode: ClassVar[str] = "export"


Job = TrainJob | PredictJob | DetectJob | InspectJob | ExportJob


def read_job(path: Path) -> Job:
    """The job in the JSON file `path`. Raises `EngineError`."""
    try:
        data = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise EngineError("bad_job", f"The job file {path} cannot be read: {error}.") from error
    readers: dict[str, Callable[[Mapping[str, Any]], Job]] = {
        "train": train_job,
        "predict": predict_job,
        "detect": detect_job,
        "inspect": inspect_job,
        "export": export_job,
    }
    mode = data.get("mode") if isinstance(data, dict) else None
    if mode not in readers:
        raise EngineError("bad_job", f"The job's mode must be one of {', '.join(readers)}, not {mode!r}.")
    try:
        return readers[mode](data)
    except KeyError as error:
        raise EngineError("bad_job", f"The job file {path} lacks {error.args[0]!r}.") from error
    except ConfigError as error:
        raise EngineError("bad_config", str(error)) from error


def train_job(data: Mapping[str, Any]) -> TrainJob:
    key = data["architecture"]
    if key not in ARCHITECTURES:
        raise EngineError("bad_job", f"There is no architecture {key!r}; known are {', '.join(ARCHITECTURES.keys())}.")
    facts = ARCHITECTURES.get_entry(key).facts
    task = data.get("task", facts["task"])
    if task != facts["task"]:
        raise EngineError("bad_job", f"The architecture {key} is for {facts['task']}, not for {task}.")
    weights = {name: Path(file) for name, file in data.get("weights", {}).items()}
    for name, file in weights.items():
        if name not in WEIGHTS_BY_KEY:
            raise EngineError("bad_job", f"There are no weights {name!r}; known are {', '.join(WEIGHTS_BY_KEY)}.")
        if not file.is_file():
            raise EngineError("no_weights", f"The weights file {file} does not exist: fetch {name} first.")
    return TrainJob(
        dataset=Path(data["dataset"]),
        output=Path(data["output"]),
        architecture=key,
        task=task,
        config=train_config(task, data.get("config", {}), facts["defaults"]),
        weights=weights,
        resume=bool(data.get("resume", False)),
        recipe=job_recipe(data.get("recipe", {})),
    )


def export_job(data: Mapping[str, Any]) -> ExportJob:
    if data["format"] not in MODEL_FORMATS:
        known = ", ".join(MODEL_FORMATS.keys())
        raise EngineError("bad_job", f"There is no model format {data['format']!r}; known are {known}.")
    return ExportJob(
        checkpoint=Path(data["checkpoint"]),
        pictures=read_pictures(data["images"]),
        output=Path(data["output"]),
        format=data["format"],
    )


def predict_job(data: Mapping[str, Any]) -> PredictJob:
    return PredictJob(
        checkpoint=Path(data["checkpoint"]),
        pictures=read_pictures(data["images"]),
        output=Path(data["output"]),
        config=predict_config(data.get("config", {})),
    )


def detect_job(data: Mapping[str, Any]) -> DetectJob:
    return DetectJob(
        model=Path(data["model"]),
        declaration=data["declaration"],
        pictures=read_pictures(data["images"]),
        output=Path(data["output"]),
        config=predict_config(data.get("config", {})),
    )


def inspect_job(data: Mapping[str, Any]) -> InspectJob:
    return InspectJob(
        model=Path(data["model"]), declaration=data.get("declaration"), pictures=read_pictures(data.get("images", []))
    )


def read_pictures(images: str | Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """From rows, or from a JSON lines file that holds them. Raises `EngineError`."""
    rows = read_lines(Path(images)) if isinstance(images, str) else images
    return tuple(Picture(number=row["number"], path=Path(row["path"])) for row in rows)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON lines file. Raises `EngineError`."""
    try:
        return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    except (OSError, orjson.JSONDecodeError) as error:
        raise EngineError("bad_job", f"The list of images {path} cannot be read as JSON lines: {error}.") from error
