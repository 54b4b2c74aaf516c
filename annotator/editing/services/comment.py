"""Writing, answering, resolving and reopening comments."""

from __future__ import annotations

from math import isfinite
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotator.core.errors import DomainError
from annotator.editing.models import Comment, Reply
from annotator.editing.models.comment import MAX_TEXT
from datasets_app.models import Annotation, Image


def comment_create(
    image: Image, *, author: Any, text: str, object_uuid: UUID | None = None, point: tuple[float, float] | None = None
) -> Comment:
    """A comment on a live object of the image, at a point of it, or on the image as a whole."""
    if object_uuid is not None:
        point = _place_of(image, object_uuid)
    elif point is not None:
        _check_point(image, point)
    x, y = point or (None, None)
    return Comment.objects.create(
        image=image,
        object=object_uuid,
        x=x,
        y=y,
        text=_checked(text),
        author=author,
        revision=image.project.revision,
    )


def comment_reply(comment: Comment, *, author: Any, text: str) -> Reply:
    return Reply.objects.create(comment=comment, author=author, text=_checked(text))


def comment_resolve(comment: Comment, *, author: Any) -> Comment:
    """Says that it is dealt with; a comment that is resolved already stays with whom resolved it first."""
    if comment.resolved_at is None:
        comment.resolved_at, comment.resolved_by = timezone.now(), author
        comment.save(update_fields=("resolved_at", "resolved_by"))
    return comment


def comment_reopen(comment: Comment) -> Comment:
    comment.resolved_at, comment.resolved_by = None, None
    comment.save(update_fields=("resolved_at", "resolved_by"))
    return comment


def _checked(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= MAX_TEXT:
        raise DomainError("bad_comment", f"text: must have 1 to {MAX_TEXT} characters.", fields={"text": "some words"})
    return text


def _place_of(image: Image, key: UUID) -> tuple[float, float]:
    """The upper right corner of the box of a live object."""
    row = Annotation.objects.now().filter(image=image, uuid=key).first()
    if row is None:
        raise DomainError(
            "no_such_annotation", f"object: there is no annotation {key} on this image.", fields={"object": "a UUID"}
        )
    return row.x + row.width, row.y


def _check_point(image: Image, point: tuple[float, float]) -> None:
    x, y = point
    if not (isfinite(x) and isfinite(y) and 0 <= x <= image.width and 0 <= y <= image.height):
        raise DomainError(
            "bad_point", f"x, y: must lie on the picture of {image.width} × {image.height}.", fields={"x": "on it"}
        )
