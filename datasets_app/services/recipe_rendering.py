"""Renders the preview of a recipe. Runs in workers alone: it decodes pictures."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from annotator.core.errors import DomainError
from annotator.core.storage.blobs import BlobMissingError
from datasets_app.ir import ImageRecord
from datasets_app.models import Annotation, ImageState, Project
from datasets_app.recipes.apply import COMPANIONS, Kitchen
from datasets_app.recipes.base import Sample
from datasets_app.recipes.recipe import Recipe, read_recipe
from datasets_app.recipes.stored import NoPictureError
from datasets_app.selectors.label_class import class_states
from datasets_app.services.exchange import dataset_of, image_records

SAMPLES = 6
SIDE = 480
"""The longest side of a preview's picture; shapes stay in pixels of the sample's own size."""


def preview_render(project: Project, *, recipe: dict[str, Any], image: int | None) -> dict[str, Any]:
    """`{samples: [...]}`: copies of one image, or one view of each of the first labelled images."""
    wanted = read_recipe(recipe)
    chosen = [image] if image is not None else _some_images(project)
    kitchen = Kitchen(wanted, dataset_of(project).classes)
    if kitchen.mixes:
        kitchen.companions = [
            sample
            for record in image_records(project, _some_images(project, COMPANIONS))
            for sample in kitchen.prepare(kitchen.take(record))
        ]
    ids = {
        state.label_class.number: state.label_class_id for state in class_states(project.pk, revision=project.revision)
    }
    try:
        views = islice(_views(kitchen, wanted, image_records(project, chosen), one=image is not None), SAMPLES)
        return {"samples": [_body(sample, copy, kitchen, ids) for sample, copy in views]}
    except (BlobMissingError, NoPictureError) as error:
        raise DomainError("picture_missing", str(error)) from error


def _views(
    kitchen: Kitchen, recipe: Recipe, records: Iterable[ImageRecord], *, one: bool
) -> Iterator[tuple[Sample, int]]:
    copies = range(SAMPLES) if one and recipe.augmentation else (1,) if recipe.augmentation else (0,)
    for record in records:
        prepared = list(kitchen.prepare(kitchen.take(record)))
        # One tile of each picture where several are shown; all of them where it is the only one.
        for sample in prepared if one else prepared[:1]:
            for copy in copies:
                yield from ((result, copy) for result in (kitchen.vary(sample, copy) if copy else (sample,)))


def _some_images(project: Project, count: int = SAMPLES) -> list[int]:
    """Images that show something, spread over the project; any where none is labelled."""
    states = ImageState.objects.at(project.revision).filter(project=project)
    labelled = Annotation.objects.at(project.revision).filter(project=project).values("image_id")
    found = list(states.filter(image_id__in=labelled).order_by("image_id").values_list("image_id", flat=True))
    found = found or list(states.order_by("image_id").values_list("image_id", flat=True)[:count])
    places = np.linspace(0, len(found) - 1, min(count, len(found))).round().astype(int).tolist()
    return [found[place] for place in places]


def _body(sample: Sample, copy: int, kitchen: Kitchen, ids: dict[int, int]) -> dict[str, Any]:
    record = sample.record
    by_number = {row.number: row for row in kitchen.classes}
    picture = Pillow.fromarray(sample.read())
    if max(picture.size) > SIDE:
        picture = ImageOps.contain(picture, (SIDE, SIDE))
    target = BytesIO()
    picture.save(target, "JPEG", quality=85)
    return {
        "image": record.number,
        "name": record.name,
        "copy": copy,
        "width": record.width,
        "height": record.height,
        "picture": "data:image/jpeg;base64," + base64.b64encode(target.getvalue()).decode(),
        "annotations": [
            {
                "class": ids[row.class_number],
                "name": by_number[row.class_number].name,
                "color": by_number[row.class_number].color,
                "shape": row.shape,
            }
            for row in record.annotations
        ],
    }
