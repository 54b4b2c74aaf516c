"""Wilson's interval, against values of R's `prop.test(…, correct = FALSE)`."""

import pytest

from training_app.evaluation.interval import wilson


@pytest.mark.parametrize(
    ("right", "number", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (50, 100, 0.4038, 0.5962)],
)
def test_interval(right: int, number: int, low: float, high: float) -> None:
    assert wilson(right, number) == pytest.approx((low, high), abs=5e-4)
