"""ONNX with weights and activations of eight bits, calibrated on real pictures (static quantisation, QDQ form)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from typing_extensions import override

from training_app.engine.errors import EngineError
from training_app.model_formats._onnx import OnnxFile
from training_app.model_formats.base import Picture, Source


class OnnxInt8(OnnxFile):
    """Each channel of a convolution has its own scale, which costs nothing and keeps small networks accurate."""

    @override
    def write(self, source: Source, path: Path) -> None:
        if not source.pictures:
            raise EngineError("no_pictures", "Eight bits are calibrated on pictures of the version; none can be read.")
        whole, tidy = path.with_suffix(".whole.onnx"), path.with_suffix(".tidy.onnx")
        try:
            super().write(source, whole)
            quant_pre_process(str(whole), str(tidy))
            quantize_static(
                str(tidy),
                str(path),
                _Pictures(source.pictures),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
            )
        finally:
            whole.unlink(missing_ok=True)
            tidy.unlink(missing_ok=True)


class _Pictures(CalibrationDataReader):  # type: ignore[misc]  # the package has no types
    def __init__(self, pictures: Sequence[Picture]) -> None:
        self._rest: Iterator[dict[str, Any]] = iter([{"image": picture} for picture in pictures])

    def get_next(self) -> dict[str, Any] | None:
        return next(self._rest, None)
