"""What the pages name is there: links, anchors, pictures, files, commands, variables, tables, types."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

from tests.architecture.sources import OWN_PACKAGES, front_end_files, python_files
from tests.docs.markdown import DOCS, ROOT, anchors, blocks, code_spans, links, pages, prose

README, CHANGELOG = ROOT / "README.md", ROOT / "CHANGELOG.md"
GLOSSARY, ARCHITECTURE = DOCS / "glossary.md", DOCS / "architecture.md"
RECORDS = sorted((DOCS / "adr").glob("*.md"))
PARTS = ("## Situation", "## Decision", "## Rejected", "## Consequences")
FOLDERS = ("annotator", "datasets_app", "training_app", "frontend", "tests", "docs", "launcher", "checks", "bench")
FILE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w.*/{{}}<>,-]+")
VARIABLE = re.compile(r"\b(?:ANNOTATOR_[A-Z0-9_]*[A-Z0-9]|PORT|DATABASE_URL|REDIS_URL)\b")
README_LINES = 120

every_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())


def text_of(page: Path) -> str:
    return page.read_text()


def commands_of(page: Path) -> Iterator[str]:
    """Everything on the page that is written as code."""
    yield from code_spans(page)
    yield from (line for block in blocks(page) for line in block.body.splitlines())
    yield from (line.strip() for line in prose(page).splitlines() if line.startswith("    "))


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@every_page
def test_files_that_a_page_names_exist(page: Path) -> None:
    missing = [span for span in code_spans(page) if FILE.fullmatch(span) and not any(found(span))]
    assert missing == []


def found(path: str) -> Iterator[Path]:
    """What a path as pages write it stands for: `<…>` is any name, `{a,b}` either."""
    pattern = re.sub(r"<[^>]*>", "*", path)
    if match := re.search(r"\{([^}]*)\}", pattern):
        for choice in match[1].split(","):
            yield from found(pattern.replace(match[0], choice))
    else:
        yield from ROOT.glob(pattern.rstrip("/"))


@every_page
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    named = {name for line in commands_of(page) for name in re.findall(r"\bmake ([a-z][a-z0-9-]*)", line)}
    assert named - targets == set()


@every_page
def test_management_commands_exist(page: Path) -> None:
    named = {name for line in commands_of(page) for name in re.findall(r"manage\.py ([a-z_]+)", line)}
    assert named - get_commands().keys() == set()


@pytest.fixture(scope="session")
def sources() -> str:
    """Everything that reads environment variables."""
    files = [*python_files(*OWN_PACKAGES), ROOT / "Makefile", ROOT / "docker-compose.yml", ROOT / ".env.example"]
    return "\n".join(text_of(file) for file in files if "tests" not in file.relative_to(ROOT).parts[:1])


@every_page
def test_environment_variables_are_read_by_somebody(page: Path, sources: str) -> None:
    named = {name for line in commands_of(page) for name in VARIABLE.findall(line)}
    # Some are put together: ANNOTATOR_WORKERS_{queue}.
    stems = {name: name.rpartition("_")[0] for name in named}
    assert {name for name in named if name not in sources and f"{stems[name]}_{{" not in sources} == set()


def test_the_readme_begins_with_the_two_commands_and_is_short() -> None:
    # given
    text = text_of(README)
    commands = [line.split("#")[0].strip() for block in blocks(README) for line in block.body.splitlines() if line]

    # then
    assert commands[:2] == ["make run", "make test"]
    assert len(text.splitlines()) <= README_LINES


def test_the_change_log_is_of_this_version() -> None:
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", text_of(CHANGELOG), re.MULTILINE)
    assert "## [Unreleased]" in text_of(CHANGELOG)


def test_decision_records_are_numbered_without_gaps_and_of_one_form() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))
    for record in RECORDS:
        text = text_of(record)
        assert text.startswith(f"# {record.name[:4]}: ")
        assert [part for part in PARTS if f"\n{part}\n" not in text] == [], record.name


def test_the_tree_is_that_of_the_repository() -> None:
    # given
    section = text_of(ARCHITECTURE).partition("## The tree")[2]
    tree = section.partition("```\n")[2].partition("```")[0]
    parents: list[tuple[int, Path]] = []
    missing = []

    # when
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.split(r"\s{2,}", line.strip())[0].split()
        while parents and parents[-1][0] >= indent:
            parents.pop()
        folder = parents[-1][1] if parents else Path()
        missing += [name for name in names if not any(ROOT.glob((folder / name).as_posix()))]
        parents.append((indent, folder / names[-1]))

    # then
    assert missing == []


def glossary_rows() -> list[list[str]]:
    """Word, meaning, table, API and TypeScript of every row that has all five."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text_of(GLOSSARY).splitlines()]
    return [row for row in rows if len(row) == 5 and row[0] not in {"word", "---"}]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_tables_of_the_glossary_exist() -> None:
    # given
    tables = {model.__name__: {field.name for field in model._meta.get_fields()} for model in apps.get_models()}
    columns = set().union(*tables.values())
    missing = []

    # when
    for _, _, cell, _, _ in glossary_rows():
        for name in names_in(cell.partition("(")[0]):
            model, _, column = name.split(" ")[0].partition(".")
            exists = column in tables.get(model, set()) if column else model in tables or model in columns
            if not exists and name not in {"Role"}:
                missing.append(name)

    # then
    assert missing == []


def test_types_of_the_glossary_exist() -> None:
    source = "\n".join(text_of(file) for file in front_end_files(".ts", ".tsx"))
    names = {name for row in glossary_rows() for name in names_in(row[4])}
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", source)} == set()
