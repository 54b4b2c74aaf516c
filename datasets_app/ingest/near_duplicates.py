"""Groups of pictures that look the same, by their fingerprints: exact, and fast for a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from datasets_app.ingest.perceptual_hash import ALL_BITS, BITS

DEFAULT_MAX_DISTANCE = 4
PAIRS_AT_ONCE = 4_000_000
MANY_PAIRS = 1000

Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.intp]


def near_duplicate_groups(hashes: Mapping[int, int], max_distance: int = DEFAULT_MAX_DISTANCE) -> list[list[int]]:
    """Ids whose hashes are joined by steps of at most `max_distance` bits; only groups of two or more, all sorted.

    Neighbourhood is transitive here: a burst that drifts slowly stays one group, so it never falls into two splits.
    """
    if not 0 <= max_distance < BITS:
        raise ValueError(f"max_distance is {max_distance}; 0 to {BITS - 1} bits can differ.")
    ids_of: dict[int, list[int]] = {}
    for identifier, value in hashes.items():
        ids_of.setdefault(value & ALL_BITS, []).append(identifier)
    distinct = np.fromiter(ids_of, dtype=np.uint64, count=len(ids_of))
    groups: dict[int, list[int]] = {}
    for label, ids in zip(_labels(distinct, max_distance).tolist(), ids_of.values(), strict=True):
        groups.setdefault(label, []).extend(ids)
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)


def _labels(values: Hashes, max_distance: int) -> Indices:
    """For each value the smallest index of its group."""
    forest = _Forest(len(values))
    for bucket in _buckets(values, max_distance):
        rows = max(1, PAIRS_AT_ONCE // len(bucket))
        for start in range(0, len(bucket), rows):
            chunk, others = bucket[start : start + rows], bucket[start:]
            close = np.bitwise_count(values[chunk][:, None] ^ values[others][None, :]) <= max_distance
            left, right = np.nonzero(close)
            forest.join_all(chunk[left], others[right])
    return forest.labels()


def _buckets(values: Hashes, max_distance: int) -> Iterator[Indices]:
    """Sets of indices such that any two values at most `max_distance` bits apart share one.

    With the bits dealt out to `max_distance` + 1 bands, such a pair agrees in at least one whole band (pigeonhole).
    The bits that vary most are dealt out evenly, so that buckets stay small for pictures that are much alike.
    """
    if len(values) < 2:
        return
    shares = np.array([np.mean((values >> np.uint64(bit)) & np.uint64(1)) for bit in range(BITS)])
    by_variance = np.argsort(-shares * (1 - shares), kind="stable")
    for band in range(max_distance + 1):
        key = np.zeros(len(values), dtype=np.uint64)
        for bit in by_variance[band :: max_distance + 1]:
            key = (key << np.uint64(1)) | ((values >> np.uint64(bit)) & np.uint64(1))
        order = np.argsort(key, kind="stable")
        edges = np.flatnonzero(np.diff(key[order])) + 1
        starts, ends = np.concatenate(([0], edges)), np.concatenate((edges, [len(values)]))
        shared = ends - starts > 1
        for start, end in zip(starts[shared].tolist(), ends[shared].tolist(), strict=True):
            yield order[start:end]


class _Forest:
    """Disjoint sets; pairs that are joined already are sorted out by array before any is looked at."""

    def __init__(self, size: int) -> None:
        self._parent: Indices = np.arange(size)

    def join_all(self, left: Indices, right: Indices) -> None:
        apart = self._parent[left] != self._parent[right]
        left, right = left[apart], right[apart]
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            roots = self._root(one), self._root(other)
            self._parent[max(roots)] = min(roots)
        if len(left) > MANY_PAIRS:
            self._flatten()

    def labels(self) -> Indices:
        self._flatten()
        return self._parent

    def _flatten(self) -> None:
        while np.any(self._parent != self._parent[self._parent]):
            self._parent = self._parent[self._parent]

    def _root(self, index: int) -> int:
        while (parent := int(self._parent[index])) != index:
            self._parent[index] = self._parent[parent]
            index = parent
        return index
