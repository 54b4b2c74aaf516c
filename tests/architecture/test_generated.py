"""What is generated from the code and committed is what the code would generate now."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.front_end import node_is_usable
from launcher.python_env import environment_variables
from tests.architecture.sources import ROOT
from tests.conftest import skip_or_fail

FRONTEND = ROOT / "frontend"
SCHEMA = FRONTEND / "openapi.json"
CLIENT_TYPES = FRONTEND / "src" / "api" / "schema.ts"


def manage(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )


def test_no_migration_is_missing() -> None:
    answer = manage("makemigrations", "--check", "--dry-run", "--verbosity", "1")
    assert answer.returncode == 0, f"Run `make migrations`.\n{answer.stdout}{answer.stderr}"


def test_openapi_file_is_fresh(tmp_path: Path) -> None:
    # when
    written = tmp_path / "openapi.json"
    answer = manage("spectacular", "--format", "openapi-json", "--fail-on-warn", "--validate", "--file", str(written))

    # then
    assert answer.returncode == 0, answer.stderr
    assert json.loads(SCHEMA.read_text()) == json.loads(written.read_text()), "Run `make openapi`."


@pytest.mark.timeout(180)
def test_client_types_are_fresh(tmp_path: Path) -> None:
    # given
    program = FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    variables = environment_variables(Path(sys.prefix), os.environ)
    if not program.exists() or not node_is_usable(variables):
        skip_or_fail("The front end's packages are not installed: run `make test`, or npm ci in frontend/.")
    words = json.loads((FRONTEND / "package.json").read_text())["scripts"]["api"].split()
    written = tmp_path / "schema.ts"
    options = [word for word in words[2:] if word.startswith("--")]

    # when
    subprocess.run(
        [str(program), str(SCHEMA), "-o", str(written), *options],
        cwd=FRONTEND,
        check=True,
        capture_output=True,
        env=variables,
    )

    # then
    assert CLIENT_TYPES.read_text() == written.read_text(), "Run `make openapi`."
