"""Nested rules of the image list: what they find, on which side of the objects they stand, and how they are refused."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.client import Api

Rule = dict[str, Any]


def condition(field: str, op: str, value: Any, name: str = "") -> Rule:
    return {"field": field, "op": op, "value": value} | ({"name": name} if name else {})


class Scene:
    """Six images of 64 x 48 pixels, labelled so that each rule tells some of them apart."""

    def __init__(self, ada: Api) -> None:
        self.ada = ada
        self.project = ada.project()
        self.cell, self.debris = (row["id"] for row in self.project["classes"])
        attributes = [
            {"name": "stage", "type": "text"},
            {"name": "1", "type": "number"},
            {"name": 'größe "cm"', "type": "number"},
            {"name": "sure", "type": "checkbox"},
        ]
        ada.patch(f"classes/{self.cell}/", {"attributes": attributes}).ok()
        self.ids = ada.images(self.project["id"], 6)
        self.draw(0, self.cell, [0, 0, 32, 24], attributes={"stage": "Early", "sure": True, "1": 5})
        self.draw(1, self.debris, [0, 0, 8, 8], occluded=True)
        self.draw(2, self.cell, [0, 0, 8, 8], attributes={"stage": "late", 'größe "cm"': 2.5, "sure": False})
        self.draw(2, self.debris, [0, 0, 40, 40])
        self.draw(3, self.cell, [0, 0, 16, 12], truncated=True, crowd=True)
        bulk = f"projects/{self.project['id']}/images/bulk/"
        ada.post(bulk, {"ids": self.ids[4:5], "action": "add_tags", "value": ["night", "größe"]}).ok()
        ada.post(bulk, {"ids": self.ids[:2], "action": "set_split", "value": "val"}).ok()

    def draw(self, image: int, label_class: int, box: list[float], **facts: Any) -> None:
        created = {"uuid": str(uuid4()), "class": label_class, "shape": {"type": "box", "box": box}} | facts
        self.ada.change(self.ids[image], create=[created]).ok()

    def path(self) -> str:
        return f"projects/{self.project['id']}/images/"

    def found(self, rule: Rule, **params: Any) -> list[int]:
        """Positions of the images, the same in pages and in lists of ids."""
        query = {"rules": json.dumps(rule)} | params
        page = self.ada.get(self.path(), **query).ok()
        ids = self.ada.get(f"{self.path()}ids/", **query).ok()["ids"]
        assert [row["id"] for row in page["results"]] == ids
        assert page["total"] == len(ids)
        return [self.ids.index(one) for one in ids]


@pytest.fixture
def scene(ada: Api) -> Scene:
    return Scene(ada)


def test_each_field_finds_its_images(scene: Scene) -> None:
    found = scene.found
    assert found(condition("class", "in", [scene.debris])) == [1, 2]
    assert found(condition("type", "in", ["polygon", "box"])) == [0, 1, 2, 3]
    assert found(condition("source", "in", ["human"])) == [0, 1, 2, 3]
    assert found(condition("source", "not_in", ["human"])) == []
    assert found(condition("score", "min", 0)) == []
    assert found(condition("area", "max", 64)) == [1, 2]
    assert found(condition("area_share", "min", 0.25)) == [0, 2]
    assert found(condition("area_share", "max", 0.0625)) == [1, 2, 3]
    assert found(condition("occluded", "is", True)) == [1]
    assert found(condition("truncated", "is", True)) == [3]
    assert found(condition("crowd", "is", False)) == [0, 1, 2]
    assert found(condition("annotator", "in", ["ada"])) == [0, 1, 2, 3]
    assert found(condition("annotator", "not_in", ["ada"])) == []
    assert found(condition("state", "in", ["unlabelled"])) == [4, 5]
    assert found(condition("split", "in", ["val"])) == [0, 1]
    assert found(condition("split", "in", [""])) == [2, 3, 4, 5]
    assert found(condition("tag", "in", ["größe"])) == [4]
    assert found(condition("tag", "not_in", ["night"])) == [0, 1, 2, 3, 5]
    assert found(condition("name", "in", ["000", "005"])) == [0, 5]


def test_attributes_are_asked_by_any_name_and_type(scene: Scene) -> None:
    found = scene.found
    assert found(condition("attribute", "is", "late", "stage")) == [2]
    assert found(condition("attribute", "contains", "EARL", "stage")) == [0]
    assert found(condition("attribute", "is", True, "sure")) == [0]
    assert found(condition("attribute", "is", False, "sure")) == [2]
    assert found(condition("attribute", "is", 5, "1")) == [0]
    assert found(condition("attribute", "min", 2.5, 'größe "cm"')) == [2]
    assert found(condition("attribute", "max", 2.4, 'größe "cm"')) == []
    assert found(condition("attribute", "min", 0, "stage")) == []
    assert found(condition("attribute", "set", True, "stage")) == [0, 2]
    assert found(
        {"object": [condition("class", "in", [scene.cell]), condition("attribute", "set", False, "stage")]}
    ) == [3]
    assert found(
        {"object": [condition("class", "in", [scene.cell]), condition("attribute", "is_not", "late", "stage")]}
    ) == [
        0,
        3,
    ]


def test_groups_nest_and_one_object_is_told_from_several(scene: Scene) -> None:
    small, cell, debris = (
        condition("area", "max", 64),
        condition("class", "in", [scene.cell]),
        condition("class", "in", [scene.debris]),
    )
    large = condition("area", "min", 1000)
    assert scene.found({"all": [cell, debris]}) == [2]
    assert scene.found({"all": [cell, large]}) == [2], "any cell, and any large object"
    assert scene.found({"object": [cell, large]}) == [], "no cell is large"
    assert scene.found({"object": [cell, {"any": [small, condition("truncated", "is", True)]}]}) == [2, 3]
    assert scene.found({"none": [cell, debris]}) == [4, 5]
    assert scene.found({"any": [condition("tag", "in", ["night"]), {"all": [cell, {"none": [debris]}]}]}) == [0, 3, 4]


def test_rules_narrow_what_the_simple_filters_leave_and_say_what_a_bulk_act_is_for(scene: Scene) -> None:
    rule = {"any": [condition("class", "in", [scene.cell])]}
    assert scene.found(rule, state="annotated", q="003") == [3]
    act = {"filter": {"rules": rule}, "action": "add_tags", "value": ["cells"]}
    assert scene.ada.post(f"{scene.path()}bulk/", act).ok()["count"] == 3
    assert scene.found(condition("tag", "in", ["cells"])) == [0, 2, 3]


DEEP: Any = condition("crowd", "is", True)
for _ in range(7):
    DEEP = {"all": [DEEP]}


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("{", "must be JSON"),
        ("[" * 9000, "must be JSON"),
        (" " * 16_001, "longer than"),
        ([], "must be an object"),
        ({"every": []}, "exactly one of the keys all, any, none, object"),
        ({"all": [], "any": []}, "exactly one of the keys"),
        ({"all": []}, "at least one rule"),
        (DEEP, "deeper than 6"),
        ({"any": [condition("crowd", "is", True)] * 60}, "more than 60"),
        ({"object": [condition("state", "in", ["annotated"])]}, "cannot be asked of one object"),
        ({"object": [{"object": [condition("crowd", "is", True)]}]}, "one object cannot hold another"),
        (condition("colour", "in", ["red"]), "field: 'colour' is unknown; choose one of class"),
        ({"field": ["class"], "op": "in", "value": [1]}, "is unknown"),
        (condition("class", "is", 3), "class: op must be one of in, not_in"),
        (condition("class", "in", ["3"]), "ids of classes"),
        (condition("class", "in", [True]), "ids of classes"),
        (condition("class", "in", [2**70]), "ids of classes"),
        (condition("class", "in", []), "ids of classes"),
        (condition("score", "min", "0.5"), "score: value must be a number"),
        (condition("score", "min", 10**400), "finite"),
        ('{"field": "score", "op": "min", "value": NaN}', "finite"),
        (condition("crowd", "is", 1), "true or false"),
        (condition("state", "in", ["sleepy"]), "state: 'sleepy' is unknown; choose from unlabelled"),
        (condition("source", "in", ["alien"]), "source: 'alien' is unknown"),
        (condition("tag", "in", ["x" * 201]), "at most 200 characters"),
        (condition("attribute", "is", "late"), "needs the name"),
        (condition("attribute", "is", None, "stage"), "must be a text"),
        (condition("crowd", "is", True, "stage"), "only attributes have one"),
        (condition("crowd", "is", True) | {"near": 3}, "does not know 'near'"),
    ],
)
def test_a_rule_that_means_nothing_is_refused_in_a_sentence(ada: Api, rules: Any, said: str) -> None:
    path = f"projects/{ada.project()['id']}/images/"
    detail = ada.get(path, rules=rules if isinstance(rules, str) else json.dumps(rules)).refused(400, "bad_filter")
    assert detail.startswith("rules: ")
    assert said in detail


def test_a_refused_rule_changes_nothing(scene: Scene) -> None:
    act = {"filter": {"rules": {"all": []}}, "action": "delete"}
    scene.ada.post(f"{scene.path()}bulk/", act).refused(400, "bad_filter")
    assert len(scene.ada.get(f"{scene.path()}ids/").ok()["ids"]) == 6
