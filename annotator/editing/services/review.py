"""The way of an image from who labelled it to who looks over it, and back. One step, one event."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from annotator.core.errors import ConflictError, DomainError
from annotator.editing.models import AssignmentKind, Claim, Comment, Review, ReviewEvent, ReviewStatus
from annotator.editing.models.review import WAITING
from annotator.editing.selectors.review import changed_since
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, Project
from datasets_app.services.revision import revision_open


def image_submit(image: Image, *, author: Any) -> Review:
    """Hands the image to the reviewers; one that was returned counts as fixed. Who submits first stays its annotator.

    An image without objects that nobody said more of is verified empty from here on: somebody looked.
    """
    with transaction.atomic():
        project = _lock(image)
        review = Review.objects.filter(image=image).first()
        if review is not None and review.status in WAITING:
            raise ConflictError("already_submitted", f"{image.name} waits for a reviewer already.")
        _mark_empty(image, author)
        was_returned = review is not None and review.status == ReviewStatus.RETURNED
        status = ReviewStatus.FIXED if was_returned else ReviewStatus.SUBMITTED
        if review is None:
            review = Review(image=image, annotator=author)
        _step(review, status, author=author, project=project)
        _claims_done(image, author, AssignmentKind.ANNOTATE)
        # Who returned it is asked first whether it is right now.
        Claim.objects.filter(image=image, assignment__kind=AssignmentKind.REVIEW).update(done_at=None)
    return review


def image_accept(image: Image, *, author: Any, seen: int | None = None, note: str = "") -> Review:
    """The labels are right. `seen` is the revision that the reviewer looked at."""
    return _judge(image, ReviewStatus.ACCEPTED, author=author, seen=seen, note=note)


def image_return(image: Image, *, author: Any, seen: int | None = None, note: str = "") -> Review:
    """Back to the first annotator; says why by a note, or by comments that are open on the image."""
    if not note.strip() and not Comment.objects.filter(image=image, resolved_at__isnull=True).exists():
        raise DomainError(
            "no_reason",
            "note: say what is to be changed, here or in a comment on the image.",
            fields={"note": "what is to be changed"},
        )
    return _judge(image, ReviewStatus.RETURNED, author=author, seen=seen, note=note)


def _judge(image: Image, status: ReviewStatus, *, author: Any, seen: int | None, note: str) -> Review:
    with transaction.atomic():
        project = _lock(image)
        review = Review.objects.filter(image=image).first()
        if review is None or review.status not in WAITING:
            stands = "nobody has submitted it" if review is None else f"it is {review.status}"
            raise ConflictError("not_submitted", f"{image.name} does not wait for a reviewer: {stands}.")
        if seen is not None and changed_since(image, seen):
            raise ConflictError("changed_meanwhile", f"{image.name} was changed since you opened it; look again.")
        review.reviewer = author
        _step(review, status, author=author, project=project, note=note.strip())
        _claims_done(image, author, AssignmentKind.REVIEW)
        if status == ReviewStatus.RETURNED:
            own = Claim.objects.filter(image=image, user=review.annotator)
            own.filter(assignment__kind=AssignmentKind.ANNOTATE).update(done_at=None)
    return review


def _lock(image: Image) -> Project:
    """The project's row, held, so that two steps of one image never cross and no save slips in between."""
    project = Project.objects.select_for_update().get(pk=image.project_id)
    if not ImageState.objects.now().filter(image=image).exists():
        raise DomainError("image_deleted", f"{image.name} was deleted; restore it first.")
    return project


def _mark_empty(image: Image, author: Any) -> None:
    state = ImageState.objects.now().get(image=image)
    if state.status not in {ImageStatus.UNLABELLED, ImageStatus.IN_PROGRESS}:
        return
    has_objects = Annotation.objects.now().filter(image=image).exists()
    with revision_open(image.project_id, author=author, kind="edit", message=image.name) as door:
        door.remember(images=[image])
        door.replace(state, status=ImageStatus.ANNOTATED if has_objects else ImageStatus.VERIFIED_EMPTY)


def _step(review: Review, status: ReviewStatus, *, author: Any, project: Project, note: str = "") -> None:
    project.refresh_from_db(fields=("revision",))
    review.status, review.revision = status, project.revision
    review.save()
    ReviewEvent.objects.create(
        image=review.image,
        status=status,
        author=author,
        annotator_id=review.annotator_id,
        revision=project.revision,
        note=note,
    )


def _claims_done(image: Image, user: Any, kind: AssignmentKind) -> None:
    open_claims = Claim.objects.filter(image=image, user=user, done_at__isnull=True)
    open_claims.filter(assignment__kind=kind).update(done_at=timezone.now())
