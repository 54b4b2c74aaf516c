"""Statistics through the API: the bars are right, and each one's filter shows what is behind it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from datasets_app.models import Annotation, ImageState
from tests.client import Api, picture


def statistics(api: Api, project: int, **params: Any) -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"projects/{project}/statistics/", **params).ok()
    return body


def total(api: Api, project: int, query: dict[str, Any]) -> int:
    found: int = api.get(f"projects/{project}/images/", **query, limit=1).ok()["total"]
    return found


@pytest.fixture
def scene(ada: Api, project: dict[str, Any]) -> int:
    """Pictures of many sizes with random objects, a version, and two people."""
    draw = random.Random(5)
    files = {
        f"{n}.{kind.lower()}": picture(*size, color=(n * 5, 90, 200 - n), kind=kind)
        for n, (size, kind) in enumerate(
            (size, kind)
            for size in ((64, 48), (300, 200), (200, 300), (500, 20), (128, 128))
            for kind in ("PNG", "BMP")
        )
    }
    images = ada.upload(project["id"], files)["created"]
    ada.post(f"projects/{project['id']}/members/", {"username": Api("grace").user.username, "role": "annotator"}).ok(
        201
    )
    people = [ada, Api("grace")]
    for image in images:
        rows = []
        for _ in range(draw.choice([0, 0, 1, 2, 4, 25])):
            width, height = draw.uniform(1, image["width"]), draw.uniform(1, image["height"])
            x, y = draw.uniform(0, image["width"] - width), draw.uniform(0, image["height"] - height)
            shape = {"type": "box", "box": [x, y, width, height]} if draw.random() < 0.9 else {"type": "tag"}
            label_class = draw.choice(project["classes"])["id"]
            rows.append({"uuid": str(uuid4()), "class": label_class, "shape": shape})
        draw.choice(people).change(image["id"], create=rows).ok()
    ada.post(f"projects/{project['id']}/versions/", {"name": "first", "group_by": "none"}).ok(201)
    pk: int = project["id"]
    return pk


def test_counts_are_those_of_the_tables(ada: Api, scene: int) -> None:
    # given
    assert statistics(ada, scene)["state"] == "missing"
    ada.succeed(ada.post(f"projects/{scene}/health/").ok(202))
    live = Annotation.objects.now()

    # when
    body = statistics(ada, scene)

    # then
    assert body["state"] == "current"
    assert body["totals"]["images"] == ImageState.objects.now().count() == 10
    assert body["totals"]["annotations"] == live.count()
    for row in body["classes"]:
        own = live.filter(label_class_id=row["class"])
        assert row["objects"] == own.count()
        assert row["images"] == own.values("image_id").distinct().count()
        assert sum(bar["count"] for bar in row["splits"]) == own.count()
        heat = statistics(ada, scene, **{"class": row["class"]})["heat_map"]
        assert sum(heat["cells"]) == own.exclude(type="tag").count()
    assert body["growth"][-1]["total"] == live.count()
    assert {bar["label"] for bar in body["people"]} <= {"ada", "grace"}


def bars(body: Any) -> Iterator[dict[str, Any]]:
    """Everything that has a count and a filter."""
    if isinstance(body, dict):
        if "count" in body and body.get("filter"):
            yield body
        for value in body.values():
            yield from bars(value)
    elif isinstance(body, list):
        for value in body:
            yield from bars(value)


IMAGE_CHARTS = (
    "states", "objects_per_image", "image_sizes", "image_aspects", "together", "coverage", "formats",
)  # fmt: skip


def test_every_filter_shows_what_is_behind_its_bar(ada: Api, scene: int) -> None:
    ada.succeed(ada.post(f"projects/{scene}/health/").ok(202))
    body = statistics(ada, scene)
    for chart in IMAGE_CHARTS:
        for bar in bars(body[chart]):
            assert total(ada, scene, bar["filter"]) == bar["count"], (chart, bar)
    for bar in bars([body[name] for name in ("object_areas", "object_aspects", "people", "sources", "classes")]):
        number = total(ada, scene, bar["filter"])
        assert (number > 0) == (bar["count"] > 0), bar
        assert number <= bar["count"], bar
    for row in body["classes"]:
        assert total(ada, scene, row["filter"]) == row["images"]


def test_every_cell_of_the_heat_map_shows_its_images(ada: Api, scene: int) -> None:
    ada.succeed(ada.post(f"projects/{scene}/health/").ok(202))
    heat = statistics(ada, scene)["heat_map"]
    shown = [place for place, number in enumerate(heat["cells"]) if number]
    assert shown
    for place in shown:
        query = {**heat["filter"], "cell": f"{place % heat['size']},{place // heat['size']}"}
        assert 1 <= total(ada, scene, query) <= heat["cells"][place], query
    empty = heat["cells"].index(0)
    assert total(ada, scene, {"cell": f"{empty % heat['size']},{empty // heat['size']}"}) == 0


def test_filters_that_mean_nothing_are_refused(ada: Api, project: dict[str, Any]) -> None:
    for query in (
        {"min_objects": "many"}, {"object_size": "huge"}, {"cell": "40,1"}, {"cell": "x"}, {"min_aspect": "wide"},
    ):  # fmt: skip
        ada.get(f"projects/{project['id']}/images/", **query).refused(400, "bad_filter")
    ada.get(f"projects/{project['id']}/statistics/", **{"class": "cat"}).refused(400, "bad_class")


def test_measures_are_part_of_bulk_acts(ada: Api, scene: int) -> None:
    wanted = {"min_objects": 0, "max_objects": 0}
    number = total(ada, scene, wanted)
    assert number
    body = {"filter": wanted, "action": "add_tags", "value": ["bare"]}
    assert ada.post(f"projects/{scene}/images/bulk/", body).ok()["count"] == number
    assert total(ada, scene, {"tag": "bare"}) == number
