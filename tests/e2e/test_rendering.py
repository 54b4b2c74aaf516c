"""What the editor's canvas shows is what its objects are: pixels of a real browser, without the rest of the product."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, skip_or_fail

FRONTEND = ROOT / "frontend"
NEARLY_ALL = 0.999


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editor alone as one script, with the scenes that the measurements use."""
    vite = FRONTEND / "node_modules" / ".bin" / "vite"
    if not vite.exists():
        skip_or_fail("frontend/node_modules is missing; run `npm ci` in frontend/.")
    folder = tmp_path_factory.mktemp("scenes")
    words = [str(vite), "build", "--config", "src/editor/bench/vite.config.ts", "--outDir", str(folder)]
    subprocess.run(words, cwd=FRONTEND, check=True, capture_output=True)
    return folder / "bench.js"


@pytest.fixture
def bare_page(browser: Browser, bundle: Path) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1600, "height": 900})
    page.set_content("<body style='margin: 0'></body>")
    page.add_script_tag(path=bundle)
    yield page
    page.close()


@pytest.mark.parametrize("worker", [True, False], ids=["worker", "page"])
@pytest.mark.parametrize(
    "scene",
    [{"count": 2000}, {"count": 2000, "pixelRatio": 2}, {"kind": "masks", "count": 60}],
    ids=["outlines", "outlines at 2x", "masks"],
)
def test_the_raster_shows_what_drawing_the_objects_shows(bare_page: Page, scene: dict[str, Any], worker: bool) -> None:
    options = {**scene, "worker": worker}
    found = bare_page.evaluate("options => window.editorBench.pixels(options)", options)
    assert found["drawn"] > 0.1, "the scene must show something"
    assert found["share"] < 1 - NEARLY_ALL, found
