"""Assignments: saved filters that grow, no image twice, leases that end, done and left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotator.core.access import Role
from annotator.editing.models import Assignment, Claim
from tests.api.test_comments import member
from tests.client import Api, picture


@pytest.fixture
def bob(project: dict[str, Any]) -> Api:
    return member(project, "bob", Role.ANNOTATOR)


@pytest.fixture
def cem(project: dict[str, Any]) -> Api:
    return member(project, "cem", Role.ANNOTATOR)


def assign(ada: Api, project: dict[str, Any], *people: str, kind: str = "annotate", **more: Any) -> dict[str, Any]:
    body = {"name": "First pass", "kind": kind, "people": list(people), **more}
    made: dict[str, Any] = ada.post(f"projects/{project['id']}/assignments/", body).ok(201)
    return made


def give(api: Api, assignment: dict[str, Any], **body: Any) -> int | None:
    image: int | None = api.post(f"assignments/{assignment['id']}/next/", body).ok()["image"]
    return image


def test_two_people_work_through_a_query_that_grows(ada: Api, bob: Api, cem: Api, project: dict[str, Any]) -> None:
    first, second = ada.images(project["id"], 2)
    work = assign(ada, project, "bob", "cem", filter={"state": "unlabelled"}, due="2026-12-01", note="Only whole cells")
    assert (work["done"], work["left"], work["due"]) == (0, 2, "2026-12-01")
    assert (give(bob, work), give(cem, work)) == (first, second)
    assert give(bob, work) == first, "what was begun comes again"
    bob.label(first, project["classes"][0]["id"])
    assert give(bob, work) == first, "though it no longer passes the filter"
    bob.post(f"images/{first}/review/submit/").ok()
    assert give(bob, work) is None, "cem holds the other one"
    third = ada.upload(project["id"], {"new.png": picture(color=(1, 2, 3))})["created"][0]["id"]
    assert give(bob, work) == third
    [row] = bob.get(f"projects/{project['id']}/assignments/").ok()["results"]
    assert (row["done"], row["left"], row["mine"], row["open_to_me"]) == (1, 2, 1, 1)
    assert row["people"] == [{"username": "bob", "done": 1}, {"username": "cem", "done": 0}]


def test_a_lease_ends_and_an_image_can_be_given_back(ada: Api, bob: Api, cem: Api, project: dict[str, Any]) -> None:
    first, second, third = ada.images(project["id"], 3)
    work = assign(ada, project, "bob", "cem")
    assert give(bob, work) == first
    assert give(bob, work, skip=first) == second
    assert give(cem, work) == first
    Claim.objects.filter(image=second).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert give(cem, work, skip=first) == second
    assert give(bob, work) == first, "given back by cem"
    assert Claim.objects.get(image=first).user == bob.user
    assert give(bob, work, skip=first) == third
    assert give(bob, work, skip=third) == first, "round again"


def test_what_is_returned_goes_to_who_did_it(ada: Api, bob: Api, cem: Api, project: dict[str, Any]) -> None:
    first, second = ada.images(project["id"], 2)
    work = assign(ada, project, "bob", "cem")
    checks = assign(ada, project, "ada", kind="review")
    assert give(bob, work) == first
    assert give(ada, checks) is None
    bob.post(f"images/{first}/review/submit/").ok()
    assert give(ada, checks) == first
    ada.post(f"images/{first}/review/return/", {"note": "Look again"}).ok()
    assert give(ada, checks) is None
    assert (give(cem, work), give(cem, work, skip=second)) == (second, None)
    assert give(bob, work) == first
    bob.post(f"images/{first}/review/submit/").ok()
    assert give(ada, checks) == first
    ada.post(f"images/{first}/review/accept/").ok()
    assert give(ada, checks) is None
    rows = ada.get(f"projects/{project['id']}/assignments/").ok()["results"]
    assert {row["kind"]: (row["done"], row["left"]) for row in rows} == {"annotate": (1, 1), "review": (1, 0)}


def test_nobody_reviews_their_own(ada: Api, project: dict[str, Any]) -> None:
    [image] = ada.images(project["id"], 1)
    checks = assign(ada, project, "ada", kind="review")
    ada.post(f"images/{image}/review/submit/").ok()
    assert give(ada, checks) is None


def test_chosen_images_alone(ada: Api, bob: Api, project: dict[str, Any]) -> None:
    _, second, third = ada.images(project["id"], 3)
    work = assign(ada, project, "bob", ids=[third, second, 10**9])
    assert (work["is_fixed"], work["left"]) == (True, 2)
    assert give(bob, work) == second


def test_change_and_close(ada: Api, bob: Api, cem: Api, project: dict[str, Any]) -> None:
    ada.images(project["id"], 1)
    work = assign(ada, project, "bob")
    changed = ada.patch(f"assignments/{work['id']}/", {"people": ["cem"], "name": "Second pass", "closed": True}).ok()
    assert (changed["name"], [row["username"] for row in changed["people"]]) == ("Second pass", ["cem"])
    bob.post(f"assignments/{work['id']}/next/").refused(400, "assignment_closed")
    ada.patch(f"assignments/{work['id']}/", {"closed": False}).ok()
    bob.post(f"assignments/{work['id']}/next/").refused(403, "not_assigned")
    assert give(cem, work) is not None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"people": ["nobody"]}, "bad_people"),
        ({"people": []}, "bad_people"),
        ({"people": ["bob"], "kind": "review"}, "bad_people"),
        ({"people": ["bob"], "filter": {"state": "lost"}}, "bad_filter"),
        ({"people": ["bob"], "filter": {}, "ids": [1]}, "bad_assignment"),
        ({"people": ["bob"], "kind": "sing"}, "invalid"),
        ({"people": ["bob"], "due": "soon"}, "invalid"),
    ],
)
def test_what_cannot_be_assigned(ada: Api, bob: Api, project: dict[str, Any], body: dict[str, Any], code: str) -> None:
    whole = {"name": "Work", "kind": "annotate", **body}
    ada.post(f"projects/{project['id']}/assignments/", whole).refused(400, code)
    assert not Assignment.objects.exists()


def test_annotators_give_out_no_work_and_strangers_see_none(
    ada: Api, bob: Api, stranger: Api, project: dict[str, Any]
) -> None:
    ada.images(project["id"], 1)
    work = assign(ada, project, "bob")
    path = f"projects/{project['id']}/assignments/"
    assert bob.post(path, {"name": "Mine", "kind": "annotate", "people": ["bob"]}).status == 403
    assert bob.patch(f"assignments/{work['id']}/", {"name": "Mine"}).status == 403
    assert stranger.get(path).status == 404
    assert stranger.post(f"assignments/{work['id']}/next/").status == 404
    assert (Assignment.objects.get().name, Claim.objects.count()) == ("First pass", 0)
