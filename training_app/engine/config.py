"""The settings of a training and of a prediction, with the words and ranges that forms show. Imports no torch.

The web process reads `config_schema` to build its form and `train_config` to check what came back; the engine reads
the same dataclasses, so that a setting is described in one place only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from training_app.engine.tasks.catalog import TASKS

ConfigT = TypeVar("ConfigT")

ALL_TASKS: tuple[str, ...] = ()


class ConfigError(ValueError):
    """Settings that cannot be used; `fields` maps each setting at fault to a sentence that says what would be right."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.fields = dict(problems)


def setting(
    default: Any,
    title: str,
    help: str,
    *,
    span: tuple[float, float] | None = None,
    choices: tuple[str, ...] = (),
    tasks: tuple[str, ...] = ALL_TASKS,
) -> Any:
    """A dataclass field with its words: `span` is the closed range of a number, `tasks` empty means every task."""
    return field(
        default=default, metadata={"title": title, "help": help, "span": span, "choices": choices, "tasks": tasks}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """Everything that decides a training besides its data and its architecture."""

    epochs: int = setting(30, "Epochs", "How often the training pictures are gone through at most.", span=(1, 5000))
    batch_size: int = setting(
        16,
        "Batch size",
        "Pictures per training step. Halved inside a step by itself when memory runs out.",
        span=(1, 1024),
    )
    image_size: int = setting(
        224, "Image size", "Side in pixels to which pictures are scaled before the network sees them.", span=(32, 2048)
    )
    fit: str = setting(
        "crop",
        "Fit",
        "How a picture becomes square: crop cuts the longer side, squash changes its proportions.",
        choices=("crop", "squash"),
        tasks=("classification",),
    )
    pretrained: bool = setting(
        True, "Pretrained weights", "Start from weights learned on a large public data set instead of from random ones."
    )
    frozen_epochs: int = setting(
        0,
        "Frozen epochs",
        "Epochs at the start in which only the new head learns and the pretrained part rests.",
        span=(0, 5000),
    )
    frozen_stages: int = setting(
        0, "Frozen stages", "How many of the first stages of the pretrained part never change.", span=(0, 16)
    )
    frozen_batch_norm: bool = setting(
        False,
        "Frozen batch norm",
        "Keep the batch-norm statistics of the pretrained part: right for small batches, as in detection.",
    )
    optimizer: str = setting(
        "adamw", "Optimiser", "AdamW forgives more; SGD uses momentum 0.9.", choices=("adamw", "sgd")
    )
    learning_rate: float = setting(1e-3, "Learning rate", "Peak rate of the head.", span=(1e-7, 10.0))
    backbone_rate_factor: float = setting(
        0.1,
        "Backbone rate factor",
        "Rate of the first pretrained layers as a share of the head's; those between are spread geometrically.",
        span=(0.0, 1.0),
    )
    weight_decay: float = setting(
        1e-2, "Weight decay", "Pull of the weights towards zero; norms and biases are left out.", span=(0.0, 1.0)
    )
    schedule: str = setting(
        "one_cycle",
        "Schedule",
        "How the rate moves: one cycle rises and falls, cosine falls after its warm-up, constant stays.",
        choices=("one_cycle", "cosine", "constant"),
    )
    warmup: float = setting(0.3, "Warm-up", "Share of the steps in which the rate rises to its peak.", span=(0.0, 0.9))
    gradient_clip: float = setting(
        1.0, "Gradient clip", "Longest gradient that a step may use, as a norm; 0 turns it off.", span=(0.0, 1000.0)
    )
    monitor: str = setting(
        "", "Watched metric", "Decides which checkpoint is best and when to stop early; empty: the task's first metric."
    )
    patience: int = setting(
        10, "Patience", "Epochs without improvement before training stops early; 0 never stops early.", span=(0, 5000)
    )
    min_delta: float = setting(
        0.0, "Smallest improvement", "A gain below this does not renew the patience.", span=(0.0, 1.0)
    )
    balanced_sampling: bool = setting(
        False, "Balance the classes", "Draw pictures of rare classes more often, so that every class weighs the same."
    )
    label_smoothing: float = setting(
        0.0,
        "Label smoothing",
        "Share of certainty taken from the labelled class.",
        span=(0.0, 0.5),
        tasks=("classification",),
    )
    dice_share: float = setting(
        0.5,
        "Dice share",
        "How much the overlap of whole classes counts in the loss beside single pixels: more for rare classes.",
        span=(0.0, 1.0),
        tasks=("segmentation",),
    )
    flip_horizontal: bool = setting(True, "Mirror left and right", "Half of the training pictures are mirrored.")
    flip_vertical: bool = setting(
        False, "Mirror top and bottom", "Right for pictures without an up, as under a microscope."
    )
    crop_scale: float = setting(
        0.7,
        "Smallest crop",
        "Smallest share of a training picture that a random crop keeps; 1 never crops.",
        span=(0.05, 1.0),
    )
    color_jitter: float = setting(
        0.1,
        "Colour jitter",
        "How far brightness, contrast and saturation of training pictures wander.",
        span=(0.0, 1.0),
    )
    seed: int = setting(0, "Seed", "Same seed, data and machine: same result.", span=(0, 2**31 - 1))
    precision: str = setting(
        "auto",
        "Precision",
        "auto: bfloat16 where the GPU has it, else float16, and float32 on a CPU.",
        choices=("auto", "float32", "bfloat16", "float16"),
    )
    device: str = setting("auto", "Device", "auto: the GPU where there is one.", choices=("auto", "cpu", "cuda"))
    workers: int = setting(
        -1, "Loader processes", "Processes that prepare pictures; -1 chooses for the machine.", span=(-1, 64)
    )
    cache_megabytes: int = setting(
        2048,
        "Picture cache",
        "Memory in MB that decoded pictures may take; 0 reads every picture anew.",
        span=(0, 1_000_000),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictConfig:
    """Everything that decides a prediction besides its pictures and its checkpoint."""

    batch_size: int = setting(16, "Batch size", "Pictures per step.", span=(1, 1024))
    min_score: float = setting(0.05, "Lowest score", "Predictions below it are left out.", span=(0.0, 1.0))
    max_predictions: int = setting(
        300,
        "Most predictions",
        "Only the best of a picture are kept.",
        span=(1, 10_000),
        tasks=("detection", "segmentation"),
    )
    label_maps: bool = setting(
        False,
        "Label maps",
        "Tell the class of every pixel beside the regions, as evaluation needs it.",
        tasks=("segmentation",),
    )
    max_overlap: float = setting(
        0.45,
        "Greatest overlap",
        "Of boxes of a class that overlap by more (IoU) only the best is kept; networks trained here do so themselves.",
        span=(0.05, 1.0),
        tasks=("detection",),
    )
    precision: str = setting(
        "auto",
        "Precision",
        "auto: bfloat16 where the GPU has it, else float16, and float32 on a CPU.",
        choices=("auto", "float32", "bfloat16", "float16"),
    )
    device: str = setting("auto", "Device", "auto: the GPU where there is one.", choices=("auto", "cpu", "cuda"))
    workers: int = setting(
        -1, "Loader processes", "Processes that prepare pictures; -1 chooses for the machine.", span=(-1, 64)
    )


# What a resumed run may change: all else is taken from its checkpoint, so that it continues as it began.
RESUMABLE_FIELDS = ("epochs", "patience", "min_delta", "device", "workers", "cache_megabytes")

TYPE_NAMES = {"int": "integer", "float": "number", "bool": "boolean", "str": "choice"}


def config_schema(task: str, defaults: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The form of a training of `task`: one `{key,title,help,type,min,max,default,choices}` per setting.

    `defaults` are those of the architecture (`facts["defaults"]`) or of a preset, and win over the general ones.
    """
    given = defaults or {}
    rows = []
    for item in fields(TrainConfig):
        words = item.metadata
        if words["tasks"] and task not in words["tasks"]:
            continue
        span = words["span"] or (None, None)
        choices = monitor_choices(task) if item.name == "monitor" else words["choices"]
        default = given.get(item.name, item.default)
        rows.append(
            {
                "key": item.name,
                "title": words["title"],
                "help": words["help"],
                "type": TYPE_NAMES[str(item.type)],
                "min": span[0],
                "max": span[1],
                "default": choices[0] if item.name == "monitor" and not default else default,
                "choices": list(choices),
            }
        )
    return rows


def monitor_choices(task: str) -> tuple[str, ...]:
    """The metrics that early stopping can watch in `task`, the usual one first."""
    return tuple(entry["key"] for entry in TASKS.get_entry(task).facts["metrics"])


def train_config(task: str, given: Mapping[str, Any], defaults: Mapping[str, Any] | None = None) -> TrainConfig:
    """The settings of a run: `given` over `defaults` over the general ones. Raises `ConfigError`."""
    merged = {**(defaults or {}), **given}
    config = checked_config(TrainConfig, merged)
    choices = monitor_choices(task)
    if config.monitor and config.monitor not in choices:
        raise ConfigError({"monitor": f"Watched metric must be one of {', '.join(choices)}, not {config.monitor!r}."})
    if not config.monitor:
        config = checked_config(TrainConfig, {**merged, "monitor": choices[0]})
    return config


def stored_config(task: str, stored: Mapping[str, Any]) -> TrainConfig:
    """The settings that a checkpoint was made with; those that this version no longer knows are left out."""
    known = {item.name for item in fields(TrainConfig)}
    return train_config(task, {name: value for name, value in stored.items() if name in known})


def predict_config(given: Mapping[str, Any]) -> PredictConfig:
    """The settings of a prediction. Raises `ConfigError`."""
    return checked_config(PredictConfig, given)


def config_to_json(config: TrainConfig | PredictConfig) -> dict[str, Any]:
    """Plain values, as they were given plus every default."""
    return asdict(config)


def checked_config(kind: type[ConfigT], given: Mapping[str, Any]) -> ConfigT:
    """An instance of the dataclass `kind`, each value checked against its field's words. Raises `ConfigError`."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    problems = {key: f"There is no setting {key!r}; known are {', '.join(known)}." for key in given if key not in known}
    values: dict[str, Any] = {}
    for name, item in known.items():
        if name not in given:
            continue
        try:
            values[name] = checked_value(given[name], str(item.type), item.metadata)
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise ConfigError(problems)
    return kind(**values)


def checked_value(value: Any, kind: str, words: Mapping[str, Any]) -> Any:
    """`value` as `kind`, within the field's range or choices. Raises `ValueError` with the sentence to show."""
    title = words["title"]
    if kind == "bool":
        if not isinstance(value, bool):
            raise ValueError(f"{title} must be true or false, not {value!r}.")
        return value
    if kind == "str":
        if not isinstance(value, str) or (words["choices"] and value not in words["choices"]):
            raise ValueError(
                f"{title} must be one of {', '.join(words['choices']) or 'the texts offered'}, not {value!r}."
            )
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{title} must be a number, not {value!r}.")
    if kind == "int" and value != int(value):
        raise ValueError(f"{title} must be a whole number, not {value!r}.")
    low, high = words["span"]
    if not low <= value <= high:
        raise ValueError(f"{title} must be from {low:g} to {high:g}, not {value:g}.")
    return int(value) if kind == "int" else float(value)
