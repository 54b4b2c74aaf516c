"""Who has an image open: seen by its other people for as long as they say so, and by nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from annotator.editing.models import Presence
from tests.client import Answer, Api


@pytest.fixture
def image(ada: Api, project: dict[str, Any]) -> int:
    return ada.images(project["id"], 1)[0]


@pytest.fixture
def grace(ada: Api, project: dict[str, Any]) -> Api:
    grace = Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "viewer"}).ok(201)
    return grace


def note(api: Api, image: int, seat: str, revision: int = 1000, **fields: Any) -> Answer:
    return api.post(f"images/{image}/presence/", {"seat": seat, "revision": revision, **fields})


def test_people_at_an_image_see_each_other_and_what_is_selected(ada: Api, grace: Api, image: int) -> None:
    first, second, key = str(uuid4()), str(uuid4()), str(uuid4())
    assert note(ada, image, first, editing=[key]).ok()["people"] == []
    (seen,) = note(grace, image, second).ok()["people"]
    assert seen == {"user": ada.user.pk, "username": "ada", "editing": [key]}
    (seen,) = note(ada, image, first).ok()["people"]
    assert (seen["username"], seen["editing"]) == ("grace", [])
    assert Presence.objects.count() == 2
    note(grace, image, second, leaving=True).ok()
    assert note(ada, image, first).ok()["people"] == []


def test_who_says_nothing_any_more_is_gone_after_a_while(ada: Api, grace: Api, image: int) -> None:
    note(ada, image, str(uuid4())).ok()
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=26))
    assert note(grace, image, str(uuid4())).ok()["people"] == []
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    note(grace, image, str(uuid4())).ok()
    assert Presence.objects.count() == 1


def test_a_seat_that_moves_to_another_image_is_no_longer_at_the_first(
    ada: Api, grace: Api, project: dict[str, Any]
) -> None:
    first, second = ada.images(project["id"], 2)
    seat = str(uuid4())
    note(ada, first, seat).ok()
    note(ada, second, seat).ok()
    assert note(grace, first, str(uuid4())).ok()["people"] == []


def test_it_says_whether_the_image_changed_since_it_was_read(
    ada: Api, grace: Api, image: int, project: dict[str, Any]
) -> None:
    read = ada.get(f"images/{image}/annotations/").ok()["revision"]
    seat, cell = str(uuid4()), project["classes"][0]["id"]
    ada.post(f"projects/{project['id']}/classes/", {"name": "other"}).ok(201)
    assert note(grace, image, seat, read).ok()["changed"] is False
    ada.label(image, cell)
    assert note(grace, image, seat, read).ok()["changed"] is True
    assert note(grace, image, seat, read + 2).ok()["changed"] is False


def test_strangers_see_nobody_and_are_not_seen(ada: Api, stranger: Api, image: int) -> None:
    note(ada, image, str(uuid4())).ok()
    note(stranger, image, str(uuid4())).refused(404, "not_found")
    assert [row.user_id for row in Presence.objects.all()] == [ada.user.pk]


@pytest.mark.parametrize(
    "fields", [{"seat": "x"}, {"revision": -1}, {"revision": 2**40}, {"editing": ["x"]}, {"editing": "x"}]
)
def test_bad_words_change_nothing(ada: Api, image: int, fields: dict[str, Any]) -> None:
    body = {"seat": str(uuid4()), "revision": 1} | fields
    assert ada.post(f"images/{image}/presence/", body).status == 400
    assert Presence.objects.count() == 0
