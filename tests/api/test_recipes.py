"""Recipes over the API: the catalog, versions that keep one, previews by a worker."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from annotator.core import jobs
from annotator.core.models import Job
from datasets_app.models import Version
from tests.client import Api

FLIP = {"op": "random_flip", "parameters": {"left_right": 1.0}}
SMALL = {"op": "resize_picture", "parameters": {"mode": "stretch", "width": 32, "height": 24}}


@pytest.fixture
def images(ada: Api, project: dict[str, Any]) -> list[int]:
    """Eight pictures of 64 x 48, each with a cell."""
    cell = project["classes"][0]["id"]
    ids: list[int] = ada.images(project["id"], 8)
    for image in ids:
        ada.label(image, cell)
    return ids


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does each job the moment somebody waits for it."""

    def wait_for(row: Job, **_: Any) -> Job:
        jobs.run_job(str(row.pk))
        row.refresh_from_db()
        return row

    monkeypatch.setattr("annotator.core.jobs.wait_for", wait_for)


def create(ada: Api, project: dict[str, Any], **body: Any) -> Any:
    return ada.post(f"projects/{project['id']}/versions/", {"name": "v", **body})


def preview(ada: Api, project: dict[str, Any], **body: Any) -> Any:
    return ada.post(f"projects/{project['id']}/recipes/preview/", body)


def test_the_catalog_describes_a_form_for_each_operation(ada: Api) -> None:
    rows = ada.get("recipes/operations/").ok()["results"]

    (resize,) = (row for row in rows if row["key"] == "resize_picture")
    assert resize["stage"] == "preprocessing"
    assert resize["parameters"][0] == {
        "key": "mode",
        "title": "Mode",
        "help": resize["parameters"][0]["help"],
        "type": "choice",
        "min": None,
        "max": None,
        "step": None,
        "default": "fit",
        "choices": ["stretch", "fit", "fill", "pad", "long_side"],
    }


def test_a_version_keeps_its_recipe_with_every_parameter(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    made = create(ada, project, recipe={"operations": [SMALL, FLIP], "copies": 2, "seed": 7}).ok(201)

    kept = made["recipe"]
    assert [step["op"] for step in kept["operations"]] == ["resize_picture", "random_flip"]
    assert kept["operations"][1]["parameters"] == {"left_right": 1.0, "up_down": 0.0}
    assert (kept["copies"], kept["seed"]) == (2, 7)
    assert ada.get(f"versions/{made['id']}/").ok()["recipe"] == kept


def test_the_recipe_enters_the_digest(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    plain, empty = create(ada, project).ok(201), create(ada, project, recipe={"seed": 9}).ok(201)
    one, same = (create(ada, project, recipe={"operations": [SMALL]}).ok(201) for _ in range(2))
    other = create(ada, project, recipe={"operations": [SMALL], "seed": 1}).ok(201)

    assert plain["digest"] == empty["digest"]
    assert plain["recipe"] == empty["recipe"] == {}
    assert one["digest"] == same["digest"]
    assert len({plain["digest"], one["digest"], other["digest"]}) == 3


@pytest.mark.parametrize(
    ("recipe", "field", "sentence"),
    [
        ({"operations": [{"op": "sharpen"}]}, "recipe.operations.0.op", "There is no recipe operation 'sharpen'"),
        (
            {"operations": [{"op": "cut_out", "parameters": {"count": 0}}]},
            "recipe.operations.0.parameters.count",
            "Cutout: Count must lie between 1 and 50, not 0.",
        ),
        (
            {"operations": [{"op": "cut_out", "parameters": {"sides": 1}}]},
            "recipe.operations.0.parameters.sides",
            "Cutout: There is no parameter 'sides' here.",
        ),
        ({"operations": [FLIP, SMALL]}, "recipe.operations.1", "it must stand before Flip"),
        ({"operations": [SMALL], "copies": 1}, "recipe.copies", "add an augmentation"),
        (
            {"operations": [{"op": "filter_classes", "parameters": {"names": ["nobody"]}}]},
            "recipe.operations.0.parameters.names",
            "There is no class 'nobody' here. Known: cell, debris.",
        ),
        (
            {"operations": [{"op": "remap_classes", "parameters": {"names": ["cell"]}}]},
            "recipe.operations.0.parameters.names",
            "must map names of classes to names",
        ),
    ],
)
def test_a_bad_recipe_is_refused_with_its_field_and_nothing_is_made(
    ada: Api, project: dict[str, Any], images: list[int], recipe: dict[str, Any], field: str, sentence: str
) -> None:
    for answer in (create(ada, project, recipe=recipe), preview(ada, project, recipe=recipe)):
        assert sentence in answer.refused(400, "bad_recipe")
        assert list(answer.body["fields"]) == [field]
    assert not Version.objects.exists()
    assert not Job.objects.filter(is_ephemeral=True).exists()


def test_a_preview_shows_what_becomes_of_pictures(
    ada: Api, project: dict[str, Any], images: list[int], worker: None
) -> None:
    samples = preview(ada, project, recipe={"operations": [SMALL, FLIP]}).ok()["samples"]

    assert len(samples) == 6
    assert len({sample["image"] for sample in samples}) == 6
    for sample in samples:
        before = ada.get(f"images/{sample['image']}/annotations/").ok()["annotations"][0]
        x, y, width, height = before["shape"]["box"]
        (after,) = sample["annotations"]
        assert (after["class"], after["name"]) == (before["class"], "cell")
        assert after["shape"]["box"] == pytest.approx([32 - (x + width) / 2, y / 2, width / 2, height / 2])
        assert (sample["width"], sample["height"], sample["copy"]) == (32, 24, 1)
        prefix, _, data = sample["picture"].partition(",")
        assert prefix == "data:image/jpeg;base64"
        assert Image.open(io.BytesIO(base64.b64decode(data))).size == (32, 24)
    assert not Job.objects.filter(is_ephemeral=True).exists()


def test_a_preview_of_one_image_shows_it_and_its_copies(
    ada: Api, project: dict[str, Any], images: list[int], worker: None
) -> None:
    turn = {"op": "free_turn", "parameters": {"probability": 1.0, "degrees": 40}}
    body = {"recipe": {"operations": [turn], "seed": 3}, "image": images[2]}

    samples = preview(ada, project, **body).ok()["samples"]

    assert [sample["copy"] for sample in samples] == [0, 1, 2, 3, 4, 5]
    assert {sample["image"] for sample in samples} == {images[2]}
    assert len({str(sample["annotations"]) for sample in samples}) == 6
    assert preview(ada, project, **body).ok()["samples"] == samples


def test_strangers_and_images_of_other_projects_are_not_previewed(
    ada: Api, stranger: Api, project: dict[str, Any], images: list[int], worker: None
) -> None:
    other = ada.project()
    body = {"recipe": {"operations": [FLIP]}}

    preview(stranger, project, **body).refused(404, "not_found")
    preview(ada, other, image=images[0], **body).refused(404, "not_found")
    assert not Job.objects.filter(is_ephemeral=True).exists()
