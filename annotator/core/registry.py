"""Catalogs of plug-ins: listed eagerly, imported on first use.

A catalog line carries what the *web process* must show (title, capabilities, parameters); the module it names
carries what a *worker* must run. Listing a catalog therefore never imports a plug-in.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One plug-in: `target` is `"package.module:attribute"`; `requires` names the packages its module imports."""

    key: str
    target: str
    title: str
    requires: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


class UnknownKeyError(LookupError):
    """Raised for a key that no entry has; the message lists the keys that exist."""


class MissingDependencyError(ImportError):
    """Raised at first use of a plug-in whose optional package is not installed; names the package."""


class Registry(Generic[T]):
    """An ordered, read-only mapping from key to plug-in of type `T`."""

    def __init__(self, kind: str, entries: tuple[Entry, ...]) -> None:
        self.kind = kind
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            if entry.key in self._entries:
                raise ValueError(f"Two {kind} entries share the key {entry.key!r}.")
            self._entries[entry.key] = entry
        self._loaded: dict[str, T] = {}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def keys(self) -> tuple[str, ...]:
        return tuple(self._entries)

    def get_entry(self, key: str) -> Entry:
        """The catalog line of `key`, without importing the plug-in. Raises `UnknownKeyError`."""
        try:
            return self._entries[key]
        except KeyError:
            known = ", ".join(self._entries)
            raise UnknownKeyError(f"There is no {self.kind} {key!r}. Known: {known}.") from None

    def load(self, key: str) -> T:
        """The plug-in itself, imported once. Raises `UnknownKeyError` or `MissingDependencyError`."""
        if key not in self._loaded:
            entry = self.get_entry(key)
            module_name, _, attribute = entry.target.partition(":")
            try:
                module = importlib.import_module(module_name)
            except ModuleNotFoundError as error:
                if error.name in entry.requires:
                    raise MissingDependencyError(
                        f"{entry.title} needs the Python package {error.name!r}: pip install {error.name}."
                    ) from error
                raise
            self._loaded[key] = getattr(module, attribute)
        return self._loaded[key]
