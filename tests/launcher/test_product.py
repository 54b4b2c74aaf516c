"""The real start and stop, as a user sees them: `make run` on an empty data folder, Ctrl-C, and again."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from checks.product import Product, ProductError, product_running, product_start

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SECOND_START_SECONDS = 10.0


def family(data_dir: Path) -> list[psutil.Process]:
    """Every process on this machine that works on the data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("ANNOTATOR_DATA_DIR") == str(data_dir) and process.pid != os.getpid():
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


def call(product: Product, path: str, *, body: dict[str, str] | None = None, token: str = "") -> Any:
    answer = requests.request(
        "GET" if body is None else "POST",
        f"{product.url}api/v1/{path}",
        json=body,
        headers={"Authorization": f"Token {token}"} if token else {},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()


def token_of(product: Product, password: str) -> str:
    return str(call(product, "auth/token/", body={"username": "admin", "password": password})["token"])


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    for process in family(folder):
        process.kill()


def test_start_stop_and_second_start(data_dir: Path) -> None:
    # when: the first start, on nothing
    first = product_start(data_dir)
    password = first.password

    # then: the printed login works and the demo project is there
    assert password is not None
    token = token_of(first, password)
    projects = call(first, "projects/", token=token)["results"]
    assert len(projects) == 1
    assert projects[0]["counts"]["images"] > 0
    assert password not in "".join(" ".join(process.cmdline()) for process in family(data_dir))

    # when: Ctrl-C
    seconds = first.stop(signal.SIGINT)

    # then: nothing is left, and it was an orderly end
    assert first.process.returncode == 0
    assert family(data_dir) == []
    assert seconds < 12

    # when: the second start
    with product_running(data_dir) as second:
        # then: quick, without a new password, with the same data
        assert second.seconds < SECOND_START_SECONDS
        assert second.password is None
        assert [project["id"] for project in call(second, "projects/", token=token)["results"]] == [projects[0]["id"]]
    assert family(data_dir) == []


def test_running_product_withstands_a_second_launcher_and_killed_processes(data_dir: Path) -> None:
    # given: a password from the environment
    extra = {"ANNOTATOR_DEMO": "0", "ANNOTATOR_ADMIN_PASSWORD": "correct horse battery"}
    with product_running(data_dir, extra=extra) as product:
        # then: it is taken, never printed, and kept from processes that run for weeks
        assert token_of(product, "correct horse battery")
        assert "correct horse battery" not in product.output.read_text()
        others = [process for process in family(data_dir) if process.pid != product.process.pid]
        assert [process.cmdline() for process in others if "ANNOTATOR_ADMIN_PASSWORD" in process.environ()] == []

        # when, then: a second launcher on the same data is refused
        with pytest.raises(ProductError, match=r"Annotator already runs on the data folder"):
            product_start(data_dir)

        # when: a worker is killed
        workers_of(data_dir, "cpu")[0].kill()

        # then: it is started again, with the reason
        reason = "The process was ended by SIGKILL (often: out of memory). It starts again in 1 s."
        wait_until(lambda: reason in product.tail(), product)
        wait_until(lambda: bool(workers_of(data_dir, "cpu")), product)

        # when: the launcher itself is killed
        product.process.kill()
        product.process.wait()

        # then: nothing is left behind
        wait_until(lambda: not family(data_dir), product)


def workers_of(data_dir: Path, queue: str) -> list[psutil.Process]:
    return [process for process in family(data_dir) if f"{queue}@%h" in process.cmdline()]


def wait_until(condition: Callable[[], bool], product: Product, *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, product.tail()
        time.sleep(0.1)
