"""How far a share that was counted on few cases can be trusted. Pure."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""


def wilson(right: int, number: int, z: float = Z95) -> tuple[float, float]:
    """Low and high end for `right` of `number` cases (E. B. Wilson, 1927); 0 and 1 where there are none.

    Unlike the plain normal interval it stays within 0 and 1, and is no point at the ends.
    """
    if number == 0:
        return 0.0, 1.0
    share, spread = right / number, z * z / number
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / number + spread / (4 * number)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
