"""Fetching and verifying weights in the background."""

from __future__ import annotations

from typing import Any

from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext, job
from annotator.core.weights.download import fetch
from annotator.core.weights.registry import get_weights
from annotator.core.weights.services import FETCH, VERIFY, get_store
from annotator.core.weights.store import State, WeightsFileError


@job(FETCH, queue="cpu", title="Fetch weights")
def weights_fetch_job(ctx: JobContext, *, key: str) -> dict[str, Any]:
    store, entry = get_store(), get_weights(key)
    present = store.look(entry)
    if present.state is State.PRESENT:
        return {"sha256": present.sha256}
    try:
        return {"sha256": fetch(store, entry, lambda done, total: ctx.progress(done, total, "bytes"))}
    except WeightsFileError as error:
        raise DomainError(error.code, str(error)) from error


@job(VERIFY, queue="cpu", title="Verify weights")
def weights_verify_job(ctx: JobContext, *, key: str) -> dict[str, Any]:
    try:
        digest = get_store().verify(get_weights(key), lambda done, total: ctx.progress(done, total, "bytes"))
    except WeightsFileError as error:
        raise DomainError(error.code, str(error)) from error
    return {"sha256": digest}
