"""The part of the image filter that asks for people's work on an image: its review, comments, ground truth.

Those tables are a later app's; relations are reached by their names, as those of predictions are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from annotator.core.errors import DomainError
from datasets_app.models import Image, Project

REVIEWS: Mapping[str, Q] = {
    "none": Q(review__isnull=True),
    **{status: Q(review__status=status) for status in ("submitted", "returned", "fixed", "accepted")},
    "waiting": Q(review__status__in=("submitted", "fixed")),
}
_OPEN = Q(comments__resolved_at__isnull=True, comments__isnull=False)


@dataclass(frozen=True, slots=True)
class Work:
    """Fields that are None or empty do not filter."""

    review: str = ""
    submitter: str = ""
    open_comments: bool | None = None
    ground_truth: bool | None = None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Work:
        """Raises `DomainError` for values that mean nothing."""
        review = str(params.get("review") or "")
        if review and review not in REVIEWS:
            raise DomainError("bad_filter", f"review: {review!r} is unknown; choose one of {', '.join(REVIEWS)}.")
        return cls(
            review=review,
            submitter=str(params.get("submitter") or ""),
            open_comments=read_flag(params, "open_comments"),
            ground_truth=read_flag(params, "ground_truth"),
        )

    def images(self, rows: Any, project: Project) -> Any:
        """Those of the image states that pass."""
        wanted = Q()
        if self.review:
            wanted &= REVIEWS[self.review]
        if self.submitter:
            wanted &= Q(review__annotator__username=self.submitter)
        if self.ground_truth is not None:
            wanted &= Q(ground_truth__isnull=not self.ground_truth)
        if wanted:
            rows = rows.filter(image__in=Image.objects.filter(wanted, project=project).values("pk"))
        if self.open_comments is not None:
            spoken = Q(image__in=Image.objects.filter(_OPEN, project=project).values("pk"))
            rows = rows.filter(spoken if self.open_comments else ~spoken)
        return rows


def work_of(image_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Image id → `{review, open_comments, ground_truth}`, in one query."""
    rows = Image.objects.filter(pk__in=image_ids).annotate(spoken=Count("comments", filter=_OPEN))
    found = rows.values_list("pk", "review__status", "spoken", "ground_truth")
    return {
        pk: {"review": review, "open_comments": spoken, "ground_truth": truth is not None}
        for pk, review, spoken, truth in found
    }


def read_flag(params: Mapping[str, Any], key: str) -> bool | None:
    """True, false, or None where nothing is said. Raises `DomainError`."""
    value = str(params.get(key, "")).lower()
    if value not in {"", "1", "true", "0", "false"}:
        raise DomainError("bad_filter", f"{key}: {value!r} is neither true nor false.")
    return value in {"1", "true"} if value else None
