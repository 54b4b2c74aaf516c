"""An embedding is computed once, kept within bounds in memory and on disk, and never mistaken for another."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from annotator.smart.base import Embedding
from annotator.smart.embeddings import EmbeddingCache, EmbeddingKey

PICTURES = [f"{number:064x}" for number in range(20)]
NUMBERS = 1000
FILE_BYTES = 2 * NUMBERS + 1500


def make_cache(folder: Path, memory: int = 1 << 20, disk: int = 1 << 20) -> EmbeddingCache:
    return EmbeddingCache(folder, memory_bytes=memory, disk_bytes=disk)


def make_embedding(value: float = 1.0) -> Embedding:
    return {"features": np.full(NUMBERS, value, dtype=np.float32), "size": np.array([3, 4], dtype=np.int64)}


def key(number: int = 0, method: str = "net", weights: str = "w1") -> EmbeddingKey:
    return EmbeddingKey(method, PICTURES[number], weights)


def never() -> Embedding:
    raise AssertionError("computed although it was there")


def test_it_is_computed_once(tmp_path: Path) -> None:
    cache = make_cache(tmp_path)

    first, was_there = cache.get_or_compute(key(), make_embedding)
    second, was_there_then = cache.get_or_compute(key(), never)

    assert (was_there, was_there_then) == (False, True)
    assert np.array_equal(first["features"], second["features"])


def test_another_process_finds_it_on_disk(tmp_path: Path) -> None:
    make_cache(tmp_path).put(key(), make_embedding())

    found, was_there = make_cache(tmp_path).get_or_compute(key(), never)

    assert was_there
    assert found["size"].tolist() == [3, 4]
    assert found["size"].dtype == np.int64


def test_the_first_answer_is_the_one_that_is_kept(tmp_path: Path) -> None:
    # given a number that half precision cannot hold
    cache = make_cache(tmp_path)
    first, _ = cache.get_or_compute(key(), lambda: make_embedding(0.1))

    # then
    later, _ = make_cache(tmp_path).get_or_compute(key(), never)
    assert first["features"].dtype == later["features"].dtype == np.float16
    assert np.array_equal(first["features"], later["features"])


def test_file_lies_where_operators_expect_it(tmp_path: Path) -> None:
    make_cache(tmp_path).put(key(), make_embedding())

    path = tmp_path / "net" / f"{PICTURES[0]}.npz"
    assert path.stat().st_size < FILE_BYTES
    with np.load(path, allow_pickle=False) as content:
        assert sorted(content.files) == ["features", "size", "weights_sha256"]


@pytest.mark.parametrize(
    "other", [key(1), key(method="other"), key(weights="w2")], ids=["picture", "method", "weights"]
)
def test_another_picture_method_or_weights_is_another_embedding(tmp_path: Path, other: EmbeddingKey) -> None:
    cache = make_cache(tmp_path)
    cache.put(key(), make_embedding())

    assert cache.get(other) is None
    assert not cache.has(other)
    assert make_cache(tmp_path).get(other) is None


def test_new_weights_replace_the_embedding_of_the_old(tmp_path: Path) -> None:
    make_cache(tmp_path).put(key(), make_embedding(1))

    found, _ = make_cache(tmp_path).get_or_compute(key(weights="w2"), lambda: make_embedding(2))

    assert found["features"][0] == 2
    assert make_cache(tmp_path).has(key(weights="w2"))


def test_memory_is_bounded_and_forgets_what_was_not_asked_for_longest(tmp_path: Path) -> None:
    cache = make_cache(tmp_path, memory=3 * (2 * NUMBERS + 16))
    for number in range(3):
        cache.put(key(number), make_embedding())
    cache.get(key(0))

    cache.put(key(3), make_embedding())

    assert list(cache._memory) == [key(2), key(0), key(3)]


def test_one_embedding_is_kept_even_if_it_is_larger_than_the_bound(tmp_path: Path) -> None:
    cache = make_cache(tmp_path, memory=10)

    cache.put(key(), make_embedding())

    assert list(cache._memory) == [key()]


def test_disk_is_bounded_and_forgets_what_was_not_asked_for_longest(tmp_path: Path) -> None:
    # given three files of known age, the oldest asked for just now
    cache = make_cache(tmp_path, disk=3 * FILE_BYTES)
    for number in range(3):
        cache.put(key(number), make_embedding())
        os.utime(tmp_path / "net" / f"{PICTURES[number]}.npz", (number + 1, number + 1))
    make_cache(tmp_path).get(key(0))

    # when
    cache.put(key(3), make_embedding())

    # then
    left = {path.stem for path in (tmp_path / "net").glob("*.npz")}
    assert left == {PICTURES[0], PICTURES[2], PICTURES[3]}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"x" * 5000], ids=["empty", "archive", "other"])
def test_a_damaged_file_is_computed_again(tmp_path: Path, content: bytes) -> None:
    make_cache(tmp_path).put(key(), make_embedding())
    (tmp_path / "net" / f"{PICTURES[0]}.npz").write_bytes(content)

    found, was_there = make_cache(tmp_path).get_or_compute(key(), lambda: make_embedding(2))

    assert not was_there
    assert found["features"][0] == 2
    assert make_cache(tmp_path).has(key())


def test_a_file_with_objects_is_not_unpickled(tmp_path: Path) -> None:
    folder = tmp_path / "net"
    folder.mkdir()
    np.savez(folder / f"{PICTURES[0]}.npz", weights_sha256=np.array({"a": 1}, dtype=object))

    assert make_cache(tmp_path).get(key()) is None


def test_a_failed_computation_leaves_nothing(tmp_path: Path) -> None:
    cache = make_cache(tmp_path)

    with pytest.raises(AssertionError):
        cache.get_or_compute(key(), never)

    assert not cache.has(key())
    assert cache.get_or_compute(key(), make_embedding)[1] is False


def test_several_threads_compute_once(tmp_path: Path) -> None:
    cache = make_cache(tmp_path)
    started, calls = threading.Event(), []

    def compute() -> Embedding:
        calls.append(1)
        started.wait(1)
        return make_embedding()

    threads = [threading.Thread(target=cache.get_or_compute, args=(key(), compute)) for _ in range(4)]
    for thread in threads:
        thread.start()
    started.set()
    for thread in threads:
        thread.join()

    assert len(calls) == 1


def count_computations(folder: Path, log: Path) -> None:
    def compute() -> Embedding:
        with log.open("a") as stream:
            stream.write("x")
        return make_embedding()

    make_cache(folder).get_or_compute(key(), compute)


def test_several_processes_compute_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=count_computations, args=(tmp_path, tmp_path / "log")) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert (tmp_path / "log").read_text() == "x"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EmbeddingKey("../x", PICTURES[0]), "'../x' is not the key of a method"),
        (lambda: EmbeddingKey("net", "../../etc/passwd"), "'../../etc/passwd' is not a SHA-256 digest"),
    ],
)
def test_a_key_cannot_leave_the_folder(make: Callable[[], EmbeddingKey], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
