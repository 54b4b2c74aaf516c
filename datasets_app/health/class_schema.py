"""Objects that do not keep to what their class says: attributes, points of the skeleton, the class itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from datasets_app.health.base import (
    FLAT,
    ClassFacts,
    Finding,
    ImageFacts,
    Limits,
    ObjectFacts,
    object_finding,
)

_NUMBERS = frozenset({"number", "integer", "range"})
_FLAGS = frozenset({"boolean", "checkbox"})


class ClassSchema:
    def look(self, image: ImageFacts, classes: Mapping[int, ClassFacts], limits: Limits) -> Iterator[Finding]:
        for item in image.objects:
            label_class = classes.get(item.class_id)
            if label_class is None:
                yield object_finding(image, item, "retired", "error", "The class of the object was retired.")
                continue
            for definition in label_class.attributes:
                if sentence := _wrong(definition, item.attributes):
                    code = "missing" if sentence.endswith("is missing.") else "illegal"
                    yield _attribute_finding(image, item, code, sentence, str(definition.get("name", "")))
            if '"skeleton"' in item.shape_json and "points" in (shape := item.shape):
                yield from _points(image, item, shape["points"], label_class, limits["slack"])


def _attribute_finding(image: ImageFacts, item: ObjectFacts, code: str, sentence: str, name: str) -> Finding:
    found = object_finding(image, item, code, "error" if code == "illegal" else "warning", sentence[:500])
    found.key = f"{code}:{item.uuid}:{name}"[:120]
    return found


def _wrong(definition: Mapping[str, Any], attributes: Mapping[str, Any]) -> str:
    """What is wrong with the attribute, in a sentence; empty where nothing is."""
    name = str(definition.get("name", ""))
    kind = definition.get("type")
    if name not in attributes or attributes[name] in (None, ""):
        is_needed = definition.get("required", "default" not in definition and kind not in _FLAGS)
        return f"The attribute {name} is missing." if is_needed else ""
    value = attributes[name]
    values = definition.get("values") or definition.get("choices") or ()
    if values and not all(one in values for one in (value if isinstance(value, list) else [value])):
        return f"The attribute {name} is {value!r}; it must be one of {', '.join(map(str, values))}."
    if kind in _FLAGS and not isinstance(value, bool):
        return f"The attribute {name} is {value!r}; it must be true or false."
    if kind in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"The attribute {name} is {value!r}; it must be a number."
        least, most = definition.get("minimum", definition.get("min")), definition.get("maximum", definition.get("max"))
        if (least is not None and value < least) or (most is not None and value > most):
            return f"The attribute {name} is {value!r}; it must be from {least} to {most}."
    return ""


def _points(
    image: ImageFacts, item: ObjectFacts, points: list[list[float]], label_class: ClassFacts, slack: float
) -> Iterator[Finding]:
    names = label_class.skeleton.get("points") or ()
    if names and len(points) != len(names):
        detail = f"The object has {len(points)} points; its class has {len(names)}."
        yield object_finding(image, item, "points", "error", detail)
    if box := _own_box(image, item):
        x, y, width, height = box
        out = sum(
            1
            for px, py, seen in points
            if seen and not (x - slack <= px <= x + width + slack and y - slack <= py <= y + height + slack)
        )
        if out:
            yield object_finding(image, item, "point_outside", "warning", f"{out} points lie outside the object's box.")


def _own_box(image: ImageFacts, item: ObjectFacts) -> tuple[float, float, float, float] | None:
    """The box of the other half of the object: of the same group and class, and with an area."""
    if item.group is None:
        return None
    for other in image.objects:
        if other.group == item.group and other.class_id == item.class_id and other.type not in FLAT:
            return other.box
    return None


CHECK = ClassSchema()
