"""The browser that the journeys use: Debian's or Google's Chromium, alone, calling nobody."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import ViewportSize

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WINDOW: ViewportSize = {"width": 1440, "height": 900}


def chromium_find() -> str | None:
    """ANNOTATOR_CHROMIUM, or what the machine has."""
    return os.environ.get("ANNOTATOR_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
