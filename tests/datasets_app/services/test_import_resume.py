"""An import that is cut off goes on behind its last commit: nothing twice, nothing lost, counted as one."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model

from datasets_app.models import Annotation, Image, ImageState, Project, Revision
from datasets_app.services.digest import state_digest
from datasets_app.services.imports import ImportRequest, chunks, import_run, source
from datasets_app.services.imports.labels import label_uuid
from datasets_app.services.project import project_create
from datasets_app.services.revision import revision_open

pytestmark = pytest.mark.django_db
IMAGES = 12


class Killed(BaseException):
    """As a signal ends a process: nothing of ours handles it."""


@pytest.fixture
def project() -> Project:
    return scene()


def scene() -> Project:
    owner, _ = get_user_model().objects.get_or_create(username="ada")
    project = project_create(author=owner, name="Cells", task="detection", classes=[{"name": "cell"}])
    images = [
        Image(project=project, name=f"{n:02}.png", width=64, height=48, size=1, perceptual_hash=n, sha256=f"{n:064x}")
        for n in range(IMAGES)
    ]
    Image.objects.bulk_create(images)
    with revision_open(project.pk, author=owner, kind="upload") as door:
        door.open([ImageState(project=project, image=image) for image in images])
    project.refresh_from_db()
    return project


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two good labels and a bad one an image, a class that is new, an image that nobody has."""
    body: dict[str, Any] = {"images": [], "annotations": [], "categories": [{"id": 1, "name": "spore"}]}
    for number in range(1, IMAGES + 2):
        body["images"].append({"id": number, "file_name": f"{number - 1:02}.png", "width": 64, "height": 48})
        for x in (1, 20, -90):
            box = [x, 2, 10, 10]
            key = len(body["annotations"]) + 1
            body["annotations"].append({"id": key, "image_id": number, "category_id": 1, "bbox": box, "iscrowd": 0})
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(body))
    return path


@pytest.mark.parametrize(
    ("mode", "pieces", "apart"),
    [*product(("merge", "add", "replace"), (0, 1, 3), (False,)), ("merge", 1, True)],
)
def test_a_killed_import_goes_on(
    project: Project, file: Path, monkeypatch: pytest.MonkeyPatch, mode: str, pieces: int, apart: bool
) -> None:
    # given
    monkeypatch.setattr(chunks, "LABELS", 4)
    monkeypatch.setattr(source, "is_worthwhile", lambda _: apart)
    request = ImportRequest(project, file, mode=mode)
    whole = import_run(request, author=None, key="whole")
    other = scene()
    done: list[int] = []

    def kill(records: int, _total: int) -> None:
        done.append(records)
        if len(done) > pieces:
            raise Killed

    # when
    request = ImportRequest(other, file, mode=mode)
    with pytest.raises(Killed):
        import_run(request, author=None, key="cut", progress=kill)
    before = Annotation.objects.now().filter(project=other).count()
    result = import_run(request, author=None, key="cut")

    # then
    assert before == 2 * done[-1]
    assert told(result) == told(whole)
    assert result["annotations"]["created"] == 2 * IMAGES
    assert result["images"]["unmatched_count"] == 1
    assert Annotation.objects.now().filter(project=other).count() == 2 * IMAGES
    assert Revision.objects.filter(project=other, operation__key="cut").count() == 6
    other.refresh_from_db()
    assert state_digest(other, revision=other.revision) == other.digest
    assert import_run(request, author=None, key="cut") == result


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what two projects cannot have in common."""
    mapping = [{**row, "class": None} for row in answer["classes"]["mapping"]]
    classes = answer["classes"] | {"mapping": mapping}
    return answer | {"revision": None, "first_revision": None, "classes": classes}


def test_a_label_keeps_its_uuid_however_often_it_is_imported() -> None:
    image = UUID("6f1f2f6a-7d1a-4c0c-9d57-00000000000a")
    made = UUID(label_uuid(image.bytes, "1|shape|0"))
    assert made == UUID(label_uuid(image.bytes, "1|shape|0"))
    assert made != UUID(label_uuid(image.bytes, "1|shape|1"))
    assert (made.version, made.variant, made.bytes[:6]) == (8, image.variant, image.bytes[:6])
