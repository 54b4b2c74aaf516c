"""What the environment decides about a start."""

from pathlib import Path

import pytest

from launcher.errors import LaunchError
from launcher.options import options_from_environment

ROOT = Path("/srv/annotator")


def test_defaults_need_no_variable() -> None:
    # when
    options = options_from_environment({}, root=ROOT)

    # then
    assert options.url == "http://127.0.0.1:8000/"
    assert options.data_dir == ROOT / "data"
    assert options.venv == ROOT / ".venv"
    assert options.admin_user == "admin"
    assert options.admin_password is None
    assert options.workers == {"interactive": 1, "cpu": 1, "gpu": 1}
    assert options.demo


def test_every_variable_is_honoured() -> None:
    # when
    options = options_from_environment(
        {
            "PORT": "9000",
            "ANNOTATOR_HOST": "0.0.0.0",
            "ANNOTATOR_DATA_DIR": "/mnt/pictures",
            "ANNOTATOR_VENV": "env",
            "ANNOTATOR_ADMIN_USER": "ada",
            "ANNOTATOR_ADMIN_PASSWORD": "secret",
            "ANNOTATOR_WEB_PROCESSES": "4",
            "ANNOTATOR_WORKERS_GPU": "0",
            "ANNOTATOR_WORKERS_CPU": "3",
            "ANNOTATOR_DEMO": "off",
        },
        root=ROOT,
    )

    # then
    assert options.url == "http://127.0.0.1:9000/"
    assert options.host == "0.0.0.0"
    assert options.data_dir == Path("/mnt/pictures")
    assert options.venv == ROOT / "env"
    assert (options.admin_user, options.admin_password) == ("ada", "secret")
    assert options.web_processes == 4
    assert options.workers == {"interactive": 1, "cpu": 3, "gpu": 0}
    assert not options.demo


def test_empty_variables_count_as_not_set() -> None:
    # make exports variables that were not given as empty ones
    options = options_from_environment(
        {"PORT": "", "ANNOTATOR_DATA_DIR": "", "ANNOTATOR_ADMIN_PASSWORD": ""}, root=ROOT
    )
    assert (options.port, options.data_dir, options.admin_password) == (8000, ROOT / "data", None)


@pytest.mark.parametrize("text", ["eighty", "-1", "0", "70000", "8000.5", "²"])
def test_port_that_is_no_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(LaunchError) as caught:
        options_from_environment({"PORT": text}, root=ROOT)
    assert str(caught.value) == f"PORT is {text!r}, but it has to be a whole number from 1 to 65535."


def test_ipv6_address_is_bracketed_in_the_url() -> None:
    assert options_from_environment({"ANNOTATOR_HOST": "::1"}, root=ROOT).url == "http://[::1]:8000/"
