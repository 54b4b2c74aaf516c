"""Versions and exports of 36,700 polygons; health and statistics of a million objects."""

import functools
import gc
import itertools
import statistics
from typing import Any
from uuid import uuid4

from bench._large import large_project
from bench._scene import POLYGONS, scene
from bench.harness import benchmark, best_of, median_of, timed

ON_DATABASES = True
"""Measured on SQLite and again on PostgreSQL."""


@benchmark("version_36k", unit="s", target=0.05, peer="Label Studio 1.23 (snapshot)", peer_value=15.1)
def version() -> float:
    """p50 of naming the present state with a stratified 70/20/10 split."""
    scene()
    from datasets_app.services.version import version_create  # noqa: PLC0415  after Django was set up
    from datasets_app.splits import SplitRule  # noqa: PLC0415

    numbers = itertools.count()

    def create() -> None:
        made = version_create(
            scene().project, author=scene().owner, name=f"v{next(numbers)}", rule=SplitRule(group_by="group")
        )
        assert made.statistics["annotations"] >= POLYGONS

    return median_of(create, repeat=7)


@benchmark("version_36k_duplicates", unit="s", target=0.25)
def version_with_duplicates() -> float:
    """The same with the search for near-duplicate pictures, which must not fall into two splits."""
    scene()
    from datasets_app.services.version import version_create  # noqa: PLC0415  after Django was set up
    from datasets_app.splits import SplitRule  # noqa: PLC0415

    return median_of(
        lambda: version_create(scene().project, author=scene().owner, name="v", rule=SplitRule(group_by="duplicate")),
        repeat=5,
    )


@benchmark("export_coco_36k", unit="s", target=0.6, peer="Datumaro 1.13 (labels in memory)", peer_value=2.9)
def export_coco() -> float:
    """From the database to the finished COCO file."""
    return _export("coco")


@benchmark("export_native_36k", unit="s", target=1.0)
def export_native() -> float:
    """The same in the project's own lossless format."""
    return _export("native")


def _export(key: str) -> float:
    scene()
    from datasets_app.services.exports import ExportRequest, export_write  # noqa: PLC0415  after Django was set up

    request = ExportRequest(scene().project, key)

    def write() -> Any:
        result = export_write(request, key="bench")
        assert result["size"] > 5_000_000

    return best_of(write, repeat=5)


@benchmark("health_scan_1m", unit="s", target=120)
def health_scan() -> float:
    """The first computation of health and statistics: 100,000 images with 1 M objects."""
    project = large_project()
    from datasets_app.services.health import health_compute  # noqa: PLC0415  after Django was set up

    return timed(lambda: health_compute(project))


@benchmark("health_page_100k", unit="s", target=0.1)
def health_page() -> float:
    """p50 of opening the page, each time after somebody saved another of the 100,000 images."""
    client, project, images, label_class = _checked()

    def save(image: int) -> None:
        key, url = str(uuid4()), f"/api/v1/images/{image}/"
        base = client.get(f"{url}annotations/").json()["revision"]
        new = {"uuid": key, "class": label_class, "shape": {"type": "box", "box": [5, 5, 50, 50]}}
        body = {"base_revision": base, "batch_id": key, "create": [new]}
        assert client.post(f"{url}changes/", body, content_type="application/json").status_code == 200

    times = []
    for image in images:
        save(image)
        times.append(timed(lambda: _page(client, f"/api/v1/projects/{project}/health/")))
    return statistics.median(times)


@benchmark("statistics_100k", unit="s", target=0.1)
def statistics_page() -> float:
    """p50 of the statistics of the same project, with the heat map of one class."""
    client, project, _, label_class = _checked()
    return median_of(lambda: _page(client, f"/api/v1/projects/{project}/statistics/?class={label_class}"), repeat=21)


def _page(client: Any, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.json()["state"] == "current"


@functools.cache
def _checked() -> tuple[Any, int, list[int], int]:
    """Somebody who is signed in, the large project once its health was computed, some images and a class."""
    project = large_project()
    from django.test import Client  # noqa: PLC0415  after Django was set up
    from rest_framework.authtoken.models import Token  # noqa: PLC0415

    from datasets_app.services.health import health_compute  # noqa: PLC0415

    health_compute(project)
    owner = project.memberships.get().user
    token, _ = Token.objects.get_or_create(user=owner)
    images = list(project.images.order_by("pk").values_list("pk", flat=True)[:21])
    # A web process holds nothing of the scene; its garbage collector shall not look through it either.
    gc.freeze()
    client = Client(headers={"authorization": f"Token {token.key}"})
    return client, project.pk, images, project.classes.order_by("-number")[0].pk
