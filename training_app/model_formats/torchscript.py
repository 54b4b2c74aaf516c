"""TorchScript: the traced network, with the card as the extra file `card.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import torch
from typing_extensions import override

from training_app.model_formats._tracing import quiet_tracing
from training_app.model_formats.base import Arrays, ModelFormat, Picture, Runner, Source


class TorchScript(ModelFormat):
    """Written by `torch.jit.trace`, run by `torch.jit.load` without any Python of ours."""

    @override
    def write(self, source: Source, path: Path) -> None:
        network = source.network
        with quiet_tracing():
            traced: Any = torch.jit.trace(network.module, network.example, check_trace=False)  # type: ignore[no-untyped-call]
            torch.jit.save(traced, str(path), _extra_files={"card.json": orjson.dumps(dict(source.card))})

    @override
    def load(self, path: Path) -> Runner:
        with quiet_tracing():
            loaded: Any = torch.jit.load(str(path), map_location="cpu")  # type: ignore[no-untyped-call]

        def run(picture: Picture) -> Arrays:
            with torch.inference_mode():
                answers = loaded(torch.from_numpy(picture))
            return [answer.numpy() for answer in (answers if isinstance(answers, tuple) else (answers,))]

        return run
