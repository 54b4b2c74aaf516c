"""Notes who has which image open; a note that is not renewed is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotator.editing.models import Presence
from datasets_app.models import Image

FORGOTTEN = timedelta(minutes=1)
"""Later than the selectors stop to show a person, so that clocks of several servers may differ."""


def presence_note(image: Image, *, user: Any, seat: UUID, editing: Sequence[UUID]) -> None:
    """The editor `seat` of `user` has the image open now, with the annotations `editing` selected."""
    now = timezone.now()
    row = Presence(image=image, user=user, seat=seat, editing=[str(key) for key in editing], seen_at=now)
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=("user", "seat"), update_fields=("image", "editing", "seen_at")
    )
    Presence.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def presence_end(*, user: Any, seat: UUID) -> None:
    """The editor was closed or shows another image."""
    Presence.objects.filter(user=user, seat=seat).delete()
