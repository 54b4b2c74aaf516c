"""A real chromium for measurements: fresh for each scene, and what its line must say of it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from bench.harness import Unavailable

FLAGS = ("--no-sandbox", "--js-flags=--expose-gc", "--enable-precise-memory-info")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=_path(), args=list(FLAGS))
        except Error as error:
            raise Unavailable(f"No browser can be started: {error.message.splitlines()[0]}") from error
        yield browser
        browser.close()


def circumstances(browser: Browser | None) -> dict[str, Any]:
    """How pixels are made here, and how busy the machine is: a figure of frames means nothing without them."""
    assert browser is not None
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getInfo")["gpu"]["featureStatus"]
    session.detach()
    return {
        "raster": _kind(found.get("rasterization", "")),
        "canvas": _kind(found.get("2d_canvas", "")),
        "load": round(os.getloadavg()[0], 2),
    }


def processor_time_expose(page: Page) -> None:
    """Lets the page ask for its main thread's processor time (`window.processorTime()`, milliseconds)."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def ask() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    page.expose_function("processorTime", ask)


def _kind(status: str) -> str:
    """Software unless the browser says that the work is accelerated."""
    return "gpu" if status.startswith("enabled") else "software"


def _path() -> str | None:
    return os.environ.get("ANNOTATOR_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
