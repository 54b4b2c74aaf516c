"""The recipes' editor plug-ins are whole: built into a copy of the editor they type-check and pass its tests."""

from __future__ import annotations

import json
import os
import re
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
CATALOGS = {
    "frontend/src/editor/tools/index.ts": ("TOOLS", "tools.test.ts"),
    "frontend/src/editor/shapes/index.ts": ("SHAPES", "shapes.test.ts"),
}
"""Where the line of a recipe goes: the list in that file, and the contract test that runs over the list."""

PAGES = ("editor-shape", "editor-tool")
LEAST_TESTS = 5

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def recipe(page: str) -> tuple[Block, Block]:
    """The file and the line of a recipe."""
    found = [block for block in blocks(DOCS / "recipes" / f"{page}.md") if block.language == "ts"]
    (line,) = (block for block in found if block.file in CATALOGS)
    (file,) = (block for block in found if block.file not in CATALOGS)
    return file, line


def imported_name(line: Block) -> str:
    match = re.fullmatch(r'import \{ (\w+) \} from "[^"]+";\n', line.body)
    assert match, f"{line.page.name}: the line is one import."
    return match[1]


def with_line(source: str, line: Block) -> str:
    """The catalog's source with the import at its end of imports and the name at the end of its list."""
    name, list_name = imported_name(line), CATALOGS[line.file][0]
    last_import = [match.end() for match in re.finditer(r"^import .*?;\n", source, re.MULTILINE | re.DOTALL)][-1]
    source = source[:last_import] + line.body + source[last_import:]
    changed, count = re.subn(rf"(const {list_name}\b[^=]*= \[)([^\]]*?),?(\s*\])", rf"\1\2, {name}\3", source)
    assert count == 1, f"{line.file}: there is no list {list_name}."
    return changed


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    """The environment in which Node is found."""
    found = environment_variables(Path(sys.prefix), os.environ)
    if not (FRONTEND / "node_modules" / ".bin" / "vitest").exists() or not node_is_usable(found):
        skip_or_fail("The front end's packages are not installed: run `make test`, or npm ci in frontend/.")
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A front end that is nothing but the editor, with the recipes built in."""
    folder = tmp_path_factory.mktemp("editor")
    editor = folder / "src" / "editor"
    shutil.copytree(FRONTEND / "src" / "editor", editor, ignore=shutil.ignore_patterns("bench"))
    (folder / "node_modules").symlink_to(FRONTEND / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    options = json.loads((FRONTEND / "tsconfig.app.json").read_text())["compilerOptions"]
    options.pop("tsBuildInfoFile", None)
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["src"]}))
    for page in PAGES:
        file, line = recipe(page)
        catalog = folder / Path(line.file).relative_to("frontend")
        catalog.write_text(with_line(catalog.read_text(), line))
        target = folder / Path(file.file).relative_to("frontend")
        assert not target.exists(), "The example became a real plug-in: choose another one for the recipe."
        target.write_text(file.body)
    return folder


@pytest.fixture(scope="module")
def outcomes(project: Path, variables: dict[str, str]) -> list[dict[str, Any]]:
    """Name, status and messages of every contract test that ran."""
    report = project / "report.json"
    tests = [f"src/editor/{Path(file).parent.name}/{test}" for file, (_, test) in CATALOGS.items()]
    answer = subprocess.run(
        ["node_modules/.bin/vitest", "run", "--root", ".", "--reporter=json", f"--outputFile={report}", *tests],
        cwd=project,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.exists(), answer.stdout + answer.stderr
    return [case for file in json.loads(report.read_text())["testResults"] for case in file["assertionResults"]]


@pytest.mark.parametrize("page", PAGES)
def test_contract_tests_find_the_recipe_and_pass(page: str, outcomes: list[dict[str, Any]]) -> None:
    file, _ = recipe(page)
    identity = re.search(r'^  (?:id|type): "(\w+)",$', file.body, re.MULTILINE)
    assert identity
    ran = [case for case in outcomes if f" '{identity[1]}'" in case["fullName"]]

    assert [(case["fullName"], case["failureMessages"]) for case in ran if case["status"] != "passed"] == []
    assert len(ran) >= LEAST_TESTS


def test_no_other_contract_test_minds_the_newcomers(outcomes: list[dict[str, Any]]) -> None:
    assert [(case["fullName"], case["failureMessages"]) for case in outcomes if case["status"] != "passed"] == []


def test_the_editor_with_the_recipes_type_checks(project: Path, variables: dict[str, str]) -> None:
    answer = subprocess.run(
        ["node_modules/.bin/tsc", "--noEmit", "--project", "tsconfig.json"],
        cwd=project,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout == ""


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_recipe_is_formatted(page: str, variables: dict[str, str]) -> None:
    file, _ = recipe(page)
    answer = subprocess.run(
        [str(FRONTEND / "node_modules" / ".bin" / "prettier"), "--stdin-filepath", str(ROOT / file.file)],
        cwd=FRONTEND,
        env=variables,
        input=file.body,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == file.body
