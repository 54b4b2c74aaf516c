"""Owns PostgreSQL and Redis for one run of tests: those that the environment names, else private ones."""

import os
import pwd
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.context import StageFailed, StageRun
from checks.system_packages import program_ensure

START_SECONDS = 30.0
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
"""These tests check behaviour, and the cluster is thrown away."""

UNPRIVILEGED_USERS = ("postgres", "nobody")


@contextmanager
def postgres_running(run: StageRun) -> Iterator[str]:
    """A DATABASE_URL: ANNOTATOR_TEST_DATABASE_URL when set, else a server in a temporary folder on a private socket."""
    if url := run.context.environ.get("ANNOTATOR_TEST_DATABASE_URL"):
        yield url
        return
    initdb = program_ensure(run, ("initdb",), package="postgresql", folders=("/usr/lib/postgresql/*/bin",))
    server = str(Path(initdb).resolve().parent / "postgres")
    with tempfile.TemporaryDirectory(prefix="annotator-postgres-") as name:
        folder = Path(name)
        account = _unprivileged()
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = folder / "data"
        made = _run_as(
            account,
            [initdb, "-D", str(data), "-U", "annotator", "--auth=trust", "--encoding=UTF8", "--no-sync"],
            run=run,
            folder=folder,
        )
        if made.wait() != 0:
            raise StageFailed("initdb failed.")
        port = free_port()
        process = _run_as(
            account,
            [server, "-D", str(data), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port), *NOT_DURABLE],
            run=run,
            folder=folder,
        )
        try:
            _await_port(port, process, what="PostgreSQL")
            yield f"postgres://annotator@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait()


@contextmanager
def redis_running(run: StageRun) -> Iterator[str]:
    """A REDIS_URL: ANNOTATOR_TEST_REDIS_URL when set, else a private server without persistence."""
    if url := run.context.environ.get("ANNOTATOR_TEST_REDIS_URL"):
        yield url
        return
    server = program_ensure(run, ("redis-server", "valkey-server"), package="redis-server")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="annotator-redis-") as name:
        words = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", name]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=run.log, stderr=subprocess.STDOUT)
        try:
            _await_port(port, process, what="Redis")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged() -> pwd.struct_passwd | None:
    """The account that PostgreSQL runs under when we are root, which it refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StageFailed("PostgreSQL does not run as root, and this machine has no other account.")


def _run_as(
    account: pwd.struct_passwd | None, words: list[str], *, run: StageRun, folder: Path
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=run.log,
        stderr=subprocess.STDOUT,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"},
    )


def _await_port(port: int, process: subprocess.Popen[bytes], *, what: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StageFailed(f"{what} ended with code {process.returncode} right after its start.")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise StageFailed(f"{what} did not listen on port {port} within {START_SECONDS:.0f} s.")
