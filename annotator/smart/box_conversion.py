"""Turns the boxes of a class into masks or polygons, each object keeping its identity, as one operation.

A job cuts the objects out image by image and commits some images at a time; killed, it goes on with what is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from annotator.core import jobs
from annotator.core.errors import DomainError
from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from annotator.core.jobs import JobContext
from annotator.core.models import Job
from annotator.core.parameters import ParameterError, clean_parameters
from annotator.core.storage.blobs import BlobMissingError
from annotator.smart.base import MethodFacts, PromptError
from annotator.smart.catalog import METHODS, get_facts
from annotator.smart.prompts import check_prompt, make_prompt
from annotator.smart.services import get_usable
from annotator.smart.worker import PictureRef, Question
from datasets_app.models import Annotation, Image, LabelClass, Operation, Project, Revision
from datasets_app.selectors.image import ImageFilter, image_ids
from datasets_app.services.revision import revision_open

JOB = "smart.boxes_to_masks"
KIND = "convert"
OUTPUTS = ("mask", "polygon")
CHUNK = 500
SECONDS_A_REVISION = 20.0
OBJECTS_A_REVISION = 1000

Ask = Callable[[Question], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What is asked for; `filter` is that of the grid's URL."""

    method: str
    label_class: int
    output: str
    filter: Mapping[str, Any]
    parameters: Mapping[str, Any]


def conversion_check(project: Project, wanted: Conversion) -> Conversion:
    """The conversion with complete parameters. Raises `DomainError` for what cannot be."""
    status = get_usable(wanted.method)
    if not status.facts.box:
        sentence = f"{status.entry.title} takes no box: choose a method that does."
        raise DomainError("no_box_prompt", sentence, fields={"method": sentence})
    known = [output for output in OUTPUTS if output in status.facts.outputs]
    if wanted.output not in known:
        sentence = f"output: must be {' or '.join(known)}, not {wanted.output!r}."
        raise DomainError("bad_output", sentence, fields={"output": sentence})
    if not LabelClass.objects.filter(project=project, pk=wanted.label_class).exists():
        sentence = f"class: there is no class {wanted.label_class} in this project."
        raise DomainError("bad_class", sentence, fields={"class": sentence})
    try:
        parameters = clean_parameters(status.facts.parameters, wanted.parameters)
    except ParameterError as error:
        raise DomainError("bad_parameter", str(error), fields={f"parameters.{error.key}": str(error)}) from None
    return Conversion(wanted.method, wanted.label_class, wanted.output, dict(wanted.filter), parameters)


def conversion_count(project: Project, wanted: Conversion) -> dict[str, int]:
    """How many images and boxes it would touch."""
    numbers = [boxes for _, boxes in _boxes(project, wanted)]
    return {"images": len(numbers), "objects": sum(len(boxes) for boxes in numbers)}


def conversion_start(project: Project, wanted: Conversion, *, author: Any) -> Job:
    """The job that does it. Raises `DomainError` where there is no box."""
    if not conversion_count(project, wanted)["objects"]:
        raise DomainError("no_boxes", "No image that passes the filter holds a box of this class.")
    title = f"Turn boxes into {wanted.output}s with {METHODS.get_entry(wanted.method).title}"
    payload = {"project": project.pk, **asdict(wanted)}
    return jobs.enqueue(JOB, payload, project_id=project.pk, user=author, title=title)


def conversion_run(project: Project, wanted: Conversion, *, ctx: JobContext, ask: Ask) -> dict[str, Any]:
    """Answers `{objects, images, skipped, revision, revisions}`; called again after a kill, it does what is left."""
    operation, _ = Operation.objects.get_or_create(project=project, key=ctx.job_id, defaults={"kind": KIND})
    if operation.answer is not None:
        return dict(operation.answer)
    author = Job.objects.select_related("created_by").get(pk=ctx.job_id).created_by
    todo = list(_boxes(project, wanted))
    total = sum(len(boxes) for _, boxes in todo)
    done = skipped = 0
    cut: list[tuple[Annotation, Annotation]] = []
    since = time.monotonic()
    ctx.progress(0, total, "objects")
    for image, boxes in todo:
        found = [(box, _convert(image, box, wanted, ask)) for box in boxes]
        cut += [(box, then) for box, then in found if then is not None]
        skipped += sum(then is None for _, then in found)
        done += len(boxes)
        if len(cut) >= OBJECTS_A_REVISION or time.monotonic() - since > SECONDS_A_REVISION:
            _commit(project, wanted, cut, author=author, operation=operation)
            cut, since = [], time.monotonic()
        ctx.progress(done, total, "objects")
    _commit(project, wanted, cut, author=author, operation=operation)
    answer = _answer(operation, skipped)
    Operation.objects.filter(pk=operation.pk).update(answer=answer)
    return answer


def _boxes(project: Project, wanted: Conversion) -> Iterator[tuple[Image, list[Annotation]]]:
    """Each image that passes with its live boxes of the class, in the order of their ids."""
    ids = image_ids(project, ImageFilter.from_params(wanted.filter))
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = Annotation.objects.now().filter(
            project=project, label_class_id=wanted.label_class, type="box", image_id__in=part
        )
        by_image: dict[int, list[Annotation]] = {}
        for row in rows.order_by("pk"):
            by_image.setdefault(row.image_id, []).append(row)
        images = Image.objects.in_bulk(list(by_image))
        yield from ((images[pk], by_image[pk]) for pk in part if pk in by_image)


def _convert(image: Image, box: Annotation, wanted: Conversion, ask: Ask) -> Annotation | None:
    """The object as it shall be, unsaved; None where the method finds nothing in the box."""
    facts: MethodFacts = get_facts(wanted.method)
    title = METHODS.get_entry(wanted.method).title
    try:
        prompt = make_prompt((), (box.x, box.y, box.width, box.height))
        prompt = check_prompt(prompt, facts, title=title, width=image.width, height=image.height)
        picture = PictureRef(image.sha256, image.suffix)
        answers = ask(Question(picture, wanted.method, prompt, wanted.parameters, wanted.output))["shapes"]
        shape = canonical(answers[0]["shape"], image.width, image.height)
    except (PromptError, ShapeError, BlobMissingError):
        return None
    x, y, width, height = shape.box
    return box.successor(
        type=shape.type,
        shape=shape.json,
        x=x,
        y=y,
        width=width,
        height=height,
        area=shape.area,
        source=f"method:{wanted.method}",
        score=answers[0]["score"],
    )


def _commit(
    project: Project,
    wanted: Conversion,
    cut: Sequence[tuple[Annotation, Annotation]],
    *,
    author: Any,
    operation: Operation,
) -> None:
    """One revision of those objects that nobody changed meanwhile."""
    message = f"Turned boxes into {wanted.output}s with {METHODS.get_entry(wanted.method).title}"
    with revision_open(project.pk, author=author, kind=KIND, message=message, operation=operation) as door:
        live: set[int] = set()
        for start in range(0, len(cut), CHUNK):
            keys = [box.pk for box, _ in cut[start : start + CHUNK]]
            live.update(Annotation.objects.now().filter(pk__in=keys).values_list("pk", flat=True))
        held = [(box, then) for box, then in cut if box.pk in live]
        door.close([box for box, _ in held])
        door.open([then for _, then in held])


def _answer(operation: Operation, skipped: int) -> dict[str, Any]:
    """Counted over all attempts."""
    rows = list(Revision.objects.filter(operation=operation).order_by("number").values_list("number", "opened"))
    return {
        "objects": sum(opened for _, opened in rows),
        "skipped": skipped,
        "revision": rows[-1][0] if rows else None,
        "revisions": len(rows),
    }
