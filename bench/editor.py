"""Figures of the editor core in a real browser: 10,000 polygons of 20 points at 1600 x 900, a 16-megapixel mask.

The browser is headless and has no GPU, so every pixel is drawn by the CPU; frames are measured from repaint to repaint.
"""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from bench.harness import Measurement, Unavailable, benchmark

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
FRAME = 1000 / 60


@functools.cache
def _script() -> Path:
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    if not vite.exists():
        raise Unavailable("frontend/node_modules is missing; run `npm ci` in frontend/.")
    folder = Path(tempfile.mkdtemp(prefix="annotator-bench-"))
    words = [
        str(vite),
        "build",
        "--config",
        "src/editor/bench/vite.config.ts",
        "--outDir",
        str(folder),
        "--logLevel",
        "error",
    ]
    subprocess.run(words, cwd=FRONTEND, check=True, capture_output=True)
    return folder / "bench.js"


@functools.cache
def _figures(name: str) -> dict[str, float]:
    """What `window.editorBench.<name>()` answers, in milliseconds, from a fresh browser."""
    script = _script()
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=_browser(), args=["--no-sandbox"])
        except Error as error:
            raise Unavailable(f"No browser can be started: {error.message.splitlines()[0]}") from error
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_content("<body style='margin: 0'></body>")
        page.add_script_tag(path=script)
        answer: dict[str, float] = page.evaluate(f"window.editorBench.{name}()")
        browser.close()
    return answer


def _browser() -> str | None:
    return os.environ.get("ANNOTATOR_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")


def _declare(name: str, scene: str, key: str, *, target: float, idle: str = "") -> None:
    """A figure of a scene; `idle` names the same figure of the same page while it does nothing."""

    def measure() -> Measurement:
        figures = _figures(scene)
        return Measurement(figures[key], figures[idle] if idle else None)

    benchmark(name, unit="ms", target=target, peer="the page at rest" if idle else "")(measure)


_declare("open_10k", "open", "first", target=500)
_declare("pan_10k_frame_p50", "pan", "p50", target=FRAME + 1, idle="idle50")
_declare("pan_10k_frame_p95", "pan", "p95", target=2 * FRAME, idle="idle95")
_declare("zoom_10k_frame_p50", "zoom", "p50", target=FRAME + 1, idle="idle50")
_declare("zoom_10k_frame_p95", "zoom", "p95", target=2 * FRAME, idle="idle95")
_declare("drag_one_of_10k_frame_p50", "drag", "p50", target=FRAME + 1, idle="idle50")
_declare("drag_all_10k_frame_p50", "dragAll", "p50", target=FRAME + 1, idle="idle50")
_declare("hover_10k_p95", "hover", "p95", target=2)
_declare("brush_16mp_frame_p50", "brush", "p50", target=FRAME + 1, idle="idle50")
_declare("brush_16mp_begin", "brush", "down", target=50)
_declare("brush_16mp_end", "brush", "up", target=50)
