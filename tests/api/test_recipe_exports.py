"""Exports of versions with a recipe hold what the recipe makes of the pictures."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from PIL import Image

from tests.client import Api

SMALL = {"op": "resize_picture", "parameters": {"mode": "stretch", "width": 32, "height": 24}}
FLIP = {"op": "random_flip", "parameters": {"left_right": 1.0}}
MERGE = {"op": "remap_classes", "parameters": {"names": {"debris": "cell"}}}


@pytest.fixture
def images(ada: Api, project: dict[str, Any]) -> list[int]:
    """Four pictures of 64 x 48, each with debris at one place."""
    ids: list[int] = ada.images(project["id"], 4)
    for image in ids:
        ada.label(image, project["classes"][1]["id"], (10, 8, 20, 16))
    return ids


def version(ada: Api, project: dict[str, Any], *operations: dict[str, Any], copies: int = 0) -> dict[str, Any]:
    body = {
        "name": "v",
        "split": {"train": 1, "val": 1, "test": 0},
        "group_by": "none",
        "recipe": {"operations": list(operations), "copies": copies, "seed": 3},
    }
    made: dict[str, Any] = ada.post(f"projects/{project['id']}/versions/", body).ok(201)
    return made


def export(ada: Api, project: dict[str, Any], **body: Any) -> tuple[dict[str, Any], bytes]:
    result = ada.succeed(ada.post(f"projects/{project['id']}/exports/", body).ok(202))
    return result, b"".join(ada.raw(result["download_url"]).streaming_content)


def test_pictures_and_boxes_come_out_as_the_recipe_makes_them(
    ada: Api, project: dict[str, Any], images: list[int]
) -> None:
    made = version(ada, project, SMALL, MERGE, FLIP, copies=1)

    result, data = export(ada, project, format="coco", version=made["id"], images=True)

    archive = zipfile.ZipFile(io.BytesIO(data))
    pictures = [name for name in archive.namelist() if name.endswith(".png")]
    assert len(pictures) == 6  # two of training with a copy each, two of validation
    assert {Image.open(io.BytesIO(archive.read(name))).size for name in pictures} == {(32, 24)}
    assert len([name for name in pictures if "~copy1" in name]) == 2
    boxes = set()
    for name in archive.namelist():
        if name.endswith(".json") and name != "manifest.json":
            content = json.loads(archive.read(name))
            assert [row["name"] for row in content["categories"]] == ["cell"]
            copies = {row["id"]: "~copy" in row["file_name"] for row in content["images"]}
            boxes |= {(copies[row["image_id"]], *row["bbox"]) for row in content["annotations"]}
    assert boxes == {(False, 5, 4, 10, 8), (True, 17, 4, 10, 8)}
    assert result["manifest"]["recipe"] == made["recipe"]
    assert result["manifest"]["counts"] == {"images": 6, "annotations": 6}


def test_equal_recipes_give_equal_pictures(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    noise = {"op": "random_noise", "parameters": {"probability": 1.0}}
    one, same = (version(ada, project, noise, copies=1) for _ in range(2))

    results = [
        export(ada, project, format="native", version=made["id"], images=True)[0]["manifest"]["files"]
        for made in (one, same)
    ]

    pictures = [{row["path"]: row["sha256"] for row in files if row["path"].endswith(".png")} for files in results]
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 6


def test_links_to_pictures_that_the_recipe_changes_are_refused(
    ada: Api, project: dict[str, Any], images: list[int]
) -> None:
    changed, unchanged = version(ada, project, SMALL), version(ada, project, MERGE)

    answer = ada.post(f"projects/{project['id']}/exports/", {"format": "coco", "version": changed["id"], "links": True})

    assert "export them with pictures" in answer.refused(400, "bad_links")
    export(ada, project, format="coco", version=unchanged["id"], links=True)
