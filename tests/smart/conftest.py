"""A Segment Anything model small enough for tests, made of upstream's own modules, and scenes to cut objects out of."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

from annotator.smart.base import Picture
from annotator.smart.methods.sam import SamMethod

WIDTH = 32
SIDE = 256
PATCH = 16


def build_tiny_sam() -> Sam:
    """Two layers of width 32 on 256 pixels: embeds in milliseconds."""
    model = Sam(
        image_encoder=ImageEncoderViT(
            depth=2,
            embed_dim=WIDTH,
            img_size=SIDE,
            mlp_ratio=2,
            norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
            num_heads=2,
            patch_size=PATCH,
            qkv_bias=True,
            use_rel_pos=True,
            global_attn_indexes=[1],
            window_size=7,
            out_chans=WIDTH,
        ),
        prompt_encoder=PromptEncoder(
            embed_dim=WIDTH,
            image_embedding_size=(SIDE // PATCH, SIDE // PATCH),
            input_image_size=(SIDE, SIDE),
            mask_in_chans=16,
        ),
        mask_decoder=MaskDecoder(
            num_multimask_outputs=3,
            transformer=TwoWayTransformer(depth=2, embedding_dim=WIDTH, mlp_dim=64, num_heads=8),
            transformer_dim=WIDTH,
            iou_head_depth=3,
            iou_head_hidden_dim=WIDTH,
        ),
        pixel_mean=[123.675, 116.28, 103.53],
        pixel_std=[58.395, 57.12, 57.375],
    )
    return model.eval()


class TinySam(SamMethod):
    title = "Tiny SAM"
    weights_key = "tiny"
    build = staticmethod(build_tiny_sam)


@pytest.fixture(scope="session")
def tiny_model() -> Sam:
    torch.manual_seed(3)
    return build_tiny_sam()


@pytest.fixture(scope="session")
def tiny_checkpoint(tiny_model: Sam, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tiny.pth"
    torch.save(tiny_model.state_dict(), path)
    return path


@pytest.fixture(scope="session")
def tiny_sam(tiny_checkpoint: Path) -> TinySam:
    return TinySam({"tiny": tiny_checkpoint})


@pytest.fixture(scope="session")
def disc() -> tuple[Picture, npt.NDArray[np.bool_]]:
    """A red disc on blue noise, and its true mask."""
    rng = np.random.default_rng(7)
    height, width = 240, 320
    rows, columns = np.mgrid[:height, :width]
    mask = (columns - 150) ** 2 + (rows - 110) ** 2 < 60**2
    picture = np.empty((height, width, 3), dtype=np.uint8)
    picture[:] = rng.integers(0, 40, (height, width, 3))
    picture[..., 2] += 150
    picture[mask] = rng.integers([200, 30, 30], [240, 70, 70], (int(mask.sum()), 3))
    return picture, mask


def overlap(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float((first & second).sum() / max(1, (first | second).sum()))
