"""What is never cut between splits, what stays where it was, and what is shown where something was cut."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from datasets_app.models import Version
from datasets_app.splits import Assignment
from tests.client import Api, picture


@pytest.fixture
def films(ada: Api, project: dict[str, Any]) -> list[int]:
    """Twenty frames of five films, each with its own noise so that none look alike."""
    files = {f"film{index // 4}_{index % 4}.png": noise(index) for index in range(20)}
    return [image["id"] for image in ada.upload(project["id"], files)["created"]]


def noise(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def create(ada: Api, project: dict[str, Any], **body: Any) -> dict[str, Any]:
    body = {"name": "v", "group_by": "none", "split": {"train": 1, "val": 1, "test": 1}, **body}
    made: dict[str, Any] = ada.post(f"projects/{project['id']}/versions/", body).ok(201)
    return made


def splits(version: dict[str, Any]) -> dict[int, str]:
    return Assignment.unpack(bytes(Version.objects.get(pk=version["id"]).assignment)).as_dict()


def is_whole(version: dict[str, Any], ids: list[int]) -> bool:
    found = splits(version)
    return all(len({found[image] for image in ids[start : start + 4]}) == 1 for start in range(0, len(ids), 4))


def test_images_whose_names_share_a_part_stay_together(ada: Api, project: dict[str, Any], films: list[int]) -> None:
    for seed in range(4):
        version = create(ada, project, pattern=r"^(film\d+)_", seed=seed)
        assert is_whole(version, films)
        assert set(splits(version).values()) == {"train", "val", "test"}
        assert version["split"]["pattern"] == r"^(film\d+)_"
    assert not is_whole(create(ada, project), films)


def test_images_that_share_a_tag_stay_together(ada: Api, project: dict[str, Any], films: list[int]) -> None:
    path = f"projects/{project['id']}/images/bulk/"
    for start in range(0, 20, 4):
        body = {"ids": films[start : start + 4], "action": "add_tags", "value": [f"patient {start}", "all"]}
        ada.post(path, body).ok()
    for seed in range(4):
        assert is_whole(create(ada, project, group_by="tag:patient", seed=seed), films)


def test_images_of_an_earlier_version_stay_where_they_were(ada: Api, project: dict[str, Any], films: list[int]) -> None:
    first = create(ada, project, seed=3)
    more = {f"more{index}.png": noise(100 + index) for index in range(10)}
    fresh = [image["id"] for image in ada.upload(project["id"], more)["created"]]
    second = create(ada, project, seed=8, sticky=first["id"])
    found = splits(second)
    assert {image: found[image] for image in films} == splits(first)
    sizes = [second["statistics"]["splits"][name]["images"] for name in ("train", "val", "test")]
    assert sorted(sizes) == [10, 10, 10]
    assert {found[image] for image in fresh} == {"train", "val", "test"}


def test_a_group_follows_its_images_of_an_earlier_version(ada: Api, project: dict[str, Any], films: list[int]) -> None:
    first = create(ada, project, pattern=r"^(film\d)_")
    more = {f"film{index}_new.png": noise(200 + index) for index in range(5)}
    fresh = [image["id"] for image in ada.upload(project["id"], more)["created"]]
    found = splits(create(ada, project, pattern=r"^(film\d)_", sticky=first["id"], seed=9))
    for index, image in enumerate(fresh):
        assert found[image] == found[films[4 * index]]


def test_cut_groups_are_listed_and_counted(ada: Api, project: dict[str, Any], films: list[int]) -> None:
    path = f"projects/{project['id']}/images/bulk/"
    for start in range(0, 8, 4):
        ada.post(path, {"ids": films[start : start + 4], "action": "set_group", "value": f"film {start}"}).ok()
    ada.post(path, {"ids": films[:1], "action": "set_split", "value": "test"}).ok()
    ada.post(path, {"ids": films[1:4], "action": "set_split", "value": "train"}).ok()
    ada.upload(project["id"], {"twin_a.png": picture(color=(9, 9, 9)), "twin_b.png": picture(color=(10, 10, 10))})
    twins = ada.get(f"projects/{project['id']}/images/ids/", q="twin").ok()["ids"]
    ada.post(path, {"ids": twins[:1], "action": "set_split", "value": "val"}).ok()
    ada.post(path, {"ids": twins[1:], "action": "set_split", "value": "test"}).ok()
    version = create(ada, project, group_by="group", use_fixed=True, pattern=r"^(film\d)_")
    assert version["statistics"]["leaks"] == {"group": 1, "tag": 0, "pattern": 1, "duplicate": None}
    found = ada.get(f"versions/{version['id']}/leaks/").ok()
    assert found["counts"] == {"group": 1, "tag": 0, "pattern": 1, "duplicate": 1}
    by_kind = {row["kind"]: row for row in found["results"]}
    assert (by_kind["group"]["name"], by_kind["group"]["splits"]) == ("film 0", {"test": 1, "train": 3})
    assert by_kind["pattern"]["name"] == "film0"
    assert {row["id"] for row in by_kind["duplicate"]["sample"]} == set(twins)
    assert ada.get(f"versions/{version['id']}/").ok()["statistics"]["leaks"] == found["counts"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"pattern": "film"}, "bad_pattern"),
        ({"pattern": "(film"}, "bad_pattern"),
        ({"pattern": "((a+)+)$"}, "bad_pattern"),
        ({"pattern": "(" + "a" * 300 + ")"}, "bad_pattern"),
        ({"sticky": 999_999}, "bad_split"),
        ({"group_by": "tag:"}, "bad_split"),
    ],
)
def test_rules_that_cannot_be_followed_are_refused(
    ada: Api, project: dict[str, Any], films: list[int], body: dict[str, Any], code: str
) -> None:
    ada.post(f"projects/{project['id']}/versions/", {"name": "v", "group_by": "none", **body}).refused(400, code)
    assert Version.objects.count() == 0
