"""Clicks and prefetching in a worker: unpack the payload, ask the process's `SmartWorker`, translate errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext, job
from annotator.core.registry import MissingDependencyError
from annotator.core.storage.blobs import BlobMissingError, get_blobs
from annotator.core.weights.services import get_store
from annotator.core.weights.store import WeightsFileError
from annotator.smart.base import Prompt, PromptError, WeightsError
from annotator.smart.box_conversion import JOB as CONVERT
from annotator.smart.box_conversion import Conversion, conversion_run
from annotator.smart.browser import get_decoders
from annotator.smart.preparation import JOB as PREPARE
from annotator.smart.preparation import preparation_run
from annotator.smart.prompts import make_prompt
from annotator.smart.services import EMBED, EVERYTHING, EXPORT_DECODER, PREDICT, get_embeddings
from annotator.smart.worker import PictureRef, Question, SmartWorker
from datasets_app.models import Project


@cache
def get_worker() -> SmartWorker:
    """The one of this process."""
    return SmartWorker(blobs=get_blobs(), weights=get_store(), embeddings=get_embeddings(), decoders=get_decoders())


@job(PREDICT, queue="interactive", title="Smart selection")
def predict_job(
    ctx: JobContext,
    *,
    picture: dict[str, str],
    method: str,
    prompt: dict[str, Any],
    parameters: dict[str, Any],
    output: str,
) -> dict[str, Any]:
    del ctx
    with _told_to_the_user():
        asked = make_prompt(**prompt)
        return get_worker().predict(Question(PictureRef(**picture), method, asked, parameters, output))


@job(EMBED, queue="cpu", title="Prepare smart selection")
def embed_job(ctx: JobContext, *, picture: dict[str, str], method: str) -> dict[str, Any]:
    ctx.check_cancelled()
    with _told_to_the_user():
        return {"cached": get_worker().embed(PictureRef(**picture), method)}


@job(EXPORT_DECODER, queue="cpu", title="Export a decoder for the browser")
def export_decoder_job(ctx: JobContext, *, method: str, weights: str) -> dict[str, Any]:
    del weights  # tells jobs for other weights apart; the worker looks itself which are here
    ctx.check_cancelled()
    with _told_to_the_user():
        return {"cached": get_worker().export_decoder(method)}


@job(EVERYTHING, queue="cpu", title="Find every object")
def everything_job(
    ctx: JobContext, *, picture: dict[str, str], method: str, parameters: dict[str, Any], output: str
) -> dict[str, Any]:
    with _told_to_the_user():
        question = Question(PictureRef(**picture), method, Prompt(), parameters, output)
        return get_worker().everything(question, lambda done, total: ctx.progress(done, total, "points"))


@job(PREPARE, queue="cpu", title="Prepare smart selection")
def prepare_job(ctx: JobContext, *, project: int, method: str, filter: dict[str, Any]) -> dict[str, Any]:
    with _told_to_the_user():
        return preparation_run(Project.objects.get(pk=project), method, filter, ctx=ctx, embed=get_worker().embed)


@job(CONVERT, queue="cpu", title="Turn boxes into masks", max_attempts=10)
def convert_job(ctx: JobContext, *, project: int, **wanted: Any) -> dict[str, Any]:
    with _told_to_the_user():
        return conversion_run(Project.objects.get(pk=project), Conversion(**wanted), ctx=ctx, ask=get_worker().predict)


@contextmanager
def _told_to_the_user() -> Iterator[None]:
    """Turns what a method, its weights or its packages refuse into the sentence that the job carries."""
    try:
        yield
    except PromptError as error:
        raise DomainError("bad_prompt", str(error)) from error
    except WeightsError as error:
        raise DomainError("bad_weights", str(error)) from error
    except WeightsFileError as error:
        raise DomainError(error.code, str(error)) from error
    except MissingDependencyError as error:
        raise DomainError("missing_package", str(error)) from error
    except BlobMissingError as error:
        raise DomainError("picture_missing", str(error)) from error
