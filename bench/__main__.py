"""Entry of `python -m bench [group | group.figure ...]`: runs each group in a process of its own and prints a table."""

import argparse
import importlib
import os
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from bench import harness
from checks.context import CheckContext, StageFailed, StageRun, StageSkipped
from checks.services import postgres_running

FOLDER = Path(__file__).resolve().parent
NOT_GROUPS = frozenset({"__init__", "__main__", "harness", "instance"})
POSTGRES_SUFFIX = "@postgres"


def groups_list() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.py") if file.stem not in NOT_GROUPS and file.stem[0] != "_")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"Default: all of {', '.join(groups_list())}.")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--suffix", default="", help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true", help="Only list the figures.")
    arguments = parser.parse_args()
    if arguments.inside:
        return group_measure(arguments.inside, arguments.names, suffix=arguments.suffix)
    wanted = arguments.names or groups_list()
    groups = list(dict.fromkeys(name.partition(".")[0] for name in wanted))
    unknown = [group for group in groups if group not in groups_list()]
    if unknown:
        print(f"There is no group {', '.join(unknown)}. Known: {', '.join(groups_list())}.", file=sys.stderr)
        return 2
    if arguments.list:
        return groups_show(groups)
    print(harness.TABLE_HEAD, flush=True)
    return max(_group_run(group, [name for name in wanted if name.partition(".")[0] == group]) for group in groups)


def groups_show(groups: Sequence[str]) -> int:
    for group in groups:
        importlib.import_module(f"bench.{group}")
        for figure in harness.declared.get(group, []):
            print(f"{figure.name:<44} {figure.unit}")
    return 0


def _group_run(group: str, names: Sequence[str]) -> int:
    code = _child_run(group, names, suffix="", extra={})
    if "\nON_DATABASES = True" in (FOLDER / f"{group}.py").read_text() and not os.environ.get("DATABASE_URL"):
        code = max(code, _postgres_run(group, names))
    return code


def _postgres_run(group: str, names: Sequence[str]) -> int:
    context = CheckContext(root=FOLDER.parent, venv=Path(sys.prefix), is_ci=False)
    try:
        with Path(os.devnull).open("w") as log, postgres_running(StageRun(context, log)) as url:
            return _child_run(group, names, suffix=POSTGRES_SUFFIX, extra={"DATABASE_URL": url})
    except (StageSkipped, StageFailed) as reason:
        print(f"skipped {group}{POSTGRES_SUFFIX}: {reason}", flush=True)
        return 0


def _child_run(group: str, names: Sequence[str], *, suffix: str, extra: dict[str, str]) -> int:
    words = [sys.executable, "-m", "bench", "--inside", group, "--suffix", suffix, *names]
    return subprocess.call(words, cwd=FOLDER.parent, env={**os.environ, **extra})


def group_measure(group: str, names: Sequence[str], *, suffix: str) -> int:
    """In the group's own process: measures its figures one after the other. Returns 1 when one broke."""
    importlib.import_module(f"bench.{group}")
    figures = harness.declared.get(group, [])
    chosen = [figure for figure in figures if group in names or figure.name in names or not names]
    broken = 0
    for figure in chosen:
        try:
            line = figure.measure(suffix=suffix)
        except harness.Unavailable as reason:
            print(f"skipped {figure.name}{suffix}: {reason}", flush=True)
        except Exception:
            broken = 1
            print(f"BROKEN  {figure.name}{suffix}", flush=True)
            traceback.print_exc()
        else:
            harness.result_write(line)
            print(harness.result_row(line), flush=True)
    return broken


sys.exit(main())
