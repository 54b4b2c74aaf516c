"""The labels in the head of CVAT's XML: classes, their attributes and skeletons. Knows only CVAT.

Attributes are text in CVAT; the label says by `input_type` what the text means. A skeleton is a label of type
`skeleton` with a drawing (`<svg>`) whose circles are its points and whose lines are its edges, and a further label for
each point that names it as its parent.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import orjson

from annotator.core.numbers import whole_number
from datasets_app.formats.checked import number
from datasets_app.formats.xml_stream import xml_text
from datasets_app.ir import ClassRecord

INPUT_TYPES = ("text", "number", "checkbox", "select", "radio")
MARKS = ("truncated", "crowd")
"""Marks of ours that CVAT has no field for, written as checkboxes."""

_WHOLE = re.compile(r"-?\d{1,15}")
_TAG = re.compile(r"<(circle|line)\b([^>]*)>")
_FIELD = re.compile(r'([\w-]+)="([^"]*)"')
_MAX_POINTS = 1000


@dataclass(slots=True)
class Label:
    """What the head of a file says of one label."""

    name: str
    color: str = ""
    attributes: tuple[dict[str, Any], ...] = ()
    skeleton: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str, text: str) -> bool | int | float | str:
        """The value of an attribute, by its declared type; text where it was not declared or does not fit."""
        declared = next((entry["type"] for entry in self.attributes if entry["name"] == name), "text")
        if declared == "checkbox" and text.strip().lower() in ("true", "false"):
            return text.strip().lower() == "true"
        if declared == "number":
            if _WHOLE.fullmatch(text.strip()):
                return int(text)
            found = number(text)
            return text if found is None else found
        return text


def read_labels(meta: Element) -> dict[str, Label]:
    """The labels by name, those of skeleton points in their skeleton."""
    labels: dict[str, Label] = {}
    points: dict[str, list[str]] = defaultdict(list)
    drawings: dict[str, str] = {}
    for element in meta.iter("label"):
        name = element.findtext("name") or ""
        if not name:
            continue
        parent = element.findtext("parent")
        if parent:
            points[parent].append(name)
            continue
        attributes = tuple(filter(None, map(_attribute, element.iterfind("attributes/attribute"))))
        labels.setdefault(name, Label(name, (element.findtext("color") or "").strip(), attributes))
        drawings[name] = element.findtext("svg") or ""
    for parent, names in points.items():
        if parent in labels:
            edges = _edges(drawings[parent], names)
            labels[parent].skeleton = {"points": list(dict.fromkeys(names))[:_MAX_POINTS], "edges": edges}
    return labels


def _attribute(element: Element) -> dict[str, Any] | None:
    name = element.findtext("name") or ""
    if not name:
        return None
    kind = (element.findtext("input_type") or "text").strip().lower()
    found: dict[str, Any] = {"name": name, "type": kind if kind in INPUT_TYPES else "text"}
    if kind in ("select", "radio"):
        found["values"] = [value for value in (element.findtext("values") or "").split("\n") if value]
    if (element.findtext("mutable") or "").strip().lower() == "true":
        found["mutable"] = True
    default = element.findtext("default_value")
    return {**found, "default": default} if default else found


def _edges(drawing: str, names: list[str]) -> list[list[int]]:
    """The lines of the drawing as places in `names`; circles say which node has which name."""
    places = {name: place for place, name in enumerate(names)}
    nodes: dict[str, int] = {}
    lines: list[tuple[str, str]] = []
    for kind, text in _TAG.findall(drawing[: 1 << 20]):
        said = dict(_FIELD.findall(text))
        node = said.get("data-node-id", "")
        if kind == "circle" and said.get("data-label-name") in places:
            nodes[node] = places[said["data-label-name"]]
        elif kind == "line":
            lines.append((said.get("data-node-from", ""), said.get("data-node-to", "")))
    for node in {end for line in lines for end in line} - nodes.keys():
        # Newer files name labels by a number that the file does not explain; nodes are numbered in their order.
        if place := whole_number(node, len(names)):
            nodes[node] = place - 1
    return [[nodes[start], nodes[end]] for start, end in lines if start in nodes and end in nodes]


class LabelWriter:
    """Collects, while annotations are written, what the head has to declare for each class."""

    def __init__(self, classes: Iterable[ClassRecord]) -> None:
        self._classes = {entry.number: entry for entry in classes}
        self._kinds: dict[int, dict[str, Counter[str]]] = {number: {} for number in self._classes}
        self._ranges: dict[tuple[int, str], tuple[float, float]] = {}
        self._points: dict[int, int] = {}
        for entry in self._classes.values():
            if entry.skeleton:
                self._points[entry.number] = len(entry.skeleton["points"])

    def name(self, class_number: int) -> str:
        return self._classes[class_number].name

    def point_names(self, class_number: int, count: int, *, declare: bool) -> list[str]:
        """Names for the points of a skeleton, numbers where the class names none; `declare` makes it a skeleton."""
        names = list(self._classes[class_number].skeleton.get("points", ()))
        if declare:
            self._points[class_number] = max(self._points.get(class_number, 0), count)
        return names[:count] + [str(place) for place in range(len(names) + 1, count + 1)]

    def has_skeleton(self, class_number: int) -> bool:
        return bool(self._classes[class_number].skeleton)

    def attribute(self, class_number: int, name: str, value: Any) -> str:
        """The text of a value; its kind is remembered for the head."""
        kind = _kind(value)
        self._kinds[class_number].setdefault(name, Counter())[kind] += 1
        if kind == "number":
            low, high = self._ranges.get((class_number, name), (value, value))
            self._ranges[class_number, name] = min(low, value), max(high, value)
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def mixed(self) -> int:
        """How many values lost their kind, because others of the same attribute are of another."""
        kinds = [kinds for names in self._kinds.values() for kinds in names.values()]
        return sum(counts.total() - counts["text"] for counts in kinds if len(counts) > 1) + sum(
            counts["json"] for counts in kinds if len(counts) == 1
        )

    def xml(self) -> str:
        return f"<labels>\n{''.join(map(self._label, self._classes.values()))}</labels>\n"

    def _label(self, entry: ClassRecord) -> str:
        count = self._points.get(entry.number, 0)
        names = self.point_names(entry.number, count, declare=False)
        declared = {str(found.get("name")): found for found in entry.attributes}
        used = self._kinds[entry.number]
        attributes = "".join(
            self._attribute_xml(entry.number, name, declared.get(name, {}), used.get(name, Counter()))
            for name in dict.fromkeys((*declared, *used))
        )
        edges = entry.skeleton.get("edges", ())
        drawing = f"<svg>{xml_text(_drawing(names, edges))}</svg>" if count else ""
        children = "".join(
            f"<label><name>{xml_text(name)}</name><color></color><type>points</type><attributes></attributes>"
            f"<parent>{xml_text(entry.name)}</parent></label>\n"
            for name in names
        )
        return (
            f"<label><name>{xml_text(entry.name)}</name><color>{xml_text(entry.color)}</color>"
            f"<type>{'skeleton' if count else 'any'}</type>"
            f"<attributes>{attributes}</attributes>{drawing}</label>\n{children}"
        )

    def _attribute_xml(self, class_number: int, name: str, declared: Mapping[str, Any], used: Counter[str]) -> str:
        kind, values = _declared_kind(declared, used)
        if kind == "number":
            low, high = self._ranges.get((class_number, name), (0, 100))
            values = [f"{low:g}", f"{high:g}", "1"]
        default = declared.get("default", "false" if kind == "checkbox" else values[0] if values else "")
        text = default if isinstance(default, str) else orjson.dumps(default).decode()
        return (
            f"<attribute><name>{xml_text(name)}</name><mutable>{bool(declared.get('mutable'))}</mutable>"
            f"<input_type>{kind}</input_type><default_value>{xml_text(text)}</default_value>"
            f"<values>{xml_text(chr(10).join(values))}</values></attribute>"
        )


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "checkbox"
    if isinstance(value, (int, float)):
        return "number"
    return "text" if isinstance(value, str) else "json"


def _declared_kind(declared: Mapping[str, Any], used: Counter[str]) -> tuple[str, list[str]]:
    """The input type of an attribute: that of its values, where they agree; else that of its definition."""
    stated = declared.get("type")
    values = [str(value) for value in declared.get("values") or ()]
    if not used:
        return (stated, values) if stated in INPUT_TYPES else ("text", [])
    if set(used) == {"text"}:
        return (stated, values) if stated in ("select", "radio") else ("text", [])
    kind = next(iter(used)) if len(used) == 1 else "text"
    return ("text" if kind == "json" else kind), []


def _drawing(names: list[str], edges: Iterable[Iterable[int]]) -> str:
    """The skeleton as CVAT's editor draws it: points on a grid from 10 to 90, edges between them."""
    columns = max(1, round(len(names) ** 0.5))
    step = 80 / columns
    at = [(round(10 + step * (n % columns), 2), round(10 + step * (n // columns), 2)) for n in range(len(names))]
    lines = "".join(
        f'<line x1="{at[start][0]}" y1="{at[start][1]}" x2="{at[end][0]}" y2="{at[end][1]}" stroke="black" '
        f'data-type="edge" data-node-from="{start + 1}" stroke-width="0.5" data-node-to="{end + 1}"></line>'
        for start, end in edges
    )
    circles = "".join(
        f'<circle r="1.5" stroke="black" fill="#b3b3b3" cx="{at[n - 1][0]}" cy="{at[n - 1][1]}" stroke-width="0.1" '
        f'data-type="element node" data-element-id="{n}" data-node-id="{n}" data-label-name="{xml_text(name)}">'
        "</circle>"
        for n, name in enumerate(names, 1)
    )
    return lines + circles
