"""The part of the image filter that measures: sizes, numbers and places of objects, what health checks found.

Every bar of the statistics can be said in it, so that a click on the bar shows its images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, FloatField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from annotator.core.errors import DomainError
from datasets_app.health.counters import GRID, MEDIUM, SMALL
from datasets_app.models import Annotation, HealthFinding, HealthReport, Project

AREAS = {"small": (0, SMALL), "medium": (SMALL, MEDIUM), "large": (MEDIUM, None)}
_WHOLE_PICTURE = ("tag", "caption")


@dataclass(frozen=True, slots=True)
class Measures:
    """Ranges of whole numbers include both ends, those of shares and ratios their least value alone."""

    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    min_aspect: float | None = None
    max_aspect: float | None = None
    min_objects: int | None = None
    max_objects: int | None = None
    min_covered: float | None = None
    max_covered: float | None = None
    min_object_aspect: float | None = None
    max_object_aspect: float | None = None
    with_class: int | None = None
    type: str = ""
    object_size: str = ""
    cell: str = ""
    file_format: str = ""
    finding: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Measures:
        """Raises `DomainError` for values that mean nothing."""
        found = cls(**{column.name: _read(params, column.name, str(column.type)) for column in fields(cls)})
        if found.object_size and found.object_size not in AREAS:
            raise DomainError("bad_filter", f"object_size: choose one of {', '.join(AREAS)}.")
        found.place()
        return found

    def place(self) -> tuple[int, int] | None:
        """Column and row of `cell`. Raises `DomainError`."""
        if not self.cell:
            return None
        column, _, row = self.cell.partition(",")
        if not (column.isdigit() and row.isdigit() and int(column) < GRID and int(row) < GRID):
            raise DomainError("bad_filter", f"cell: must be column,row of the heat map, each from 0 to {GRID - 1}.")
        return int(column), int(row)

    def images(self, rows: Any, project: Project) -> Any:
        """Those of the image states that pass."""
        sizes = {
            "image__width__gte": self.min_width,
            "image__width__lte": self.max_width,
            "image__height__gte": self.min_height,
            "image__height__lte": self.max_height,
            "image__facts__format": self.file_format or None,
        }
        rows = rows.filter(**{lookup: value for lookup, value in sizes.items() if value is not None})
        if self.min_aspect is not None:
            rows = rows.filter(image__width__gte=F("image__height") * self.min_aspect)
        if self.max_aspect is not None:
            rows = rows.filter(image__width__lt=F("image__height") * self.max_aspect)
        rows = self._counted(rows)
        if self.with_class is not None:
            holders = Annotation.objects.now().filter(project=project, label_class_id=self.with_class)
            rows = rows.filter(image__in=holders.order_by().values("image_id"))
        if self.finding:
            rows = rows.filter(image_id__in=_found(project, self.finding))
        return rows

    def _counted(self, rows: Any) -> Any:
        own = Annotation.objects.now().filter(image=OuterRef("image")).order_by().values("image")
        if self.min_objects is not None or self.max_objects is not None:
            number = Subquery(own.annotate(number=Count("pk")).values("number"))
            rows = rows.annotate(object_number=Coalesce(number, 0))
            if self.min_objects is not None:
                rows = rows.filter(object_number__gte=self.min_objects)
            if self.max_objects is not None:
                rows = rows.filter(object_number__lte=self.max_objects)
        if self.min_covered is not None or self.max_covered is not None:
            area = Subquery(own.exclude(type__in=_WHOLE_PICTURE).annotate(sum=Sum("area")).values("sum"))
            rows = rows.annotate(covered=Coalesce(area, 0.0, output_field=FloatField()))
            whole = ExpressionWrapper(F("image__width") * F("image__height") * 1.0, output_field=FloatField())
            rows = rows.filter(image__in=Annotation.objects.now().values("image_id"))
            if self.min_covered is not None:
                rows = rows.filter(covered__gte=whole * self.min_covered)
            if self.max_covered is not None:
                rows = rows.filter(covered__lt=whole * self.max_covered)
        return rows

    def objects(self) -> Q:
        """What one object of the image has to be, beside what the rest of the filter asks of it."""
        condition = Q()
        if self.type:
            condition &= Q(type=self.type)
        if self.object_size:
            least, most = AREAS[self.object_size]
            condition &= Q(area__gte=least) & ~Q(type__in=_WHOLE_PICTURE)
            if most is not None:
                condition &= Q(area__lt=most)
        if self.min_object_aspect is not None:
            condition &= Q(width__gte=F("height") * self.min_object_aspect) & ~Q(type__in=_WHOLE_PICTURE)
        if self.max_object_aspect is not None:
            condition &= Q(width__lt=F("height") * self.max_object_aspect) & ~Q(type__in=_WHOLE_PICTURE)
        if place := self.place():
            condition &= _centred(place) & ~Q(type__in=_WHOLE_PICTURE)
        return condition


def _centred(place: tuple[int, int]) -> Q:
    """Objects whose centre lies in a cell; what lies beyond the picture counts for the cells at its edge."""
    condition = Q()
    for start, side, whole, cell in (
        ("x", "width", "image__width", place[0]),
        ("y", "height", "image__height", place[1]),
    ):
        centre = ExpressionWrapper((F(start) + F(side) / 2.0) * float(GRID), output_field=FloatField())
        if cell > 0:
            edge = ExpressionWrapper(F(whole) * float(cell), output_field=FloatField())
            condition &= Q(GreaterThanOrEqual(centre, edge))
        if cell < GRID - 1:
            edge = ExpressionWrapper(F(whole) * float(cell + 1), output_field=FloatField())
            condition &= Q(LessThan(centre, edge))
    return condition


def _found(project: Project, wanted: str) -> Any:
    """Ids of the images that a check, or check:rule, found something on, as of the last computation."""
    check, _, code = wanted.partition(":")
    generation = HealthReport.objects.filter(project=project).values("generation")[:1]
    rows = HealthFinding.objects.filter(
        project=project, generation__in=generation, check_key=check, image__isnull=False
    ).order_by()
    return (rows.filter(code=code) if code else rows).values("image")


def _read(params: Mapping[str, Any], key: str, kind: str) -> Any:
    value = params.get(key)
    if kind == "str":
        return str(value or "")
    if value in (None, ""):
        return None
    try:
        return int(value) if kind.startswith("int") else float(value)
    except (TypeError, ValueError):
        raise DomainError("bad_filter", f"{key}: {value!r} is not a number.") from None
