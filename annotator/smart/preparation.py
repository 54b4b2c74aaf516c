"""Has the slow part of a method computed for many images ahead of the first click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotator.core import jobs
from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext
from annotator.core.models import Job
from annotator.core.storage.blobs import BlobMissingError
from annotator.smart.catalog import METHODS
from annotator.smart.services import DISK_BYTES, embedding_key, get_embeddings, get_usable, smart_prepare
from annotator.smart.worker import PictureRef
from datasets_app.models import Image, Project
from datasets_app.selectors.image import ImageFilter, image_ids

JOB = "smart.prepare"
NEXT = 20
"""Images that may be named one by one: those that a person comes to next."""
EMBEDDING_BYTES = 2_100_000
"""Of Segment Anything's, on disk."""


def next_prepare(project: Project, method: str, images: Sequence[int], *, user: Any) -> int:
    """Has these images prepared, one small job each; answers how many are not ready. Unknown ids are left out."""
    if len(images) > NEXT:
        sentence = f"images: at most {NEXT} at a time; give a filter for more."
        raise DomainError("too_many_images", sentence, fields={"images": sentence})
    found = Image.objects.filter(project=project).in_bulk(images)
    rows = [smart_prepare(found[pk], user=user, method=method) for pk in images if pk in found]
    return sum(row is not None for row in rows)


def preparation_start(project: Project, method: str, params: Mapping[str, Any], *, user: Any) -> Job:
    """A job for every image that passes the filter of the grid's URL. Raises `DomainError` where it is for nothing."""
    status = get_usable(method)
    if not status.facts.embeds:
        sentence = f"{status.entry.title} reads no picture ahead: there is nothing to prepare."
        raise DomainError("nothing_to_prepare", sentence)
    number = len(image_ids(project, ImageFilter.from_params(params)))
    if not number:
        raise DomainError("no_images", "filter: no image passes.", fields={"filter": "another"})
    if number > (most := DISK_BYTES // EMBEDDING_BYTES):
        sentence = f"filter: {number:,} images pass, but only {most:,} embeddings are kept; choose fewer."
        raise DomainError("too_many_images", sentence, fields={"filter": sentence})
    payload = {"project": project.pk, "method": method, "filter": dict(params)}
    title = f"Prepare {status.entry.title}"
    return jobs.enqueue(JOB, payload, project_id=project.pk, user=user, title=title)


def preparation_run(
    project: Project,
    method: str,
    params: Mapping[str, Any],
    *,
    ctx: JobContext,
    embed: Callable[[PictureRef, str], bool],
) -> dict[str, Any]:
    """Answers `{prepared, ready, missing}`: computed now, there before, and images whose stored picture is gone."""
    METHODS.get_entry(method)
    ids = image_ids(project, ImageFilter.from_params(params))
    counts = {"prepared": 0, "ready": 0, "missing": 0}
    for done, image in enumerate(Image.objects.filter(project=project, pk__in=ids).order_by("pk").iterator()):
        ctx.progress(done, len(ids), "images")
        try:
            is_ready = get_embeddings().has(embedding_key(image, method)) or embed(
                PictureRef(image.sha256, image.suffix), method
            )
        except BlobMissingError:
            counts["missing"] += 1
            continue
        counts["ready" if is_ready else "prepared"] += 1
    return counts
