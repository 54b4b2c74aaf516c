"""Owns the list of processes that make up a running product: their commands, not their lives."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass

from launcher.options import QUEUES, Options
from launcher.python_env import venv_python

WEB_GRACE_SECONDS = 3
"""How long open requests may finish; event streams never do."""

WORKER_AS_ROOT = "You're running the worker with superuser privileges"
"""How Celery's warning begins; it is about pickled messages, and ours are JSON."""

NICENESS = {"interactive": 0, "cpu": 5, "gpu": 10}
"""Added to a worker's niceness, so that on a small machine training slows neither pages nor clicks."""


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One process to keep running."""

    name: str
    command: tuple[str, ...]
    niceness: int = 0
    parent_death_signal: signal.Signals = signal.SIGKILL
    """Sent by the kernel when the launcher itself was killed. A worker may die at any point: no job is lost by it."""


def processes_list(options: Options) -> Iterator[ProcessSpec]:
    """The web process first, then the workers of every queue."""
    yield _web(options)
    for queue in QUEUES:
        count = options.workers[queue]
        for number in range(1, count + 1):
            yield _worker(options, queue=queue, name=queue if count == 1 else f"{queue}-{number}")


def _web(options: Options) -> ProcessSpec:
    host = f"[{options.host}]" if ":" in options.host else options.host
    command = (
        str(venv_python(options.venv)), "-m", "gunicorn", "annotator.wsgi:application",
        "--bind", f"{host}:{options.port}",
        "--worker-class", "gthread",
        "--workers", str(options.web_processes),
        "--threads", str(options.web_threads),
        "--preload",  # one import of the product for all web processes: less memory, and a quicker start on few cores
        "--graceful-timeout", str(WEB_GRACE_SECONDS),
        "--timeout", "120",
        "--keep-alive", "75",
        "--log-level", "warning",
    )  # fmt: skip
    # gunicorn's arbiter takes its own workers along, which a KILL would leave behind.
    return ProcessSpec(name="web", command=command, parent_death_signal=signal.SIGQUIT)


def _worker(options: Options, *, queue: str, name: str) -> ProcessSpec:
    command = (
        str(venv_python(options.venv)), "-W", f"ignore:{WORKER_AS_ROOT}", "-m", "celery",
        "--quiet", "--app", "annotator", "worker",
        "--queues", queue,
        "--hostname", f"{name}@%h",
        # One job at a time in the worker's own process: a second process per worker would only cost memory.
        "--pool", "solo",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
        "--loglevel", "INFO",
    )  # fmt: skip
    return ProcessSpec(name=name, command=command, niceness=NICENESS[queue])
