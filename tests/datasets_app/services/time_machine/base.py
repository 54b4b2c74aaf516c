"""What the tables say, beside what the model says; each act does the same to both and `settle` compares."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from datasets_app.models import Annotation, ImageState, LabelClassState, Project, Revision
from datasets_app.services.digest import state_digest
from tests.client import Api
from tests.datasets_app.services.counting import assert_tally_is_fresh
from tests.datasets_app.services.time_machine.naive import State

IMAGES = 4
OBJECTS_AN_IMAGE = 6
"""An edit adds none to an image that has as many, so that a long run stays as quick as a short one."""
CLASS_FIELDS = ("name", "color", "hotkey", "position", "attributes", "skeleton", "revisit_before")
OBJECT_FIELDS = ("type", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source", "score")


def read_state(project: int, revision: int) -> State:
    """What the tables say was true at the revision."""
    states = ImageState.objects.at(revision).filter(project=project)
    images = {
        image: (status, split, tuple(tags), group)
        for image, status, split, tags, group in states.values_list("image_id", "status", "split", "tags", "group")
    }
    rows = Annotation.objects.at(revision).filter(project=project)
    objects = {
        str(uuid): {"image": image, "class": label_class, **dict(zip(OBJECT_FIELDS, facts, strict=True))}
        for uuid, image, label_class, *facts in rows.values_list("uuid", "image_id", "label_class_id", *OBJECT_FIELDS)
    }
    lines = LabelClassState.objects.at(revision).filter(label_class__project=project)
    classes = {
        label_class: dict(zip(CLASS_FIELDS, facts, strict=True))
        for label_class, *facts in lines.values_list("label_class_id", *CLASS_FIELDS)
    }
    return State(images, objects, classes)


def shape_text(box: list[float]) -> str:
    return json.dumps({"type": "box", "box": box}, separators=(",", ":"))


class Played(RuleBasedStateMachine):
    """A project that acts are played on, and copies of it at every revision."""

    acts = 0
    """Of all runs so far."""

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
        self.places: dict[str, int] = {}
        self.versions: list[tuple[int, str, bytes]] = []
        self.names = 0
        self.is_begun = False

    def settle(self, wanted: State) -> None:
        """The tables now say `wanted`; revisions on the way there, of large work, are taken as they are."""
        head = self.head
        found = read_state(self.project, head)
        assert found == wanted
        for number in range(self.number + 1, head + 1):
            self.states[number] = read_state(self.project, number)
            rows = Annotation.objects.filter(project=self.project, created_in=number)
            self.written.update({str(key): number for key in rows.values_list("uuid", flat=True)})
        for key in wanted.objects:
            self.places.setdefault(key, len(self.places))
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

    @invariant()
    def count(self) -> None:
        Played.acts += self.is_begun
        self.is_begun = True

    def in_order(self, keys: Collection[str]) -> list[str]:
        """Objects as they came: UUIDs differ from run to run, and what is drawn must be the same in each."""
        return sorted(keys, key=self.places.__getitem__)

    def alive(self, draw: st.DataObject) -> int:
        return int(draw.draw(st.sampled_from(sorted(self.now.images))))

    def some_class(self, draw: st.DataObject) -> int:
        return int(draw.draw(st.sampled_from(sorted(self.now.classes))))

    def past(self, draw: st.DataObject, least: int = 1) -> int:
        return int(draw.draw(st.integers(least, self.number)))

    def box(self, draw: st.DataObject) -> list[float]:
        return [float(draw.draw(st.integers(0, 30))), 2.0, float(draw.draw(st.integers(1, 20))), 8.0]

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
