"""Which device and number format a run computes in, and how much memory it takes. Knows no task and no network."""

from __future__ import annotations

import resource
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import psutil
import torch

from training_app.engine.errors import EngineError

DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(frozen=True, slots=True)
class Compute:
    """A device with its precision; `float16` needs the loss to be scaled, `bfloat16` does not."""

    device: torch.device
    precision: str

    @property
    def on_gpu(self) -> bool:
        return self.device.type == "cuda"

    @property
    def title(self) -> str:
        return torch.cuda.get_device_name(self.device) if self.on_gpu else f"CPU, {torch.get_num_threads()} threads"

    def autocast(self) -> AbstractContextManager[Any]:
        """The context in which the network computes in mixed precision; nothing for float32."""
        if self.precision == "float32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=DTYPES[self.precision])

    def scaler(self) -> torch.amp.GradScaler:
        return torch.amp.GradScaler(self.device.type, enabled=self.precision == "float16")

    def move(self, value: Any) -> Any:
        """`value` (a tensor, or lists and dicts of them) on this device."""
        if isinstance(value, torch.Tensor):
            return value.to(self.device, non_blocking=True)
        if isinstance(value, dict):
            return {key: self.move(item) for key, item in value.items()}
        return [self.move(item) for item in value]

    def memory_bytes(self) -> int:
        """Now in use: of the GPU where there is one, else of this process."""
        return torch.cuda.memory_allocated(self.device) if self.on_gpu else int(psutil.Process().memory_info().rss)

    def peak_memory_bytes(self) -> int:
        """The most in use so far, likewise."""
        if self.on_gpu:
            return torch.cuda.max_memory_allocated(self.device)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024

    def free_memory(self) -> None:
        if self.on_gpu:
            torch.cuda.empty_cache()


def choose_compute(device: str, precision: str) -> Compute:
    """Resolve `auto`. Raises `EngineError` for a GPU that is not there or a precision that it lacks."""
    has_gpu = torch.cuda.is_available()
    if device == "cuda" and not has_gpu:
        raise EngineError(
            "no_gpu", "Device 'cuda' was asked for, but this machine has no usable GPU; choose 'auto' or 'cpu'."
        )
    chosen = torch.device("cuda" if has_gpu and device != "cpu" else "cpu")
    if precision == "auto":
        if chosen.type == "cpu":
            precision = "float32"
        else:
            precision = "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
    if precision == "float16" and chosen.type == "cpu":
        raise EngineError("no_float16", "Precision 'float16' needs a GPU; choose 'auto', 'float32' or 'bfloat16'.")
    if chosen.type == "cuda":
        torch.backends.cudnn.benchmark = False
        torch.set_float32_matmul_precision("high")
    return Compute(chosen, precision)
