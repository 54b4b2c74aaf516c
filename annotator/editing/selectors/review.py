"""Where an image stands in review, and what happened on the way."""

from __future__ import annotations

from typing import Any

from annotator.editing.models import Review, ReviewEvent
from annotator.editing.selectors.people import name_of
from datasets_app.models import Annotation, Image


def review_body(image: Image) -> dict[str, Any]:
    """`{status, annotator, reviewer, revision, changed_since, history}`; status null where nobody submitted it."""
    review = Review.objects.filter(image=image).select_related("annotator", "reviewer").first()
    events = ReviewEvent.objects.filter(image=image).select_related("author")
    return {
        "status": None if review is None else review.status,
        "annotator": None if review is None else name_of(review.annotator),
        "reviewer": None if review is None else name_of(review.reviewer),
        "revision": None if review is None else review.revision,
        "changed_since": review is not None and changed_since(image, review.revision),
        "history": [
            {
                "status": event.status,
                "author": name_of(event.author),
                "revision": event.revision,
                "note": event.note,
                "created_at": event.created_at,
            }
            for event in events
        ],
    }


def changed_since(image: Image, revision: int) -> bool:
    """Whether an object of the image was added, changed or removed after the revision."""
    rows = Annotation.objects.filter(image=image)
    return rows.filter(created_in__gt=revision).exists() or rows.filter(deleted_in__gt=revision).exists()
