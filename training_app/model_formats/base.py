"""The contract of a model format: a file that other programs run a trained network from. Knows no task by name.

A format is one module in this folder and one line in `catalog.py`. Whatever the task, a written network takes `image`,
float32 (pictures, 3, height, width), RGB in 0 … 1, and answers the arrays that `PlainNetwork.outputs` names; scaling to
the network's size is the caller's, and the card of the file says how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import torch
    from torch import nn

Arrays = list[npt.NDArray[Any]]
Picture = npt.NDArray[np.float32]
"""(1, 3, height, width) float32 RGB in 0 … 1, at the size that the network sees."""
Runner = Callable[[Picture], Arrays]


@dataclass(frozen=True, slots=True)
class PlainNetwork:
    """A network that takes and answers tensors alone; `example` is an input for tracing.

    `free` names what may differ from call to call, per input and output: {name: {axis: word}}.
    """

    module: nn.Module
    outputs: tuple[str, ...]
    example: torch.Tensor
    free: Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """What a format is written from: `card` is JSON that travels in the file, `pictures` are some real ones."""

    network: PlainNetwork
    card: Mapping[str, Any]
    pictures: Sequence[Picture]


class ModelFormat(Protocol):
    """One kind of file."""

    def write(self, source: Source, path: Path) -> None: ...

    def load(self, path: Path) -> Runner:
        """Runs the written file, as the programs that it is for would."""
