"""The revision door: numbers without gaps under concurrent writers, and a past that never changes."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from datasets_app.models import Annotation, Project, Revision
from datasets_app.services.digest import state_digest
from datasets_app.services.revision import revision_open
from tests.client import Api

WRITERS = 6
SAVES = 8


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)


def snapshot(api: Api, images: list[int], revision: int) -> list[Any]:
    """Everything that an editor would show of the images at a revision."""
    return [api.get(f"images/{image}/annotations/", revision=revision).ok() for image in images]


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_get_consecutive_revisions_and_lose_nothing() -> None:
    ada = Api("ada")
    project = ada.project()
    images = ada.images(project["id"], 3)
    label_class = project["classes"][0]["id"]

    def write(writer: int) -> list[str]:
        draw = random.Random(writer)
        try:
            mine = Api("ada")
            return [mine.label(draw.choice(images), label_class) for _ in range(SAVES)]
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        keys = [key for written in pool.map(write, range(WRITERS)) for key in written]
    row = Project.objects.get(pk=project["id"])
    numbers = list(Revision.objects.filter(project=row).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, row.revision + 1))
    assert len(keys) == WRITERS * SAVES
    assert set(map(str, Annotation.objects.now().filter(project=row).values_list("uuid", flat=True))) == set(keys)
    assert row.counts["classes"] == {str(label_class): len(keys)}
    assert state_digest(row, revision=row.revision) == row.digest


@pytest.mark.django_db
def test_the_past_never_changes_whatever_is_done_later() -> None:
    ada = Api("ada")
    project = ada.project()
    images = ada.images(project["id"], 3)
    classes = [row["id"] for row in project["classes"]]
    draw = random.Random(7)
    seen: dict[int, list[Any]] = {}
    for step in range(60):
        image = draw.choice(images)
        rows = ada.annotations(image)
        if not rows or draw.random() < 0.4:
            ada.label(image, draw.choice(classes), (step % 40, 3, 5, 6))
        elif draw.random() < 0.5:
            ada.change(image, update=[{"uuid": draw.choice(rows)["uuid"], "class": draw.choice(classes)}]).ok()
        elif draw.random() < 0.5:
            ada.change(image, delete=[draw.choice(rows)["uuid"]], state=draw.choice(["skipped", "annotated"])).ok()
        else:
            newest = ada.get(f"projects/{project['id']}/revisions/", limit=1).ok()["results"][0]
            ada.post(f"revisions/{newest['id']}/revert/")
        revision = Project.objects.get(pk=project["id"]).revision
        seen.setdefault(revision, snapshot(ada, images, revision))
    for revision, then in seen.items():
        assert snapshot(ada, images, revision) == then
    row = Project.objects.get(pk=project["id"])
    for kept in Revision.objects.filter(project=row):
        assert state_digest(row, revision=kept.number) == kept.digest
    call_command("verify_digests", str(row.pk), verbosity=0)


@pytest.mark.django_db
def test_verification_finds_a_row_that_was_tampered_with(capsys: pytest.CaptureFixture[str]) -> None:
    ada = Api("ada")
    project = ada.project()
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    Annotation.objects.update(source="method:forged")
    with pytest.raises(CommandError, match=r"kept .* found"):
        call_command("verify_digests", str(project["id"]))


@pytest.mark.django_db
def test_a_block_that_raises_changes_nothing() -> None:
    ada = Api("ada")
    project = ada.project()
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    before = Project.objects.values().get(pk=project["id"])
    with pytest.raises(ZeroDivisionError), revision_open(project["id"], author=ada.user, kind="edit") as door:  # noqa: PT012  the block is the subject
        door.close(list(Annotation.objects.now()))
        raise ZeroDivisionError
    assert Project.objects.values().get(pk=project["id"]) == before
    assert Annotation.objects.now().count() == 1


@pytest.mark.django_db
def test_closing_a_row_twice_is_an_error_not_a_silent_loss() -> None:
    ada = Api("ada")
    project = ada.project()
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    rows = list(Annotation.objects.now())
    with (  # noqa: PT012  the block is the subject
        pytest.raises(RuntimeError, match="were not live"),
        revision_open(project["id"], author=None, kind="edit") as door,
    ):
        door.close(rows)
        door.close(rows)


@pytest.mark.django_db
def test_equal_content_has_an_equal_digest_whatever_the_order() -> None:
    ada = Api("ada")
    project = ada.project()
    image = ada.images(project["id"], 1)[0]
    keys = [str(uuid4()) for _ in range(3)]
    shape = {"type": "box", "box": [1, 1, 5, 5]}
    digests = []
    for order in (keys, keys[::-1]):
        for key in order:
            ada.change(image, create=[{"uuid": key, "class": project["classes"][0]["id"], "shape": shape}]).ok()
        digests.append(Project.objects.get(pk=project["id"]).digest)
        ada.change(image, delete=keys, state="unlabelled").ok()
        digests.append(Project.objects.get(pk=project["id"]).digest)
    assert digests[:2] == digests[2:]
    assert digests[0] != digests[1]
