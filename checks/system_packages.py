"""Owns getting a program that no Python or npm package brings, on machines where that is possible."""

import os
import shutil
from pathlib import Path

from checks.context import StageFailed, StageRun


def program_ensure(run: StageRun, programs: tuple[str, ...], *, package: str, folders: tuple[str, ...] = ()) -> str:
    """The path of the first of `programs` found on PATH or in `folders`; installs Debian's `package` if there is none.

    `folders` are patterns: Debian keeps some programs off PATH, in a folder per major version.
    Raises what `CheckContext.missing` says when it is neither there nor installable.
    """
    if found := _find(run, programs, folders):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run.say(f"Installing {package} ...")
        extra = {"DEBIAN_FRONTEND": "noninteractive"}
        try:
            run.command("apt-get", "update", "-qq", extra=extra)
            run.command("apt-get", "install", "-y", "-qq", "--no-install-recommends", package, extra=extra)
        except StageFailed as error:
            raise run.context.missing(f"{package} could not be installed with apt-get.") from error
        if found := _find(run, programs, folders):
            return found
    raise run.context.missing(f"{programs[0]} is not installed: apt-get install {package}.")


def _find(run: StageRun, programs: tuple[str, ...], folders: tuple[str, ...]) -> str | None:
    matches = [str(match) for pattern in folders for match in Path("/").glob(pattern.removeprefix("/"))]
    off_path = sorted(matches, reverse=True)
    path = os.pathsep.join([*off_path, run.context.variables()["PATH"]])
    for program in programs:
        if found := shutil.which(program, path=path):
            return found
    return None
