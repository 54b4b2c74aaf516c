"""Every address with an id answers 404 to a stranger and 403 to a role that is too low, and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from annotator.core.access import Role
from datasets_app.models import Membership, Project, Revision
from tests.client import Api

ADDRESSES_OUTSIDE_PROJECTS = {"jobs", "exports", "weights", "smart"}


def _routes(patterns: list[Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            found.append(prefix + str(pattern.pattern))
    return found


def api_routes_with_id() -> list[str]:
    routes = [
        route for route in _routes(get_resolver().url_patterns) if route.startswith("api/v1/") and "<int:" in route
    ]
    return sorted(set(routes))


@pytest.fixture
def scene(ada: Api, project: dict[str, Any]) -> dict[str, int]:
    """One row of every noun, under ids that the routes' first segment names."""
    image = ada.images(project["id"], 2)[0]
    ada.label(image, project["classes"][0]["id"])
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "first"}).ok(201)
    said = ada.post(f"images/{image}/comments/", {"text": "Look"}).ok(201)
    body = {"name": "Work", "kind": "annotate", "people": ["ada"]}
    work = ada.post(f"projects/{project['id']}/assignments/", body).ok(201)
    Membership.objects.create(project_id=project["id"], user=Api("bob").user, role=Role.ANNOTATOR)
    overlap_body = {"name": "Overlap", "copies": 2, "people": ["ada", "bob"], "ids": [image]}
    overlap = ada.post(f"projects/{project['id']}/consensus/", overlap_body).ok(201)
    return {
        "comments": said["id"],
        "assignments": work["id"],
        "consensus": overlap["id"],
        "opinions": ada.post(f"consensus/{overlap['id']}/next/").ok()["opinion"],
        "projects": project["id"],
        "classes": project["classes"][0]["id"],
        "members": Membership.objects.get(project=project["id"], user=ada.user).pk,
        "images": image,
        "revisions": Revision.objects.latest("pk").pk,
        "versions": version["id"],
    }


def test_every_route_of_every_noun_is_closed_to_a_stranger(scene: dict[str, int], stranger: Api) -> None:
    before = list(Revision.objects.values_list("pk", "digest")), Project.objects.count(), Membership.objects.count()
    routes = [route for route in api_routes_with_id() if route.split("/")[2] in scene]
    assert len(routes) >= 20
    for route in routes:
        noun = route.split("/")[2]
        path = "/".join(
            str(scene[noun]) if part.startswith("<int:") else "grabcut" if part.startswith("<") else part
            for part in route.removeprefix("api/v1/").split("/")
        )
        answers = [
            stranger.get(path),
            stranger.post(path, {}),
            stranger.send(path),
            stranger.patch(path, {}),
            stranger.delete(path),
        ]
        statuses = {answer.status for answer in answers}
        assert statuses <= {404, 405, 415}, (path, statuses)
        assert 404 in statuses, (path, statuses)
    assert before == (
        list(Revision.objects.values_list("pk", "digest")),
        Project.objects.count(),
        Membership.objects.count(),
    )


def test_lists_show_only_own_projects(project: dict[str, Any], stranger: Api) -> None:
    assert stranger.get("projects/").ok()["results"] == []
    assert stranger.get("jobs/").ok()["results"] == []


@pytest.mark.parametrize(
    ("role", "may_label", "may_manage", "may_own"),
    [
        ("viewer", False, False, False),
        ("annotator", True, False, False),
        ("reviewer", True, False, False),
        ("manager", True, True, False),
        ("owner", True, True, True),
    ],
)
def test_roles_allow_what_they_say(
    ada: Api, project: dict[str, Any], role: str, may_label: bool, may_manage: bool, may_own: bool
) -> None:
    image = ada.images(project["id"], 1)[0]
    grace = Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": role}).ok(201)
    head = Revision.objects.count()
    created = {"uuid": "6f1f2f6a-7d1a-4c0c-9d57-000000000001", "class": project["classes"][0]["id"]}
    answers = {
        "read": grace.get(f"images/{image}/annotations/"),
        "label": grace.change(image, create=[{**created, "shape": {"type": "box", "box": [1, 1, 5, 5]}}]),
        "manage": grace.post(f"projects/{project['id']}/versions/", {"name": "v"}),
        "own": grace.delete(f"projects/{project['id']}/"),
    }
    assert answers["read"].status == 200
    assert answers["label"].status == (200 if may_label else 403)
    assert answers["manage"].status == (201 if may_manage else 403)
    assert answers["own"].status == (204 if may_own else 403)
    assert Revision.objects.count() == head + (1 if may_label else 0)
    assert Project.objects.get(pk=project["id"]).deleted_at is None or may_own


def test_nobody_raises_a_role_above_their_own(ada: Api, project: dict[str, Any]) -> None:
    Api("grace")
    Api("linus")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "manager"}).ok(201)
    grace = Api("grace")
    grace.post(f"projects/{project['id']}/members/", {"username": "linus", "role": "owner"}).refused(
        400, "role_too_high"
    )
    owner = Membership.objects.get(project=project["id"], role=Role.OWNER)
    grace.delete(f"members/{owner.pk}/").refused(400, "role_too_low")
    assert Membership.objects.filter(project=project["id"]).count() == 2


def test_the_last_owner_stays(ada: Api, project: dict[str, Any]) -> None:
    owner = Membership.objects.get(project=project["id"])
    ada.delete(f"members/{owner.pk}/").refused(400, "last_owner")
    ada.patch(f"members/{owner.pk}/", {"role": "viewer"}).refused(400, "last_owner")
    assert Membership.objects.get(pk=owner.pk).role == Role.OWNER


def test_a_class_of_another_project_is_refused(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    other = ada.project("foreign", name="Other")
    head = Revision.objects.filter(project=project["id"]).count()
    created = {"uuid": "6f1f2f6a-7d1a-4c0c-9d57-000000000002", "class": other["classes"][0]["id"]}
    sentence = ada.change(image, create=[{**created, "shape": {"type": "tag"}}]).refused(400, "bad_annotation")
    assert "is not the id of a class of this project" in sentence
    assert Revision.objects.filter(project=project["id"]).count() == head


def test_a_deleted_project_is_gone_for_everybody_but_its_rows_stay(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    assert ada.delete(f"projects/{project['id']}/").status == 204
    assert ada.get(f"projects/{project['id']}/").status == 404
    assert ada.get(f"images/{image}/").status == 404
    assert Project.objects.filter(pk=project["id"]).exists()
