"""Smart selection over the API: a worker answers, wrong requests get a sentence, nothing is left behind."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone

from annotator.core import jobs
from annotator.core.geometry.shapes import shape_to_mask
from annotator.core.models import Job, JobState
from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.services import get_store
from annotator.smart import services
from annotator.smart.base import Picture
from annotator.smart.catalog import METHODS
from annotator.smart.jobs import get_worker
from annotator.smart.services import get_embeddings
from datasets_app.models import Membership
from tests.client import Api
from tests.smart.conftest import SAM, bring, overlap

BOX = [80.0, 40.0, 140.0, 140.0]
CUT = "grabcut"


def ask(api: Api, image: int, method: str, **body: Any) -> Any:
    return api.post(f"images/{image}/smart/{method}/", {"prompt": {"box": BOX}, **body})


def method_of(api: Api, key: str) -> dict[str, Any]:
    (found,) = [method for method in api.get("smart/methods/").ok() if method["key"] == key]
    assert isinstance(found, dict)
    return found


def test_methods_tell_what_they_take_and_whether_they_can_be_used(ada: Api) -> None:
    body = method_of(ada, CUT)

    assert body["available"] is True
    assert body["unavailable_reason"] == ""
    assert body["prompts"] == {"points": True, "negative_points": True, "box": True, "strokes": True}
    assert body["outputs"] == ["polygon", "mask", "box"]
    assert body["parameters"][0] == {
        "key": "iterations",
        "title": "Iterations",
        "help": "How often the colours are learned again and the object is cut out again.",
        "type": "integer",
        "min": 1,
        "max": 10,
        "step": 1,
        "default": 3,
        "choices": [],
    }


def test_a_method_without_weights_is_shown_with_the_reason(ada: Api, image: int, worker: None) -> None:
    body = method_of(ada, SAM)

    reason = (
        "Segment Anything ViT-B is not here yet: fetch it, or put sam_vit_b_01ec64.pth into "
        f"{settings.DATA_DIR / 'weights'} and verify it."
    )
    assert (body["available"], body["unavailable_reason"], body["weights"]) == (False, reason, [SAM])
    assert ask(ada, image, SAM).refused(503, "method_unavailable") == reason


@pytest.mark.parametrize("output", ["polygon", "mask", "box"])
def test_a_box_is_answered_with_a_shape(
    ada: Api, image: int, worker: None, disc: tuple[Picture, Any], output: str
) -> None:
    body = ask(ada, image, CUT, output=output).ok()

    (found,) = body["shapes"]
    assert found["shape"]["type"] == output
    assert 0.9 < found["score"] <= 1
    assert body["seconds"] > 0
    if output == "box":
        assert np.allclose(found["shape"]["box"], [91, 51, 119, 119], atol=2)
    else:
        assert overlap(shape_to_mask(found["shape"], 320, 240), disc[1]) > 0.96


def test_simplification_saves_points(ada: Api, image: int, worker: None) -> None:
    counts = [
        len(ask(ada, image, CUT, parameters={"tolerance": value}).ok()["shapes"][0]["shape"]["parts"][0]["outer"])
        for value in (0, 1, 5)
    ]

    assert counts[0] > counts[1] > counts[2]


def test_an_answer_leaves_no_job_behind(ada: Api, image: int, worker: None) -> None:
    ask(ada, image, CUT).ok()

    assert not Job.objects.exists()


def test_the_first_click_embeds_and_the_second_finds_it(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path
) -> None:
    bring(sam, tiny_checkpoint)

    first = ask(ada, image, SAM, output="mask").ok()
    second = ask(ada, image, SAM, output="mask").ok()
    get_worker.cache_clear()
    get_embeddings.cache_clear()
    after_restart = ask(ada, image, SAM, output="mask").ok()

    assert [body["embedding_cached"] for body in (first, second, after_restart)] == [False, True, True]
    assert first["shapes"] == second["shapes"] == after_restart["shapes"]


def test_a_single_click_is_answered_with_alternatives(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path
) -> None:
    bring(sam, tiny_checkpoint)

    shapes = ask(ada, image, SAM, prompt={"points": [[150, 110, 1]]}).ok()["shapes"]

    assert len(shapes) >= 2
    assert [shape["score"] for shape in shapes] == sorted((shape["score"] for shape in shapes), reverse=True)


def test_weights_put_by_hand_are_used_after_their_check(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path
) -> None:
    get_store().folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(tiny_checkpoint, get_store().path(sam))

    before = ask(ada, image, SAM).refused(503, "method_unavailable")
    get_store().verify(sam)

    assert before == "tiny.pth was not checked yet: verify it once, then it is used."
    assert ask(ada, image, SAM).ok()["shapes"]


def test_replaced_weights_are_loaded_again_and_old_embeddings_are_not_used(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an answer with one file, and a second file that is as right
    bring(sam, tiny_checkpoint)
    ask(ada, image, SAM).ok()
    path = get_store().path(sam)
    path.write_bytes(path.read_bytes() + b"\0")
    monkeypatch.setattr(WeightsEntry, "accepts", lambda *_: True)
    monkeypatch.setattr(WeightsEntry, "exact_size", None)
    get_store().verify(sam)

    # then
    assert ask(ada, image, SAM).ok()["embedding_cached"] is False


def test_preparing_ahead_makes_the_first_click_fast(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path
) -> None:
    bring(sam, tiny_checkpoint)

    assert ada.post(f"images/{image}/smart/{SAM}/prepare/").ok(202) == {"ready": False}
    assert ada.post(f"images/{image}/smart/{SAM}/prepare/").ok(202) == {"ready": False}
    (row,) = Job.objects.all()
    jobs.run_job(str(row.pk))

    assert ada.post(f"images/{image}/smart/{SAM}/prepare/").ok() == {"ready": True}
    assert ask(ada, image, SAM).ok()["embedding_cached"] is True
    assert ada.get("jobs/").ok()["results"] == []


def test_a_method_without_slow_part_is_always_prepared(ada: Api, image: int, worker: None) -> None:
    assert ada.post(f"images/{image}/smart/{CUT}/prepare/").ok() == {"ready": True}
    assert not Job.objects.exists()


def test_answers_that_nobody_read_are_forgotten(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path
) -> None:
    bring(sam, tiny_checkpoint)
    old = jobs.enqueue(services.EMBED, {"picture": {}, "method": SAM}, is_ephemeral=True)
    Job.objects.filter(pk=old.pk).update(state=JobState.FAILED, finished_at=timezone.now() - timedelta(hours=1))

    ada.post(f"images/{image}/smart/{SAM}/prepare/").ok(202)

    assert not Job.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        (
            {"prompt": {"points": [[400, 10, 1]]}},
            "bad_prompt",
            "Point 1 at (400, 10) lies outside the picture of 320 x 240 pixels.",
        ),
        ({"prompt": {}}, "bad_prompt", "GrabCut needs a box around the object or a click on it."),
        (
            {"prompt": {"points": [[4, 10, 2]]}},
            "bad_prompt",
            "Point 1 must be [x, y, sign] with the sign 1 (belongs to the object) or -1 (does not).",
        ),
        (
            {"parameters": {"speed": 3}},
            "bad_parameter",
            "There is no parameter 'speed' here. Known: iterations, margin, tolerance.",
        ),
        (
            {"parameters": {"iterations": 99}},
            "bad_parameter",
            "Iterations must lie between 1 and 10, not 99.",
        ),
        ({"output": "ellipse"}, "bad_output", "GrabCut answers with polygon, mask, box, not with 'ellipse'."),
    ],
)
def test_wrong_requests_are_refused_with_a_sentence(
    ada: Api, image: int, worker: None, body: dict[str, Any], code: str, sentence: str
) -> None:
    assert ask(ada, image, CUT, **body).refused(400, code) == sentence
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": {"points": [[1, 2]]}},
        {"prompt": {"points": "all"}},
        {"prompt": {"box": [1, 2, 3]}},
        {"prompt": {"box": ["a", 2, 3, 4]}},
        {"prompt": None},
        {"parameters": [1]},
    ],
)
def test_malformed_requests_are_refused(ada: Api, image: int, worker: None, body: dict[str, Any]) -> None:
    assert ask(ada, image, CUT, **body).refused(400, "invalid")


def test_not_a_number_is_no_place(ada: Api, image: int, worker: None) -> None:
    assert ask(ada, image, CUT, prompt={"points": [["nan", 5, 1]]}).status == 400
    assert ask(ada, image, CUT, prompt={"box": [0, 0, "inf", 5]}).status == 400


def test_an_unknown_method_lists_the_known_ones(ada: Api, image: int, worker: None) -> None:
    sentence = ask(ada, image, "magic").refused(404, "unknown_method")

    assert sentence == f"There is no smart method 'magic'. Known: {', '.join(METHODS.keys())}."


def test_what_the_method_cannot_find_is_told_as_it_says_it(ada: Api, worker: None) -> None:
    (flat,) = ada.images(ada.project()["id"], 1)

    sentence = ask(ada, flat, CUT, prompt={"box": [5, 5, 30, 30]}).refused(400, "bad_prompt")

    assert sentence == (
        "GrabCut found no object there: draw the box a little larger than the object, or click on the object."
    )
    assert not Job.objects.exists()


def test_damaged_weights_are_told(
    ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(sam, tiny_checkpoint)
    monkeypatch.setattr(WeightsEntry, "accepts", lambda *_: True)
    monkeypatch.setattr(WeightsEntry, "exact_size", None)
    get_store().path(sam).write_bytes(b"no weights")
    get_store().verify(sam)

    assert ask(ada, image, SAM).refused(400, "bad_weights").startswith("tiny.pth is not a file of PyTorch tensors")


def test_without_a_worker_the_request_ends_with_a_sentence(
    ada: Api, image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "send", lambda _: None)
    monkeypatch.setattr(services.smart_predict, "__kwdefaults__", {"seconds": 0.05})

    assert ask(ada, image, CUT).refused(503, "no_worker") == (
        "No worker took the request within 0.05 s: all are busy, or none is running."
    )
    assert not Job.objects.exists()


def test_a_slow_worker_goes_on_for_the_next_click(ada: Api, image: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "send", lambda row: jobs.claim(str(row.pk)))
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())
    monkeypatch.setattr(services.smart_predict, "__kwdefaults__", {"seconds": 0.05})

    assert ask(ada, image, CUT).refused(503, "still_working") == (
        "GrabCut is still reading this picture; click again in some seconds."
    )
    assert Job.objects.get().state == JobState.RUNNING


def test_strangers_and_viewers_cannot_ask(ada: Api, image: int, worker: None) -> None:
    stranger, viewer = Api("mallory"), Api("vic")
    Membership.objects.create(project_id=ada.get("projects/").ok()["results"][0]["id"], user=viewer.user, role=10)

    assert ask(stranger, image, CUT).refused(404, "not_found")
    assert ask(viewer, image, CUT).refused(403, "role_too_low")
    assert viewer.post(f"images/{image}/smart/{CUT}/prepare/").refused(403, "role_too_low")
