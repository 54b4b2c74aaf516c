"""Versions: names of revisions with a split that is fair, repeatable and never cuts a group."""

from __future__ import annotations

from typing import Any

import pytest

from datasets_app.models import Version
from datasets_app.splits import Assignment
from tests.client import Api


@pytest.fixture
def labelled(ada: Api, project: dict[str, Any]) -> list[int]:
    """Thirty images; two in three hold a cell, every tenth debris."""
    cell, debris = (row["id"] for row in project["classes"])
    ids = ada.images(project["id"], 30)
    for index, image in enumerate(ids):
        if index % 3:
            ada.label(image, cell)
        if index % 10 == 0:
            ada.label(image, debris)
    return ids


def create(ada: Api, project: dict[str, Any], **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = ada.post(
        f"projects/{project['id']}/versions/", {"name": "v", "group_by": "none", **body}
    ).ok(201)
    return made


def splits(version: dict[str, Any]) -> dict[int, str]:
    return Assignment.unpack(bytes(Version.objects.get(pk=version["id"]).assignment)).as_dict()


def test_statistics_add_up_and_equal_the_preview(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    body = {"split": {"train": 2, "val": 1, "test": 0}, "group_by": "none", "seed": 5}
    preview = ada.post(f"projects/{project['id']}/versions/preview/", body).ok()["statistics"]
    assert Version.objects.count() == 0
    version = create(ada, project, **body)
    assert version["statistics"] == preview
    assert (preview["images"], preview["annotations"]) == (30, 23)
    assert [preview["splits"][name]["images"] for name in ("train", "val", "test")] == [20, 10, 0]
    assert sum(split["annotations"] for split in preview["splits"].values()) == 23


def test_rare_classes_reach_every_split(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    debris = str(project["classes"][1]["id"])
    stats = create(ada, project, split={"train": 1, "val": 1, "test": 1})["statistics"]
    assert [stats["splits"][name]["classes"].get(debris, 0) for name in ("train", "val", "test")] == [1, 1, 1]


def test_the_same_seed_gives_the_same_split_and_digest(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    one, two, other = create(ada, project, seed=1), create(ada, project, seed=1), create(ada, project, seed=2)
    assert splits(one) == splits(two)
    assert one["digest"] == two["digest"]
    assert splits(one) != splits(other)
    assert one["digest"] != other["digest"]


def test_groups_are_never_cut(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    path = f"projects/{project['id']}/images/bulk/"
    for start in range(0, 30, 5):
        ada.post(path, {"ids": labelled[start : start + 5], "action": "set_group", "value": f"burst {start}"}).ok()
    for seed in range(5):
        found = splits(create(ada, project, group_by="group", seed=seed, split={"train": 4, "val": 1, "test": 1}))
        for start in range(0, 30, 5):
            assert len({found[image] for image in labelled[start : start + 5]}) == 1
        assert set(found.values()) == {"train", "val", "test"}


def test_near_duplicates_stay_together(ada: Api, project: dict[str, Any]) -> None:
    # Plain pictures of one colour all have the same difference hash: they are one cluster.
    ada.images(project["id"], 9)
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "v"}).ok(201)
    assert len(set(splits(version).values())) == 1


def test_fixed_splits_can_be_kept(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    path = f"projects/{project['id']}/images/bulk/"
    ada.post(path, {"ids": labelled[:4], "action": "set_split", "value": "test"}).ok()
    found = splits(create(ada, project, use_fixed=True, split={"train": 1, "val": 0, "test": 0}))
    assert [image for image, split in found.items() if split == "test"] == labelled[:4]


def test_a_version_does_not_change_when_labels_do(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    version = create(ada, project)
    before = ada.get(f"versions/{version['id']}/").ok()
    for row in ada.annotations(labelled[1]):
        ada.change(labelled[1], delete=[row["uuid"]]).ok()
    assert ada.get(f"versions/{version['id']}/").ok() == before
    assert create(ada, project)["digest"] != version["digest"]
    assert len(ada.annotations(labelled[1], revision=version["revision"])) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"split": {"train": 0, "val": 0, "test": 0}},
        {"split": {"train": -1, "val": 1, "test": 1}},
        {"group_by": "moon"},
        {"name": " "},
    ],
)
def test_bad_versions_are_refused(ada: Api, project: dict[str, Any], labelled: list[int], body: dict[str, Any]) -> None:
    assert ada.post(f"projects/{project['id']}/versions/", {"name": "v", **body}).status == 400
    assert Version.objects.count() == 0


def test_a_project_without_images_has_no_version(ada: Api, project: dict[str, Any]) -> None:
    ada.post(f"projects/{project['id']}/versions/", {"name": "v"}).refused(400, "no_images")
