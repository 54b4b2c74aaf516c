"""A data set with history that copies everything at every revision: slow, obvious, and what the real one must equal."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

ImageFacts = tuple[str, str, tuple[str, ...], str]
"""Status, split, tags, group."""


@dataclass(slots=True)
class State:
    """Everything that is true at one revision. Objects and classes are dicts of their columns."""

    images: dict[int, ImageFacts] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    classes: dict[int, dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> State:
        return copy.deepcopy(self)

    def on(self, image: int) -> set[str]:
        return {key for key, row in self.objects.items() if row["image"] == image}

    def of(self, label_class: int) -> set[str]:
        return {key for key, row in self.objects.items() if row["class"] == label_class}

    @property
    def nouns(self) -> tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
        return self.classes, self.images, self.objects


class Conflict(Exception):  # noqa: N818  an outcome, not an error
    """Something stands in the way of a revert."""


def restored_image(now: State, then: State, image: int) -> State:
    """One image with its objects as it was, with the classes that they need."""
    found = now.copy()
    for key in found.on(image):
        del found.objects[key]
    found.images[image] = then.images[image]
    returning = {key: copy.deepcopy(then.objects[key]) for key in then.on(image)}
    # Only objects that come back or change ask for their class; those that are as they were have theirs.
    needed = {row["class"] for key, row in returning.items() if now.objects.get(key) != row} - now.classes.keys()
    _bring_classes(found, then, needed)
    found.objects.update(returning)
    return found


def restored_class(now: State, then: State, label_class: int) -> State:
    """One class as it was, with the objects that had it then or have it now, where their image is there."""
    found = now.copy()
    returning = {key: copy.deepcopy(then.objects[key]) for key in then.of(label_class)}
    changed = now.of(label_class) | returning.keys()
    changed = {key for key in changed if now.objects.get(key) != then.objects.get(key)}
    needed = {then.objects[key]["class"] for key in changed if key in then.objects} - now.classes.keys()
    # Images with any change bring the classes of all objects on them that come back.
    for image in {(now.objects.get(key) or then.objects[key])["image"] for key in changed}:
        needed |= {
            then.objects[key]["class"] for key in then.on(image) if now.objects.get(key) != then.objects[key]
        } - now.classes.keys()
    keys = [label_class, *sorted(needed - {label_class})]
    found.classes.pop(label_class, None)
    _bring_classes(found, then, set(keys))
    for key in changed:
        row = then.objects.get(key)
        if (row or now.objects[key])["image"] not in now.images:
            continue
        found.objects.pop(key, None)
        if row is not None:
            found.objects[key] = copy.deepcopy(row)
    return found


def _bring_classes(found: State, then: State, keys: set[int]) -> None:
    taken = {row["name"] for key, row in found.classes.items() if key not in keys}
    for key in sorted(keys):
        row = copy.deepcopy(then.classes[key])
        name, number = row["name"], 2
        while row["name"] in taken:
            row["name"] = f"{name} ({number})"
            number += 1
        taken.add(row["name"])
        found.classes[key] = row


def reverted(now: State, before: State, after: State, written: dict[str, int], numbers: set[int]) -> State:
    """What the revisions from `before` to `after` did is undone. Raises `Conflict` where anything stands in the way.

    `written` says which revision wrote each object as it is now; `numbers` are the undone ones.
    """
    found = now.copy()
    for old, new, current, target in zip(before.nouns, after.nouns, now.nouns, found.nouns, strict=True):
        for key in old.keys() | new.keys():
            if old.get(key) == new.get(key) or current.get(key) == old.get(key):
                continue
            if current.get(key) != new.get(key):
                raise Conflict(f"{key} was changed later")
            target.pop(key, None)
            if key in old:
                target[key] = copy.deepcopy(old[key])
    _check_places(now, found, before, after, written, numbers)
    return found


def _check_places(
    now: State, found: State, before: State, after: State, written: dict[str, int], numbers: set[int]
) -> None:
    for key in now.images.keys() - found.images.keys():
        if any(written[one] not in numbers for one in now.on(key)):
            raise Conflict(f"image {key} has later labels")
    for key in now.classes.keys() - found.classes.keys():
        if any(written[one] not in numbers for one in now.of(key)):
            raise Conflict(f"class {key} has later labels")
    for uuid, row in found.objects.items():
        has_place = row["image"] in found.images and row["class"] in found.classes
        if now.objects.get(uuid) != row and not has_place:
            raise Conflict(f"{uuid} has no place")
    returning = [key for key, row in found.classes.items() if now.classes.get(key) != row]
    names = {row["name"]: key for key, row in now.classes.items()}
    for key in returning:
        if names.get(found.classes[key]["name"], key) != key:
            raise Conflict(f"the name of class {key} is taken")
