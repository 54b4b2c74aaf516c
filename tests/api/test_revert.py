"""Undoing revisions, operations and whole afternoons; what was done later is never overwritten."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from datasets_app.models import Annotation, Project, Revision
from datasets_app.services import rewrite
from tests.client import Api


def timeline(ada: Api, project: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ada.get(f"projects/{project['id']}/revisions/", **params).ok()["results"]
    return rows


def digest(project: dict[str, Any]) -> str:
    return Project.objects.get(pk=project["id"]).digest


@pytest.fixture
def grace(ada: Api, project: dict[str, Any]) -> Api:
    other = Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "manager"}).ok(201)
    return other


def test_the_preview_says_what_would_change_and_changes_nothing(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    image = ada.images(project["id"], 1)[0]
    kept, gone = ada.label(image, cell), ada.label(image, cell, (5, 5, 9, 9))
    ada.change(image, update=[{"uuid": kept, "class": debris}], delete=[gone]).ok()
    head = digest(project)
    row = timeline(ada, project)[0]
    preview = ada.get(f"revisions/{row['id']}/revert/").ok()
    assert preview["objects"] == {"added": 1, "removed": 0, "changed": 1}
    assert preview["images"] == {"added": 0, "removed": 0, "changed": 0}
    assert (preview["conflict_count"], preview["revisions"]) == (0, [row["number"]])
    assert digest(project) == head
    done = ada.post(f"revisions/{row['id']}/revert/").ok()
    assert done["objects"] == preview["objects"]


def test_conflicts_show_both_sides_and_who_came_later(ada: Api, project: dict[str, Any], grace: Api) -> None:
    image = ada.images(project["id"], 1)[0]
    key, other = (ada.label(image, project["classes"][0]["id"], (x, 1, 5, 5)) for x in (1, 20))
    ada.change(image, update=[{"uuid": key, "occluded": True}, {"uuid": other, "occluded": True}]).ok()
    changed = timeline(ada, project)[0]
    grace.change(image, update=[{"uuid": key, "crowd": True}]).ok()
    head = digest(project)
    preview = ada.get(f"revisions/{changed['id']}/revert/").ok()
    answer = ada.post(f"revisions/{changed['id']}/revert/")
    answer.refused(409, "conflict")
    assert answer.body["conflicts"] == preview["conflicts"]
    (clash,) = answer.body["conflicts"]
    assert (clash["noun"], clash["uuid"], clash["reason"], clash["changed_by"]) == ("object", key, "changed", "grace")
    assert (clash["now"]["crowd"], clash["now"]["occluded"]) == (True, True)
    assert (clash["then"]["crowd"], clash["then"]["occluded"]) == (False, False)
    assert digest(project) == head
    done = ada.post(f"revisions/{changed['id']}/revert/", {"on_conflict": "keep_later"}).ok()
    assert (done["conflict_count"], done["objects"]["changed"]) == (1, 1)
    rows = {row["uuid"]: row for row in ada.annotations(image)}
    assert (rows[key]["occluded"], rows[key]["crowd"], rows[other]["occluded"]) == (True, True, False)


def test_an_edit_that_was_undone_is_no_conflict(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    clean = digest(project)
    key = ada.label(image, project["classes"][0]["id"])
    ada.change(image, update=[{"uuid": key, "crowd": True}]).ok()
    edited, created = timeline(ada, project)[:2]
    ada.post(f"revisions/{edited['id']}/revert/").ok()
    ada.post(f"revisions/{created['id']}/revert/").ok()
    assert digest(project) == clean


def test_an_image_with_later_labels_is_not_taken_away(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    upload = timeline(ada, project)[0]
    key = str(uuid4())
    label = {"uuid": key, "class": project["classes"][0]["id"], "shape": {"type": "box", "box": [1, 1, 5, 5]}}
    ada.change(image, create=[label], state="unlabelled").ok()
    answer = ada.post(f"revisions/{upload['id']}/revert/")
    answer.refused(409, "conflict")
    assert [(clash["noun"], clash["reason"]) for clash in answer.body["conflicts"]] == [("image", "in_use")]
    assert [row["uuid"] for row in ada.annotations(image)] == [key]


def test_an_object_does_not_come_back_without_its_image(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    key = ada.label(image, project["classes"][0]["id"])
    ada.change(image, delete=[key]).ok()
    deleted = timeline(ada, project)[0]
    ada.post(f"projects/{project['id']}/images/bulk/", {"ids": [image], "action": "delete"}).ok()
    answer = ada.post(f"revisions/{deleted['id']}/revert/")
    answer.refused(409, "conflict")
    assert {clash["reason"] for clash in answer.body["conflicts"]} == {"deleted", "image_deleted"}


def test_an_afternoon_of_one_person_is_undone_and_the_rest_stays(ada: Api, project: dict[str, Any], grace: Api) -> None:
    cell = project["classes"][0]["id"]
    one, two = ada.images(project["id"], 2)
    first = timeline(ada, project)[0]["number"] + 1
    mine = [ada.label(one, cell)]
    hers = [grace.label(one, cell, (30, 1, 5, 5)), grace.label(two, cell)]
    grace.change(two, update=[{"uuid": hers[1], "crowd": True}]).ok()
    mine.append(ada.label(one, cell, (50, 1, 5, 5)))
    last = timeline(ada, project)[0]["number"]
    path = f"projects/{project['id']}/revert/"
    chosen = {"first": first, "last": last, "author": "grace"}
    preview = ada.get(path, **chosen).ok()
    assert (preview["objects"]["removed"], preview["conflict_count"], len(preview["revisions"])) == (2, 0, 3)
    ada.post(path, chosen).ok()
    assert {row["uuid"] for row in ada.annotations(one)} == set(mine)
    assert ada.annotations(two) == []
    shown = {row["number"]: row["is_reverted"] for row in timeline(ada, project)}
    assert sum(shown.values()) == 3
    ada.post(path, chosen).refused(400, "already_reverted")
    ada.post(path, {"first": 900, "last": 901}).refused(400, "no_revisions")


def test_reverting_a_revert_shows_the_first_one_as_done_again(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    key = ada.label(image, project["classes"][0]["id"])
    made = timeline(ada, project)[0]["id"]
    for round_ in range(3):
        ada.post(f"revisions/{made}/revert/").ok()
        assert ada.annotations(image) == [], round_
        ada.post(f"revisions/{made}/revert/").refused(400, "already_reverted")
        ada.post(f"revisions/{timeline(ada, project)[0]['id']}/revert/").ok()
        assert [row["uuid"] for row in ada.annotations(image)] == [key]
        assert not next(row for row in timeline(ada, project) if row["id"] == made)["is_reverted"]


def test_large_work_is_a_job_of_several_revisions_shown_and_undone_as_one(
    ada: Api, project: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr(rewrite, "ROWS_A_REVISION", 3)
    cell, debris = (row["id"] for row in project["classes"])
    images = ada.images(project["id"], 6)
    for image in images:
        ada.label(image, cell)
    labelled = digest(project)
    path = f"projects/{project['id']}/images/bulk/"
    ada.post(path, {"ids": images, "action": "set_class", "value": debris}).ok()
    relabelled, row = digest(project), timeline(ada, project)[0]
    preview = ada.get(f"revisions/{row['id']}/revert/").ok()
    assert (preview["is_large"], preview["conflict_count"]) == (True, 0)
    assert preview["objects"] == {"added": 0, "removed": 0, "changed": 6}
    result = ada.succeed(ada.post(f"revisions/{row['id']}/revert/").ok(202))
    assert result["revisions"] > 1
    assert result["objects"]["changed"] == 6
    assert digest(project) == labelled
    entry = timeline(ada, project)[0]
    assert (entry["kind"], entry["revisions"], entry["is_running"]) == ("revert", result["revisions"], False)
    assert entry["counts"]["objects"] == {"added": 0, "removed": 0, "changed": 6}
    ada.succeed(ada.post(f"revisions/{entry['id']}/revert/").ok(202))
    assert digest(project) == relabelled
    assert set(Annotation.objects.now().values_list("label_class_id", flat=True)) == {debris}


def test_the_preview_of_large_work_counts_what_it_did_and_finds_what_came_later(
    ada: Api, project: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    images = ada.images(project["id"], 4)
    keys = [ada.label(image, cell) for image in images]
    path = f"projects/{project['id']}/images/bulk/"
    ada.post(path, {"ids": images, "action": "set_class", "value": debris}).ok()
    row = timeline(ada, project)[0]
    ada.change(images[1], delete=[keys[1]]).ok()
    ada.change(images[2], update=[{"uuid": keys[2], "occluded": True}]).ok()
    whole = ada.get(f"revisions/{row['id']}/revert/").ok()
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 4)
    preview = ada.get(f"revisions/{row['id']}/revert/").ok()
    assert preview["is_large"]
    assert preview["objects"] == {"added": 0, "removed": 0, "changed": 4}
    assert (preview["conflict_count"], preview["conflicts"]) == (2, whole["conflicts"])


def test_a_job_tells_of_the_conflicts_that_it_kept(
    ada: Api, project: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 1)
    image = ada.images(project["id"], 1)[0]
    keys = [ada.label(image, project["classes"][0]["id"], (x, 1, 5, 5)) for x in (1, 20)]
    ada.change(image, update=[{"uuid": key, "occluded": True} for key in keys]).ok()
    row = timeline(ada, project)[0]
    ada.change(image, update=[{"uuid": keys[0], "crowd": True}]).ok()
    job = ada.post(f"revisions/{row['id']}/revert/", {"on_conflict": "keep_later"}).ok(202)
    result = ada.succeed(job)
    assert [clash["uuid"] for clash in result["conflicts"]] == keys[:1]
    assert result["conflicts"][0]["now"]["shape"]["type"] == "box"


def test_an_annotator_may_not_revert(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    linus = Api("linus")
    ada.post(f"projects/{project['id']}/members/", {"username": "linus", "role": "annotator"}).ok(201)
    head = Revision.objects.count()
    row = timeline(ada, project)[0]
    linus.post(f"revisions/{row['id']}/revert/").refused(403, "role_too_low")
    linus.post(f"projects/{project['id']}/revert/", {"first": 1, "last": 9}).refused(403, "role_too_low")
    linus.post(f"projects/{project['id']}/restore/", {"revision": 1}).refused(403, "role_too_low")
    assert Revision.objects.count() == head
