"""The compose file runs the same processes as `make run`, and holds no secret that anybody could know."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from launcher.errors import LaunchError
from launcher.options import QUEUES, options_from_environment
from launcher.processes import processes_list
from launcher.run import process_become
from tests.architecture.sources import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SECRETS = ("ANNOTATOR_SECRET_KEY", "POSTGRES_PASSWORD", "ANNOTATOR_ADMIN_PASSWORD")


def test_every_process_of_the_product_is_a_service() -> None:
    # given
    options = options_from_environment({}, root=ROOT)
    names = [spec.name for spec in processes_list(options)]

    # when
    commands = [
        service["command"] for service in COMPOSE["services"].values() if "launcher" in service.get("command", [])
    ]

    # then
    assert names == ["web", *QUEUES]
    assert sorted({command[-1] for command in commands}) == sorted(names)
    assert all(command[:-1] == ["python", "-m", "launcher", "process"] for command in commands)


@pytest.mark.parametrize("name", SECRETS)
def test_secret_is_required_and_has_no_default(name: str) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert f"${{{name}:?" in text
    assert f"${{{name}:-" not in text
    assert f"\n{name}=\n" in (ROOT / ".env.example").read_text()


def test_only_the_web_port_is_published_and_on_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}
    assert published == {"web": ["${ANNOTATOR_BIND:-127.0.0.1}:${PORT:-8000}:8000"]}


def test_unknown_process_is_named_with_those_that_exist(tmp_path: Path) -> None:
    options = options_from_environment({}, root=tmp_path)
    with pytest.raises(LaunchError) as caught:
        process_become(options, ["process", "beat"], environ={})
    assert (
        str(caught.value)
        == "Known words are: process web, process interactive, process cpu, process gpu; or none, to start all."
    )
