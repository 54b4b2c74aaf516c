"""Writes a version or revision in a format into one downloadable file."""

from __future__ import annotations

import gc
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from annotator.core.errors import DomainError, NotFoundError
from datasets_app.formats.base import Progress, no_progress
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Project, Version
from datasets_app.services.exchange import dataset_of

STORED_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
"""Compressed already; deflating them again costs time and saves nothing."""
MAX_PROBLEMS = 200
PACKED_AT = 315_619_200
"""2 January 1980 in seconds since 1970: a date that zip archives can hold in every time zone."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export: a version, or a revision (None: now)."""

    project: Project
    format: str
    version: Version | None = None
    revision: int | None = None
    images: bool = False


def exports_folder() -> Path:
    return Path(settings.DATA_DIR) / "exports"


def export_check(request: ExportRequest) -> None:
    """Raises `DomainError` for a request that could only fail."""
    if request.format not in FORMATS or not FORMATS.get_entry(request.format).facts["write"]:
        known = ", ".join(entry.key for entry in FORMATS if entry.facts["write"])
        raise DomainError("unknown_format", f"format: {request.format!r} cannot be written; choose one of {known}.")
    if request.revision is not None and not 0 <= request.revision <= request.project.revision:
        raise DomainError("bad_revision", f"revision: choose a number from 0 to {request.project.revision}.")


def export_write(request: ExportRequest, *, key: str, progress: Progress = no_progress) -> dict[str, Any]:
    """Writes the export under `key` and answers filename, size, losses. Repeating a key replaces its file.

    A single file without pictures is offered as it is; anything else as a zip.
    """
    export_check(request)
    folder = exports_folder() / key
    folder.mkdir(parents=True, exist_ok=True)
    dataset = dataset_of(request.project, version=request.version, revision=request.revision)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        root = Path(work) / "tree"
        root.mkdir()
        with _collector_paused():
            report = FORMATS.load(request.format).write(dataset, root, images=request.images, progress=progress)
        target = _pack(root, Path(work) / "packed", _base_name(request))
        final = folder / target.name
        for old in folder.iterdir():
            if old.is_file():
                old.unlink()
        target.replace(final)
    problems = [*report.refused, *report.fixed]
    return {
        "filename": final.name,
        "size": final.stat().st_size,
        "lossy": list(FORMATS.get_entry(request.format).facts["lossy"]),
        "problems": [asdict(problem) for problem in problems[:MAX_PROBLEMS]],
        "problem_count": len(problems),
    }


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Records are freed by counting; looking for cycles among millions of them costs a fifth of an export."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def export_file(key: str) -> Path:
    """The finished file of an export. Raises `NotFoundError` when it was removed."""
    folder = exports_folder() / key
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    if not files:
        raise NotFoundError("export_gone", "This export is no longer on the server; make it again.")
    return files[0]


def _base_name(request: ExportRequest) -> str:
    what = request.version.name if request.version else f"revision-{_revision(request)}"
    text = f"{request.project.name}-{what}-{request.format}"
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-") or "export"


def _revision(request: ExportRequest) -> int:
    return request.project.revision if request.revision is None else request.revision


def _pack(root: Path, folder: Path, name: str) -> Path:
    folder.mkdir()
    files = sorted(path for path in root.rglob("*") if path.is_file())
    if len(files) == 1:
        target = folder / f"{name}{files[0].suffix}"
        shutil.move(files[0], target)
        return target
    target = folder / f"{name}.zip"
    with zipfile.ZipFile(target, "w", compresslevel=1) as archive:
        for path in files:
            # A fixed date: the same version gives the same bytes whenever it is exported.
            os.utime(path, (PACKED_AT, PACKED_AT))
            kind = zipfile.ZIP_STORED if path.suffix.lower() in STORED_SUFFIXES else zipfile.ZIP_DEFLATED
            archive.write(path, path.relative_to(root).as_posix(), compress_type=kind)
    return target
