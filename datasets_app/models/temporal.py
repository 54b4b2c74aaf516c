"""Rows that are never updated: each is true from one revision number up to another."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

LIVE = Q(deleted_in__isnull=True)
T = TypeVar("T", bound="TemporalRow")


class TemporalQuerySet(models.QuerySet[T]):
    def now(self) -> Self:
        """Rows that are true at the newest revision."""
        return self.filter(LIVE)

    def at(self, revision: int) -> Self:
        """Rows that were true right after `revision` was committed."""
        return self.filter(Q(created_in__lte=revision) & (LIVE | Q(deleted_in__gt=revision)))


class TemporalRow(models.Model):
    """True for revisions r with created_in <= r < deleted_in; `deleted_in` null means true now.

    Written by `services/revision.py` alone, which closes rows and inserts new ones under the same identity.
    """

    created_in = models.PositiveIntegerField()
    deleted_in = models.PositiveIntegerField(null=True)

    objects = models.Manager.from_queryset(TemporalQuerySet)()

    class Meta:
        abstract = True

    def successor(self, **changes: Any) -> Self:
        """An unsaved copy under the same identity, with `changes`."""
        columns = (column.attname for column in self._meta.concrete_fields if not column.primary_key)
        return type(self)(**({column: getattr(self, column) for column in columns} | changes))
