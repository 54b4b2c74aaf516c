"""Which attribute of VIA's regions is the class, and what its values mean. Knows only VIA.

VIA knows attributes and no classes. The class is the attribute with a name that says so, else the one that is chosen
from a list, else the one most used; regions without it are of one class that the report names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CLASS = "class"
NAMELESS = "object"
TAGS = "tags"
"""The attribute of files whose ticked options are tags of the picture."""

_PREFERRED = (CLASS, "label", "type", "name", "category", "object", "class_name", "object_name")
_CHOSEN = ("dropdown", "radio", "checkbox")
_KEPT_NAMES = 10_000


@dataclass(slots=True)
class Attributes:
    """What a first walk over all files tells of the attributes."""

    used: Counter[str] = field(default_factory=Counter)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, dict[str, None]] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    regions: int = 0

    def define(self, definitions: Any) -> None:
        """Take `_via_attributes`: which attributes are chosen from a list, and from which."""
        region = definitions.get("region") if isinstance(definitions, dict) else None
        for name, definition in region.items() if isinstance(region, dict) else ():
            if isinstance(definition, dict) and definition.get("type") in _CHOSEN:
                options = definition.get("options")
                self.chosen.setdefault(name, list(options) if isinstance(options, dict) else [])
        files = definitions.get("file") if isinstance(definitions, dict) else None
        tags = files.get(TAGS) if isinstance(files, dict) else None
        options = tags.get("options") if isinstance(tags, dict) else None
        self.tags.update(dict.fromkeys(options if isinstance(options, dict) else ()))

    def look(self, attributes: Mapping[str, Any]) -> None:
        """Count the attributes of one region."""
        self.regions += 1
        for name, value in attributes.items():
            names = class_names(value)
            if names:
                self.used[name] += 1
                known = self.values.setdefault(name, {})
                if len(known) < _KEPT_NAMES:
                    known.update(dict.fromkeys(names))

    def class_attribute(self) -> str | None:
        """The attribute that is the class; None where there is none."""
        by_name = {name.lower(): name for name in (*self.chosen, *self.used)}
        for name in _PREFERRED:
            if name in by_name:
                return by_name[name]
        chosen = [name for name, _ in self.used.most_common() if name in self.chosen]
        most = [name for name, _ in self.used.most_common(1)]
        return next(iter(chosen or most), None)

    def class_list(self) -> list[str]:
        """All classes, those of the definition first."""
        name = self.class_attribute()
        names = dict.fromkeys((*self.chosen.get(name, ()), *self.values.get(name, ()))) if name is not None else {}
        if self.regions > (self.used[name] if name is not None else 0):
            names.setdefault(NAMELESS)
        return [entry for entry in (*names, *(tag for tag in self.tags if tag not in names)) if entry]


def class_names(value: Any) -> list[str]:
    """The names that a value tells: a text, or of ticked options all that are ticked."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, dict):
        return [name for name, ticked in value.items() if ticked and name]
    return []
