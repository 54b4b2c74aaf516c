"""The timeline, and the history of one object, one image and one class."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.client import Api


def timeline(ada: Api, project: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ada.get(f"projects/{project['id']}/revisions/", **params).ok()["results"]
    return rows


def test_an_entry_counts_objects_images_and_classes_apart(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    image = ada.images(project["id"], 1)[0]
    first = ada.label(image, cell)
    row = timeline(ada, project)[0]
    nothing = {"added": 0, "removed": 0, "changed": 0}
    assert row["counts"]["objects"] == nothing | {"added": 1}
    assert row["counts"]["images"] == nothing | {"changed": 1}
    assert row["counts"]["classes"] == nothing
    assert row["per_class"] == [{"class": cell, "added": 1, "removed": 0}]
    assert (row["touched"], [part["image"] for part in row["sample"]]) == (1, [image])
    second = {"uuid": str(uuid4()), "class": cell, "shape": {"type": "tag"}}
    ada.change(image, create=[second], update=[{"uuid": first, "class": debris}]).ok()
    row = timeline(ada, project)[0]
    assert row["counts"]["objects"] == nothing | {"added": 1, "changed": 1}
    assert row["counts"]["images"] == nothing
    assert {part["class"]: (part["added"], part["removed"]) for part in row["per_class"]} == {
        cell: (1, 1),
        debris: (1, 0),
    }
    upload, made = timeline(ada, project)[2:]
    assert upload["counts"]["images"] == nothing | {"added": 1}
    assert made["counts"]["classes"] == nothing | {"added": 2}


def test_the_timeline_is_filtered(ada: Api, project: dict[str, Any]) -> None:
    grace = Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "annotator"}).ok(201)
    one, two = ada.images(project["id"], 2)
    ada.label(one, project["classes"][0]["id"])
    grace.label(two, project["classes"][0]["id"])
    assert [row["number"] for row in timeline(ada, project, author="grace")] == [4]
    assert [row["number"] for row in timeline(ada, project, kind="edit")] == [4, 3]
    assert [row["number"] for row in timeline(ada, project, image=one)] == [3, 2]
    assert timeline(ada, project, since="2001-01-01", until="2002-01-01T00:00:00Z") == []
    assert len(timeline(ada, project, since="2001-01-01")) == 4
    ada.get(f"projects/{project['id']}/revisions/", since="noon").refused(400, "bad_time")


def test_an_entry_names_the_versions_of_its_revision(ada: Api, project: dict[str, Any]) -> None:
    ada.images(project["id"], 1)
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "first"}).ok(201)
    assert timeline(ada, project)[0]["versions"] == [{"id": version["id"], "number": 1, "name": "first"}]


def test_the_history_of_an_object_says_who_did_what(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    grace = Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "annotator"}).ok(201)
    image = ada.images(project["id"], 1)[0]
    key = ada.label(image, cell)
    grace.change(image, update=[{"uuid": key, "class": debris}]).ok()
    ada.change(image, update=[{"uuid": key, "shape": {"type": "box", "box": [4, 3, 20, 10]}}]).ok()
    grace.change(image, delete=[key]).ok()
    ada.post(f"revisions/{timeline(ada, project)[0]['id']}/revert/").ok()
    path = f"images/{image}/annotations/{key}/history/"
    events = ada.get(path).ok()["results"]
    assert [(event["kinds"], event["author"]) for event in events] == [
        (["restored"], "ada"),
        (["removed"], "grace"),
        (["moved"], "ada"),
        (["relabelled"], "grace"),
        (["added"], "ada"),
    ]
    assert [event["object"] and event["object"]["class"] for event in events] == [debris, None, debris, debris, cell]
    assert ada.get(f"images/{image}/annotations/{uuid4()}/history/").status == 404
    stranger = Api("mallory")
    assert stranger.get(path).status == 404


def test_the_history_of_an_image_counts_objects_and_shows_its_state(ada: Api, project: dict[str, Any]) -> None:
    cell = project["classes"][0]["id"]
    image, other = ada.images(project["id"], 2)
    key = ada.label(image, cell)
    ada.label(other, cell)
    ada.change(image, update=[{"uuid": key, "crowd": True}], state="in_progress").ok()
    events = ada.get(f"images/{image}/history/").ok()["results"]
    assert [event["number"] for event in events] == [5, 3, 2]
    assert [event["objects"]["changed"] for event in events] == [1, 0, 0]
    assert [event["kinds"] for event in events] == [["state"], ["state"], ["added"]]
    assert [event["state"]["state"] for event in events] == ["in_progress", "annotated", "unlabelled"]
    page = ada.get(f"images/{image}/history/", limit=2).ok()
    rest = ada.get(f"images/{image}/history/", limit=2, cursor=page["next"]).ok()
    assert [event["number"] for event in page["results"] + rest["results"]] == [5, 3, 2]
    assert rest["next"] is None


def test_the_history_of_a_class(ada: Api, project: dict[str, Any]) -> None:
    cell = project["classes"][0]["id"]
    ada.patch(f"classes/{cell}/", {"name": "red cell", "color": "#ff0000"}).ok()
    assert ada.delete(f"classes/{cell}/").status == 204
    events = ada.get(f"classes/{cell}/history/").ok()["results"]
    assert [event["kinds"] for event in events] == [["removed"], ["name", "color"], ["added"]]
    assert [event["state"] and event["state"]["name"] for event in events] == [None, "red cell", "cell"]
