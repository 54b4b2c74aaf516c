"""Reads of images: one filter language for pages, id lists and bulk acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from annotator.core.errors import DomainError
from datasets_app.ir import SPLITS
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, Project, Version
from datasets_app.selectors.image_measures import Measures
from datasets_app.selectors.image_rules import Group, rules_read, rules_to_condition
from datasets_app.selectors.image_work import Work, read_flag
from datasets_app.splits import Assignment

OVERLAY_LIMIT = 100
CHUNK = 500
ORDERS = {"id": ("image_id",), "-id": ("-image_id",), "name": ("image__name", "image_id")}


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """What the grid's URL says. Fields that are None or empty do not filter."""

    state: str = ""
    label_class: int | None = None
    tag: str = ""
    source: str = ""
    q: str = ""
    split: str = ""
    version: int | None = None
    annotator: str = ""
    min_score: float | None = None
    max_score: float | None = None
    min_side: int | None = None
    max_side: int | None = None
    has_predictions: bool | None = None
    measures: Measures = field(default_factory=Measures)
    work: Work = field(default_factory=Work)
    rules: Group | None = None
    order: str = "id"

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> ImageFilter:
        """From query parameters or a JSON object. Raises `DomainError` for values that mean nothing."""
        status, order, split = (str(params.get(key) or "") for key in ("state", "order", "split"))
        _check("state", status, ("", *ImageStatus.values))
        _check("order", order, ("", *ORDERS))
        _check("split", split, ("", *SPLITS))
        return cls(
            state=status,
            label_class=_number(params, "class", int),
            tag=str(params.get("tag") or ""),
            source=str(params.get("source") or ""),
            q=str(params.get("q") or "").strip(),
            split=split,
            version=_number(params, "version", int),
            annotator=str(params.get("annotator") or ""),
            min_score=_number(params, "min_score", float),
            max_score=_number(params, "max_score", float),
            min_side=_number(params, "min_side", int),
            max_side=_number(params, "max_side", int),
            has_predictions=read_flag(params, "has_predictions"),
            measures=Measures.from_params(params),
            work=Work.from_params(params),
            rules=rules_read(params.get("rules")),
            order=order or "id",
        )


def image_states(project: Project, wanted: ImageFilter) -> Any:
    """The live states of the images that pass, in order, without the split filter."""
    rows = ImageState.objects.now().filter(project=project)
    if wanted.state:
        rows = rows.filter(status=wanted.state)
    if wanted.q:
        rows = rows.filter(image__name__icontains=wanted.q)
    if wanted.tag:
        # JSON containment differs between databases; the quoted tag is unambiguous in the text of a list of strings.
        rows = rows.filter(tags__icontains=f'"{wanted.tag}"')
    if wanted.min_side is not None:
        rows = rows.filter(image__width__gte=wanted.min_side, image__height__gte=wanted.min_side)
    if wanted.max_side is not None:
        rows = rows.filter(image__width__lte=wanted.max_side, image__height__lte=wanted.max_side)
    if wanted.has_predictions is not None:
        # Predictions are a later app's; the relation is reached by its name, as a project's members are.
        proposed = Q(image__in=Image.objects.filter(project=project, predictions__state="pending").values("pk"))
        rows = rows.filter(proposed if wanted.has_predictions else ~proposed)
    rows = wanted.work.images(wanted.measures.images(rows, project), project)
    if wanted.rules is not None:
        rows = rows.filter(rules_to_condition(wanted.rules, project))
    labels = _label_filter(project, wanted)
    if labels is not None and _are_few(project, wanted.label_class):
        # SQLite goes through its list the way it is written: the labels once, instead of every image's.
        rows = rows.filter(image__in=labels.values("image"))
    elif labels is not None:
        rows = rows.filter(Exists(labels.filter(image=OuterRef("image"))))
    return rows.order_by(*ORDERS[wanted.order])


def _are_few(project: Project, label_class: int | None) -> bool:
    """Whether there are fewer labels of the class than images, by the kept counts."""
    if label_class is None:
        return False
    images: int = sum(project.counts.get("statuses", {}).values())
    labels: int = project.counts.get("classes", {}).get(str(label_class), 0)
    return labels < images


def _label_filter(project: Project, wanted: ImageFilter) -> Any:
    conditions = wanted.measures.objects()
    if wanted.label_class is not None:
        conditions &= Q(label_class_id=wanted.label_class)
    if wanted.source:
        conditions &= Q(source=wanted.source) | Q(source__startswith=f"{wanted.source}:")
    if wanted.min_score is not None:
        conditions &= Q(score__gte=wanted.min_score)
    if wanted.max_score is not None:
        conditions &= Q(score__lte=wanted.max_score)
    if wanted.annotator:
        numbers = project.revisions.filter(author__username=wanted.annotator).values("number")
        conditions &= Q(created_in__in=numbers)
    return Annotation.objects.now().filter(conditions, project=project) if conditions else None


def image_page(project: Project, wanted: ImageFilter, *, after: Sequence[Any] | None, limit: int) -> list[ImageState]:
    """Up to `limit` states after the key of the last page."""
    rows = image_states(project, wanted).select_related("image")
    if after:
        rows = rows.filter(_after(wanted.order, after))
    if not wanted.split:
        return list(rows[:limit])
    members = split_members(project, wanted)
    found: list[ImageState] = []
    for state in rows.iterator(chunk_size=CHUNK):
        if state.image_id in members:
            found.append(state)
            if len(found) == limit:
                break
    return found


def page_key(state: ImageState, order: str) -> list[Any]:
    return [state.image.name, state.image_id] if order == "name" else [state.image_id]


def _after(order: str, key: Sequence[Any]) -> Q:
    try:
        if order == "name":
            name, last = str(key[0]), int(key[1])
            return Q(image__name__gt=name) | Q(image__name=name, image_id__gt=last)
        return Q(image_id__lt=int(key[0])) if order == "-id" else Q(image_id__gt=int(key[0]))
    except (IndexError, TypeError, ValueError):
        raise DomainError("bad_cursor", "cursor: take it unchanged from the `next` of the page before.") from None


def image_ids(project: Project, wanted: ImageFilter) -> list[int]:
    """The ids of all images that pass, in order."""
    ids = image_states(project, wanted).values_list("image_id", flat=True)
    if not wanted.split:
        return list(ids)
    members = split_members(project, wanted)
    return [image for image in ids if image in members]


def image_total(project: Project, wanted: ImageFilter) -> int:
    if wanted.split:
        return len(image_ids(project, wanted))
    if wanted == ImageFilter(order=wanted.order):
        return sum(project.counts.get("statuses", {}).values())
    total: int = image_states(project, wanted).count()
    return total


def split_members(project: Project, wanted: ImageFilter) -> set[int]:
    versions = Version.objects.filter(project=project)
    version = versions.filter(pk=wanted.version).first() if wanted.version is not None else versions.first()
    if version is None:
        raise DomainError("no_version", "split: needs a version; make one first or name one with `version`.")
    return Assignment.unpack(bytes(version.assignment)).members(wanted.split)


def annotation_counts(image_ids: Sequence[int]) -> dict[int, int]:
    rows = Annotation.objects.now().filter(image_id__in=image_ids).order_by().values_list("image_id")
    return dict(rows.annotate(number=Count("pk")))


def overlays(image_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Class and bounding box of up to 100 objects an image, for thumbnails."""
    rows = Annotation.objects.now().filter(image_id__in=image_ids).order_by("image_id", "z_order", "sequence", "pk")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    columns = ("image_id", "label_class_id", "type", "x", "y", "width", "height")
    for image, label_class, kind, x, y, width, height in rows.values_list(*columns):
        if len(found[image]) < OVERLAY_LIMIT:
            found[image].append({"class": label_class, "type": kind, "box": [x, y, width, height]})
    return found


def covers(project_ids: Iterable[int], *, each: int = 4) -> dict[int, list[Any]]:
    """The first few live images of each project, for its card."""
    found: dict[int, list[Any]] = {}
    for project in project_ids:
        rows = ImageState.objects.now().filter(project_id=project).select_related("image").order_by("image_id")
        found[project] = [state.image for state in rows[:each]]
    return found


def _number(params: Mapping[str, Any], key: str, kind: type) -> Any:
    value = params.get(key)
    if value in (None, ""):
        return None
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise DomainError("bad_filter", f"{key}: {value!r} is not a number.") from None


def _check(key: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise DomainError("bad_filter", f"{key}: {value!r} is unknown; choose one of {', '.join(filter(None, known))}.")
