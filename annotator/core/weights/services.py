"""What the rest asks of weights: which are here, give me these files, fetch this one. Writes job rows only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from annotator.core import jobs
from annotator.core.errors import ConflictError, NotFoundError, UnavailableError
from annotator.core.models import FINISHED_STATES, Job
from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.registry import UnknownWeightsError, all_weights, get_weights
from annotator.core.weights.store import Presence, State, WeightsStore, combined_digest

FETCH = "weights.fetch"
VERIFY = "weights.verify"


@dataclass(frozen=True, slots=True)
class WeightsStatus:
    """An entry, how its file stands, and the job that fetches or verifies it just now."""

    entry: WeightsEntry
    presence: Presence
    job: Job | None


def get_store() -> WeightsStore:
    """The folder of this installation."""
    return WeightsStore(Path(settings.DATA_DIR) / "weights")


def weights_list() -> list[WeightsStatus]:
    """Every entry that an app contributes."""
    store, active = get_store(), _active_jobs()
    return [WeightsStatus(entry, store.look(entry), active.get(entry.key)) for entry in all_weights().values()]


def weights_get(key: str) -> WeightsStatus:
    """One entry. Raises `NotFoundError`."""
    entry = weights_entry(key)
    return WeightsStatus(entry, get_store().look(entry), _active_jobs().get(key))


def weights_entry(key: str) -> WeightsEntry:
    """The entry of a key that a person sent. Raises `NotFoundError`."""
    try:
        return get_weights(key)
    except UnknownWeightsError as error:
        raise NotFoundError("not_found", str(error)) from None


def weights_missing(keys: Iterable[str]) -> str:
    """Why these weights cannot be used all, in the words of the first that is missing; empty when they can."""
    store = get_store()
    for key in keys:
        found = store.look(get_weights(key))
        if found.state is not State.PRESENT:
            return found.reason
    return ""


def weights_digest(keys: Iterable[str]) -> str:
    """One digest over verified files, "" over none; it reads no file. For who knows that none is missing."""
    return combined_digest(get_store().look(get_weights(key)).sha256 for key in keys)


def weights_files(keys: Iterable[str]) -> Mapping[str, Path]:
    """The verified files of these keys. Raises `UnavailableError` naming the first that is missing."""
    wanted = tuple(keys)
    if reason := weights_missing(wanted):
        raise UnavailableError("weights_missing", reason)
    return {key: get_store().path(get_weights(key)) for key in wanted}


def weights_fetch(key: str, *, user: Any) -> Job:
    """The job that brings the file in: a new one, or the one that is at it. Raises `ConflictError` if it is here."""
    status = weights_get(key)
    if status.presence.state is State.PRESENT:
        raise ConflictError("weights_present", f"{status.entry.title} is here already; there is nothing to fetch.")
    return status.job or jobs.enqueue(FETCH, {"key": key}, user=user, title=f"Fetch {status.entry.title}")


def weights_verify(key: str, *, user: Any) -> Job:
    """The job that checks a file put in place by hand. Raises `NotFoundError` if there is none."""
    status = weights_get(key)
    if status.presence.state is State.ABSENT:
        raise NotFoundError("weights_absent", status.presence.reason)
    return status.job or jobs.enqueue(VERIFY, {"key": key}, user=user, title=f"Verify {status.entry.title}")


def _active_jobs() -> dict[str, Job]:
    rows = Job.objects.filter(kind__in=(FETCH, VERIFY)).exclude(state__in=FINISHED_STATES).select_related("created_by")
    return {str(row.payload.get("key")): row for row in rows}
