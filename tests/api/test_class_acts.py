"""Merging, splitting, reordering and retiring classes: labels keep their UUIDs, older versions their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datasets_app.models import Project, Revision
from datasets_app.services import rewrite
from tests.client import Api


@pytest.fixture
def scene(ada: Api, project: dict[str, Any]) -> dict[str, Any]:
    """Three images with two cells and one debris each, named by a version."""
    cell, debris = (row["id"] for row in project["classes"])
    images = ada.images(project["id"], 3)
    cells = [ada.label(image, cell, (x, 1, 5, 5)) for image in images for x in (1, 10)]
    for image in images:
        ada.label(image, debris, (20, 1, 5, 5))
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "first", "group_by": "none"}).ok(201)
    return {"cell": cell, "debris": debris, "images": images, "cells": cells, "version": version}


def classes(ada: Api, project: dict[str, Any]) -> list[str]:
    return [row["name"] for row in ada.get(f"projects/{project['id']}/").ok()["classes"]]


def exported(ada: Api, project: dict[str, Any], version: dict[str, Any], folder: Path) -> dict[str, bytes]:
    """The bytes of a version in formats that name and number classes."""
    found = {}
    for key in ("coco", "native"):
        job = ada.post(f"projects/{project['id']}/exports/", {"version": version["id"], "format": key}).ok(202)
        found[key] = ada.download(ada.finish(job), folder).read_bytes()
    return found


def test_nothing_that_is_done_to_classes_reaches_older_exports(
    ada: Api, project: dict[str, Any], scene: dict[str, Any], tmp_path: Path
) -> None:
    before = exported(ada, project, scene["version"], tmp_path)
    cell, debris = scene["cell"], scene["debris"]
    ada.patch(f"classes/{cell}/", {"name": "x", "color": "#010203", "hotkey": "q", "attributes": [{"name": "a"}]}).ok()
    ada.post(f"projects/{project['id']}/classes/order/", {"classes": [debris, cell]}).ok()
    ada.post(f"classes/{cell}/split/", {"names": ["red", "white"]}).ok()
    ada.post(f"classes/{debris}/merge/", {"into": cell}).ok()
    ada.delete(f"classes/{cell}/?labels=delete")
    assert classes(ada, project) == ["red", "white"]
    assert exported(ada, project, scene["version"], tmp_path) == before


def test_merging_gives_all_labels_to_the_other_class(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    digest = Project.objects.get(pk=project["id"]).digest
    path, into = f"classes/{scene['cell']}/merge/", {"into": scene["debris"]}
    preview = ada.post(path, {**into, "dry_run": True}).ok()
    assert (preview["annotations"], preview["images"]) == (6, 3)
    assert [(row["name"], row["annotations"]) for row in preview["versions"]] == [("first", 6)]
    assert Project.objects.get(pk=project["id"]).digest == digest
    done = ada.post(path, into).ok()
    assert (done["objects"]["changed"], done["classes"]["removed"]) == (6, 1)
    assert classes(ada, project) == ["debris"]
    labels = [row for image in scene["images"] for row in ada.annotations(image)]
    assert {row["class"] for row in labels} == {scene["debris"]}
    assert {row["uuid"] for row in labels} >= set(scene["cells"])
    newest = ada.get(f"projects/{project['id']}/revisions/", limit=1).ok()["results"][0]
    assert newest["message"] == "Merged class cell into debris"
    ada.post(f"revisions/{newest['id']}/revert/").ok()
    assert Project.objects.get(pk=project["id"]).digest == digest


def test_a_large_merge_is_a_job(
    ada: Api, project: dict[str, Any], scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(rewrite, "ROWS_A_REVISION", 2)
    result = ada.succeed(ada.post(f"classes/{scene['cell']}/merge/", {"into": scene["debris"]}).ok(202))
    assert (result["objects"]["changed"], result["classes"]["removed"]) == (6, 1)
    assert classes(ada, project) == ["debris"]


def test_merges_that_make_no_sense_are_refused(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    head = Revision.objects.count()
    path = f"classes/{scene['cell']}/merge/"
    ada.post(path, {"into": scene["cell"]}).refused(400, "bad_class")
    foreign = ada.project("x", name="Other")["classes"][0]["id"]
    ada.post(path, {"into": foreign}).refused(400, "bad_class")
    ada.post(path, {"into": 999_999}).refused(404, "not_found")
    assert Revision.objects.filter(project=project["id"]).count() == head


def test_labels_of_a_split_class_are_looked_at_again(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    answer = ada.post(f"classes/{scene['cell']}/split/", {"names": ["red", "white"]}).ok()
    red = answer["created"][0]["id"]
    assert answer["left"] == 6
    fresh = ada.label(scene["images"][0], scene["cell"], (40, 1, 5, 5))
    path = f"projects/{project['id']}/revisit/"
    page = ada.get(path, limit=4).ok()
    rest = ada.get(path, limit=4, cursor=page["next"]).ok()
    listed = [row["annotation"]["uuid"] for row in page["results"] + rest["results"]]
    assert sorted(listed) == sorted(scene["cells"])
    assert rest["next"] is None
    assert fresh not in listed
    digest = Project.objects.get(pk=project["id"]).digest
    done = ada.post(path, {"confirm": listed[:2]}).ok()
    assert (done["confirmed"], done["relabelled"]) == (2, 0)
    assert Project.objects.get(pk=project["id"]).digest == digest
    done = ada.post(path, {"relabel": [{"uuid": listed[2], "class": red}]}).ok()
    assert (done["confirmed"], done["relabelled"]) == (0, 1)
    left = ada.get(path).ok()
    assert [row["annotation"]["uuid"] for row in left["results"]] == listed[3:]
    assert [(row["class"], row["left"]) for row in left["classes"]] == [(scene["cell"], 3)]
    ada.patch(f"classes/{scene['cell']}/", {"revisit": False}).ok()
    assert ada.get(path).ok() == {"classes": [], "results": [], "next": None}


def test_what_comes_back_is_as_little_looked_at_as_it_was(
    ada: Api, project: dict[str, Any], scene: dict[str, Any]
) -> None:
    one, two, three, four = scene["cells"][:4]
    ada.post(f"classes/{scene['cell']}/split/", {"names": ["red"]}).ok()
    path, before = f"projects/{project['id']}/revisit/", Project.objects.get(pk=project["id"]).revision
    ada.post(path, {"confirm": [one]}).ok()
    fresh = ada.label(scene["images"][0], scene["cell"], (40, 1, 5, 5))
    ada.change(scene["images"][0], delete=[one, two, fresh]).ok()
    deleted = ada.get(f"projects/{project['id']}/revisions/").ok()["results"][0]
    ada.post(path, {"relabel": [{"uuid": three, "class": scene["debris"]}]}).ok()
    ada.post(f"revisions/{deleted['id']}/revert/").ok()
    # The first was confirmed and the fresh one made since; nobody said anything of the second.
    listed = {row["annotation"]["uuid"] for row in ada.get(path).ok()["results"]}
    assert listed == {two, four, *scene["cells"][4:]}
    ada.post(f"projects/{project['id']}/restore/", {"revision": before}).ok()
    listed = {row["annotation"]["uuid"] for row in ada.get(path).ok()["results"]}
    assert listed == {two, three, four, *scene["cells"][4:]}


def test_revisiting_is_checked(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    key = scene["cells"][0]
    path = f"projects/{project['id']}/revisit/"
    head = Revision.objects.count()
    ada.post(path, {"relabel": [{"uuid": key, "class": 999_999}]}).refused(400, "bad_class")
    ada.post(path, {"confirm": [key], "relabel": [{"uuid": key, "class": scene["debris"]}]}).refused(400, "twice")
    grace = Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "viewer"}).ok(201)
    grace.post(path, {"confirm": [key]}).refused(403, "role_too_low")
    assert Revision.objects.count() == head


def test_retiring_shows_what_is_affected_first(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path = f"classes/{scene['cell']}/"
    usage = ada.delete(f"{path}?preview=true").ok()
    assert (usage["annotations"], usage["images"], usage["versions"][0]["annotations"]) == (6, 3, 6)
    ada.delete(path).refused(400, "class_in_use")
    assert classes(ada, project) == ["cell", "debris"]
    assert ada.delete(f"{path}?labels=delete").status == 204
    assert classes(ada, project) == ["debris"]
    assert [len(ada.annotations(image)) for image in scene["images"]] == [1, 1, 1]


def test_classes_are_reordered_in_one_revision(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    path = f"projects/{project['id']}/classes/order/"
    head = Revision.objects.count()
    ada.post(path, {"classes": [debris, cell]}).ok()
    assert classes(ada, project) == ["debris", "cell"]
    assert Revision.objects.count() == head + 1
    ada.post(path, {"classes": [debris, cell]}).ok()
    ada.post(path, {"classes": [debris, debris]}).refused(400, "bad_classes")
    ada.post(path, {"classes": [debris, 999_999]}).refused(400, "bad_classes")
    assert Revision.objects.count() == head + 1


def test_a_class_has_attributes_and_a_skeleton(ada: Api, project: dict[str, Any]) -> None:
    skeleton = {"points": ["head", "tail"], "edges": [[0, 1]]}
    attributes = [{"name": "colour", "type": "select", "values": ["red", "blue"]}]
    body = {"name": "fish", "skeleton": skeleton, "attributes": attributes}
    made = ada.post(f"projects/{project['id']}/classes/", body).ok(201)
    assert (made["skeleton"], made["attributes"]) == (skeleton, attributes)
    path = f"classes/{made['id']}/"
    ada.patch(path, {"skeleton": {"points": ["a", "a"]}}).refused(400, "bad_skeleton")
    ada.patch(path, {"skeleton": {"points": ["a", "b"], "edges": [[0, 2]]}}).refused(400, "bad_skeleton")
    ada.patch(path, {"attributes": [{"name": "x"}, {"name": "x"}]}).refused(400, "bad_attributes")
    for wrong in (
        {"name": "x", "type": "colour"},
        {"name": "x", "type": "select", "values": []},
        {"name": "x", "type": "radio", "values": ["a", "a"]},
        {"name": "x", "type": "number", "min": 3, "max": 1},
        {"name": "x", "type": "number", "max": 1, "default": 2},
        {"name": "x", "type": "select", "values": ["a"], "default": "b"},
    ):
        ada.patch(path, {"attributes": [wrong]}).refused(400, "bad_attributes")
    for wrong_skeleton in (
        {"points": ["a", "b"], "mirrored": [[0, 1], [1, 0]]},
        {"points": ["a", "b"], "places": [[0, 0]]},
        {"points": ["a", "b"], "places": [[0, 0], [0, 2]]},
    ):
        ada.patch(path, {"skeleton": wrong_skeleton}).refused(400, "bad_skeleton")
    placed = skeleton | {"mirrored": [[0, 1]], "places": [[0, 0], [1, 0.5]]}
    assert ada.patch(path, {"skeleton": placed}).ok()["skeleton"] == placed
    image = ada.images(project["id"], 1)[0]
    shape = {"type": "skeleton", "points": [[1, 1, 2], [9, 9, 2]]}
    key = "6f1f2f6a-7d1a-4c0c-9d57-00000000000a"
    ada.change(image, create=[{"uuid": key, "class": made["id"], "shape": shape}]).ok()
    ada.patch(path, {"skeleton": {"points": ["a", "b", "c"]}}).refused(400, "skeleton_in_use")
    assert (
        ada.patch(path, {"skeleton": {"points": ["nose", "fin"], "edges": []}}).ok()["skeleton"]["points"][0] == "nose"
    )
    ada.post(f"{path}merge/", {"into": project["classes"][0]["id"]}).refused(400, "skeletons_differ")


def test_attributes_keep_to_their_class(ada: Api, project: dict[str, Any]) -> None:
    cell = project["classes"][0]["id"]
    path = f"classes/{cell}/"
    image = ada.images(project["id"], 1)[0]
    key = "6f1f2f6a-7d1a-4c0c-9d57-00000000000b"
    box = {"type": "box", "box": [1, 1, 5, 5]}
    entry = {"uuid": key, "class": cell, "shape": box, "attributes": {"age": "old", "note": "free"}}
    ada.change(image, create=[entry]).ok()
    ada.patch(path, {"attributes": [{"name": "age", "type": "number", "min": 0}]}).ok()
    head = Revision.objects.count()
    wrong = [{"uuid": key, "attributes": {"age": "older"}}]
    assert "age is 'older'; it must be a number" in ada.change(image, update=wrong).refused(400, "bad_annotation")
    assert Revision.objects.count() == head
    # What it said before the definition it may go on saying, also when it comes back after it was deleted.
    ada.change(image, update=[entry | {"shape": {"type": "box", "box": [2, 2, 5, 5]}}]).ok()
    ada.change(image, delete=[key]).ok()
    ada.change(image, create=[entry]).ok()
    ada.change(image, update=[{"uuid": key, "attributes": {"age": 3}}]).ok()
    other = entry | {"uuid": "6f1f2f6a-7d1a-4c0c-9d57-00000000000c", "attributes": {"age": -1}}
    ada.change(image, create=[other]).refused(400, "bad_annotation")
