"""Segment Anything answers exactly what upstream's predictor answers, from a cached embedding as from a fresh one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from segment_anything import SamPredictor
from segment_anything.modeling import Sam

from annotator.smart.base import Embedding, Picture, Prompt, PromptError
from annotator.smart.methods._chain import beginnings
from annotator.smart.methods._segment_anything import SamMethod
from annotator.smart.methods.sam import SamVitB
from tests.smart.conftest import TinySam, overlap

CLICK = Prompt(((150.0, 110.0, 1),))
PROMPTS = {
    "one click": CLICK,
    "click and counter-click": Prompt(((150.0, 110.0, 1), (20.5, 30.25, -1))),
    "four clicks": Prompt(((150.0, 110.0, 1), (20.5, 30.25, -1), (120.0, 90.0, 1), (250.0, 200.0, -1))),
    "box": Prompt((), (80.0, 40.0, 140.0, 140.0)),
    "box and clicks": Prompt(((150.0, 110.0, 1), (90.0, 50.0, -1)), (80.0, 40.0, 140.0, 140.0)),
}
SIZES = {"sizes": True}


@pytest.fixture(scope="session")
def upstream(tiny_model: Sam, disc: tuple[Picture, Any]) -> SamPredictor:
    predictor = SamPredictor(tiny_model)
    predictor.set_image(disc[0])
    return predictor


def ask_upstream(predictor: SamPredictor, prompt: Prompt) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Upstream's masks and scores, best first: click after click, each with the best logits of the one before."""
    box = None
    if prompt.box is not None:
        x, y, width, height = prompt.box
        box = np.array([x, y, x + width, y + height])
    logits = None
    for count in range(0 if prompt.box is not None else 1, len(prompt.points) + 1):
        points = prompt.points[:count]
        masks, scores, every = predictor.predict(
            point_coords=np.array([[x, y] for x, y, _ in points]) if points else None,
            point_labels=np.array([int(sign > 0) for _, _, sign in points]) if points else None,
            box=box,
            mask_input=logits,
            multimask_output=box is None and count == 1,
        )
        logits = every[scores.argmax()][None]
    order = np.argsort(-scores, kind="stable")
    return masks[order], scores[order]


def assert_same(method: SamMethod, predictor: SamPredictor, picture: Picture, embedding: Embedding) -> None:
    for name, prompt in PROMPTS.items():
        masks, scores = ask_upstream(predictor, prompt)
        kept = [index for index in range(len(masks)) if masks[index].any()]
        try:
            found = method.predict(picture, embedding, prompt, SIZES)
        except PromptError:
            found = []
        assert len(found) == len(kept), name
        for candidate, index in zip(found, kept, strict=True):
            assert np.array_equal(candidate.mask, masks[index]), name
            assert candidate.score == float(np.clip(scores[index], 0, 1)), name


def test_embedding_is_upstreams_bit_for_bit(
    tiny_sam: TinySam, upstream: SamPredictor, disc: tuple[Picture, Any]
) -> None:
    embedding = tiny_sam.embed(disc[0])

    assert np.array_equal(embedding["features"], upstream.get_image_embedding().numpy())
    assert embedding["original_size"].tolist() == [240, 320]
    assert embedding["input_size"].tolist() == [192, 256]


def test_masks_and_scores_are_upstreams_bit_for_bit(
    tiny_sam: TinySam, upstream: SamPredictor, disc: tuple[Picture, Any]
) -> None:
    assert_same(tiny_sam, upstream, disc[0], tiny_sam.embed(disc[0]))


def test_the_prompts_of_these_tests_are_answered(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    embedding = tiny_sam.embed(disc[0])

    counts = {name: len(tiny_sam.predict(disc[0], embedding, prompt, SIZES)) for name, prompt in PROMPTS.items()}

    assert counts["one click"] >= 2
    assert counts == {**counts, "click and counter-click": 1, "box": 1, "box and clicks": 1}


def test_a_stored_half_precision_embedding_gives_upstreams_answer_to_it(
    tiny_sam: TinySam, tiny_model: Sam, disc: tuple[Picture, Any]
) -> None:
    # given
    stored = dict(tiny_sam.embed(disc[0]))
    stored["features"] = stored["features"].astype(np.float16)
    predictor = SamPredictor(tiny_model)
    predictor.set_image(disc[0])
    predictor.features = torch.from_numpy(stored["features"].astype(np.float32))

    # then
    assert_same(tiny_sam, predictor, disc[0], stored)


def test_half_precision_moves_no_outline_that_a_person_would_see(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    exact = tiny_sam.embed(disc[0])
    stored = {**exact, "features": exact["features"].astype(np.float16)}

    for prompt in PROMPTS.values():
        first = tiny_sam.predict(disc[0], exact, prompt, SIZES)[0].mask
        second = tiny_sam.predict(disc[0], stored, prompt, SIZES)[0].mask
        assert overlap(first, second) > 0.995


def test_a_single_click_may_be_answered_with_one_size_only(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    found = tiny_sam.predict(disc[0], tiny_sam.embed(disc[0]), CLICK, {"sizes": False})

    assert len(found) == 1


def test_counter_clicks_alone_are_not_enough(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    with pytest.raises(PromptError, match=r"^Tiny SAM needs a box around the object or a click on it\.$"):
        tiny_sam.predict(disc[0], {}, Prompt(((5, 5, -1),)), SIZES)


def test_what_was_asked_before_changes_no_answer(
    tiny_checkpoint: Path, tiny_sam: TinySam, disc: tuple[Picture, Any]
) -> None:
    # given one who clicks four times, and one to whom the four clicks come at once
    embedding = tiny_sam.embed(disc[0])
    prompt = PROMPTS["four clicks"]
    clicker, other = TinySam({"tiny": tiny_checkpoint}), TinySam({"tiny": tiny_checkpoint})
    for count in range(1, 4):
        with suppress(PromptError):
            clicker.predict(disc[0], embedding, Prompt(prompt.points[:count]), SIZES)
    other.predict(disc[0], other.embed(disc[0][:, ::-1].copy()), CLICK, SIZES)

    # then
    (first,), (second,) = (one.predict(disc[0], embedding, prompt, SIZES) for one in (clicker, other))
    assert np.array_equal(first.mask, second.mask)
    assert first.score == second.score


def test_a_further_click_is_decoded_once(tiny_sam: TinySam, disc: tuple[Picture, Any], monkeypatch: Any) -> None:
    # given
    embedding = tiny_sam.embed(disc[0])
    prompt = PROMPTS["four clicks"]
    for count in range(1, 4):
        with suppress(PromptError):
            tiny_sam.predict(disc[0], embedding, Prompt(prompt.points[:count]), SIZES)
    decoded: list[int] = []
    decode = SamPredictor.predict

    def count_points(self: SamPredictor, **arguments: Any) -> Any:
        decoded.append(len(arguments["point_coords"]))
        return decode(self, **arguments)

    monkeypatch.setattr(SamPredictor, "predict", count_points)

    # then
    tiny_sam.predict(disc[0], embedding, prompt, SIZES)
    assert decoded == [4]


def test_a_prompt_of_many_points_is_answered_in_few_steps() -> None:
    points = tuple((float(number), 1.0, 1) for number in range(200))

    counts = [len(begun.points) for begun in beginnings(Prompt(points))]

    assert counts == [*range(1, 25), 200]
    assert [len(begun.points) for begun in beginnings(Prompt(points[:2], (0, 0, 9, 9)))] == [0, 1, 2]
    assert [len(begun.points) for begun in beginnings(Prompt(((1, 1, -1), (2, 2, 1), (3, 3, 1))))] == [2, 3]


def test_the_embedding_of_another_picture_is_not_used(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    embedding = tiny_sam.embed(disc[0][:100])

    with pytest.raises(ValueError, match=r"The embedding is of a picture of \(100, 320\), not of \(240, 320\)\."):
        tiny_sam.predict(disc[0], embedding, CLICK, SIZES)


def test_out_of_gpu_memory_it_goes_on_with_the_processor_and_says_so(
    tiny_checkpoint: Path, disc: tuple[Picture, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a card that holds the model and nothing else
    method = TinySam({"tiny": tiny_checkpoint})
    expected = method.embed(disc[0])["features"]
    assert method.note == ""
    here = Sam.device
    has_moved: list[str] = []
    monkeypatch.setattr(Sam, "device", property(lambda _: torch.device("cpu" if has_moved else "cuda")))

    def move(self: Sam, device: str) -> Sam:
        has_moved.append(device)
        return self

    monkeypatch.setattr(Sam, "to", move)

    def set_image(self: SamPredictor, picture: Picture) -> None:
        if not has_moved:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        monkeypatch.setattr(Sam, "device", here)
        real(self, picture)

    real = SamPredictor.set_image
    monkeypatch.setattr(SamPredictor, "set_image", set_image)

    # then
    assert np.array_equal(method.embed(disc[0])["features"], expected)
    assert has_moved == ["cpu"]
    assert method.note == "Tiny SAM runs on the processor: the memory of the graphics card did not suffice."


@pytest.mark.gpu
def test_the_graphics_card_is_used_where_there_is_one(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    if not torch.cuda.is_available():
        pytest.skip("There is no CUDA device here.")

    embedding = tiny_sam.embed(disc[0])
    assert tiny_sam._model.device.type == "cuda"
    assert tiny_sam.predict(disc[0], embedding, PROMPTS["box"], SIZES)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_real_architecture_is_upstreams_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, disc: tuple[Picture, Any]
) -> None:
    # given
    torch.manual_seed(5)
    model = SamVitB.build()
    path = tmp_path_factory.mktemp("weights") / "vit_b.pth"
    torch.save(model.state_dict(), path)
    predictor = SamPredictor(model)
    predictor.set_image(disc[0])

    # when
    method = SamVitB({"sam_vit_b": path})
    path.unlink()
    embedding = method.embed(disc[0])

    # then
    assert np.array_equal(embedding["features"], predictor.get_image_embedding().numpy())
    assert_same(method, predictor, disc[0], embedding)
