"""Entry of `python -m checks [stage or group ...]`; without arguments everything that CI runs."""

import argparse
import os
import sys
from pathlib import Path

from checks.context import CheckContext
from checks.runner import stages_run
from checks.stages import STAGES, stages_select
from launcher.errors import LaunchError
from launcher.options import options_from_environment

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    groups = sorted({group for stage in STAGES for group in stage.groups})
    parser = argparse.ArgumentParser(prog="python -m checks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"Stages, or groups of them: {', '.join(groups)}. Default: all.")
    parser.add_argument("--pytest", default="", help="Further words for pytest, for example: --pytest '-k mask -x'")
    arguments = parser.parse_args()
    try:
        options = options_from_environment(os.environ, root=ROOT)
        stages = stages_select(arguments.names)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    context = CheckContext(
        root=ROOT,
        venv=options.venv,
        is_ci=os.environ.get("CI", "").lower() in {"1", "true"},
        pytest_words=tuple(arguments.pytest.split()),
    )
    return 0 if stages_run(stages, context) else 1


sys.exit(main())
