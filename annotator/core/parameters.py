"""What a plug-in can be told: the description that the UI renders and the check of what came back. No Django here."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TYPES = ("number", "integer", "boolean", "choice")
"""What any plug-in may ask for."""
CLASS_TYPES = ("classes", "class_map")
"""Besides, for plug-ins that know the classes of a project: a list of their names; names and what becomes of them."""


class ParameterError(ValueError):
    """A parameter is unknown, of the wrong type or out of range; `key` names it, the message says what is right."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting: `minimum` and `maximum` bound numbers and integers, `choices` lists what a choice may be."""

    key: str
    title: str
    help: str
    type: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.type not in (*TYPES, *CLASS_TYPES):
            known = ", ".join((*TYPES, *CLASS_TYPES))
            raise ValueError(f"Parameter {self.key!r} has the unknown type {self.type!r}; known: {known}.")
        self.check(self.default)

    def check(self, value: Any) -> Any:
        """The value in its Python type. Raises `ParameterError`."""
        if self.type == "boolean":
            return self._check_boolean(value)
        if self.type == "choice":
            return self._check_choice(value)
        if self.type == "classes":
            return self._check_classes(value)
        if self.type == "class_map":
            return self._check_class_map(value)
        return self._check_number(value)

    def _check_boolean(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ParameterError(self.key, f"{self.title} must be true or false, not {value!r}.")
        return value

    def _check_choice(self, value: Any) -> str:
        if value not in self.choices:
            raise ParameterError(self.key, f"{self.title} must be one of {', '.join(self.choices)}, not {value!r}.")
        return str(value)

    def _check_classes(self, value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or not all(isinstance(name, str) and name for name in value):
            raise ParameterError(self.key, f"{self.title} must be a list of names of classes, not {value!r}.")
        return sorted(set(value))

    def _check_class_map(self, value: Any) -> dict[str, str]:
        if not isinstance(value, Mapping) or not all(
            isinstance(name, str) and name for pair in value.items() for name in pair
        ):
            sentence = f'{self.title} must map names of classes to names: {{"van": "car"}}, not {value!r}.'
            raise ParameterError(self.key, sentence)
        return {name: value[name] for name in sorted(value)}

    def _check_number(self, value: Any) -> float | int:
        whole = self.type == "integer"
        noun = "a whole number" if whole else "a number"
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not is_number or (whole and value != int(value)):
            raise ParameterError(self.key, f"{self.title} must be {noun}, not {value!r}.")
        if (self.minimum is not None and value < self.minimum) or (self.maximum is not None and value > self.maximum):
            raise ParameterError(
                self.key, f"{self.title} must lie between {self.minimum:g} and {self.maximum:g}, not {value:g}."
            )
        return int(value) if whole else float(value)


def clean_parameters(parameters: tuple[Parameter, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter with its given or default value. Raises `ParameterError` for the first that is wrong."""
    known = {parameter.key: parameter for parameter in parameters}
    for key in given:
        if key not in known:
            names = ", ".join(known) or "none"
            raise ParameterError(key, f"There is no parameter {key!r} here. Known: {names}.")
    return {key: parameter.check(given.get(key, parameter.default)) for key, parameter in known.items()}
