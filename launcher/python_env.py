"""Owns the virtual environment: creates it and installs pinned requirements when they changed."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher.errors import LaunchError
from launcher.stamps import files_digest, stamp_matches, stamp_remove, stamp_write
from launcher.steps import step_run

ROOM_FOR_FIRST_INSTALL = 8 * 10**9
"""Bytes: torch with its CUDA libraries unpacks to 5.4 GB, pip needs room for its downloads besides."""


def venv_python(venv: Path) -> Path:
    return venv / "bin" / "python"


def environment_variables(venv: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with the environment's programs first on PATH and no other environment's traces."""
    variables = {key: value for key, value in environ.items() if key not in {"PYTHONHOME", "__PYVENV_LAUNCHER__"}}
    variables["VIRTUAL_ENV"] = str(venv)
    variables["PATH"] = os.pathsep.join([str(venv / "bin"), environ.get("PATH", os.defpath)])
    variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return variables


def environment_ensure(venv: Path, *, requirements: Path, environ: Mapping[str, str]) -> bool:
    """Makes `venv` hold what `requirements` pins. Returns whether anything had to be installed."""
    if not os.access(venv_python(venv), os.X_OK):
        _create(venv, environ)
    stamp = venv / f".installed-{requirements.stem}"
    digest = files_digest(_with_includes(requirements), base=requirements.parent, extra=_interpreter(venv))
    if stamp_matches(stamp, digest):
        return False
    is_first = not any(venv.glob("lib/python*/site-packages/torch/__init__.py"))
    if is_first:
        _warn_about_room(venv)
    hint = " (about 5 GB: this takes some minutes)" if is_first else ""
    print(f"Installing {requirements.name} into {venv}{hint} ...", flush=True)
    stamp_remove(stamp)
    # The first time pip's lines are the only sign of progress; later ones would list what is there already.
    words = ["-r", str(requirements), *([] if is_first else ["--quiet"])]
    packages_install(venv, words, environ=environ, what=requirements.name)
    stamp_write(stamp, digest)
    return True


def packages_install(venv: Path, arguments: list[str], *, environ: Mapping[str, str], what: str) -> None:
    step_run(
        [str(venv_python(venv)), "-m", "pip", "install", "--no-input", "--progress-bar", "off", *arguments],
        cwd=venv.parent,
        env=environment_variables(venv, environ),
        failure=f"pip could not install {what}. Check that this machine reaches its package index and start again.",
    )


def _create(venv: Path, environ: Mapping[str, str]) -> None:
    print(f"Creating the Python environment {venv} ...", flush=True)
    if venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        raise LaunchError(
            f"{venv} exists and is no Python environment. Move it away, or name another folder with ANNOTATOR_VENV."
        )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    step_run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        cwd=venv.parent if venv.parent.exists() else Path.cwd(),
        env=environ,
        failure=f"Python {version} could not create a virtual environment in {venv}. "
        f"On Debian and Ubuntu its parts are in a package of their own: apt-get install python{version}-venv.",
    )


def _with_includes(requirements: Path) -> list[Path]:
    """The file and every file that it includes with `-r`."""
    files = [requirements]
    for line in requirements.read_text().splitlines():
        if line.startswith("-r "):
            files.extend(_with_includes(requirements.parent / line[3:].strip()))
    return files


def _interpreter(venv: Path) -> str:
    """What the installed wheels depend on besides their pins."""
    config = venv / "pyvenv.cfg"
    lines = config.read_text().splitlines() if config.exists() else []
    return "".join(line for line in lines if line.startswith("version"))


def _warn_about_room(venv: Path) -> None:
    free = shutil.disk_usage(venv).free
    if free < ROOM_FOR_FIRST_INSTALL:
        print(
            f"Only {free / 1e9:.1f} GB are free in {venv.parent}; "
            f"the first installation takes about {ROOM_FOR_FIRST_INSTALL / 1e9:.0f} GB.",
            flush=True,
        )
