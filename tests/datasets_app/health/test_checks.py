"""Each rule of the checks that ship finds what it is for, and nothing else of the scene."""

from __future__ import annotations

import pytest

from annotator.core.registry import Entry
from datasets_app.health.base import Pictures
from datasets_app.health.catalog import CHECKS, limits_of
from tests.contracts.test_health_checks import looked
from tests.datasets_app.health.scenes import CAT, CLASSES, DOG, RARE, Scene, healthy, sick

RULES = [
    pytest.param(entry, code, id=f"{entry.key}-{code}")
    for entry in CHECKS
    if entry.facts["scope"] != "pictures"
    for code in entry.facts["codes"]
]


@pytest.mark.parametrize(("entry", "code"), RULES)
def test_every_rule_finds_something_in_the_sick_scene(entry: Entry, code: str) -> None:
    scene = sick()
    if code == "imbalance":
        for number in range(160):
            scene.image(*(scene.box(10 + 30 * n, 10 + number, 20, 20, CAT) for n in range(10)))
    if code in {"few_objects", "few_images"}:
        scene.images = [*healthy().images, scene.image(scene.box(10, 10, 60, 50, RARE))]

    assert code in {one.code for one in looked(entry, scene)}


def codes(key: str, scene: Scene) -> list[str]:
    return [one.code for one in looked(CHECKS.get_entry(key), scene)]


def test_nothing_is_found_in_the_healthy_scene_but_the_unused_classes() -> None:
    found = {entry.key: codes(entry.key, healthy()) for entry in CHECKS if entry.facts["scope"] != "pictures"}
    assert {key: value for key, value in found.items() if value} == {"class_balance": ["unused", "unused", "absent"]}


def test_two_polygons_in_one_box_are_no_double() -> None:
    scene = Scene()
    upper = {"type": "polygon", "parts": [{"outer": [[10, 10], [110, 10], [10, 110]], "holes": []}]}
    lower = {"type": "polygon", "parts": [{"outer": [[110, 10], [110, 110], [10, 110]], "holes": []}]}
    scene.image(scene.item(upper), scene.item(lower))
    assert codes("object_overlaps", scene) == []


def test_the_same_polygon_twice_is_a_double() -> None:
    scene = Scene()
    shape = {"type": "polygon", "parts": [{"outer": [[10, 10], [110, 10], [10, 110]], "holes": []}]}
    scene.image(scene.item(shape), scene.item(shape))
    (found,) = looked(CHECKS.get_entry("object_overlaps"), scene)
    assert (found.code, found.value, len(found.annotations)) == ("double", 1.0, 2)


def test_a_box_in_the_hole_of_a_polygon_is_not_inside_it() -> None:
    scene = Scene()
    ring = [[10, 10], [210, 10], [210, 210], [10, 210]]
    hole = [[50, 50], [50, 150], [150, 150], [150, 50]]
    scene.image(scene.item({"type": "polygon", "parts": [{"outer": ring, "holes": [hole]}]}), scene.box(60, 60, 50, 50))
    assert codes("object_overlaps", scene) == []


def test_crowds_tags_and_lines_do_not_overlap() -> None:
    scene = Scene()
    line = {"type": "polyline", "points": [[10, 10], [70, 60]]}
    scene.image(
        scene.box(10, 10, 60, 50, crowd=True), scene.box(10, 10, 60, 50), scene.item({"type": "tag"}), scene.item(line)
    )
    assert codes("object_overlaps", scene) == []
    assert codes("object_geometry", scene) == []


def test_many_objects_are_compared_in_parts() -> None:
    scene = Scene()
    boxes = [scene.box(n % 390, (n // 390) * 20, 6, 6) for n in range(1500)]
    scene.image(*boxes)
    assert len(codes("object_overlaps", scene)) == 0
    scene.image(*boxes, scene.box(100, 40, 6, 6))
    assert codes("object_overlaps", scene) == ["double"]


def test_a_class_of_equal_objects_still_has_room_around_them() -> None:
    scene = Scene()
    for _ in range(50):
        scene.image(scene.box(10, 10, 60, 50, DOG))
    scene.image(scene.box(10, 10, 65, 55, DOG))
    assert codes("object_outliers", scene) == []
    scene.image(scene.box(10, 10, 390, 280, DOG))
    assert codes("object_outliers", scene) == ["size"]


def test_few_objects_have_no_norm() -> None:
    scene = Scene()
    for _ in range(20):
        scene.image(scene.box(10, 10, 60, 50, DOG))
    scene.image(scene.box(10, 10, 390, 280, DOG))
    assert codes("object_outliers", scene) == []


def pictures_of(sha256: str, hashes: list[int], groups: str = "", splits: str = "") -> Pictures:
    """Images 1, 2, 3 … with one letter each for file, group and split; a blank is none."""
    ids = range(1, len(hashes) + 1)
    names = {"t": "train", "v": "val", "e": "test"}
    return Pictures(
        sha256=dict(zip(ids, sha256, strict=True)),
        hashes=dict(zip(ids, hashes, strict=True)),
        groups={image: group for image, group in zip(ids, groups, strict=False) if group.strip()},
        splits={image: names[split] for image, split in zip(ids, splits, strict=False) if split.strip()},
    )


def found_in(key: str, pictures: Pictures) -> list[tuple[str, tuple[int, ...]]]:
    entry = CHECKS.get_entry(key)
    return [(one.code, one.images) for one in CHECKS.load(key).look(pictures, limits_of(entry, {}))]


FAR = 0x0F0F_0F0F_0F0F_0F0F


def test_files_with_the_same_bytes_are_duplicates() -> None:
    assert found_in("same_bytes", pictures_of("abab", [0, FAR, 0, FAR])) == [("same", (1, 3)), ("same", (2, 4))]


def test_look_alikes_are_clusters_of_different_files() -> None:
    assert found_in("look_alikes", pictures_of("abcd", [0, 1, FAR, 3])) == [("cluster", (1, 2, 4))]
    assert found_in("look_alikes", pictures_of("aab", [0, 0, FAR])) == []


def test_cut_groups_and_duplicates_leak() -> None:
    pictures = pictures_of("abcdeef", [0, 1, FAR, ~FAR, -1, -1, 0x3333_3333], "  ggxx ", "tvtvtt ")
    assert found_in("split_leaks", pictures) == [("group", (3, 4)), ("cluster", (1, 2))]
    whole = pictures_of("abcdeef", [0, 1, FAR, ~FAR, -1, -1, 0x3333_3333], "  ggxx ", "tttttt ")
    assert found_in("split_leaks", whole) == []
    assert found_in("split_leaks", pictures_of("aa", [0, 0])) == []


def test_the_part_that_stays_comes_first() -> None:
    pictures = pictures_of("abc", [0, FAR, -1], "ggg", "tvv")
    assert found_in("split_leaks", pictures) == [("group", (2, 3, 1))]


def test_classes_that_are_out_of_balance_are_told_by_how_much() -> None:
    scene = Scene()
    for _ in range(12):
        scene.image(scene.box(10, 10, 60, 50, CAT))
    scene.image(scene.box(10, 10, 60, 50, DOG))
    found = {one.code: one for one in looked(CHECKS.get_entry("class_balance"), scene)}
    assert (found["imbalance"].severity, found["imbalance"].value, found["imbalance"].class_id) == ("warning", 12, DOG)
    assert found["few_objects"].filter == {"class": DOG}
    assert CLASSES[CAT].name in found["imbalance"].detail
