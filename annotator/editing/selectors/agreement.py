"""How far people's objects agree with a reference: per person and class, with the images behind it; ground truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from annotator.core.geometry.matching import matches
from annotator.editing.models import GroundTruth, ReviewEvent, ReviewStatus
from datasets_app.models import Annotation, Image, Project

MAX_IMAGES = 200
"""Behind each number."""

Objects = Sequence[dict[str, Any]]
Pairs = Sequence[tuple[int, int, float]]


@dataclass(slots=True)
class AgreementRow:
    """Of one person and one class of the reference: `reference` objects there were, and what became of them."""

    reference: int = 0
    matched: int = 0
    overlap: float = 0.0
    other_class: int = 0
    missing: int = 0
    extra: int = 0
    images: dict[str, dict[int, None]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, kind: str, image: int) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.images[kind][image] = None

    def body(self, annotator: str, label_class: int) -> dict[str, Any]:
        """`iou` is the mean over the objects that were found, whatever class they were given."""
        found = self.matched + self.other_class
        return {
            "annotator": annotator,
            "class": label_class,
            "reference": self.reference,
            "matched": self.matched,
            "iou": self.overlap / found if found else None,
            "other_class": self.other_class,
            "missing": self.missing,
            "extra": self.extra,
            "images": {kind: list(found)[:MAX_IMAGES] for kind, found in self.images.items()},
        }


class Agreement:
    """Adds up comparisons of one person's objects with a reference."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._rows: dict[tuple[str, int], AgreementRow] = defaultdict(AgreementRow)
        self.images: set[int] = set()

    def add(self, annotator: str, image: Image, given: Objects, reference: Objects, pairs: Pairs | None = None) -> None:
        """`pairs` are the matches (index in `given`, index in `reference`, IoU) where they are known already."""
        self.images.add(image.pk)
        if pairs is None:
            pairs = matches(given, reference, image.width, image.height, self._least)
        for item in reference:
            self._rows[annotator, item["class"]].reference += 1
        for row, column, overlap in pairs:
            wanted = reference[column]["class"]
            tally = self._rows[annotator, wanted]
            tally.overlap += overlap
            tally.note("matched" if given[row]["class"] == wanted else "other_class", image.pk)
        found, seen = {row for row, _, _ in pairs}, {column for _, column, _ in pairs}
        for column, item in enumerate(reference):
            if column not in seen:
                self._rows[annotator, item["class"]].note("missing", image.pk)
        for row, item in enumerate(given):
            if row not in found:
                self._rows[annotator, item["class"]].note("extra", image.pk)

    def body(self) -> dict[str, Any]:
        rows = [tally.body(*key) for key, tally in sorted(self._rows.items())]
        return {"images": len(self.images), "rows": rows}


def truth_agreement(project: Project, least: float) -> dict[str, Any]:
    """Each person's first submission of an image against its ground truth, wherever both are there."""
    agreement = Agreement(least)
    for image, name, submitted, right in first_submissions(project):
        agreement.add(name, image, objects_at(image, submitted), objects_at(image, right))
    return agreement.body()


def objects_at(image: Image, revision: int) -> list[dict[str, Any]]:
    """The objects of an image as of a revision, as far as comparing needs them."""
    rows = Annotation.objects.filter(image=image).at(revision).order_by("z_order", "sequence", "pk")
    columns = rows.values_list("uuid", "label_class_id", "shape", "x", "y", "width", "height")
    return [
        {"uuid": str(uuid), "class": label_class, "shape": orjson.loads(shape), "box": [x, y, width, height]}
        for uuid, label_class, shape, x, y, width, height in columns
    ]


def first_submissions(
    project: Project, *, image: int | None = None, annotator: str | None = None
) -> Iterator[tuple[Image, str, int, int]]:
    """(image, person, revision submitted, revision of its ground truth), of all or of one image and one person."""
    events = ReviewEvent.objects.filter(
        status=ReviewStatus.SUBMITTED, image__project=project, image__ground_truth__isnull=False, author__isnull=False
    )
    if image is not None:
        events = events.filter(image=image)
    if annotator is not None:
        events = events.filter(author__username=annotator)
    seen: set[tuple[int, int | None]] = set()
    for event in events.select_related("image__ground_truth", "author").order_by("pk"):
        key = event.image_id, event.author_id
        if key not in seen and event.author is not None:
            seen.add(key)
            yield event.image, event.author.get_username(), event.revision, event.image.ground_truth.revision


def ground_truth_revisions(ids: Sequence[int]) -> dict[int, int]:
    """Of those of the images that are ground truth: the revision as of which their labels are right."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), 500):
        rows = GroundTruth.objects.filter(image_id__in=ids[start : start + 500])
        found.update(rows.values_list("image_id", "revision"))
    return found
