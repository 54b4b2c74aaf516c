"""Decisions about predictions: accepting makes annotations through the revision door, rejecting only sets a state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from annotator.core.errors import DomainError
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, LabelClassState, Project, Revision
from datasets_app.services.image import live_states
from datasets_app.services.revision import Door, revision_open
from training_app.models import Prediction, PredictionBatch, PredictionState
from training_app.selectors.prediction import with_state

KIND = "accept"
CHUNK = 500
FINISHED = frozenset({ImageStatus.ANNOTATED, ImageStatus.IN_PROGRESS})
"""States that an accepted prediction leaves alone: the second says that somebody is still at it."""
_COPIED = ("uuid", "image_id", "label_class_id", "type", "shape", "x", "y", "width", "height", "area", "score")


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided about predictions of one image; a replay of `batch_id` repeats nothing."""

    batch_id: UUID
    accept: Sequence[UUID] = ()
    reject: Sequence[UUID] = ()


@dataclass(slots=True)
class _Outcome:
    accepted: list[Prediction] = field(default_factory=list)
    skipped: int = 0


def batch_accept(batch: PredictionBatch, *, author: Any, threshold: float) -> dict[str, Any]:
    """Accepts what is pending at or above the threshold, as one revision."""
    message = f"Accepted predictions of {batch.model.name} from {threshold:g} on"
    with revision_open(batch.project_id, author=author, kind=KIND, message=message) as door:
        rows = with_state(Prediction.objects.filter(batch=batch, score__gte=threshold), batch.project_id)
        pending = rows.filter(state_now=PredictionState.PENDING).order_by("-score", "pk")
        outcome = _accept(door, list(pending))
        return _answer(door, outcome, rejected=0)


def batch_reject(batch: PredictionBatch, *, below: float) -> dict[str, Any]:
    """Rejects what is pending below the score. No revision: only what was accepted is data."""
    rows = with_state(Prediction.objects.filter(batch=batch, score__lt=below), batch.project_id)
    keys = list(rows.filter(state_now=PredictionState.PENDING).values_list("pk", flat=True))
    newest = Project.objects.values_list("revision", flat=True).get(pk=batch.project_id)
    return {"revision": newest, "accepted": 0, "rejected": _set_state(keys, PredictionState.REJECTED), "skipped": 0}


def predictions_decide(image: Image, *, author: Any, decision: Decision) -> dict[str, Any]:
    """Accepts and rejects; what was decided like that before counts again and changes nothing.

    An accepted prediction cannot be rejected: delete its annotation. A rejected one can still be accepted.
    """
    if both := set(decision.accept) & set(decision.reject):
        raise DomainError("decided_twice", f"Prediction {min(both)} stands in `accept` and in `reject`; decide on one.")
    message = f"Accepted predictions on {image.name}"
    with revision_open(image.project_id, author=author, kind=KIND, message=message, batch_id=decision.batch_id) as door:
        first = Revision.objects.filter(project_id=image.project_id, batch_id=decision.batch_id).first()
        if first is not None and first.answer is not None:
            return dict(first.answer)
        found = _named(image, (*decision.accept, *decision.reject))
        standing = [found[key] for key in set(decision.accept) if _is(found[key], PredictionState.ACCEPTED)]
        wanted = [found[key] for key in decision.accept if not _is(found[key], PredictionState.ACCEPTED)]
        outcome = _accept(door, sorted({row.pk: row for row in wanted}.values(), key=lambda row: (-row.score, row.pk)))
        refused = [found[key] for key in set(decision.reject) if not _is(found[key], PredictionState.ACCEPTED)]
        _set_state([row.pk for row in refused], PredictionState.REJECTED)
        _mark_reviewed([row.pk for row in (*outcome.accepted, *refused)])
        answer = _answer(door, outcome, rejected=len(refused))
        answer["accepted"] += len(standing)
        door.answer = answer
        return answer


def _answer(door: Door, outcome: _Outcome, *, rejected: int) -> dict[str, Any]:
    return {
        "revision": door.number if door.changed else door.project.revision,
        "accepted": len(outcome.accepted),
        "rejected": rejected,
        "skipped": outcome.skipped,
    }


def _is(row: Any, state: PredictionState) -> bool:
    return bool(row.state_now == state)


def _named(image: Image, keys: Sequence[UUID]) -> dict[UUID, Any]:
    found = {row.uuid: row for row in with_state(Prediction.objects.filter(image=image), image.project_id)}
    if missing := [key for key in keys if key not in found]:
        raise DomainError(
            "no_such_prediction",
            f"Prediction {missing[0]} is not on {image.name}; load its predictions anew.",
            fields={str(key): "not on this image" for key in missing},
        )
    return found


def _accept(door: Door, predictions: Sequence[Prediction]) -> _Outcome:
    """Opens an annotation for each that fits; a tag only where the image has none."""
    outcome = _Outcome()
    project = door.project
    classes = LabelClassState.objects.now().filter(label_class__project=project)
    class_ids = set(classes.values_list("label_class_id", flat=True))
    states = {row.image_id: row for row in live_states(project, sorted({row.image_id for row in predictions}))}
    door.remember(images=[state.image for state in states.values()])
    tagged, sources = _tagged(list(states)), _sources({row.batch_id for row in predictions})
    rows: list[Annotation] = []
    for prediction in predictions:
        is_tag = prediction.type == "tag"
        is_gone = prediction.image_id not in states or prediction.label_class_id not in class_ids
        if is_gone or (is_tag and prediction.image_id in tagged):
            outcome.skipped += 1
            continue
        if is_tag:
            tagged.add(prediction.image_id)
        rows.append(_annotation(project, prediction, sources[prediction.batch_id]))
        outcome.accepted.append(prediction)
    door.open(rows)
    _mark_annotated(door, [states[key] for key in sorted({row.image_id for row in rows})])
    _set_state([row.pk for row in outcome.accepted], PredictionState.ACCEPTED)
    return outcome


def _annotation(project: Project, prediction: Prediction, source: str) -> Annotation:
    copied = {name: getattr(prediction, name) for name in _COPIED}
    return Annotation(project_id=project.pk, source=source, **copied)


def _sources(batches: set[int]) -> dict[int, str]:
    rows = PredictionBatch.objects.filter(pk__in=batches).select_related("model")
    return {batch.pk: batch.model.source for batch in rows}


def _tagged(images: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(images), CHUNK):
        rows = Annotation.objects.now().filter(image_id__in=images[start : start + CHUNK], type="tag")
        found.update(rows.values_list("image_id", flat=True))
    return found


def _mark_annotated(door: Door, states: Sequence[ImageState]) -> None:
    stale = [state for state in states if state.status not in FINISHED]
    door.close(stale)
    door.open([state.successor(status=ImageStatus.ANNOTATED) for state in stale])


def _mark_reviewed(keys: Sequence[int]) -> None:
    for start in range(0, len(keys), CHUNK):
        Prediction.objects.filter(pk__in=keys[start : start + CHUNK]).update(is_reviewed=True)


def _set_state(keys: Sequence[int], state: PredictionState) -> int:
    changed = 0
    for start in range(0, len(keys), CHUNK):
        changed += Prediction.objects.filter(pk__in=keys[start : start + CHUNK]).update(state=state)
    return changed
