"""Tools that work in the browser: the live wire and the wand on a real nucleus, masks decoded without the server."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image as PilImage
from playwright.sync_api import Page, Route, expect

from annotator.core.geometry.shapes import mask_to_shapes, shape_to_mask
from annotator.smart.base import Prompt
from annotator.smart.methods.mobile_sam import MobileSam, build_mobile_sam, rename
from tests.e2e.editor import Editor, Point
from tests.e2e.rest import Rest
from tests.smart.test_sam_checkpoints import read_manifest

Mask = npt.NDArray[np.bool_]

SAM = "mobile_sam"
NOTCHES = 5
"""Of the wheel: nuclei are small, and drawn near."""


def pixels(annotation: dict[str, Any], size: tuple[int, int]) -> Mask:
    height, width = size
    return shape_to_mask(annotation["shape"], width, height)


def iou(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / (a | b).sum())


# A nucleus.


@pytest.fixture
def project(admin: Rest, request: pytest.FixtureRequest) -> dict[str, Any]:
    return admin.project({"name": "Nucleus", "hotkey": "1"}, name=request.node.name)


@pytest.fixture(scope="module")
def nucleus(shared_data: Path) -> tuple[Path, Mask]:
    """A picture, and the largest nucleus in it that is whole."""
    folder = sorted((shared_data / "dsb2018/stage1_train").iterdir())[1]
    masks = [np.asarray(PilImage.open(path)) > 0 for path in (folder / "masks").glob("*.png")]
    whole = [m for m in masks if not (m[0].any() or m[-1].any() or m[:, 0].any() or m[:, -1].any())]
    return next((folder / "images").glob("*.png")), max(whole, key=lambda m: int(m.sum()))


@pytest.fixture
def image(admin: Rest, project: dict[str, Any], nucleus: tuple[Path, Mask]) -> dict[str, Any]:
    (found,) = admin.upload(project["id"], [nucleus[0]])
    return found


@pytest.fixture
def editor(page: Page, project: dict[str, Any], image: dict[str, Any]) -> Editor:
    editor = Editor(page)
    editor.open(project["id"], image)
    return editor


def middle(mask: Mask) -> Point:
    rows, columns = np.nonzero(mask)
    return (float(columns.mean()) + 0.5, float(rows.mean()) + 0.5)


def border(mask: Mask, angle: float, beside: float) -> Point:
    """So far outside the border of the mask, seen from its middle."""
    x, y = middle(mask)
    far = 0.0
    while mask[int(y + far * math.sin(angle)), int(x + far * math.cos(angle))]:
        far += 0.25
    return (x + (far + beside) * math.cos(angle), y + (far + beside) * math.sin(angle))


def test_the_live_wire_finds_the_border_of_a_nucleus(
    editor: Editor, admin: Rest, image: dict[str, Any], nucleus: tuple[Path, Mask]
) -> None:
    _, truth = nucleus
    editor.wheel(middle(truth), NOTCHES)
    editor.tool("Live wire", "Shift+W")
    # when: five clicks beside the border
    for step in range(5):
        editor.click(border(truth, step * 2 * math.pi / 5, 0.7))
    editor.press("Enter")
    # then
    editor.expect_objects(1)
    editor.save_now()
    (found,) = admin.annotations(image["id"])
    assert found["shape"]["type"] == "polygon"
    assert iou(pixels(found, truth.shape), truth) > 0.85
    # when: it is taken back, and an anchor of another one too
    editor.press("Control+z")
    editor.click(border(truth, 0, 2))
    editor.press("Backspace", "Enter")
    editor.expect_objects(0)


def test_the_wand_takes_a_nucleus_with_one_stroke(
    editor: Editor, admin: Rest, image: dict[str, Any], nucleus: tuple[Path, Mask]
) -> None:
    _, truth = nucleus
    x, y = middle(truth)
    editor.wheel((x, y), NOTCHES)
    editor.tool("Wand", "Shift+D")
    editor.drag((x - 2, y), (x, y), (x + 2, y))
    editor.expect_objects(1)
    editor.save_now()
    (found,) = admin.annotations(image["id"])
    assert found["shape"]["type"] == "mask"
    assert iou(pixels(found, truth.shape), truth) > 0.75
    editor.press("Control+z")
    editor.expect_objects(0)


# Segment Anything.

ALIKE = 0.9
"""The server resamples logits twice, the browser once, which shows in the chequered masks of untrained weights.

A click 6 pixels away gives 0.88, the next candidate 0.4."""


@pytest.fixture(scope="module")
def sam(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> MobileSam:
    """Weights as before any training: no file of trained ones is here, and the product would take no other."""
    torch.manual_seed(5)
    path = tmp_path_factory.mktemp("weights") / "mobile_sam.pt"
    state = build_mobile_sam().state_dict()
    torch.save({name: state[rename(name)] for name in read_manifest(shared_data, "mobile_sam_vit_t")}, path)
    return MobileSam({SAM: path})


class Server:
    """The answers of a server that has the weights: the real method's, for this picture."""

    def __init__(self, method: MobileSam, picture: Path) -> None:
        self.method = method
        self.picture = np.asarray(PilImage.open(picture).convert("RGB"))
        self.embedding = {**method.embed(self.picture)}
        self.embedding["features"] = self.embedding["features"].astype(np.float16)
        self.decoder = method.export_decoder()
        self.clicks = 0
        self.has_decoder = True

    def masks(self, points: list[list[float]]) -> list[Mask]:
        prompt = Prompt(tuple((x, y, int(sign)) for x, y, sign in points))
        found = self.method.predict(self.picture, self.embedding, prompt, {"sizes": True})
        return [candidate.mask for candidate in found]

    def serve(self, page: Page) -> None:
        page.route("**/smart/methods/", self._methods)
        page.route(f"**/smart/methods/{SAM}/decoder/", self._decoder)
        page.route(f"**/smart/{SAM}/prepare/", lambda route: route.fulfill(json={"ready": True}))
        page.route(f"**/smart/{SAM}/embedding/", self._embedding)
        page.route(f"**/smart/{SAM}/", self._predict)

    def _methods(self, route: Route) -> None:
        methods = route.fetch().json()
        for method in methods:
            if method["key"] == SAM:
                method.update(available=True, unavailable_reason="")
        route.fulfill(json=[method for method in methods if method["key"] == SAM])

    def _decoder(self, route: Route) -> None:
        if not self.has_decoder:
            route.fulfill(status=500, json={"code": "broken", "detail": "It could not be exported."})
        else:
            route.fulfill(body=self.decoder, content_type="application/octet-stream")

    def _embedding(self, route: Route) -> None:
        sizes = {
            name: ",".join(str(int(side)) for side in self.embedding[key])
            for name, key in (("X-Original-Size", "original_size"), ("X-Input-Size", "input_size"))
        }
        body = self.embedding["features"][0].tobytes()
        route.fulfill(body=body, headers=sizes, content_type="application/octet-stream")

    def _predict(self, route: Route) -> None:
        self.clicks += 1
        asked = json.loads(route.request.post_data or "{}")
        shapes = [
            {"shape": shape, "score": 0.5}
            for mask in self.masks(asked["prompt"]["points"])
            for shape in mask_to_shapes(mask, "mask")
        ]
        time.sleep(0.2)
        route.fulfill(json={"shapes": shapes, "seconds": 0.2, "embedding_cached": True})


@pytest.fixture(scope="module")
def server(sam: MobileSam, nucleus: tuple[Path, Mask]) -> Server:
    return Server(sam, nucleus[0])


@pytest.fixture
def served(page: Page, server: Server) -> Iterator[Server]:
    server.clicks, server.has_decoder = 0, True
    server.serve(page)
    yield server
    page.unroute_all(behavior="ignoreErrors")


def drawn(page: Page) -> int:
    """Pixels of the overlay that something was drawn on."""
    counted = """canvases => {
        const {width, height} = canvases[2];
        const {data} = canvases[2].getContext("2d").getImageData(0, 0, width, height);
        let count = 0;
        for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count += 1;
        return count;
    }"""
    return int(page.locator("[role=application] canvas").evaluate_all(counted))


@pytest.mark.usefixtures("admin")
def test_the_browser_decodes_masks_before_and_after_the_click(
    page: Page, admin: Rest, project: dict[str, Any], image: dict[str, Any], served: Server
) -> None:
    # given: a browser that found its own decoder to be the faster one
    times = json.dumps({SAM: {"browser": 50, "server": 5000}})
    page.add_init_script(f"localStorage.setItem('smart-path-times', {json.dumps(times)})")
    editor = Editor(page)
    with page.expect_response(f"**/smart/{SAM}/embedding/", timeout=60_000):
        editor.open(project["id"], image)
        editor.tool("Smart", "s")
    panel = page.get_by_role("group", name="Smart tool")
    expect(panel.get_by_role("combobox", name="Method")).to_have_value("MobileSAM")
    # when: the pointer is moved over the picture, and no button is pressed
    at = (100.0, 100.0)
    for step in range(40):
        editor.move((at[0] + 6 * (step % 2), at[1]))
        page.wait_for_timeout(250)
        if drawn(page) > 500:
            break
    # then: what a click would give is shown, and the server was not asked
    assert drawn(page) > 500
    # when
    editor.click(at)
    expect(panel).to_contain_text("browser,")
    editor.press("Enter")
    editor.expect_objects(1)
    editor.save_now()
    # then: it is the server's mask, which was never asked for
    assert served.clicks == 0
    (found,) = admin.annotations(image["id"])
    assert found["source"] == f"method:{SAM}"
    truth = served.masks([[*at, 1]])[0]
    assert iou(pixels(found, truth.shape), truth) > ALIKE


def test_without_a_decoder_the_server_answers_and_nobody_hears_of_it(
    page: Page, project: dict[str, Any], image: dict[str, Any], served: Server
) -> None:
    served.has_decoder = False
    editor = Editor(page)
    editor.open(project["id"], image)
    editor.tool("Smart", "s")
    panel = page.get_by_role("group", name="Smart tool")
    expect(panel.get_by_role("combobox", name="Method")).to_have_value("MobileSAM")
    editor.click((100, 100))
    expect(panel.get_by_role("button", name="Accept the result")).to_be_visible()
    expect(panel.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("could not be exported")).to_have_count(0)
    assert served.clicks == 1
    editor.press("Enter")
    editor.expect_objects(1)
