"""Review: submit, return with a reason, fix, accept; the history stays, the grid shows it."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.access import Role
from annotator.editing.models import Review, ReviewEvent
from tests.api.test_comments import member
from tests.client import Api


@pytest.fixture
def image(ada: Api, project: dict[str, Any]) -> int:
    return ada.images(project["id"], 2)[0]


def test_the_way_there_and_back(ada: Api, project: dict[str, Any], image: int) -> None:
    bob = member(project, "bob", Role.ANNOTATOR)
    path = f"images/{image}/review/"
    assert ada.get(path).ok()["status"] is None
    bob.label(image, project["classes"][0]["id"])
    assert bob.post(f"{path}submit/").ok()["status"] == "submitted"
    bob.post(f"{path}submit/").refused(409, "already_submitted")
    bob.post(f"{path}accept/").refused(403, "role_too_low")
    ada.post(f"{path}return/").refused(400, "no_reason")
    ada.post(f"images/{image}/comments/", {"text": "Tighter", "point": [5, 5]}).ok(201)
    returned = ada.post(f"{path}return/").ok()
    assert (returned["status"], returned["annotator"], returned["reviewer"]) == ("returned", "bob", "ada")
    assert ada.get(f"projects/{project['id']}/assignments/").ok()["returned"] == []
    assert bob.get(f"projects/{project['id']}/assignments/").ok()["returned"] == [image]
    bob.label(image, project["classes"][0]["id"], (1, 1, 5, 5))
    assert bob.get(path).ok()["changed_since"] is True
    assert bob.post(f"{path}submit/").ok()["status"] == "fixed"
    accepted = ada.post(f"{path}accept/", {"note": "Thanks"}).ok()
    assert (accepted["status"], accepted["changed_since"]) == ("accepted", False)
    assert [(step["status"], step["author"]) for step in accepted["history"]] == [
        ("submitted", "bob"),
        ("returned", "ada"),
        ("fixed", "bob"),
        ("accepted", "ada"),
    ]
    first, *_, last = accepted["history"]
    assert first["revision"] < last["revision"]
    assert len(ada.annotations(image, revision=first["revision"])) == 1
    assert len(ada.annotations(image, revision=last["revision"])) == 2


def test_nobody_judges_what_they_have_not_seen(ada: Api, project: dict[str, Any], image: int) -> None:
    seen = ada.get(f"images/{image}/annotations/").ok()["revision"]
    ada.post(f"images/{image}/review/submit/").ok()
    ada.label(image, project["classes"][0]["id"])
    ada.post(f"images/{image}/review/accept/", {"revision": seen}).refused(409, "changed_meanwhile")
    assert Review.objects.get().status == "submitted"
    now = ada.get(f"images/{image}/annotations/").ok()["revision"]
    assert ada.post(f"images/{image}/review/accept/", {"revision": now}).ok()["status"] == "accepted"


def test_only_what_waits_is_judged(ada: Api, image: int) -> None:
    for act in ("accept", "return"):
        ada.post(f"images/{image}/review/{act}/", {"note": "Why"}).refused(409, "not_submitted")
    assert not ReviewEvent.objects.exists()


def test_submitting_says_that_somebody_looked(ada: Api, image: int) -> None:
    ada.post(f"images/{image}/review/submit/").ok()
    assert ada.get(f"images/{image}/").ok()["state"] == "verified_empty"


def test_the_grid_shows_and_filters_it(ada: Api, project: dict[str, Any], image: int) -> None:
    path = f"projects/{project['id']}/images/"
    ada.post(f"images/{image}/review/submit/").ok()
    assert {row["id"]: row["review"] for row in ada.get(path).ok()["results"]}[image] == "submitted"
    for wanted, there in (("submitted", True), ("waiting", True), ("none", False), ("accepted", False)):
        found = [row["id"] for row in ada.get(path, review=wanted).ok()["results"]]
        assert (image in found) is there, wanted
    assert [row["id"] for row in ada.get(path, submitter="ada").ok()["results"]] == [image]
    assert ada.get(path, review="waiting").ok()["total"] == 1
    ada.get(path, review="lost").refused(400, "bad_filter")


def test_viewers_and_strangers(ada: Api, stranger: Api, project: dict[str, Any], image: int) -> None:
    viewer = member(project, "vera", Role.VIEWER)
    assert viewer.get(f"images/{image}/review/").ok()["status"] is None
    for act in ("submit", "accept", "return"):
        assert viewer.post(f"images/{image}/review/{act}/", {"note": "x"}).status == 403
        assert stranger.post(f"images/{image}/review/{act}/", {"note": "x"}).status == 404
    assert stranger.get(f"images/{image}/review/").status == 404
    assert not Review.objects.exists()
