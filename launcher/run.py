"""Owns the sequence of `make run`, from the checks that cost nothing to the running processes and their end."""

import http
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from launcher.data_dir import data_dir_held
from launcher.errors import LaunchError
from launcher.front_end import front_end_ensure
from launcher.network import port_check, web_status
from launcher.options import Options, options_from_environment
from launcher.processes import processes_list
from launcher.python_env import environment_ensure, environment_variables, venv_python
from launcher.steps import step_run
from launcher.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent
WEB_SECONDS = 120.0
WEB_ERROR_SECONDS = 5.0
STOPPED_BY_SIGNAL = 130
SAME_REQUEST_SECONDS = 0.5
"""make and the terminal may both pass on one stop; only a later one means "do not wait"."""


class Stopped(BaseException):
    """Somebody asked the launcher to stop while it was still preparing."""


class StopRequests:
    """Turns signals into a count that loops can ask for; while preparing, into `Stopped`."""

    def __init__(self) -> None:
        self.interrupts = True
        self._count = 0
        self._last = -SAME_REQUEST_SECONDS
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup` ignores the hang-up for us; a script's `&` also ignores SIGINT, but a kill -INT is meant to stop.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._note)

    def count(self) -> int:
        return self._count

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last >= SAME_REQUEST_SECONDS:
            self._count += 1
        self._last = now
        if self.interrupts:
            self.interrupts = False
            raise Stopped


def main(words: Sequence[str] = ()) -> int:
    """Runs until stopped. Returns the exit code: 0 after a stop that was asked for, 1 when the start failed.

    With the words `process <name>` this process becomes that one of the product's processes instead: for containers
    and service managers, which keep processes alive themselves.
    """
    requests = StopRequests()
    try:
        options = options_from_environment(os.environ, root=ROOT)
        if words:
            process_become(options, words, environ=os.environ)
        with data_dir_held(options.data_dir):
            launch(options, environ=os.environ, requests=requests)
    except LaunchError as error:
        print(f"\nAnnotator could not start. {error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        print("\nStopped before the start was complete.", flush=True)
        return STOPPED_BY_SIGNAL
    return 0


def launch(options: Options, *, environ: Mapping[str, str], requests: StopRequests) -> None:
    """Prepares everything, starts the processes and returns when they all ended after a stop request."""
    begun = time.monotonic()
    port_check(options.host, options.port)
    environment_ensure(options.venv, requirements=options.root / "requirements.txt", environ=environ)
    front_end_ensure(options.root, venv=options.venv, environ=environ)
    variables = product_variables(options, environ)
    password = database_prepare(options, variables)
    requests.interrupts = False
    is_told = False
    try:
        specs = tuple(processes_list(options))
        with Supervisor(
            specs, cwd=options.root, env=variables, stop_requests=requests.count, output=sys.stdout
        ) as supervisor:
            # The page first: on few cores four processes that start at once make a person wait for all of them.
            supervisor.start("web")
            web_await(options, supervisor, requests)
            if not requests.count():
                print(banner(options, password=password, seconds=time.monotonic() - begun), flush=True)
                is_told = True
                supervisor.start()
            supervisor.run()
            print("Stopping ...", flush=True)
    finally:
        if password is not None and not is_told:
            print(login_sentence(options, password), flush=True)
    print("Stopped.", flush=True)


def process_become(options: Options, words: Sequence[str], *, environ: Mapping[str, str]) -> NoReturn:
    """Replaces this process by one of the product's. Raises `LaunchError` for a name that none has."""
    commands = {spec.name: spec.command for spec in processes_list(options)}
    command = commands.get(words[1]) if len(words) == 2 and words[0] == "process" else None
    if command is None:
        raise LaunchError(
            f"Known words are: {', '.join(f'process {name}' for name in commands)}; or none, to start all."
        )
    os.chdir(options.root)
    os.execve(command[0], command, product_variables(options, environ))  # noqa: S606  a list of our own, no shell


def product_variables(options: Options, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the product's own processes."""
    variables = environment_variables(options.venv, environ)
    # The first password is for `prepare` alone: what runs for weeks has no need of it.
    variables.pop("ANNOTATOR_ADMIN_PASSWORD", None)
    variables["ANNOTATOR_DATA_DIR"] = str(options.data_dir)
    variables["DJANGO_SETTINGS_MODULE"] = "annotator.settings"
    variables["PYTHONUNBUFFERED"] = "1"
    if not variables.get("ANNOTATOR_ALLOWED_HOSTS") and options.host not in {"127.0.0.1", "::1", "localhost"}:
        variables["ANNOTATOR_ALLOWED_HOSTS"] = ",".join(own_names(options.host))
    return variables


def own_names(host: str) -> list[str]:
    """The names under which other machines reach this one, as far as it knows them itself."""
    names = {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), socket.getfqdn()}
    if host not in {"0.0.0.0", "::"}:  # noqa: S104  compared, not bound
        names.add(f"[{host}]" if ":" in host else host)
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, family=socket.AF_INET)
    except socket.gaierror:
        found = []
    names.update(str(address[0]) for *_, address in found)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which own address the default route has
            names.add(str(probe.getsockname()[0]))
        except OSError:
            pass
    return sorted(names)


def database_prepare(options: Options, variables: Mapping[str, str]) -> str | None:
    """Migrates, makes the first administrator and the demo project. Returns a password that was generated, if any."""
    password = options.admin_password or secrets.token_urlsafe(12)
    command = [str(venv_python(options.venv)), "manage.py", "prepare", *([] if options.demo else ["--no-demo"])]
    answer = step_run(
        command,
        cwd=options.root,
        env={
            **variables,
            "ANNOTATOR_ADMIN_USER": options.admin_user,
            "ANNOTATOR_ADMIN_PASSWORD": password,
        },
        failure="The database could not be prepared.",
        capture=True,
    )
    # The last line is the command's answer; what imported packages may print before it is none.
    created = bool(json.loads(answer.splitlines()[-1])["administrator_created"])
    return password if created and options.admin_password is None else None


def web_await(options: Options, supervisor: Supervisor, requests: StopRequests) -> None:
    """Returns when the web process answers or a stop is requested. Raises `LaunchError` when it cannot start."""
    deadline = time.monotonic() + WEB_SECONDS
    while not requests.count():
        supervisor.turn()
        if supervisor.has_died("web"):
            raise LaunchError("The web process ended right after its start; its own words are above.")
        status = web_status(options.host, options.port)
        # A refusal counts as an answer: which host names are served is not asked here.
        if status is not None and status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        if status is not None:
            deadline = min(deadline, time.monotonic() + WEB_ERROR_SECONDS)
        if time.monotonic() > deadline:
            answer = "did not answer" if status is None else f"answers with error {status}; its own words are above"
            raise LaunchError(f"The web process {answer} ({options.url}).")


def banner(options: Options, *, password: str | None, seconds: float) -> str:
    line = "-" * 78
    return (
        f"\n{line}\n  Annotator is running at {options.url}\n  {login_sentence(options, password)}\n"
        f"  Data: {options.data_dir}   Started in {seconds:.1f} s   Ctrl-C stops it\n{line}\n"
    )


def login_sentence(options: Options, password: str | None) -> str:
    if password is not None:
        return f"Log in as {options.admin_user} with the password {password} (shown only this once: keep it)"
    return f"Log in as {options.admin_user} with the password that was set at the first start"
