"""The product under measurement: started as a user does, with one project for each scene of the editor's screen."""

import atexit
import functools
import gzip
import io
import math
import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, Page

from bench._chromium import chromium, processor_time_expose
from bench.harness import Unavailable
from checks.product import ProductError, product_running
from tests.e2e.rest import Rest
from tests.e2e.screens import sign_in

USER, PASSWORD = "admin", "a long enough passphrase"
WINDOW = 1440, 900
SIZE = 640, 480
TILED_SIZE = 12_000, 9_000
PHOTO_SIZE = 1000, 750
"""Of one piece of the mosaic that is the large picture."""

_stack = ExitStack()
atexit.register(_stack.close)


@functools.cache
def server() -> Rest:
    """One product for this process, stopped when it ends."""
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="annotator-bench-")))
    extra = {"ANNOTATOR_DEMO": "0", "ANNOTATOR_ADMIN_PASSWORD": PASSWORD}
    try:
        product = _stack.enter_context(product_running(folder / "data", extra=extra))
    except ProductError as error:
        raise Unavailable(str(error)) from error
    return Rest(product.url, USER, PASSWORD)


@contextmanager
def screen() -> Iterator[tuple[Page, BrowserContext]]:
    """A page of a fresh browser, signed in."""
    rest = server()
    with chromium() as browser:
        context = browser.new_context(base_url=rest.url, viewport={"width": WINDOW[0], "height": WINDOW[1]})
        page = context.new_page()
        sign_in(page, USER, PASSWORD)
        processor_time_expose(page)
        yield page, context


def project(name: str, pictures: list[tuple[str, bytes]]) -> tuple[int, list[dict[str, Any]]]:
    """A project of one class with these pictures, in their order: its id and its images."""
    rest = server()
    made = rest.project({"name": "thing", "hotkey": "1"}, name=name)
    images: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for file, content in pictures:
            paths.append(Path(folder) / file)
            paths[-1].write_bytes(content)
        for start in range(0, len(paths), 50):
            images += rest.upload(made["id"], paths[start : start + 50])
    return made["id"], images


def color(number: int) -> tuple[int, int, int]:
    """By which a picture is known on the canvas: far enough apart for what JPEG makes of it."""
    return (40 + 16 * (number % 10), 40 + 16 * (number // 10 % 10), 40 + 16 * (number // 100 % 10))


def picture(number: int) -> tuple[str, bytes]:
    """A small picture in its colour, with a corner of noise so that it takes a photograph's time."""
    image = Image.new("RGB", SIZE, color(number))
    noise = Image.effect_noise((SIZE[0] // 3, SIZE[1]), 60 + number % 30).convert("RGB")
    image.paste(noise, (0, 0))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=90)
    return f"{number:04}.jpg", stream.getvalue()


def large_picture(photos: Path) -> tuple[str, bytes]:
    """A mosaic of the shared photographs, 12,000 x 9,000."""
    files = sorted(photos.glob("*.jpg"))
    if not files:
        raise Unavailable(f"There are no photographs in {photos}.")
    pieces = [Image.open(file).convert("RGB").resize(PHOTO_SIZE) for file in files]
    image = Image.new("RGB", TILED_SIZE)
    columns = TILED_SIZE[0] // PHOTO_SIZE[0]
    for at in range(columns * (TILED_SIZE[1] // PHOTO_SIZE[1])):
        image.paste(pieces[at * 7 % len(pieces)], (at % columns * PHOTO_SIZE[0], at // columns * PHOTO_SIZE[1]))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=88)
    return "mosaic.jpg", stream.getvalue()


def polygons(label_class: int, count: int) -> list[dict[str, Any]]:
    """Outlines of 20 to 60 vertices all over a small picture."""
    draw = random.Random(3)
    return [{"uuid": _uuid(at), "class": label_class, "shape": _polygon(draw)} for at in range(count)]


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def _polygon(draw: random.Random) -> dict[str, Any]:
    radius = draw.uniform(3, 14)
    x, y = draw.uniform(radius, SIZE[0] - radius), draw.uniform(radius, SIZE[1] - radius)
    steps = draw.randint(20, 60)
    outer = []
    for step in range(steps):
        reach = radius * draw.uniform(0.75, 1)
        angle = math.tau * step / steps
        outer.append([round(x + reach * math.cos(angle), 2), round(y + reach * math.sin(angle), 2)])
    return {"type": "polygon", "parts": [{"outer": outer, "holes": []}]}


def gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 6))
