"""Writes of classes; each call is one revision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from annotator.core.errors import DomainError
from datasets_app.models import Annotation, LabelClass, LabelClassState, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.palette import color_for
from datasets_app.services.revision import Door, revision_open

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def classes_add(door: Door, definitions: Sequence[Mapping[str, Any]]) -> list[LabelClassState]:
    """Adds classes inside an open revision: name, color?, hotkey?, number?, uuid?, attributes?, skeleton?."""
    project = door.project
    states = class_states(project.pk)
    names = {state.name for state in states}
    used = set(LabelClass.objects.filter(project=project).values_list("number", flat=True))
    added = []
    for offset, definition in enumerate(definitions):
        position = len(states) + offset
        name = _checked_name(definition.get("name"), names)
        names.add(name)
        number = definition.get("number")
        if not isinstance(number, int) or number < 1 or number in used:
            number = max(used, default=0) + 1
        used.add(number)
        identity = LabelClass.objects.create(
            project=project, number=number, uuid=UUID(str(definition["uuid"])) if definition.get("uuid") else uuid4()
        )
        added.append(
            LabelClassState(
                label_class=identity,
                name=name,
                color=_checked_color(definition.get("color") or color_for(position)),
                hotkey=_checked_hotkey(definition.get("hotkey"), position),
                position=position,
                attributes=list(definition.get("attributes") or ()),
                skeleton=dict(definition.get("skeleton") or {}),
            )
        )
    door.open(added)
    return added


def class_create(project: Project, *, author: Any, definition: Mapping[str, Any]) -> LabelClassState:
    with revision_open(
        project.pk, author=author, kind="classes", message=f"Added class {definition.get('name')}"
    ) as door:
        return classes_add(door, [definition])[0]


def class_update(label_class: LabelClass, *, author: Any, changes: Mapping[str, Any]) -> LabelClassState:
    """Renames, recolours, moves or rekeys a class; labels point to its identity and are not touched."""
    with revision_open(label_class.project_id, author=author, kind="classes") as door:
        states = class_states(label_class.project_id)
        state = _live_state(label_class, states)
        checked: dict[str, Any] = {}
        if "name" in changes:
            others = {other.name for other in states if other.pk != state.pk}
            checked["name"] = _checked_name(changes["name"], others)
        if "color" in changes:
            checked["color"] = _checked_color(changes["color"])
        if "hotkey" in changes:
            checked["hotkey"] = str(changes["hotkey"] or "")[:20]
        if "position" in changes:
            checked["position"] = int(changes["position"])
        checked = {key: value for key, value in checked.items() if getattr(state, key) != value}
        if not checked:
            return state
        return door.replace(state, **checked)


def class_retire(label_class: LabelClass, *, author: Any) -> None:
    """Takes a class out of the list. Refused while live labels use it, so that none is lost unseen."""
    with revision_open(label_class.project_id, author=author, kind="classes", message="Retired a class") as door:
        state = _live_state(label_class, class_states(label_class.project_id))
        used = Annotation.objects.filter(project_id=label_class.project_id, label_class=label_class).now().count()
        if used:
            raise DomainError(
                "class_in_use",
                f"{used} labels have the class {state.name}. Give them another class or delete them first.",
            )
        door.close([state])


def _live_state(label_class: LabelClass, states: Sequence[LabelClassState]) -> LabelClassState:
    for state in states:
        if state.label_class_id == label_class.pk:
            return state
    raise DomainError("class_retired", "This class was retired; it can no longer be changed.")


def _checked_name(value: Any, taken: set[str]) -> str:
    name = str(value or "").strip()
    if not name or len(name) > 200:
        raise DomainError(
            "bad_class_name", "A class needs a name of 1 to 200 characters.", fields={"name": "1 to 200 characters"}
        )
    if name in taken:
        raise DomainError(
            "class_exists",
            f"There is already a class called {name}; names are unique in a project.",
            fields={"name": "taken"},
        )
    return name


def _checked_color(value: Any) -> str:
    color = str(value)
    if not _COLOR.fullmatch(color):
        raise DomainError(
            "bad_color", f"{color!r} is not a colour; write #rrggbb, such as #0072b2.", fields={"color": "#rrggbb"}
        )
    return color.lower()


def _checked_hotkey(value: Any, position: int) -> str:
    if value is None:
        return str(position + 1) if position < 9 else ""
    return str(value)[:20]
