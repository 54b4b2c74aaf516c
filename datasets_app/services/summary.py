"""What one revision did, counted as people count: objects, images and classes that were added, removed or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from datasets_app.models import Annotation, ImageState
from datasets_app.models.temporal import TemporalRow
from datasets_app.services.bulk_rows import NewAnnotation

SAMPLE = 8
"""Images that a line of the timeline shows."""

NOUNS = ("objects", "images", "classes")
COUNTS = ("added", "removed", "changed")


class Summary:
    """Told of closed and opened rows, in this order for each identity, as the revision door writes them."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {noun: Counter() for noun in NOUNS}
        # Identity → class id (0 where there is none): rows themselves would hold every shape in memory.
        self._ended: dict[str, dict[Hashable, int]] = {noun: {} for noun in NOUNS}
        self._added: Counter[int] = Counter()
        self._removed: Counter[int] = Counter()
        self._images: set[int] = set()

    def add_closed(self, rows: Sequence[TemporalRow]) -> None:
        if not rows:
            return
        noun = noun_of(rows[0])
        self._ended[noun].update({identity(row): _class_of(row) for row in rows})
        self._touch(rows)

    def add_opened(self, rows: Sequence[TemporalRow]) -> None:
        if not rows:
            return
        noun = noun_of(rows[0])
        ended, changed = self._ended[noun], 0
        fresh = rows
        if ended:
            fresh = []
            for row in rows:
                before = ended.pop(identity(row), None)
                if before is None:
                    fresh.append(row)
                    continue
                changed += 1
                if before != (after := _class_of(row)):
                    self._removed[before] += 1
                    self._added[after] += 1
        self._counts[noun].update(added=len(fresh), changed=changed)
        self._added.update(row.label_class_id for row in fresh if isinstance(row, Annotation))
        self._touch(rows)

    def add_many(self, rows: Sequence[NewAnnotation]) -> None:
        """Objects that are all new."""
        self._counts["objects"]["added"] += len(rows)
        self._added.update([row.label_class_id for row in rows])
        self._images.update([row.image_id for row in rows])

    def add_replaced(self, images: Sequence[int]) -> None:
        """Images whose state was ended and followed by another."""
        self._counts["images"]["changed"] += len(images)
        self._images.update(images)

    def _touch(self, rows: Iterable[TemporalRow]) -> None:
        self._images.update(row.image_id for row in rows if isinstance(row, Annotation | ImageState))

    def as_dict(self) -> dict[str, Any]:
        """`{objects, images, classes: {added, removed, changed}, touched, sample, per_class}`, the last by class id."""
        removed = self._removed + Counter(self._ended["objects"].values())
        per_class = {str(key): [self._added[key], removed[key]] for key in sorted({*self._added, *removed})}
        counts = {
            noun: {
                "added": found["added"],
                "removed": found["removed"] + len(self._ended[noun]),
                "changed": found["changed"],
            }
            for noun, found in self._counts.items()
        }
        return counts | {
            "touched": len(self._images),
            "sample": list(islice(sorted(self._images), SAMPLE)),
            "per_class": per_class,
        }


def _class_of(row: TemporalRow) -> int:
    return row.label_class_id if isinstance(row, Annotation) else 0


def noun_of(row: TemporalRow) -> str:
    return "objects" if isinstance(row, Annotation) else "images" if isinstance(row, ImageState) else "classes"


def identity(row: Any) -> Hashable:
    """What stays the same through all edits of the thing that the row describes."""
    if isinstance(row, Annotation):
        return row.uuid
    key: int = row.image_id if isinstance(row, ImageState) else row.label_class_id
    return key


def summaries_join(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary of an operation from those of its revisions."""
    per_class: dict[str, list[int]] = {}
    for part in parts:
        for key, (added, removed) in part.get("per_class", {}).items():
            sums = per_class.setdefault(key, [0, 0])
            sums[0] += added
            sums[1] += removed
    sample = dict.fromkeys(image for part in parts for image in part.get("sample", ()))
    counts = {
        noun: {count: sum(part.get(noun, {}).get(count, 0) for part in parts) for count in COUNTS} for noun in NOUNS
    }
    touched = sum(part.get("touched", 0) for part in parts)
    return counts | {"touched": touched, "sample": list(sample)[:SAMPLE], "per_class": per_class}
