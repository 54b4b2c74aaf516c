"""What the editor waits for: loading and saving one image's annotations over the API."""

import itertools
from typing import Any
from uuid import uuid4

from bench._scene import scene
from bench.harness import benchmark, median_of

ON_DATABASES = True
"""Measured on SQLite and again on PostgreSQL."""


def _client() -> Any:
    from django.test import Client  # noqa: PLC0415  after scene() has set Django up
    from rest_framework.authtoken.models import Token  # noqa: PLC0415

    token, _ = Token.objects.get_or_create(user=scene().owner)
    return Client(headers={"authorization": f"Token {token.key}"})


@benchmark("load", unit="ms", target=10, peer="Label Studio 1.23", peer_value=81)
def load() -> float:
    """p50 of reading the annotations of one image of a project with 36,700."""
    path, client = f"/api/v1/images/{scene().image.pk}/annotations/", _client()

    def read() -> None:
        assert len(client.get(path).json()["annotations"]) >= 7

    return 1000 * median_of(read, repeat=100)


@benchmark("save", unit="ms", target=10, peer="Label Studio 1.23", peer_value=95)
def save() -> float:
    """p50 of saving one moved box as a revision."""
    image, client = scene().image.pk, _client()
    revision = client.get(f"/api/v1/images/{image}/annotations/").json()["revision"]
    label_class = client.get(f"/api/v1/projects/{scene().project.pk}/").json()["classes"][0]["id"]
    key, steps = str(uuid4()), itertools.count(1)
    state = {"revision": revision}

    def write(**changes: Any) -> None:
        body = {"base_revision": state["revision"], "batch_id": str(uuid4()), **changes}
        answer = client.post(f"/api/v1/images/{image}/changes/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        state["revision"] = answer.json()["revision"]

    def shape() -> dict[str, Any]:
        return {"type": "box", "box": [10, 10, 20 + next(steps) % 400, 30]}

    write(create=[{"uuid": key, "class": label_class, "shape": shape()}])
    return 1000 * median_of(lambda: write(update=[{"uuid": key, "shape": shape()}]), repeat=100)


@benchmark("grid_page", unit="ms", target=100)
def grid_page() -> float:
    """p50 of a page of 100 images with overlays out of 5,000."""
    path, client = f"/api/v1/projects/{scene().project.pk}/images/?limit=100&overlay=1", _client()

    def read() -> None:
        assert len(client.get(path).json()["results"]) == 100

    return 1000 * median_of(read, repeat=20)
