"""What others take away between two pieces of large work: no label is left without its class or its image."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.auth.models import User

from datasets_app.models import Annotation, ImageState, LabelClass, LabelClassState, Project
from datasets_app.services import rewrite
from datasets_app.services.class_rewrite import ClassRewrite, class_end
from datasets_app.services.digest import state_digest
from datasets_app.services.imports import ImportRequest, chunks, import_run
from datasets_app.services.restore import RestoreRequest, restore_run
from tests.client import Api

pytestmark = pytest.mark.django_db
IMAGES = 6


class Scene:
    """Six images with a label of each of two classes."""

    def __init__(self) -> None:
        self.api = Api("ada")
        body = self.api.project("cell", "spore")
        self.id: int = body["id"]
        self.cell, self.spore = (row["id"] for row in body["classes"])
        self.images = self.api.images(self.id, IMAGES)
        for image in self.images:
            self.api.label(image, self.cell)
            self.api.label(image, self.spore)

    @property
    def project(self) -> Project:
        return Project.objects.get(pk=self.id)

    @property
    def ada(self) -> User:
        return User.objects.get(username="ada")

    def retire(self, label_class: int) -> None:
        wanted = ClassRewrite(LabelClass.objects.get(pk=label_class))
        class_end(wanted, author=self.ada, key=f"retire {label_class}")

    def delete_image(self, image: int) -> None:
        self.api.post(f"projects/{self.id}/images/bulk/", {"ids": [image], "action": "delete"}).ok()

    def live(self) -> list[tuple[int, int]]:
        rows = Annotation.objects.now().filter(project=self.id)
        return list(rows.order_by("image_id", "label_class_id").values_list("image_id", "label_class_id"))

    def check(self) -> None:
        live = Annotation.objects.now().filter(project=self.id)
        states = ImageState.objects.now().filter(project=self.id).values("image_id")
        assert not live.exclude(image_id__in=states).exists()
        classes = LabelClassState.objects.now().filter(label_class__project=self.id).values("label_class_id")
        assert not live.exclude(label_class_id__in=classes).exists()
        assert sum(self.project.counts["classes"].values()) == live.count()
        project = self.project
        assert state_digest(project, revision=project.revision) == project.digest


def once(act: Callable[[], None]) -> Callable[[int, int], None]:
    """Somebody's act after the first piece."""
    acts = [act]

    def tell(_done: int, _total: int) -> None:
        if acts:
            acts.pop()()

    return tell


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture(autouse=True)
def _in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(rewrite, "ROWS_A_REVISION", 4)
    monkeypatch.setattr(chunks, "LABELS", 4)


def test_class_retired_while_a_restore_brings_its_labels_back(scene: Scene) -> None:
    then = scene.project.revision
    for image in scene.images:
        rows = scene.api.annotations(image)
        scene.api.change(image, base=scene.project.revision, delete=[row["uuid"] for row in rows]).ok()
    request = RestoreRequest(scene.project, then)
    restore_run(request, author=scene.ada, key="r", progress=once(lambda: scene.retire(scene.spore)))
    assert scene.live() == [(image, scene.cell) for image in scene.images]
    scene.check()


def test_class_retired_while_another_is_merged_into_it(scene: Scene) -> None:
    wanted = ClassRewrite(LabelClass.objects.get(pk=scene.cell), LabelClass.objects.get(pk=scene.spore))
    class_end(wanted, author=scene.ada, key="m", progress=once(lambda: scene.retire(scene.spore)))
    # The labels that were not merged yet stay what they are, and their class with them.
    kept = [key for _, key in scene.live()]
    assert kept
    assert set(kept) == {scene.cell}
    scene.check()


def test_class_retired_and_image_deleted_while_an_import_runs(scene: Scene, tmp_path: Path) -> None:
    names = [row["name"] for row in scene.api.get(f"projects/{scene.id}/images/").ok()["results"]]
    sizes = {"width": 64, "height": 48}
    body = {
        "images": [{"id": number, "file_name": name, **sizes} for number, name in enumerate(sorted(names), 1)],
        "categories": [{"id": 1, "name": "cell"}, {"id": 2, "name": "spore"}],
        "annotations": [
            {"id": 2 * number + kind, "image_id": number, "category_id": kind, "bbox": [30, 20, 9, 9], "iscrowd": 0}
            for number in range(1, IMAGES + 1)
            for kind in (1, 2)
        ],
    }
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(body))

    def meanwhile() -> None:
        scene.retire(scene.spore)
        scene.delete_image(scene.images[2])

    # The second piece is matched with its images and classes, and only then takes its lock.
    with mock.patch("datasets_app.services.imports.run.pictures_decode", _second_time(meanwhile)):
        answer = import_run(ImportRequest(scene.project, path), author=scene.ada, key="i")
    assert {key for _, key in scene.live()} == {scene.cell}
    details = " ".join(problem["detail"] for problem in answer["problems"])
    assert "The class of 1 labels was retired while the import ran" in details
    assert "deleted while the import ran" in details
    scene.check()


def _second_time(act: Callable[[], None]) -> Callable[..., dict[str, object]]:
    calls: list[int] = []

    def decode(*_: object) -> dict[str, object]:
        calls.append(1)
        if len(calls) == 2:
            act()
        return {}

    return decode
