"""Several people edit, revert, restore and merge at once: revisions stay consecutive and every digest is right."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest
from django.db import connection

from datasets_app.models import Annotation, ImageState, LabelClassState, Project, Revision
from datasets_app.services import rewrite
from datasets_app.services.digest import state_digest
from tests.client import Api

WRITERS = 4
ACTS = 12
EXPECTED = {200, 202, 400, 404, 409}
"""Done, queued, nothing to do or gone meanwhile, in conflict: never an error of the server."""


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)


def act(api: Api, project: int, images: list[int], draw: random.Random) -> None:
    """One random act; large ones are jobs that this thread runs itself."""
    body = api.get(f"projects/{project}/").ok()
    classes, head = [row["id"] for row in body["classes"]], body["revision"]
    image = draw.choice(images)
    chosen = draw.random()
    if chosen < 0.6:
        found = api.get(f"images/{image}/annotations/")
        if found.status == 404:  # deleted by somebody's restore
            return
        rows = found.ok()["annotations"]
        box = {"type": "box", "box": [draw.randint(0, 30), 1, 9, 9]}
        changes: dict[str, Any] = {"update": [{"uuid": row["uuid"], "shape": box} for row in rows[:2]]}
        if not rows or draw.random() < 0.5:
            key = f"00000000-0000-0000-0000-{draw.getrandbits(48):012x}"
            changes = {"create": [{"uuid": key, "class": draw.choice(classes), "shape": box}]}
        answer = api.change(image, base=found.ok()["revision"], **changes)
    elif chosen < 0.8:
        first = draw.randint(2, head)
        keep = draw.choice(["refuse", "keep_later"])
        answer = api.post(f"projects/{project}/revert/", {"first": first, "last": first, "on_conflict": keep})
    elif chosen < 0.95 or len(classes) < 2:
        where = {"image": image} if draw.random() < 0.5 else {}
        answer = api.post(f"projects/{project}/restore/", {"revision": draw.randint(2, head), **where})
    else:
        one, two = draw.sample(classes, 2)
        answer = api.post(f"classes/{one}/merge/", {"into": two})
    assert answer.status in EXPECTED, answer.body
    if answer.status == 202:
        row = api.finish(answer.body)
        assert row["state"] == "succeeded" or row["error"]["code"] != "internal", row


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_whatever_they_do_at_once_every_revision_adds_up() -> None:
    ada = Api("ada")
    project = ada.project("a", "b", "c")["id"]
    images = ada.images(project, 3)

    def work(writer: int) -> None:
        draw = random.Random(writer)
        try:
            mine = Api("ada")
            for _ in range(ACTS):
                act(mine, project, images, draw)
        finally:
            connection.close()

    with (
        mock.patch.multiple(rewrite, ROWS_AT_ONCE=6, ROWS_A_REVISION=3),
        ThreadPoolExecutor(WRITERS) as pool,
    ):
        list(pool.map(work, range(WRITERS)))
    row = Project.objects.get(pk=project)
    kept = dict(Revision.objects.filter(project=row).values_list("number", "digest"))
    assert sorted(kept) == list(range(1, row.revision + 1))
    for number, digest in kept.items():
        assert state_digest(row, revision=number) == digest
    live = Annotation.objects.now().filter(project=row)
    assert sum(row.counts["classes"].values()) == live.count()
    # No label without its image or its class, whoever took those away meanwhile.
    states = ImageState.objects.now().filter(project=row).values("image_id")
    assert not live.exclude(image_id__in=states).exists()
    classes = LabelClassState.objects.now().filter(label_class__project=row).values("label_class_id")
    assert not live.exclude(label_class_id__in=classes).exists()
