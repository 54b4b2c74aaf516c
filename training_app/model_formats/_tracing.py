"""Following a network through one call, as both ONNX and TorchScript are written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_tracing() -> Iterator[None]:
    """Tracing is called old by its makers and warns of sizes that become constants; answers are compared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
