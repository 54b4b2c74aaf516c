"""What can be chosen when a format is written or read, and the check of what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.core.errors import DomainError
from datasets_app.formats.base import FormatError
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.options import Option, chosen


def options_of(key: str) -> tuple[Option, ...]:
    """The options of writing."""
    found: tuple[Option, ...] = FORMATS.get_entry(key).facts.get("options", ())
    return found


def read_options_of(key: str) -> tuple[Option, ...]:
    found: tuple[Option, ...] = FORMATS.get_entry(key).facts.get("read_options", ())
    return found


def options_check(key: str, described: tuple[Option, ...], values: Mapping[str, Any]) -> None:
    """Raises `DomainError` where `values` names an option that the format `key` does not have or a value it refuses."""
    known = {option["key"]: option for option in described}
    for name in values:
        if name not in known:
            listed = ", ".join(known) or "none"
            raise DomainError("bad_options", f"options: {name} is unknown; {key} has {listed}.")
        try:
            chosen(known[name], values)
        except FormatError as error:
            raise DomainError("bad_options", f"options: {error}", fields={name: str(error)}) from error
