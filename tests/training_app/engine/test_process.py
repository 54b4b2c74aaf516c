"""The engine as a process: its job file, its stream, and what ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import psutil
import pytest

from tests.training_app.engine.scenes import ROOT, classification_dataset, start_engine, train_data


def test_bad_job_is_a_failed_event_and_exit_code_1(tmp_path: Path) -> None:
    # given
    job = {"mode": "train", "architecture": "perceptron", "dataset": "d", "output": "o"}

    # when
    engine = start_engine(job, tmp_path)
    rows = engine.finish()

    # then
    assert engine.process.returncode == 1
    assert [(row["event"], row["code"]) for row in rows] == [("failed", "bad_job")]
    assert rows[0]["detail"].startswith("There is no architecture 'perceptron'; known are ")


def test_events_are_alone_on_standard_output(tmp_path: Path) -> None:
    # given
    code = (
        "import os, sys\n"
        "from training_app.engine.events import open_event_stream\n"
        "events = open_event_stream()\n"
        "print('a library talks'); sys.stdout.flush(); os.write(1, b'so does C')\n"
        "events.send('note', value=float('nan'), deep=[{'x': float('inf')}])\n"
    )

    # when
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)

    # then
    assert orjson.loads(done.stdout) == {"event": "note", "value": None, "deep": [{"x": None}]}
    assert b"a library talks" in done.stderr


@pytest.mark.slow
def test_engine_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    # given  a parent that starts a long training and holds its standard input
    dataset = classification_dataset(tmp_path / "data")
    job = tmp_path / "job.json"
    job.write_bytes(orjson.dumps(train_data(dataset, tmp_path / "run", "squeezenet1_0", epochs=5000)))
    code = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-m', 'training_app.engine', {str(job)!r}],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True)\n"
        "for line in child.stdout: print(line.decode(), flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        while b'"step"' not in parent.stdout.readline():
            pass

        # when
        os.kill(parent.pid, signal.SIGKILL)

    # then
    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
