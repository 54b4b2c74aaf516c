"""What a class may define, attributes and a skeleton, and whether a value keeps to it. Knows no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from annotator.core.errors import DomainError

ATTRIBUTE_TYPES = ("text", "number", "checkbox", "select", "radio")
_MOST_NAME = 100
_Pairs = list[list[int]]


def attributes_checked(value: Any) -> list[dict[str, Any]]:
    """Definitions as they are kept; one without a type is a text. Raises `DomainError`."""
    if not isinstance(value or [], list) or not all(isinstance(entry, Mapping) for entry in value or ()):
        raise _bad_attributes('write a list of {"name": …, "type": …}')
    names = [entry.get("name") for entry in value or ()]
    for name in names:
        if not isinstance(name, str) or not name.strip() or len(name) > _MOST_NAME:
            raise _bad_attributes(f"each needs a name of 1 to {_MOST_NAME} characters")
    if len(set(names)) != len(names):
        raise _bad_attributes("their names must be different")
    for entry in value or ():
        if sentence := _definition_problem(entry):
            raise _bad_attributes(f"{entry['name']} {sentence}")
    return [dict(entry) for entry in value or ()]


def _definition_problem(entry: Mapping[str, Any]) -> str:
    kind = entry.get("type", "text")
    if kind not in ATTRIBUTE_TYPES:
        return f"has the type {kind!r}; choose one of {', '.join(ATTRIBUTE_TYPES)}"
    values = entry.get("values", [])
    if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
        return "needs `values` that are texts"
    if len(set(values)) != len(values):
        return "has a value twice"
    if kind in {"select", "radio"} and not values:
        return "needs at least one value to choose from"
    ends = entry.get("min"), entry.get("max")
    if not all(end is None or _is_number(end) for end in ends):
        return "needs numbers as `min` and `max`"
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        return f"goes from {ends[0]} to {ends[1]}; write the smaller number as `min`"
    if entry.get("default") is not None and (sentence := attribute_problem(entry, entry["default"])):
        return f"has the default {entry['default']!r}, which {sentence}"
    return ""


def attribute_problem(definition: Mapping[str, Any], value: Any) -> str:
    """What is wrong with a value, as the end of a sentence; empty where nothing is."""
    kind, values = definition.get("type", "text"), definition.get("values") or ()
    if kind == "checkbox" and not isinstance(value, bool):
        return "must be true or false"
    if kind in {"select", "radio"} and values and value not in values:
        return f"must be one of {', '.join(map(str, values))}"
    if kind == "number":
        least, most = definition.get("min"), definition.get("max")
        if not _is_number(value):
            return "must be a number"
        if least is not None and value < least:
            return f"must be at least {least}"
        if most is not None and value > most:
            return f"must be at most {most}"
    if kind == "text" and not isinstance(value, str):
        return "must be a text"
    return ""


def values_problem(
    definitions: Sequence[Mapping[str, Any]], values: Mapping[str, Any], before: Mapping[str, Any]
) -> str:
    """The first value that does not keep to its definition, as a sentence; empty where all do.

    What an object said already it may go on saying: a file or an earlier definition may have put it there. Names
    without a definition are free.
    """
    by_name = {definition["name"]: definition for definition in definitions if "name" in definition}
    for name, value in values.items():
        if name not in by_name or value is None or (name in before and before[name] == value):
            continue
        if sentence := attribute_problem(by_name[name], value):
            return f"{name} is {value!r}; it {sentence}"
    return ""


def skeleton_checked(value: Any) -> dict[str, Any]:
    """Names, edges, mirrored pairs and places of the points as they are kept; {} is none. Raises `DomainError`."""
    if not value:
        return {}
    points = value.get("points")
    is_named = isinstance(points, list) and all(isinstance(name, str) and name.strip() for name in points)
    if not is_named or not points or len(set(points)) != len(points):
        raise _bad_skeleton("points must be a list of different names")
    checked = {"points": points, "edges": _pairs(value.get("edges", []), "edges", len(points))}
    if mirrored := value.get("mirrored"):
        pairs = _pairs(mirrored, "mirrored", len(points))
        ends = [end for pair in pairs for end in pair]
        if len(set(ends)) != len(ends):
            raise _bad_skeleton("mirrored must name each point once at most")
        checked["mirrored"] = pairs
    if places := value.get("places"):
        if not isinstance(places, list) or len(places) != len(points) or not all(map(_is_place, places)):
            raise _bad_skeleton("places must be a pair of numbers from 0 to 1 for each point")
        checked["places"] = places
    return checked


def _pairs(value: Any, what: str, count: int) -> _Pairs:
    ends = range(count)
    if not isinstance(value, list) or not all(
        isinstance(pair, list)
        and len(pair) == 2
        and all(type(end) is int and end in ends for end in pair)
        and pair[0] != pair[1]
        for pair in value
    ):
        raise _bad_skeleton(f"{what} must be pairs of different points, counted from 0")
    return value


def _is_place(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_number(part) and 0 <= part <= 1 for part in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _bad_attributes(sentence: str) -> DomainError:
    return DomainError("bad_attributes", f"attributes: {sentence}.", fields={"attributes": sentence})


def _bad_skeleton(sentence: str) -> DomainError:
    return DomainError("bad_skeleton", f"skeleton: {sentence}.", fields={"skeleton": sentence})
