"""Interactive segmentation: one click or box on real photos, in the method and through the running product."""

import functools
import os
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import requests

from annotator.core.geometry.shapes import mask_to_shapes
from annotator.core.parameters import clean_parameters
from annotator.smart.base import Embedding, Picture, Prompt, Stroke
from annotator.smart.catalog import get_facts
from annotator.smart.methods.grabcut import GrabCut
from annotator.smart.methods.pixel_forest import PixelForest
from annotator.smart.methods.template_matching import TemplateMatch
from bench.harness import Measurement, Unavailable, benchmark, best_of, median_of, timed
from checks.product import product_running

ROOT = Path(__file__).resolve().parent.parent
GRABCUT = {"iterations": 3, "margin": 0.15}
TRUCK = (70.0, 276.0, 1650.0, 590.0)
SAM_CLICK = Prompt(((900.0, 560.0, 1),))

Mask = npt.NDArray[np.bool_]


def shared_data() -> Path:
    folder = Path(os.environ.get("ANNOTATOR_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        raise Unavailable(f"there are no real pictures at {folder}; name their folder with ANNOTATOR_SHARED_DATA")
    return folder


@functools.cache
def truck() -> Picture:
    """A street scene of two megapixels, its truck filling a region of 1.3."""
    return read_picture(shared_data() / "photos" / "truck.jpg")


def read_picture(path: Path) -> Picture:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), dtype=np.uint8)


def plain_grabcut(picture: Picture, box: tuple[float, ...]) -> Mask:
    """OpenCV's own, on the whole picture."""
    labels = np.zeros(picture.shape[:2], np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(picture, labels, [int(side) for side in box], *models, 3, cv2.GC_INIT_WITH_RECT)
    return np.asarray((labels & 1) > 0)


def our_grabcut(picture: Picture, box: tuple[float, float, float, float]) -> Mask:
    return GrabCut({}).predict(picture, {}, Prompt((), box), GRABCUT)[0].mask


@benchmark("grabcut_megapixel", unit="s", target=0.2, peer="cv2.grabCut")
def grabcut_megapixel() -> Measurement:
    """A box around an object of more than a megapixel, in the method."""
    picture = truck()
    ours = median_of(lambda: our_grabcut(picture, TRUCK), repeat=9)
    return Measurement(ours, timed(lambda: plain_grabcut(picture, TRUCK)))


@benchmark("grabcut_nuclei_iou", unit="IoU", target=0.8, peer="cv2.grabCut", better="higher")
def grabcut_nuclei_iou() -> Measurement:
    """Mean overlap with the true masks of cell nuclei, from a loose box around each."""
    ours, plain = [], []
    for folder in sorted((shared_data() / "dsb2018" / "stage1_train").iterdir())[:30]:
        picture = read_picture(next((folder / "images").iterdir()))
        for path in sorted((folder / "masks").iterdir()):
            truth = np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)) > 0
            if truth.sum() <= 300:
                continue
            ys, xs = np.nonzero(truth)
            left, top = max(0, int(xs.min()) - 2), max(0, int(ys.min()) - 2)
            right, bottom = min(truth.shape[1], int(xs.max()) + 3), min(truth.shape[0], int(ys.max()) + 3)
            box = (float(left), float(top), float(right - left), float(bottom - top))
            ours.append(overlap(our_grabcut(picture, box), truth))
            plain.append(overlap(plain_grabcut(picture, box), truth))
    return Measurement(statistics.mean(ours), statistics.mean(plain))


def overlap(first: Mask, second: Mask) -> float:
    return float((first & second).sum() / max(1, (first | second).sum()))


class SamScene:
    """SAM ViT-B with random weights, ours and upstream's from the same file, and the truck's embedding of each."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415  only this part of the group needs it
        from segment_anything import SamPredictor  # noqa: PLC0415

        from annotator.smart.methods.sam import SamVitB  # noqa: PLC0415

        torch.manual_seed(5)
        model = SamVitB.build()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vit_b.pth"
            torch.save(model.state_dict(), path)
            self.load_seconds = timed(lambda: setattr(self, "method", SamVitB({SamVitB.weights_key: path})))
        self.method: Any
        self.upstream = SamPredictor(model)
        self.embedding: Embedding = {}
        self.our_embed_seconds = timed(lambda: setattr(self, "embedding", self.method.embed(truck())))
        self.upstream_embed_seconds = timed(lambda: self.upstream.set_image(truck()))
        assert np.array_equal(self.embedding["features"], self.upstream.get_image_embedding().numpy())


sam_scene = functools.cache(SamScene)


@benchmark("sam_vit_b_embed", unit="s", peer="segment-anything")
def sam_vit_b_embed() -> Measurement:
    """The slow part for one picture, random weights."""
    return Measurement(sam_scene().our_embed_seconds, sam_scene().upstream_embed_seconds)


@benchmark("sam_vit_b_click", unit="s", target=0.12, peer="segment-anything")
def sam_vit_b_click() -> Measurement:
    """One click after the embedding exists, random weights."""
    scene = sam_scene()
    points, labels = np.array([SAM_CLICK.points[0][:2]]), np.array([1])
    ours = best_of(lambda: scene.method.predict(truck(), scene.embedding, SAM_CLICK, {"sizes": True}), repeat=9)
    return Measurement(ours, best_of(lambda: scene.upstream.predict(points, labels), repeat=9))


@benchmark("mobile_sam_embed", unit="s", target=1.5, peer="timm's TinyViT as it is")
def mobile_sam_embed() -> Measurement:
    """The slow part for one picture, random weights; the peer does without what we fold and fuse."""
    import torch  # noqa: PLC0415  only this part of the group needs it
    from segment_anything import SamPredictor  # noqa: PLC0415

    from annotator.smart.methods.mobile_sam import MobileSam, build_mobile_sam  # noqa: PLC0415

    class OwnNames(MobileSam):
        @staticmethod
        def _rename(published: str) -> str:
            return published

    torch.manual_seed(5)
    model = build_mobile_sam()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mobile_sam.pt"
        torch.save(model.state_dict(), path)
        method = OwnNames({MobileSam.weights_key: path})
    peer = SamPredictor(model)
    ours = best_of(lambda: method.embed(truck()), repeat=3)
    return Measurement(ours, best_of(lambda: peer.set_image(truck()), repeat=3))


@benchmark("sam_vit_b_load", unit="s")
def sam_vit_b_load() -> float:
    """From the checkpoint file to a model that answers."""
    return sam_scene().load_seconds


@benchmark("click_over_http", unit="s", target=0.2)
def click_over_http() -> float:
    """A box on a photo, from the request to the polygon: web process, job, worker, method (GrabCut)."""
    with tempfile.TemporaryDirectory(prefix="annotator-bench-") as folder:
        login = {"ANNOTATOR_ADMIN_USER": "bench", "ANNOTATOR_ADMIN_PASSWORD": "bench-password"}
        with product_running(Path(folder), extra=login) as product:
            return median_of(_clicker(product.url.rstrip("/") + "/api/v1/", login), repeat=30)


def _clicker(base: str, login: dict[str, str]) -> Callable[[], object]:
    session = requests.Session()
    credentials = {"username": login["ANNOTATOR_ADMIN_USER"], "password": login["ANNOTATOR_ADMIN_PASSWORD"]}
    session.headers["Authorization"] = f"Token {_body(session.post(base + 'auth/token/', json=credentials))['token']}"
    wanted = {"name": "Photos", "task": "segmentation", "classes": [{"name": "thing"}]}
    project = _body(session.post(base + "projects/", json=wanted))["id"]
    with (shared_data() / "photos" / "groceries.jpg").open("rb") as stream:
        taken = _body(session.post(f"{base}projects/{project}/images/", files={"files": stream}))
    address = f"{base}images/{taken['created'][0]['id']}/smart/grabcut/"
    prompt = {"prompt": {"box": [364, 160, 82, 183]}, "output": "polygon"}
    return lambda: _body(session.post(address, json=prompt))


def _body(response: requests.Response) -> Any:
    assert response.ok, (response.status_code, response.text)
    return response.json()


@benchmark("pixel_classifier_megapixel", unit="s", target=1.0)
def pixel_classifier_megapixel() -> float:
    """From two strokes on one megapixel to the shapes of the first result, the filter bank included."""
    picture = np.ascontiguousarray(truck()[:1000, :1000])
    strokes = (Stroke(((300.0, 500.0), (700.0, 520.0)), 12.0, 1), Stroke(((50.0, 60.0), (900.0, 60.0)), 12.0, -1))
    parameters = clean_parameters(get_facts("pixel_forest").parameters, {})

    def first_result() -> None:
        method = PixelForest({})
        found = method.predict(picture, method.embed(picture), Prompt(strokes=strokes), parameters)
        assert [shape for one in found for shape in mask_to_shapes(one.mask, "polygon", 1.0)]

    return median_of(first_result, repeat=3)


@benchmark("template_match", unit="s")
def template_match() -> float:
    """All cells like one of them, in three sizes and four directions."""
    picture = read_picture(shared_data() / "bccd" / "BCCD" / "JPEGImages" / "BloodImage_00001.jpg")
    parameters = clean_parameters(get_facts("template_matching").parameters, {})
    example = Prompt(box=(68.0, 315.0, 218.0, 165.0))
    return median_of(lambda: TemplateMatch({}).predict(picture, {}, example, parameters), repeat=3)
