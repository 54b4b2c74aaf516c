"""MobileSAM takes the published checkpoint and reads a picture as its authors' encoder does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from segment_anything.utils.transforms import ResizeLongestSide

from annotator.smart.base import Embedding, Picture, Prompt, WeightsError
from annotator.smart.methods._checkpoint import build_on_meta
from annotator.smart.methods.mobile_sam import MobileSam, build_mobile_sam, rename
from tests.smart.mobile_sam_reference import encode
from tests.smart.test_sam_checkpoints import read_manifest

Tensors = dict[str, torch.Tensor]


@pytest.fixture(scope="module")
def published(shared_data: Path) -> Tensors:
    """Random tensors of exactly the names, shapes and types of the published checkpoint, in sizes as after training."""
    generator = torch.Generator().manual_seed(2)
    tensors = {}
    for name, (shape, kind) in read_manifest(shared_data, "mobile_sam_vit_t").items():
        value = torch.randn(shape, generator=generator)
        if name.endswith("running_var"):
            value = 0.5 + value.abs()
        elif name.endswith(".weight") and len(shape) > 1:
            value /= value[0].numel() ** 0.5
        elif name.endswith(".weight"):
            value = 1 + 0.1 * value
        tensors[name] = value.to(getattr(torch, kind))
    return tensors


@pytest.fixture(scope="module")
def checkpoint(published: Tensors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "mobile_sam.pt"
    torch.save(published, path)
    return path


@pytest.fixture(scope="module")
def method(checkpoint: Path) -> MobileSam:
    return MobileSam({"mobile_sam": checkpoint})


@pytest.fixture(scope="module")
def photo() -> Picture:
    return np.random.default_rng(3).integers(0, 256, (48, 64, 3), dtype=np.uint8)


def test_the_model_has_exactly_the_tensors_of_the_published_checkpoint(shared_data: Path) -> None:
    state = build_on_meta(build_mobile_sam).state_dict()

    found = {key: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")) for key, tensor in state.items()}
    assert found == {rename(name): facts for name, facts in read_manifest(shared_data, "mobile_sam_vit_t").items()}


@pytest.fixture(scope="module")
def embedding(method: MobileSam, photo: Picture) -> Embedding:
    return method.embed(photo)


def test_the_encoder_is_the_published_one(published: Tensors, photo: Picture, embedding: Embedding) -> None:
    resized = ResizeLongestSide(1024).apply_image(photo)
    frame = torch.zeros(1, 3, 1024, 1024)
    mean, std = (torch.tensor(three).view(3, 1, 1) for three in ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)))
    frame[0, :, : resized.shape[0]] = (torch.from_numpy(resized).permute(2, 0, 1) - mean) / std

    ours = embedding["features"]
    theirs = encode(published, frame).numpy()

    assert theirs.std() > 0.5
    assert np.abs(ours - theirs).max() < 1e-3


def test_a_click_is_answered(method: MobileSam, photo: Picture, embedding: Embedding) -> None:
    found = method.predict(photo, embedding, Prompt(((20.0, 20.0, 1),)), {"sizes": True})

    assert found[0].mask.shape == photo.shape[:2]


def test_no_tensor_stays_without_numbers(method: MobileSam) -> None:
    assert not any(value.is_meta for value in [*method._model.parameters(), *method._model.buffers()])
    assert not any(value.requires_grad for value in method._model.parameters())


def test_another_checkpoint_is_told_apart(published: Tensors, tmp_path: Path) -> None:
    path = tmp_path / "mobile_sam.pt"
    torch.save({name: tensor for name, tensor in published.items() if "neck" not in name}, path)

    with pytest.raises(WeightsError, match=r"^mobile_sam.pt is not a checkpoint of MobileSAM: 6 of 439 tensors are"):
        MobileSam({"mobile_sam": path})
