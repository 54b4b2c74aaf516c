"""What a reviewer sees of a round, pair by pair and image by image, and what their decisions make of it."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.access import Role
from annotator.editing.models import Opinion
from datasets_app.models import ImageState, Revision
from tests.api.test_comments import member
from tests.api.test_consensus import box, give, open_round, save
from tests.client import Api


@pytest.fixture
def people(project: dict[str, Any]) -> list[Api]:
    return [member(project, name, Role.ANNOTATOR) for name in ("bob", "cem", "dee")]


@pytest.fixture
def classes(project: dict[str, Any]) -> tuple[int, int]:
    cell, debris = (item["id"] for item in project["classes"])
    return cell, debris


Round = dict[str, Any]


@pytest.fixture
def image(ada: Api, project: dict[str, Any]) -> int:
    return ada.images(project["id"], 1)[0]


@pytest.fixture
def disputed(ada: Api, people: list[Api], project: dict[str, Any], image: int, classes: tuple[int, int]) -> Round:
    """A cell that both have, called otherwise by cem; a second thing that bob alone has."""
    cell, debris = classes
    round_ = open_round(ada, project, [image], copies=2)
    give(people[0], round_, box(cell, 0, 0, 10, 10), box(cell, 30, 30, 8, 8))
    give(people[1], round_, box(debris, 0, 0, 10, 8))
    return round_


def compared(ada: Api, round_: Round, image: int) -> dict[str, Any]:
    body: dict[str, Any] = ada.get(f"consensus/{round_['id']}/images/{image}/").ok()
    return body


def settle(ada: Api, round_: Round, image: int, *taken: dict[str, Any]) -> dict[str, Any]:
    take = [{"annotator": item["annotator"], "uuid": item["uuid"]} for item in taken]
    body = {"quorum": 2, "decisions": [{"image": image, "take": take}]}
    merged: dict[str, Any] = ada.post(f"consensus/{round_['id']}/merge/", body).ok()
    return merged


def test_pairs_and_images_of_the_report(ada: Api, disputed: Round, image: int) -> None:
    report = ada.get(f"consensus/{disputed['id']}/agreement/").ok()
    [pair] = report["pairs"]
    assert (pair["first"], pair["second"], pair["images"]) == ("bob", "cem", 1)
    assert (pair["alike"], pair["other_class"], pair["alone"], pair["agreement"]) == (0, 1, 1, 0.0)
    assert (pair["iou"], pair["differing"]) == (pytest.approx(0.8), [image])
    [row] = report["images"]
    assert (row["id"], row["conflicts"], row["support"], row["complete"]) == (image, 2, [1, 1], True)
    assert row["people"] == [{"username": "bob", "objects": 2}, {"username": "cem", "objects": 1}]


def test_the_image_thing_by_thing(ada: Api, disputed: Round, image: int, classes: tuple[int, int]) -> None:
    cell, debris = classes
    body = compared(ada, disputed, image)
    assert (body["people"], body["complete"], body["merged_in"]) == (["bob", "cem"], True, None)
    both, alone = body["groups"]
    assert [(item["annotator"], item["class"]) for item in both["objects"]] == [("bob", cell), ("cem", debris)]
    assert (both["iou"], alone["iou"]) == (pytest.approx(0.8), None)
    assert [item["annotator"] for item in alone["objects"]] == ["bob"]


def test_decisions_are_what_the_image_holds_and_one_revision(
    ada: Api, disputed: Round, image: int, classes: tuple[int, int]
) -> None:
    cell, debris = classes
    ada.label(image, cell, (1, 1, 3, 3))
    head = Revision.objects.count()
    both, alone = compared(ada, disputed, image)["groups"]
    done = settle(ada, disputed, image, both["objects"][1], alone["objects"][0])
    assert (done["images"], Revision.objects.count()) == (1, head + 1)
    held = [(item["class"], item["shape"]["box"], item["score"]) for item in ada.annotations(image)]
    assert held == [(debris, [0, 0, 10, 8], 1.0), (cell, [30, 30, 8, 8], 0.5)]
    # when: it is taken back, what was there before is there again, and the image can be settled anew
    revision = Revision.objects.get(number=done["revision"])
    ada.post(f"revisions/{revision.pk}/revert/").ok()
    assert [item["shape"]["box"] for item in ada.annotations(image)] == [[1, 1, 3, 3]]
    assert settle(ada, disputed, image)["images"] == 1
    assert ada.annotations(image) == []
    assert ImageState.objects.now().get(image=image).status == "verified_empty"


def test_decisions_on_what_nobody_handed_in(ada: Api, disputed: Round, image: int, people: list[Api]) -> None:
    foreign = {"annotator": "bob", "uuid": "00000000-0000-4000-8000-000000000009"}
    body = {"quorum": 2, "decisions": [{"image": image, "take": [foreign]}]}
    ada.post(f"consensus/{disputed['id']}/merge/", body).refused(400, "bad_decision")
    body["decisions"] = [{"image": image + 1, "take": []}]
    ada.post(f"consensus/{disputed['id']}/merge/", body).refused(409, "not_complete")
    assert people[0].post(f"consensus/{disputed['id']}/merge/", body).status == 403
    assert (ada.annotations(image), Revision.objects.filter(kind="consensus").count()) == ([], 0)


def test_who_takes_part_labels_before_they_look(ada: Api, project: dict[str, Any], image: int) -> None:
    bob, rae = member(project, "bob", Role.ANNOTATOR), member(project, "rae", Role.REVIEWER)
    body = {"name": "Overlap", "copies": 2, "people": ["bob", "rae"], "ids": [image]}
    round_ = ada.post(f"projects/{project['id']}/consensus/", body).ok(201)
    give(bob, round_)
    rae.get(f"consensus/{round_['id']}/images/{image}/").refused(409, "own_labels_first")
    assert bob.get(f"consensus/{round_['id']}/images/{image}/").status == 403
    give(rae, round_)
    assert rae.get(f"consensus/{round_['id']}/images/{image}/").ok()["people"] == ["bob", "rae"]


def test_progress_of_each_person(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    ids = ada.images(project["id"], 2)
    round_ = open_round(ada, project, ids, copies=2)
    bob, cem, _ = people
    give(bob, round_)
    cem.post(f"consensus/{round_['id']}/next/").ok()
    row = bob.get(f"consensus/{round_['id']}/").ok()
    assert (row["images"], row["given"], row["complete"], row["open_to_me"]) == (2, 1, 0, 1)
    assert [(one["username"], one["done"], one["begun"]) for one in row["people"]] == [
        ("bob", 1, 1),
        ("cem", 0, 1),
        ("dee", 0, 0),
    ]
    own = bob.get(f"consensus/{round_['id']}/opinions/").ok()["results"]
    assert [(one["image"], one["is_open"]) for one in own] == [(ids[0], False), (ids[1], True)]


def test_a_sample_is_drawn(ada: Api, people: list[Api], project: dict[str, Any]) -> None:
    ids = ada.images(project["id"], 4)
    body = {"name": "Overlap", "copies": 2, "people": ["bob", "cem"], "filter": {"state": "unlabelled"}, "sample": 2}
    made = ada.post(f"projects/{project['id']}/consensus/", body).ok(201)
    given = people[0].post(f"consensus/{made['id']}/next/").ok()["image"]
    assert (made["images"], given in ids) == (2, True)


def test_a_closed_round_gives_nothing_out_and_settles_what_it_has(
    ada: Api, people: list[Api], project: dict[str, Any], classes: tuple[int, int]
) -> None:
    first, second = ada.images(project["id"], 2)
    round_ = open_round(ada, project, [first, second], copies=3)
    bob, cem, dee = people
    for api in (bob, cem):
        give(api, round_, box(classes[0], 0, 0, 10, 10))
    give(bob, round_, box(classes[0], 0, 0, 10, 10))
    assert cem.patch(f"consensus/{round_['id']}/", {"closed": True}).status == 403
    assert ada.patch(f"consensus/{round_['id']}/", {"closed": True}).ok()["closed_at"] is not None
    assert dee.post(f"consensus/{round_['id']}/next/").ok()["opinion"] is None
    # then: one image has enough opinions for the quorum, the other is left as it was
    assert ada.post(f"consensus/{round_['id']}/merge/", {"quorum": 2}).ok()["images"] == 1
    assert (len(ada.annotations(first)), ada.annotations(second)) == (1, [])


def test_an_opinion_is_opened_again_until_it_is_settled(
    ada: Api, people: list[Api], project: dict[str, Any], image: int, classes: tuple[int, int]
) -> None:
    round_ = open_round(ada, project, [image], copies=2)
    bob, cem, _ = people
    give(bob, round_)
    own = Opinion.objects.get(author=bob.user)
    assert cem.post(f"opinions/{own.pk}/reopen/").status == 404
    bob.post(f"opinions/{own.pk}/reopen/").ok()
    save(bob, own.pk, 1, create=[box(classes[0], 0, 0, 5, 5)]).ok()
    bob.post(f"opinions/{own.pk}/submit/").ok()
    give(cem, round_)
    ada.post(f"consensus/{round_['id']}/merge/", {"quorum": 1}).ok()
    bob.post(f"opinions/{own.pk}/reopen/").refused(409, "opinion_closed")
    assert len(ada.annotations(image)) == 1


def test_a_submission_beside_its_ground_truth(
    ada: Api, people: list[Api], project: dict[str, Any], image: int, classes: tuple[int, int]
) -> None:
    cell, debris = classes
    bob = people[0]
    bob.label(image, cell, (0, 0, 10, 10))
    bob.post(f"images/{image}/review/submit/").ok()
    ada.label(image, debris, (30, 20, 10, 10))
    path = f"projects/{project['id']}/ground-truth/"
    ada.post(path, {"ids": [image], "marked": True}).ok()
    body = ada.get(f"{path}images/{image}/", annotator="bob").ok()
    assert body["people"] == ["bob", ""]
    assert [[item["annotator"] for item in group["objects"]] for group in body["groups"]] == [["bob", ""], [""]]
    assert ada.get(f"{path}images/{image}/", annotator="cem").status == 404
    assert bob.get(f"{path}images/{image}/", annotator="bob").status == 403
