"""ONNX with the card in its metadata, under the key `annotator`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnx
import onnxruntime
import orjson
import torch
from typing_extensions import override

from training_app.model_formats._tracing import quiet_tracing
from training_app.model_formats.base import Arrays, ModelFormat, Picture, Runner, Source

OPSET = 17
CARD_KEY = "annotator"


class OnnxFile(ModelFormat):
    """The graph that tracing the network with one picture gives."""

    @override
    def write(self, source: Source, path: Path) -> None:
        network = source.network
        with quiet_tracing():
            torch.onnx.export(
                network.module,
                (network.example,),
                str(path),
                input_names=["image"],
                output_names=list(network.outputs),
                dynamic_axes={name: dict(axes) for name, axes in network.free.items()},
                opset_version=OPSET,
                dynamo=False,
            )
        written = onnx.load(path)
        entry = written.metadata_props.add()
        entry.key, entry.value = CARD_KEY, orjson.dumps(dict(source.card)).decode()
        onnx.checker.check_model(written)
        onnx.save(written, path)

    @override
    def load(self, path: Path) -> Runner:
        session: Any = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

        def run(picture: Picture) -> Arrays:
            answers: Arrays = session.run(None, {"image": picture})
            return answers

        return run
