"""Reads behind the health checks: images with their objects as of any revision, and what changed between two.

A state as of a revision is read without a lock: rows are never updated, so it stays the same while others save.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

import orjson
from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, TextField, Value
from django.db.models.functions import Cast

from datasets_app.health.base import ClassFacts, ImageFacts, Norm, ObjectFacts, Pictures
from datasets_app.health.handwork import Hand, Handwork, Row, handwork
from datasets_app.models import Annotation, ImageState, LabelClassState, Project, Revision, Version
from datasets_app.selectors.handwork import saves_by_hand, seconds_worked
from datasets_app.splits import Assignment

CHUNK = 500
NOBODYS = Hand(0, is_hand=False)

_OBJECT_COLUMNS = (
    "image_id", "uuid", "label_class_id", "type", "x", "y", "width", "height", "area", "shape",
    "attributes_text", "crowd", "group", "source", "created_in",
)  # fmt: skip
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_IMAGE_COLUMNS = (
    "image_id", "image__uuid", "image__name", "image__width", "image__height", "image__facts", "status",
)  # fmt: skip


def class_facts(project: Project, revision: int) -> dict[int, ClassFacts]:
    """The classes of the project at the revision, in list order."""
    rows = LabelClassState.objects.at(revision).filter(label_class__project=project).order_by("position", "pk")
    columns = rows.values_list("label_class_id", "name", "attributes", "skeleton", "color")
    return {
        key: ClassFacts(key, name, tuple(attributes), skeleton, color)
        for key, name, attributes, skeleton, color in columns
    }


class Authors:
    """Who made a revision, by its number, and whether by hand; asked for many at once."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[int, Hand] = {}

    @cached_property
    def has_hands(self) -> bool:
        """Whether anything was saved in the editor at all: an import of a million labels has no history to read."""
        return self._project.revisions.filter(batch_id__isnull=False).exists()

    def of(self, numbers: Iterable[int]) -> Mapping[int, Hand]:
        """Number → hand; its author is 0 where nobody is known."""
        missing = sorted(set(numbers) - self._known.keys())
        for start in range(0, len(missing), CHUNK):
            chunk = missing[start : start + CHUNK]
            rows = Revision.objects.filter(project=self._project, number__in=chunk).order_by()
            found = {
                number: Hand(author or 0, batch is not None)
                for number, author, batch in rows.values_list("number", "author_id", "batch_id")
            }
            self._known.update({number: found.get(number, NOBODYS) for number in chunk})
        return self._known


def live_image_ids(project: Project, revision: int) -> list[int]:
    rows = ImageState.objects.at(revision).filter(project=project).order_by("image_id")
    return list(rows.values_list("image_id", flat=True))


def images_at(ids: Sequence[int], revision: int, authors: Authors) -> Iterator[ImageFacts]:
    """Those of the images that were live at the revision, each with its objects in drawing order."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        states = ImageState.objects.at(revision).filter(image_id__in=chunk).order_by("image_id")
        images = [
            ImageFacts(image, str(uuid), name, width, height, facts, status)
            for image, uuid, name, width, height, facts, status in states.values_list(*_IMAGE_COLUMNS)
        ]
        objects = _objects_at(chunk, revision, authors)
        done = _handwork_at(images, objects, revision, authors) if authors.has_hands else {}
        for image in images:
            image.objects = tuple(item for item, _ in objects.get(image.id, ()))
            image.handwork = done.get(image.id, image.handwork)
            yield image


def _handwork_at(
    images: Sequence[ImageFacts], objects: Mapping[int, Placed], revision: int, authors: Authors
) -> dict[int, Handwork]:
    """Of the images that somebody saved by hand up to the revision."""
    ids = [image.id for image in images]
    rows: dict[int, list[Row]] = {}
    past = Annotation.objects.filter(image_id__in=ids, deleted_in__lte=revision).order_by("image_id", "pk")
    columns = ("image_id", "uuid", "label_class_id", "shape", "source", "created_in", "deleted_in")
    for image, uuid, *facts in past.values_list(*columns):
        rows.setdefault(image, []).append(Row(str(uuid), *facts))
    for image, own in objects.items():
        for item, opened in own:
            row = Row(item.uuid, item.class_id, item.shape_json, item.source, opened, None)
            rows.setdefault(image, []).append(row)
    touched: dict[int, set[int]] = {}
    states = ImageState.objects.filter(image_id__in=ids, created_in__lte=revision).order_by()
    for image, opened in states.values_list("image_id", "created_in"):
        touched.setdefault(image, set()).add(opened)
    numbers = {number for own in touched.values() for number in own}
    numbers |= {n for own in rows.values() for row in own for n in (row.opened, row.closed) if n is not None}
    hands = authors.of(numbers)
    return {
        image.id: handwork(rows.get(image.id, ()), touched.get(image.id, ()), hands, (image.width, image.height))
        for image in images
    }


Placed = Sequence[tuple[ObjectFacts, int]]
"""Objects, each with the revision that it is true from."""


def _objects_at(ids: Sequence[int], revision: int, authors: Authors) -> dict[int, list[tuple[ObjectFacts, int]]]:
    own = Annotation.objects.at(revision).filter(image_id__in=ids).order_by("image_id", "z_order", "sequence", "pk")
    found: dict[int, list[tuple[ObjectFacts, int]]] = {}
    # As text: most are empty, and a million of them cost seconds to parse.
    rows = own.annotate(attributes_text=Cast("attributes", TextField()))
    listed = list(rows.values_list(*_OBJECT_COLUMNS))
    author_of = authors.of(row[-1] for row in listed)
    for row in listed:
        image, uuid, label_class, kind, x, y, width, height, area, shape, text, *rest, number = row
        crowd, group, source = rest
        box, attributes = (x, y, width, height), _NOTHING if text == "{}" else orjson.loads(text)
        item = ObjectFacts(str(uuid), label_class, kind, box, area, shape, attributes, crowd, group, source)
        item.author = author_of[number].author
        found.setdefault(image, []).append((item, number))
    return found


def _within(since: int, until: int) -> Q:
    """Rows that were opened or closed after `since` and up to `until`."""
    return Q(created_in__gt=since, created_in__lte=until) | Q(deleted_in__gt=since, deleted_in__lte=until)


def rows_changed(project: Project, since: int) -> int:
    """How many rows were opened or closed since; cheap, and an upper limit of what there is to look at."""
    rows = project.revisions.filter(number__gt=since).order_by()
    return sum(opened + closed for opened, closed in rows.values_list("opened", "closed"))


def changed_images(project: Project, since: int, until: int) -> set[int]:
    """Images whose state or objects changed."""
    parts: list[Any] = [
        model._default_manager.filter(condition, project=project).order_by().values_list("image_id")
        for model in (Annotation, ImageState)
        # Each part follows its own index, which an OR of them would not.
        for condition in (
            Q(created_in__gt=since, created_in__lte=until),
            Q(deleted_in__gt=since, deleted_in__lte=until),
        )
    ]
    return {row[0] for row in parts[0].union(*parts[1:])}


def pictures_changed(project: Project, since: int, until: int) -> bool:
    """Whether images came or went, or changed their group."""
    touched = ImageState.objects.filter(_within(since, until), project=project).order_by()
    ids = sorted(set(touched.values_list("image_id", flat=True)))
    for start in range(0, len(ids), CHUNK):
        rows = ImageState.objects.filter(image_id__in=ids[start : start + CHUNK]).order_by()
        groups = [set(rows.at(number).values_list("image_id", "group")) for number in (since, until)]
        if groups[0] != groups[1]:
            return True
    return False


def changed_schemas(project: Project, since: int, until: int) -> set[int]:
    """Classes whose attributes or skeleton changed, or that came or went."""
    touched = LabelClassState.objects.filter(_within(since, until), label_class__project=project)
    if not touched.exists():
        return set()
    before, after = class_facts(project, since), class_facts(project, until)

    def schema(facts: ClassFacts | None) -> Any:
        return None if facts is None else (facts.attributes, facts.skeleton)

    return {key for key in before.keys() | after.keys() if schema(before.get(key)) != schema(after.get(key))}


def images_with(project: Project, label_class: int, revision: int, norms: Sequence[Norm] | None = None) -> set[int]:
    """Images that held an object of the class at the revision; with `norms`, one outside any of them, or nearly so."""
    condition = Q(project=project, label_class_id=label_class, created_in__lte=revision)
    if norms is not None:
        condition &= Q(width__gt=0, height__gt=0) & _outside(norms)
    rows: Any = Annotation.objects.filter(condition).order_by()
    # Live rows have an index by class; those that were closed since are few and have one of their own.
    return {
        *rows.filter(deleted_in__isnull=True).values_list("image_id", flat=True),
        *rows.filter(deleted_in__gt=revision).values_list("image_id", flat=True),
    }


def _outside(norms: Sequence[Norm]) -> Q:
    """By a bin more than the bins say, so that rounding hides nothing: who asks looks at each object again."""
    condition = Q()
    for norm in norms:
        least, most = (2 ** ((place + side) / 4) for place, side in zip(norm.size, (1, -1), strict=True))
        low, high = (2 ** ((place + side) / 8) for place, side in zip(norm.aspect, (1, -1), strict=True))
        condition |= (
            Q(height__lt=least / F("width"))
            | Q(height__gt=most / F("width"))
            | Q(width__lt=low * F("height"))
            | Q(width__gt=high * F("height"))
        )
    return condition


def newest_version(project: Project) -> Version | None:
    """Without its assignment, which is large and seldom needed; it is fetched when it is asked for."""
    return Version.objects.filter(project=project).defer("assignment").order_by("-number").first()


def split_objects(version: Version | None) -> dict[str, dict[int, int]]:
    """Split → class id → objects in the version; splits without images are left out."""
    splits = version.statistics.get("splits", {}) if version else {}
    return {
        split: {int(key): number for key, number in body["classes"].items()}
        for split, body in splits.items()
        if body["images"]
    }


def pictures_at(project: Project, revision: int, version: Version | None) -> Pictures:
    rows = ImageState.objects.at(revision).filter(project=project).order_by("image_id")
    listed = list(rows.values_list("image_id", "image__sha256", "image__perceptual_hash", "group"))
    splits = Assignment.unpack(bytes(version.assignment)).as_dict() if version else {}
    return Pictures(
        sha256={row[0]: row[1] for row in listed},
        hashes={row[0]: row[2] for row in listed},
        groups={row[0]: row[3] for row in listed if row[3]},
        splits={row[0]: splits[row[0]] for row in listed if row[0] in splits},
    )


def annotation_days(project: Project, since: int, until: int) -> tuple[Counter[tuple[str]], Counter[tuple[str]]]:
    """Day (UTC) → annotations that became true, and → that ended, in the revisions after `since`."""
    revisions = Revision.objects.filter(project=project, number__gt=since, number__lte=until).order_by()
    days = {
        number: at.astimezone(UTC).date().isoformat() for number, at in revisions.values_list("number", "created_at")
    }
    parts: list[Any] = [
        Annotation.objects.filter(project=project, **{f"{column}__gt": since, f"{column}__lte": until})
        .order_by()
        .values_list(column)
        .annotate(number=Count("pk"), sort=Value(place))
        for place, column in enumerate(("created_in", "deleted_in"))
    ]
    found: tuple[Counter[tuple[str]], Counter[tuple[str]]] = Counter(), Counter()
    for number, count, place in parts[0].union(parts[1], all=True):
        found[place][(days.get(number, ""),)] += count
    return found


def seconds_of_work(project: Project, since: int, until: int) -> Counter[tuple[int]]:
    """User → seconds between each save by hand after `since` and their save before it; pauses count nothing."""
    saves = saves_by_hand(project)
    new = saves.filter(number__gt=since, number__lte=until).order_by("number")
    last: dict[int, datetime | None] = {}
    found: Counter[tuple[int]] = Counter()
    for person, at in new.values_list("author_id", "created_at").iterator():
        if person not in last:
            earlier = saves.filter(author=person, number__lte=since).order_by("-number")
            last[person] = earlier.values_list("created_at", flat=True).first() if since else None
        before, last[person] = last[person], at
        if seconds := round(seconds_worked(before, at)):
            found[person,] += seconds
    return found


def user_names(ids: Iterable[int]) -> dict[int, str]:
    model = get_user_model()
    return dict(model._default_manager.filter(pk__in=set(ids)).values_list("pk", model.USERNAME_FIELD))
