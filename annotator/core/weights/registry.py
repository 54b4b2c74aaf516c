"""All weights that the installed apps offer. An app contributes by a module `weights` with a tuple `WEIGHTS`."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import cache

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from annotator.core.weights.entry import WeightsEntry


class UnknownWeightsError(LookupError):
    """Raised for a key that no app contributed; the message lists the keys that exist."""


@cache
def all_weights() -> Mapping[str, WeightsEntry]:
    """Every entry by its key, in the order of the apps."""
    return collect(
        getattr(importlib.import_module(f"{config.name}.weights"), "WEIGHTS", ())
        for config in apps.get_app_configs()
        if config.module is not None and module_has_submodule(config.module, "weights")
    )


def get_weights(key: str) -> WeightsEntry:
    """The entry of `key`. Raises `UnknownWeightsError`."""
    try:
        return all_weights()[key]
    except KeyError:
        known = ", ".join(all_weights()) or "none"
        raise UnknownWeightsError(f"There are no weights {key!r}. Known: {known}.") from None


def collect(contributions: Iterable[Iterable[WeightsEntry]]) -> Mapping[str, WeightsEntry]:
    """One mapping from the apps' lists. Two entries may not share a key or a file name."""
    entries: dict[str, WeightsEntry] = {}
    filenames: dict[str, str] = {}
    for contribution in contributions:
        for entry in contribution:
            if entry.key in entries:
                raise ValueError(f"Two weights share the key {entry.key!r}.")
            if entry.filename in filenames:
                raise ValueError(f"The weights {filenames[entry.filename]!r} and {entry.key!r} share a file name.")
            entries[entry.key] = entry
            filenames[entry.filename] = entry.key
    return entries
