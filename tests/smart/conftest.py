"""A Segment Anything model small enough for tests, of upstream's own modules, scenes, and a product that uses it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from django.conf import settings
from PIL import Image as PillowImage
from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

from annotator.core import jobs
from annotator.core.models import Job
from annotator.core.weights import registry
from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.services import get_store
from annotator.smart.base import Picture
from annotator.smart.browser import get_decoders
from annotator.smart.catalog import METHODS
from annotator.smart.jobs import get_worker
from annotator.smart.methods._segment_anything import SamMethod
from annotator.smart.services import get_embeddings
from tests.client import Api

WIDTH = 32
SIDE = 256
PATCH = 16
SAM = "sam_vit_b"


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


class TinyUnderARealKey(TinySam):
    """Takes the place of a catalog entry whose real weights are too large for a test."""

    weights_key = SAM


@pytest.fixture(autouse=True)
def _fresh_process() -> Iterator[None]:
    """No test finds what another one left in memory or on disk."""
    yield
    get_worker.cache_clear()
    get_embeddings.cache_clear()
    get_decoders.cache_clear()
    for name in ("embeddings", "weights", "decoders"):
        shutil.rmtree(Path(settings.DATA_DIR) / name, ignore_errors=True)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does each job the moment somebody waits for it."""
    monkeypatch.setattr(jobs, "send", lambda _: None)

    def work(row: Job, **_: Any) -> Job:
        jobs.run_job(str(row.pk))
        row.refresh_from_db()
        return row

    monkeypatch.setattr(jobs, "wait_for", work)


@pytest.fixture
def ada(db: None) -> Api:
    return Api("ada")


@pytest.fixture
def image(ada: Api, disc: tuple[Picture, Any]) -> int:
    """The disc of these tests, uploaded."""
    stream = BytesIO()
    PillowImage.fromarray(disc[0]).save(stream, "PNG")
    project = ada.project()["id"]
    created: int = ada.upload(project, {"disc.png": stream.getvalue()})["created"][0]["id"]
    return created


@pytest.fixture
def sam(monkeypatch: pytest.MonkeyPatch, tiny_checkpoint: Path) -> WeightsEntry:
    """A small model and its weights in the place of a large one; the file is not here yet."""
    monkeypatch.setitem(METHODS._loaded, SAM, TinyUnderARealKey)
    entry = WeightsEntry(
        key=SAM,
        title="Tiny weights",
        filename="tiny.pth",
        licence="MIT",
        terms="None.",
        url="http://127.0.0.1:9/tiny.pth",
        size=tiny_checkpoint.stat().st_size,
        size_is_exact=True,
        sha256=hashlib.sha256(tiny_checkpoint.read_bytes()).hexdigest(),
    )
    others = {key: value for key, value in registry.all_weights().items() if key != SAM}
    monkeypatch.setattr(registry, "all_weights", lambda: MappingProxyType({SAM: entry, **others}))
    return entry


def bring(entry: WeightsEntry, checkpoint: Path) -> None:
    """Puts the weights where they belong and verifies them."""
    store = get_store()
    store.folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(checkpoint, store.path(entry))
    store.verify(entry)
