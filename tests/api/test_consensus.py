"""Consensus rounds: private opinions, agreement per person and class, merging as one revision; ground truth."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from annotator.core.access import Role
from annotator.editing.models import ConsensusRound, GroundTruth, Opinion
from datasets_app.models import Revision
from tests.api.test_comments import member
from tests.client import Answer, Api


@pytest.fixture
def people(project: dict[str, Any]) -> list[Api]:
    return [member(project, name, Role.ANNOTATOR) for name in ("bob", "cem", "dee")]


def box(label_class: int, *sides: float) -> dict[str, Any]:
    return {"uuid": str(uuid4()), "class": label_class, "shape": {"type": "box", "box": list(sides)}}


def open_round(ada: Api, project: dict[str, Any], ids: list[int], copies: int = 3) -> dict[str, Any]:
    body = {"name": "Overlap", "copies": copies, "people": ["bob", "cem", "dee"], "ids": ids}
    made: dict[str, Any] = ada.post(f"projects/{project['id']}/consensus/", body).ok(201)
    return made


def save(api: Api, opinion: int, base: int = 0, batch: str | None = None, **changes: Any) -> Answer:
    body = {"base_revision": base, "batch_id": batch or str(uuid4()), **changes}
    return api.post(f"opinions/{opinion}/changes/", body)


def give(api: Api, round_: dict[str, Any], *objects: dict[str, Any]) -> None:
    """The person's whole opinion on the next image."""
    opinion = api.post(f"consensus/{round_['id']}/next/").ok()["opinion"]
    save(api, opinion, create=list(objects)).ok()
    api.post(f"opinions/{opinion}/submit/").ok()


def test_nobody_sees_or_disturbs_anybody(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    [image] = ada.images(project["id"], 1)
    cell = project["classes"][0]["id"]
    ada.label(image, cell)
    before = ada.annotations(image), Revision.objects.count()
    bob, cem, _ = people
    round_ = open_round(ada, project, [image])
    mine = bob.post(f"consensus/{round_['id']}/next/").ok()
    theirs = cem.post(f"consensus/{round_['id']}/next/").ok()
    assert (mine["image"], theirs["image"]) == (image, image)
    item, batch = box(cell, 1, 1, 10, 10), str(uuid4())
    answer = save(bob, mine["opinion"], batch=batch, create=[item]).ok()
    assert (answer["revision"], answer["created"]) == (1, 1)
    assert save(bob, mine["opinion"], batch=batch, create=[item]).ok() == answer, "a replay changes nothing"
    changed = {"uuid": item["uuid"], "shape": {"type": "box", "box": [2, 2, 10, 10]}}
    assert save(bob, mine["opinion"], 1, update=[changed]).ok()["updated"] == 1
    [own] = bob.get(f"opinions/{mine['opinion']}/annotations/").ok()["annotations"]
    assert (own["shape"]["box"], own["class"]) == ([2, 2, 10, 10], cell)
    assert cem.get(f"opinions/{theirs['opinion']}/annotations/").ok()["annotations"] == []
    for api in (cem, ada):
        assert api.get(f"opinions/{mine['opinion']}/annotations/").status == 404
        assert save(api, mine["opinion"], delete=[item["uuid"]]).status == 404
    assert save(bob, mine["opinion"], 2, delete=[item["uuid"]]).ok()["deleted"] == 1
    assert before == (ada.annotations(image), Revision.objects.count())


def test_no_more_opinions_than_wanted(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    first, second = ada.images(project["id"], 2)
    round_ = open_round(ada, project, [first, second], copies=2)
    bob, cem, dee = people
    given = [api.post(f"consensus/{round_['id']}/next/").ok()["image"] for api in (bob, cem, dee, bob)]
    assert given == [first, first, second, first]


def test_agreement_and_what_becomes_of_it(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    [image] = ada.images(project["id"], 1)
    cell, debris = (item["id"] for item in project["classes"])
    ada.label(image, cell, (0, 0, 10, 10))
    ada.post(f"projects/{project['id']}/ground-truth/", {"ids": [image], "marked": True}).ok()
    round_ = open_round(ada, project, [image])
    bob, cem, dee = people
    give(bob, round_, box(cell, 0, 0, 10, 10), box(debris, 30, 30, 8, 8))
    give(cem, round_, box(cell, 0, 0, 10, 8))
    give(dee, round_, box(debris, 0, 0, 10, 9))
    report = ada.get(f"consensus/{round_['id']}/agreement/").ok()
    rows = {(row["annotator"], row["class"]): row for row in report["truth"]["rows"]}
    assert (rows["bob", cell]["matched"], rows["bob", cell]["iou"]) == (1, 1.0)
    assert (rows["bob", debris]["extra"], rows["bob", debris]["images"]["extra"]) == (1, [image])
    assert (rows["cem", cell]["matched"], rows["cem", cell]["iou"]) == (1, pytest.approx(0.8))
    assert (rows["dee", cell]["matched"], rows["dee", cell]["other_class"]) == (0, 1)
    peers = {(row["annotator"], row["class"]): row for row in report["peers"]["rows"]}
    assert (peers["cem", debris]["reference"], peers["cem", debris]["missing"]) == (2, 1)
    strict = ada.get(f"consensus/{round_['id']}/agreement/", iou=0.95).ok()
    assert {row["annotator"]: row["missing"] for row in strict["truth"]["rows"] if row["class"] == cell} == {
        "bob": 0,
        "cem": 1,
        "dee": 1,
    }
    merged = ada.post(f"consensus/{round_['id']}/merge/", {"quorum": 2}).ok()
    assert merged["images"] == 1
    [agreed] = ada.annotations(image)
    assert (agreed["class"], agreed["score"]) == (cell, 1.0)
    assert ada.post(f"consensus/{round_['id']}/merge/", {"quorum": 2}).ok() == {"revision": None, "images": 0}
    revision = Revision.objects.get(number=merged["revision"])
    ada.post(f"revisions/{revision.pk}/revert/").ok()
    [before] = ada.annotations(image)
    assert before["shape"]["box"] == [0, 0, 10, 10]


def test_what_is_not_complete_is_not_merged(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    [image] = ada.images(project["id"], 1)
    round_ = open_round(ada, project, [image], copies=2)
    give(people[0], round_, box(project["classes"][0]["id"], 0, 0, 10, 10))
    assert ada.post(f"consensus/{round_['id']}/merge/", {"quorum": 1}).ok()["images"] == 0
    ada.post(f"consensus/{round_['id']}/merge/", {"quorum": 3}).refused(400, "bad_quorum")
    assert ada.annotations(image) == []


def test_an_opinion_that_was_handed_in_is_closed(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    [image] = ada.images(project["id"], 1)
    round_ = open_round(ada, project, [image])
    give(people[0], round_)
    opinion = Opinion.objects.get()
    save(people[0], opinion.pk, create=[box(project["classes"][0]["id"], 0, 0, 5, 5)]).refused(409, "opinion_closed")
    assert Opinion.objects.get().objects_text == "[]"


def test_ground_truth_measures_what_was_submitted_first(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    first, second = ada.images(project["id"], 2)
    cell = project["classes"][0]["id"]
    bob = people[0]
    path = f"projects/{project['id']}/ground-truth/"
    bob.label(first, cell, (0, 0, 10, 10))
    bob.post(f"images/{first}/review/submit/").ok()
    ada.label(first, cell, (30, 20, 10, 10))
    assert ada.post(path, {"ids": [first, second], "marked": True}).ok()["count"] == 2
    assert ada.post(path, {"ids": [second], "marked": False}).ok()["count"] == 1
    [row] = ada.get(path).ok()["rows"]
    assert (row["annotator"], row["reference"], row["matched"], row["missing"]) == ("bob", 2, 1, 1)
    grid = ada.get(f"projects/{project['id']}/images/", ground_truth="true").ok()["results"]
    assert [(item["id"], item["ground_truth"]) for item in grid] == [(first, True)]
    ada.get(path, iou="much").refused(400, "bad_iou")
    assert bob.post(path, {"ids": [second], "marked": True}).status == 403
    assert GroundTruth.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"copies": 4}, "bad_copies"),
        ({"people": ["bob", "nobody"]}, "bad_people"),
        ({"ids": []}, "no_images"),
        ({"filter": {}}, "bad_round"),
    ],
)
def test_rounds_that_cannot_be(
    ada: Api, people: list[Api], project: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    ids = ada.images(project["id"], 1)
    body = {"name": "Overlap", "copies": 2, "people": ["bob", "cem", "dee"], "ids": ids, **change}
    ada.post(f"projects/{project['id']}/consensus/", body).refused(400, code)
    assert not ConsensusRound.objects.exists()


def test_who_may_what(ada: Api, people: list[Api], stranger: Api, project: dict[str, Any]) -> None:
    ids = ada.images(project["id"], 1)
    round_ = open_round(ada, project, ids)
    for api, status in ((people[0], 403), (stranger, 404)):
        assert api.get(f"consensus/{round_['id']}/agreement/").status == status
        assert api.post(f"consensus/{round_['id']}/merge/", {"quorum": 2}).status == status
        body = {"name": "Mine", "copies": 2, "people": ["bob", "cem"], "ids": ids}
        assert api.post(f"projects/{project['id']}/consensus/", body).status == status
    assert stranger.post(f"consensus/{round_['id']}/next/").status == 404
    ada.post(f"consensus/{round_['id']}/next/").refused(403, "not_in_round")
    assert (ConsensusRound.objects.count(), Opinion.objects.count()) == (1, 0)
