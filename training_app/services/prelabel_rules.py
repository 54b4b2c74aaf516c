"""What a person says of a pre-labelling: read against the model and the project, and kept with the batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.core.errors import DomainError
from datasets_app.models import Annotation
from datasets_app.selectors.label_class import class_states
from training_app.models import TrainedModel
from training_app.proposals import WHOLE, Box, Rules

MIN_SCORE = 0.2
CHUNK = 500


@dataclass(frozen=True, slots=True)
class PrelabelRules:
    """The rules, and the class whose boxes bound where finds may lie (None: nothing bounds them)."""

    rules: Rules
    inside_class: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As jobs and batches keep it; keys of objects are text."""
        rules = self.rules
        return {
            "classes": {str(number): label_class for number, label_class in rules.classes.items()},
            "min_score": rules.min_score,
            "thresholds": {str(label_class): score for label_class, score in rules.thresholds.items()},
            "max_overlap": rules.max_overlap,
            "region": list(rules.region),
            "inside_class": self.inside_class,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PrelabelRules:
        """Back from `to_json`, unchecked."""
        rules = Rules(
            classes={int(number): label_class for number, label_class in stored["classes"].items()},
            min_score=stored["min_score"],
            thresholds={int(label_class): score for label_class, score in stored["thresholds"].items()},
            max_overlap=stored["max_overlap"],
            region=(*stored["region"],),
        )
        return cls(rules, stored["inside_class"])

    def only_live(self, project_id: int) -> PrelabelRules:
        """Without classes that were retired since."""
        live = {state.label_class_id for state in class_states(project_id)}
        classes = {number: target for number, target in self.rules.classes.items() if target in live}
        return replace(self, rules=replace(self.rules, classes=classes))


def rules_read(model: TrainedModel, said: Mapping[str, Any]) -> PrelabelRules:
    """Raises `DomainError` for classes that the model or the project does not have, and for an empty region.

    `mapping` (number of an output → class id or None) changes what the model's own classes stand for.
    """
    live = {state.label_class_id for state in class_states(model.project_id)}
    own = {row["number"]: row["id"] for row in model.classes}
    mapping = {_number("mapping", key): value for key, value in (said.get("mapping") or {}).items()}
    if unknown := sorted(set(mapping) - set(own)):
        raise _bad("mapping", f"the model has no output {unknown[0]}")
    if any(value is not None and value not in live for value in mapping.values()):
        raise _bad("mapping", "leads to a class that this project does not have")
    thresholds = {_number("thresholds", key): float(value) for key, value in (said.get("thresholds") or {}).items()}
    if not set(thresholds) <= live:
        raise _bad("thresholds", "names a class that this project does not have")
    inside = said.get("inside_class")
    if inside is not None and inside not in live:
        raise _bad("inside_class", "is no class of this project")
    classes = {number: target for number, target in {**own, **mapping}.items() if target is not None}
    min_score = MIN_SCORE if said.get("min_score") is None else float(said["min_score"])
    rules = Rules(classes, min_score, thresholds, said.get("max_overlap"), _region(said.get("region")))
    return PrelabelRules(rules, inside)


def _region(value: Sequence[float] | None) -> Box:
    if value is None:
        return WHOLE
    x, y, width, height = (float(part) for part in value)
    if not (0 <= x <= 1 and 0 <= y <= 1 and 0 < width <= 1 and 0 < height <= 1):
        raise _bad("region", "must be [x, y, width, height] in shares of the picture, such as [0, 0.5, 1, 0.5]")
    return x, y, width, height


def _number(key: str, text: Any) -> int:
    if not str(text).isdecimal():
        raise _bad(key, f"has the key {text!r}, which is no number")
    return int(text)


def _bad(key: str, what: str) -> DomainError:
    return DomainError("bad_rules", f"{key}: {what}.", fields={key: what})


def boxes_of_class(label_class: int, images: Sequence[int]) -> dict[int, list[Box]]:
    """The live boxes of the class on each of the images, in pixels."""
    found: dict[int, list[Box]] = {image: [] for image in images}
    for start in range(0, len(images), CHUNK):
        rows = Annotation.objects.now().filter(label_class_id=label_class, image_id__in=images[start : start + CHUNK])
        for image, *box in rows.exclude(type="tag").values_list("image_id", "x", "y", "width", "height"):
            x, y, width, height = box
            found[image].append((x, y, width, height))
    return found
