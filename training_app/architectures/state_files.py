"""Reading files of public weights: plain state dicts only, never pickled code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from training_app.engine.errors import EngineError


def read_state(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of the state dict in `path`, on the CPU. Raises `EngineError` where it holds anything else."""
    try:
        state: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise EngineError(
            "bad_weights", f"The weights file {path.name} cannot be read as a state dict: {error}."
        ) from error
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise EngineError("bad_weights", f"The weights file {path.name} must hold a state dict of tensors.")
    return state


def load_strictly(model: nn.Module, path: Path, *, without: str = "") -> None:
    """Load every tensor of `path` into `model`; a missing, surplus or misshapen one raises `EngineError`.

    `without` is the prefix of those that the model has no use for: the head of a classifier that becomes an encoder.
    """
    state = read_state(path)
    if without:
        state = {name: value for name, value in state.items() if not name.startswith(without)}
    try:
        model.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise EngineError(
            "bad_weights", f"The weights file {path.name} does not fit {type(model).__name__}: {error}"
        ) from error
