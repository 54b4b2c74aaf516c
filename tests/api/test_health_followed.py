"""Brought forward through random work, health and counters stay equal to those computed anew."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest

from annotator.core import jobs
from datasets_app.health.counters import Counters
from datasets_app.models import HealthFinding, HealthReport, Project, Revision
from datasets_app.selectors.health import newest_version
from datasets_app.services.health import health_scan
from tests.client import Api, picture

STEPS = 90
FIELDS = (
    "check_key", "code", "severity", "key", "detail", "image", "images", "annotations", "label_class_id", "value",
    "count", "filter",
)  # fmt: skip


def state_of(project: int) -> tuple[Any, Any, Any]:
    """Everything that a computation leaves, without ids and times."""
    report = HealthReport.objects.get(project=project)
    rows = HealthFinding.objects.filter(project=project, generation=report.generation)
    findings = sorted(tuple(map(repr, row)) for row in rows.values_list(*FIELDS))
    return Counters.unpack(bytes(report.counters)).plain(), findings, report.totals


def scanned_anew(project: int) -> tuple[Any, Any, Any]:
    row = Project.objects.get(pk=project)
    health_scan(row, HealthReport.objects.get(project=row), newest_version(row))
    return state_of(project)


class Worker:
    """Does one random thing after the other, through the API."""

    def __init__(self, api: Api, project: dict[str, Any], seed: int) -> None:
        self.api, self.project, self.draw = api, project["id"], random.Random(seed)
        self.classes = [row["id"] for row in project["classes"]]
        self.images = api.images(self.project, 6)
        self.number = 100
        self.is_flying_allowed = True
        """Of the first class; what was saved before its definition came is kept."""

    def step(self) -> str:
        acts = (
            [self.create] * 6 + [self.move] * 4 + [self.delete] * 2 + [self.mark] * 2
            + [self.bulk, self.bulk, self.upload, self.remove, self.rename, self.version, self.revert, self.schema]
        )  # fmt: skip
        act = self.draw.choice(acts)
        act()
        return act.__name__

    def _image(self) -> int:
        return self.draw.choice(self.images)

    def _shape(self) -> dict[str, Any]:
        draw = self.draw
        x, y = draw.choice([2, 2, 2, draw.uniform(0, 50)]), draw.choice([3, 3, 3, draw.uniform(0, 40)])
        width, height = draw.choice([(12, 9), (12, 9), (0.5, 4), (12.2, 9), (64, 48), (40, 3)])
        if draw.random() < 0.2:
            ring = [[x, y], [x + width, y + height], [x + width, y], [x, y + height]]
            return {"type": "polygon", "parts": [{"outer": ring, "holes": []}]}
        return {"type": "box", "box": [x, y, width, height]} if draw.random() < 0.95 else {"type": "tag"}

    def create(self) -> None:
        rows = [
            {"uuid": str(uuid4()), "shape": self._shape(), **self._meaning()}
            for _ in range(self.draw.choice([1, 1, 2, 12]))
        ]
        self.api.change(self._image(), create=rows).ok()

    def _meaning(self) -> dict[str, Any]:
        label_class = self.draw.choice(self.classes)
        poses = ["lying", "flying"] if self.is_flying_allowed or label_class != self.classes[0] else ["lying"]
        return {"class": label_class, "attributes": self.draw.choice([{}, *({"pose": pose} for pose in poses)])}

    def _label(self) -> tuple[int, str] | None:
        image = self._image()
        rows = self.api.annotations(image)
        return (image, self.draw.choice(rows)["uuid"]) if rows else None

    def move(self) -> None:
        if found := self._label():
            changes = self.draw.choice([{"shape": self._shape()}, {"class": self.draw.choice(self.classes)}])
            self.api.change(found[0], update=[{"uuid": found[1], **changes}]).ok()

    def delete(self) -> None:
        if found := self._label():
            self.api.change(found[0], delete=[found[1]]).ok()

    def mark(self) -> None:
        states = ["unlabelled", "in_progress", "annotated", "verified_empty", "skipped"]
        self.api.change(self._image(), state=self.draw.choice(states)).ok()

    def bulk(self) -> None:
        act, value = self.draw.choice(
            [("set_group", "walk"), ("set_group", ""), ("add_tags", ["odd"]), ("set_class", self.classes[0])]
        )
        ids = self.draw.sample(self.images, min(3, len(self.images)))
        self.api.post(f"projects/{self.project}/images/bulk/", {"ids": ids, "action": act, "value": value}).ok()

    def upload(self) -> None:
        self.number += 1
        data = picture(color=(self.number % 256, self.number * 7 % 256, 90), kind=self.draw.choice(["PNG", "BMP"]))
        created = self.api.upload(self.project, {f"{self.number}.png": data})["created"]
        self.images += [image["id"] for image in created]

    def remove(self) -> None:
        if len(self.images) > 4:
            image = self.images.pop(self.draw.randrange(len(self.images)))
            assert self.api.delete(f"images/{image}/").status == 204

    def rename(self) -> None:
        self.api.patch(f"classes/{self.draw.choice(self.classes)}/", {"name": f"name {uuid4().hex[:6]}"}).ok()

    def version(self) -> None:
        rule = {"name": "v", "group_by": self.draw.choice(["none", "group"]), "seed": self.draw.randrange(9)}
        rule |= {"split": {"train": 0.5, "val": 0.5, "test": 0}}
        self.api.post(f"projects/{self.project}/versions/", rule).ok(201)

    def revert(self) -> None:
        newest = Revision.objects.filter(project=self.project).latest("number")
        if newest.kind == "edit":
            assert self.api.post(f"revisions/{newest.pk}/revert/").status in {200, 400, 409}

    def schema(self) -> None:
        values = self.draw.choice([[], [{"name": "pose", "type": "select", "values": ["lying"], "required": False}]])
        self.api.patch(f"classes/{self.classes[0]}/", {"attributes": values}).ok()
        self.is_flying_allowed = not values


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_brought_forward_is_equal_to_computed_anew(ada: Api, project: dict[str, Any], seed: int) -> None:
    worker = Worker(ada, project, seed)
    pk = project["id"]
    ada.succeed(ada.post(f"projects/{pk}/health/").ok(202))
    ada.patch(f"projects/{pk}/health/thresholds/", {"object_outliers": {"sigma": 1, "objects": 6}}).ok(202)
    jobs.run_job(str(ada.get(f"projects/{pk}/health/").ok()["job"]["id"]))
    done: list[str] = []
    seen: set[str] = set()
    for number in range(STEPS):
        done.append(worker.step())
        if number % 3:
            continue
        body = ada.get(f"projects/{pk}/health/").ok()
        assert (body["state"], body["revision"]) == ("current", Project.objects.get(pk=pk).revision)
        seen |= {check["key"] for check in body["checks"] if check["count"]}
        if number % 12 == 0:
            followed = state_of(pk)
            anew = scanned_anew(pk)
            assert followed[0] == anew[0], done
            assert followed[1] == anew[1], done
            assert followed[2] == anew[2], done
    assert {"object_outliers", "object_overlaps", "object_geometry", "look_alikes", "class_balance"} <= seen
