"""What is left to do in an assignment, for whom, and what has been done."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from annotator.editing.models import Assignment, AssignmentKind, Claim, Review, ReviewStatus
from annotator.editing.models.review import WAITING
from annotator.editing.selectors.people import name_of
from datasets_app.models import Image, ImageState, Project
from datasets_app.selectors.image import ImageFilter, image_states, split_members


def images_left(assignment: Assignment) -> Any:
    """The live image states that somebody still has to work on, in the order of the assignment's filter.

    An image stays in an assignment that it was begun in, even if the work on it took it out of the filter.
    """
    project = assignment.project
    wanted = ImageFilter.from_params(assignment.filter)
    if assignment.is_fixed:
        passing = Q(image__in=assignment.images.values("pk"))
    else:
        passing = Q(image__in=image_states(project, wanted).order_by().values("image_id"))
        if wanted.split:
            passing &= Q(image__in=split_members(project, wanted))
    claims = Claim.objects.filter(assignment=assignment)
    begun = Q(image__in=claims.filter(done_at__isnull=True).values("image_id"))
    rows = ImageState.objects.now().filter(passing | begun, project=project)
    rows = rows.exclude(image__in=claims.filter(done_at__isnull=False).values("image_id"))
    waiting = Image.objects.filter(project=project, review__status__in=WAITING).values("pk")
    if assignment.kind == AssignmentKind.REVIEW:
        rows = rows.filter(image__in=waiting)
    else:
        accepted = Image.objects.filter(project=project, review__status=ReviewStatus.ACCEPTED).values("pk")
        rows = rows.exclude(image__in=waiting).exclude(image__in=accepted)
    return rows.order_by("image__name", "image_id") if wanted.order == "name" else rows.order_by("image_id")


def images_open_to(assignment: Assignment, user: Any) -> Any:
    """Of those that are left, those that this person may be given: free, and theirs to do.

    What was returned goes to its first annotator alone, and nobody reviews what they submitted themselves.
    """
    held = Claim.objects.filter(assignment=assignment, lease_until__gt=timezone.now()).exclude(user=user)
    rows = images_left(assignment).exclude(image__in=held.values("image_id"))
    reviews = Review.objects.filter(image__project=assignment.project)
    if assignment.kind == AssignmentKind.REVIEW:
        return rows.exclude(image__in=reviews.filter(annotator=user).values("image_id"))
    others = reviews.filter(status=ReviewStatus.RETURNED, annotator__isnull=False).exclude(annotator=user)
    return rows.exclude(image__in=others.values("image_id"))


def assignment_bodies(assignments: Any, user: Any) -> list[dict[str, Any]]:
    return [assignment_body(row, user) for row in assignments.prefetch_related("people").select_related("created_by")]


def assignment_body(assignment: Assignment, user: Any) -> dict[str, Any]:
    claims = Claim.objects.filter(assignment=assignment)
    done = claims.filter(done_at__isnull=False)
    per_person: dict[str, int] = dict(done.order_by().values_list("user__username").annotate(Count("pk")))
    people = sorted(str(name_of(person)) for person in assignment.people.all())
    return {
        "id": assignment.pk,
        "project": assignment.project_id,
        "name": assignment.name,
        "kind": assignment.kind,
        "filter": assignment.filter,
        "is_fixed": assignment.is_fixed,
        "people": [{"username": name, "done": per_person.get(name, 0)} for name in people],
        "due": assignment.due,
        "note": assignment.note,
        "created_by": name_of(assignment.created_by),
        "created_at": assignment.created_at,
        "closed_at": assignment.closed_at,
        "done": sum(per_person.values()),
        "left": images_left(assignment).count(),
        "mine": per_person.get(str(name_of(user)), 0),
        "open_to_me": images_open_to(assignment, user).count() if _is_mine(assignment, user) else 0,
    }


def _is_mine(assignment: Assignment, user: Any) -> bool:
    return assignment.closed_at is None and any(person.pk == user.pk for person in assignment.people.all())


def returned_to(project: Project, user: Any) -> list[int]:
    """The images that reviewers sent back to this person, longest ago first."""
    live = ImageState.objects.now().filter(project=project).values("image_id")
    rows = Review.objects.filter(status=ReviewStatus.RETURNED, annotator=user, image__in=live)
    return list(rows.order_by("changed_at", "pk").values_list("image_id", flat=True))
