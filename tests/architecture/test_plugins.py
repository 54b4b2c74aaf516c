"""A plug-in is one file and one catalog line: no plug-in knows another, and nobody knows a plug-in by its name."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.registry import Entry, Registry
from tests.architecture.sources import (
    PRODUCT_PACKAGES,
    ROOT,
    front_end_files,
    imported_modules,
    module_name,
    python_files,
    relative,
    string_constants,
)

CATALOGS = sorted(file for package in PRODUCT_PACKAGES for file in (ROOT / package).rglob("catalog.py"))
VOCABULARIES = frozenset({"annotator/core/geometry/catalog.py", "training_app/engine/tasks/catalog.py"})
"""Kinds of shape and tasks are words of the API that formats, editor and screens speak, not names of one plug-in."""

PLUGIN_CATALOGS = [catalog for catalog in CATALOGS if relative(catalog) not in VOCABULARIES]
WEIGHT_LISTS = "weights.py"
"""A list of weight files says which plug-ins use them: data, like a catalog."""

DATA_FILES = re.compile(r"(\.test\.tsx?$)|(/locales?/)|(/testing/)")


def registries(catalog: Path) -> Iterator[Registry[object]]:
    module = importlib.import_module(module_name(catalog))
    yield from (value for value in vars(module).values() if isinstance(value, Registry))


def entries(catalog: Path) -> list[Entry]:
    return [entry for registry in registries(catalog) for entry in registry]


def plugin_modules(catalog: Path) -> set[str]:
    return {entry.target.partition(":")[0] for entry in entries(catalog)}


def test_catalogs_are_found() -> None:
    assert {relative(file) for file in CATALOGS} >= {
        "annotator/smart/catalog.py",
        "datasets_app/formats/catalog.py",
        "training_app/architectures/catalog.py",
    }


@pytest.mark.parametrize("catalog", CATALOGS, ids=relative)
def test_plugins_import_no_sibling(catalog: Path) -> None:
    # given
    plugins = plugin_modules(catalog)
    files = [file for file in python_files(*PRODUCT_PACKAGES) if owner(module_name(file), plugins)]

    # when
    found = [
        f"{relative(file)} imports {imported}"
        for file in files
        for imported in imported_modules(file)
        if owner(imported, plugins) not in {None, owner(module_name(file), plugins)}
    ]

    # then
    assert found == []


def owner(module: str, plugins: set[str]) -> str | None:
    """The plug-in that a module is, or lies in when the plug-in is a folder."""
    return next((plugin for plugin in plugins if module == plugin or module.startswith(f"{plugin}.")), None)


@pytest.mark.parametrize("catalog", PLUGIN_CATALOGS, ids=relative)
def test_keys_stand_only_in_catalogs_and_in_their_plugin(catalog: Path) -> None:
    # given
    homes = {entry.key: entry.target.partition(":")[0] for entry in entries(catalog)}

    # when
    found = [
        f"{relative(file)}:{line} {text!r}"
        for file in python_files(*PRODUCT_PACKAGES)
        if file not in CATALOGS and file.name != WEIGHT_LISTS
        for line, text in string_constants(file)
        if text in homes and owner(module_name(file), {homes[text]}) is None
    ]

    # then
    assert found == [], "Ask the catalog for a capability (a fact of the entry) instead of a name."


@pytest.mark.parametrize("catalog", PLUGIN_CATALOGS, ids=relative)
def test_front_end_knows_no_key(catalog: Path) -> None:
    # given
    keys = [entry.key for entry in entries(catalog)]
    pattern = re.compile(r"""(["'`])(""" + "|".join(map(re.escape, keys)) + r")\1")

    # when
    found = [
        f"{relative(file)}:{number} {match.group(0)}"
        for file in front_end_files(".ts", ".tsx")
        if not DATA_FILES.search(file.as_posix())
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        for match in pattern.finditer(line)
    ]

    # then
    assert found == [], "The API tells capabilities; draw the interface from them."
