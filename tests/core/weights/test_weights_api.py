"""Weights over the API: everybody sees them, staff fetch and verify them by jobs that are found again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pytest

from annotator.core import jobs
from annotator.core.errors import UnavailableError
from annotator.core.models import Job, JobState
from annotator.core.weights import registry
from annotator.core.weights import services as weights_services
from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.registry import all_weights, collect, get_weights
from annotator.core.weights.services import get_store, weights_files, weights_missing
from tests.client import Api
from tests.core.weights.conftest import CONTENT, WeightsServer, make_entry

PUBLISHED = {
    "sam_vit_b": (375_042_383, "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912"),
    "sam_vit_l": (1_249_524_607, "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622"),
    "sam_vit_h": (2_564_550_879, "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e"),
}


@pytest.fixture(autouse=True)
def _empty_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "send", lambda _: None)
    yield
    shutil.rmtree(get_store().folder, ignore_errors=True)


@pytest.fixture
def root(db: None) -> Api:
    return Api("root", is_superuser=True)


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch, server: WeightsServer) -> WeightsEntry:
    """The only weights of the installation, at a server of this test."""
    made = make_entry(server.url, used_by=("Method N",))
    monkeypatch.setattr(registry, "all_weights", lambda: MappingProxyType({made.key: made}))
    monkeypatch.setattr(weights_services, "all_weights", lambda: MappingProxyType({made.key: made}))
    return made


def only(api: Api) -> dict[str, Any]:
    (found,) = api.get("weights/").ok()
    assert isinstance(found, dict)
    return found


def test_published_sizes_and_hashes() -> None:
    found = {key: (get_weights(key).exact_size, get_weights(key).sha256) for key in PUBLISHED}

    assert found == PUBLISHED


def test_every_app_contributes() -> None:
    assert {"sam_vit_b", "mobilenet_v2_imagenet"} <= set(all_weights())
    assert all(weights.terms.endswith(".") for weights in all_weights().values())


def test_two_apps_cannot_share_a_key_or_a_file() -> None:
    with pytest.raises(ValueError, match=r"^Two weights share the key 'net'\.$"):
        collect([[make_entry()], [make_entry(filename="other.pth")]])
    with pytest.raises(ValueError, match=r"^The weights 'net' and 'other' share a file name\.$"):
        collect([[make_entry(), make_entry(key="other")]])


def test_weights_are_listed_with_what_a_person_needs_to_decide(root: Api, entry: WeightsEntry) -> None:
    assert only(root) == {
        "key": "net",
        "title": "Net B",
        "licence": "MIT",
        "terms": "None.",
        "size": len(CONTENT),
        "sha256": entry.sha256,
        "url": entry.url,
        "filename": "net.pth",
        "state": "absent",
        "reason": f"Net B is not here yet: fetch it, or put net.pth into {get_store().folder} and verify it.",
        "used_by": ["Method N"],
        "job": None,
    }


def test_staff_fetch_weights_by_a_job(root: Api, entry: WeightsEntry) -> None:
    job = root.post("weights/net/fetch/").ok(202)
    meanwhile = only(root)

    result = root.succeed(job)

    assert job["title"] == "Fetch Net B"
    assert (meanwhile["state"], meanwhile["job"]["id"]) == ("fetching", job["id"])
    assert result == {"sha256": entry.sha256}
    assert root.get(f"jobs/{job['id']}/").ok()["progress"]["unit"] == "bytes"
    assert (only(root)["state"], only(root)["reason"], only(root)["job"]) == ("present", "", None)


def test_asking_twice_finds_the_same_job(root: Api, entry: WeightsEntry) -> None:
    first, second = root.post("weights/net/fetch/").ok(202), root.post("weights/net/fetch/").ok(202)

    assert first["id"] == second["id"]


def test_what_is_here_is_not_fetched_again(root: Api, entry: WeightsEntry) -> None:
    root.succeed(root.post("weights/net/fetch/").ok(202))

    assert root.post("weights/net/fetch/").refused(409, "weights_present") == (
        "Net B is here already; there is nothing to fetch."
    )


def test_a_job_that_runs_again_after_a_dead_worker_fetches_once(
    root: Api, entry: WeightsEntry, server: WeightsServer
) -> None:
    job = root.post("weights/net/fetch/").ok(202)
    root.succeed(job)
    Job.objects.filter(pk=job["id"]).update(state=JobState.QUEUED)

    assert root.succeed(job) == {"sha256": entry.sha256}
    assert len(server.requests) == 1


def test_a_failed_fetch_tells_why(root: Api, entry: WeightsEntry, server: WeightsServer) -> None:
    server.content = CONTENT[::-1]

    row = root.finish(root.post("weights/net/fetch/").ok(202))

    assert (row["state"], row["error"]["code"]) == ("failed", "weights_wrong_hash")
    assert row["error"]["detail"].endswith("It was set aside as net.pth.rejected and is not used.")
    assert only(root)["state"] == "absent"


def test_a_cancelled_fetch_stops_and_keeps_what_came(
    root: Api, entry: WeightsEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = root.post("weights/net/fetch/").ok(202)
    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 0.0)
    claim = jobs.claim

    def claim_and_cancel(job_id: str) -> Job | None:
        row = claim(job_id)
        Job.objects.filter(pk=job_id).update(cancel_requested=True)
        return row

    monkeypatch.setattr(jobs, "claim", claim_and_cancel)

    assert root.finish(job)["state"] == "cancelled"
    assert only(root)["state"] == "absent"


def test_a_file_put_by_hand_is_accepted_after_its_check(root: Api, entry: WeightsEntry) -> None:
    get_store().folder.mkdir(parents=True, exist_ok=True)
    get_store().path(entry).write_bytes(CONTENT)
    before = only(root)

    result = root.succeed(root.post("weights/net/verify/").ok(202))

    assert (before["state"], before["reason"]) == (
        "unverified",
        "net.pth was not checked yet: verify it once, then it is used.",
    )
    assert result == {"sha256": entry.sha256}
    assert only(root)["state"] == "present"


def test_a_wrong_file_put_by_hand_is_refused_and_told(root: Api, entry: WeightsEntry) -> None:
    get_store().folder.mkdir(parents=True, exist_ok=True)
    get_store().path(entry).write_bytes(CONTENT[::-1])

    row = root.finish(root.post("weights/net/verify/").ok(202))

    assert row["error"]["code"] == "weights_wrong_hash"
    assert only(root)["state"] == "wrong"
    assert only(root)["reason"] == row["error"]["detail"]


def test_a_wrong_file_put_by_hand_is_replaced_by_fetching(root: Api, entry: WeightsEntry) -> None:
    get_store().folder.mkdir(parents=True, exist_ok=True)
    get_store().path(entry).write_bytes(b"wrong")

    root.succeed(root.post("weights/net/fetch/").ok(202))

    assert only(root)["state"] == "present"


def test_there_must_be_a_file_to_verify(root: Api, entry: WeightsEntry) -> None:
    assert root.post("weights/net/verify/").refused(404, "weights_absent").startswith("Net B is not here yet")


@pytest.mark.parametrize("act", ["fetch", "verify"])
def test_only_staff_may_fetch_and_verify(db: None, entry: WeightsEntry, act: str) -> None:
    ada = Api("ada")

    assert ada.post(f"weights/net/{act}/").refused(403, "staff_only") == (
        "Only staff may fetch or verify weights; ask an administrator."
    )
    assert only(ada)["state"] == "absent"
    assert not Job.objects.exists()


@pytest.mark.parametrize("act", ["fetch", "verify"])
def test_unknown_weights(root: Api, entry: WeightsEntry, act: str) -> None:
    assert root.post(f"weights/none/{act}/").refused(404, "not_found") == "There are no weights 'none'. Known: net."


def test_other_code_gets_paths_of_verified_files_only(root: Api, entry: WeightsEntry) -> None:
    with pytest.raises(UnavailableError, match=r"^Net B is not here yet"):
        weights_files(["net"])
    root.succeed(root.post("weights/net/fetch/").ok(202))

    assert weights_missing(["net"]) == ""
    assert weights_files(["net"])["net"].read_bytes() == CONTENT
