"""The virtual environment and the front end are made once, and again only when their inputs change."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.errors import LaunchError
from launcher.front_end import front_end_ensure, node_is_supported, node_is_usable, node_version
from launcher.python_env import environment_ensure
from tests.architecture.sources import ROOT


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """An environment whose Python only writes down what it was asked to do."""
    folder = tmp_path / "venv"
    program(folder / "bin" / "python", f'echo "$@" >> {tmp_path}/calls; test ! -e {tmp_path}/pip-fails')
    (folder / "pyvenv.cfg").write_text("version = 3.11.7\n")
    return folder


def calls(tmp_path: Path) -> list[str]:
    file = tmp_path / "calls"
    return file.read_text().splitlines() if file.exists() else []


def test_requirements_are_installed_once_and_again_when_they_change(tmp_path: Path, venv: Path) -> None:
    # given
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("Django==5.2\n")

    # when
    first = environment_ensure(venv, requirements=requirements, environ=os.environ)
    second = environment_ensure(venv, requirements=requirements, environ=os.environ)
    requirements.write_text("Django==5.3\n")
    third = environment_ensure(venv, requirements=requirements, environ=os.environ)

    # then
    assert (first, second, third) == (True, False, True)
    assert len(calls(tmp_path)) == 2


def test_included_requirements_count(tmp_path: Path, venv: Path) -> None:
    # given
    (tmp_path / "requirements.txt").write_text("Django==5.2\n")
    development = tmp_path / "requirements-dev.txt"
    development.write_text("-r requirements.txt\nruff==1\n")
    environment_ensure(venv, requirements=development, environ=os.environ)

    # when
    (tmp_path / "requirements.txt").write_text("Django==5.3\n")

    # then
    assert environment_ensure(venv, requirements=development, environ=os.environ)


def test_failed_installation_is_a_sentence_and_is_tried_again(tmp_path: Path, venv: Path) -> None:
    # given
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("Django==5.2\n")
    (tmp_path / "pip-fails").touch()

    # when
    with pytest.raises(LaunchError, match=r"pip could not install requirements\.txt\. Check that this machine reaches"):
        environment_ensure(venv, requirements=requirements, environ=os.environ)
    (tmp_path / "pip-fails").unlink()

    # then
    assert environment_ensure(venv, requirements=requirements, environ=os.environ)


def test_folder_that_is_no_environment_is_left_alone(tmp_path: Path) -> None:
    # given
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "holiday.jpg").touch()
    (tmp_path / "requirements.txt").write_text("Django==5.2\n")

    # when
    with pytest.raises(LaunchError, match="exists and is no Python environment"):
        environment_ensure(folder, requirements=tmp_path / "requirements.txt", environ=os.environ)

    # then
    assert (folder / "holiday.jpg").exists()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A front end, and a machine whose npm writes down what it was asked to do and "builds" a page."""
    root = tmp_path / "sources"
    front_end = root / "frontend"
    (front_end / "src").mkdir(parents=True)
    (front_end / "src" / "main.ts").write_text("one")
    (front_end / "package.json").write_text("{}")
    (front_end / "package-lock.json").write_text("{}")
    machine = tmp_path / "machine"
    program(machine / "node", "echo v22.12.0")
    program(
        machine / "npm",
        f'echo "npm $1" >> {tmp_path}/calls; mkdir -p node_modules dist; test "$1" = ci || echo page > dist/index.html',
    )
    return root


def build(tmp_path: Path, sources: Path) -> bool:
    environ = {"PATH": f"{tmp_path / 'machine'}:/bin:/usr/bin"}
    return front_end_ensure(sources, venv=tmp_path / "venv", environ=environ)


def test_front_end_is_built_once_and_again_when_a_source_changes(tmp_path: Path, sources: Path) -> None:
    # when
    first, second = build(tmp_path, sources), build(tmp_path, sources)
    (sources / "frontend" / "src" / "main.ts").write_text("two")
    third = build(tmp_path, sources)
    (sources / "frontend" / "package-lock.json").write_text("{} ")
    fourth = build(tmp_path, sources)

    # then
    assert (first, second, third, fourth) == (True, False, True, True)
    assert calls(tmp_path) == ["npm ci", "npm run", "npm run", "npm ci", "npm run"]


def test_removed_page_is_built_again(tmp_path: Path, sources: Path) -> None:
    build(tmp_path, sources)
    (sources / "frontend" / "dist" / "index.html").unlink()
    assert build(tmp_path, sources)


def test_missing_lock_file_is_named(tmp_path: Path, sources: Path) -> None:
    (sources / "frontend" / "package-lock.json").unlink()
    with pytest.raises(LaunchError, match=r"package-lock\.json is missing: this is not a complete copy"):
        build(tmp_path, sources)


@pytest.mark.parametrize(
    ("text", "is_supported"),
    [("v20.19.0\n", True), ("v20.18.3", False), ("v21.7.0", False), ("v22.12.0", True), ("v24.1.0", True), ("", False)],
)
def test_node_versions_that_the_bundler_takes(text: str, is_supported: bool) -> None:
    assert node_is_supported(node_version(text)) is is_supported


def test_node_without_npm_is_not_usable(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "node", "echo v22.12.0")
    assert not node_is_usable({"PATH": str(tmp_path / "bin")})


def test_old_python_is_told_in_a_sentence() -> None:
    # given: a Python that claims to be old, which is all that the entry looks at
    code = (
        "import sys, runpy; sys.version_info = (3, 8, 18); sys.version = '3.8.18 (old)'; "
        "runpy.run_module('launcher', run_name='__main__')"
    )

    # when
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    # then
    assert answer.returncode == 1
    assert answer.stderr.startswith("Annotator needs Python 3.11 or newer, and this is Python 3.8.18 (")
