"""The timeline and undoing one entry of it."""

from __future__ import annotations

from typing import Any

from datasets_app.models import Project, Revision
from tests.client import Api


def timeline(ada: Api, project: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ada.get(f"projects/{project['id']}/revisions/").ok()["results"]
    return rows


def test_every_change_is_on_the_timeline(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    rows = timeline(ada, project)
    assert [(row["number"], row["kind"], row["author"]) for row in rows] == [
        (3, "edit", "ada"),
        (2, "upload", "ada"),
        (1, "classes", "ada"),
    ]
    page = ada.get(f"projects/{project['id']}/revisions/", limit=2).ok()
    rest = ada.get(f"projects/{project['id']}/revisions/", limit=2, cursor=page["next"]).ok()
    assert [row["number"] for row in page["results"] + rest["results"]] == [3, 2, 1]
    assert rest["next"] is None


def test_reverting_restores_exactly_what_was(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    image = ada.images(project["id"], 1)[0]
    kept, gone = ada.label(image, cell), ada.label(image, cell, (5, 5, 9, 9))
    before, digest = ada.annotations(image), Project.objects.get(pk=project["id"]).digest
    ada.change(image, update=[{"uuid": kept, "class": debris}], delete=[gone], state="skipped").ok()
    ada.post(f"revisions/{timeline(ada, project)[0]['id']}/revert/").ok()
    after = ada.annotations(image)
    without = {"created_in", "created_by"}
    assert [{k: v for k, v in row.items() if k not in without} for row in after] == [
        {k: v for k, v in row.items() if k not in without} for row in before
    ]
    assert Project.objects.get(pk=project["id"]).digest == digest
    assert ada.get(f"images/{image}/").ok()["state"] == "annotated"
    assert [row["is_reverted"] for row in timeline(ada, project)[:2]] == [False, True]


def test_reverting_is_refused_where_later_work_would_be_lost(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    key = ada.label(image, project["classes"][0]["id"])
    created = timeline(ada, project)[0]["id"]
    ada.change(image, update=[{"uuid": key, "crowd": True}]).ok()
    head = Revision.objects.count()
    answer = ada.post(f"revisions/{created}/revert/")
    answer.refused(409, "conflict")
    assert [clash["uuid"] for clash in answer.body["conflicts"]] == [key]
    assert Revision.objects.count() == head
    assert len(ada.annotations(image)) == 1


def test_a_revision_is_reverted_once(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    row = timeline(ada, project)[0]["id"]
    ada.post(f"revisions/{row}/revert/").ok()
    ada.post(f"revisions/{row}/revert/").refused(400, "already_reverted")


def test_a_revert_can_be_reverted(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    key = ada.label(image, project["classes"][0]["id"])
    ada.post(f"revisions/{timeline(ada, project)[0]['id']}/revert/").ok()
    assert ada.annotations(image) == []
    ada.post(f"revisions/{timeline(ada, project)[0]['id']}/revert/").ok()
    assert [row["uuid"] for row in ada.annotations(image)] == [key]
