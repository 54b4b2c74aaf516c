"""Differences between two states: counted, listed with both sides, drawn over one picture."""

from __future__ import annotations

from typing import Any

import pytest

from datasets_app.models import Project, Revision
from tests.client import Api


@pytest.fixture
def scene(ada: Api, project: dict[str, Any]) -> dict[str, Any]:
    """Two images with four objects at revision `before`; every kind of change until `after`."""
    cell, debris = (row["id"] for row in project["classes"])
    one, two = ada.images(project["id"], 2)
    keys = [ada.label(one, cell, (x, 5, 10, 10)) for x in (0, 12, 24, 36)]
    before = ada.get(f"projects/{project['id']}/").ok()["revision"]
    moved, reshaped, relabelled, gone = keys
    ada.change(
        one,
        update=[
            {"uuid": moved, "shape": {"type": "box", "box": [5, 5, 10, 10]}},
            {"uuid": reshaped, "shape": {"type": "box", "box": [12, 5, 10, 20]}, "attributes": {"a": 1}},
            {"uuid": relabelled, "class": debris, "occluded": True},
        ],
        delete=[gone],
    ).ok()
    added = ada.label(two, debris)
    ada.post(f"projects/{project['id']}/images/bulk/", {"ids": [two], "action": "set_split", "value": "val"}).ok()
    ada.patch(f"classes/{cell}/", {"name": "red cell"}).ok()
    names = {"moved": moved, "reshaped": reshaped, "relabelled": relabelled, "gone": gone, "added": added}
    after = ada.get(f"projects/{project['id']}/").ok()["revision"]
    return {"cell": cell, "debris": debris, "one": one, "two": two, "before": before, "after": after, "keys": names}


def diff(ada: Api, project: dict[str, Any], path: str = "", **params: Any) -> Any:
    return ada.get(f"projects/{project['id']}/diff/{path}", **params).ok()


def test_everything_that_differs_is_counted(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    found = diff(ada, project, **{"from": scene["before"]})
    objects = found["objects"]
    assert {kind: objects[kind] for kind in ("added", "removed", "changed", "moved", "reshaped", "relabelled")} == {
        "added": 1, "removed": 1, "changed": 3, "moved": 1, "reshaped": 1, "relabelled": 1,
    }  # fmt: skip
    assert (objects["attributes"], objects["flags"], objects["source"]) == (1, 1, 0)
    assert objects["relabels"] == [{"from": scene["cell"], "to": scene["debris"], "count": 1}]
    assert {row["class"]: (row["added"], row["removed"], row["changed"]) for row in objects["per_class"]} == {
        scene["cell"]: (0, 1, 3),
        scene["debris"]: (1, 0, 1),
    }
    # The moved box shares a third of the union, the reshaped one half of it.
    assert objects["iou"]["bins"] == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0]
    images = found["images"]
    assert (images["changed"], images["state"], images["split"], images["added"]) == (1, 1, 1, 0)
    assert images["states"] == [{"from": "unlabelled", "to": "annotated", "count": 1}]
    assert images["splits"] == [{"from": "", "to": "val", "count": 1}]
    assert [(row["class"], row["kind"], row["fields"]) for row in found["classes"]] == [
        (scene["cell"], "changed", ["name"])
    ]
    assert (found["classes"][0]["from"]["name"], found["classes"][0]["to"]["name"]) == ("cell", "red cell")


def test_the_other_way_round_is_the_mirror_image(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    there = diff(ada, project, "objects/", **{"from": scene["before"], "to": scene["after"]})["results"]
    back = diff(ada, project, "objects/", **{"from": scene["after"], "to": scene["before"]})["results"]
    mirror = {"added": "removed", "removed": "added"}
    assert [(row["uuid"], row["from"], row["to"]) for row in there] == [
        (row["uuid"], row["to"], row["from"]) for row in back
    ]
    assert [[mirror.get(kind, kind) for kind in row["kinds"]] for row in there] == [row["kinds"] for row in back]


def test_objects_are_listed_with_both_sides(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    rows = {row["uuid"]: row for row in diff(ada, project, "objects/", **{"from": scene["before"]})["results"]}
    keys = scene["keys"]
    assert {name: rows[key]["kinds"] for name, key in keys.items()} == {
        "moved": ["moved"],
        "reshaped": ["reshaped", "attributes"],
        "relabelled": ["relabelled", "flags"],
        "gone": ["removed"],
        "added": ["added"],
    }
    assert rows[keys["gone"]]["to"] is None
    assert rows[keys["added"]]["from"] is None
    moved = rows[keys["moved"]]
    assert moved["from"]["shape"]["box"] == [0.0, 5.0, 10.0, 10.0]
    assert moved["to"]["shape"]["box"] == [5.0, 5.0, 10.0, 10.0]
    assert moved["iou"] == pytest.approx(1 / 3)


def test_objects_are_filtered_and_paged(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    since = {"from": scene["before"]}
    keys = scene["keys"]

    def found(**params: Any) -> set[str]:
        return {row["uuid"] for row in diff(ada, project, "objects/", **since, **params)["results"]}

    assert found(kind=["added", "removed"]) == {keys["added"], keys["gone"]}
    assert found(kind="changed") == {keys["moved"], keys["reshaped"], keys["relabelled"]}
    assert found(image=scene["two"]) == {keys["added"]}
    assert found(**{"class": scene["debris"]}) == {keys["relabelled"], keys["added"]}
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        page = diff(ada, project, "objects/", limit=2, **since, **({"cursor": cursor} if cursor else {}))
        assert len(page["results"]) <= 2
        seen += [row["uuid"] for row in page["results"]]
        if (cursor := page["next"]) is None:
            break
    assert sorted(seen) == sorted(keys.values())


def test_changed_images_are_listed_with_counts(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    one, two = diff(ada, project, "images/", **{"from": scene["before"]})["results"]
    assert (one["id"], one["objects"]["removed"], one["objects"]["moved"], one["is_changed"]) == (
        scene["one"], 1, 1, False,
    )  # fmt: skip
    assert (two["id"], two["objects"]["added"], two["is_changed"], two["to"]["split"]) == (scene["two"], 1, True, "val")
    page = diff(ada, project, "images/", limit=1, **{"from": scene["before"]})
    rest = diff(ada, project, "images/", limit=1, cursor=page["next"], **{"from": scene["before"]})
    assert [row["id"] for row in page["results"] + rest["results"]] == [scene["one"], scene["two"]]
    assert rest["next"] is None


def test_one_picture_shows_both_states(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    ada.label(scene["one"], scene["cell"], (1, 1, 3, 3))
    end = {"from": scene["after"] - 4, "to": scene["after"]}
    found = ada.get(f"images/{scene['one']}/diff/", **end).ok()
    assert {row["uuid"] for row in found["objects"]} == {
        scene["keys"][name] for name in ("moved", "reshaped", "relabelled", "gone")
    }
    assert found["unchanged"] == []
    later = ada.get(f"images/{scene['one']}/diff/", **{"from": scene["after"]}).ok()
    assert len(later["unchanged"]) == 3
    assert [row["kinds"] for row in later["objects"]] == [["added"]]


def test_versions_differ_in_split_too(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path = f"projects/{project['id']}/versions/"
    body = {"group_by": "none", "stratify": False}
    one = ada.post(path, {"name": "a", "split": {"train": 1, "val": 0, "test": 0}, **body}).ok(201)
    ada.change(scene["one"], delete=[scene["keys"]["moved"]]).ok()
    two = ada.post(path, {"name": "b", "split": {"train": 0, "val": 1, "test": 0}, **body}).ok(201)
    found = ada.get(f"versions/{one['id']}/diff/", to=two["id"]).ok()
    assert found["assignment"] == {"moved": 2, "moves": [{"from": "train", "to": "val", "count": 2}]}
    assert (found["from"]["name"], found["to"]["name"], found["objects"]["removed"]) == ("a", "b", 1)
    assert ada.get(f"versions/{one['id']}/diff/").ok()["assignment"] is None
    assert diff(ada, project, from_version=one["id"], to_version=two["id"]) == found


def test_states_that_do_not_exist_are_refused(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path = f"projects/{project['id']}/diff/"
    ada.get(path).refused(400, "bad_from")
    ada.get(path, **{"from": "x"}).refused(400, "bad_from")
    ada.get(path, **{"from": 0, "to": 999}).refused(400, "bad_to")
    ada.get(path + "objects/", **{"from": 0, "kind": "odd"}).refused(400, "bad_kind")
    ada.get(path + "objects/", **{"from": 0, "cursor": "WzFd"}).refused(400, "bad_cursor")
    other = ada.project("x", name="Other")
    ada.images(other["id"], 1)
    foreign = ada.post(f"projects/{other['id']}/versions/", {"name": "v"}).ok(201)["id"]
    ada.get(path, from_version=foreign).refused(404, "not_found")
    assert Project.objects.get(pk=project["id"]).revision == scene["after"]


def test_what_was_undone_does_not_differ(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    for row in Revision.objects.filter(project=project["id"], number__gt=scene["before"]).order_by("-number"):
        ada.post(f"revisions/{row.pk}/revert/").ok()
    found = diff(ada, project, **{"from": scene["before"]})
    assert all(value == 0 for value in found["objects"].values() if isinstance(value, int))
    assert all(value == 0 for value in found["images"].values() if isinstance(value, int))
    assert found["classes"] == []
    assert diff(ada, project, "objects/", **{"from": scene["before"]})["results"] == []
