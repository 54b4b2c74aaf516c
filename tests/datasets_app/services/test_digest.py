"""Equal content has an equal digest: on every database, after a trip through the native format, anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from datasets_app.models import Image, LabelClass, Project
from datasets_app.services.digest import state_digest
from tests.client import Api
from tests.conftest import ROOT

KNOWN = "f96a4508efad1c38c02d5aa75d178cd4f56032019cdfd908d6e492c6798cd61a"
"""Of the scene below, on SQLite and PostgreSQL alike. It changes only when the definition of the digest does."""


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)


@pytest.fixture
def scene(db: None) -> tuple[Api, dict[str, Any]]:
    """Every kind of row with fixed UUIDs, written through the API."""
    ada = Api("ada")
    project = ada.project("cell", "debris")
    for number, label_class in enumerate(LabelClass.objects.order_by("pk")):
        LabelClass.objects.filter(pk=label_class.pk).update(uuid=UUID(int=number + 1))
    cell, debris = (row["id"] for row in project["classes"])
    skeleton = {"points": ["head", "tail"], "edges": [[0, 1]]}
    one, two = ada.images(project["id"], 2)
    for number, image in enumerate((one, two)):
        # An identity never changes but here, before anything of it was counted into a digest that is looked at.
        Image.objects.filter(pk=image).update(uuid=UUID(int=100 + number))
    shapes = [
        {"type": "box", "box": [1, 2, 3.5, 4]},
        {"type": "polygon", "parts": [{"outer": [[1, 1], [9, 1], [9, 9]], "holes": []}]},
        {"type": "tag"},
    ]
    create = [
        {"uuid": str(UUID(int=1000 + number)), "class": (cell, debris)[number % 2], "shape": shape, "score": 0.25}
        for number, shape in enumerate(shapes)
    ]
    create[0] |= {"attributes": {"b": [1, {"y": None, "x": "ä"}], "a": True}, "crowd": True, "group": 7, "z_order": -1}
    ada.change(one, create=create).ok()
    path = f"projects/{project['id']}/images/bulk/"
    ada.post(path, {"ids": [two], "action": "add_tags", "value": ["früh", "a"]}).ok()
    ada.post(path, {"ids": [two], "action": "set_group", "value": "film"}).ok()
    ada.post(path, {"ids": [one], "action": "set_split", "value": "val"}).ok()
    ada.patch(f"classes/{debris}/", {"skeleton": skeleton, "attributes": [{"name": "size", "type": "number"}]}).ok()
    return ada, project


def now(project: int) -> str:
    row = Project.objects.get(pk=project)
    return state_digest(row, revision=row.revision)


def test_the_digest_is_the_same_on_every_database(scene: tuple[Api, dict[str, Any]]) -> None:
    # Which bytes a PNG has depends on the compressor of the machine that writes it.
    for number, image in enumerate(Image.objects.order_by("pk")):
        Image.objects.filter(pk=image.pk).update(sha256=f"{number:064x}")
    assert now(scene[1]["id"]) == KNOWN


def test_the_native_format_brings_the_digest_to_another_project(
    scene: tuple[Api, dict[str, Any]], tmp_path: Path
) -> None:
    ada, project = scene
    body = {"format": "native", "images": True}
    job = ada.finish(ada.post(f"projects/{project['id']}/exports/", body).ok(202))
    file = ada.download(job, tmp_path)
    other = ada.post("projects/", {"name": "Elsewhere", "task": "detection"}).ok(201)
    with file.open("rb") as stream:
        ada.succeed(ada.send(f"projects/{other['id']}/imports/", file=stream).ok(202))
    assert now(other["id"]) == now(project["id"])
    assert Project.objects.get(pk=other["id"]).digest == now(other["id"])


ELSEWHERE = """
import django, sys
django.setup()
from django.core.management import call_command
from datasets_app.models import Project
call_command("migrate", verbosity=0)
project = Project.objects.create(name="Elsewhere", task="detection")
call_command("import_dataset", "Elsewhere", sys.argv[1], format=sys.argv[2], stdout=sys.stderr)
call_command("verify_digests", "Elsewhere", stdout=sys.stderr)
print(Project.objects.get(pk=project.pk).digest)
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("key", ["native", "parquet"])
def test_another_installation_has_the_same_digest(scene: tuple[Api, dict[str, Any]], tmp_path: Path, key: str) -> None:
    """Another process with a data folder and an SQLite file of its own, from SQLite and from PostgreSQL alike."""
    ada, project = scene
    job = ada.finish(ada.post(f"projects/{project['id']}/exports/", {"format": key, "images": True}).ok(202))
    file = ada.download(job, tmp_path)
    own = {"DATABASE_URL": "", "REDIS_URL": "", "ANNOTATOR_SECRET_KEY": "of another installation"}
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    environ = os.environ | own | {
        "ANNOTATOR_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "annotator.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-c", ELSEWHERE, str(file), key]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert (folder / "annotator.sqlite3").is_file()
    assert done.stdout.split()[-1] == now(project["id"])


def test_what_a_person_looks_at_again_is_no_other_content(scene: tuple[Api, dict[str, Any]]) -> None:
    ada, project = scene
    before = now(project["id"])
    ada.patch(f"classes/{project['classes'][0]['id']}/", {"revisit": True}).ok()
    ada.post(f"projects/{project['id']}/revisit/", {"confirm": [str(UUID(int=1000))]}).ok()
    assert now(project["id"]) == before


def test_every_fact_of_an_object_counts(scene: tuple[Api, dict[str, Any]]) -> None:
    ada, project = scene
    image = Image.objects.order_by("pk").first()
    assert image is not None
    seen = {now(project["id"])}
    key = str(UUID(int=1000))
    facts: list[dict[str, Any]] = [
        {"shape": {"type": "box", "box": [1, 2, 3.5, 4.5]}}, {"attributes": {}}, {"occluded": True},
        {"truncated": True},
        {"crowd": False}, {"z_order": 3}, {"group": None}, {"source": "method:sam"}, {"score": None},
        {"class": project["classes"][1]["id"]},
    ]  # fmt: skip
    for fact in facts:
        ada.change(image.pk, update=[{"uuid": key, **fact}]).ok()
        seen.add(now(project["id"]))
    assert len(seen) == len(facts) + 1
