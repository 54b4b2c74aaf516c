"""Looks at an ONNX file that somebody brought, before anything runs it. Meant for a process that may die of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import AttributeProto, GraphProto, ModelProto, TensorProto, ValueInfoProto

from training_app.engine.errors import EngineError

MAX_BYTES = 512 << 20
MAX_NODES = 20_000
MAX_OUTPUTS = 8
MAX_DIMENSION = 1 << 24
OWN_DOMAINS = frozenset({"", "ai.onnx"})
ENDLESS = frozenset({"Loop", "Scan", "If"})
"""Operators with graphs of their own: a detector needs none, and a loop may never end."""
MAX_METADATA = 1 << 18
HINT = "export the detector anew, as one file with a fixed input size"


@dataclass(frozen=True, slots=True)
class OnnxFacts:
    """What the file says: `input` and `outputs` as shapes with 0 for a size that is open, names of classes or ()."""

    input_name: str
    input: tuple[int, ...]
    outputs: tuple[tuple[int, ...], ...]
    nodes: int
    opset: int
    class_names: tuple[str, ...]


def check_onnx(path: Path) -> OnnxFacts:
    """What the file holds. Raises `EngineError` for what is no plain network with one picture as its input."""
    if path.stat().st_size > MAX_BYTES:
        raise refused(f"it is larger than {MAX_BYTES >> 20} MB")
    try:
        model = onnx.load_model(path, load_external_data=False)
    except (DecodeError, ValueError, TypeError) as error:
        raise refused("it is no ONNX file, or it is cut off") from error
    _check_size(model)
    if any(tensor.data_location == TensorProto.EXTERNAL for tensor in _tensors(model.graph)):
        raise refused("its weights lie in another file; save it with the weights inside")
    try:
        onnx.checker.check_model(model)
    except (onnx.checker.ValidationError, ValueError) as error:
        raise refused(f"onnx.checker says: {str(error).splitlines()[0][:300]}") from error
    return _facts(model)


def refused(reason: str) -> EngineError:
    return EngineError("bad_model", f"The model cannot be used: {reason}. What would be right: {HINT}.")


def _check_size(model: ModelProto) -> None:
    graph = model.graph
    if not graph.node:
        raise refused("it is no ONNX file, or it is empty")
    if len(graph.node) > MAX_NODES:
        raise refused(f"it has {len(graph.node):,} nodes, more than {MAX_NODES:,}")
    if len(model.functions):
        raise refused("it defines functions of its own; have the exporter inline them")
    if foreign := next((node for node in graph.node if node.domain not in OWN_DOMAINS), None):
        raise refused(f"the operator {foreign.op_type} is of {foreign.domain}, not of ONNX itself")
    if endless := next((node for node in graph.node if node.op_type in ENDLESS), None):
        raise refused(f"it has the operator {endless.op_type}, which could run without end")
    if any(_has_graph(attribute) for node in graph.node for attribute in node.attribute):
        raise refused("it has graphs within its graph")


def _has_graph(attribute: AttributeProto) -> bool:
    return attribute.HasField("g") or bool(attribute.graphs)


def _tensors(graph: GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from ([attribute.t] if attribute.HasField("t") else [])
            yield from attribute.tensors
            for sparse in [attribute.sparse_tensor] if attribute.HasField("sparse_tensor") else []:
                yield from (sparse.values, sparse.indices)


def _facts(model: ModelProto) -> OnnxFacts:
    graph = model.graph
    stored = {tensor.name for tensor in graph.initializer}
    inputs = [row for row in graph.input if row.name not in stored]
    if len(inputs) != 1:
        raise refused(f"it has {len(inputs)} inputs; one picture must be the only one")
    if not 1 <= len(graph.output) <= MAX_OUTPUTS:
        raise refused(f"it has {len(graph.output)} outputs, not 1 to {MAX_OUTPUTS}")
    for row in (*inputs, *graph.output):
        if row.type.tensor_type.elem_type != TensorProto.FLOAT:
            raise refused(f"{row.name} is not of float32 numbers")
    shape = _shape(inputs[0])
    if len(shape) != 4 or shape[0] > 1:
        raise refused(f"its input has the shape {list(shape)}, not that of one picture")
    opset = next((row.version for row in model.opset_import if row.domain in OWN_DOMAINS), 0)
    return OnnxFacts(
        input_name=inputs[0].name,
        input=shape,
        outputs=tuple(_shape(row) for row in graph.output),
        nodes=len(graph.node),
        opset=opset,
        class_names=_class_names(model),
    )


def _shape(row: ValueInfoProto) -> tuple[int, ...]:
    shape = tuple(int(size.dim_value) for size in row.type.tensor_type.shape.dim)
    if any(not 0 <= size <= MAX_DIMENSION for size in shape):
        raise refused(f"{row.name} has the shape {list(shape)}")
    return shape


def _class_names(model: ModelProto) -> tuple[str, ...]:
    """From the metadata entry `names`, a list or a mapping from indices, as several exporters write it."""
    text = next((row.value for row in model.metadata_props if row.key == "names"), "")
    if not text or len(text) > MAX_METADATA:
        return ()
    try:
        found: Any = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ()
    names = list(found.values()) if isinstance(found, dict) else found
    is_list = isinstance(names, list | tuple) and all(isinstance(name, str) and name.strip() for name in names)
    return tuple(name.strip()[:200] for name in names) if is_list and len(set(names)) == len(names) else ()
