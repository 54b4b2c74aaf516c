"""What a browser decodes with: the exported decoder answers as upstream's modules do, the embedding is the worker's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
import torch
from segment_anything import SamPredictor
from segment_anything.modeling import Sam

from annotator.core import jobs
from annotator.core.models import Job
from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.services import get_store
from annotator.smart.base import Picture
from annotator.smart.methods._decoder import INPUTS, OUTPUTS, export_decoder
from annotator.smart.services import EXPORT_DECODER
from datasets_app.models import Membership
from tests.client import Api
from tests.smart.conftest import SAM, SIDE, bring

DECODER = f"smart/methods/{SAM}/decoder/"
Array = npt.NDArray[np.float32]


def embedding_url(image: int, method: str = SAM) -> str:
    return f"images/{image}/smart/{method}/embedding/"


def run_waiting() -> None:
    for row in Job.objects.filter(state="queued"):
        jobs.run_job(str(row.pk))


def content(answer: Any) -> bytes:
    """The bytes; reading them closes the file behind them."""
    assert answer.status == 200, (answer.status, answer.body)
    return bytes(answer.response.getvalue())


def tag_of(api: Api) -> str:
    answer = api.get(DECODER)
    content(answer)
    return str(answer.response["ETag"])


@pytest.fixture(scope="session")
def decoder(tiny_model: Sam) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(export_decoder(tiny_model), providers=["CPUExecutionProvider"])


def decode(
    session: onnxruntime.InferenceSession, features: Array, points: list[tuple[float, float, int]], mask: Array | None
) -> tuple[Array, Array]:
    """Scores (4,) and logits (4, rows, columns) for points with labels, in pixels of the frame."""
    rows = features.shape[-1] * 4
    found = session.run(
        list(OUTPUTS),
        {
            "image_embeddings": features,
            "point_coords": np.array([[point[:2] for point in points]], dtype=np.float32),
            "point_labels": np.array([[point[2] for point in points]], dtype=np.float32),
            "mask_input": np.zeros((1, 1, rows, rows), np.float32) if mask is None else mask[None, None],
            "has_mask_input": np.array([mask is not None], dtype=np.float32),
        },
    )
    return found[0][0], found[1][0]


def test_the_decoder_has_the_documented_inputs_and_outputs(decoder: onnxruntime.InferenceSession) -> None:
    assert [(item.name, item.shape, item.type) for item in decoder.get_inputs()] == [
        ("image_embeddings", [1, 32, 16, 16], "tensor(float)"),
        ("point_coords", [1, "points", 2], "tensor(float)"),
        ("point_labels", [1, "points"], "tensor(float)"),
        ("mask_input", [1, 1, 64, 64], "tensor(float)"),
        ("has_mask_input", [1], "tensor(float)"),
    ]
    assert tuple(item.name for item in decoder.get_inputs()) == INPUTS
    assert [item.name for item in decoder.get_outputs()] == list(OUTPUTS)


@pytest.mark.parametrize("has_mask", [False, True], ids=["first", "with the mask before"])
@pytest.mark.parametrize("prompt", ["click", "clicks", "box", "box and clicks"])
def test_the_decoder_answers_as_upstreams_modules(
    decoder: onnxruntime.InferenceSession,
    tiny_model: Sam,
    disc: tuple[Picture, Any],
    prompt: str,
    has_mask: bool,
) -> None:
    # given
    clicks = {"click": [(120.0, 88.0, 1)], "box": []}.get(prompt, [(120.0, 88.0, 1), (20.5, 30.25, 0), (9.0, 4.0, 1)])
    corners = [(64.0, 32.0, 2), (176.0, 144.0, 3)] if prompt.startswith("box") else []
    mask = np.random.default_rng(1).normal(0, 4, (64, 64)).astype(np.float32) if has_mask else None
    predictor = SamPredictor(tiny_model)
    predictor.set_image(disc[0])
    features = predictor.get_image_embedding()

    # when
    scores, logits = decode(decoder, features.numpy(), [*clicks, *(corners or [(0.0, 0.0, -1)])], mask)

    # then
    expected = [
        predictor.predict_torch(
            torch.tensor([[point[:2] for point in clicks]]) if clicks else None,
            torch.tensor([[point[2] for point in clicks]]) if clicks else None,
            torch.tensor([[*corners[0][:2], *corners[1][:2]]]) if corners else None,
            None if mask is None else torch.from_numpy(mask)[None, None],
            multimask_output=many,
        )
        for many in (False, True)
    ]
    assert np.allclose(scores, np.concatenate([found[1][0] for found in expected]), atol=1e-4)
    assert np.allclose(logits, np.concatenate([found[2][0] for found in expected]), atol=1e-3)


def test_the_catalog_says_which_methods_a_browser_can_decode(ada: Api) -> None:
    decodable = {method["key"]: method["decoder"] for method in ada.get("smart/methods/").ok()}

    assert decodable[SAM] is True
    assert decodable["grabcut"] is False


def test_a_worker_exports_the_decoder_once(
    ada: Api, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, disc: tuple[Picture, Any]
) -> None:
    bring(sam, tiny_checkpoint)

    assert ada.get(DECODER).ok(202) == {"ready": False}
    assert ada.get(DECODER).ok(202) == {"ready": False}
    assert Job.objects.filter(kind=EXPORT_DECODER).count() == 1
    run_waiting()
    answer = ada.get(DECODER)
    session = onnxruntime.InferenceSession(content(answer), providers=["CPUExecutionProvider"])

    assert [item.name for item in session.get_inputs()] == list(INPUTS)
    assert answer.response["Content-Type"] == "application/octet-stream"
    assert answer.response["Cache-Control"] == "private, no-cache"
    tag = answer.response["ETag"]
    assert sam.sha256 not in tag  # the digest is over all weights of the method
    assert ada.raw(DECODER, if_none_match=tag).status_code == 304


def test_other_weights_make_another_decoder(
    ada: Api, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    bring(sam, tiny_checkpoint)
    ada.get(DECODER).ok(202)
    run_waiting()
    first = tag_of(ada)
    path = get_store().path(sam)
    path.write_bytes(path.read_bytes() + b"\0")
    monkeypatch.setattr(WeightsEntry, "accepts", lambda *_: True)
    monkeypatch.setattr(WeightsEntry, "exact_size", None)
    get_store().verify(sam)

    # then
    assert ada.raw(DECODER, if_none_match=first).json() == {"ready": False}
    run_waiting()
    assert tag_of(ada) != first


def test_what_made_the_export_fail_is_told_and_the_next_request_tries_again(
    ada: Api, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(sam, tiny_checkpoint)
    monkeypatch.setattr(WeightsEntry, "accepts", lambda *_: True)
    monkeypatch.setattr(WeightsEntry, "exact_size", None)
    get_store().path(sam).write_bytes(b"no weights")
    get_store().verify(sam)

    ada.get(DECODER).ok(202)
    run_waiting()

    assert ada.get(DECODER).refused(400, "bad_weights").startswith("tiny.pth is not a file of PyTorch tensors")
    assert ada.get(DECODER).ok(202) == {"ready": False}


def test_the_embedding_is_what_the_worker_reads_in_half_precision(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, tiny_sam: Any, disc: Any
) -> None:
    # given
    bring(sam, tiny_checkpoint)
    assert ada.get(embedding_url(image)).ok(202) == {"ready": False}
    assert not Job.objects.exists()
    ada.post(f"images/{image}/smart/{SAM}/prepare/").ok(202)
    assert ada.get(embedding_url(image)).ok(202) == {"ready": False}
    run_waiting()

    # when
    answer = ada.get(embedding_url(image))

    # then
    shape = tuple(int(side) for side in answer.response["X-Embedding-Shape"].split(","))
    features = np.frombuffer(content(answer), dtype="<f2").reshape(shape)
    assert np.array_equal(features, tiny_sam.embed(disc[0])["features"][0].astype(np.float16))
    assert answer.response["X-Original-Size"] == "240,320"
    assert answer.response["X-Input-Size"] == f"192,{SIDE}"
    tag = answer.response["ETag"]
    assert ada.raw(embedding_url(image), if_none_match=tag).status_code == 304


def test_a_preparation_that_failed_is_told(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(sam, tiny_checkpoint)
    monkeypatch.setattr(WeightsEntry, "accepts", lambda *_: True)
    monkeypatch.setattr(WeightsEntry, "exact_size", None)
    get_store().path(sam).write_bytes(b"no weights")
    get_store().verify(sam)
    ada.post(f"images/{image}/smart/{SAM}/prepare/").ok(202)
    run_waiting()

    assert ada.get(embedding_url(image)).refused(400, "bad_weights").startswith("tiny.pth is not a file of PyTorch")
    assert ada.post(f"images/{image}/smart/{SAM}/prepare/").ok(202) == {"ready": False}


def test_methods_without_decoder_or_weights_say_so(ada: Api, image: int, worker: None, sam: WeightsEntry) -> None:
    no_decoder = "GrabCut has no decoder for the browser: ask the server."

    assert ada.get("smart/methods/grabcut/decoder/").refused(404, "no_decoder") == no_decoder
    assert ada.get(embedding_url(image, "grabcut")).refused(404, "no_decoder") == no_decoder
    assert ada.get("smart/methods/magic/decoder/").refused(404, "unknown_method")
    assert ada.get(embedding_url(image, "magic")).refused(404, "unknown_method")
    assert ada.get(DECODER).refused(409, "method_unavailable").startswith("Tiny weights is not here yet:")
    assert ada.get(embedding_url(image)).refused(409, "method_unavailable").startswith("Tiny weights is not here yet:")
    assert not Job.objects.exists()


def test_strangers_and_viewers_get_no_embedding(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path
) -> None:
    bring(sam, tiny_checkpoint)
    stranger, viewer = Api("mallory"), Api("vic")
    Membership.objects.create(project_id=ada.get("projects/").ok()["results"][0]["id"], user=viewer.user, role=10)

    assert stranger.get(embedding_url(image)).refused(404, "not_found")
    assert viewer.get(embedding_url(image)).refused(403, "role_too_low")
