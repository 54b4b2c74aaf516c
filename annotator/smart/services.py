"""Smart selection as the API asks for it: the methods, one answer, one preparation. Runs no method itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from annotator.core import jobs
from annotator.core.errors import DomainError, NotFoundError, UnavailableError
from annotator.core.models import FINISHED_STATES, Job, JobState
from annotator.core.parameters import Parameter, ParameterError, clean_parameters
from annotator.core.registry import Entry, UnknownKeyError
from annotator.core.weights.services import weights_digest, weights_missing
from annotator.smart.base import MethodFacts, PromptError
from annotator.smart.catalog import METHODS, get_facts
from annotator.smart.embeddings import EmbeddingCache, EmbeddingKey
from annotator.smart.prompts import check_prompt, make_prompt
from datasets_app.models import Image

PREDICT = "smart.predict"
EMBED = "smart.embed"
EXPORT_DECODER = "smart.export_decoder"
EVERYTHING = "smart.everything"
EPHEMERAL = (PREDICT, EMBED, EXPORT_DECODER)
WAIT_SECONDS = 60.0
POLL_SECONDS = 0.01
KEEP_UNREAD = timedelta(minutes=10)
MEMORY_BYTES = 256 << 20
DISK_BYTES = 20 << 30


@dataclass(frozen=True, slots=True)
class MethodStatus:
    """A catalog entry and why it cannot be used now ("" when it can)."""

    entry: Entry
    facts: MethodFacts
    unavailable_reason: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks of a method, as it came over the wire."""

    method: str
    points: Sequence[Sequence[float]] = ()
    box: Sequence[float] | None = None
    strokes: Sequence[Mapping[str, Any]] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    output: str = "polygon"


@cache
def get_embeddings() -> EmbeddingCache:
    """The cache of this installation; each process holds its own part in memory."""
    folder = Path(settings.DATA_DIR) / "embeddings"
    return EmbeddingCache(folder, memory_bytes=MEMORY_BYTES, disk_bytes=DISK_BYTES)


def methods_list() -> list[MethodStatus]:
    """Every method of the catalog with its availability."""
    return [_status(entry) for entry in METHODS]


def smart_predict(image: Image, *, user: Any, wish: Wish, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
    """`{shapes, seconds, embedding_cached}` from a worker. Raises `DomainError` with the reason there is no answer."""
    status = get_usable(wish.method)
    payload = _payload(image, status, wish)
    row = jobs.enqueue(PREDICT, payload, project_id=image.project_id, user=user, is_ephemeral=True)
    jobs.wait_for(row, seconds=seconds, poll_seconds=POLL_SECONDS)
    if not row.is_finished:
        raise _give_up(row, status.entry.title, seconds)
    row.delete()
    if row.state != JobState.SUCCEEDED:
        raise DomainError(row.error_code, row.error_detail)
    answer: dict[str, Any] = row.result or {}
    return answer


def smart_prepare(image: Image, *, user: Any, method: str) -> Job | None:
    """A job that computes the embedding ahead of the first click; None when there is nothing (left) to prepare."""
    status = get_usable(method)
    if not status.facts.embeds or get_embeddings().has(embedding_key(image, method)):
        return None
    return start_once(EMBED, embed_payload(image, method), project_id=image.project_id, user=user)


def everything_start(image: Image, *, user: Any, wish: Wish) -> Job:
    """A job whose result is `{shapes}`: every object that the method finds. Raises `DomainError`."""
    status = get_usable(wish.method)
    facts, title = status.facts, status.entry.title
    if not facts.everything:
        raise DomainError("not_everything", f"{title} needs a prompt; it cannot find every object by itself.")
    payload = {
        "picture": _picture(image),
        "method": wish.method,
        "parameters": _parameters(facts.everything, wish),
        "output": _output(facts, title, wish),
    }
    title = f"Find every object with {title}"
    return jobs.enqueue(EVERYTHING, payload, project_id=image.project_id, user=user, title=title)


def embedding_key(image: Image, method: str) -> EmbeddingKey:
    """Under which the embedding of an image is kept, by a method whose weights are here."""
    return EmbeddingKey(method, image.sha256, weights_digest(get_facts(method).weights))


def embed_payload(image: Image, method: str) -> dict[str, Any]:
    return {"picture": _picture(image), "method": method}


def start_once(kind: str, payload: Mapping[str, Any], *, project_id: int | None = None, user: Any = None) -> Job:
    """The job that is at it already, or a new one that nobody sees in a list."""
    _forget_unread()
    waiting = Job.objects.filter(kind=kind, payload=payload).exclude(state__in=FINISHED_STATES).first()
    return waiting or jobs.enqueue(kind, payload, project_id=project_id, user=user, is_ephemeral=True)


def method_status(key: str) -> MethodStatus:
    """One method of the catalog with its availability. Raises `NotFoundError`."""
    try:
        return _status(METHODS.get_entry(key))
    except UnknownKeyError as error:
        raise NotFoundError("unknown_method", str(error)) from None


def get_usable(key: str) -> MethodStatus:
    """A method that can be used now. Raises `DomainError` with the reason where it cannot."""
    status = method_status(key)
    if status.unavailable_reason:
        raise UnavailableError("method_unavailable", status.unavailable_reason)
    return status


def _status(entry: Entry) -> MethodStatus:
    facts = get_facts(entry.key)
    return MethodStatus(entry, facts, weights_missing(facts.weights))


def _payload(image: Image, status: MethodStatus, wish: Wish) -> dict[str, Any]:
    facts, title = status.facts, status.entry.title
    output, parameters = _output(facts, title, wish), _parameters(facts.parameters, wish)
    try:
        prompt = make_prompt(wish.points, wish.box, wish.strokes)
        prompt = check_prompt(prompt, facts, title=title, width=image.width, height=image.height)
    except PromptError as error:
        raise DomainError("bad_prompt", str(error), fields={"prompt": str(error)}) from None
    return {
        "picture": _picture(image),
        "method": wish.method,
        "prompt": asdict(prompt),
        "parameters": parameters,
        "output": output,
    }


def _output(facts: MethodFacts, title: str, wish: Wish) -> str:
    if wish.output not in facts.outputs:
        sentence = f"{title} answers with {', '.join(facts.outputs)}, not with {wish.output!r}."
        raise DomainError("bad_output", sentence, fields={"output": sentence})
    return wish.output


def _parameters(known: tuple[Parameter, ...], wish: Wish) -> dict[str, Any]:
    try:
        return clean_parameters(known, wish.parameters)
    except ParameterError as error:
        raise DomainError("bad_parameter", str(error), fields={f"parameters.{error.key}": str(error)}) from None


def _picture(image: Image) -> dict[str, str]:
    return {"sha256": image.sha256, "suffix": image.suffix}


def _give_up(row: Job, title: str, seconds: float) -> DomainError:
    """What to tell after the time was up. A running job goes on: what it computes serves the next click."""
    _forget_unread()
    if jobs.cancel(row).is_finished:
        row.delete()
        return UnavailableError(
            "no_worker", f"No worker took the request within {seconds:g} s: all are busy, or none is running."
        )
    return UnavailableError("still_working", f"{title} is still reading this picture; click again in some seconds.")


def _forget_unread() -> None:
    """Deletes the rows of answers that nobody waited for."""
    Job.objects.filter(kind__in=EPHEMERAL, is_ephemeral=True, finished_at__lt=timezone.now() - KEEP_UNREAD).delete()
