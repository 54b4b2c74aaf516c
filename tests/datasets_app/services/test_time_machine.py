"""Random interleavings of everything that changes a project, against a model that copies everything.

The default is short. `ANNOTATOR_STEPS=10000 pytest -n 0 tests/datasets_app/services/test_time_machine.py`
runs as many steps.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from datasets_app.models import Annotation, ImageState, LabelClassState, Project, Revision, Version
from datasets_app.selectors.diff import ObjectFilter, changed_objects, image_counts, object_counts
from datasets_app.selectors.diff_sql import Span
from datasets_app.services import label_tally, rewrite
from datasets_app.services.digest import state_digest
from tests.client import Api
from tests.datasets_app.services.counting import assert_tally_is_fresh, assert_version_is_fresh
from tests.datasets_app.services.naive import Conflict, State, restored_class, restored_image, reverted

STEPS_A_RUN = 50
SHORT_RUNS = 4
IMAGES = 4
CLASS_FIELDS = ("name", "color", "hotkey", "position", "attributes", "skeleton", "revisit_before")
OBJECT_FIELDS = ("type", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source", "score")


def read_state(project: int, revision: int) -> State:
    """What the tables say was true at the revision."""
    images = {
        row.image_id: (row.status, row.split, tuple(row.tags), row.group)
        for row in ImageState.objects.at(revision).filter(project=project)
    }
    objects = {}
    for row in Annotation.objects.at(revision).filter(project=project):
        facts = {name: getattr(row, name) for name in OBJECT_FIELDS}
        objects[str(row.uuid)] = {"image": row.image_id, "class": row.label_class_id, **facts}
    classes = {
        row.label_class_id: {name: getattr(row, name) for name in CLASS_FIELDS}
        for row in LabelClassState.objects.at(revision).filter(label_class__project=project)
    }
    return State(images, objects, classes)


class TimeMachine(RuleBasedStateMachine):
    """Each rule does one thing through the API and the same to the model; `settle` compares."""

    @property
    def head(self) -> int:
        return Project.objects.get(pk=self.project).revision

    @property
    def now(self) -> State:
        return self.states[self.number]

    def __init__(self) -> None:
        super().__init__()
        self.ada = Api("ada")
        made = self.ada.project("a", "b", "c")
        self.project: int = made["id"]
        self.images = self.ada.images(self.project, IMAGES)
        self.number = self.head
        self.states = {number: read_state(self.project, number) for number in range(self.number + 1)}
        self.written: dict[str, int] = {}
        self.versions: list[tuple[int, str, bytes]] = []
        self.names = 0

    def settle(self, wanted: State) -> None:
        """The tables now say `wanted`; revisions on the way there, of large work, are taken as they are."""
        head = self.head
        found = read_state(self.project, head)
        assert found == wanted
        if found == self.now:
            # Nothing differs; a confirmed label may have made a revision all the same.
            pass
        for number in range(self.number + 1, head + 1):
            self.states[number] = read_state(self.project, number)
            rows = Annotation.objects.filter(project=self.project, created_in=number)
            self.written.update({str(key): number for key in rows.values_list("uuid", flat=True)})
        self.number = head
        self.states[head] = wanted
        self._check_counts(wanted)

    def _check_counts(self, state: State) -> None:
        row = Project.objects.get(pk=self.project)
        statuses: dict[str, int] = {}
        for status, *_ in state.images.values():
            statuses[status] = statuses.get(status, 0) + 1
        classes: dict[str, int] = {}
        for facts in state.objects.values():
            classes[str(facts["class"])] = classes.get(str(facts["class"]), 0) + 1
        assert row.counts == {"statuses": statuses, "classes": classes}
        assert row.digest == state_digest(row, revision=row.revision)

    def alive(self, draw: st.DataObject) -> int:
        return int(draw.draw(st.sampled_from(sorted(self.now.images))))

    def some_class(self, draw: st.DataObject) -> int:
        return int(draw.draw(st.sampled_from(sorted(self.now.classes))))

    def past(self, draw: st.DataObject, least: int = 1) -> int:
        return int(draw.draw(st.integers(least, self.number)))

    def box(self, draw: st.DataObject) -> list[float]:
        return [float(draw.draw(st.integers(0, 30))), 2.0, float(draw.draw(st.integers(1, 20))), 8.0]

    @precondition(lambda self: self.now.images and self.now.classes)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """One batch of the editor: new, changed and deleted objects."""
        image, wanted = self.alive(data), self.now.copy()
        create, update, delete = [], [], []
        for _ in range(data.draw(st.integers(0, 3))):
            key, label_class, box = str(uuid4()), self.some_class(data), self.box(data)
            create.append({"uuid": key, "class": label_class, "shape": {"type": "box", "box": box}})
            wanted.objects[key] = {
                "image": image, "class": label_class, "type": "box", "shape": shape_text(box), "attributes": {},
                "occluded": False, "truncated": False, "crowd": False, "z_order": 0, "group": None,
                "source": "human", "score": None,
            }  # fmt: skip
        for key in sorted(self.now.on(image)):
            act = data.draw(st.sampled_from(["keep", "keep", "move", "relabel", "flag", "delete"]))
            row = wanted.objects[key]
            if act == "move":
                box = self.box(data)
                update.append({"uuid": key, "shape": {"type": "box", "box": box}})
                row["shape"], row["type"] = shape_text(box), "box"
            elif act == "relabel":
                row["class"] = self.some_class(data)
                update.append({"uuid": key, "class": row["class"]})
            elif act == "flag":
                row["crowd"], row["attributes"] = not row["crowd"], {"n": self.number}
                update.append({"uuid": key, "crowd": row["crowd"], "attributes": row["attributes"]})
            elif act == "delete":
                delete.append(key)
                del wanted.objects[key]
        touched = wanted.objects != self.now.objects
        self.ada.change(image, create=create, update=update, delete=delete).ok()
        status, *rest = wanted.images[image]
        if touched and wanted.on(image) and status in {"unlabelled", "verified_empty", "skipped"}:
            status = "annotated"
        elif touched and not wanted.on(image) and status in {"annotated", "in_progress"}:
            status = "unlabelled"
        wanted.images[image] = (status, *rest)  # type: ignore[assignment]  # three more
        self.settle(wanted)

    @precondition(lambda self: self.now.images)
    @rule(data=st.data())
    def bulk(self, data: st.DataObject) -> None:
        """One act on several images: state, split, tags, group."""
        ids = data.draw(st.lists(st.sampled_from(sorted(self.now.images)), min_size=1, unique=True))
        action: str
        value: Any
        action, value = data.draw(
            st.sampled_from(
                [
                    *(("set_state", state) for state in ("skipped", "verified_empty", "in_progress")),
                    *(("set_split", split) for split in ("train", "test", "")),
                    *(("add_tags", [tag]) for tag in "xy"),
                    ("set_group", "film"),
                ]
            )
        )
        wanted = self.now.copy()
        for image in ids:
            status, split, tags, group = wanted.images[image]
            wanted.images[image] = (
                value if action == "set_state" else status,
                value if action == "set_split" else split,
                tuple(sorted({*tags, *value})) if action == "add_tags" else tags,
                value if action == "set_group" else group,
            )
        self.ada.post(f"projects/{self.project}/images/bulk/", {"ids": ids, "action": action, "value": value}).ok()
        self.settle(wanted)

    @precondition(lambda self: len(self.now.images) > 1)
    @rule(data=st.data())
    def delete_image(self, data: st.DataObject) -> None:
        image, wanted = self.alive(data), self.now.copy()
        for key in wanted.on(image):
            del wanted.objects[key]
        del wanted.images[image]
        self.ada.post(f"projects/{self.project}/images/bulk/", {"ids": [image], "action": "delete"}).ok()
        self.settle(wanted)

    @precondition(lambda self: self.now.images and self.now.classes)
    @rule(data=st.data())
    def import_labels(self, data: st.DataObject) -> None:
        """A COCO file with labels for pictures that are there; the objects it brings are found afterwards."""
        image, label_class = self.alive(data), self.some_class(data)
        facts = self.ada.get(f"images/{image}/").ok()
        self.names += 1
        box = [float(self.names % 40), 1.0, 3.0, 4.0 + self.names]
        body = {
            "images": [{"id": 1, "file_name": facts["name"], "width": facts["width"], "height": facts["height"]}],
            "categories": [{"id": 1, "name": self.now.classes[label_class]["name"]}],
            "annotations": [
                {"id": 1, "image_id": 1, "category_id": 1, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
            ],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "labels.json"
            path.write_text(json.dumps(body))
            with path.open("rb") as stream:
                job = self.ada.send(f"projects/{self.project}/imports/", file=stream).ok(202)
            self.ada.succeed(job)
        found = read_state(self.project, self.head)
        wanted = self.now.copy()
        (key,) = found.objects.keys() - wanted.objects.keys()
        row = found.objects[key]
        assert (row["image"], row["class"]) == (image, label_class)
        assert json.loads(row["shape"])["box"][:3] == box[:3]
        wanted.objects[key] = row
        status, *rest = wanted.images[image]
        wanted.images[image] = ("annotated" if status == "unlabelled" else status, *rest)  # type: ignore[assignment]
        self.settle(wanted)

    @precondition(lambda self: self.now.classes)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        label_class, wanted = self.some_class(data), self.now.copy()
        self.names += 1
        wanted.classes[label_class]["name"] = f"name {self.names}"
        self.ada.patch(f"classes/{label_class}/", {"name": f"name {self.names}"}).ok()
        self.settle(wanted)

    @precondition(lambda self: len(self.now.classes) < 6)
    @rule()
    def add_class(self) -> None:
        self.names += 1
        body = {"name": f"name {self.names}", "color": "#010203", "hotkey": ""}
        made = self.ada.post(f"projects/{self.project}/classes/", body).ok(201)
        wanted = self.now.copy()
        more = {"position": len(wanted.classes), "attributes": [], "skeleton": {}, "revisit_before": None}
        wanted.classes[made["id"]] = body | more
        self.settle(wanted)

    @precondition(lambda self: len(self.now.classes) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, two = data.draw(st.permutations(sorted(self.now.classes)))[:2]
        wanted = self.now.copy()
        for key in wanted.of(one):
            wanted.objects[key]["class"] = two
        del wanted.classes[one]
        self.finish(self.ada.post(f"classes/{one}/merge/", {"into": two}))
        self.settle(wanted)

    @precondition(lambda self: 0 < len(self.now.classes) < 5)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        label_class, wanted = self.some_class(data), self.now.copy()
        self.names += 1
        answer = self.ada.post(f"classes/{label_class}/split/", {"names": [f"name {self.names}"]}).ok()
        (made,) = answer["created"]
        wanted.classes[made["id"]] = {name: made[name] for name in CLASS_FIELDS}
        wanted.classes[label_class]["revisit_before"] = self.number + 1
        assert made["name"] == f"name {self.names}"
        self.settle(wanted)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        revision = self.past(data)
        self.finish(self.ada.post(f"projects/{self.project}/restore/", {"revision": revision}))
        self.settle(self.states[revision].copy())

    @rule(data=st.data())
    def restore_image(self, data: st.DataObject) -> None:
        revision, image = self.past(data), data.draw(st.sampled_from(self.images))
        answer = self.ada.post(f"projects/{self.project}/restore/", {"revision": revision, "image": image})
        then = self.states[revision]
        if image not in then.images:
            answer.refused(400, "not_there")
            self.settle(self.now)
            return
        self.finish(answer)
        self.settle(restored_image(self.now, then, image))

    @rule(data=st.data())
    def restore_class(self, data: st.DataObject) -> None:
        revision = self.past(data)
        then = self.states[revision]
        if not then.classes:
            return
        label_class = data.draw(st.sampled_from(sorted(then.classes)))
        body = {"revision": revision, "class": label_class}
        self.finish(self.ada.post(f"projects/{self.project}/restore/", body))
        self.settle(restored_class(self.now, then, label_class))

    @rule(data=st.data())
    def revert(self, data: st.DataObject) -> None:
        """One revision with its operation, or everything from one to another."""
        first = self.past(data, 2)
        last = first if data.draw(st.booleans()) else min(first + data.draw(st.integers(0, 4)), self.number)
        rows = Revision.objects.filter(project=self.project)
        numbers = set(range(first, last + 1))
        operations = {row.operation_id for row in rows.filter(number__in=numbers)} - {None}
        numbers |= set(rows.filter(operation__in=operations).values_list("number", flat=True))
        first, last = min(numbers), max(numbers)
        if numbers != set(range(first, last + 1)):
            return
        answer = self.ada.post(f"projects/{self.project}/revert/", {"first": first, "last": last})
        if answer.status == 400:
            answer.refused(400, "already_reverted")
            return
        before, after = self.states[first - 1], self.states[last]
        try:
            wanted = reverted(self.now, before, after, self.written, numbers)
        except Conflict:
            if answer.status == 202:
                row = self.ada.finish(answer.body)
                assert (row["state"], row["error"]["code"]) == ("failed", "conflict")
            else:
                answer.refused(409, "conflict")
            self.settle(self.now)
            return
        self.finish(answer)
        self.settle(wanted)

    @precondition(lambda self: self.now.images)
    @rule()
    def version(self) -> None:
        made = self.ada.post(f"projects/{self.project}/versions/", {"name": "v", "group_by": "group"}).ok(201)
        assert made["revision"] == self.number
        version = Version.objects.get(pk=made["id"])
        assert_tally_is_fresh(version.project)
        assert_version_is_fresh(version)
        if len(self.versions) < 2:
            self.versions.append((made["id"], made["digest"], self.exported(made["id"])))

    @rule(data=st.data())
    def compare(self, data: st.DataObject) -> None:
        """The diff of any two revisions is what a comparison of two copies finds."""
        start, end = self.past(data), self.past(data)
        one, two = self.states[start], self.states[end]
        span = Span(self.project, start, end)
        found = {row["uuid"]: row["kinds"] for row in changed_objects(span, ObjectFilter(), limit=1000)}
        differing = {
            key for key in one.objects.keys() | two.objects.keys() if one.objects.get(key) != two.objects.get(key)
        }
        assert found.keys() == differing
        for key, kinds in found.items():
            assert (kinds == ["added"]) == (key not in one.objects)
            assert (kinds == ["removed"]) == (key not in two.objects)
        counts = object_counts(span)
        assert counts["added"] + counts["removed"] + counts["changed"] == len(differing)
        images = image_counts(span)
        changed = {key for key in one.images.keys() | two.images.keys() if one.images.get(key) != two.images.get(key)}
        assert images["added"] + images["removed"] + images["changed"] == len(changed)

    def finish(self, answer: Any) -> None:
        if answer.status == 202:
            self.ada.succeed(answer.body)
        else:
            answer.ok()

    def exported(self, version: int) -> bytes:
        job = self.ada.post(f"projects/{self.project}/exports/", {"version": version, "format": "native"}).ok(202)
        with tempfile.TemporaryDirectory() as folder:
            return self.ada.download(self.ada.finish(job), Path(folder)).read_bytes()

    def teardown(self) -> None:
        """Every revision is still what the copy of it says, and so is every version."""
        row = Project.objects.get(pk=self.project)
        kept = dict(Revision.objects.filter(project=row).values_list("number", "digest"))
        assert sorted(kept) == list(range(1, self.number + 1))
        assert_tally_is_fresh(row)
        for number, state in self.states.items():
            assert read_state(self.project, number) == state
            if number:
                assert kept[number] == state_digest(row, revision=number)
        for version, digest, data in self.versions:
            assert self.ada.get(f"versions/{version}/").ok()["digest"] == digest
            assert self.exported(version) == data


def shape_text(box: list[float]) -> str:
    return json.dumps({"type": "box", "box": box}, separators=(",", ":"))


def run(runs: int, *, derandomize: bool) -> None:
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS_A_RUN,
        deadline=None,
        derandomize=derandomize,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    # Small limits: much of the work becomes a job of several revisions.
    few_rows = mock.patch.multiple(rewrite, ROWS_AT_ONCE=6, ROWS_A_REVISION=3)
    # Counts are kept after a few changes and followed from there.
    with few_rows, mock.patch.multiple(label_tally, KEEP_AFTER=8, ROWS_A_STEP=5):
        run_state_machine_as_test(TimeMachine, settings=chosen)


@pytest.mark.django_db
@pytest.mark.slow
def test_every_interleaving_is_what_a_model_that_copies_everything_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)
    run(SHORT_RUNS, derandomize=True)


@pytest.mark.django_db
@pytest.mark.timeout(0)
@pytest.mark.skipif("ANNOTATOR_STEPS" not in os.environ, reason="Long: name a number of steps with ANNOTATOR_STEPS.")
def test_the_same_for_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)
    run(int(os.environ["ANNOTATOR_STEPS"]) // STEPS_A_RUN, derandomize=False)
