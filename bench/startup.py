"""Start and stop of the whole product as a user sees them, on a data folder of its own."""

import functools
import signal
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.harness import benchmark
from checks.product import product_start

SETTLE_SECONDS = 3.0
WATCH_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Starts:
    """What two starts in a row took, and what the running product weighs when nobody uses it."""

    first: float
    second: float
    stop: float
    memory: float
    idle_cores: float


@functools.cache
def starts_measure() -> Starts:
    with tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder:
        first = product_start(Path(folder))
        first.stop()
        second = product_start(Path(folder))
        try:
            family = [psutil.Process(second.process.pid)]
            family += family[0].children(recursive=True)
            psutil.cpu_percent(SETTLE_SECONDS)
            before = sum(_cpu_seconds(member) for member in family)
            psutil.cpu_percent(WATCH_SECONDS)
            idle = (sum(_cpu_seconds(member) for member in family) - before) / WATCH_SECONDS
            memory = sum(member.memory_full_info().pss for member in family)
        finally:
            seconds = second.stop(signal.SIGINT)
        first.output.unlink()
        second.output.unlink()
    return Starts(first=first.seconds, second=second.seconds, stop=seconds, memory=memory / 1e6, idle_cores=idle)


def _cpu_seconds(member: psutil.Process) -> float:
    times = member.cpu_times()
    return float(times.user + times.system)


@benchmark("second_start", unit="s", target=10)
def second_start() -> float:
    """From the command to an answering page, with everything installed and built."""
    return starts_measure().second


@benchmark("first_start", unit="s", target=30)
def first_start() -> float:
    """The same on an empty data folder: all migrations, administrator, demo project."""
    return starts_measure().first


@benchmark("stop", unit="s", target=10)
def stop() -> float:
    """From Ctrl-C until the last process is gone."""
    return starts_measure().stop


@benchmark("idle_memory", unit="MB", target=1000)
def idle_memory() -> float:
    """Proportional memory of all processes when nobody uses the product."""
    return starts_measure().memory


@benchmark("idle_cpu", unit="cores", target=0.1)
def idle_cpu() -> float:
    """What polling and waiting cost when nobody uses the product."""
    return starts_measure().idle_cores
