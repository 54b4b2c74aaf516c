"""Pictures in memory, batches in a repeatable order. Knows no task: what a sample becomes is the caller's function."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, Sampler
from typing_extensions import override

from datasets_app.ir import ImageRecord
from datasets_app.recipes.apply import Kitchen
from training_app.architectures.base import Preprocess
from training_app.engine.pictures import UNREADABLE, PictureError, Pixels, fit_picture, fitted_size, read_fitted
from training_app.engine.recipes import varied
from training_app.engine.samples import Sample

Key = tuple[int, int]
"""(epoch, index of the sample): the epoch travels with the index, so that loader processes need no state."""

# The share of the free memory that decoded pictures may take, whatever the setting allows.
MEMORY_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Item:
    """One sample as the network sees it; `scale` (x, y) is network pixels per stored pixel."""

    number: int
    index: int
    pixels: torch.Tensor
    target: Any
    scale: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Batch:
    """Items side by side: `images` is one uint8 tensor (N, 3, H, W) or, where sizes differ, a list of (3, H, W)."""

    numbers: tuple[int, ...]
    indices: tuple[int, ...]
    images: Any
    targets: Any
    scales: tuple[tuple[float, float], ...]

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, start: int, end: int) -> Batch:
        """The items from `start` to before `end`, sharing memory."""
        return Batch(
            self.numbers[start:end],
            self.indices[start:end],
            self.images[start:end],
            self.targets[start:end],
            self.scales[start:end],
        )

    def pin_memory(self) -> Batch:
        """Called by the loader where batches go to a GPU."""
        return replace(self, images=pinned(self.images), targets=pinned(self.targets))


def pinned(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.pin_memory()
    if isinstance(value, dict):
        return {key: pinned(item) for key, item in value.items()}
    return [pinned(item) for item in value]


class PictureCache:
    """Decoded pictures of `samples`, read beforehand by a few threads as far as `megabytes` and free memory allow.

    A picture that cannot be read is reported by `unreadable` and is never asked for again.
    """

    def __init__(
        self, samples: Sequence[Sample], preprocess: Preprocess, *, margin: float, megabytes: int, exact: bool
    ) -> None:
        self.samples = samples
        self.preprocess = preprocess
        self.margin = margin
        self.exact = exact
        self.unreadable: dict[int, str] = {}
        self._pixels: list[Pixels | None] = [None] * len(samples)
        self._fill(min(megabytes * 1_000_000, int(psutil.virtual_memory().available * MEMORY_SHARE)))

    def _fill(self, budget: int) -> None:
        sizes = [
            fitted_size(sample.width, sample.height, self.preprocess, margin=self.margin) for sample in self.samples
        ]
        ends = np.cumsum([3 * width * height for width, height in sizes])
        fitting = range(int(np.searchsorted(ends, budget, side="right")))
        threads = min(8, psutil.cpu_count() or 1)
        with ThreadPoolExecutor(threads) as pool:
            for index, result in zip(fitting, pool.map(self._try_read, fitting), strict=True):
                if isinstance(result, PictureError):
                    self.unreadable[index] = str(result)
                else:
                    self._pixels[index] = result

    def _try_read(self, index: int) -> Pixels | PictureError:
        try:
            return self._read(index)
        except PictureError as error:
            return error

    def _read(self, index: int) -> Pixels:
        sample = self.samples[index]
        if sample.dish is None or sample.dish.is_stored:
            return read_fitted(sample.path, self.preprocess, margin=self.margin, enlarge=self.exact)
        try:
            return self.fit(Image.fromarray(sample.dish.read()))
        except (*UNREADABLE, LookupError) as error:
            raise PictureError(f"The picture {sample.path.name} cannot be prepared: {error}") from error

    def fit(self, picture: Image.Image) -> Pixels:
        """A picture in memory as those of the cache are."""
        return fit_picture(picture, self.preprocess, margin=self.margin, enlarge=self.exact)

    def get(self, index: int) -> Pixels:
        """(H, W, 3) uint8. Raises `PictureError`."""
        pixels = self._pixels[index]
        return self._read(index) if pixels is None else pixels


class PictureSet(Dataset[Item]):
    """Looks samples up by `Key` and lets `prepare(sample, pixels, key)` make items of them."""

    def __init__(self, cache: PictureCache, prepare: Callable[[Sample, Pixels, Key], Item]) -> None:
        self.cache = cache
        self.prepare = prepare

    def __len__(self) -> int:
        return len(self.cache.samples)

    @override
    def __getitem__(self, key: Key) -> Item:
        index = key[1]
        return self.prepare(self.cache.samples[index], self.cache.get(index), key)


class VariedSet(PictureSet):
    """Training pictures as the recipe varies them, another view in each epoch; `read` makes targets of records."""

    def __init__(
        self,
        cache: PictureCache,
        prepare: Callable[[Sample, Pixels, Key], Item],
        kitchen: Kitchen,
        read: Callable[[ImageRecord], Sample | None],
    ) -> None:
        super().__init__(cache, prepare)
        self.kitchen = kitchen
        self.read = read

    @override
    def __getitem__(self, key: Key) -> Item:
        dish = self.cache.samples[key[1]].dish
        view = None if dish is None else varied(self.kitchen, dish, key[0], self.read)
        if view is None:
            return super().__getitem__(key)
        sample, picture = view
        return self.prepare(sample, self.cache.fit(picture), key)


class EpochBatches(Sampler[list[Key]]):
    """Shuffled batches that depend on the seed and the epoch alone, so that a resumed epoch goes on where it stopped.

    `weights` (n,) draws samples with replacement by weight instead. A last batch of one picture is left out, which
    batch norm could not use.
    """

    def __init__(
        self, indices: Sequence[int], batch_size: int, seed: int, weights: npt.NDArray[np.float64] | None
    ) -> None:
        self.indices = np.asarray(indices, dtype=np.int64)
        self.batch_size = batch_size
        self.seed = seed
        self.weights = weights
        self.epoch = 0
        self.first_batch = 0

    @property
    def per_epoch(self) -> int:
        full, rest = divmod(len(self.indices), self.batch_size)
        return full + (1 if rest > 1 or (rest == 1 and full == 0) else 0)

    def __len__(self) -> int:
        return self.per_epoch - self.first_batch

    @override
    def __iter__(self) -> Iterator[list[Key]]:
        generator = np.random.default_rng((self.seed, self.epoch))
        if self.weights is None:
            order = generator.permutation(self.indices)
        else:
            order = generator.choice(self.indices, size=len(self.indices), p=self.weights / self.weights.sum())
        for batch in range(self.first_batch, self.per_epoch):
            chosen = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            yield [(self.epoch, int(index)) for index in chosen]


def in_order(indices: Sequence[int], batch_size: int) -> list[list[Key]]:
    """Every sample once, for validation."""
    return [
        [(0, index) for index in indices[start : start + batch_size]] for start in range(0, len(indices), batch_size)
    ]


def balancing_weights(samples: Sequence[Sample], class_count: int) -> npt.NDArray[np.float64]:
    """Per sample the mean of 1/frequency over its classes; pictures without objects weigh like an average one."""
    counts = np.zeros(class_count)
    for sample in samples:
        counts[sample.classes] += 1
    inverse = 1.0 / np.maximum(counts, 1.0)
    weights = np.array([inverse[sample.classes].mean() if sample.classes else np.nan for sample in samples])
    return np.where(np.isnan(weights), np.nanmean(weights), weights)


def worker_count(requested: int, *, on_gpu: bool) -> int:
    """Loader processes: none beside a CPU training, which needs the cores itself; up to eight beside a GPU."""
    if requested >= 0:
        return requested
    return min(8, max(1, (psutil.cpu_count() or 2) - 1)) if on_gpu else 0


def quiet_worker(_: int) -> None:
    """A loader process leaves Ctrl-C to its parent and dies of SIGTERM, instead of inheriting the engine's handlers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    torch.set_num_threads(1)


def batch_loader(
    pictures: Dataset[Any], batches: Any, collate: Callable[[list[Any]], Any], *, workers: int, on_gpu: bool
) -> DataLoader[Any]:
    """A loader with its own generator: asking it for batches draws nothing from the process's random numbers."""
    return DataLoader(
        pictures,
        batch_sampler=batches,
        num_workers=workers,
        collate_fn=collate,
        pin_memory=on_gpu,
        worker_init_fn=quiet_worker,
        generator=torch.Generator(),
        persistent_workers=workers > 0,
        prefetch_factor=4 if workers else None,
        # Decoded pictures are shared with forked processes without a copy.
        multiprocessing_context="fork" if workers else None,
    )
