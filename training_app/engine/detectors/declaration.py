"""What has to be said of an ONNX detector, since its file does not: how a picture goes in, and what comes out.

Plain data, checked; imports no runtime, so that the web process can read it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from training_app.engine.detectors.catalog import HEADS

FITS = ("letterbox", "letterbox_centre", "squash")
CHANNELS = ("RGB", "BGR")
LAYOUTS = ("NCHW", "NHWC")
MAX_SIDE = 4096
MAX_CLASSES = 10_000
MAX_NAME = 200
MAX_STRIDES = 8


class DeclarationError(ValueError):
    """A declaration that cannot be used: `problems` maps keys to sentences."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class Declaration:
    """How to use a detector.

    `head` is a key of the head catalog, `size` (width, height) of the input in pixels, `strides` the pixels between
    neighbouring places of each output grid, `classes` the names in the order of the outputs. `fit` is `letterbox`
    (scaled to fit, in the corner, the rest filled with `pad`), `letterbox_centre` or `squash`. A value v of 0 … 255
    goes in as (v / scale - mean) / std, channel by channel in the order of `channels`.
    """

    head: str
    size: tuple[int, int]
    strides: tuple[int, ...]
    classes: tuple[str, ...]
    fit: str = "letterbox"
    channels: str = "RGB"
    layout: str = "NCHW"
    scale: float = 1.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    pad: int = 114

    def to_json(self) -> dict[str, Any]:
        """Lists where this has tuples."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


def read_declaration(data: Any) -> Declaration:
    """The declaration in a JSON object. Raises `DeclarationError` that says what every wrong key must be."""
    if not isinstance(data, Mapping):
        raise DeclarationError({"declaration": "The declaration must be a JSON object."})
    known = {item.name for item in fields(Declaration)}
    problems = {
        str(key): f"{key}: there is no such key; known are {', '.join(sorted(known))}."
        for key in data
        if key not in known
    }
    for key in ("head", "size", "strides", "classes"):
        if key not in data:
            problems[key] = f"{key}: is missing."
    values: dict[str, Any] = {}
    for key, read in _READERS.items():
        if key not in data or key in problems:
            continue
        try:
            values[key] = read(data[key])
        except ValueError as error:
            problems[key] = f"{key}: {error}"
    if problems:
        raise DeclarationError(problems)
    return Declaration(**values)


def is_number(value: Any) -> bool:
    """Whether `value` is a finite number and no boolean."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _choice(known: Sequence[str]) -> Any:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {value!r}.")
        return str(value)

    return read


def _head(value: Any) -> Any:
    # Asked each time: plug-ins may come after this module.
    return _choice(HEADS.keys())(value)


def _whole(value: Any, low: int, high: int) -> int:
    if not is_number(value) or value != int(value) or not low <= value <= high:
        raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def _size(value: Any) -> tuple[int, int]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError("must be [width, height] in pixels.")
    return _whole(value[0], 1, MAX_SIDE), _whole(value[1], 1, MAX_SIDE)


def _strides(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_STRIDES:
        raise ValueError(f"must be a list of 1 to {MAX_STRIDES} strides, such as [8, 16, 32].")
    return tuple(_whole(item, 1, MAX_SIDE) for item in value)


def _classes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_CLASSES:
        raise ValueError(f"must be a list of 1 to {MAX_CLASSES} names in the order of the outputs.")
    if not all(isinstance(name, str) and 0 < len(name.strip()) <= MAX_NAME for name in value):
        raise ValueError(f"each must be a name of 1 to {MAX_NAME} characters.")
    names = tuple(name.strip() for name in value)
    if double := next((name for index, name in enumerate(names) if name in names[:index]), None):
        raise ValueError(f"{double!r} stands there twice; give each output a name of its own.")
    return names


def _above_zero(value: Any) -> float:
    if not is_number(value) or value <= 0:
        raise ValueError(f"must be a number above 0, not {value!r}.")
    return float(value)


def _triple(read: Any) -> Any:
    def read_all(value: Any) -> tuple[float, ...]:
        if not isinstance(value, list | tuple) or len(value) != 3:
            raise ValueError("must be a list of three numbers, one for each channel.")
        return tuple(read(item) for item in value)

    return read_all


def _number(value: Any) -> float:
    if not is_number(value):
        raise ValueError(f"must be a number, not {value!r}.")
    return float(value)


_READERS: dict[str, Any] = {
    "head": _head,
    "size": _size,
    "strides": _strides,
    "classes": _classes,
    "fit": _choice(FITS),
    "channels": _choice(CHANNELS),
    "layout": _choice(LAYOUTS),
    "scale": _above_zero,
    "mean": _triple(_number),
    "std": _triple(_above_zero),
    "pad": lambda value: _whole(value, 0, 255),
}
