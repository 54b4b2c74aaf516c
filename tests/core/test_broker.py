"""The embedded broker loses no message and ends no worker, however many processes share its folder."""

from __future__ import annotations

import multiprocessing
import os
import queue
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport.virtual.base import BrokerState

from annotator.celery import app
from annotator.core.broker import Transport

MESSAGES = 300
READERS = 3


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process remembers the bindings of its one folder; each test has another folder."""
    monkeypatch.setattr(Transport, "global_state", BrokerState())


def connect(folder: Path) -> Connection:
    (folder / "messages").mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "polling_interval": 0.001,
    }
    return Connection("filesystem://", transport_options=options)


def left(folder: Path) -> list[str]:
    return [path.name for path in (folder / "messages").iterdir()]


def test_the_product_uses_it() -> None:
    assert TRANSPORT_ALIASES["filesystem"] == "annotator.core.broker:Transport"
    assert app.conf.broker_url.startswith(("filesystem://", "redis://"))


def test_folder_that_has_long_been_empty_is_not_listed_again_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(tmp_path) as connection:
        box = connection.SimpleQueue("cpu")
        folder = tmp_path / "messages"
        glob = mock.Mock(side_effect=lambda _: list(folder.iterdir()))
        monkeypatch.setattr(Path, "glob", lambda _, pattern: glob(pattern))
        for age, expected in ((0, 2), (60, 1)):
            long_ago = time.time() - age
            os.utime(folder, (long_ago, long_ago))
            glob.reset_mock()
            for _ in range(2):
                with pytest.raises(queue.Empty):
                    box.get(block=False)
            assert glob.call_count == expected
        box.put({"number": 1})
        message = box.get(timeout=5)
        message.ack()
        assert message.payload == {"number": 1}


def test_messages_come_in_their_order_and_leave_nothing(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        box = connection.SimpleQueue("cpu")
        for number in range(3):
            box.put({"number": number})
            time.sleep(0.002)
        found = []
        for _ in range(3):
            message = box.get(timeout=5)
            message.ack()
            found.append(message.payload["number"])

    assert found == [0, 1, 2]
    assert left(tmp_path) == []


def test_a_queue_does_not_see_anothers_messages(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        connection.SimpleQueue("cpu").put({"number": 1})
        with pytest.raises(queue.Empty):
            connection.SimpleQueue("gpu").get(timeout=0.05)


def test_a_file_that_is_no_message_is_put_aside(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        box = connection.SimpleQueue("cpu")
        (tmp_path / "messages" / "0_broken.cpu.msg").write_text("")
        box.put({"number": 1})

        message = box.get(timeout=5)
        message.ack()

    assert message.payload == {"number": 1}
    assert left(tmp_path) == []


def write_messages(folder: Path) -> None:
    with connect(folder) as connection:
        box = connection.SimpleQueue("cpu")
        for number in range(MESSAGES):
            box.put({"number": number})


def read_messages(folder: Path, answers: Any) -> None:
    with connect(folder) as connection:
        box = connection.SimpleQueue("cpu")
        while True:
            try:
                message = box.get(timeout=3)
            except queue.Empty:
                return
            answers.put(message.payload["number"])
            message.ack()


def test_every_message_reaches_exactly_one_of_many_readers(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    readers = [spawn.Process(target=read_messages, args=(tmp_path, answers)) for _ in range(READERS)]
    writer = spawn.Process(target=write_messages, args=(tmp_path,))
    for process in [*readers, writer]:
        process.start()
    found = [answers.get(timeout=60) for _ in range(MESSAGES)]
    for process in [*readers, writer]:
        process.join()

    assert sorted(found) == list(range(MESSAGES))
    assert [process.exitcode for process in [*readers, writer]] == [0] * (READERS + 1)
    assert left(tmp_path) == []
