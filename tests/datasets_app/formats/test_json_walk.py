"""Walking JSON files: every value once and where it stands, in flat memory, with clear refusals."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_app.formats import json_walk
from datasets_app.formats.json_walk import JsonError, Unreadable, read_value, walk

leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(max_size=6) | st.sampled_from(['}, {"', '\\"', "],[", "{"])
values = st.recursive(
    leaves | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def rebuilt(path: Path, lists: tuple[str, ...]) -> Any:
    content: dict[str, Any] = {}
    with path.open("rb") as file:
        for found in walk(path, lists):
            if found.is_item:
                content[found.key].append(found.value)
                assert repr(read_value(file, found.start, found.end)) == repr(found.value)
            else:
                content[found.key] = found.value
    return content


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), values), st.sampled_from([None, 2]), st.booleans())
@settings(deadline=None)
def test_any_object_is_found_whole(tmp_path_factory: Any, content: Any, indent: int | None, ascii_only: bool) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    text = json.dumps(content, indent=indent, ensure_ascii=ascii_only)
    path.write_bytes(text.encode("utf-8", "replace"))

    assert rebuilt(path, ("a", "b")) == json.loads(path.read_bytes())


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
def test_values_that_span_windows_are_found_whole(tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "CHUNK_BYTES", chunk)
    content = {
        "info": {"text": 'a "quoted" } text', "n": 12345},
        "a": [{"id": n, "inner": [{"x": 1}, {"y": [2, 3]}]} for n in range(30)],
        "b": [{"id": n, "text": "},{"} for n in range(30)],
        "c": [1, "two", None, [3]],
        "number": 17,
    }
    path = tmp_path / "a.json"
    for text in (json.dumps(content), json.dumps(content, indent=1), json.dumps(content, separators=(",", ":"))):
        path.write_text(text)
        assert rebuilt(path, ("a", "b", "c")) == content


def test_an_outermost_list_is_walked(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a": 1}, {"a": [{"b": 2}, {"b": 3}]}, 4]')

    assert rebuilt(path, ()) == {"": [{"a": 1}, {"a": [{"b": 2}, {"b": 3}]}, 4]}


def test_what_other_tools_write_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": [{"name": "Stra\xdfe"}]}')

    assert rebuilt(path, ("a",)) == {"a": [{"name": "Straße"}]}


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", "-1e400", "1" + 5000 * "0"])
def test_numbers_that_are_not_finite_come_as_null(tmp_path: Path, word: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'{{"a": [{{"x": {word}, "y": 1}}], "b": {word}}}')

    assert rebuilt(path, ("a",)) == {"a": [{"x": None, "y": 1}], "b": None}


def test_an_item_that_cannot_be_parsed_stands_for_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": [{"id": 1}, {"id": 01}, {"id": ' + "[" * 100_000 + "]" * 100_000 + "}]}")

    first, second, third = (found.value for found in walk(path, ("a",)) if found.is_item)

    assert first == {"id": 1}
    assert isinstance(second, Unreadable)
    assert isinstance(third, Unreadable)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "The file stops before its end; it was cut off."),
        (b"7", "The file must be a JSON object or list."),
        (b"\xff\xfe{\x00}\x00", "The file is UTF-16; it must be UTF-8."),
        (b'{"a": [{"b": 1}, {"b"', "The file stops in the middle of a value that begins at byte 17."),
        (b'{"a": [{"b": 1}', "The file stops before its end; it was cut off."),
        (b'{"a": [1 2]}', 'At byte 9 stands \'2]}\' where "," or "]" should be.'),
        (b"{a: 1}", "At byte 1 stands 'a: 1}' where a name in quotes should be."),
        (b'{"a" 1}', "At byte 5 stands '1}' where \":\" should be."),
        (b'{"a":,}', "At byte 5 stands ',}' where a value should be."),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(tmp_path: Path, text: bytes, sentence: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(text)

    with pytest.raises(JsonError) as error:
        list(walk(path, ("a",)))

    assert str(error.value) == sentence


@given(st.binary(max_size=60).map(lambda text: b'{"a":[' + text))
@settings(deadline=None)
def test_no_bytes_raise_anything_else(tmp_path_factory: Any, text: bytes) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_bytes(text)
    try:
        list(walk(path, ("a",)))
    except JsonError:
        return


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"

    def peak(count: int) -> int:
        path.write_bytes(orjson.dumps({"a": [{"id": n, "points": [1.5, 2.5] * 30} for n in range(count)]}))
        tracemalloc.start()
        total = sum(1 for found in walk(path, ("a",)) if found.is_item)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total == count
        return used

    assert peak(40_000) - peak(10_000) < 1_000_000


def test_members_of_a_long_object_come_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": 1, "long": {"x": {"n": [1]}, "y": "}", "z": {}}, "empty": {}, "b": {"x": 2}}')

    found = [(one.key, one.value, one.is_item) for one in walk(path, long_objects=("long", "empty"))]

    assert found == [
        ("a", 1, False),
        ("long", {}, False),
        ("long", {"x": {"n": [1]}}, True),
        ("long", {"y": "}"}, True),
        ("long", {"z": {}}, True),
        ("empty", {}, False),
        ("b", {"x": 2}, False),
    ]
