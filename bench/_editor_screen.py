"""Figures of the editor's screen inside the running product: what a person waits for between two images."""

import functools
import os
import statistics
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from bench import _editor_product as product
from bench._chromium import circumstances
from bench.harness import Measurement, Unavailable

SCRIPT = Path(__file__).with_suffix(".js")
ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("ANNOTATOR_SHARED_DATA") or ROOT.parent / "shared" / "data")
VISITED = 500
PREFETCHED = 30
"""So many are only left when all around them was fetched, as by a person who works on them."""
OBJECTS = 5_000
SAVES = 20


def _image(number: int) -> dict[str, Any]:
    return {"name": product.picture(number)[0], "color": product.color(number)}


@functools.cache
def _pictures() -> tuple[int, list[dict[str, Any]]]:
    return product.project("Visits", [product.picture(number) for number in range(VISITED + 1)])


def _enter(page: Page, path: str, name: str) -> None:
    page.goto(path)
    expect(page.get_by_test_id("image-name")).to_have_text(name, timeout=60_000)
    expect(page.get_by_role("status", name="Loading")).to_have_count(0, timeout=60_000)
    page.evaluate(SCRIPT.read_text())


def _path(project: int, image: dict[str, Any]) -> str:
    return f"/projects/{project}/images/{image['id']}"


def first_load() -> Measurement:
    """What the browser fetches of scripts and styles for the editor's screen when it has nothing, gzipped."""
    project, images = _pictures()
    sizes: dict[str, int] = {}
    with product.screen() as (page, context):
        around = circumstances(context.browser)
        page.on("response", lambda answer: _weigh(answer, sizes))
        session = context.new_cdp_session(page)
        session.send("Network.clearBrowserCache")
        _enter(page, _path(project, images[0]), images[0]["name"])
    return Measurement(sum(sizes.values()) / 1000, detail={"files": len(sizes), **around})


def _weigh(answer: Any, sizes: dict[str, int]) -> None:
    if answer.url.partition("?")[0].endswith((".js", ".css")):
        sizes[answer.url] = product.gzipped(answer.body())


@functools.cache
def visits() -> dict[str, Measurement]:
    """Through 500 images with the key for the next one: how long each took, and what stays in memory."""
    project, images = _pictures()
    times: list[float] = []
    heap: dict[int, float] = {}
    with product.screen() as (page, context):
        _enter(page, _path(project, images[0]), images[0]["name"])
        around = circumstances(context.browser)
        for number in range(1, VISITED + 1):
            times.append(page.evaluate("one => window.editorScreen.switchTo('f', one)", _image(number)))
            if number <= PREFETCHED:
                page.wait_for_load_state("networkidle")
            if number % 100 == 0:
                heap[number] = _heap(page)
    detail = {"p95": round(sorted(times[:PREFETCHED])[int(0.95 * PREFETCHED)], 1), **around}
    growth = {f"heap_{number}": round(value, 1) for number, value in heap.items()}
    return {
        "switch": Measurement(statistics.median(times[:PREFETCHED]), detail=detail),
        "growth": Measurement(heap[VISITED] - heap[100], detail={**growth, **around}),
    }


def _heap(page: Page) -> float:
    """Megabytes of script objects after everything that can be let go was let go."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6
    session.detach()
    return used


def open_many() -> Measurement:
    """From following a link inside the editor until 5,000 objects and their picture are on the canvas."""
    project, images = _pictures()
    rest = product.server()
    label_class = rest.get(f"projects/{project}/")["classes"][0]["id"]
    target = images[VISITED // 2]
    for start in range(0, OBJECTS, 1000):
        rest.change(target["id"], create=product.polygons(label_class, OBJECTS)[start : start + 1000])
    times = []
    for _ in range(3):
        with product.screen() as (page, context):
            _enter(page, _path(project, images[0]), images[0]["name"])
            around = circumstances(context.browser)
            ask = "([path, one]) => window.editorScreen.open(path, {...one, color: []})"
            times.append(page.evaluate(ask, [_path(project, target), _image(VISITED // 2)]))
    return Measurement(min(times), detail=around)


def save() -> Measurement:
    """From the request to its answer as the page sees it: one moved object, saved at once."""
    project, images = _pictures()
    rest = product.server()
    label_class = rest.get(f"projects/{project}/")["classes"][0]["id"]
    rest.change(images[1]["id"], create=[{**product.polygons(label_class, 1)[0], "uuid": str(uuid4())}])
    times = []
    with product.screen() as (page, context):
        _enter(page, _path(project, images[1]), images[1]["name"])
        around = circumstances(context.browser)
        page.keyboard.press("Control+a")
        for _ in range(SAVES):
            page.keyboard.press("ArrowRight")
            with page.expect_response(lambda answer: "/changes/" in answer.url) as answer:
                page.get_by_role("status", name="Saving:").click()
            answer.value.finished()
            timing = answer.value.request.timing
            times.append(timing["responseEnd"] - timing["requestStart"])
    return Measurement(statistics.median(times), detail=around)


@functools.cache
def tiles() -> dict[str, Measurement]:
    """A picture of 12,000 x 9,000: until anything of it shows, and frames over its tiles at actual size."""
    if not (SHARED_DATA / "photos").exists():
        raise Unavailable(
            f"There are no photographs in {SHARED_DATA}/photos; name their folder with ANNOTATOR_SHARED_DATA."
        )
    mosaic = product.large_picture(SHARED_DATA / "photos")
    project, images = product.project("Tiles", [product.picture(0), mosaic])
    with product.screen() as (page, context):
        _enter(page, _path(project, images[0]), images[0]["name"])
        first = page.evaluate("path => window.editorScreen.firstPicture(path)", _path(project, images[1]))
        _wait_for_tiles(images[1]["id"])
        page.keyboard.press("Shift+Digit0")
        page.wait_for_load_state("networkidle")
        around = circumstances(context.browser)
        pan = page.evaluate("window.editorScreen.frames(120, {delta: 24, pan: true})")
        zoom = page.evaluate("window.editorScreen.frames(120, {delta: 15, pan: false})")
    return {
        "first": Measurement(first, detail=around),
        "pan": Measurement(pan["p50"], detail={**pan, **around}),
        "zoom": Measurement(zoom["p50"], detail={**zoom, **around}),
    }


def _wait_for_tiles(image: int) -> None:
    rest = product.server()
    job = rest.post(f"images/{image}/tiles/").get("job")
    if job is not None:
        rest.finish(job["id"], seconds=300)
