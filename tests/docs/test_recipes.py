"""The recipes' Python plug-ins are whole: contract tests find them and pass, and the code keeps the project's rules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.docs.markdown import ROOT, Block
from tests.docs.recipe_plugin import CATALOG, catalog_entry, recipe_blocks

BLOCKS = recipe_blocks()
LINES = [block for block in BLOCKS if block.file.endswith(f"/{CATALOG}")]
FILES = [block for block in BLOCKS if block not in LINES]
LEAST_TESTS = 5
"""A recipe that fewer contract tests run over is not really tried."""


def page_name(block: Block) -> str:
    return block.page.stem


@pytest.mark.parametrize("block", LINES, ids=page_name)
def test_each_recipe_is_one_file_and_one_line(block: Block) -> None:
    (file,) = (other for other in FILES if other.page == block.page)
    module, _, attribute = catalog_entry(block).target.partition(":")

    assert f"{module.replace('.', '/')}.py" == file.file
    assert attribute in file.body
    assert not (ROOT / file.file).exists(), "The example became a real plug-in: choose another one for the recipe."


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    """Key of the recipe → names and outcomes of the contract tests that ran over it, with all recipes built in."""
    keys = [catalog_entry(block).key for block in LINES]
    report = tmp_path_factory.mktemp("recipes") / "report.xml"
    subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "tests.docs.recipe_plugin", "-p", "no:cacheprovider",
            "tests/contracts", "-k", " or ".join(keys), "-q", f"--junitxml={report}",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )  # fmt: skip
    found: dict[str, list[tuple[str, str]]] = {key: [] for key in keys}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314  written by pytest a moment ago
        name = case.get("name", "")
        bad = [child for child in case if child.tag in {"failure", "error", "skipped"}]
        outcome = "\n".join(child.get("message", "") + (child.text or "") for child in bad) or "passed"
        for key in keys:
            if key in name:
                found[key].append((name, outcome))
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("block", LINES, ids=page_name)
def test_contract_tests_find_the_recipe_and_pass(block: Block, outcomes: dict[str, list[tuple[str, str]]]) -> None:
    ran = outcomes[catalog_entry(block).key]

    assert [(name, outcome) for name, outcome in ran if outcome != "passed"] == []
    assert len(ran) >= LEAST_TESTS


@pytest.mark.parametrize("block", FILES, ids=page_name)
def test_the_code_of_a_recipe_keeps_the_rules(block: Block, tmp_path: Path) -> None:
    # given
    file = tmp_path / Path(block.file).name
    file.write_text(block.body)
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", str(file)]

    # when
    answers = [
        subprocess.run([*ruff, *words, *options], capture_output=True, text=True, check=False)
        for words in (["check", "--quiet"], ["format", "--diff", "--quiet"])
    ]

    # then
    assert [answer.stdout + answer.stderr for answer in answers if answer.returncode] == []
