"""Owns what a stage may ask of its surroundings: where things are, how a command is run and its output kept."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher.python_env import environment_variables, venv_python


class StageFailed(Exception):  # noqa: N818  an outcome, not an error
    """The check found something; its log says what."""


class StageSkipped(Exception):  # noqa: N818  an outcome, not an error
    """The check cannot run here; the message says what is missing."""


@dataclass(frozen=True)
class CheckContext:
    """One run of the checks."""

    root: Path
    venv: Path
    is_ci: bool
    pytest_words: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    @property
    def python(self) -> str:
        return str(venv_python(self.venv))

    @property
    def frontend(self) -> Path:
        return self.root / "frontend"

    def variables(self, **extra: str) -> dict[str, str]:
        """The environment of a check: the virtual environment's programs first, then `extra`."""
        return {**environment_variables(self.venv, self.environ), "PYTHONUNBUFFERED": "1", **extra}

    def missing(self, sentence: str) -> Exception:
        """What to raise when a service or program is not there: in CI that fails, elsewhere it skips."""
        return StageFailed(f"{sentence} CI has to provide it.") if self.is_ci else StageSkipped(sentence)


@dataclass(frozen=True)
class StageRun:
    """A stage's surroundings together with the file that keeps what its commands say."""

    context: CheckContext
    log: IO[str]

    def command(self, *words: str, cwd: Path | None = None, extra: Mapping[str, str] | None = None) -> None:
        """Runs one command to its end. Raises `StageFailed` when it cannot start or ends with an error."""
        variables = self.context.variables(**(extra or {}))
        program = shutil.which(words[0], path=variables["PATH"])
        if program is None:
            raise StageFailed(f"There is no program {words[0]!r} here.")
        self.say(f"$ {' '.join(words)}")
        code = subprocess.call(
            [program, *words[1:]],
            cwd=cwd or self.context.root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        if code != 0:
            raise StageFailed(f"{' '.join(words[:4])} ended with code {code}.")

    def say(self, sentence: str) -> None:
        self.log.write(sentence + "\n")
        self.log.flush()


@contextmanager
def stage_log(folder: Path, name: str) -> Iterator[IO[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("w") as stream:
        yield stream
