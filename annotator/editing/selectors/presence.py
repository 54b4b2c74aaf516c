"""Who else has an image open, and whether it changed since an editor read it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from annotator.editing.models import Presence
from datasets_app.models import Annotation, Image, ImageState

SHOWN = timedelta(seconds=25)
"""Two and a half of the intervals at which editors say that they are there."""


def people_at(image: Image, *, seat: UUID) -> list[dict[str, Any]]:
    """Everybody at the image but the editor `seat`: `{user, username, editing}`, a person of two tabs once."""
    rows = Presence.objects.filter(image=image, seen_at__gte=timezone.now() - SHOWN).exclude(seat=seat)
    people: dict[int, dict[str, Any]] = {}
    for row in rows.select_related("user").order_by("pk"):
        person = people.setdefault(
            row.user_id, {"user": row.user_id, "username": row.user.get_username(), "editing": []}
        )
        person["editing"] += [key for key in row.editing if key not in person["editing"]]
    return list(people.values())


def image_changed_since(image: Image, revision: int) -> bool:
    """Whether labels or state of the image changed after the revision."""
    if revision >= image.project.revision:
        return False
    later = Q(created_in__gt=revision) | Q(deleted_in__gt=revision)
    return any(model.objects.filter(later, image=image).exists() for model in (Annotation, ImageState))
