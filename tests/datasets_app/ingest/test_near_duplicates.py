"""Fingerprints and groups: the same picture stays together, and the fast method finds what the slow one finds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from datasets_app.ingest.near_duplicates import near_duplicate_groups
from datasets_app.ingest.perceptual_hash import dhash, hamming
from tests.datasets_app.ingest.pictures import encoded, opened, scene


def slow_groups(hashes: dict[int, int], max_distance: int) -> list[list[int]]:
    groups = {identifier: {identifier} for identifier in hashes}
    for left, right in combinations(hashes, 2):
        if hamming(hashes[left], hashes[right]) <= max_distance and groups[left] is not groups[right]:
            groups[left] |= groups[right]
            for member in groups[right]:
                groups[member] = groups[left]
    return [list(group) for group in sorted({tuple(sorted(group)) for group in groups.values() if len(group) > 1})]


@settings(max_examples=150, deadline=None)
@given(
    base=st.integers(-(2**63), 2**63 - 1),
    flips=st.lists(st.lists(st.integers(0, 63), max_size=9), max_size=40),
    max_distance=st.integers(0, 8),
)
def test_groups_are_those_of_the_slow_method(base: int, flips: list[list[int]], max_distance: int) -> None:
    hashes = {}
    for identifier, bits in enumerate(flips):
        value = base & (2**64 - 1)
        for bit in bits:
            value ^= 1 << bit
        hashes[identifier] = value - 2**64 if value >= 2**63 else value

    assert near_duplicate_groups(hashes, max_distance) == slow_groups(hashes, max_distance)


def test_groups_are_chained_and_sorted() -> None:
    hashes = {30: 0b0, 10: 0b1111, 20: 0b11111111, 5: 0x3F << 40, 1: -1, 2: -1}

    assert near_duplicate_groups(hashes) == [[1, 2], [10, 20, 30]]
    assert near_duplicate_groups(hashes, max_distance=0) == [[1, 2]]
    assert near_duplicate_groups({}) == []


def test_a_senseless_distance_is_refused() -> None:
    with pytest.raises(ValueError, match="max_distance is 64; 0 to 63 bits can differ"):
        near_duplicate_groups({1: 1}, max_distance=64)


def test_a_hundred_thousand_pictures_are_grouped_exactly() -> None:
    random = np.random.default_rng(0)
    hashes = dict(enumerate(random.integers(-(2**63), 2**63, 100_000).tolist()))
    for identifier in range(0, 100_000, 10):
        hashes[identifier + 1] = hashes[identifier] ^ 0b1011

    groups = near_duplicate_groups(hashes)

    assert len(groups) == 10_000


def test_a_picture_that_was_saved_again_keeps_its_fingerprint() -> None:
    image = Image.effect_mandelbrot((640, 480), (-2, -1, 1, 1), 50).convert("RGB")
    fingerprint = dhash(image)

    again = [
        opened(encoded(image, "JPEG", quality=40)),
        image.resize((200, 150)),
        ImageEnhance.Brightness(image).enhance(0.7),
        image.convert("RGBA"),
    ]

    assert [hamming(dhash(other), fingerprint) <= 4 for other in again] == [True] * 4
    assert hamming(dhash(image.transpose(Image.Transpose.ROTATE_90)), fingerprint) > 10


def test_fingerprints_fit_a_signed_column() -> None:
    falling = Image.fromarray(np.tile(np.linspace(255, 0, 90), (80, 1)).astype(np.uint8))

    assert dhash(falling) == -1
    assert hamming(-1, 0) == 64
    assert hamming(-1, 2**64 - 1) == 0


def test_what_lies_below_transparency_does_not_count() -> None:
    hidden, plain = scene().convert("RGBA"), Image.new("RGB", (64, 48), "white")
    hidden.putalpha(0)

    assert dhash(hidden) == dhash(plain)
