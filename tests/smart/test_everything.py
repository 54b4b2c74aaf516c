"""Every object of a picture: what upstream's generator finds, from an embedding that is there, as a job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from segment_anything import SamAutomaticMaskGenerator
from segment_anything.modeling import Sam

from annotator.core.models import Job
from annotator.core.weights.entry import WeightsEntry
from annotator.smart.base import Picture
from annotator.smart.methods import _everything
from tests.client import Api
from tests.smart.conftest import SAM, TinySam, bring, overlap

# A model that learned nothing is sure of nothing and changes with every threshold.
LENIENT = {"points_per_side": 4, "predicted_iou": 0.0, "stability": 0.0, "same": 0.7, "min_area": 50, "max_share": 1.0}


def find(method: TinySam, picture: Picture, **other: Any) -> list[Any]:
    parameters = {**LENIENT, **other}
    return list(method.everything(picture, method.embed(picture), parameters, lambda _done, _total: None))


def test_it_finds_what_upstreams_generator_finds(tiny_sam: TinySam, tiny_model: Sam, disc: tuple[Picture, Any]) -> None:
    generator = SamAutomaticMaskGenerator(
        tiny_model, points_per_side=4, pred_iou_thresh=0.0, stability_score_thresh=0.0, min_mask_region_area=50
    )
    theirs = sorted(generator.generate(disc[0]), key=lambda record: -record["predicted_iou"])

    ours = find(tiny_sam, disc[0])

    large = [record for record in theirs if record["segmentation"].sum() >= 50]
    assert len(ours) == len(large) > 0
    for candidate, record in zip(ours, large, strict=True):
        assert np.array_equal(candidate.mask, record["segmentation"])
        assert candidate.score == min(1.0, record["predicted_iou"])


def test_small_and_large_objects_are_left_out(tiny_sam: TinySam, disc: tuple[Picture, Any]) -> None:
    areas = sorted(candidate.mask.sum() for candidate in find(tiny_sam, disc[0]))
    share = float(areas[-1] - 1) / disc[0][..., 0].size

    assert sorted(candidate.mask.sum() for candidate in find(tiny_sam, disc[0], max_share=share)) == areas[:-1]


def test_a_very_large_picture_is_cut_up_in_the_encoders_frame(
    tiny_sam: TinySam, disc: tuple[Picture, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = find(tiny_sam, disc[0])
    monkeypatch.setattr(_everything, "LARGEST", 1000)

    reduced = find(tiny_sam, disc[0])

    assert {candidate.mask.shape for candidate in reduced} == {disc[0].shape[:2]}
    assert max(overlap(one.mask, exact[0].mask) for one in reduced) > 0.9


def test_a_job_answers_the_shapes(ada: Api, image: int, worker: None, sam: WeightsEntry, tiny_checkpoint: Path) -> None:
    bring(sam, tiny_checkpoint)

    job = ada.post(f"images/{image}/smart/{SAM}/everything/", {"parameters": LENIENT, "output": "mask"}).ok(202)
    shapes = ada.succeed(job)["shapes"]

    assert shapes
    assert {one["shape"]["type"] for one in shapes} == {"mask"}
    assert [one["score"] for one in shapes] == sorted((one["score"] for one in shapes), reverse=True)
    assert ada.annotations(image) == []


@pytest.mark.parametrize(
    ("method", "body", "status", "code"),
    [
        ("grabcut", {}, 400, "not_everything"),
        (SAM, {"output": "ellipse"}, 400, "bad_output"),
        (SAM, {"parameters": {"points_per_side": 1000}}, 400, "bad_parameter"),
    ],
)
def test_what_cannot_be_is_refused(
    ada: Api,
    image: int,
    worker: None,
    sam: WeightsEntry,
    tiny_checkpoint: Path,
    method: str,
    body: dict[str, Any],
    status: int,
    code: str,
) -> None:
    bring(sam, tiny_checkpoint)

    assert ada.post(f"images/{image}/smart/{method}/everything/", body).refused(status, code)
    assert Api("mallory").post(f"images/{image}/smart/{method}/everything/", body).refused(404, "not_found")
    assert not Job.objects.exists()
