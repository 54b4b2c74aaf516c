"""Whole numbers from untrusted text."""

import pytest

from annotator.core.numbers import whole_number


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("7", 7), ("255", 255), ("007", 7)])
def test_decimals_up_to_the_bound_are_taken(text: str, value: int) -> None:
    assert whole_number(text, 255) == value


@pytest.mark.parametrize("text", ["", "256", "-1", "1.0", " 1", "²", "٣", "x", "9" * 5000])
def test_anything_else_is_none(text: str) -> None:
    assert whole_number(text, 255) is None
