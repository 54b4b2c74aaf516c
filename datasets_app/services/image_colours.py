"""Colours of images that were taken in before they were measured: read from the thumbnails."""

from __future__ import annotations

from typing import Any

from PIL import Image as Pictures

from annotator.core.storage.blobs import BlobMissingError, get_blobs
from datasets_app.ingest.colour_moments import COLOUR_MOMENTS, Moments, colour_moments
from datasets_app.models import Image, LabelTally, Project

CHUNK = 500


def colours_measure(project: Project) -> int:
    """Measures every image that was not; answers how many. One without a thumbnail is not tried again."""
    rows = Image.objects.filter(project=project).exclude(facts__has_key=COLOUR_MOMENTS).order_by("pk")
    waiting = list(rows.values_list("pk", flat=True))
    for start in range(0, len(waiting), CHUNK):
        images = list(Image.objects.filter(pk__in=waiting[start : start + CHUNK]))
        for image in images:
            facts: dict[str, Any] = {**image.facts, COLOUR_MOMENTS: _measured(image)}
            image.facts = facts
        Image.objects.bulk_update(images, ["facts"], batch_size=CHUNK)
    if waiting:
        # What was kept of these images knows nothing of their colours.
        LabelTally.objects.filter(project=project).delete()
    return len(waiting)


def _measured(image: Image) -> Moments | None:
    try:
        with (
            get_blobs().open(image.sha256, image.thumbnail_suffix, derived="thumbnail") as file,
            Pictures.open(file) as thumbnail,
        ):
            return colour_moments(thumbnail)
    except (BlobMissingError, OSError):
        return None
