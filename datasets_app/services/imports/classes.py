"""Which class of the project each class of the file goes to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from annotator.core.errors import DomainError
from datasets_app.ir import ClassRecord
from datasets_app.models import LabelClass, LabelClassState, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.imports.matching import uuid_text
from datasets_app.services.label_class import classes_add
from datasets_app.services.revision import Door

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """One class of the file. `action`: matched, mapped (as the person said), created, skipped."""

    record: ClassRecord
    action: str
    target: int | None = None
    name: str = ""
    suggestions: tuple[tuple[int, str], ...] = ()


def classes_plan(
    project: Project, records: Sequence[ClassRecord], wanted: Mapping[str, int | str | None]
) -> list[ClassPlan]:
    """What becomes of each class. Raises `DomainError` where `wanted` names classes that the file does not have."""
    names = {record.name for record in records}
    if unknown := sorted(wanted.keys() - names):
        known = ", ".join(sorted(names)[:50]) or "none"
        raise DomainError("bad_classes", f"classes: the file has no {', '.join(unknown)[:300]}; its classes: {known}.")
    states = class_states(project.pk)
    return [_plan(record, wanted.get(record.name, ...), states) for record in records]


def _plan(record: ClassRecord, wanted: Any, states: Sequence[LabelClassState]) -> ClassPlan:
    if wanted is None:
        return ClassPlan(record, "skipped")
    if isinstance(wanted, int):
        name = next((state.name for state in states if state.label_class_id == wanted), "")
        return ClassPlan(record, "mapped", wanted, name)
    if isinstance(wanted, str):
        name = wanted.strip()
        found = _named(name, states)
        return ClassPlan(record, "mapped", found.label_class_id, found.name) if found else _created(record, name)
    for state in states:
        if record.uuid and str(state.label_class.uuid) == uuid_text(record.uuid):
            return ClassPlan(record, "matched", state.label_class_id, state.name)
    name = record.name.strip()[:200] or f"class {record.number}"
    if found := _named(name, states):
        return ClassPlan(record, "matched", found.label_class_id, found.name)
    alike = get_close_matches(name, [state.name for state in states], n=3, cutoff=0.6)
    suggestions = tuple((state.label_class_id, state.name) for state in states if state.name in alike)
    return _created(record, name, suggestions)


def _created(record: ClassRecord, name: str, suggestions: tuple[tuple[int, str], ...] = ()) -> ClassPlan:
    return ClassPlan(record, "created", None, name, suggestions)


def _named(name: str, states: Sequence[LabelClassState]) -> LabelClassState | None:
    """Names are matched exactly, then without case."""
    for state in states:
        if state.name == name:
            return state
    return next((state for state in states if state.name.casefold() == name.casefold()), None)


def classes_apply(door: Door, plans: Sequence[ClassPlan]) -> dict[int, int | None]:
    """Makes the missing classes. Class number of the file → class id of the project, None where labels are left out."""
    missing: dict[str, ClassRecord] = {}
    for plan in plans:
        if plan.action == "created":
            missing.setdefault(plan.name, plan.record)
    uuids = [uuid_text(record.uuid) for record in missing.values() if uuid_text(record.uuid)]
    taken = {
        str(key)
        for key in LabelClass.objects.filter(uuid__in=uuids, project=door.project).values_list("uuid", flat=True)
    }
    added = classes_add(door, [_definition(name, record, taken) for name, record in missing.items()])
    made = {state.name: state.label_class_id for state in added}
    return {plan.record.number: plan.target if plan.target is not None else made.get(plan.name) for plan in plans}


def _definition(name: str, record: ClassRecord, taken: set[str]) -> dict[str, Any]:
    """What a file says about a class, without what is not usable."""
    uuid = uuid_text(record.uuid)
    # What a file holds there may be anything that JSON can say.
    color, attributes, skeleton = str(record.color), list[Any](record.attributes), dict[str, Any](record.skeleton)
    return {
        "name": name,
        "number": record.number,
        "color": color if _COLOR.fullmatch(color) else None,
        "hotkey": record.hotkey or None,
        "uuid": uuid if uuid and uuid not in taken else None,
        "attributes": [dict(entry) for entry in attributes if isinstance(entry, Mapping)],
        "skeleton": skeleton,
    }
