"""Every readable format, given damaged and hostile files: a data set and a report or a `FormatError`, nothing else.

What is read must be what the product may believe: canonical shapes, known classes, names and paths that stay inside.
"""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from annotator.core.registry import Entry
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.pictures import PICTURE_SUFFIXES
from tests.datasets_app.formats.fuzz import changed_bytes, odd_values, read_without_surprise
from tests.datasets_app.formats.golden import golden

READABLE = [pytest.param(entry, id=entry.key) for entry in FORMATS if entry.facts["read"] and entry.facts["write"]]
EXAMPLES = 20
MEMORY = 1 << 30
"""What reading a handful of stamps may ask for beyond what the process has; more is what a hostile file ordered."""

TEXT_SUFFIXES = frozenset((".json", ".jsonl", ".xml", ".csv", ".txt", ".yaml", ".yml", ".ini", ".pbtxt", ".names"))
TOKEN = re.compile(rb'"[^"\n]*"|[-+]?\d[\w.+-]*|[^\W\d]\w*')
ODD_TOKENS = [
    *(
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"null",
        b"true",
        b"-1",
        b"0",
        b"1e999",
        b"9" * 25,
        b"9" * 5000,
        b"2147483648",
    ),
    *(b"-99999999", b'""', b'"x"', b"[]", b"{}", b"[[[]]]", b"/etc/passwd", b"../../x.jpg", b"\x00"),
    *(b"\xff\xfe", b"\xed\xa0\x80", b"&amp;", b"&x;", b"<a>", b""),
]

Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Entry], Path]:
    """The golden data set with its pictures in a format, written once."""
    written: dict[str, Path] = {}

    def export(entry: Entry) -> Path:
        if entry.key not in written:
            folder = tmp_path_factory.mktemp(entry.key)
            (folder / "out").mkdir()
            FORMATS.load(entry.key).write(golden(folder / "pictures"), folder / "out", images=True)
            written[entry.key] = folder / "out"
        return written[entry.key]

    return export


def label_files(root: Path) -> list[Path]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    labels = [path for path in files if path.suffix.lower() not in PICTURE_SUFFIXES]
    # Where the labels are pictures (masks) or folders, the pictures are what can be damaged.
    return labels or files


@contextmanager
def changed(path: Path, change: Change) -> Iterator[None]:
    before = path.read_bytes()
    try:
        path.unlink()
        path.write_bytes(change(before))
        yield
    finally:
        path.unlink(missing_ok=True)
        path.write_bytes(before)


@contextmanager
def little_memory() -> Iterator[None]:
    """An allocation of a gigabyte raises `MemoryError` instead of filling the machine."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def check(entry: Entry, root: Path) -> None:
    with little_memory():
        images, _ = read_without_surprise(FORMATS.load(entry.key), root)
    for image in images:
        parts = image.name.split("/")
        assert not image.name.startswith("/")
        assert not {"", ".", ".."} & set(parts)
        assert image.width >= 1
        assert image.height >= 1
        assert image.split in {None, "train", "val", "test"}
        if image.path is not None:
            assert image.path.resolve().is_relative_to(root.resolve())
        for annotation in image.annotations:
            json.dumps(
                [dict(annotation.attributes), annotation.score, annotation.area, annotation.box], allow_nan=False
            )


def exchanged_tokens() -> st.SearchStrategy[Change]:
    """Functions that put odd values in the place of words, numbers and texts, wherever these stand."""
    places = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(ODD_TOKENS)), min_size=1, max_size=4)

    def exchange(old: bytes, swaps: list[tuple[float, bytes]]) -> bytes:
        for place, odd in swaps:
            tokens = list(TOKEN.finditer(old))
            if tokens:
                token = tokens[int(place * len(tokens))]
                old = old[: token.start()] + odd + old[token.end() :]
        return old

    return places.map(lambda swaps: lambda old: exchange(old, swaps))


def repeated_lines() -> st.SearchStrategy[Change]:
    """Functions that repeat a line elsewhere: ids, names and heads that come twice."""

    def repeat(old: bytes, place: float, goal: float) -> bytes:
        lines = old.splitlines(keepends=True)
        if not lines:
            return old
        lines.insert(int(goal * len(lines)), lines[int(place * len(lines))])
        return b"".join(lines)

    where = st.floats(0, 1, exclude_max=True)
    return st.tuples(where, where).map(lambda places: lambda old: repeat(old, *places))


def exchanged_values() -> st.SearchStrategy[Change]:
    """Functions that exchange or drop values of a JSON file; other files they leave as they are."""

    def exchange(old: bytes, change: Callable[[Any], Any]) -> bytes:
        try:
            return json.dumps(change(orjson.loads(old))).encode()
        except orjson.JSONDecodeError:
            return old

    return odd_values().map(lambda change: lambda old: exchange(old, change))


def change_of(path: Path) -> st.SearchStrategy[Change]:
    kinds = [changed_bytes()]
    if path.suffix.lower() in TEXT_SUFFIXES:
        kinds += [exchanged_tokens(), exchanged_tokens(), repeated_lines()]
    if path.suffix.lower() == ".json":
        kinds += [exchanged_values(), exchanged_values()]
    return st.one_of(kinds)


@pytest.mark.slow
@pytest.mark.parametrize("entry", READABLE)
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_damaged_files_end_in_a_report_or_a_sentence(
    entry: Entry, exports: Callable[[Entry], Path], data: st.DataObject
) -> None:
    root = exports(entry)
    path = data.draw(st.sampled_from(label_files(root)))
    change = data.draw(change_of(path))
    with changed(path, change):
        check(entry, root)


def exchanged_numbers(old: bytes, *words: bytes) -> bytes:
    """Every fifth number outside of texts is one of the words, in turn."""
    numbers = count()

    def exchange(found: re.Match[bytes]) -> bytes:
        place = next(numbers)
        return found[0] if place % 5 else words[place // 5 % len(words)]

    return re.sub(rb"(?<![\w.\"-])-?\d+(\.\d+)?(?![\w.\"-])", exchange, old)


LAUGHS = b"".join(
    (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY n0 "ha">',
        *(b'<!ENTITY n%d "%s">' % (n, b"&n%d;" % (n - 1) * 10) for n in range(1, 10)),
        b"]><annotation><filename>&n9;</filename></annotation>",
    )
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<annotations><meta>&x;</meta></annotations>"
)
DOUBLING = b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 30))
HOSTILE: dict[str, Change] = {
    "empty": lambda _: b"",
    "zeros": lambda _: bytes(1 << 20),
    "one long line": lambda _: b"a" * (1 << 20),
    "many lines": lambda _: b"1 0.5 0.5 0.1 0.1\n" * 20_000,
    "UTF-16": lambda old: old.decode("latin-1").encode("utf-16"),
    "byte order mark": lambda old: b"\xef\xbb\xbf" + old,
    "Windows line ends": lambda old: old.replace(b"\n", b"\r\n"),
    "deep list": lambda _: b"[" * 100_000,
    "deep object": lambda _: b'{"a":' * 100_000,
    "deep and closed": lambda _: b'{"images":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep elements": lambda _: b"<annotation>" * 50_000,
    "deep YAML": lambda _: b"names: " + b"[" * 3_000,
    "YAML that doubles": lambda _: DOUBLING,
    "YAML that runs": lambda _: b"names: !!python/object/apply:os.system ['touch /tmp/annotator-was-here']\n",
    "entities that multiply": lambda _: LAUGHS,
    "an entity from outside": lambda _: OUTSIDE,
    "a number without end": lambda old: re.sub(rb"\d+", b"9" * 400, old, count=40),
    "all numbers negative": lambda old: re.sub(rb"(?<![\w.-])(?=\d)", b"-", old),
    "all numbers not a number": lambda old: re.sub(rb"(?<![\w.-])\d+(\.\d+)?", b"NaN", old),
    "some numbers not finite": lambda old: exchanged_numbers(old, b"NaN", b"1e999", b"-Infinity"),
    "absolute names": lambda old: re.sub(rb"[^\s\"'<>,/]+\.(jpg|png)", b"/etc/passwd.jpg", old),
    "names that lead out": lambda old: re.sub(rb"[^\s\"'<>,/]+\.(jpg|png)", b"../../../secret.jpg", old),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("entry", READABLE)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_end_in_a_report_or_a_sentence(entry: Entry, exports: Callable[[Entry], Path], what: str) -> None:
    root = exports(entry)
    Image.new("RGB", (64, 48)).save(root.parent / "secret.jpg")
    for path in label_files(root)[:2]:
        with changed(path, HOSTILE[what]):
            check(entry, root)
    assert not Path("/tmp/annotator-was-here").exists()  # noqa: S108


@pytest.mark.parametrize("entry", READABLE)
def test_links_are_not_followed_out_of_the_folder(entry: Entry, exports: Callable[[Entry], Path]) -> None:
    root = exports(entry)
    outside = root.parent / "outside"
    outside.mkdir(exist_ok=True)
    Image.new("RGB", (64, 48)).save(outside / "secret.jpg")
    pictures = sorted(path for path in root.rglob("*") if path.suffix.lower() in PICTURE_SUFFIXES)
    for path in pictures:
        before = path.read_bytes()
        path.unlink()
        path.symlink_to(outside / "secret.jpg")
        try:
            check(entry, root)
        finally:
            path.unlink()
            path.write_bytes(before)
