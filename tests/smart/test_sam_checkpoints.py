"""Loaders take the published checkpoints, key by key, and refuse other files with a sentence."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from annotator.smart.base import WeightsError
from annotator.smart.methods._checkpoint import build_on_meta, find_difference, read_tensors
from annotator.smart.methods._segment_anything import SamMethod
from annotator.smart.methods.sam import SamVitB, SamVitH, SamVitL
from tests.smart.conftest import TinySam, build_tiny_sam

SIZES = {"sam_vit_b": SamVitB, "sam_vit_l": SamVitL, "sam_vit_h": SamVitH}


def read_manifest(shared_data: Path, name: str) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of every tensor of a published checkpoint."""
    content = json.loads((shared_data / "weights" / "sam_key_manifests" / f"{name}.json").read_text())
    return {key: (tuple(shape), kind) for key, (shape, kind) in content["keys"].items()}


@pytest.mark.parametrize("name", SIZES)
def test_the_model_has_exactly_the_tensors_of_the_published_checkpoint(shared_data: Path, name: str) -> None:
    # when
    state = build_on_meta(SIZES[name].build).state_dict()

    # then
    found = {key: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")) for key, tensor in state.items()}
    assert found == read_manifest(shared_data, name)


@pytest.mark.parametrize(("name", "other"), [("sam_vit_b", "sam_vit_l"), ("sam_vit_l", "mobile_sam_vit_t")])
def test_the_checkpoint_of_another_size_is_told_apart(shared_data: Path, name: str, other: str) -> None:
    found = {
        key: torch.empty(shape, dtype=getattr(torch, kind), device="meta")
        for key, (shape, kind) in read_manifest(shared_data, other).items()
    }

    assert find_difference(build_on_meta(SIZES[name].build).state_dict(), found)


def test_a_file_with_the_published_tensors_loads_and_keeps_every_number(shared_data: Path, tmp_path: Path) -> None:
    # given
    torch.manual_seed(1)
    tensors = {
        key: torch.randn(shape, dtype=getattr(torch, kind))
        for key, (shape, kind) in read_manifest(shared_data, "sam_vit_b").items()
    }
    path = tmp_path / "sam_vit_b_01ec64.pth"
    torch.save(tensors, path)

    # when
    method = SamVitB({"sam_vit_b": path})
    path.unlink()

    # then
    state = method._model.cpu().state_dict()
    assert state.keys() == tensors.keys()
    assert all(torch.equal(state[key], tensors[key]) for key in tensors)
    assert not method._model.training
    assert not any(value.is_meta for value in [*method._model.parameters(), *method._model.buffers()])


def test_constants_outside_the_checkpoint_are_upstreams(tiny_sam: TinySam) -> None:
    model = build_tiny_sam()

    assert torch.equal(tiny_sam._model.pixel_mean.cpu(), model.pixel_mean)
    assert torch.equal(tiny_sam._model.pixel_std.cpu(), model.pixel_std)


def refusal(tmp_path: Path, content: Any, method: type[SamMethod] = TinySam) -> str:
    path = tmp_path / "some.pth"
    torch.save(content, path)
    with pytest.raises(WeightsError) as caught:
        method({method.weights_key: path})
    return str(caught.value)


def test_missing_and_unknown_tensors_are_counted_and_named(tmp_path: Path) -> None:
    tensors = build_tiny_sam().state_dict()
    tensors["extra.weight"] = tensors.pop("image_encoder.pos_embed")

    assert refusal(tmp_path, tensors) == (
        f"some.pth is not a checkpoint of Tiny SAM: 1 of {len(tensors)} tensors are missing, such as "
        "image_encoder.pos_embed; 1 tensors are unknown, such as extra.weight."
    )


def test_another_shape_is_named_with_both_shapes(tmp_path: Path) -> None:
    tensors = build_tiny_sam().state_dict()
    tensors["image_encoder.pos_embed"] = torch.zeros(1, 64, 64, 768)

    assert refusal(tmp_path, tensors) == (
        "some.pth is not a checkpoint of Tiny SAM: 1 tensors have another shape, such as image_encoder.pos_embed: "
        "1x64x64x768 instead of 1x16x16x32."
    )


def test_another_type_is_named_with_both_types(tmp_path: Path) -> None:
    tensors = build_tiny_sam().state_dict()
    tensors["image_encoder.pos_embed"] = tensors["image_encoder.pos_embed"].half()

    assert refusal(tmp_path, tensors) == (
        "some.pth is not a checkpoint of Tiny SAM: 1 tensors have another type, such as image_encoder.pos_embed: "
        "float16 instead of float32."
    )


def test_a_wrapped_state_dict_is_not_guessed_at(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"model": build_tiny_sam().state_dict()}) == (
        "some.pth is not a plain dictionary of tensors, as the weights of Tiny SAM must be."
    )


class Trap:
    """Code that a careless loader would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("trap-was-sprung"),))


def test_a_file_with_code_is_refused_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    sentence = refusal(tmp_path, {"weight": Trap()})

    assert sentence.startswith("some.pth is not a file of PyTorch tensors that Tiny SAM can read (")
    assert not (tmp_path / "trap-was-sprung").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a checkpoint",
        b"PK\x03\x04 broken archive",
        pickle.dumps({"weight": [1, 2]}, protocol=2),
        np.zeros(9).tobytes(),
    ],
    ids=["empty", "text", "archive", "pickle", "numbers"],
)
def test_no_other_file_breaks_the_loader(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "some.pth"
    path.write_bytes(content)

    with pytest.raises(WeightsError, match=r"^some.pth is not a "):
        read_tensors(path, "Tiny SAM")


def test_a_truncated_checkpoint_is_refused(tiny_checkpoint: Path, tmp_path: Path) -> None:
    path = tmp_path / "some.pth"
    path.write_bytes(tiny_checkpoint.read_bytes()[:-5000])

    with pytest.raises(WeightsError, match=r"^some.pth is not a file of PyTorch tensors that Tiny SAM can read "):
        read_tensors(path, "Tiny SAM")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.pth"

    with pytest.raises(WeightsError) as caught:
        read_tensors(path, "Tiny SAM")

    assert str(caught.value) == f"The weights of Tiny SAM are not at {path}: fetch them or put the file there."
