"""What an import did or would do, kept with each commit so that a killed import can go on counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from datasets_app.services.imports.classes import ClassPlan
from datasets_app.services.imports.problems import ProblemLog

MAX_PROBLEMS = 200
MAX_NAMES = 200


@dataclass(slots=True)
class Tally:
    """Counts of images and labels; `records` is how far in the file it is."""

    records: int = 0
    images_created: int = 0
    images_matched: int = 0
    annotations: int = 0
    repeated: int = 0
    removed: int = 0
    skipped: int = 0
    matched_by: Counter[str] = field(default_factory=Counter)
    per_class: Counter[int] = field(default_factory=Counter)
    first_revision: int | None = None
    revision: int | None = None

    def add(self, part: Tally) -> None:
        """Counts what one piece did."""
        for name in ("images_created", "images_matched", "annotations", "repeated", "removed", "skipped"):
            setattr(self, name, getattr(self, name) + getattr(part, name))
        self.matched_by.update(part.matched_by)
        self.per_class.update(part.per_class)

    def as_json(self) -> dict[str, Any]:
        values = {slot.name: getattr(self, slot.name) for slot in fields(self)}
        return values | {"per_class": {str(key): count for key, count in self.per_class.items()}}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Tally:
        per_class = Counter({int(key): count for key, count in body["per_class"].items()})
        return cls(**{**body, "matched_by": Counter(body["matched_by"]), "per_class": per_class})


def answer_of(tally: Tally, plans: Sequence[ClassPlan], log: ProblemLog) -> dict[str, Any]:
    """The tally as the API tells it; `classes.mapping` is also the proposal of a dry run."""
    problems = [*log.refused, *log.fixed]
    return {
        "revision": tally.revision,
        "first_revision": tally.first_revision,
        "images": {
            "created": tally.images_created,
            "matched": tally.images_matched,
            "matched_by": dict(tally.matched_by),
            "unmatched": log.unmatched[:MAX_NAMES],
            "unmatched_count": log.unmatched_count,
        },
        "annotations": {
            "created": tally.annotations,
            "repeated": tally.repeated,
            "removed": tally.removed,
            "skipped": tally.skipped,
            "fixed": log.fixed_count,
            "refused": log.refused_count,
        },
        "classes": {
            "created": [plan.record.name for plan in plans if plan.action == "created"],
            "matched": [plan.record.name for plan in plans if plan.action in {"matched", "mapped"}],
            "counts": {plan.record.name: tally.per_class[plan.record.number] for plan in plans},
            "mapping": [_mapping(plan, tally) for plan in plans],
        },
        "problems": [asdict(problem) for problem in problems[:MAX_PROBLEMS]],
        "problem_count": log.fixed_count + log.refused_count + log.unmatched_count,
        "problem_lines": log.lines,
        "notes": log.notes[:MAX_PROBLEMS],
    }


def _mapping(plan: ClassPlan, tally: Tally) -> dict[str, Any]:
    return {
        "name": plan.record.name,
        "action": plan.action,
        "class": plan.target,
        "class_name": plan.name,
        "annotations": tally.per_class[plan.record.number],
        "suggestions": [{"id": key, "name": name} for key, name in plan.suggestions],
    }
