"""Nuclei from their masks to a model: train a U-Net, measure pixels, export it, let it label the next pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from annotator.core.geometry.shapes import mask_to_shapes, shape_to_mask
from tests.e2e.rest import Rest
from tests.e2e.screens import JOB_MS, create_version, evaluate, go, prelabel, start_run

LABELLED, LEFT = 16, 2
SIDE = 256

pytestmark = pytest.mark.timeout(600)


def nuclei(shared_data: Path, count: int) -> list[Path]:
    """Folders of the first pictures of the smallest size."""
    folders = sorted((shared_data / "dsb2018" / "stage1_train").iterdir())
    return [path for path in folders if picture_size(path) == (SIDE, SIDE)][:count]


def picture_of(folder: Path) -> Path:
    return folder / "images" / f"{folder.name}.png"


def picture_size(folder: Path) -> tuple[int, int]:
    with Image.open(picture_of(folder)) as picture:
        return picture.size


def masks_of(folder: Path) -> list[np.ndarray[Any, Any]]:
    return [np.asarray(Image.open(path).convert("L")) > 0 for path in sorted((folder / "masks").glob("*.png"))]


def label(rest: Rest, image: int, label_class: int, folder: Path) -> None:
    shapes = [shape for mask in masks_of(folder) for shape in mask_to_shapes(mask, "mask")]
    rest.change(image, create=[{"uuid": str(uuid4()), "class": label_class, "shape": shape} for shape in shapes])


def test_segmentation_loop(page: Page, admin: Rest, shared_data: Path, tmp_path: Path, mobilenet_weights: None) -> None:
    # given  nuclei with their masks, and two pictures without any
    project = admin.project("nucleus", task="segmentation", name="Nuclei")
    folders = nuclei(shared_data, LABELLED + LEFT)
    files = [
        Path(shutil.copyfile(picture_of(path), tmp_path / f"{place:02}.png")) for place, path in enumerate(folders)
    ]
    images = admin.upload(project["id"], files)
    for image, folder in zip(images[:LABELLED], folders, strict=False):
        label(admin, image["id"], project["classes"][0]["id"], folder)
    page.goto(f"/projects/{project['id']}/images")
    create_version(page, "first")

    # when  a U-Net is trained
    settings = {"Epochs": "20", "Batch size": "4", "Image size": "128", "Patience": "0"}
    run = start_run(page, "U-Net, MobileNetV2", "Quick look", settings)
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=2 * JOB_MS)
    points = admin.get(f"runs/{run}/metrics/")["points"]
    assert max(point["value"] for point in points if point["name"] == "val/miou") > 0.3

    # then  pixels are counted, and a cell opens its pictures
    evaluate(page, "Test")
    (row,) = admin.get(f"projects/{project['id']}/evaluations/")["results"]
    found = admin.get(f"evaluations/{row['id']}/")
    test = admin.get(f"versions/{row['version']}/")["statistics"]["splits"]["test"]["images"]
    assert sum(map(sum, found["confusion"]["matrix"])) == test * SIDE * SIDE
    expect(page.get_by_label("Summary")).to_contain_text(f"{found['summary']['dice'] * 100:.1f}%")
    page.get_by_role("button", name="nucleus predicted as background").click()
    expect(page.get_by_role("list", name="Objects of the cell").get_by_role("listitem").first).to_contain_text("px")

    export(page, admin, tmp_path)
    propose(page, admin, project, images[LABELLED:], folders[LABELLED:])


def export(page: Page, admin: Rest, tmp_path: Path) -> None:
    """As a file that another program runs."""
    go(page, "Models & Evaluate")
    page.get_by_role("button", name="Export ").first.click()
    group = page.get_by_role("dialog").get_by_role("group", name="ONNX", exact=True)
    group.get_by_role("button", name="Write").click()
    link = group.get_by_role("link", name="Download")
    expect(link).to_be_visible(timeout=JOB_MS)
    expect(group).to_contain_text("100.0% of the answers are the same")
    file = admin.download(str(link.get_attribute("href")), tmp_path, "model.onnx")
    session = onnxruntime.InferenceSession(str(file))
    (probabilities,) = session.run(None, {"image": np.zeros((1, 3, 96, 160), dtype=np.float32)})
    assert probabilities.shape == (1, 2, 96, 160)
    page.get_by_role("button", name="Close").first.click()


def propose(
    page: Page, admin: Rest, project: dict[str, Any], images: list[dict[str, Any]], folders: list[Path]
) -> None:
    """Masks for what nobody has labelled, most of them where nuclei are."""
    prelabel(page, images=len(images))
    for image, folder in zip(images, folders, strict=True):
        proposed = admin.get(f"images/{image['id']}/predictions/")["results"]
        assert {row["shape"]["type"] for row in proposed} == {"mask"}
        inside = np.any([shape_to_mask(row["shape"], SIDE, SIDE) for row in proposed], axis=0)
        truth = np.any(masks_of(folder), axis=0)
        assert 2 * (inside & truth).sum() / (inside.sum() + truth.sum()) > 0.4
