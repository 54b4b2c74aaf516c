"""Scenes and measured runs of imports and exports: a file with COCO's statistics, a project that has its images."""

import functools
import itertools
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench._child import in_child
from bench._coco_like import file_name, size_of
from bench._scene import closing, instance

LARGE_IMAGES, LARGE_MEAN = 100_000, 10.0
SAVE_EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Imported:
    """What one large import took, and how long saves in the same project waited meanwhile."""

    project: Any
    annotations: int
    seconds: float
    peak_bytes: float
    longest_save: float
    saves: int


def project_with_images(name: str, images: int, *, same_as: Any = None) -> Any:
    """A project that holds the images of a generated file, or those of the project `same_as`, and no label."""
    instance()
    from django.contrib.auth import get_user_model  # noqa: PLC0415  Django is set up by the line above

    from datasets_app.models import Image, ImageState  # noqa: PLC0415
    from datasets_app.services.project import project_create  # noqa: PLC0415
    from datasets_app.services.revision import revision_open  # noqa: PLC0415

    owner, _ = get_user_model().objects.get_or_create(username="importer", is_superuser=True)
    project = project_create(author=owner, name=name, task="segmentation", classes=[{"name": "drawn"}])
    for start in range(0, images, 10_000):
        rows = [_image(Image, project, index) for index in range(start, min(start + 10_000, images))]
        if same_as is not None:
            for row, other in zip(rows, same_as.images.order_by("pk")[start : start + 10_000], strict=True):
                row.name, row.width, row.height = other.name, other.width, other.height
        Image.objects.bulk_create(rows, batch_size=500)
        with revision_open(project.pk, author=owner, kind="upload") as door:
            door.remember(images=rows)
            door.open([ImageState(project=project, image=image) for image in rows])
    project.refresh_from_db()
    return project


def _image(model: Any, project: Any, index: int) -> Any:
    width, height = size_of(index)
    key = f"{index:064x}"
    return model(
        project=project, name=file_name(index), width=width, height=height, size=1, sha256=key, source_sha256=key,
        suffix=".jpg", source_suffix=".jpg", perceptual_hash=index,
    )  # fmt: skip


@functools.cache
def coco_file(images: int, mean: float) -> Path:
    """Written by a process of its own, so that this one stays as small as it is."""
    folder = tempfile.TemporaryDirectory(prefix="annotator-bench-coco-")
    closing(folder.cleanup)
    path = Path(folder.name) / "instances_train.json"
    words = [sys.executable, "-m", "bench._coco_like", str(path), "--images", str(images), "--mean-objects", str(mean)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return path


@functools.cache
def large_import() -> Imported:
    """A million annotations for 100,000 images in a process of its own, while this one saves now and then."""
    path = coco_file(LARGE_IMAGES, LARGE_MEAN)
    project = project_with_images("Million", LARGE_IMAGES)
    saver = _Saver(project)
    counts = in_child(lambda: _import(project, path), meanwhile=saver.start)
    saver.stop()
    project.refresh_from_db()
    assert sum(project.counts["classes"].values()) >= counts["created"]
    return Imported(
        project, counts["created"], counts["seconds"], counts["peak"], max(saver.waits, default=0.0), len(saver.waits)
    )


def _import(project: Any, path: Path) -> dict[str, Any]:
    from datasets_app.services.imports import ImportRequest, import_run  # noqa: PLC0415  after Django was set up

    begun = time.perf_counter()
    result = import_run(ImportRequest(project, path), author=None, key=f"bench-{uuid4()}")
    assert result["images"]["unmatched_count"] == result["annotations"]["refused"] == 0, result["problems"][:3]
    return {"created": result["annotations"]["created"], "seconds": time.perf_counter() - begun}


class _Saver(threading.Thread):
    """Saves a box through the API again and again, and notes how long each save took."""

    def __init__(self, project: Any) -> None:
        super().__init__(daemon=True)
        self._project = project
        self._end = threading.Event()
        self.waits: list[float] = []

    def run(self) -> None:
        from django.contrib.auth import get_user_model  # noqa: PLC0415  after Django was set up
        from django.db import connection  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415
        from rest_framework.authtoken.models import Token  # noqa: PLC0415

        owner = get_user_model().objects.get(username="importer")
        token, _ = Token.objects.get_or_create(user=owner)
        client = Client(headers={"authorization": f"Token {token.key}"})
        # The last image: the import reaches it at its end.
        image = self._project.images.order_by("-pk").values_list("pk", flat=True)[0]
        label_class = client.get(f"/api/v1/projects/{self._project.pk}/").json()["classes"][0]["id"]
        key = str(uuid4())
        for step in itertools.count(1):
            if self._end.wait(SAVE_EVERY_SECONDS):
                break
            base = client.get(f"/api/v1/images/{image}/annotations/").json()["revision"]
            change: dict[str, Any] = {"uuid": key, "shape": {"type": "box", "box": [10, 10, 20 + step % 300, 30]}}
            changes = {"update": [change]} if step > 1 else {"create": [change | {"class": label_class}]}
            body = {"base_revision": base, "batch_id": str(uuid4()), **changes}
            begun = time.perf_counter()
            answer = client.post(f"/api/v1/images/{image}/changes/", body, content_type="application/json")
            self.waits.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.content
        connection.close()

    def stop(self) -> None:
        self._end.set()
        self.join()
