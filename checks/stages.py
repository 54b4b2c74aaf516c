"""The list of checks: name, lane, what comes first; the only place where their commands are spelled."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.browser import chromium_ensure
from checks.context import StageRun
from checks.services import postgres_running, redis_running
from launcher.errors import LaunchError
from launcher.front_end import front_end_ensure, node_ensure, packages_ensure
from launcher.python_env import environment_ensure

Action = Callable[[StageRun], str | None]
"""Runs the check; may return a few words for the summary."""


@dataclass(frozen=True)
class Stage:
    """One check. `after` names stages that must have succeeded first, if they are run at all."""

    name: str
    lane: str
    action: Action
    groups: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _environment(run: StageRun) -> None:
    context = run.context
    environment_ensure(context.venv, requirements=context.root / "requirements-dev.txt", environ=context.environ)


def _python_lint(run: StageRun) -> None:
    run.command("ruff", "check", ".")
    run.command("ruff", "format", "--check", ".")


def _python_types(run: StageRun) -> None:
    run.command("mypy")


def _imports(run: StageRun) -> None:
    run.command("lint-imports")


def _packages(run: StageRun) -> None:
    packages_ensure(run.context.root, venv=run.context.venv, environ=run.context.environ)


def _npm(run: StageRun, *words: str) -> None:
    variables = node_ensure(run.context.venv, environ=run.context.environ)
    run.command("npm", *words, cwd=run.context.frontend, extra={"PATH": variables["PATH"]})


def _npm_script(script: str) -> Action:
    return lambda run: _npm(run, "run", script)


def _build(run: StageRun) -> None:
    front_end_ensure(run.context.root, venv=run.context.venv, environ=run.context.environ)


def _pytest(run: StageRun, marks: str, *words: str, **extra: str) -> str:
    run.command(run.context.python, "-m", "pytest", "-m", marks, *words, *run.context.pytest_words, extra=extra)
    return pytest_summary(Path(run.log.name).read_text(errors="replace"))


def pytest_summary(text: str) -> str:
    """`=== 12 passed, 1 skipped in 3.2s ===` → `12 passed, 1 skipped`."""
    found = re.findall(r"^=+ (.*?) in [0-9.]+s.*=+$", text, flags=re.MULTILINE)
    return str(found[-1]) if found else ""


def _pytest_parallel(run: StageRun, marks: str) -> str:
    # Two processes, one thread each: with more, NumPy and torch wait for each other on machines with few cores.
    return _pytest(run, marks, "-n", "2", "--dist", "loadfile", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")


def _tests(run: StageRun) -> str:
    return _pytest_parallel(run, "not e2e and not postgres and not redis")


def _tests_fast(run: StageRun) -> str:
    return _pytest_parallel(run, "not e2e and not slow and not postgres and not redis")


def _tests_services(run: StageRun) -> str:
    with postgres_running(run) as database_url, redis_running(run) as redis_url:
        return _pytest(
            run,
            "(database or postgres or redis) and not e2e and not slow",
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
        )


def _tests_e2e(run: StageRun) -> str:
    return _pytest(run, "e2e", ANNOTATOR_CHROMIUM=chromium_ensure(run))


STAGES: tuple[Stage, ...] = (
    Stage("environment", "python", _environment),
    Stage("lint", "python", _python_lint, ("check", "lint"), ("environment",)),
    Stage("imports", "python", _imports, ("check",), ("environment",)),
    Stage("types", "python", _python_types, ("check",), ("environment",)),
    Stage("packages", "front end", _packages, (), ("environment",)),
    Stage("ui-lint", "front end", _npm_script("lint"), ("check", "lint"), ("packages",)),
    Stage("ui-types", "front end", _npm_script("typecheck"), ("check", "types"), ("packages",)),
    Stage("ui-deadcode", "front end", _npm_script("deadcode"), ("check",), ("packages",)),
    Stage("ui-tests", "front end", _npm_script("test"), ("test-fast",), ("packages",)),
    Stage("ui-build", "front end", _build, (), ("packages",)),
    Stage("tests-fast", "python", _tests_fast, ("test-fast",), ("environment", "packages")),
    Stage("tests", "python", _tests, (), ("environment", "packages")),
    Stage("tests-services", "python", _tests_services, (), ("environment",)),
    Stage("tests-e2e", "python", _tests_e2e, ("e2e",), ("environment", "ui-build")),
)

PREPARATIONS = frozenset({"environment", "packages", "ui-build"})
"""Stages that make something which others use; a stage that is chosen alone brings them along."""

LEFT_OUT_OF_ALL = frozenset({"tests-fast"})
"""Part of another stage already."""


def stages_select(names: Sequence[str]) -> list[Stage]:
    """The stages of these names and groups, in the list's order; all of them for no names. Raises `LaunchError`."""
    if not names:
        return [stage for stage in STAGES if stage.name not in LEFT_OUT_OF_ALL]
    known = {stage.name for stage in STAGES} | {group for stage in STAGES for group in stage.groups}
    for name in names:
        if name not in known:
            raise LaunchError(f"There is no check {name!r}. Known: {', '.join(sorted(known))}.")
    chosen = {stage.name for stage in STAGES if stage.name in names or set(names) & set(stage.groups)}
    # A stage stands behind what it needs, so one way from the end to the beginning finds needs of needs too.
    for stage in reversed(STAGES):
        if stage.name in chosen:
            chosen |= PREPARATIONS.intersection(stage.after)
    return [stage for stage in STAGES if stage.name in chosen]
