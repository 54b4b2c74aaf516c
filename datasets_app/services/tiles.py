"""Tiles of large pictures: made once by a job, kept as one file beside the thumbnail, made again where that is gone."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import Any

from annotator.core import jobs
from annotator.core.errors import DomainError, NotFoundError
from annotator.core.models import FINISHED_STATES, Job
from annotator.core.storage.blobs import BlobMissingError, get_blobs
from datasets_app.ingest.pool import write_tiles
from datasets_app.ingest.pyramid import has_tile, needs_tiles, tile_name, tile_suffix
from datasets_app.ingest.refusal import Refused
from datasets_app.models import Image

TILES = "datasets.tiles"
DERIVED = "tiles"
SUFFIX = ".zip"


def tiles_are_ready(image: Image) -> bool:
    return get_blobs().exists(image.sha256, SUFFIX, derived=DERIVED)


def tiles_prepare(image: Image, *, user: Any) -> Job | None:
    """The job that makes the tiles, the one under way where there is one; None when they are ready.

    Raises `DomainError` for a picture that browsers show as a whole.
    """
    if not needs_tiles(image.width, image.height):
        raise DomainError("no_tiles_needed", f"{image.name} is small enough to be shown as a whole; use its file.")
    if tiles_are_ready(image):
        return None
    payload = {"sha256": image.sha256, "suffix": image.suffix}
    waiting = Job.objects.filter(kind=TILES, payload=payload, project_id=image.project_id)
    under_way = waiting.exclude(state__in=FINISHED_STATES).first()
    return under_way or jobs.enqueue(
        TILES, payload, project_id=image.project_id, user=user, title=f"Tiles of {image.name}"[:200]
    )


def tiles_make(*, sha256: str, suffix: str) -> int:
    """Cuts the display picture into tiles in a child process; answers how many. A second run replaces the file."""
    blobs = get_blobs()
    with tempfile.TemporaryDirectory(prefix="annotator-tiles-") as folder:
        target = Path(folder) / "tiles.zip"
        try:
            count = write_tiles(blobs.local_path(sha256, suffix), target, tile_suffix(suffix))
        except (Refused, BlobMissingError) as error:
            raise DomainError("tiles_failed", f"The picture cannot be cut into tiles. {error}") from error
        with target.open("rb") as stream:
            blobs.put_derived(DERIVED, sha256, SUFFIX, stream)
    return count


def tile_read(image: Image, level: int, x: int, y: int) -> bytes:
    """One tile's bytes. Raises `NotFoundError` where there is no such tile, or none yet."""
    if not needs_tiles(image.width, image.height) or not has_tile(image.width, image.height, level, x, y):
        raise NotFoundError("no_tile", "There is no such tile: ask images/{id}/tiles/ which levels the picture has.")
    try:
        path = get_blobs().local_path(image.sha256, SUFFIX, derived=DERIVED)
    except BlobMissingError:
        raise NotFoundError("tiles_not_ready", "The tiles are being made: ask images/{id}/tiles/ for them.") from None
    with zipfile.ZipFile(path) as archive:
        return archive.read(tile_name(level, x, y, tile_suffix(image.suffix)))
