"""The spool: records by key, in the order they came, in flat memory, and nothing left on disk."""

from __future__ import annotations

import gc
import sqlite3
import tracemalloc
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_app.formats.spool import Spool


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=()), max_size=3), st.integers(0, 99)), max_size=60))
def test_records_come_back_by_key_in_the_order_they_came(records: list[tuple[str, int]]) -> None:
    expected: dict[str, list[int]] = {}
    for key, value in records:
        expected.setdefault(key, []).append(value)

    with Spool() as spool:
        for key, value in records:
            spool.add(key, value)
        found = list(spool.groups())

    assert found == list(expected.items())


def test_more_records_than_fit_the_cache_come_back_whole() -> None:
    with Spool() as spool:
        for number in range(30_000):
            spool.add(str(number * 7919 % 300), {"number": number, "filler": "x" * 400})

        assert len(spool) == 30_000
        found = [record["number"] for record in spool.take("7")]

    assert found == [number for number in range(30_000) if number * 7919 % 300 == 7]


def test_a_group_is_taken_once_and_the_rest_is_what_nobody_asked_for() -> None:
    with Spool() as spool:
        for key in ("b", "a", "b", "c"):
            spool.add(key, [key, 1.5, None, {"x": "ü"}])

        assert spool.take("b") == [["b", 1.5, None, {"x": "ü"}]] * 2
        assert spool.take("b") == []
        assert spool.take("never added") == []
        assert [key for key, _ in spool.rest()] == ["a", "c"]
        assert list(spool.rest()) == []


def test_groups_may_be_left_half_way_and_continued() -> None:
    with Spool() as spool:
        for key in "abcd":
            spool.add(key, key)

        first = next(spool.groups())

        assert first == ("a", ["a"])
        assert spool.take("c") == ["c"]
        assert list(spool.groups()) == [("b", ["b"]), ("d", ["d"])]


def test_json_text_is_kept_as_it_is() -> None:
    with Spool() as spool:
        spool.add_json("a", b'{"x": 1.0}')
        assert spool.take("a") == [{"x": 1.0}]


def test_adding_ends_with_the_first_taking() -> None:
    with Spool() as spool:
        spool.add("a", 1)
        assert spool.take("a") == [1]
        with pytest.raises(ValueError, match="add all of them first"):
            spool.add("a", 2)


def test_an_empty_spool_has_no_groups() -> None:
    with Spool() as spool:
        assert spool.take("a") == []
        assert list(spool.groups()) == []
        assert len(spool) == 0


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))

    def fill_and_fail() -> None:
        with Spool() as spool:
            for number in range(20_000):
                spool.add(str(number), "x" * 500)
            spool.take("1")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fill_and_fail()
    forgotten = Spool()
    forgotten.add("a", 1)
    rows = forgotten._rows
    del forgotten
    gc.collect()

    assert list(tmp_path.iterdir()) == []
    with pytest.raises(sqlite3.ProgrammingError):
        rows.execute("SELECT 1")


def test_a_closed_spool_says_so() -> None:
    spool = Spool()
    spool.add("a", 1)
    spool.close()
    spool.close()

    with pytest.raises(sqlite3.ProgrammingError):
        spool.take("a")


def test_memory_does_not_grow_with_the_number_of_records() -> None:
    text = orjson.dumps("x" * 100)

    def peak(count: int) -> int:
        tracemalloc.start()
        with Spool() as spool:
            for number in range(count):
                spool.add_json(str(number // 10), text)
            assert sum(len(records) for _, records in spool.groups()) == count
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)

    assert peak(40_000) - peak(10_000) < 200_000
