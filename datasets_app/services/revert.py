"""Undoes revisions as a new revision; what was done to the same things later is a conflict, never overwritten.

What is undone may be one revision, the operation that it is part of, or everything that somebody did in an afternoon.
An object is put back to how it was before, if it is now as the undone revisions left it. So an edit that was itself
undone meanwhile is no conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from annotator.core.errors import DomainError
from datasets_app.models import Revision
from datasets_app.selectors.timeline import reverted
from datasets_app.services.revert_source import RevertRequest, RevertSource, chunked, clash_bodies
from datasets_app.services.rewrite import Head, Pair, is_large, rewrite
from datasets_app.services.summary import COUNTS, NOUNS, noun_of, summaries_join

ON_CONFLICT = ("refuse", "keep_later")
MAX_LOOKED_AT = 1000
"""Images of large work whose conflicts a preview shows."""


def revert_preview(request: RevertRequest) -> dict[str, Any]:
    """What would change, counted, and what stands in the way, with both sides.

    Of a large piece of work the counts are those that its revisions kept, and the first images that were worked on
    since are looked at: laying out a million rows would take the request half a minute.
    """
    revert_check(request)
    source, is_large = RevertSource(request), request.is_large
    counts = _undone(request) if is_large else {noun: dict.fromkeys(COUNTS, 0) for noun in NOUNS}
    classes = source.classes()
    if not is_large:
        _count(counts, classes)
    for images in chunked(source.changed_later(limit=MAX_LOOKED_AT) if is_large else sorted(source.weights())):
        found = source.pairs(images)
        if not is_large:
            _count(counts, [*found.states, *found.annotations])
    return {
        "revisions": list(request.revisions.order_by("number").values_list("number", flat=True)[:1000]),
        "message": request.message,
        **counts,
        "conflict_count": source.clash_count,
        "conflicts": clash_bodies(request.project.pk, source.clashes),
        "is_large": is_large,
    }


def _undone(request: RevertRequest) -> dict[str, dict[str, int]]:
    """What undoing comes to if nobody did anything since: the kept counts of the revisions, turned round."""
    done = summaries_join(list(request.revisions.order_by("number").values_list("summary", flat=True)))
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    return {noun: {opposite[count]: done[noun][count] for count in COUNTS} for noun in NOUNS}


def _count(counts: dict[str, dict[str, int]], pairs: Sequence[Pair]) -> None:
    for pair in pairs:
        row = pair.then or pair.now
        if row is not None:
            counts[noun_of(row)]["added" if pair.now is None else "removed" if pair.then is None else "changed"] += 1


def revision_revert(revision: Revision, *, author: Any) -> dict[str, Any]:
    """Undoes a revision with its whole operation, or raises `RevertConflictError` and changes nothing."""
    return revert_run(RevertRequest.of_one(revision), author=author, key=f"revert of {revision.pk}")


def revert_run(
    request: RevertRequest,
    *,
    author: Any,
    key: str,
    on_conflict: str = "refuse",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, Any]:
    """Undoes the revisions. With `refuse`, conflicts raise `RevertConflictError` and nothing changes; with `keep_later`
    the things in conflict stay as they are and are listed in the answer.
    """
    if on_conflict not in ON_CONFLICT:
        raise DomainError("bad_on_conflict", f"on_conflict: choose one of {', '.join(ON_CONFLICT)}.")
    revert_check(request)
    source = RevertSource(request, refuses=on_conflict == "refuse")
    if source.refuses and is_large(source):
        _dry(source)
    answer = rewrite(source, Head(request.project.pk, author, "revert", request.message, key), progress=progress)
    if answer["revision"] is not None:
        newest = Revision.objects.get(project=request.project, number=answer["revision"])
        request.revisions.order_by().update(reverted_by=newest)
    bodies = clash_bodies(request.project.pk, source.clashes)
    return answer | {"conflict_count": source.clash_count, "conflicts": bodies}


def revert_check(request: RevertRequest) -> None:
    """Raises `DomainError` where there is nothing to revert."""
    found = list(request.revisions)
    if not found:
        raise DomainError("no_revisions", "There is no such revision to revert; choose others.")
    undone = reverted(found)
    if all(row.pk in undone for row in found):
        raise DomainError("already_reverted", f"{request.message.replace('Reverted', 'Already reverted:')}.")


def _dry(source: RevertSource) -> None:
    """Finds conflicts before the first of several revisions is written."""
    source.classes()
    for images in chunked(sorted(source.weights())):
        source.pairs(images)
