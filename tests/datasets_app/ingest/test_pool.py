"""Child processes: every odd file is taken or refused, and none can crash, hang or fill the process that asks."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from datasets_app.ingest.decode import Decoded, decode
from datasets_app.ingest.limits import DEFAULT_LIMITS, PictureLimits
from datasets_app.ingest.pool import DecodePool, close_pool, decode_picture
from datasets_app.ingest.refusal import Refused
from tests.datasets_app.ingest.pictures import encoded, exif, opened, scene

CODES = {
    "empty_file",
    "not_a_picture",
    "unsupported_picture",
    "picture_broken",
    "picture_cut_short",
    "picture_too_large",
}
SECONDS_A_FILE = 10.0
FUZZ = replace(DEFAULT_LIMITS, seconds=SECONDS_A_FILE, pixels=4_000_000)


@pytest.fixture(scope="module")
def pool() -> Iterator[DecodePool]:
    pool = DecodePool()
    yield pool
    pool.close()


def decoded_or_refusal(pool: DecodePool, source: bytes | Path, limits: PictureLimits) -> Decoded | Refused:
    try:
        return pool.decode(source, limits)
    except Refused as refused:
        return refused


def taken_or_refused(pool: DecodePool, source: bytes | Path, limits: PictureLimits = FUZZ) -> Decoded | Refused:
    """Whatever comes back is a whole picture or a whole sentence. `picture_took_too_long` is neither."""
    decoded = decoded_or_refusal(pool, source, limits)
    if isinstance(decoded, Refused):
        assert decoded.code in CODES, decoded.detail
        assert decoded.detail.endswith(".")
        assert "broke the program" not in decoded.detail
        return decoded
    assert max(opened(decoded.thumbnail).size) <= 320
    if decoded.display is not None:
        assert opened(decoded.display).size == (decoded.width, decoded.height)
    return decoded


def child_pids() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def test_a_child_answers_what_this_process_would(pool: DecodePool) -> None:
    pictures = [
        encoded(scene(), "JPEG"),
        encoded(scene(), "JPEG", exif=exif(6)),
        encoded(scene().convert("RGBA"), "TIFF"),
        encoded(Image.new("I;16", (8, 8), 3000), "PNG"),
    ]

    assert [pool.decode(data) for data in pictures] == [decode(data) for data in pictures]


def test_every_odd_picture_is_taken_or_refused(pool: DecodePool, shared_data: Path) -> None:
    paths = sorted((shared_data / "odd_images").iterdir())

    results = [taken_or_refused(pool, path) for path in paths]

    taken = sum(isinstance(result, Decoded) for result in results)
    assert len(paths) >= 738
    assert taken >= 630


def test_every_odd_picture_may_be_cut_anywhere(pool: DecodePool, shared_data: Path) -> None:
    random = Random(20)
    for path in sorted((shared_data / "odd_images").iterdir()):
        data = path.read_bytes()
        taken_or_refused(pool, data[: random.randrange(len(data) + 1)])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PPM"])
def test_any_byte_may_be_wrong(pool: DecodePool, kind: str) -> None:
    good = encoded(scene(), kind)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        changes=st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)), min_size=1, max_size=20),
        kept=st.integers(0, len(good)),
        whole=st.booleans(),
    )
    def check(changes: list[tuple[int, int]], kept: int, whole: bool) -> None:
        data = bytearray(good)
        for position, value in changes:
            data[position] = value
        taken_or_refused(pool, bytes(data if whole else data[:kept]))

    check()


def test_a_picture_that_hangs_is_refused_in_time(pool: DecodePool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hangs")  # reading it never ends
    started = time.monotonic()

    with pytest.raises(Refused) as caught:
        pool.decode(tmp_path / "hangs", replace(DEFAULT_LIMITS, seconds=0.3))

    assert (caught.value.code, caught.value.detail) == (
        "picture_took_too_long",
        "The picture took more than 0.3 seconds to decode. Save it again as PNG or JPEG.",
    )
    assert time.monotonic() - started < 5
    assert pool.decode(encoded(scene(), "PNG")).width == 64


def test_a_picture_that_crashes_its_decoder_is_refused(tmp_path: Path) -> None:
    before = child_pids()
    pool = DecodePool(1)
    pool.decode(encoded(scene(), "PNG"))
    [child] = child_pids() - before
    os.mkfifo(tmp_path / "hangs")
    threading.Timer(0.3, os.kill, (child, signal.SIGSEGV)).start()

    with pytest.raises(Refused) as caught:
        pool.decode(tmp_path / "hangs", replace(DEFAULT_LIMITS, seconds=5))

    assert caught.value.detail == (
        "The picture broke the program that decodes it. Open it in the program that made it and save it again."
    )
    assert pool.decode(encoded(scene(), "PNG")).width == 64
    pool.close()


def test_a_picture_that_needs_too_much_memory_is_refused(pool: DecodePool) -> None:
    data = encoded(Image.new("RGB", (11_000, 11_000)), "PNG", compress_level=1)

    with pytest.raises(Refused) as caught:
        pool.decode(data, replace(DEFAULT_LIMITS, memory_bytes=400 << 20))

    assert (caught.value.code, caught.value.detail) == (
        "picture_too_large",
        "The picture needs more memory than there is. Save it smaller, or cut it into tiles.",
    )


def test_a_child_that_went_home_is_replaced() -> None:
    pool = DecodePool(1, idle_seconds=0.05)
    data = encoded(scene(), "PNG")
    first = pool.decode(data)
    time.sleep(0.4)

    assert pool.decode(data) == first
    pool.close()


def test_threads_share_the_children(pool: DecodePool) -> None:
    pictures = [encoded(scene(20 + number, 10), "PNG") for number in range(40)]

    with ThreadPoolExecutor(8) as threads:
        widths = [decoded.width for decoded in threads.map(pool.decode, pictures)]

    assert widths == [20 + number for number in range(40)]


def test_a_forked_process_starts_children_of_its_own() -> None:
    data = encoded(scene(), "PNG")
    decode_picture(data)
    process = multiprocessing.get_context("fork").Process(target=decode_picture, args=(data,))

    process.start()
    process.join(30)

    assert process.exitcode == 0
    assert decode_picture(data).width == 64
    close_pool()


def test_children_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = (
        "import os, signal, psutil\n"
        "from datasets_app.ingest.pool import decode_picture\n"
        f"decode_picture({encoded(scene(4, 4), 'PNG')!r})\n"
        "print(*(child.pid for child in psutil.Process().children()), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[3]
    python = [sys.executable, "-c", script]

    run = subprocess.run(python, cwd=root, capture_output=True, text=True, check=False)

    pids = [int(pid) for pid in run.stdout.split()]
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert pids
    assert not any(psutil.pid_exists(pid) and is_decoder(pid) for pid in pids)


def is_decoder(pid: int) -> bool:
    """A process number may have gone to another program since."""
    return "datasets_app.ingest.child" in psutil.Process(pid).cmdline()


def test_the_child_sees_no_secrets(pool: DecodePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@host/db")
    fresh = DecodePool(1)
    before = child_pids()
    fresh.decode(encoded(scene(), "PNG"))

    [child] = child_pids() - before

    assert "DATABASE_URL" not in psutil.Process(child).environ()
    fresh.close()
    assert child not in child_pids()
