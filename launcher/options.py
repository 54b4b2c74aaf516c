"""Owns which environment variables the launcher honours and what they mean; touches neither files nor processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LaunchError

QUEUES = ("interactive", "cpu", "gpu")
"""One worker process each at least: training blocks no import, and nothing blocks a click in the editor."""

SWITCHED_OFF = frozenset({"0", "no", "false", "off"})


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that the environment decides about one start."""

    root: Path
    data_dir: Path
    venv: Path
    host: str
    port: int
    admin_user: str
    admin_password: str | None
    web_processes: int
    web_threads: int
    workers: Mapping[str, int]
    demo: bool

    @property
    def url(self) -> str:
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  compared, not bound
        bracketed = f"[{shown}]" if ":" in shown else shown
        return f"http://{bracketed}:{self.port}/"


def options_from_environment(environ: Mapping[str, str], *, root: Path) -> Options:
    """Reads `environ`. Relative folders are taken from `root`. Raises `LaunchError` naming the variable at fault."""
    return Options(
        root=root,
        data_dir=_folder(environ, "ANNOTATOR_DATA_DIR", root=root, default="data"),
        venv=_folder(environ, "ANNOTATOR_VENV", root=root, default=".venv"),
        host=environ.get("ANNOTATOR_HOST") or "127.0.0.1",
        port=_number(environ, "PORT", default=8000, least=1, most=65535),
        admin_user=environ.get("ANNOTATOR_ADMIN_USER") or "admin",
        admin_password=environ.get("ANNOTATOR_ADMIN_PASSWORD") or None,
        web_processes=_number(environ, "ANNOTATOR_WEB_PROCESSES", default=2, least=1, most=64),
        web_threads=_number(environ, "ANNOTATOR_WEB_THREADS", default=16, least=1, most=256),
        workers={
            queue: _number(environ, f"ANNOTATOR_WORKERS_{queue.upper()}", default=1, least=0, most=64)
            for queue in QUEUES
        },
        demo=environ.get("ANNOTATOR_DEMO", "1").strip().lower() not in SWITCHED_OFF,
    )


def _folder(environ: Mapping[str, str], name: str, *, root: Path, default: str) -> Path:
    return (root / Path(environ.get(name) or default).expanduser()).resolve()


def _number(environ: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise LaunchError(f"{name} is {text!r}, but it has to be a whole number from {least} to {most}.")
    return int(text)
