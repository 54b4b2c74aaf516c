"""Assigns images to train, val and test: stratified over classes, groups kept whole, repeatable by seed. No Django.

Rare classes are dealt out first, each in the ratio that its split still lacks (iterative stratification: Sechidis,
Tsoumakas and Vlahavas, "On the stratification of multi-label data", 2011; here whole blocks of single images at a time
and group by group where images belong together).
"""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from datasets_app.ir import SPLITS

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How to split. `train`, `val` and `test` are weights; a split with weight 0 stays empty.

    `group_by` is `group` (the image's group), `duplicate` (groups and near-duplicate pictures) or `none`.
    `use_fixed` keeps images in the split that an import or a person fixed; the others follow the rule.
    """

    train: float = 0.7
    val: float = 0.2
    test: float = 0.1
    seed: int = 0
    stratify: bool = True
    group_by: str = "duplicate"
    use_fixed: bool = False

    def __post_init__(self) -> None:
        weights = (self.train, self.val, self.test)
        if any(weight < 0 for weight in weights) or sum(weights) <= 0:
            raise ValueError("split: train, val and test must be numbers from 0, at least one above 0.")
        if self.group_by not in {"group", "duplicate", "none"}:
            raise ValueError("group_by: choose group, duplicate or none.")
        if not 0 <= self.seed < 2**32:
            raise ValueError("seed: must be a whole number from 0 to 4294967295.")

    def as_dict(self) -> dict[str, float | int | bool | str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The outcome: `ids` (N,) int64 in rising order and `splits` (N,) uint8, an index into `SPLITS`."""

    ids: Ints
    splits: npt.NDArray[np.uint8]

    def as_dict(self) -> dict[int, str]:
        return {image: SPLITS[split] for image, split in zip(self.ids.tolist(), self.splits.tolist(), strict=True)}

    def members(self, split: str) -> set[int]:
        """The ids of the images of one split."""
        return set(self.ids[self.splits == SPLITS.index(split)].tolist())

    def pack(self) -> bytes:
        """Differences of the ids as little-endian int64, then the splits, compressed."""
        steps = np.diff(self.ids, prepend=np.int64(0)).astype("<i8")
        return zlib.compress(steps.tobytes() + self.splits.tobytes(), 1)

    @classmethod
    def unpack(cls, packed: bytes) -> Assignment:
        raw = zlib.decompress(packed)
        count = len(raw) // 9
        ids = np.cumsum(np.frombuffer(raw, dtype="<i8", count=count))
        return cls(ids.astype(np.int64), np.frombuffer(raw, dtype=np.uint8, offset=8 * count))


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """What the images hold: `ids` (N,) in rising order; one row of `pairs` (M, 3) is image index, class id, labels."""

    ids: Ints
    pairs: Ints


def split_assign(
    counts: LabelCounts, group_of: Mapping[int, Hashable], rule: SplitRule, fixed: Mapping[int, str] | None = None
) -> Assignment:
    """Assigns every image. Ids missing in `group_of` stand alone; those in `fixed` stay where it says."""
    total = len(counts.ids)
    splits = np.full(total, 255, dtype=np.uint8)
    for image, split in (fixed or {}).items():
        splits[np.searchsorted(counts.ids, image)] = SPLITS.index(split)
    free = np.flatnonzero(splits == 255)
    item_of = _items(counts.ids, free, group_of)
    dealer = _Dealer(_demands(counts, item_of, stratify=rule.stratify), np.bincount(item_of[free]), rule)
    dealer.deal()
    splits[free] = dealer.split_of[item_of[free]]
    return Assignment(counts.ids, splits)


def _items(ids: Ints, free: Ints, group_of: Mapping[int, Hashable]) -> Ints:
    """(N,) index of the item (group or single image) of each free image, -1 for the others."""
    item_of = np.full(len(ids), -1, dtype=np.int64)
    numbers: dict[Hashable, int] = {}
    for index in free.tolist():
        image = int(ids[index])
        key = ("group", group_of[image]) if image in group_of else image
        item_of[index] = numbers.setdefault(key, len(numbers))
    return item_of


def _demands(counts: LabelCounts, item_of: Ints, *, stratify: bool) -> npt.NDArray[np.int32]:
    """(items, classes) images of the item that hold the class; the last column counts those without labels."""
    count = int(item_of.max(initial=-1)) + 1
    if not stratify:
        return np.bincount(item_of[item_of >= 0], minlength=count).astype(np.int32)[:, None]
    pairs = counts.pairs[item_of[counts.pairs[:, 0]] >= 0]
    classes, column = np.unique(pairs[:, 1], return_inverse=True)
    width = len(classes) + 1
    is_bare = item_of >= 0
    is_bare[pairs[:, 0]] = False
    cells = np.concatenate((item_of[pairs[:, 0]] * width + column, item_of[is_bare] * width + width - 1))
    demands: npt.NDArray[np.int32] = np.bincount(cells, minlength=count * width).astype(np.int32)
    return demands.reshape(count, width)


class _Dealer:
    """Deals items out to splits. `split_of` (items,) is the outcome."""

    def __init__(self, demands: npt.NDArray[np.int32], sizes: Ints, rule: SplitRule) -> None:
        weights = np.array([rule.train, rule.val, rule.test], dtype=np.float64)
        weights /= weights.sum()
        self.weights = weights
        self.demands, self.sizes = demands, sizes
        self.split_of = np.full(len(sizes), 255, dtype=np.uint8)
        self.lack = weights[:, None] * demands.sum(axis=0)
        self.room = apportion(int(sizes.sum()), weights, np.where(weights > 0, np.inf, 0))
        # RandomState's stream is frozen for ever; that of newer generators may change with NumPy.
        self.order = np.random.RandomState(rule.seed).permutation(len(sizes))

    def deal(self) -> None:
        """Groups first, largest first, because they fit in fewest places; then single images, rarest class first."""
        groups = self.order[self.sizes[self.order] > 1]
        for item in groups[np.argsort(-self.sizes[groups], kind="stable")]:
            self._give(np.array([item]), self._split_for_group(item))
        while (open_items := self.order[self.split_of[self.order] == 255]).size:
            present = self.demands[open_items].sum(axis=0)
            rarest = int(np.argmin(np.where(present > 0, present, np.iinfo(present.dtype).max)))
            items = open_items[self.demands[open_items, rarest] > 0]
            quotas = apportion(len(items), np.maximum(self.lack[:, rarest], 0), np.maximum(self.room, 0))
            for split, block in enumerate(np.split(items, np.cumsum(quotas)[:-1])):
                self._give(block, split)

    def _split_for_group(self, item: int) -> int:
        """Where its rarest class lacks most, among the splits that have room for at least half of it."""
        present = np.flatnonzero(self.demands[item])
        rarest = present[np.argmin(self.demands[:, present].sum(axis=0))]
        fits = (self.weights > 0) & (self.room >= self.sizes[item] / 2)
        candidates = np.flatnonzero(fits if fits.any() else self.weights > 0)
        return int(max(candidates, key=lambda split: (self.lack[split, rarest], self.room[split])))

    def _give(self, items: Ints, split: int) -> None:
        self.split_of[items] = split
        self.lack[split] -= self.demands[items].sum(axis=0)
        self.room[split] -= self.sizes[items].sum()


def apportion(total: int, weights: npt.NDArray[np.float64], room: npt.NDArray[np.float64]) -> Ints:
    """Whole shares of `total` in the ratio of `weights` (3,), none above `room`; by largest remainder."""
    scale = weights.sum()
    exact = total * (weights / scale if scale > 0 else room / room.sum())
    shares: Ints = np.minimum(np.floor(exact), room).astype(np.int64)
    while (left := total - int(shares.sum())) > 0:
        wish = np.where(shares < room, exact - shares, -np.inf)
        best = int(np.argmax(wish))
        # One at a time keeps the ratios; what no ratio asks for goes where there is room, in one step.
        step = 1 if wish[best] > 0 else int(min(left, room[best] - shares[best]))
        shares[best] += step
    return shares


def split_statistics(counts: LabelCounts, assignment: Assignment, class_ids: Sequence[int]) -> dict[str, object]:
    """Images and labels in all, per class and per split, as plain numbers."""
    split_of_pair = assignment.splits[counts.pairs[:, 0]]
    splits = {}
    for index, name in enumerate(SPLITS):
        own = counts.pairs[split_of_pair == index]
        per_class = _sum_by(own[:, 1], own[:, 2])
        splits[name] = {
            "images": int((assignment.splits == index).sum()),
            "annotations": int(own[:, 2].sum()),
            "classes": {str(key): value for key, value in sorted(per_class.items())},
        }
    labels = _sum_by(counts.pairs[:, 1], counts.pairs[:, 2])
    images = _sum_by(counts.pairs[:, 1], np.ones(len(counts.pairs), dtype=np.int64))
    classes = [{"id": key, "annotations": labels.get(key, 0), "images": images.get(key, 0)} for key in class_ids]
    return {
        "images": len(counts.ids),
        "annotations": int(counts.pairs[:, 2].sum()),
        "classes": classes,
        "splits": splits,
    }


def _sum_by(keys: Ints, values: Ints) -> dict[int, int]:
    found, index = np.unique(keys, return_inverse=True)
    sums = np.bincount(index, weights=values, minlength=len(found)).astype(np.int64)
    return dict(zip(found.tolist(), sums.tolist(), strict=True))
