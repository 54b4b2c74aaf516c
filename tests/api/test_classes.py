"""Classes change without touching labels or older versions."""

from __future__ import annotations

from typing import Any

import pytest

from datasets_app.models import Revision
from tests.client import Api


def test_projects_are_created_with_palette_and_hotkeys(ada: Api) -> None:
    body = {
        "name": "Cells",
        "task": "detection",
        "classes": [{"name": "a"}, {"name": "b", "color": "#FF0000", "hotkey": "x"}],
    }
    classes = ada.post("projects/", body).ok(201)["classes"]
    assert [(row["number"], row["name"], row["color"], row["hotkey"]) for row in classes] == [
        (1, "a", "#0072b2", "1"),
        (2, "b", "#ff0000", "x"),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "x", "task": "poetry"}, "bad_task"),
        ({"name": "x", "task": "detection", "classes": [{"name": "a"}, {"name": "a"}]}, "class_exists"),
        ({"name": "x", "task": "detection", "classes": [{"name": "a", "color": "red"}]}, "bad_color"),
        ({"task": "detection"}, "invalid"),
    ],
)
def test_a_bad_project_is_refused_whole(ada: Api, body: dict[str, Any], code: str) -> None:
    ada.post("projects/", body).refused(400, code)
    assert ada.get("projects/").ok()["results"] == []


def test_renaming_a_class_keeps_labels_and_old_exports(ada: Api, project: dict[str, Any]) -> None:
    cell = project["classes"][0]["id"]
    image = ada.images(project["id"], 1)[0]
    key = ada.label(image, cell)
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "before"}).ok(201)
    ada.patch(f"classes/{cell}/", {"name": "red cell", "color": "#00ff00"}).ok()
    assert ada.annotations(image)[0]["class"] == cell
    assert ada.annotations(image)[0]["uuid"] == key
    assert [row["name"] for row in ada.get(f"projects/{project['id']}/").ok()["classes"]] == ["red cell", "debris"]
    assert ada.get(f"versions/{version['id']}/").ok()["statistics"]["classes"][0]["name"] == "cell"


def test_a_class_in_use_is_not_retired(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    image = ada.images(project["id"], 1)[0]
    ada.label(image, cell)
    assert "1 labels have the class cell" in ada.delete(f"classes/{cell}/").refused(400, "class_in_use")
    assert ada.delete(f"classes/{debris}/").status == 204
    assert [row["name"] for row in ada.get(f"projects/{project['id']}/").ok()["classes"]] == ["cell"]
    ada.patch(f"classes/{debris}/", {"name": "x"}).refused(400, "class_retired")


def test_an_unchanged_class_makes_no_revision(ada: Api, project: dict[str, Any]) -> None:
    head = Revision.objects.count()
    ada.patch(f"classes/{project['classes'][0]['id']}/", {"name": "cell"}).ok()
    assert Revision.objects.count() == head
