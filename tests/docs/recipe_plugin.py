"""A pytest plug-in (`-p tests.docs.recipe_plugin`) that builds the recipes' Python plug-ins in before tests are found.

The code is taken from the pages as it stands there: the file becomes a module of its package, the line is evaluated
where it would stand, in its catalog. Contract tests then find the newcomer as they would find any other.
"""

from __future__ import annotations

import importlib
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import pytest

from annotator.core.registry import Entry, Registry
from tests.docs.markdown import DOCS, Block, blocks

CATALOG = "catalog.py"


def recipe_blocks() -> list[Block]:
    """The Python blocks of all recipes that name a file."""
    return [
        block
        for page in sorted((DOCS / "recipes").glob("*.md"))
        for block in blocks(page)
        if block.language == "python" and block.file
    ]


def module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def catalog_entry(block: Block) -> Entry:
    """The entry that the line of a recipe makes."""
    module = importlib.import_module(module_of(block.file))
    line = textwrap.dedent(block.body).strip().removesuffix(",")
    entry: Any = eval(line, dict(vars(module)))  # noqa: S307  our own documentation, run as its reader would run it
    assert isinstance(entry, Entry), f"{block.page.name}: the line for {block.file} is no catalog entry."
    return entry


def add_entry(block: Block) -> None:
    """Puts the recipe's line into its catalog, for the life of this process."""
    module = importlib.import_module(module_of(block.file))
    entry = catalog_entry(block)
    (registry,) = (value for value in vars(module).values() if isinstance(value, Registry))
    assert entry.key not in registry, f"{block.page.name}: there is a {registry.kind} {entry.key!r} already."
    registry._entries[entry.key] = entry


def add_module(block: Block, folder: Path) -> None:
    """Writes the recipe's file where its package finds it."""
    target = folder / block.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(block.body)
    package = importlib.import_module(module_of(block.file).rpartition(".")[0])
    package.__path__.append(str(target.parent))


def pytest_configure(config: pytest.Config) -> None:
    kept = tempfile.TemporaryDirectory(prefix="annotator-recipes-")
    config.add_cleanup(kept.cleanup)
    for block in recipe_blocks():
        if block.file.endswith(f"/{CATALOG}"):
            add_entry(block)
        else:
            add_module(block, Path(kept.name))
