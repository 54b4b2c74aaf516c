"""Comments of one image as threads, and the images that have open ones."""

from __future__ import annotations

from typing import Any

from annotator.editing.models import Comment
from annotator.editing.selectors.people import name_of
from datasets_app.models import Annotation, Image


def comment_bodies(image: Image) -> list[dict[str, Any]]:
    """All threads of the image, oldest first, in three queries."""
    rows = Comment.objects.filter(image=image).select_related("author", "resolved_by")
    threads = list(rows.prefetch_related("replies__author"))
    named = {row.object for row in threads if row.object is not None}
    live = Annotation.objects.now().filter(image=image, uuid__in=named) if named else Annotation.objects.none()
    alive = set(live.values_list("uuid", flat=True))
    return [_body(row, is_gone=row.object is not None and row.object not in alive) for row in threads]


def comment_body(comment: Comment) -> dict[str, Any]:
    """One thread."""
    if comment.object is None:
        return _body(comment, is_gone=False)
    live = Annotation.objects.now().filter(image_id=comment.image_id, uuid=comment.object)
    return _body(comment, is_gone=not live.exists())


def _body(comment: Comment, *, is_gone: bool) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "object": comment.object,
        "object_gone": is_gone,
        "point": None if comment.x is None else [comment.x, comment.y],
        "text": comment.text,
        "author": name_of(comment.author),
        "created_at": comment.created_at,
        "revision": comment.revision,
        "resolved_at": comment.resolved_at,
        "resolved_by": name_of(comment.resolved_by),
        "replies": [
            {"id": reply.pk, "text": reply.text, "author": name_of(reply.author), "created_at": reply.created_at}
            for reply in comment.replies.all()
        ],
    }
