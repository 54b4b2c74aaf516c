"""Assigns images to train, val and test: stratified over classes, groups kept whole, repeatable by seed. No Django.

Rare classes are dealt out first, each in the ratio that its split still lacks (iterative stratification: Sechidis,
Tsoumakas and Vlahavas, "On the stratification of multi-label data", 2011; here whole blocks of single images at a time
and group by group where images belong together).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from datasets_app.ir import SPLITS

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How to split. `train`, `val` and `test` are weights; a split with weight 0 stays empty.

    `group_by` is `group` (the image's group), `duplicate` (groups and near-duplicate pictures), `tag:<prefix>` (groups
    and images that share a tag of that beginning) or `none`. `pattern` is a regular expression whose first group, found
    in the file name, names a further group. `use_fixed` keeps images in the split that an import or a person fixed,
    `sticky` (a version's id) in the split that they had there; the others follow the rule and their group.
    """

    train: float = 0.7
    val: float = 0.2
    test: float = 0.1
    seed: int = 0
    stratify: bool = True
    group_by: str = "duplicate"
    use_fixed: bool = False
    pattern: str = ""
    sticky: int | None = None

    def __post_init__(self) -> None:
        weights = (self.train, self.val, self.test)
        if any(weight < 0 for weight in weights) or sum(weights) <= 0:
            raise ValueError("split: train, val and test must be numbers from 0, at least one above 0.")
        if self.group_by not in {"group", "duplicate", "none"} and not self.tag_prefix:
            raise ValueError("group_by: choose group, duplicate, none or tag:<how the tag begins>.")
        if not 0 <= self.seed < 2**32:
            raise ValueError("seed: must be a whole number from 0 to 4294967295.")

    @property
    def tag_prefix(self) -> str:
        return self.group_by.removeprefix("tag:") if self.group_by.startswith("tag:") else ""

    def as_dict(self) -> dict[str, float | int | bool | str | None]:
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
    """What the images hold, image after image.

    Image n of `ids` (N,) has the entries from `starts[n]` up to `starts[n + 1]`; an entry of `columns` and `numbers`
    (M,) is an index into `classes` (C,), rising within the image, and how many labels of that class there are. Every
    class is held by some image.
    """

    ids: Ints
    classes: Ints
    starts: Ints
    columns: Ints
    numbers: Ints


def split_assign(
    counts: LabelCounts, group_of: Mapping[int, int], rule: SplitRule, fixed: Mapping[int, str] | None = None
) -> Assignment:
    """Assigns every image. Ids missing in `group_of` stand alone; those in `fixed` stay where it says.

    A group with fixed images goes where most of them are, so that fixing some never cuts it.
    """
    splits = np.full(len(counts.ids), 255, dtype=np.uint8)
    placed = _fixed_with_groups(fixed or {}, group_of)
    places = np.searchsorted(counts.ids, np.fromiter(placed, dtype=np.int64, count=len(placed)))
    splits[places] = [SPLITS.index(split) for split in placed.values()]
    item_of = _items(counts.ids, splits, group_of)
    dealer = _Dealer(_demands(counts, item_of, stratify=rule.stratify), np.bincount(item_of), rule)
    dealer.place(splits, item_of)
    dealer.deal()
    return Assignment(counts.ids, dealer.split_of[dealer.rank[item_of]])


def _fixed_with_groups(fixed: Mapping[int, str], group_of: Mapping[int, int]) -> dict[int, str]:
    """Fixed images and the others of their groups."""
    if not fixed:
        return {}
    votes: dict[int, Counter[str]] = {}
    for image, split in fixed.items():
        if image in group_of:
            votes.setdefault(group_of[image], Counter())[split] += 1
    followers = {
        image: max(SPLITS, key=lambda split: votes[group][split])
        for image, group in group_of.items()
        if image not in fixed and group in votes
    }
    return {**fixed, **followers}


def _items(ids: Ints, splits: npt.NDArray[np.uint8], group_of: Mapping[int, int]) -> Ints:
    """(N,) number of the item of each image.

    An item is a group or a single image; fixed images are items of their own, because they may be apart already.
    """
    item_of = np.arange(len(ids), dtype=np.int64)
    if not group_of:
        return item_of
    members = np.fromiter(group_of, dtype=np.int64, count=len(group_of))
    groups = np.fromiter(group_of.values(), dtype=np.int64, count=len(group_of))
    order = np.argsort(members)
    images, groups = np.searchsorted(ids, members[order]), groups[order]
    is_free = splits[images] == 255
    images, groups = images[is_free], groups[is_free]
    _, first, index = np.unique(groups, return_index=True, return_inverse=True)
    item_of[images] = images[first[index]]
    return np.unique(item_of, return_inverse=True)[1].astype(np.int64)


def _demands(counts: LabelCounts, item_of: Ints, *, stratify: bool) -> csr_array:
    """(items, classes) images of the item that hold the class; the last column counts those without labels."""
    if not stratify:
        return csr_array(np.bincount(item_of).astype(np.int32)[:, None])
    width = len(counts.classes) + 1
    is_bare = np.diff(counts.starts) == 0
    columns = np.insert(counts.columns.astype(np.int32), counts.starts[:-1][is_bare], width - 1)
    # Half as wide as they come: twice as fast, and two thousand million entries are enough.
    starts = (counts.starts + np.concatenate(([0], np.cumsum(is_bare)))).astype(np.int32)
    held = csr_array((np.ones(len(columns), dtype=np.int32), columns, starts), shape=(len(item_of), width))
    items = int(item_of.max(initial=-1)) + 1
    if items == len(item_of):
        return held
    # An item of three images that hold the class asks for three.
    ones = np.ones(len(item_of), dtype=np.int32)
    return csr_array(coo_array((ones, (item_of, np.arange(len(item_of)))), shape=(items, len(item_of))) @ held)


class _Dealer:
    """Deals items out to splits. It numbers them by `rank` (items,), their drawn order; so does `split_of`."""

    def __init__(self, demands: csr_array, sizes: Ints, rule: SplitRule) -> None:
        weights = np.array([rule.train, rule.val, rule.test], dtype=np.float64)
        weights /= weights.sum()
        self.weights = weights
        # RandomState's stream is frozen for ever; that of newer generators may change with NumPy.
        self.rank = np.random.RandomState(rule.seed).permutation(len(sizes))
        order = np.empty_like(self.rank)
        order[self.rank] = np.arange(len(order))
        self.demands, self.sizes = demands[order], sizes[order]
        self.holders = self.demands.tocsc()
        self.has_groups = bool((self.demands.data != 1).any())
        self.split_of = np.full(len(sizes), 255, dtype=np.uint8)
        # Images not dealt out yet that hold each class.
        self.present = np.asarray(demands.sum(axis=0), dtype=np.int64)
        self.totals = self.present.copy()
        self.lack = weights[:, None] * self.present
        self.room = apportion(int(sizes.sum()), weights, np.where(weights > 0, np.inf, 0))

    def place(self, splits: npt.NDArray[np.uint8], item_of: Ints) -> None:
        """Images that are fixed already: they take room, and what they hold is lacked no more."""
        for split in range(len(SPLITS)):
            self._give(self.rank[item_of[splits == split]], split)

    def deal(self) -> None:
        """Groups first, largest first, because they fit in fewest places; then single images, rarest class first."""
        groups = np.flatnonzero((self.sizes > 1) & (self.split_of == 255))
        for item in groups[np.argsort(-self.sizes[groups], kind="stable")]:
            self._give(np.array([item]), self._split_for_group(item))
        while self.present.any():
            rarest = int(np.argmin(np.where(self.present > 0, self.present, np.iinfo(np.int64).max)))
            holders = self.holders.indices[self.holders.indptr[rarest] : self.holders.indptr[rarest + 1]]
            items = holders[self.split_of[holders] == 255]
            quotas = apportion(len(items), np.maximum(self.lack[:, rarest], 0), np.maximum(self.room, 0))
            for split, block in enumerate(np.split(items, np.cumsum(quotas)[:-1])):
                self._give(block, split)

    def _split_for_group(self, item: int) -> int:
        """Where its rarest class lacks most, among the splits that have room for at least half of it."""
        present = self.demands.indices[self.demands.indptr[item] : self.demands.indptr[item + 1]]
        rarest = present[np.argmin(self.totals[present])]
        fits = (self.weights > 0) & (self.room >= self.sizes[item] / 2)
        candidates = np.flatnonzero(fits if fits.any() else self.weights > 0)
        return int(max(candidates, key=lambda split: (self.lack[split, rarest], self.room[split])))

    def _give(self, items: Ints, split: int) -> None:
        if not len(items):
            return
        self.split_of[items] = split
        held = self._held(items)
        self.present -= held
        self.lack[split] -= held
        self.room[split] -= self.sizes[items].sum()

    def _held(self, items: Ints) -> Ints:
        """(classes,) images of the items that hold each class."""
        first, last = self.demands.indptr[items], self.demands.indptr[items + 1]
        # The places of all their entries, one item's after the other's.
        counts = last - first
        places = np.repeat(first - np.cumsum(counts, dtype=counts.dtype) + counts, counts)
        places += np.arange(len(places), dtype=places.dtype)
        weights = self.demands.data[places] if self.has_groups else None
        columns = self.demands.indices[places]
        return np.bincount(columns, weights=weights, minlength=self.demands.shape[1]).astype(np.int64)


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
    width, keys = len(counts.classes), counts.classes.tolist()
    places = np.repeat(assignment.splits.astype(np.int64) * width, np.diff(counts.starts)) + counts.columns
    # Sums of whole numbers below 2**53 are exact.
    table = np.bincount(places, weights=counts.numbers, minlength=len(SPLITS) * width).astype(np.int64)
    table = table.reshape(len(SPLITS), width)
    sizes = np.bincount(assignment.splits, minlength=len(SPLITS))
    splits = {
        name: {
            "images": int(sizes[index]),
            "annotations": int(table[index].sum()),
            "classes": {str(key): value for key, value in zip(keys, table[index].tolist(), strict=True) if value},
        }
        for index, name in enumerate(SPLITS)
    }
    labels = dict(zip(keys, table.sum(axis=0).tolist(), strict=True))
    images = dict(zip(keys, np.bincount(counts.columns, minlength=width).tolist(), strict=True))
    classes = [{"id": key, "annotations": labels.get(key, 0), "images": images.get(key, 0)} for key in class_ids]
    return {"images": len(counts.ids), "annotations": int(table.sum()), "classes": classes, "splits": splits}
