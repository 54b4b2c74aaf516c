"""Writes an export into one downloadable file, or finds the one that was written before."""

from __future__ import annotations

import gc
import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from posixpath import splitext
from typing import Any, BinaryIO

import orjson

from annotator.core.errors import DomainError, NotFoundError
from datasets_app.formats.base import FormatError, Progress, no_progress
from datasets_app.formats.catalog import FORMATS
from datasets_app.ir import Dataset
from datasets_app.services.exports.gathered import GatheredFiles
from datasets_app.services.exports.manifest import Counted, manifest_of
from datasets_app.services.exports.request import ExportRequest, export_check, exports_folder
from datasets_app.services.exports.source import export_dataset

STORED_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".parquet", ".gz", ".tar", ".zip"))
"""Compressed already; deflating them again costs time and saves nothing."""
MAX_PROBLEMS = 200
PACKED_AT = (1980, 1, 1, 0, 0, 0)
"""The first date that zip archives can hold: the same content gives the same bytes whenever it is exported."""
MANIFEST = "manifest.json"
_RESULT = "result.json"
_COPIED_BYTES = 1 << 20


def export_write(request: ExportRequest, *, key: str, progress: Progress = no_progress) -> dict[str, Any]:
    """Writes the export, or finds it, and answers filename, size, losses, manifest and `artefact`: where it lies.

    A single file without pictures is offered as it is; anything else as a zip. `key` names the unfinished work, which
    a second call with the same key, or the end of this one, removes.
    """
    export_check(request)
    artefact = request.fingerprint
    if (found := _made_before(artefact)) is not None:
        return found | {"reused": True}
    work = exports_folder() / f"{key}.part"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        result = _write(request, work, progress) | {"artefact": artefact}
        (work / "made" / _RESULT).write_bytes(orjson.dumps(result))
        try:
            (work / "made").rename(exports_folder() / artefact)
        except OSError:
            # Somebody asked for the same at the same time; theirs is as good. One that is not whole is replaced.
            if _made_before(artefact) is None:
                shutil.rmtree(exports_folder() / artefact, ignore_errors=True)
                (work / "made").rename(exports_folder() / artefact)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return result | {"reused": False}


def _made_before(artefact: str) -> dict[str, Any] | None:
    try:
        result: dict[str, Any] = orjson.loads((exports_folder() / artefact / _RESULT).read_bytes())
        size = export_file(artefact).stat().st_size
    except (OSError, NotFoundError, orjson.JSONDecodeError):
        return None
    return result if size == result["size"] else None


def export_file(artefact: str) -> Path:
    """The file of a finished export. Raises `NotFoundError` when it was removed."""
    folder = exports_folder() / artefact
    files = [path for path in folder.iterdir() if path.name != _RESULT] if artefact and folder.is_dir() else []
    if not files:
        raise NotFoundError("export_gone", "This export is no longer on the server; make it again.")
    return files[0]


def _write(request: ExportRequest, work: Path, progress: Progress) -> dict[str, Any]:
    tree, made = work / "tree", work / "made"
    tree.mkdir()
    made.mkdir()
    dataset = export_dataset(request)
    counted = Counted(dataset, tree / "images.jsonl" if request.links else None, request.links)
    with GatheredFiles(work / "small", tree) as small:
        with _collector_paused(), counted:
            report = _write_format(request, replace(dataset, images=counted.images()), tree, small, progress)
        names = [path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()] + small.names
        names.sort(key=lambda name: name.split("/"))
        manifest = manifest_of(request, dataset, counted)
        if len(names) == 1 and not small.names:
            final = made / f"{request.base_name}{Path(names[0]).suffix}"
            shutil.move(tree / names[0], final)
            manifest["files"] = [_listed(final, final.name)]
        else:
            final = made / f"{request.base_name}.zip"
            manifest["files"] = _pack(tree, small, names, final, manifest, progress)
    problems = [*report.refused, *report.fixed]
    # The answer of a job is looked at on a screen: it does not list each of 100,000 pictures.
    shown = manifest | {"files": manifest["files"][:MAX_PROBLEMS], "file_count": len(manifest["files"])}
    return {
        "filename": final.name,
        "size": final.stat().st_size,
        "lossy": list(FORMATS.get_entry(request.format).facts["lossy"]),
        "lost": dict(report.lost),
        "problems": [asdict(problem) for problem in problems[:MAX_PROBLEMS]],
        "problem_count": report.refused_count + report.fixed_count,
        "manifest": shown,
    }


def _write_format(
    request: ExportRequest, dataset: Dataset, tree: Path, small: GatheredFiles, progress: Progress
) -> Any:
    options = {**request.all_options, "small_files": small}
    try:
        return FORMATS.load(request.format).write(
            dataset, tree, images=request.images, progress=progress, options=options
        )
    except FormatError as error:
        raise DomainError("bad_export", str(error)) from error


def _pack(
    tree: Path, small: GatheredFiles, names: list[str], target: Path, manifest: dict[str, Any], progress: Progress
) -> list[dict[str, Any]]:
    """A zip of the tree and the small files with a manifest that lists them with their hashes; what it lists."""
    listed = []
    gathered = frozenset(small.names)
    with zipfile.ZipFile(target, "w", compresslevel=1) as archive:
        for done, name in enumerate(names, 1):
            if name in gathered:
                digest, size = _add_bytes(archive, _compressed(name), small.read(name))
            else:
                path = tree / name
                with path.open("rb") as source:
                    digest, size = _add(archive, name, source, path.stat().st_size)
                path.unlink()
            listed.append({"path": name, "size": size, "sha256": digest})
            progress(done, len(names))
        text = orjson.dumps(manifest | {"files": listed}, option=orjson.OPT_INDENT_2)
        archive.writestr(_entry(MANIFEST), text, zipfile.ZIP_DEFLATED, 1)
    return listed


def _add(archive: zipfile.ZipFile, name: str, source: BinaryIO, size: int) -> tuple[str, int]:
    entry = _compressed(name)
    entry.file_size = size
    if size <= _COPIED_BYTES:
        return _add_bytes(archive, entry, source.read())
    digest = hashlib.sha256()
    with archive.open(entry, "w", force_zip64=size >= 1 << 31) as member:
        while data := source.read(_COPIED_BYTES):
            digest.update(data)
            member.write(data)
    return digest.hexdigest(), size


def _add_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> tuple[str, int]:
    archive.writestr(entry, data, entry.compress_type, 1)
    return hashlib.sha256(data).hexdigest(), len(data)


def _compressed(name: str) -> zipfile.ZipInfo:
    """The entry of a file, deflated unless it is compressed already."""
    entry = _entry(name)
    entry.compress_type = zipfile.ZIP_STORED if splitext(name)[1].lower() in STORED_SUFFIXES else zipfile.ZIP_DEFLATED
    return entry


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, PACKED_AT)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def _listed(path: Path, name: str) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"path": name, "size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


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
