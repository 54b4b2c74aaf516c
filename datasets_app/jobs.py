"""Background work on data: fetch, call a service, report."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext, JobLost, job
from annotator.core.models import Job
from annotator.core.storage.archives import ArchiveRefused, check_archive
from datasets_app.models import Image, LabelClass, Project, Revision, Version
from datasets_app.services.class_rewrite import ClassRewrite, class_end
from datasets_app.services.exports import ExportRequest, export_losses, export_write
from datasets_app.services.health import health_compute
from datasets_app.services.image import images_take_archive
from datasets_app.services.imports import ImportRequest, import_run, imports_folder
from datasets_app.services.recipe import PREVIEW
from datasets_app.services.recipe_rendering import preview_render
from datasets_app.services.restore import RestoreRequest, restore_run
from datasets_app.services.revert import revert_run
from datasets_app.services.revert_source import RevertRequest
from datasets_app.services.tiles import TILES, tiles_make


@job("datasets.export", queue="cpu", title="Export")
def export_job(
    ctx: JobContext, *, project: int, version: int | None, revision: int | None, how: Mapping[str, Any]
) -> dict[str, Any]:
    """`how` holds the other fields of the request."""
    ctx.progress(0, -1, "images")
    result = export_write(_export_request(project, version, revision, how), key=ctx.job_id, progress=ctx.tick)
    return result | {"download_url": f"/api/v1/exports/{ctx.job_id}/download/"}


@job("datasets.export_preview", queue="cpu", title="Loss report")
def export_preview_job(
    ctx: JobContext, *, project: int, version: int | None, revision: int | None, how: Mapping[str, Any]
) -> dict[str, Any]:
    ctx.progress(0, -1, "images")
    return export_losses(_export_request(project, version, revision, how), progress=ctx.tick)


def _export_request(project: int, version: int | None, revision: int | None, how: Mapping[str, Any]) -> ExportRequest:
    return ExportRequest(
        project=Project.objects.get(pk=project),
        version=None if version is None else Version.objects.get(pk=version, project_id=project),
        revision=revision,
        **how,
    )


@job("datasets.import", queue="cpu", title="Import")
def import_job(
    ctx: JobContext, *, project: int, path: str, pictures: str, is_upload: bool, how: Mapping[str, Any]
) -> dict[str, Any]:
    """`how` holds format, dry_run, mode, classes and options of the request."""
    source = Path(path)
    folder = Path(pictures) if pictures else None
    request = ImportRequest(Project.objects.get(pk=project), source, **how, pictures=folder)
    ctx.progress(0, -1, "images")
    author = Job.objects.select_related("created_by").get(pk=ctx.job_id).created_by
    try:
        result = import_run(request, author=author, key=ctx.job_id, progress=ctx.tick)
    except JobLost:
        # Another worker reads the file.
        raise
    except Exception:
        _remove_upload(source, is_upload=is_upload)
        raise
    _remove_upload(source, is_upload=is_upload)
    if result["problem_lines"]:
        result |= {"problems_url": f"/api/v1/imports/{ctx.job_id}/problems/"}
    return result


def _remove_upload(path: Path, *, is_upload: bool) -> None:
    """The copy that the upload made for this job alone; never what lies in a folder of the server."""
    if is_upload and path.parent.parent == imports_folder():
        shutil.rmtree(path.parent, ignore_errors=True)


@job("datasets.upload_archive", queue="cpu", title="Unpack archive")
def upload_archive_job(ctx: JobContext, *, project: int, path: str) -> dict[str, Any]:
    archive = Path(path)
    try:
        total = len(check_archive(archive))
    except ArchiveRefused as refusal:
        raise DomainError(refusal.code, refusal.detail) from refusal
    author = Job.objects.select_related("created_by").get(pk=ctx.job_id).created_by
    taken = images_take_archive(
        Project.objects.get(pk=project),
        archive,
        author=author,
        key=ctx.job_id,
        progress=lambda done: ctx.progress(done, total, "files"),
    )
    archive.unlink(missing_ok=True)
    return taken


@job(PREVIEW, queue="interactive", title="Preview of a recipe")
def recipe_preview_job(ctx: JobContext, *, project: int, image: int | None, recipe: dict[str, Any]) -> dict[str, Any]:
    ctx.check_cancelled()
    return preview_render(Project.objects.get(pk=project), recipe=recipe, image=image)


@job(TILES, queue="cpu", title="Tiles of a large picture")
def tiles_job(ctx: JobContext, *, sha256: str, suffix: str) -> dict[str, Any]:
    ctx.progress(0, -1, "tiles")
    return {"tiles": tiles_make(sha256=sha256, suffix=suffix)}


@job("datasets.health", queue="cpu", title="Health check")
def health_job(ctx: JobContext, *, project: int) -> dict[str, Any]:
    ctx.progress(0, -1, "images")
    return health_compute(Project.objects.get(pk=project), progress=ctx.tick)


@job("datasets.restore", queue="cpu", title="Restore")
def restore_job(
    ctx: JobContext, *, project: int, revision: int, image: int | None, label_class: int | None, name: str
) -> dict[str, Any]:
    request = RestoreRequest(
        Project.objects.get(pk=project),
        revision,
        None if image is None else Image.objects.get(pk=image),
        None if label_class is None else LabelClass.objects.get(pk=label_class),
        name,
    )
    return restore_run(request, author=_author(ctx), key=ctx.job_id, progress=_rows(ctx))


@job("datasets.revert", queue="cpu", title="Revert")
def revert_job(ctx: JobContext, *, project: int, chosen: dict[str, Any], on_conflict: str) -> dict[str, Any]:
    if chosen["revision"] is None:
        row = Project.objects.get(pk=project)
        request = RevertRequest.of_range(row, chosen["first"], chosen["last"], chosen["author"] or "")
    else:
        request = RevertRequest.of_one(Revision.objects.select_related("project").get(pk=chosen["revision"]))
    answer = revert_run(request, author=_author(ctx), key=ctx.job_id, on_conflict=on_conflict, progress=_rows(ctx))
    # Both sides of conflicts hold UUIDs and ready text; the result of a job is plain JSON.
    plain: dict[str, Any] = orjson.loads(orjson.dumps(answer))
    return plain


@job("datasets.class_end", queue="cpu", title="Merge or retire a class")
def class_end_job(ctx: JobContext, *, label_class: int, into: int | None) -> dict[str, Any]:
    target = None if into is None else LabelClass.objects.get(pk=into)
    wanted = ClassRewrite(LabelClass.objects.get(pk=label_class), target)
    return class_end(wanted, author=_author(ctx), key=ctx.job_id, progress=_rows(ctx))


def _author(ctx: JobContext) -> Any:
    return Job.objects.select_related("created_by").get(pk=ctx.job_id).created_by


def _rows(ctx: JobContext) -> Callable[[int, int], None]:
    return lambda done, total: ctx.progress(done, total, "rows")
