"""Comments: pinned, answered, resolved, reopened; readable when their object is gone; a filter of the grid."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.access import Role
from annotator.editing.models import Comment, Reply
from datasets_app.models import Membership
from tests.client import Api


@pytest.fixture
def image(ada: Api, project: dict[str, Any]) -> int:
    return ada.images(project["id"], 2)[0]


def member(project: dict[str, Any], name: str, role: Role) -> Api:
    api = Api(name)
    Membership.objects.create(project_id=project["id"], user=api.user, role=role)
    return api


def test_a_thread_from_the_first_word_to_its_end(ada: Api, project: dict[str, Any], image: int) -> None:
    bob = member(project, "bob", Role.ANNOTATOR)
    said = ada.post(f"images/{image}/comments/", {"text": "Too loose", "point": [10, 12.5]}).ok(201)
    assert (said["author"], said["point"], said["object"], said["resolved_at"]) == ("ada", [10, 12.5], None, None)
    answered = bob.post(f"comments/{said['id']}/replies/", {"text": "Tightened"}).ok(201)
    assert [(reply["author"], reply["text"]) for reply in answered["replies"]] == [("bob", "Tightened")]
    resolved = ada.patch(f"comments/{said['id']}/", {"resolved": True}).ok()
    assert (resolved["resolved_by"], resolved["resolved_at"] is None) == ("ada", False)
    assert bob.patch(f"comments/{said['id']}/", {"resolved": True}).ok()["resolved_by"] == "ada"
    reopened = bob.patch(f"comments/{said['id']}/", {"resolved": False}).ok()
    assert (reopened["resolved_by"], reopened["resolved_at"]) == (None, None)
    assert ada.get(f"images/{image}/comments/").ok()["results"] == [reopened]


def test_a_comment_outlives_its_object(ada: Api, project: dict[str, Any], image: int) -> None:
    key = ada.label(image, project["classes"][0]["id"], (2, 3, 20, 10))
    said = ada.post(f"images/{image}/comments/", {"text": "Is this one?", "object": key}).ok(201)
    assert (said["object"], said["point"], said["object_gone"]) == (key, [22, 3], False)
    ada.change(image, delete=[key]).ok()
    [found] = ada.get(f"images/{image}/comments/").ok()["results"]
    assert (found["text"], found["point"], found["object_gone"]) == ("Is this one?", [22, 3], True)


def test_open_comments_filter_the_grid(ada: Api, project: dict[str, Any], image: int) -> None:
    path = f"projects/{project['id']}/images/"
    said = [ada.post(f"images/{image}/comments/", {"text": text}).ok(201) for text in ("One", "Two")]

    def ids(wanted: str) -> list[int]:
        return [row["id"] for row in ada.get(path, open_comments=wanted).ok()["results"]]

    assert ids("true") == [image]
    assert image not in ids("false")
    assert {row["id"]: row["open_comments"] for row in ada.get(path).ok()["results"]}[image] == 2
    for comment in said:
        ada.patch(f"comments/{comment['id']}/", {"resolved": True}).ok()
    assert ids("true") == []
    assert image in ids("false")
    ada.get(path, open_comments="perhaps").refused(400, "bad_filter")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "  "}, "invalid"),
        ({"text": "Off", "point": [1000, 1]}, "bad_point"),
        ({"text": "Off", "point": [1]}, "invalid"),
        ({"text": "Whose?", "object": "00000000-0000-4000-8000-000000000000"}, "no_such_annotation"),
    ],
)
def test_what_cannot_be_said(ada: Api, image: int, body: dict[str, Any], code: str) -> None:
    ada.post(f"images/{image}/comments/", body).refused(400, code)
    assert not Comment.objects.exists()


def test_viewers_read_and_strangers_see_nothing(ada: Api, stranger: Api, project: dict[str, Any], image: int) -> None:
    said = ada.post(f"images/{image}/comments/", {"text": "Look"}).ok(201)
    viewer = member(project, "vera", Role.VIEWER)
    assert len(viewer.get(f"images/{image}/comments/").ok()["results"]) == 1
    for api, status in ((viewer, 403), (stranger, 404)):
        assert api.post(f"images/{image}/comments/", {"text": "Me too"}).status == status
        assert api.post(f"comments/{said['id']}/replies/", {"text": "Me too"}).status == status
        assert api.patch(f"comments/{said['id']}/", {"resolved": True}).status == status
    assert stranger.get(f"images/{image}/comments/").status == 404
    assert (Comment.objects.filter(resolved_at__isnull=True).count(), Reply.objects.count()) == (1, 0)
