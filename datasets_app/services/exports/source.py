"""The data set that an export writes: what was asked for, with the version's recipe carried out."""

from __future__ import annotations

from datasets_app.ir import Dataset
from datasets_app.recipes.apply import apply_recipe
from datasets_app.services.exchange import dataset_of
from datasets_app.services.exports.request import ExportRequest
from datasets_app.services.exports.selection import selection_ids
from datasets_app.services.recipe import version_recipe


def export_dataset(request: ExportRequest) -> Dataset:
    """Streamed; pictures that a recipe changes are rendered when the format copies them. For workers."""
    ids = selection_ids(request.selection) if request.selection else None
    dataset = dataset_of(request.project, version=request.version, revision=request.number, image_ids=ids)
    recipe = version_recipe(request.version.recipe if request.version is not None else {})
    return apply_recipe(dataset, recipe)
