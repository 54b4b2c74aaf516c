"""Our average precision is that of pycocotools and its peers, on COCO's own sample and on drawn scenes."""

import contextlib
import io
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faster_coco_eval
import hotcoco
import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from training_app.evaluation.average_precision import PrecisionSummary, average_precision
from training_app.evaluation.records import ImageDetections, ImageTruths

FIGURES = (
    "ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large",
    "ar1", "ar10", "ar100", "ar_small", "ar_medium", "ar_large",
)  # fmt: skip
PEERS: dict[str, tuple[Callable[[], Any], Callable[..., Any]]] = {
    "pycocotools": (COCO, COCOeval),
    "faster-coco-eval": (faster_coco_eval.COCO, faster_coco_eval.COCOeval_faster),
    "hotcoco": (hotcoco.COCO, hotcoco.COCOeval),
}


def peer_figures(peer: str, truth: dict[str, Any], found: list[dict[str, Any]], folder: Path) -> list[float]:
    """COCO's twelve figures by one of the peers; -1 where a figure cannot be had."""
    (folder / "truth.json").write_text(json.dumps(truth))
    (folder / "found.json").write_text(json.dumps(found))
    load, evaluator = PEERS[peer]
    with contextlib.redirect_stdout(io.StringIO()):
        labels = load(str(folder / "truth.json"))  # type: ignore[call-arg]
        evaluation = evaluator(labels, labels.loadRes(str(folder / "found.json")), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return [float(value) for value in evaluation.stats[:12]]


def our_summary(truth: dict[str, Any], found: list[dict[str, Any]]) -> PrecisionSummary:
    """The same through our records, read independently of the peers."""
    classes = {number: index for index, number in enumerate(sorted(row["id"] for row in truth["categories"]))}
    labels, predictions = defaultdict(list), defaultdict(list)
    for row in truth["annotations"]:
        labels[row["image_id"]].append(row)
    for row in found:
        predictions[row["image_id"]].append(row)

    def column(rows: list[dict[str, Any]], read: Callable[[dict[str, Any]], Any], dtype: Any) -> Any:
        return np.array([read(row) for row in rows], dtype=dtype)

    return average_precision(
        [
            ImageTruths(
                image["id"],
                column(labels[image["id"]], lambda row: row["bbox"], float).reshape(-1, 4),
                column(labels[image["id"]], lambda row: classes[row["category_id"]], int),
                column(labels[image["id"]], lambda row: row["iscrowd"], bool),
                column(labels[image["id"]], lambda row: row["area"], float),
            )
            for image in truth["images"]
        ],
        [
            ImageDetections(
                image["id"],
                column(predictions[image["id"]], lambda row: row["bbox"], float).reshape(-1, 4),
                column(predictions[image["id"]], lambda row: classes[row["category_id"]], int),
                column(predictions[image["id"]], lambda row: row["score"], float),
            )
            for image in truth["images"]
        ],
        class_count=len(classes),
    )


def our_figures(summary: PrecisionSummary) -> list[float]:
    values = [getattr(summary, name) for name in FIGURES]
    return [-1.0 if value is None else value for value in values]


def drawn_scene(seed: int, *, images: int, most: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Labels, crowds among them, and predictions near and far, with many equal scores and equal overlaps."""
    random = np.random.default_rng(seed)
    labels: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for image in range(1, images + 1):
        for _ in range(random.integers(0, most)):
            place = [float(value) for value in (*random.integers(0, 200, 2), *random.integers(4, 120, 2))]
            category = int(random.integers(1, 5))
            labels.append(
                {
                    "id": len(labels) + 1,
                    "image_id": image,
                    "category_id": category,
                    "bbox": place,
                    "area": place[2] * place[3],
                    "iscrowd": int(random.random() < 0.1),
                }
            )
            for _ in range(random.integers(0, 4)):
                moved = [float(value) for value in np.maximum(np.array(place) + random.integers(-6, 7, 4), 1)]
                guess = category if random.random() < 0.8 else int(random.integers(1, 5))
                score = float(random.integers(1, 20)) / 20
                found.append({"image_id": image, "category_id": guess, "bbox": moved, "score": score})
    truth = {
        "images": [{"id": image, "width": 400, "height": 400} for image in range(1, images + 1)],
        "categories": [{"id": number, "name": str(number)} for number in range(1, 6)],
        "annotations": labels,
    }
    return truth, found


def test_cocos_sample_gives_the_published_figures(shared_data: Path, tmp_path: Path) -> None:
    # given
    folder = shared_data / "coco_eval_refs/tests/dataset/cocoapi"
    truth = json.loads((folder / "instances_val2014_100.json").read_text())
    found = json.loads((folder / "instances_val2014_fakebbox100_results.json").read_text())

    # when
    summary = our_summary(truth, found)

    # then
    assert (round(summary.ap or 0, 4), round(summary.ap50 or 0, 4)) == (0.5046, 0.6970)
    np.testing.assert_allclose(our_figures(summary), peer_figures("pycocotools", truth, found, tmp_path), atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_drawn_scenes_give_pycocotools_figures(seed: int, tmp_path: Path) -> None:
    # given
    truth, found = drawn_scene(seed, images=12, most=(4, 12, 30)[seed % 3])

    # when
    ours = our_figures(our_summary(truth, found))

    # then
    np.testing.assert_allclose(ours, peer_figures("pycocotools", truth, found, tmp_path), atol=1e-12)


def test_more_than_a_hundred_predictions_are_cut_as_coco_cuts_them(tmp_path: Path) -> None:
    # given  one crowded image
    truth, found = drawn_scene(7, images=1, most=2)
    random = np.random.default_rng(0)
    for number in range(1, 200):
        place = [float(value) for value in (*random.integers(0, 300, 2), 20, 20)]
        truth["annotations"].append(
            {"id": 1000 + number, "image_id": 1, "category_id": 5, "bbox": place, "area": 400.0, "iscrowd": 0}
        )
        found.append({"image_id": 1, "category_id": 5, "bbox": place, "score": float(random.random())})

    # when
    ours = our_figures(our_summary(truth, found))

    # then
    np.testing.assert_allclose(ours, peer_figures("pycocotools", truth, found, tmp_path), atol=1e-12)


@pytest.mark.parametrize("peer", ["faster-coco-eval", "hotcoco"])
def test_fast_peers_agree(peer: str, tmp_path: Path) -> None:
    # given
    truth, found = drawn_scene(3, images=12, most=12)

    # when
    ours = our_figures(our_summary(truth, found))

    # then
    np.testing.assert_allclose(ours, peer_figures(peer, truth, found, tmp_path), atol=1e-9)
