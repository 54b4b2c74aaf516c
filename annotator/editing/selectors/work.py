"""What each person of a project did: images, objects, time, and what became of what they submitted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from annotator.editing.models import Comment, ReviewEvent, ReviewStatus
from datasets_app.models import Annotation, Project
from datasets_app.selectors.handwork import saves_by_hand, seconds_worked


@dataclass(slots=True)
class PersonWork:
    """Of one person: `seconds` at work, and days → seconds for a chart."""

    seconds: float = 0.0
    saves: int = 0
    objects: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    last: datetime | None = None

    def add(self, when: datetime, summary: dict[str, Any]) -> None:
        if seconds := seconds_worked(self.last, when):
            self.seconds += seconds
            self.days[when.date()] += round(seconds)
        self.last = when
        self.saves += 1
        self.objects.update({key: summary.get("objects", {}).get(key, 0) for key in ("added", "changed", "removed")})


def people_work(project: Project, *, since: date | None = None, until: date | None = None) -> list[dict[str, Any]]:
    """A row for each person who saved or judged anything between the two days, both included; by name.

    Time is the sum of the pauses between a person's saves, those of more than five minutes left out. Working on two
    projects at once counts in both.
    """
    work = _saves(project, since, until)
    images = _images(project, since, until)
    reviews = _reviews(project, since, until)
    comments = Comment.objects.filter(image__project=project, author__isnull=False)
    spoken = dict(_between(comments, since, until).order_by().values_list("author__username").annotate(Count("pk")))
    rows = []
    for name in sorted({*work, *reviews, *spoken}):
        own, judged = work.get(name, PersonWork()), reviews.get(name, Counter())
        settled = judged["got_accepted"] + judged["got_returned"]
        rows.append(
            {
                "username": name,
                "seconds": round(own.seconds),
                "saves": own.saves,
                "images": images.get(name, 0),
                "objects_added": own.objects["added"],
                "objects_changed": own.objects["changed"],
                "objects_removed": own.objects["removed"],
                "submitted": judged["submitted"],
                "accepted": judged["got_accepted"],
                "returned": judged["got_returned"],
                "accepted_rate": judged["got_accepted"] / settled if settled else None,
                "judged": judged["judged"],
                "comments": spoken.get(name, 0),
                "days": [{"day": day, "seconds": own.days[day]} for day in sorted(own.days)],
            }
        )
    return rows


def _saves(project: Project, since: date | None, until: date | None) -> dict[str, PersonWork]:
    columns = _between(saves_by_hand(project), since, until).order_by("created_at", "pk").values_list
    work: dict[str, PersonWork] = defaultdict(PersonWork)
    for name, when, summary in columns("author__username", "created_at", "summary").iterator():
        work[name].add(when, summary)
    return work


def _images(project: Project, since: date | None, until: date | None) -> dict[str, int]:
    """Images on which each person added or changed an object."""
    numbers = dict(_between(saves_by_hand(project), since, until).order_by().values_list("number", "author__username"))
    touched: dict[str, set[int]] = defaultdict(set)
    rows = Annotation.objects.filter(project=project, created_in__gte=min(numbers, default=0))
    for number, image in rows.order_by().values_list("created_in", "image_id").distinct().iterator():
        if (name := numbers.get(number)) is not None:
            touched[name].add(image)
    return {name: len(found) for name, found in touched.items()}


def _reviews(project: Project, since: date | None, until: date | None) -> dict[str, Counter[str]]:
    events = _between(ReviewEvent.objects.filter(image__project=project), since, until)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    columns: Iterable[Any] = events.order_by().values_list("status", "author__username", "annotator__username")
    for status, author, annotator in columns:
        if status in {ReviewStatus.ACCEPTED, ReviewStatus.RETURNED}:
            if author is not None:
                found[author]["judged"] += 1
            if annotator is not None:
                found[annotator][f"got_{status}"] += 1
        elif author is not None:
            found[author]["submitted"] += 1
    return found


def _between(rows: Any, since: date | None, until: date | None) -> Any:
    if since is not None:
        rows = rows.filter(created_at__date__gte=since)
    return rows if until is None else rows.filter(created_at__date__lte=until)
