"""Detectors that people bring as ONNX files: looked at by the engine's child process first, then kept as models."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Any, BinaryIO
from uuid import uuid4

from django.db import transaction

from annotator.core import jobs
from annotator.core.errors import DomainError, NotFoundError
from annotator.core.jobs import JobContext
from annotator.core.models import Job, JobState
from datasets_app.models import Image, Project
from datasets_app.selectors.label_class import class_states
from training_app.engine.detectors.declaration import Declaration, DeclarationError, read_declaration
from training_app.models import TrainedModel
from training_app.selectors.files import ONNX_FILE, model_folder, uploads_folder
from training_app.services.engine_child import engine_run
from training_app.services.pictures import picture_file

INSPECT_JOB = "training.inspect_model"
ADD_JOB = "training.add_model"
TASK = "detection"
MAX_BYTES = 512 << 20
CHUNK_BYTES = 1 << 20
SAMPLES = 6
"""Pictures of the project that help to guess how the detector wants its input."""
KEPT_SECONDS = 24 * 3600.0
"""How long an upload waits to become a model."""
GREY = "#8a8f98"


@dataclass(frozen=True, slots=True)
class NewModel:
    """What its bringer says of an uploaded detector; `mapping` leads names of its outputs to class ids or None."""

    name: str
    licence: str
    declaration: Mapping[str, Any]
    mapping: Mapping[str, int | None]


class _Listener:
    """An inspection has no progress."""

    wants_stop = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Nothing of it is shown."""

    def beat(self) -> None:
        """Nothing to write down."""

    def progress(self) -> tuple[int, int, str]:
        return 0, -1, ""


def upload_start(project: Project, *, author: Any, file: Any) -> Job:
    """Keeps the file for a while; the job tells what it is. Raises `DomainError` for what is too large."""
    _forget_old()
    folder = uploads_folder() / uuid4().hex
    folder.mkdir(parents=True)
    try:
        with (folder / ONNX_FILE).open("wb") as target:
            _copy(file, target)
    except DomainError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    payload = {"project": project.pk, "upload": folder.name}
    name = str(file.name or "model.onnx").replace("\\", "/").rsplit("/", 1)[-1]
    title = f"Inspect {name}"[:200]
    return jobs.enqueue(INSPECT_JOB, payload, project_id=project.pk, user=author, title=title)


def _copy(file: Any, target: BinaryIO) -> None:
    done = 0
    while part := file.read(CHUNK_BYTES):
        done += len(part)
        if done > MAX_BYTES:
            raise DomainError("too_large", f"file: a model may have at most {MAX_BYTES >> 20} MB.")
        target.write(part)


def _forget_old() -> None:
    oldest = time.time() - KEPT_SECONDS
    for folder in uploads_folder().glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def upload_inspect(project: Project, upload: str, *, ctx: JobContext) -> dict[str, Any]:
    """`{upload, facts, declaration, classes}`: the guessed declaration or None, and where its classes might go."""
    images = islice(Image.objects.filter(project=project, states__deleted_in__isnull=True).order_by("pk"), SAMPLES)
    pictures = [{"number": row.pk, "path": str(picture_file(row))} for row in images]
    found = _inspect(upload, ctx, {"images": pictures})
    declaration = found["declaration"]
    names = [] if declaration is None else declaration["classes"]
    classes = [{"name": name, "class": target} for name, target in suggested(project, names).items()]
    return {"upload": upload, "facts": found["facts"], "declaration": declaration, "classes": classes}


def _inspect(upload: str, ctx: JobContext, more: Mapping[str, Any]) -> dict[str, Any]:
    folder = uploads_folder() / upload
    if not (folder / ONNX_FILE).is_file():
        raise DomainError("upload_gone", "The uploaded file is not here any more; upload it again.")
    job = {"mode": "inspect", "model": str(folder / ONNX_FILE), **more}
    return engine_run(folder, job, ctx=ctx, listener=_Listener())


def suggested(project: Project, names: Sequence[str]) -> dict[str, int | None]:
    """For each name the class of the project that is called so, or nearly so; None where none is."""
    known = {state.name.casefold(): state.label_class_id for state in class_states(project.pk)}
    found: dict[str, int | None] = {}
    for name in names:
        alike = get_close_matches(name.casefold(), known, n=1, cutoff=0.85)
        found[name] = known[alike[0]] if alike else None
    return found


def model_add_start(project: Project, upload: Job, *, author: Any, wanted: NewModel) -> Job:
    """The job that makes the model. Raises `DomainError` for a declaration or mapping that cannot be meant."""
    if upload.kind != INSPECT_JOB or upload.project_id != project.pk:
        raise NotFoundError("not_found", "upload: there is no such uploaded model in this project.")
    if upload.state != JobState.SUCCEEDED:
        raise DomainError("not_inspected", "upload: the file was not found usable; see its job.")
    if not wanted.name.strip():
        raise DomainError("bad_name", "A model needs a name.", fields={"name": "1 to 200 characters"})
    declaration = declaration_read(wanted.declaration)
    _check_mapping(project, declaration, wanted.mapping)
    payload = {
        "project": project.pk,
        "upload": upload.payload["upload"],
        "name": wanted.name.strip(),
        "licence": wanted.licence.strip(),
        "declaration": declaration.to_json(),
        "mapping": {name: wanted.mapping.get(name) for name in declaration.classes},
    }
    title = f"Add the model {wanted.name.strip()}"[:200]
    return jobs.enqueue(ADD_JOB, payload, project_id=project.pk, user=author, title=title)


def declaration_read(given: Mapping[str, Any]) -> Declaration:
    """The declaration, checked. Raises `DomainError` that names each wrong key."""
    try:
        return read_declaration(given)
    except DeclarationError as error:
        fields = {f"declaration.{key}": text for key, text in error.problems.items()}
        raise DomainError("bad_declaration", str(error), fields=fields) from None


def _check_mapping(project: Project, declaration: Declaration, mapping: Mapping[str, int | None]) -> None:
    if unknown := sorted(set(mapping) - set(declaration.classes)):
        raise DomainError("bad_mapping", f"mapping: the model has no class {', '.join(unknown)[:200]}.")
    live = {state.label_class_id for state in class_states(project.pk)}
    if lost := [name for name, target in mapping.items() if target is not None and target not in live]:
        raise DomainError("bad_mapping", f"mapping: {lost[0]} leads to a class that this project does not have.")


def model_add(payload: Mapping[str, Any], *, ctx: JobContext) -> dict[str, Any]:
    """`{model}`. Called again after its worker died, it makes no second one."""
    project = Project.objects.get(pk=payload["project"])
    job = Job.objects.select_related("created_by").get(pk=ctx.job_id)
    if (made := TrainedModel.objects.filter(job=job).first()) is not None:
        return {"model": made.pk}
    found = _inspect(payload["upload"], ctx, {"declaration": payload["declaration"]})
    source = uploads_folder() / payload["upload"] / ONNX_FILE
    with transaction.atomic():
        model = TrainedModel.objects.create(
            project=project,
            job=job,
            name=payload["name"],
            licence=payload["licence"],
            task=TASK,
            architecture=found["declaration"]["head"],
            epoch=0,
            classes=_classes(project, found["declaration"]["classes"], payload["mapping"]),
            declaration=found["declaration"],
            size=source.stat().st_size,
            created_by=job.created_by,
        )
        # Inside the transaction: a row is only seen when its file is there.
        target = model_folder(model.pk)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        shutil.copyfile(source, target / ONNX_FILE)
    shutil.rmtree(source.parent, ignore_errors=True)
    return {"model": model.pk}


def _classes(project: Project, names: Sequence[str], mapping: Mapping[str, int | None]) -> list[dict[str, Any]]:
    colors = {state.label_class_id: state.color for state in class_states(project.pk)}
    return [
        {"id": mapping[name], "number": index, "name": name, "color": colors.get(mapping[name] or 0, GREY)}
        for index, name in enumerate(names, start=1)
    ]
