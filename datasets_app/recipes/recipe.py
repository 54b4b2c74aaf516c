"""A recipe as versions keep it: an ordered list of operations, copies for each image, a seed. Runs no operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.core.parameters import ParameterError, clean_parameters
from annotator.core.registry import UnknownKeyError
from datasets_app.recipes.catalog import OPERATIONS, PREPARES, VARIES, get_facts
from datasets_app.recipes.facts import OperationFacts

MAX_STEPS = 50
MAX_COPIES = 20
_FIELDS = ("operations", "copies", "seed")


class RecipeError(ValueError):
    """The recipe cannot be used; `field` says where, the sentence what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Step:
    """One operation with all its parameters."""

    op: str
    parameters: Mapping[str, Any]

    @property
    def facts(self) -> OperationFacts:
        return get_facts(self.op)


@dataclass(frozen=True, slots=True)
class Recipe:
    """`copies` is how many varied copies of a training image an export holds beside the image itself."""

    steps: tuple[Step, ...] = ()
    copies: int = 0
    seed: int = 0

    @property
    def preprocessing(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.facts.stage == PREPARES)

    @property
    def augmentation(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.facts.stage == VARIES)

    def as_dict(self) -> dict[str, Any]:
        """One text for one recipe: every parameter is named; {} where nothing is done."""
        if not self.steps:
            return {}
        operations = [{"op": step.op, "parameters": dict(step.parameters)} for step in self.steps]
        return {"operations": operations, "copies": self.copies, "seed": self.seed}


def read_recipe(value: Any) -> Recipe:
    """The recipe in parsed JSON. Raises `RecipeError`."""
    if not isinstance(value, Mapping):
        raise RecipeError(
            "", 'A recipe must be {"operations": [{"op": …, "parameters": {…}}], "copies": 0, "seed": 0}.'
        )
    for name in value:
        if name not in _FIELDS:
            raise RecipeError(str(name), f"A recipe has no field {name!r}; it has {', '.join(_FIELDS)}.")
    operations = value.get("operations", [])
    if not isinstance(operations, list) or len(operations) > MAX_STEPS:
        raise RecipeError("operations", f"A recipe's operations must be a list of at most {MAX_STEPS}.")
    steps = tuple(_step(step, place) for place, step in enumerate(operations))
    _check_order(steps)
    copies = _whole(value.get("copies", 0), "copies", MAX_COPIES)
    if copies and not any(step.facts.stage == VARIES for step in steps):
        raise RecipeError("copies", "Copies would all be alike: add an augmentation, or set copies to 0.")
    return Recipe(steps, copies, _whole(value.get("seed", 0), "seed", 2**63 - 1))


def check_classes(recipe: Recipe, names: Iterable[str]) -> None:
    """Raises `RecipeError` where a step names a class that there is not."""
    known = set(names)
    for place, step in enumerate(recipe.steps):
        for parameter in step.facts.parameters:
            value = step.parameters[parameter.key]
            if parameter.type not in {"classes", "class_map"}:
                continue
            unknown = sorted(set(value) - known)
            if unknown:
                field = f"operations.{place}.parameters.{parameter.key}"
                listed = ", ".join(sorted(known)) or "none"
                raise RecipeError(field, f"There is no class {unknown[0]!r} here. Known: {listed}.")
            if parameter.type == "class_map":
                known = {value.get(name, name) for name in known}


def _step(value: Any, place: int) -> Step:
    field = f"operations.{place}"
    if not isinstance(value, Mapping) or not isinstance(value.get("op"), str) or set(value) - {"op", "parameters"}:
        raise RecipeError(field, f'Operation {place + 1} must be {{"op": "<key>", "parameters": {{…}}}}.')
    parameters = value.get("parameters", {})
    if not isinstance(parameters, Mapping):
        raise RecipeError(f"{field}.parameters", f"The parameters of operation {place + 1} must be an object.")
    try:
        facts = get_facts(value["op"])
        return Step(value["op"], clean_parameters(facts.parameters, parameters))
    except UnknownKeyError as error:
        raise RecipeError(f"{field}.op", str(error)) from None
    except ParameterError as error:
        title = OPERATIONS.get_entry(value["op"]).title
        raise RecipeError(f"{field}.parameters.{error.key}", f"{title}: {error}") from None


def _check_order(steps: tuple[Step, ...]) -> None:
    varied = ""
    for place, step in enumerate(steps):
        title = OPERATIONS.get_entry(step.op).title
        if step.facts.stage == VARIES:
            varied = varied or title
        elif varied:
            raise RecipeError(
                f"operations.{place}",
                f"{title} prepares pictures of every split, so it must stand before {varied}, which varies training.",
            )


def _whole(value: Any, field: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise RecipeError(field, f"A recipe's {field} must be a whole number from 0 to {most}, not {value!r}.")
    return value
