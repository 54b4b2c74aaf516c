"""One launcher per data folder, one program per port."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.data_dir import LOCK_NAME, data_dir_held
from launcher.errors import LaunchError
from launcher.network import port_check, web_status
from tests.architecture.sources import ROOT


def test_second_launcher_on_a_folder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    with data_dir_held(tmp_path), pytest.raises(LaunchError) as caught, data_dir_held(tmp_path):
        pass
    assert str(caught.value) == (
        f"Annotator already runs on the data folder {tmp_path} (process {os.getpid()}). "
        "Stop that one first, or give this one a folder of its own with ANNOTATOR_DATA_DIR."
    )


def test_folder_is_free_after_its_launcher_was_killed(tmp_path: Path) -> None:
    # given
    program = (
        "import sys, time; from pathlib import Path; from launcher.data_dir import data_dir_held\n"
        f"with data_dir_held(Path({str(tmp_path)!r})): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LaunchError), data_dir_held(tmp_path):
            pass

        # when
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    # then
    with data_dir_held(tmp_path):
        assert (tmp_path / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sentence = r"The data folder .* cannot be written \(Not a directory\)"
    with pytest.raises(LaunchError, match=sentence), data_dir_held(tmp_path / "file" / "data"):
        pass


def test_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(LaunchError) as caught:
            port_check("127.0.0.1", port)
    assert str(caught.value).startswith(
        f"Port {port} on 127.0.0.1 is taken by another program (Address already in use)."
    )
    assert "make run PORT=" in str(caught.value)


def test_free_port_passes_and_nobody_answers_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    port_check("127.0.0.1", port)
    assert web_status("127.0.0.1", port) is None


def test_host_that_does_not_exist_is_named() -> None:
    with pytest.raises(LaunchError, match=r"ANNOTATOR_HOST is 'no such host', which is no address of this machine\."):
        port_check("no such host", 8000)
