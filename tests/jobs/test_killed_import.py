"""An import whose worker is killed in the middle: another one goes on behind the last commit."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from annotator.core.models import Job
from datasets_app.models import Annotation, Image, ImageState, Project, Revision
from datasets_app.services.digest import state_digest
from datasets_app.services.revision import revision_open
from tests.client import Api
from tests.jobs.test_workers import Workers, wait_for

IMAGES, LABELS_EACH = 1_500, 20

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def workers() -> Iterator[Workers]:
    found = Workers()
    yield found
    found.stop()


def add_images(project: Project) -> None:
    rows = [
        Image(project=project, name=f"{n}.png", width=640, height=480, size=1, perceptual_hash=n, sha256=f"{n:064x}")
        for n in range(IMAGES)
    ]
    Image.objects.bulk_create(rows, batch_size=500)
    with revision_open(project.pk, author=None, kind="upload") as door:
        door.remember(images=rows)
        door.open([ImageState(project=project, image=row) for row in rows])


def labels() -> bytes:
    images = [{"id": n + 1, "file_name": f"{n}.png", "width": 640, "height": 480} for n in range(IMAGES)]
    boxes = [
        {"id": key + 1, "image_id": key // LABELS_EACH + 1, "category_id": 1, "bbox": [key % 600, key % 400, 20, 30]}
        for key in range(IMAGES * LABELS_EACH)
    ]
    body: dict[str, Any] = {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "spore"}]}
    return json.dumps(body).encode()


@pytest.mark.slow
def test_a_killed_import_goes_on_and_writes_nothing_twice(workers: Workers) -> None:
    # given
    ada = Api("ada")
    body = ada.project()
    project = Project.objects.get(pk=body["id"])
    add_images(project)
    stream = io.BytesIO(labels())
    stream.name = "labels.json"
    job = ada.send(f"projects/{project.pk}/imports/", file=stream).ok(202)["id"]
    pieces = Revision.objects.filter(project=project, kind="import")

    # when
    first = workers.start()
    wait_for(lambda: pieces.count() >= 2, "two pieces")
    workers.kill(first)
    committed = pieces.count()
    assert Job.objects.get(pk=job).state == "running"
    workers.start()
    wait_for(lambda: Job.objects.get(pk=job).is_finished, "the second worker")

    # then
    row = Job.objects.get(pk=job)
    assert (row.state, row.attempts, row.error_detail) == ("succeeded", 2, "")
    assert row.result is not None
    assert row.result["annotations"]["created"] == IMAGES * LABELS_EACH
    assert row.result["images"]["matched"] == IMAGES
    assert Annotation.objects.now().filter(project=project).count() == IMAGES * LABELS_EACH
    assert Annotation.objects.filter(project=project, deleted_in__isnull=False).count() == 0
    assert pieces.count() > committed >= 2
    assert pieces.values("operation").distinct().count() == 1
    project.refresh_from_db()
    assert state_digest(project, revision=project.revision) == project.digest
