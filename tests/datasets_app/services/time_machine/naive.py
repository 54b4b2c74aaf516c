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
        objects = {key: dict(row) for key, row in self.objects.items()}
        classes = {key: dict(row) for key, row in self.classes.items()}
        return State(dict(self.images), objects, classes)

    def on(self, image: int) -> set[str]:
        return {key for key, row in self.objects.items() if row["image"] == image}

    def of(self, label_class: int) -> set[str]:
        return {key for key, row in self.objects.items() if row["class"] == label_class}


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


class Undone:
    """What the revisions `numbers`, from `before` to `after`, did is undone: `found`, and how many things stay as they
    are because something stands in the way.

    `written` says which revision wrote each object as it is now.
    """

    def __init__(self, now: State, before: State, after: State, written: dict[str, int], numbers: set[int]) -> None:
        self.now, self.before, self.after = now, before, after
        self.written, self.numbers = written, numbers
        self.found = now.copy()
        self.conflicts = 0
        going = self._classes()
        self._images()
        self._objects(going)
        # A class that an object in conflict still has cannot go.
        self.found.classes.update({key: now.classes[key] for key in going if self.found.of(key)})

    def _classes(self) -> set[int]:
        names = {row["name"]: key for key, row in self.now.classes.items()}
        going = set()
        for key in self._touched("classes"):
            then = self.before.classes.get(key)
            is_taken = then is not None and names.get(then["name"], key) != key
            if is_taken or (then is None and self._has_later(self.now.of(key))):
                self.conflicts += 1
            elif then is None:
                going.add(key)
                del self.found.classes[key]
            else:
                self.found.classes[key] = then
        return going

    def _images(self) -> None:
        for key in self._touched("images"):
            then = self.before.images.get(key)
            if then is None and self._has_later(self.now.on(key)):
                self.conflicts += 1
            elif then is None:
                del self.found.images[key]
            else:
                self.found.images[key] = then

    def _objects(self, going: set[int]) -> None:
        for key in self._touched("objects"):
            then = self.before.objects.get(key)
            if then is None:
                del self.found.objects[key]
            elif then["image"] in self.found.images and then["class"] in self.found.classes.keys() - going:
                self.found.objects[key] = then
            else:
                self.conflicts += 1

    def _touched(self, noun: str) -> list[Any]:
        """What the revisions changed and is now as they left it; later work stands in the way of other things."""
        before, after, now = (getattr(state, noun) for state in (self.before, self.after, self.now))
        found = []
        for key in before.keys() | after.keys():
            if before.get(key) == after.get(key) or now.get(key) == before.get(key):
                continue
            if now.get(key) == after.get(key):
                found.append(key)
            else:
                self.conflicts += 1
        return found

    def _has_later(self, keys: set[str]) -> bool:
        return any(self.written[key] not in self.numbers for key in keys)
