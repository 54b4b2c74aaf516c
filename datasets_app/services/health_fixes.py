"""The one-click acts on findings. Each is planned first, shown on request, and then written as one revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from annotator.core.access import Role
from annotator.core.errors import DomainError
from annotator.core.registry import Entry
from datasets_app.health.base import Fix
from datasets_app.health.mending import mended
from datasets_app.models import Annotation, HealthFinding, ImageState, ImageStatus, Project
from datasets_app.models.temporal import TemporalRow
from datasets_app.selectors.health import newest_version
from datasets_app.services.image import live_states
from datasets_app.services.revision import CHUNK, Door, revision_open
from datasets_app.splits import Assignment

MAX_TAG = 100


@dataclass(slots=True)
class Wish:
    """What somebody asked for: an act of a check on some of its findings."""

    project: Project
    entry: Entry
    fix: Fix
    findings: Sequence[HealthFinding]
    tag: str = ""

    def images(self) -> list[int]:
        """The images that the act may touch, without those that it keeps."""
        return sorted({image for finding in self.findings for image in finding.images[self.fix.keep :]})

    def annotations(self) -> list[str]:
        """The same for objects."""
        return sorted({key for finding in self.findings for key in finding.annotations[self.fix.keep :]})


@dataclass(slots=True)
class Plan:
    """Rows to close, and the rows that take their place."""

    annotations: list[Annotation] = field(default_factory=list)
    new_annotations: list[Annotation] = field(default_factory=list)
    states: list[ImageState] = field(default_factory=list)
    new_states: list[ImageState] = field(default_factory=list)
    skipped: int = 0
    """Objects that the act cannot help."""

    def change(self, state: ImageState, **changes: Any) -> None:
        if any(getattr(state, name) != value for name, value in changes.items()):
            self.states.append(state)
            self.new_states.append(state.successor(**changes))

    def answer(self, wish: Wish) -> dict[str, int]:
        return {
            "findings": len(wish.findings),
            "images": len({row.image_id for row in self.states} | {row.image_id for row in self.annotations}),
            "annotations": len(self.annotations),
            "skipped": self.skipped,
        }


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act: who may do it, what it does, and how the timeline calls it."""

    role: Role
    plan: Callable[[Wish], Plan]
    message: str
    is_destructive: bool = False


def fix_of(entry: Entry, act: str) -> Fix:
    """The check's fix of that name. Raises `DomainError`."""
    for fix in entry.facts["fixes"]:
        if fix.act == act:
            found: Fix = fix
            return found
    known = ", ".join(fix.act for fix in entry.facts["fixes"]) or "nothing"
    raise DomainError("unknown_fix", f"fix: {act!r} is not offered for {entry.title}; there is {known}.")


def fix_preview(wish: Wish) -> dict[str, Any]:
    """What the act would change; writes nothing."""
    return {"revision": None, **ACTS[wish.fix.act].plan(wish).answer(wish)}


def fix_apply(wish: Wish, *, author: Any) -> dict[str, Any]:
    """Does it, as one revision."""
    act = ACTS[wish.fix.act]
    message = f"Health: {act.message} ({wish.entry.title})"
    with revision_open(wish.project.pk, author=author, kind="health", message=message) as door:
        plan = act.plan(wish)
        _write(door, plan)
    return {"revision": door.revision.number if door.revision else None, **plan.answer(wish)}


def _write(door: Door, plan: Plan) -> None:
    door.remember(images=[state.image for state in plan.states])
    steps: tuple[tuple[Callable[[Sequence[TemporalRow]], None], Sequence[TemporalRow]], ...] = (
        (door.close, plan.annotations),
        (door.close, plan.states),
        (door.open, plan.new_states),
        (door.open, plan.new_annotations),
    )
    for step, rows in steps:
        for start in range(0, len(rows), CHUNK * 4):
            step(rows[start : start + CHUNK * 4])


def _live(wish: Wish) -> Iterable[Annotation]:
    keys = wish.annotations()
    for start in range(0, len(keys), CHUNK):
        rows = Annotation.objects.now().filter(project=wish.project, uuid__in=keys[start : start + CHUNK])
        yield from rows.select_related("image").order_by("pk")


def _labels_of(images: Sequence[int]) -> list[Annotation]:
    found: list[Annotation] = []
    for start in range(0, len(images), CHUNK):
        found += Annotation.objects.now().filter(image_id__in=images[start : start + CHUNK]).order_by("pk")
    return found


def _tag(wish: Wish) -> Plan:
    tag, plan = wish.tag or wish.entry.key, Plan()
    for state in live_states(wish.project, wish.images()):
        plan.change(state, tags=sorted({*state.tags, tag}))
    return plan


def _status(status: str) -> Callable[[Wish], Plan]:
    def planned(wish: Wish) -> Plan:
        plan = Plan()
        for state in live_states(wish.project, wish.images()):
            plan.change(state, status=status)
        return plan

    return planned


def _group(wish: Wish) -> Plan:
    """Each finding's images come into the group that the first of them has, or into a new one."""
    plan = Plan()
    states = {state.image_id: state for state in live_states(wish.project, wish.images())}
    groups = {image: state.group for image, state in states.items()}
    for finding in wish.findings:
        images = [image for image in finding.images if image in states]
        name = next((groups[image] for image in images if groups[image]), f"alike {images[0]}" if images else "")
        groups.update(dict.fromkeys(images, name))
    for image, state in states.items():
        plan.change(state, group=groups[image])
    return plan


def _fix_split(wish: Wish) -> Plan:
    """Each finding's images are fixed in the split in which most of them are now."""
    version = newest_version(wish.project)
    splits = Assignment.unpack(bytes(version.assignment)).as_dict() if version else {}
    wanted: dict[int, str] = {}
    for finding in wish.findings:
        numbers = Counter(splits[image] for image in finding.images if image in splits)
        if numbers:
            wanted.update(dict.fromkeys(finding.images, numbers.most_common(1)[0][0]))
    plan = Plan()
    for state in live_states(wish.project, sorted(wanted)):
        plan.change(state, split=wanted[state.image_id])
    return plan


def _delete_images(wish: Wish) -> Plan:
    plan = Plan(states=live_states(wish.project, wish.images()))
    plan.annotations = _labels_of([state.image_id for state in plan.states])
    return plan


def _merge_images(wish: Wish) -> Plan:
    """The first image of each finding stays, with its labels or else those of the first other one that has any."""
    plan = Plan()
    everyone = sorted({image for finding in wish.findings for image in finding.images})
    states = {state.image_id: state for state in live_states(wish.project, everyone)}
    labels: dict[int, list[Annotation]] = {}
    for row in _labels_of(sorted(states)):
        labels.setdefault(row.image_id, []).append(row)
    for finding in wish.findings:
        images = [image for image in finding.images if image in states]
        if len(images) < 2:
            continue
        kept, others = images[0], images[1:]
        giver = next((image for image in images if image in labels), kept)
        if giver != kept:
            plan.new_annotations += [row.successor(image_id=kept) for row in labels[giver]]
            if states[kept].status != states[giver].status:
                plan.new_states.append(states[kept].successor(status=states[giver].status))
                plan.states.append(states[kept])
        for image in others:
            plan.states.append(states[image])
            plan.annotations += labels.get(image, [])
    return plan


def _delete_objects(wish: Wish) -> Plan:
    return Plan(annotations=list(_live(wish)))


def _mend(wish: Wish) -> Plan:
    plan = Plan()
    for row in _live(wish):
        fixed = mended(_shape(row), row.image.width, row.image.height)
        if fixed is None or fixed.json == row.shape:
            plan.skipped += 1
            continue
        x, y, width, height = fixed.box
        columns = {"x": x, "y": y, "width": width, "height": height, "area": fixed.area}
        plan.annotations.append(row)
        plan.new_annotations.append(row.successor(shape=fixed.json, type=fixed.type, **columns))
    return plan


def _shape(row: Annotation) -> dict[str, Any]:
    shape: dict[str, Any] = orjson.loads(row.shape)
    return shape


ACTS: dict[str, Act] = {
    "tag": Act(Role.ANNOTATOR, _tag, "tagged images"),
    "reopen": Act(Role.ANNOTATOR, _status(ImageStatus.IN_PROGRESS), "sent images back to labelling"),
    "mark_annotated": Act(Role.ANNOTATOR, _status(ImageStatus.ANNOTATED), "marked images as annotated"),
    "mark_empty": Act(Role.ANNOTATOR, _status(ImageStatus.VERIFIED_EMPTY), "marked images as empty"),
    "group": Act(Role.ANNOTATOR, _group, "put images into groups"),
    "fix_split": Act(Role.ANNOTATOR, _fix_split, "fixed the split of images"),
    "mend": Act(Role.ANNOTATOR, _mend, "mended shapes"),
    "delete_objects": Act(Role.ANNOTATOR, _delete_objects, "deleted objects", is_destructive=True),
    "delete_images": Act(Role.MANAGER, _delete_images, "deleted images", is_destructive=True),
    "merge_images": Act(Role.MANAGER, _merge_images, "merged duplicates", is_destructive=True),
}
