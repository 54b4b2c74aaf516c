"""How the clicks of a Segment Anything prompt hang together: each refines the mask that the ones before it gave.

The answer to a prompt is found with the logits of the best answer to the prompt without its last point, which was found
in the same way. So a prompt alone says what is answered, whoever computes it and whatever was asked before; a memory of
answers only saves work. No Django here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.smart.base import Prompt

Logits = npt.NDArray[np.float32]
"""(1, rows, columns) float32: an answer of the decoder before it is scaled to the picture."""

KEPT = 64
"""Answers of 256 KB."""


LONGEST = 24
"""Points that are chained; all further ones refine the mask of these together."""


def beginnings(prompt: Prompt) -> list[Prompt]:
    """The prompts that lead to this one, itself the last: ever more of its first points, where they mean something."""
    points, box = prompt.points, prompt.box
    first = Prompt((), box)
    begun = [first, *(Prompt(points[:count], box) for count in range(1, min(len(points) - 1, LONGEST) + 1))]
    return [*(one for one in begun if one != prompt and (box is not None or one.positive)), prompt]


@dataclass(frozen=True, slots=True)
class _Entry:
    features: npt.NDArray[np.float16]
    logits: Logits


class LogitsMemory:
    """The best logits of the latest prompts, least recently used first out. Safe for threads."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[int, Prompt, bool], _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, features: npt.NDArray[np.float16], prompt: Prompt, *, sizes: bool) -> Logits | None:
        """Of the same array of features: another one, of the same numbers even, is another picture."""
        with self._lock:
            key = (id(features), prompt, sizes)
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry.logits

    def put(self, features: npt.NDArray[np.float16], prompt: Prompt, logits: Logits, *, sizes: bool) -> None:
        with self._lock:
            # The entry holds the array, so that no other one can get its id.
            self._entries[id(features), prompt, sizes] = _Entry(features, logits)
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)
