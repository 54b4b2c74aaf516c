"""A download resumes where it broke off, tries again, and lets no wrong byte in."""

import hashlib
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

from annotator.core.weights.download import CHUNK_BYTES, fetch
from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.store import State, WeightsFileError, WeightsStore
from tests.core.weights.conftest import CONTENT, WeightsServer, make_entry


class Stopped(Exception):  # noqa: N818  stands for JobCancelled
    """What a job's progress raises when somebody cancelled it."""


def fetch_quickly(store: WeightsStore, entry: WeightsEntry) -> list[float]:
    """Fetches without waiting between tries; answers the waits that were asked for."""
    waits: list[float] = []
    fetch(store, entry, sleep=waits.append)
    return waits


def files(store: WeightsStore) -> set[str]:
    return {path.name for path in store.folder.iterdir()} - {"net.pth.lock"}


def test_a_file_is_fetched_checked_and_remembered(store: WeightsStore, server: WeightsServer) -> None:
    told: list[tuple[int, int]] = []

    digest = fetch(store, make_entry(server.url), lambda done, total: told.append((done, total)))

    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert (store.folder / "net.pth").read_bytes() == CONTENT
    assert store.look(make_entry(server.url)).state is State.PRESENT
    assert files(store) == {"net.pth", "net.pth.verified.json"}
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_connection_that_breaks_off_is_continued_by_range(store: WeightsStore, server: WeightsServer) -> None:
    server.break_after = [4 * CHUNK_BYTES + 5, 2 * CHUNK_BYTES + 5]

    waits = fetch_quickly(store, make_entry(server.url))

    assert (store.folder / "net.pth").read_bytes() == CONTENT
    assert [request.get("Range") for request in server.requests] == [None, "bytes=262144-", "bytes=393216-"]
    assert [request.get("If-Range") for request in server.requests] == [None, '"first"', '"first"']
    assert waits == [1.0, 1.0]


def test_a_cancelled_download_is_continued_by_the_next_one(store: WeightsStore, server: WeightsServer) -> None:
    def cancel(done: int, total: int) -> None:
        if done > 0:
            raise Stopped

    with pytest.raises(Stopped):
        fetch(store, make_entry(server.url), cancel)
    kept = (store.folder / "net.pth.part").stat().st_size
    fetch_quickly(store, make_entry(server.url))

    assert kept == CHUNK_BYTES
    assert server.requests[-1]["Range"] == f"bytes={kept}-"
    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_file_that_changed_on_the_server_is_fetched_from_its_beginning(
    store: WeightsStore, server: WeightsServer
) -> None:
    server.content, server.break_after = b"old" * 500_000, [300_000]
    entry = make_entry(server.url, size_is_exact=False)

    def change(_: float) -> None:
        server.content, server.etag = CONTENT, '"second"'

    fetch(store, entry, sleep=change)

    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_server_without_ranges_sends_everything_again(store: WeightsStore, server: WeightsServer) -> None:
    server.supports_ranges, server.break_after = False, [300_000]

    fetch_quickly(store, make_entry(server.url))

    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_part_without_a_validator_is_not_continued(store: WeightsStore, server: WeightsServer) -> None:
    server.etag, server.break_after = "", [300_000]

    fetch_quickly(store, make_entry(server.url))

    assert [request.get("Range") for request in server.requests] == [None, None]
    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_part_of_another_address_is_not_continued(store: WeightsStore, server: WeightsServer) -> None:
    store.folder.mkdir()
    (store.folder / "net.pth.part").write_bytes(b"x" * 1000)
    (store.folder / "net.pth.part.json").write_text(json.dumps({"url": "http://other", "validator": '"first"'}))

    fetch_quickly(store, make_entry(server.url))

    assert "Range" not in server.requests[0]
    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_server_that_continues_elsewhere_is_not_believed(store: WeightsStore, server: WeightsServer) -> None:
    server.break_after = [300_000]

    def stop_lying_after_one_try(_: float) -> None:
        server.range_offset = 5 if len(server.requests) == 1 else 0

    fetch(store, make_entry(server.url), sleep=stop_lying_after_one_try)

    assert len(server.requests) == 3
    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_whole_part_is_checked_without_asking_the_server(store: WeightsStore, server: WeightsServer) -> None:
    store.folder.mkdir()
    (store.folder / "net.pth.part").write_bytes(CONTENT)

    fetch_quickly(store, make_entry(server.url))

    assert server.requests == []
    assert store.look(make_entry(server.url)).state is State.PRESENT


def test_a_whole_part_of_unknown_size_is_recognised_by_the_server(store: WeightsStore, server: WeightsServer) -> None:
    store.folder.mkdir()
    (store.folder / "net.pth.part").write_bytes(CONTENT)
    (store.folder / "net.pth.part.json").write_text(json.dumps({"url": server.url, "validator": '"first"'}))

    fetch_quickly(store, make_entry(server.url, size_is_exact=False))

    assert [request["Range"] for request in server.requests] == ["bytes=1024000-"]
    assert (store.folder / "net.pth").read_bytes() == CONTENT


def test_a_busy_server_is_tried_again_and_waited_for_longer_each_time(
    store: WeightsStore, server: WeightsServer
) -> None:
    server.statuses = [503, 429, 500]

    assert fetch_quickly(store, make_entry(server.url)) == [2.0, 4.0, 8.0]


def test_a_server_that_stays_away_is_given_up_with_the_way_out(store: WeightsStore, server: WeightsServer) -> None:
    server.statuses = [503] * 5

    with pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, make_entry(server.url))

    assert caught.value.code == "weights_unreachable"
    assert str(caught.value) == (
        f"Net B could not be fetched from {server.url} (the server answered 503). Try again later, what came is kept; "
        f"or put net.pth into {store.folder} by hand and verify it."
    )


def test_nobody_listening_is_told_without_the_libraries_own_words(store: WeightsStore, server: WeightsServer) -> None:
    url = "http://127.0.0.1:9/net.pth"

    with pytest.raises(
        WeightsFileError, match=r"could not be fetched from http://127.0.0.1:9/net.pth \(ConnectionError\)"
    ):
        fetch_quickly(store, make_entry(url))


def test_a_refusal_is_not_tried_again(store: WeightsStore, server: WeightsServer) -> None:
    server.statuses = [403]

    with pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, make_entry(server.url))

    assert len(server.requests) == 1
    assert str(caught.value) == (
        f"The server refused Net B with status 403 at {server.url}. Fetch net.pth by other means and put it into "
        f"{store.folder}."
    )


def test_another_size_is_refused_before_a_byte_is_kept(store: WeightsStore, server: WeightsServer) -> None:
    server.content = CONTENT[:1000]

    with pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, make_entry(server.url))

    assert caught.value.code == "weights_wrong_size"
    assert str(caught.value) == ("The server offers 1,000 bytes where Net B has 1,024,000: it is not the same file.")
    assert files(store) == set()


def test_a_server_that_sends_no_end_is_cut_off(store: WeightsStore, server: WeightsServer) -> None:
    server.tells_length, server.extra = False, b"x" * 5_000_000

    with pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, make_entry(server.url))

    assert str(caught.value) == "The server sent more than the 1,024,000 bytes of Net B: nothing was kept."
    assert files(store) == set()


def test_a_wrong_hash_sets_the_file_aside(store: WeightsStore, server: WeightsServer) -> None:
    server.content = CONTENT[::-1]
    found = hashlib.sha256(server.content).hexdigest()
    entry = make_entry(server.url)

    with pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, entry)

    assert caught.value.code == "weights_wrong_hash"
    assert str(caught.value) == (
        f"What {server.url} sent is not Net B: its SHA-256 starts with {found[:8]} where {entry.sha256[:8]} is "
        "expected. It was set aside as net.pth.rejected and is not used."
    )
    assert files(store) == {"net.pth.rejected"}
    assert store.look(entry).state is State.ABSENT


def test_after_a_wrong_hash_the_next_try_starts_afresh(store: WeightsStore, server: WeightsServer) -> None:
    server.content = CONTENT[::-1]
    with pytest.raises(WeightsFileError):
        fetch_quickly(store, make_entry(server.url))
    server.content = CONTENT

    fetch_quickly(store, make_entry(server.url))

    assert "Range" not in server.requests[-1]
    assert store.look(make_entry(server.url)).state is State.PRESENT


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/net.pth"])
def test_a_redirect_away_from_http_is_not_followed(store: WeightsStore, server: WeightsServer, target: str) -> None:
    server.redirect_to = target

    with pytest.raises(WeightsFileError, match=r"could not be fetched .* \(InvalidSchema\)"):
        fetch_quickly(store, make_entry(server.url))


def test_a_second_worker_does_not_write_into_the_first_ones_file(store: WeightsStore, server: WeightsServer) -> None:
    store.folder.mkdir()

    with FileLock(store.folder / "net.pth.lock"), pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, make_entry(server.url))

    assert (caught.value.code, str(caught.value)) == (
        "weights_busy",
        "Net B is being fetched by another worker already.",
    )


def test_a_full_disk_is_told_before_the_download(
    store: WeightsStore, server: WeightsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))

    with pytest.raises(WeightsFileError) as caught:
        fetch_quickly(store, make_entry(server.url))

    assert str(caught.value) == f"{store.folder} needs 0.1 GB and has 0.0 GB free: make room first."


def test_progress_may_stop_between_tries(store: WeightsStore, server: WeightsServer) -> None:
    server.statuses = [503] * 50
    waits: list[float] = []

    def cancel_after_two_tries(done: int, total: int) -> None:
        if len(waits) == 2:
            raise Stopped

    with pytest.raises(Stopped):
        fetch(store, make_entry(server.url), cancel_after_two_tries, sleep=waits.append)

    assert len(server.requests) == 2


def test_the_folder_is_made_on_demand(tmp_path: Path, server: WeightsServer) -> None:
    deep = WeightsStore(tmp_path / "a" / "b")

    fetch_quickly(deep, make_entry(server.url))

    assert deep.path(make_entry()).exists()
