"""The one place where a smart method reads a PyTorch checkpoint: tensors only, checked against the model. No Django.

`torch.load` of an untrusted file can run code; `weights_only=True` restricts it to tensors, and the check of keys,
shapes and types turns a wrong file into a sentence instead of a model that answers nonsense.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch

from annotator.smart.base import WeightsError

M = TypeVar("M", bound=torch.nn.Module)


def read_tensors(path: Path, title: str) -> dict[str, torch.Tensor]:
    """The named tensors of a state dict file. Raises `WeightsError`."""
    try:
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise WeightsError(f"The weights of {title} are not at {path}: fetch them or put the file there.") from None
    except MemoryError:
        raise
    except Exception as error:
        # A damaged file can raise anything from inside the unpickler, and all of it says the same.
        raise WeightsError(
            f"{path.name} is not a file of PyTorch tensors that {title} can read ({_brief(error)}); fetch it again."
        ) from error
    if not isinstance(content, Mapping) or not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise WeightsError(f"{path.name} is not a plain dictionary of tensors, as the weights of {title} must be.")
    return {str(key): value for key, value in content.items()}


def find_difference(expected: Mapping[str, torch.Tensor], found: Mapping[str, torch.Tensor]) -> str:
    """How a checkpoint differs from what the model expects, as the end of a sentence; empty when it does not."""
    missing = [key for key in expected if key not in found]
    unknown = [key for key in found if key not in expected]
    shaped = [key for key in expected if key in found and expected[key].shape != found[key].shape]
    typed = [key for key in expected if key in found and expected[key].dtype != found[key].dtype]
    parts = []
    if missing:
        parts.append(f"{len(missing)} of {len(expected)} tensors are missing, such as {missing[0]}")
    if unknown:
        parts.append(f"{len(unknown)} tensors are unknown, such as {unknown[0]}")
    if shaped:
        key = shaped[0]
        parts.append(
            f"{len(shaped)} tensors have another shape, such as {key}: "
            f"{_show(found[key])} instead of {_show(expected[key])}"
        )
    if typed:
        key = typed[0]
        parts.append(
            f"{len(typed)} tensors have another type, such as {key}: "
            f"{_type(found[key])} instead of {_type(expected[key])}"
        )
    return "; ".join(parts)


def build_on_meta(build: Callable[[], M]) -> M:
    """The model with shapes but without memory or random numbers: built in milliseconds whatever its size."""
    with torch.device("meta"):
        return build()


def load_model(build: Callable[[], M], path: Path, title: str, *, rename: Callable[[str], str] = str) -> M:
    """The model with the tensors of the file, in evaluation mode on the CPU. Raises `WeightsError`.

    `rename` answers the model's name for a name in the file. Buffers that a checkpoint does not hold stay on the meta
    device: the caller sets them.
    """
    tensors = {rename(name): tensor for name, tensor in read_tensors(path, title).items()}
    model = build_on_meta(build)
    if difference := find_difference(model.state_dict(), tensors):
        raise WeightsError(f"{path.name} is not a checkpoint of {title}: {difference}.")
    model.load_state_dict(tensors, strict=True, assign=True)
    model.requires_grad_(False)
    return model.eval()


def _brief(error: Exception) -> str:
    """PyTorch explains itself in paragraphs; the first sentence is enough here."""
    words = str(error).strip().splitlines()[0].split(". ")[0] if str(error).strip() else ""
    return words if " " in words else type(error).__name__


def _show(tensor: torch.Tensor) -> str:
    return "x".join(str(side) for side in tensor.shape) or "a single number"


def _type(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
