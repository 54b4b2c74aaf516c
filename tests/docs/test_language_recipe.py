"""The recipe of a language is whole: built into a copy of the messages, the contract test finds and judges it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from launcher.front_end import node_is_usable
from launcher.python_env import environment_variables
from tests.conftest import skip_or_fail
from tests.docs.markdown import DOCS, ROOT, Block, blocks

FRONTEND = ROOT / "frontend"
CATALOGUE = "frontend/src/i18n/languages.ts"
CONTRACT = "src/i18n/catalogue.test.ts"
END_OF_LIST = "\n];"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def recipe() -> tuple[list[Block], Block]:
    """The files and the line."""
    found = [block for block in blocks(DOCS / "recipes" / "language.md") if block.file]
    (line,) = (block for block in found if block.file == CATALOGUE)
    return [block for block in found if block is not line], line


def area_of(block: Block) -> str:
    """The first part of the keys in a file of messages."""
    (area,) = json.loads(block.body)
    return str(area)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Names, status and messages of the contract tests, with the recipe built into a copy of the messages."""
    variables = environment_variables(Path(sys.prefix), os.environ)
    if not (FRONTEND / "node_modules" / ".bin" / "vitest").exists() or not node_is_usable(variables):
        skip_or_fail("The front end's packages are not installed: run `make test`, or npm ci in frontend/.")
    folder = tmp_path_factory.mktemp("languages")
    shutil.copytree(FRONTEND / "src" / "i18n", folder / "src" / "i18n")
    (folder / "node_modules").symlink_to(FRONTEND / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    files, line = recipe()
    for block in files:
        target = folder / Path(block.file).relative_to("frontend")
        target.parent.mkdir(exist_ok=True)
        assert not target.exists(), "The example became a real language: choose another one for the recipe."
        target.write_text(block.body)
    catalogue = folder / Path(CATALOGUE).relative_to("frontend")
    source = catalogue.read_text()
    assert source.count(END_OF_LIST) == 1
    catalogue.write_text(source.replace(END_OF_LIST, f"\n{line.body.rstrip()}{END_OF_LIST}"))
    report = folder / "report.json"
    answer = subprocess.run(
        ["node_modules/.bin/vitest", "run", "--root", ".", "--reporter=json", f"--outputFile={report}", CONTRACT],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), answer.stdout + answer.stderr
    return [case for file in json.loads(report.read_text())["testResults"] for case in file["assertionResults"]]


def test_a_language_is_judged_by_its_own_files_alone(outcomes: list[dict[str, Any]]) -> None:
    failed = [case["fullName"] for case in outcomes if case["status"] != "passed"]
    own = [case["fullName"] for case in outcomes if case["fullName"].startswith("nl ")]

    assert failed == ["nl has every key of English in exactly its own plural forms"]
    assert len(own) == len([case for case in outcomes if case["fullName"].startswith("de ")])


def test_what_is_missing_is_named_and_what_the_recipe_has_is_not(outcomes: list[dict[str, Any]]) -> None:
    (message,) = ("".join(case["failureMessages"]) for case in outcomes if case["status"] != "passed")
    (written,) = (area_of(block) for block in recipe()[0] if block.language == "json")

    assert f'"{written}.' not in message
    assert "account.username: “User name”" in message
