"""A weights file counts once its hash was compared, and no longer when it changed afterwards."""

import hashlib
import os

import pytest

from annotator.core.weights.store import Presence, State, WeightsFileError, WeightsStore
from tests.core.weights.conftest import CONTENT, make_entry


def put(store: WeightsStore, content: bytes = CONTENT) -> None:
    store.folder.mkdir(parents=True, exist_ok=True)
    (store.folder / "net.pth").write_bytes(content)


def test_nothing_there(store: WeightsStore) -> None:
    assert store.look(make_entry()) == Presence(
        State.ABSENT, f"Net B is not here yet: fetch it, or put net.pth into {store.folder} and verify it."
    )


def test_a_file_put_by_hand_counts_after_its_hash_check(store: WeightsStore) -> None:
    put(store)

    before = store.look(make_entry())
    digest = store.verify(make_entry())

    assert before == Presence(State.UNVERIFIED, "net.pth was not checked yet: verify it once, then it is used.")
    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert store.look(make_entry()) == Presence(State.PRESENT, sha256=digest)


def test_the_check_is_remembered_by_other_processes(store: WeightsStore) -> None:
    put(store)
    store.verify(make_entry())

    assert WeightsStore(store.folder).look(make_entry()).state is State.PRESENT


def test_verify_tells_its_progress(store: WeightsStore) -> None:
    put(store)
    told: list[tuple[int, int]] = []

    store.verify(make_entry(), lambda done, total: told.append((done, total)))

    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_file_replaced_after_its_check_is_not_trusted(store: WeightsStore) -> None:
    put(store)
    store.verify(make_entry())

    put(store, CONTENT[::-1])
    os.utime(store.folder / "net.pth", ns=(1, 1))

    assert store.look(make_entry()).state is State.UNVERIFIED


def test_a_wrong_file_of_the_right_size_is_refused_with_both_hashes(store: WeightsStore) -> None:
    put(store, CONTENT[::-1])
    entry = make_entry()
    found = hashlib.sha256(CONTENT[::-1]).hexdigest()
    message = (
        f"net.pth is not Net B: its SHA-256 starts with {found[:8]} where {entry.sha256[:8]} is expected. "
        "Put the right file there or fetch it."
    )

    with pytest.raises(WeightsFileError) as caught:
        store.verify(entry)

    assert (caught.value.code, str(caught.value)) == ("weights_wrong_hash", message)
    assert store.look(entry) == Presence(State.WRONG, message, found)


def test_a_wrong_size_is_told_without_reading_the_file(store: WeightsStore) -> None:
    put(store, CONTENT[:1000])
    message = (
        "net.pth has 1,000 bytes where 1,024,000 are expected: it is not Net B, or its copy broke off. "
        "Put the right file there or fetch it."
    )

    with pytest.raises(WeightsFileError) as caught:
        store.verify(make_entry())

    assert (caught.value.code, str(caught.value)) == ("weights_wrong_size", message)
    assert store.look(make_entry()).reason == message


def test_a_size_that_is_only_a_hint_refuses_nothing(store: WeightsStore) -> None:
    put(store)

    assert store.verify(make_entry(size=5, size_is_exact=False))


def test_an_absent_file_cannot_be_verified(store: WeightsStore) -> None:
    with pytest.raises(WeightsFileError) as caught:
        store.verify(make_entry())

    assert caught.value.code == "weights_absent"


def test_require_checks_a_file_that_nobody_checked_yet(store: WeightsStore) -> None:
    put(store)

    path, digest = store.require(make_entry())

    assert path.read_bytes() == CONTENT
    assert digest == make_entry().sha256
    assert store.look(make_entry()).state is State.PRESENT


def test_a_broken_note_means_unverified(store: WeightsStore) -> None:
    put(store)
    store.verify(make_entry())
    (store.folder / "net.pth.verified.json").write_text("[1, 2")

    assert store.look(make_entry()).state is State.UNVERIFIED
