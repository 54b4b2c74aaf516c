"""Checkpoints on disk: a folder with `model.safetensors`, `checkpoint.json` and, to continue from, `training.pt`.

    <output>/best/   model.safetensors  checkpoint.json
    <output>/last/   model.safetensors  checkpoint.json  training.pt (optimiser, scaler, random numbers; tensors only)

A folder is written beside its place and swapped in; a process killed between the two renames leaves the former one
under `.<kind>.old`, which reading falls back to.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from training_app.engine.errors import EngineError
from training_app.engine.events import finite

MODEL_FILE = "model.safetensors"
FACTS_FILE = "checkpoint.json"
TRAINING_FILE = "training.pt"
FORMAT = 1


def save_checkpoint(
    output: Path, kind: str, *, model: nn.Module, facts: Mapping[str, Any], training: Mapping[str, Any] | None = None
) -> Path:
    """Replace `<output>/<kind>` as a whole; `facts` is JSON, `training` a tree of tensors and plain values."""
    target, fresh, old = output / kind, output / f".{kind}.new", output / f".{kind}.old"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    # A contiguous copy per tensor: channels-last strides and shared storage are no matter of the file.
    tensors = {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in model.state_dict().items()
    }
    save_file(tensors, fresh / MODEL_FILE)
    if training is not None:
        torch.save(dict(training), fresh / TRAINING_FILE)
    document = finite({"format": FORMAT, **facts})
    (fresh / FACTS_FILE).write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    for file in fresh.iterdir():
        flush_to_disk(file)
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    fresh.rename(target)
    flush_to_disk(output)
    shutil.rmtree(old, ignore_errors=True)
    return target


def flush_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def find_checkpoint(output: Path, kind: str) -> Path | None:
    """The folder of the newest whole checkpoint of this kind, or None."""
    for folder in (output / kind, output / f".{kind}.old"):
        if (folder / FACTS_FILE).is_file():
            return folder
    return None


def checkpoint_folder(path: Path) -> Path:
    """The folder of a checkpoint that was named by itself or by one of its files. Raises `EngineError`."""
    folder = path if path.is_dir() else path.parent
    if not (folder / FACTS_FILE).is_file():
        raise EngineError("no_checkpoint", f"There is no checkpoint in {folder}: {FACTS_FILE} is missing.")
    return folder


def read_facts(folder: Path) -> dict[str, Any]:
    """What `checkpoint.json` says. Raises `EngineError`."""
    try:
        facts: dict[str, Any] = orjson.loads((folder / FACTS_FILE).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise EngineError("bad_checkpoint", f"{folder / FACTS_FILE} cannot be read: {error}.") from error
    if facts.get("format") != FORMAT:
        raise EngineError(
            "bad_checkpoint", f"The checkpoint in {folder} has format {facts.get('format')!r}, not {FORMAT}."
        )
    return facts


def load_model(folder: Path, model: nn.Module) -> None:
    """Load the stored weights into `model`, strictly. Raises `EngineError`."""
    try:
        model.load_state_dict(load_file(folder / MODEL_FILE), strict=True)
    except (OSError, RuntimeError) as error:
        raise EngineError("bad_checkpoint", f"The weights in {folder} do not fit: {error}") from error


def load_training(folder: Path) -> dict[str, Any]:
    """Optimiser, scaler and random numbers; only tensors and plain values are read. Raises `EngineError`."""
    try:
        state: dict[str, Any] = torch.load(folder / TRAINING_FILE, map_location="cpu", weights_only=True)
    except Exception as error:
        raise EngineError("bad_checkpoint", f"The training state in {folder} cannot be read: {error}.") from error
    return state
