"""Figures of pixels: equal to scikit-learn's, recomputed at any threshold, blind where nothing counts."""

from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score, jaccard_score

from training_app.evaluation.pixel_table import ImageMaps, PixelTable, evaluate_maps
from training_app.evaluation.pixels import IGNORED, boundary_counts, boundary_f1, pixel_confusion, pixel_scores
from training_app.evaluation.report import ClassName, segmentation_report

NAMES = [ClassName(11, "one"), ClassName(12, "two"), ClassName(13, "three")]


def drawn(seed: int, count: int = 3) -> list[ImageMaps]:
    random = np.random.default_rng(seed)
    pictures = []
    for image in range(count):
        truth = random.choice([0, 1, 2, 3, IGNORED], (20, 30), p=[0.4, 0.3, 0.2, 0.05, 0.05]).astype(np.uint8)
        found = np.where(random.random(truth.shape) < 0.7, truth % IGNORED, random.integers(0, 4, truth.shape))
        confidence = random.integers(0, 256, truth.shape).astype(np.uint8)
        pictures.append(ImageMaps(image + 100, truth, found.astype(np.uint8), confidence))
    return pictures


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_scores_equal_those_of_scikit_learn(seed: int) -> None:
    # given
    (picture,) = drawn(seed, 1)
    counted = picture.truth != IGNORED
    truth, found = picture.truth[counted], picture.found[counted]

    # when
    confusion = pixel_confusion(picture.truth, picture.found, class_count=3)
    scores = pixel_scores(confusion)

    # then
    assert confusion.tolist() == confusion_matrix(truth, found, labels=[0, 1, 2, 3]).tolist()
    assert scores.iou == pytest.approx(jaccard_score(truth, found, labels=[1, 2, 3], average=None, zero_division=0))
    assert scores.dice == pytest.approx(f1_score(truth, found, labels=[1, 2, 3], average=None, zero_division=0))
    assert scores.accuracy == pytest.approx((truth == found).mean())


def test_class_that_is_nowhere_is_in_no_mean() -> None:
    scores = pixel_scores(np.array([[5, 0, 0], [1, 3, 0], [0, 0, 0]]))

    assert np.isnan(scores.iou[1])
    assert scores.mean_iou == 0.75
    assert scores.mean_dice == pytest.approx(6 / 7)


@pytest.mark.parametrize("threshold", [0.0, 0.35, 0.9])
def test_less_sure_pixels_are_background_at_a_threshold(threshold: float) -> None:
    # given
    pictures = drawn(3)
    table = evaluate_maps(iter(pictures), class_count=3)

    # when
    matrix = table.matrix(threshold)

    # then
    expected = np.zeros((4, 4), dtype=np.int64)
    for row in pictures:
        level = np.minimum(row.confidence.astype(int) * 20 // 255, 19)
        kept = np.where(level >= round(threshold * 20), row.found, 0).astype(np.uint8)
        expected += pixel_confusion(row.truth, kept, class_count=3)
    assert matrix.tolist() == expected.tolist()


def test_stored_table_gives_the_same_report(tmp_path: Path) -> None:
    # given
    table = evaluate_maps(iter(drawn(1)), class_count=3)
    table.save(tmp_path / "table.npz")

    # when
    stored = PixelTable.load(tmp_path / "table.npz")

    # then
    for threshold in (None, 0.4):
        expected = segmentation_report(table, NAMES, threshold=threshold)
        assert segmentation_report(stored, NAMES, threshold=threshold) == expected
        assert orjson.loads(orjson.dumps(expected)) == expected


def test_report_puts_the_background_last_and_curves_end_where_the_report_is() -> None:
    # given
    table = evaluate_maps(iter(drawn(2)), class_count=3)

    # when
    report = segmentation_report(table, NAMES, threshold=0.5)

    # then
    matrix = np.array(report["confusion"]["matrix"])
    assert report["confusion"]["labels"] == ["one", "two", "three", "background"]
    assert matrix[:3, :3].tolist() == table.matrix(0.5)[1:, 1:].tolist()
    assert matrix[3, 3] == table.matrix(0.5)[0, 0]
    at = next(point for point in report["curves"]["f1"] if point[0] == 0.5)
    both = matrix[:3].sum() + matrix[:, :3].sum()
    assert at[3] == pytest.approx(2 * np.trace(matrix[:3, :3]) / both, abs=1e-5)
    recalls = [point[0] for point in report["curves"]["pr"][0]["points"]]
    assert recalls == sorted(recalls)


def test_cells_name_images_by_pixels_and_say_where() -> None:
    # given
    truth = np.zeros((10, 10), dtype=np.uint8)
    truth[2:5, 3:9] = 1
    found = np.zeros_like(truth)
    found[2:5, 3:6] = 1
    found[8, 8] = 1
    sure = np.full_like(truth, 255)
    empty = np.zeros_like(truth)
    table = evaluate_maps([ImageMaps(1, empty, empty, sure), ImageMaps(2, truth, found, sure)], class_count=1)

    # then
    assert table.images_of(1, 0, 0.0) == [(2, 9)]
    assert table.box_of(2, 1, 0) == [6, 2, 3, 3]
    assert table.images_of(0, 1, 0.0) == [(2, 1)]
    assert table.images_of(0, 0, 0.0) == [(1, 100), (2, 81)]
    assert table.box_of(1, 1, 0) is None


def test_boundaries_forgive_a_small_shift_and_no_large_one() -> None:
    # given  a diagonal of 283 pixels forgives 2.1
    truth = np.zeros((200, 200), dtype=np.uint8)
    truth[50:150, 50:150] = 1
    near, far = np.roll(truth, 2, axis=1), np.roll(truth, 12, axis=1)

    # when
    scores = [boundary_f1(boundary_counts(truth, found, class_count=1))[0] for found in (truth, near, far)]

    # then
    assert scores[:2] == [1.0, 1.0]
    assert 0.3 < scores[2] < 0.6
    assert np.isnan(boundary_f1(boundary_counts(truth * 0, truth * 0, class_count=1))[0])
