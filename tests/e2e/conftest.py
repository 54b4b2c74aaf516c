"""What every journey begins with: the product started by its production commands, Chromium, proof kept on failure."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    expect,
    sync_playwright,
)

from checks.product import Product, product_running
from tests.conftest import ROOT, skip_or_fail
from tests.e2e.browsers import FLAGS, WINDOW, chromium_find
from tests.e2e.rest import Rest
from tests.e2e.scenes import place_weights
from tests.e2e.screens import sign_in

ADMIN = "admin"
PASSWORD = "a long enough passphrase"
RESULTS = ROOT / "test-results"
PATIENCE_MS = 20_000

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("product") / "data"


@pytest.fixture(scope="session")
def product(data_dir: Path) -> Iterator[Product]:
    """The whole product on an empty data folder: web process and a worker for every queue."""
    with product_running(data_dir, extra={"ANNOTATOR_DEMO": "0", "ANNOTATOR_ADMIN_PASSWORD": PASSWORD}) as running:
        yield running


@pytest.fixture
def admin(product: Product) -> Iterator[Rest]:
    rest = Rest(product.url, ADMIN, PASSWORD)
    yield rest
    rest.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_find()
    if path is None:
        skip_or_fail("There is no Chromium; install it, or name it with ANNOTATOR_CHROMIUM.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, product: Product) -> StorageState:
    """The administrator's session; the sign-in screen has its own test."""
    with browser.new_context(base_url=product.url, viewport=WINDOW) as context:
        sign_in(context.new_page(), ADMIN, PASSWORD)
        return context.storage_state()


@pytest.fixture
def open_browser(
    browser: Browser, product: Product, signed_in: StorageState, request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Opens the window of a browser of its own, which shares nothing with another; as the administrator, if not told.

    At the end nothing may have gone wrong inside a page, and no page may have called anybody but the product.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(state: StorageState | None = signed_in, *, locale: str = "en-GB") -> Page:
        context = browser.new_context(base_url=product.url, viewport=WINDOW, storage_state=state, locale=locale)
        context.set_default_timeout(PATIENCE_MS)
        context.tracing.start(screenshots=False, snapshots=True)
        context.on("request", lambda sent: _note_strangers(sent.url, product.url, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note_refusals(message.text, complaints))
        contexts.append(context)
        return context.new_page()

    yield open_one
    reports = [getattr(request.node, f"report_{when}", None) for when in ("setup", "call")]
    if any(report is not None and report.failed for report in reports):
        _keep(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_browser: Open) -> Page:
    return open_browser()


@pytest.fixture(scope="session")
def mobilenet_weights(product: Product, data_dir: Path, shared_data: Path) -> None:
    """The ImageNet weights in the place where a person puts them, accepted by their hash."""
    rest = Rest(product.url, ADMIN, PASSWORD)
    place_weights(rest, data_dir, "mobilenet_v2_imagenet", shared_data / "weights" / "mobilenet_v2_imagenet.pth")
    rest.close()


def _note_strangers(url: str, own: str, complaints: list[str]) -> None:
    if not url.startswith((own, "blob:", "data:")):
        complaints.append(f"The page called {url}.")


def _note_refusals(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text:
        complaints.append(text)


def _keep(contexts: list[BrowserContext], name: str) -> None:
    folder = RESULTS / re.sub(r"[^\w.-]+", "-", name)
    shutil.rmtree(folder, ignore_errors=True)
    for number, context in enumerate(contexts, 1):
        for place, page in enumerate(context.pages, 1):
            page.screenshot(path=folder / f"browser-{number}-page-{place}.png")
        context.tracing.stop(path=folder / f"browser-{number}-trace.zip")
