"""What a page about an evaluation is told, recomputed from what was stored."""

from pathlib import Path
from time import perf_counter

import numpy as np
import orjson
import pytest

from tests.training_app.evaluation.scenes import detections, drawn_table, truths
from training_app.evaluation.report import (
    ClassName,
    classification_cell,
    classification_report,
    detection_cell,
    detection_report,
)
from training_app.evaluation.table import DetectionTable, evaluate_detections

NAMES = [ClassName(11, "one"), ClassName(12, "two"), ClassName(13, "three"), ClassName(14, "four")]


def test_stored_table_gives_the_same_report(tmp_path: Path) -> None:
    # given
    table = drawn_table(1)
    table.save(tmp_path / "evaluation.npz")

    # when
    stored = DetectionTable.load(tmp_path / "evaluation.npz")

    # then
    for threshold, iou in ((None, 0.5), (0.3, 0.75)):
        expected = detection_report(table, NAMES, threshold=threshold, iou=iou)
        assert detection_report(stored, NAMES, threshold=threshold, iou=iou) == expected
        assert orjson.loads(orjson.dumps(expected)) == expected


def test_detection_report_adds_up() -> None:
    # given
    table = drawn_table(2)

    # when
    report = detection_report(table, NAMES, threshold=0.4)

    # then
    matrix = np.array(report["confusion"]["matrix"])
    assert report["confusion"]["labels"] == ["one", "two", "three", "four", "background"]
    assert [row["support"] for row in report["per_class"]] == matrix[:-1].sum(axis=1).tolist()
    assert [row["class"] for row in report["per_class"]] == [11, 12, 13, 14]
    assert report["summary"]["recall"] == np.trace(matrix) / matrix[:-1].sum()
    assert report["summary"]["ap"] == table.summary["ap"]
    assert (report["threshold"], report["iou"], report["images"]) == (0.4, 0.5, 20)
    assert len(report["curves"]["f1"]) == 101


def test_cells_hold_as_many_pairs_as_the_matrix_says() -> None:
    # given
    table = drawn_table(2)
    matrix = detection_report(table, NAMES, threshold=0.4)["confusion"]["matrix"]

    # when
    cells = [
        [len(detection_cell(table, truth=row, predicted=column, threshold=0.4)) for column in (0, 1, 2, 3, None)]
        for row in (0, 1, 2, 3, None)
    ]

    # then
    assert cells == matrix


def test_cell_names_both_sides_of_a_pair() -> None:
    # given
    table = evaluate_detections(
        [truths(9, (1, 50, 50, 9, 9), (0, 0, 0, 10, 10))],
        [detections(9, (0, 0.2, 70, 70, 9, 9), (1, 0.9, 0, 0, 10, 8))],
        class_count=2,
    )

    # when
    confused = detection_cell(table, truth=0, predicted=1, threshold=0.5)
    missed = detection_cell(table, truth=1, predicted=None, threshold=0.5)

    # then
    assert confused == [
        {"image": 9, "truth": 1, "detection": 1, "score": 0.9, "box": [0.0, 0.0, 10.0, 8.0], "iou": pytest.approx(0.8)}
    ]
    assert missed == [
        {"image": 9, "truth": 0, "detection": None, "score": None, "box": [50.0, 50.0, 9.0, 9.0], "iou": 0.0}
    ]


def test_classification_report_adds_up() -> None:
    # given  four right, one wrong, of three classes of which one has no pictures
    truth = np.array([0, 0, 1, 1, 1])
    probabilities = np.array([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.2, 0.8, 0.0], [0.1, 0.9, 0.0], [0.5, 0.3, 0.2]])

    # when
    report = classification_report(truth, probabilities, NAMES[:3])

    # then
    assert report["summary"]["accuracy"] == 0.8
    assert report["summary"]["balanced_accuracy"] == pytest.approx((1 + 2 / 3) / 2)
    assert report["summary"]["f1"] == pytest.approx((0.8 + 0.8) / 2)
    assert report["confusion"] == {"labels": ["one", "two", "three"], "matrix": [[2, 0, 0], [1, 2, 0], [0, 0, 0]]}
    assert [row["support"] for row in report["per_class"]] == [2, 3, 0]
    assert orjson.loads(orjson.dumps(report)) == report


def test_threshold_leaves_pictures_undecided() -> None:
    # given
    truth = np.array([0, 1])
    probabilities = np.array([[0.9, 0.1], [0.4, 0.6]])

    # when
    report = classification_report(truth, probabilities, NAMES[:2], threshold=0.7)

    # then
    assert report["confusion"] == {
        "labels": ["one", "two", "undecided"],
        "matrix": [[1, 0, 0], [0, 0, 1], [0, 0, 0]],
    }
    assert report["summary"]["accuracy"] == 0.5
    assert classification_cell(truth, probabilities, row=1, column=None, threshold=0.7).tolist() == [1]
    assert classification_cell(truth, probabilities, row=1, column=1).tolist() == [1]


def test_no_pictures_give_zeros_instead_of_an_error() -> None:
    # when
    report = classification_report(np.zeros(0, int), np.zeros((0, 2)), NAMES[:2])

    # then
    assert (report["images"], report["summary"]["accuracy"]) == (0, 0.0)


def test_a_report_of_a_thousand_images_takes_no_time() -> None:
    # given  20,000 labels and 30,000 predictions
    random = np.random.default_rng(0)
    labelled, predicted = [], []
    for image in range(1000):
        places = np.c_[random.integers(0, 500, (20, 2)), random.integers(10, 60, (20, 2))].astype(float)
        kinds = random.integers(0, 4, 20)
        labelled.append(truths(image, *[(int(kind), *place) for kind, place in zip(kinds, places, strict=True)]))
        rows = [(int(kinds[i % 20]), float(random.random()), *(places[i % 20] + 1)) for i in range(30)]
        predicted.append(detections(image, *rows))
    table = evaluate_detections(labelled, predicted, class_count=4)

    # when
    started = perf_counter()
    detection_report(table, NAMES, threshold=0.3)

    # then  a slider can be moved; 0.05 s on an idle machine
    assert perf_counter() - started < 2
