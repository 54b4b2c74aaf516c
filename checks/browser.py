"""Owns finding the browser that end-to-end tests drive."""

import os

from checks.context import StageRun
from checks.system_packages import program_ensure


def chromium_ensure(run: StageRun) -> str:
    """The path of a Chromium: ANNOTATOR_CHROMIUM, the machine's, or one installed now."""
    named = run.context.environ.get("ANNOTATOR_CHROMIUM")
    if named and os.access(named, os.X_OK):
        return named
    return program_ensure(
        run, ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"), package="chromium"
    )
