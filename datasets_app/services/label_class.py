"""Writes of classes; each call is one revision."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from annotator.core.errors import DomainError
from datasets_app.models import Annotation, LabelClass, LabelClassState, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.class_schema import attributes_checked, skeleton_checked
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
                attributes=_named_attributes(definition.get("attributes")),
                skeleton=skeleton_checked(definition.get("skeleton")),
            )
        )
    door.open(added)
    return added


def class_create(project: Project, *, author: Any, definition: Mapping[str, Any]) -> LabelClassState:
    attributes_checked(definition.get("attributes"))
    with revision_open(
        project.pk, author=author, kind="classes", message=f"Added class {definition.get('name')}"
    ) as door:
        return classes_add(door, [definition])[0]


def class_update(label_class: LabelClass, *, author: Any, changes: Mapping[str, Any]) -> LabelClassState:
    """Renames, recolours, rekeys, moves or redefines a class; labels point to its identity and are not touched.

    `revisit` true puts all its labels on the list of those to be looked at again, false takes them off it.
    """
    with revision_open(label_class.project_id, author=author, kind="classes", message="Changed a class") as door:
        states = class_states(label_class.project_id)
        state = live_state(label_class, states)
        others = {other.name for other in states if other.pk != state.pk}
        checked = {name: _CHECKS[name](changes[name], others) for name in _CHECKS if name in changes}
        if "skeleton" in checked:
            _keep_points(label_class, state, checked["skeleton"])
        if "revisit" in changes:
            checked["revisit_before"] = door.number if changes["revisit"] else None
        checked = {key: value for key, value in checked.items() if getattr(state, key) != value}
        if not checked:
            return state
        return door.replace(state, **checked)


def classes_reorder(project: Project, *, author: Any, ids: Sequence[int]) -> list[LabelClassState]:
    """Puts the classes in that order; those that are not named follow in the order they had."""
    with revision_open(project.pk, author=author, kind="classes", message="Reordered the classes") as door:
        states = {state.label_class_id: state for state in class_states(project.pk)}
        if len(set(ids)) != len(ids) or not set(ids) <= states.keys():
            raise DomainError("bad_classes", "classes: name each class of this project once, by its id.")
        ordered = [states[key] for key in ids] + [state for key, state in states.items() if key not in set(ids)]
        for position, state in enumerate(ordered):
            if state.position != position:
                ordered[position] = door.replace(state, position=position)
    return ordered


def live_state(label_class: LabelClass, states: Sequence[LabelClassState]) -> LabelClassState:
    for state in states:
        if state.label_class_id == label_class.pk:
            return state
    raise DomainError("class_retired", "This class was retired; it can no longer be changed.")


def _keep_points(label_class: LabelClass, state: LabelClassState, skeleton: Mapping[str, Any]) -> None:
    """A skeleton may be renamed and rewired; its points may not become more or fewer while objects have them."""
    if len(skeleton.get("points", ())) == len(state.skeleton.get("points", ())):
        return
    live = Annotation.objects.now().filter(project_id=label_class.project_id, label_class=label_class, type="skeleton")
    if count := live.count():
        raise DomainError(
            "skeleton_in_use",
            f"{count} objects of the class {state.name} have {len(state.skeleton.get('points', ()))} points; "
            "the number of points cannot change while they exist.",
        )


def _named_attributes(value: Any) -> list[dict[str, Any]]:
    """Definitions from a file: what they say beside their names is what the file says."""
    names = [entry.get("name") if isinstance(entry, Mapping) else None for entry in value or ()]
    if not all(isinstance(name, str) and name.strip() for name in names) or len(set(names)) != len(names):
        raise DomainError("bad_attributes", 'attributes: write a list of {"name": …, "type": …} with different names.')
    return [dict(entry) for entry in value or ()]


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


_CHECKS: dict[str, Callable[[Any, set[str]], Any]] = {
    "name": _checked_name,
    "color": lambda value, _others: _checked_color(value),
    "hotkey": lambda value, _others: str(value or "")[:20],
    "position": lambda value, _others: int(value),
    "attributes": lambda value, _others: attributes_checked(value),
    "skeleton": lambda value, _others: skeleton_checked(value),
}
