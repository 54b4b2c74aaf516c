"""Several people edit, revert, restore and merge at once: revisions stay consecutive and every digest is right."""

from __future__ import annotations

import io
import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from unittest import mock

import pytest
from django.db import connection

from datasets_app.models import Annotation, ImageState, LabelClassState, Project, Revision
from datasets_app.services import rewrite
from datasets_app.services.digest import state_digest
from tests.client import Answer, Api

WRITERS = 4
ACTS = 12
EXPECTED = {200, 201, 202, 204, 400, 404, 409}
"""Done, queued, nothing to do or gone meanwhile, in conflict: never an error of the server."""


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)


class Act(NamedTuple):
    """What somebody sees of the project before doing something."""

    api: Api
    project: int
    images: list[int]
    classes: list[int]
    head: int
    draw: random.Random

    @property
    def path(self) -> str:
        return f"projects/{self.project}"

    def name(self) -> str:
        return f"{self.draw.getrandbits(48):012x}"


def edit(act: Act) -> Answer:
    image = act.draw.choice(act.images)
    found = act.api.get(f"images/{image}/annotations/")
    if found.status == 404:  # deleted by somebody's restore
        return found
    rows = found.ok()["annotations"]
    box = {"type": "box", "box": [act.draw.randint(0, 30), 1, 9, 9]}
    changes: dict[str, Any] = {"update": [{"uuid": row["uuid"], "shape": box} for row in rows[:2]]}
    if not rows or act.draw.random() < 0.5:
        key = f"00000000-0000-0000-0000-{act.name()}"
        changes = {"create": [{"uuid": key, "class": act.draw.choice(act.classes), "shape": box}]}
    return act.api.change(image, base=found.ok()["revision"], **changes)


def revert(act: Act) -> Answer:
    first, keep = act.draw.randint(2, act.head), act.draw.choice(["refuse", "keep_later"])
    return act.api.post(f"{act.path}/revert/", {"first": first, "last": first, "on_conflict": keep})


def restore(act: Act) -> Answer:
    part = act.draw.choice([{}, {"image": act.draw.choice(act.images)}, {"class": act.draw.choice(act.classes)}])
    return act.api.post(f"{act.path}/restore/", {"revision": act.draw.randint(2, act.head), **part})


def merge(act: Act) -> Answer:
    one, two = act.draw.sample(act.classes, 2)
    return act.api.post(f"classes/{one}/merge/", {"into": two})


def retire(act: Act) -> Answer:
    return act.api.delete(f"classes/{act.draw.choice(act.classes)}/?labels=delete")


def split(act: Act) -> Answer:
    return act.api.post(f"classes/{act.draw.choice(act.classes)}/split/", {"names": [act.name()]})


def add_class(act: Act) -> Answer:
    return act.api.post(f"{act.path}/classes/", {"name": act.name()})


def redefine(act: Act) -> Answer:
    return act.api.patch(f"classes/{act.draw.choice(act.classes)}/", {"name": act.name()})


def reorder(act: Act) -> Answer:
    return act.api.post(f"{act.path}/classes/order/", {"classes": act.draw.sample(act.classes, len(act.classes))})


def bulk(act: Act) -> Answer:
    action, value = act.draw.choice(
        [("set_state", "skipped"), ("set_split", "val"), ("add_tags", ["x"]), ("delete", None)]
    )
    body = {"ids": act.draw.sample(act.images, 2), "action": action, "value": value}
    return act.api.post(f"{act.path}/images/bulk/", body)


def bring_in(act: Act) -> Answer:
    """A COCO file with a label for the first picture."""
    entry = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [act.draw.randint(0, 30), 2, 3, 4]}
    body = {
        "images": [{"id": 1, "file_name": "000.png", "width": 64, "height": 48}],
        "categories": [{"id": 1, "name": "a"}],
        "annotations": [{**entry, "area": 12, "iscrowd": 0}],
    }
    stream = io.BytesIO(json.dumps(body).encode())
    stream.name = "labels.json"
    return act.api.send(f"{act.path}/imports/", file=stream)


def name_version(act: Act) -> Answer:
    return act.api.post(f"{act.path}/versions/", {"name": act.name()})


ONE_CLASS = {
    edit: 30,
    revert: 10,
    restore: 10,
    redefine: 4,
    split: 4,
    reorder: 3,
    bulk: 8,
    bring_in: 6,
    name_version: 4,
}
"""How often each act is played; those below take a class away, so another one has to be there."""
TWO_CLASSES = {merge: 4, retire: 3}


def play(api: Api, project: int, images: list[int], draw: random.Random) -> None:
    """One random act; large ones are jobs that this thread runs itself."""
    body = api.get(f"projects/{project}/").ok()
    act = Act(api, project, images, [row["id"] for row in body["classes"]], body["revision"], draw)
    acts = ONE_CLASS | (TWO_CLASSES if len(act.classes) > 1 else {add_class: 8}) if act.classes else {add_class: 1}
    (chosen,) = draw.choices([*acts], weights=[*acts.values()])
    answer = chosen(act)
    assert answer.status in EXPECTED, (chosen.__name__, answer.body)
    for job in [answer.body] if answer.status == 202 else []:
        row = api.finish(job)
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
                play(mine, project, images, draw)
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
