"""The folder of decoders that were exported for the browser. No Django, no torch.

One file per method, `<folder>/<method>-<digest of the weights>-<EXPORT>.onnx`: other weights, or another way of
exporting, make another file, and the older one goes.
"""

from __future__ import annotations

import os
from pathlib import Path

EXPORT = 1
"""Raised when an export of the same weights becomes another file."""


class DecoderStore:
    """Safe to use from many processes: a file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def tag(self, method: str, weights: str) -> str:
        """What tells this decoder from every other one."""
        return f"{method}-{weights}-{EXPORT}"

    def path(self, method: str, weights: str) -> Path:
        return self._folder / f"{self.tag(method, weights)}.onnx"

    def has(self, method: str, weights: str) -> bool:
        return self.path(method, weights).is_file()

    def put(self, method: str, weights: str, model: bytes) -> None:
        """Keeps it and deletes those of the method's other weights."""
        path = self.path(method, weights)
        self._folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.stem}.{os.getpid()}.part")
        part.write_bytes(model)
        part.replace(path)
        for other in self._folder.glob(f"{method}-*.onnx"):
            if other != path:
                other.unlink(missing_ok=True)
