"""Carries a recipe out over a data set: streamed, seeded, pictures rendered only when they are read. No Django here.

What becomes of an image depends on the recipe, the image's UUID and the copy's number alone, in whichever process and
order it is asked for. Only operations that mix pictures also depend on which others the data set holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import BinaryIO
from uuid import NAMESPACE_OID, UUID, uuid5

import numpy as np

from datasets_app.ir import ClassRecord, Dataset, ImageRecord
from datasets_app.recipes.base import Context, Operation, Sample
from datasets_app.recipes.catalog import OPERATIONS
from datasets_app.recipes.recipe import Recipe, Step
from datasets_app.recipes.stored import JPEG_SUFFIXES, PictureReader, encode

COMPANIONS = 64
"""How many images of training may come into others: the first of the data set, so that it is still read once."""
VARIED_SPLITS = frozenset({"train"})


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A step with its operation, its place in the recipe and the classes that it meets."""

    place: int
    step: Step
    operation: Operation
    classes: dict[int, ClassRecord]


class Kitchen:
    """A recipe ready to be carried out on images of one data set."""

    def __init__(self, recipe: Recipe, classes: Sequence[ClassRecord]) -> None:
        self.recipe = recipe
        self.pictures = PictureReader()
        self.companions: Sequence[Sample] = ()
        self._steps: list[_Prepared] = []
        for place, step in enumerate((*recipe.preprocessing, *recipe.augmentation)):
            operation = OPERATIONS.load(step.op)()  # type: ignore[operator]
            self._steps.append(_Prepared(place, step, operation, {record.number: record for record in classes}))
            classes = operation.classes(classes, step.parameters)
        self.classes = tuple(classes)
        """The classes that are left in the end."""

    @property
    def mixes(self) -> bool:
        return any(step.facts.mixes for step in self.recipe.steps)

    def take(self, record: ImageRecord) -> Sample:
        """An image at the beginning of its way."""
        return Sample(record, partial(self.pictures.read, record))

    def prepare(self, sample: Sample) -> Iterator[Sample]:
        """The sample after all preprocessing: none, one or several."""
        return self._run(sample, self._steps[: len(self.recipe.preprocessing)], copy=0)

    def vary(self, sample: Sample, copy: int) -> Iterator[Sample]:
        """The prepared sample after all augmentation; another one for each number of a copy."""
        return self._run(sample, self._steps[len(self.recipe.preprocessing) :], copy=copy)

    def _run(self, sample: Sample, steps: Sequence[_Prepared], *, copy: int) -> Iterator[Sample]:
        if not steps:
            yield sample
            return
        first, rest = steps[0], steps[1:]
        context = self._context(sample, first, copy)
        for result in first.operation.apply(sample, first.step.parameters, context):
            yield from self._run(result, rest, copy=copy)

    def _context(self, sample: Sample, prepared: _Prepared, copy: int) -> Context:
        record = sample.record
        seed = f"{self.recipe.seed}/{record.uuid or record.name}/{copy}/{prepared.place}{sample.part}"
        rng = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big"))

        def others(count: int) -> Sequence[Sample]:
            found = [other for other in self.companions if other.record.uuid != record.uuid]
            return [found[index] for index in rng.permutation(len(found))[:count]]

        return Context(rng, prepared.classes, others)


def apply_recipe(dataset: Dataset, recipe: Recipe, *, varied_splits: Iterable[str] = VARIED_SPLITS) -> Dataset:
    """The data set with the recipe's pictures: preprocessing for every image, copies of those in `varied_splits`.

    Images whose pixels stay keep their bytes; all others are rendered when they are opened. Where one image can become
    several, numbers are dealt anew and names tell the pieces and copies apart.
    """
    if not recipe.steps:
        return dataset
    kitchen = Kitchen(recipe, dataset.classes)
    multiplies = recipe.copies > 0 or any(step.facts.cuts for step in recipe.steps)
    return replace(
        dataset,
        classes=kitchen.classes,
        images=_images(kitchen, dataset.images, frozenset(varied_splits), multiplies=multiplies),
        image_count=-1,
        annotation_count=-1,
        info={**dataset.info, "recipe": recipe.as_dict()},
    )


def _images(
    kitchen: Kitchen, records: Iterable[ImageRecord], varied: frozenset[str], *, multiplies: bool
) -> Iterator[ImageRecord]:
    number = 0
    for sample in _prepared(kitchen, records, varied):
        is_varied = sample.record.split in varied
        for copy in range(1 + kitchen.recipe.copies * is_varied):
            for result in kitchen.vary(sample, copy) if copy else (sample,):
                number += 1
                yield finished(result, number if multiplies else result.record.number, copy, multiplies=multiplies)


def _prepared(kitchen: Kitchen, records: Iterable[ImageRecord], varied: frozenset[str]) -> Iterator[Sample]:
    samples = (sample for record in records for sample in kitchen.prepare(kitchen.take(record)))
    if not kitchen.mixes:
        return samples
    waiting: list[Sample] = []
    # The stream is read only as far as it takes to find them.
    kitchen.companions = list(islice(_noted(samples, waiting, varied), COMPANIONS))
    return chain(waiting, samples)


def _noted(samples: Iterator[Sample], waiting: list[Sample], varied: frozenset[str]) -> Iterator[Sample]:
    """The samples that may come into others; every sample read on the way is kept in `waiting`."""
    for sample in samples:
        waiting.append(sample)
        if sample.record.split in varied:
            yield sample


def finished(sample: Sample, number: int, copy: int, *, multiplies: bool) -> ImageRecord:
    """The image that a sample has become."""
    record, label = sample.record, f"{sample.part}{f'~copy{copy}' if copy else ''}"
    if multiplies:
        record = replace(record, number=number, name=_name(record.name, label))
    if label:
        rows = tuple(replace(row, uuid=_derived(row.uuid, label)) for row in record.annotations)
        record = replace(record, uuid=_derived(record.uuid, label), annotations=rows)
    if sample.is_stored:
        return record
    suffix = record.suffix if record.suffix.lower() in JPEG_SUFFIXES else ".png"
    return replace(record, sha256="", suffix=suffix, path=None, open=partial(_rendered, sample, suffix))


def _rendered(sample: Sample, suffix: str) -> BinaryIO:
    return BytesIO(encode(sample.read(), suffix))


def _name(name: str, label: str) -> str:
    """`a/b.jpg` → `a/b~copy1.jpg`. A name that looks like a copy's by itself is told apart from one."""
    path = PurePosixPath(name)
    if "~" in path.stem:
        label = f"~0{label}"
    return str(path.with_name(f"{path.stem}{label}{path.suffix}")) if label else name


def _derived(uuid: str, label: str) -> str:
    try:
        return str(uuid5(UUID(uuid), label))
    except ValueError:
        return str(uuid5(NAMESPACE_OID, f"{uuid}{label}"))
