"""Started processes are forwarded, restarted and ended, whatever they do."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from launcher import supervisor as module
from launcher.processes import ProcessSpec
from launcher.supervisor import Supervisor, death_sentence, restart_wait
from tests.architecture.sources import ROOT

SECONDS = 15.0


def spec(name: str, code: str) -> ProcessSpec:
    return ProcessSpec(name=name, command=(sys.executable, "-c", code))


def run_until(specs: list[ProcessSpec], condition: Callable[[str], bool], tmp_path: Path) -> str:
    """Runs `specs` until what they said fulfils `condition`, stops them and returns what they said."""
    output = io.StringIO()
    deadline = time.monotonic() + SECONDS
    with Supervisor(specs, cwd=tmp_path, env=os.environ, stop_requests=lambda: 0, output=output) as running:
        running.start()
        while not condition(output.getvalue()):
            assert time.monotonic() < deadline, output.getvalue()
            running.turn()
    return output.getvalue()


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def await_end(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_output_is_forwarded_line_by_line_with_the_name(tmp_path: Path) -> None:
    # given
    code = (
        "import sys, time; print('one'); print('zwei ä', file=sys.stderr);"
        "sys.stdout.write('no end'); sys.stdout.flush(); time.sleep(60)"
    )

    # when
    said = run_until(
        [spec("web", code), spec("interactive", "import time; print('ready'); time.sleep(60)")],
        lambda text: "zwei" in text and "ready" in text,
        tmp_path,
    )

    # then
    assert "web         | one\n" in said
    assert "web         | zwei ä\n" in said
    assert "interactive | ready\n" in said
    assert said.count("no end") == 1


def test_dead_process_starts_again_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.1)

    # when
    said = run_until([spec("cpu", "print('up'); raise SystemExit(3)")], lambda text: text.count("up\n") >= 3, tmp_path)

    # then
    assert "cpu | The process ended with code 3. It starts again in 0 s." in said


def test_waits_between_restarts_grow_to_a_limit() -> None:
    assert [restart_wait(failures) for failures in (1, 2, 3, 4, 5, 6, 50)] == [1, 2, 4, 8, 16, 30, 30]


def test_killed_process_is_told_apart_from_one_that_ended() -> None:
    assert death_sentence(-signal.SIGKILL) == "The process was ended by SIGKILL (often: out of memory)."
    assert death_sentence(-signal.SIGTERM) == "The process was ended by SIGTERM."
    assert death_sentence(1) == "The process ended with code 1."


def test_leaving_ends_processes_that_ignore_the_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given
    monkeypatch.setattr(module, "STOP_SECONDS", 0.3)
    code = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open('pid', 'w').write(str(os.getpid())); print('up', flush=True); time.sleep(60)"
    )

    # when
    run_until([spec("cpu", code)], lambda text: "up" in text, tmp_path)

    # then
    assert await_end(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="Adopting orphans is a Linux call.")
def test_leaving_ends_grandchildren_that_left_their_group(tmp_path: Path) -> None:
    # given: a worker whose training child has a session of its own
    grandchild = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    code = (
        "import subprocess, sys, time, os\n"
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}], start_new_session=True)\n"
        "while not os.path.exists('pid') or not open('pid').read(): time.sleep(0.01)\n"
        "print('up', flush=True); time.sleep(60)"
    )

    # when
    run_until([spec("gpu", code)], lambda text: "up" in text, tmp_path)

    # then
    assert await_end(int((tmp_path / "pid").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="The parent's death is signalled by Linux.")
def test_killed_launcher_takes_its_processes_along(tmp_path: Path) -> None:
    # given
    code = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(60)"
    launcher = (
        "import os, sys; from pathlib import Path; from launcher.processes import ProcessSpec\n"
        "from launcher.supervisor import Supervisor\n"
        f"specs = [ProcessSpec('cpu', (sys.executable, '-c', {code!r}))]\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "with Supervisor(specs, cwd=folder, env=os.environ, stop_requests=lambda: 0, output=sys.stdout) as running:\n"
        "    running.start(); running.run()"
    )
    process = subprocess.Popen([sys.executable, "-c", launcher], cwd=ROOT)
    deadline = time.monotonic() + SECONDS
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)

    # when
    process.kill()
    process.wait()

    # then
    assert await_end(int((tmp_path / "pid").read_text()))


def test_closed_output_does_not_disturb_the_processes(tmp_path: Path) -> None:
    # given
    class Closed(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    # when
    with Supervisor(
        [spec("cpu", "import time; print('up', flush=True); open('up', 'w'); time.sleep(60)")],
        cwd=tmp_path,
        env=os.environ,
        stop_requests=lambda: 0,
        output=Closed(),
    ) as running:
        running.start()
        deadline = time.monotonic() + SECONDS
        while not (tmp_path / "up").exists():
            assert time.monotonic() < deadline
            running.turn()
        running.turn()

        # then
        assert not running.has_died("cpu")


def test_only_named_processes_start_until_the_rest_is_asked_for(tmp_path: Path) -> None:
    # given
    output = io.StringIO()
    code = "import time; print('up', flush=True); time.sleep(60)"
    with Supervisor(
        [spec("web", code), spec("cpu", code)], cwd=tmp_path, env=os.environ, stop_requests=lambda: 0, output=output
    ) as running:
        # when
        running.start("web")
        while "web | up" not in output.getvalue():
            running.turn()

        # then
        assert "cpu" not in output.getvalue()

        # when
        running.start()
        while "cpu | up" not in output.getvalue():
            running.turn()

    # then
    assert output.getvalue().count("up\n") == 2
