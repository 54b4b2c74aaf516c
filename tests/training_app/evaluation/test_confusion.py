"""Cells of the confusion matrix, and that every figure of an evaluation agrees with every other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training_app.evaluation.scenes import detections, drawn_table, truths
from training_app.evaluation.confusion import class_scores, confusion_matrix, pair_up
from training_app.evaluation.curves import (
    best_threshold,
    operating_scores,
    precision_recall_curve,
    support,
    threshold_curve,
)
from training_app.evaluation.table import evaluate_detections

THRESHOLDS = st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.8, 1.0])
OVERLAPS = st.sampled_from([0.5, 0.65, 0.75, 0.95])


def test_each_kind_of_outcome_falls_into_its_cell() -> None:
    # given  found, taken for another class, missed, made up, found twice, and below the threshold
    table = evaluate_detections(
        [truths(1, (0, 0, 0, 10, 10), (0, 20, 0, 10, 10), (1, 40, 0, 10, 10), (1, 60, 0, 10, 10))],
        [
            detections(
                1,
                (0, 0.9, 0, 0, 10, 10),
                (1, 0.8, 20, 0, 10, 9),
                (1, 0.7, 80, 0, 10, 10),
                (0, 0.6, 0, 1, 10, 10),
                (1, 0.4, 60, 0, 10, 10),
            )
        ],
        class_count=2,
    )

    # when
    matrix = confusion_matrix(table, threshold=0.5, iou=0.5)

    # then
    assert matrix.tolist() == [
        [1, 1, 0],
        [0, 0, 2],
        [1, 1, 0],
    ]


def test_a_prediction_of_the_right_class_comes_before_a_better_placed_wrong_one() -> None:
    # given
    table = evaluate_detections(
        [truths(1, (0, 0, 0, 10, 10))],
        [detections(1, (1, 0.9, 0, 0, 10, 10), (0, 0.6, 0, 2, 10, 10))],
        class_count=2,
    )

    # when
    matrix = confusion_matrix(table, threshold=0.5, iou=0.5)

    # then
    assert matrix.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]


def test_crowds_and_what_is_found_in_them_do_not_count() -> None:
    # given
    table = evaluate_detections(
        [truths(1, (0, 0, 0, 50, 50), crowd=(0,))],
        [detections(1, (0, 0.9, 0, 0, 10, 10), (0, 0.8, 20, 20, 10, 10))],
        class_count=1,
    )

    # when
    matrix = confusion_matrix(table, threshold=0.5, iou=0.5)

    # then
    assert matrix.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("empty", ["truths", "detections", "both"])
def test_empty_sides_leave_the_other_to_the_background(empty: str) -> None:
    # given
    table = evaluate_detections(
        [truths(1)] if empty in ("truths", "both") else [truths(1, (0, 0, 0, 5, 5))],
        [] if empty in ("detections", "both") else [detections(1, (0, 0.5, 0, 0, 5, 5))],
        class_count=1,
    )

    # when
    matrix = confusion_matrix(table, threshold=0.1, iou=0.5)

    # then
    expected = {"truths": [[0, 0], [1, 0]], "detections": [[0, 1], [0, 0]], "both": [[0, 0], [0, 0]]}
    assert matrix.tolist() == expected[empty]
    assert table.images == 1


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 40), threshold=THRESHOLDS, iou=OVERLAPS)
def test_matrix_and_scores_agree(seed: int, threshold: float, iou: float) -> None:
    # given
    table = drawn_table(seed)

    # when
    from_matrix = class_scores(confusion_matrix(table, threshold=threshold, iou=iou))
    from_matches = operating_scores(table, threshold=threshold, iou=iou)

    # then
    for name in ("support", "true_positives", "false_positives", "false_negatives", "precision", "recall", "f1"):
        np.testing.assert_array_equal(getattr(from_matrix, name), getattr(from_matches, name), err_msg=name)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 40), iou=OVERLAPS)
def test_curves_pass_through_the_scores(seed: int, iou: float) -> None:
    # given
    table = drawn_table(seed)

    # when
    curve = threshold_curve(table, iou=iou, steps=11)

    # then
    for threshold, precision, recall, f1 in curve:
        matrix = confusion_matrix(table, threshold=threshold, iou=iou)
        right, labelled, predicted = np.trace(matrix), matrix[:-1].sum(), matrix[:, :-1].sum()
        assert precision == (right / predicted if predicted else 0)
        assert recall == (right / labelled if labelled else 0)
        assert f1 == pytest.approx(2 * right / (labelled + predicted) if labelled + predicted else 0)
    for index in range(table.class_count):
        for recall, precision, threshold in precision_recall_curve(table, index, iou=iou):
            scores = operating_scores(table, threshold=threshold, iou=iou)
            assert (recall, precision) == (scores.recall[index], scores.precision[index])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 40), threshold=THRESHOLDS, iou=OVERLAPS)
def test_every_object_and_prediction_is_paired_once(seed: int, threshold: float, iou: float) -> None:
    # given
    table = drawn_table(seed)

    # when
    pairs = pair_up(table, threshold=threshold, iou=iou)

    # then
    labels, found = pairs.truth[pairs.truth >= 0], pairs.detection[pairs.detection >= 0]
    assert sorted(labels) == np.flatnonzero(~table.truths.crowd).tolist()
    assert len(set(found.tolist())) == len(found)
    ignored = table.matches.ignored[table.level(iou)]
    assert set(found.tolist()) == set(np.flatnonzero((table.detections.scores >= threshold) & ~ignored).tolist())
    both = (pairs.truth >= 0) & (pairs.detection >= 0)
    assert (pairs.overlap[both] >= iou - 1e-9).all()
    assert (table.truths.image[pairs.truth[both]] == table.detections.image[pairs.detection[both]]).all()


def test_best_threshold_has_the_highest_f1() -> None:
    # given
    table = drawn_table(3)
    curve = threshold_curve(table, iou=0.5)

    # when
    best = best_threshold(curve)

    # then
    assert curve[curve[:, 0] == best][0, 3] == curve[:, 3].max()


def test_support_leaves_crowds_out() -> None:
    # given
    table = evaluate_detections(
        [truths(1, (0, 0, 0, 5, 5), (1, 9, 9, 5, 5), crowd=(1,))], [detections(1)], class_count=2
    )

    # then
    assert support(table).tolist() == [1, 0]
