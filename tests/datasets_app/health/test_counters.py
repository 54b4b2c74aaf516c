"""Counters give back exactly what they were given, in any order, through their packed form."""

from __future__ import annotations

import random

from datasets_app.health.base import ImageFacts
from datasets_app.health.charts import charts
from datasets_app.health.counters import Counters, aspect_bin, side_bin, size_bin
from tests.datasets_app.health.scenes import healthy, sick


def counted(images: list[ImageFacts]) -> Counters:
    counters = Counters()
    for image in images:
        counters.add(image)
    return counters


def test_taking_away_what_was_added_leaves_nothing() -> None:
    counters = counted(sick().images)
    for image in sick().images:
        counters.add(image, -1)
    assert counters.plain() == Counters().plain()


def test_the_order_does_not_matter() -> None:
    images = sick().images
    shuffled = random.Random(1).sample(images, len(images))
    assert counted(shuffled).plain() == counted(images).plain()


def test_packed_counters_come_back_and_go_on() -> None:
    first, second = healthy().images[:20], healthy().images[20:]
    counters = Counters.unpack(counted(first).pack())
    for image in second:
        counters.add(image)
    assert counters.plain() == counted(healthy().images).plain()
    assert Counters.unpack(b"").plain() == Counters().plain()


def test_bins_are_where_they_are_said_to_be() -> None:
    assert [side_bin(pixels) for pixels in (1, 2, 4, 64, 90, 91, 127, 128)] == [0, 2, 4, 12, 12, 13, 13, 14]
    assert size_bin(32, 32) == 40
    assert aspect_bin(20, 10) == 8


def test_bars_add_up() -> None:
    scene = sick()
    objects = sum(len(image.objects) for image in scene.images)

    body = charts(scene.overview(), None)

    assert body["totals"]["images"] == len(scene.images)
    for chart in ("states", "objects_per_image", "image_sizes", "image_aspects", "formats"):
        assert sum(bar["count"] for bar in body[chart]) == len(scene.images), chart
    assert body["totals"]["annotations"] == objects
    for chart in ("people", "sources"):
        assert sum(bar["count"] for bar in body[chart]) == objects, chart
    assert sum(bar["count"] for bar in body["coverage"]) == body["totals"]["images_with_objects"]
    assert sum(bar["count"] for bar in body["object_areas"]) == sum(body["heat_map"]["cells"])
    one = charts(scene.overview(), None, heat_class=1)["heat_map"]
    assert sum(one["cells"]) == 42
    assert one["filter"] == {"class": 1}
