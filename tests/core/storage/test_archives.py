"""Archives: what is good comes out whole, what is harmful is refused with a sentence, in flat memory."""

import io
import lzma
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.storage.archives import (
    DEFAULT_LIMITS,
    ArchiveEntry,
    ArchiveLimits,
    ArchiveRefused,
    check_archive,
    extract_archive,
    iterate_archive,
    sniff_archive,
)

FILES = {"a/één.jpg": b"picture" * 5000, "b.txt": b"", "deep/er/c.bin": b"\x00" * 1024}
SUFFIXES = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"]


def packed(path: Path, files: dict[str, bytes]) -> Path:
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path
    compression = path.name.partition(".tar")[2].removeprefix(".")
    with tarfile.open(path, f"w:{compression}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def tar_with(path: Path, change: Callable[[tarfile.TarInfo], None], content: bytes = b"") -> Path:
    info = tarfile.TarInfo("photos/entry")
    info.size = len(content)
    change(info)
    with tarfile.open(path, "w") as archive:
        archive.addfile(info, io.BytesIO(content))
    return path


def zip_with(path: Path, change: Callable[[zipfile.ZipInfo], None], content: bytes = b"x") -> Path:
    info = zipfile.ZipInfo("photos/entry")
    change(info)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, content)
    return path


def read_through(path: Path, limits: ArchiveLimits) -> None:
    for _, reader in iterate_archive(path, limits):
        while reader.read(1 << 20):
            pass


def refusal(path: Path, limits: ArchiveLimits = DEFAULT_LIMITS) -> tuple[str, str]:
    with pytest.raises(ArchiveRefused) as caught:
        read_through(path, limits)
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_file_comes_out_whole_and_in_order(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path / f"good.{suffix}", FILES)

    found = {entry.name: (entry.size, reader.read()) for entry, reader in iterate_archive(path)}

    assert list(found.items()) == [(name, (len(content), content)) for name, content in FILES.items()]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_members_may_be_left_unread(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path / f"good.{suffix}", FILES)

    assert check_archive(path) == [ArchiveEntry(name, len(content)) for name, content in FILES.items()]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_extraction_makes_the_same_tree(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "out"
    extract_archive(packed(tmp_path / f"good.{suffix}", FILES), folder)

    assert {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()} == FILES


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "C:\\evil", "..\\evil", "a/\x07bell"])
def test_no_path_leads_out(tmp_path: Path, suffix: str, name: str) -> None:
    path = packed(tmp_path / f"slip.{suffix}", {"good.jpg": b"x", name: b"evil"})

    code, detail = refusal(path)

    assert code == "archive_unsafe_path"
    assert detail.startswith("The entry ")
    with pytest.raises(ArchiveRefused):
        extract_archive(path, tmp_path / "out" / "folder")
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "out" / "evil").exists()


def test_a_zip_is_refused_before_its_first_member(tmp_path: Path) -> None:
    path = packed(tmp_path / "slip.zip", {"good.jpg": b"x", "../evil": b"evil"})

    with pytest.raises(ArchiveRefused):
        next(iterate_archive(path))


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (tarfile.SYMTYPE, "a symbolic link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "a device or another special file"),
        (tarfile.FIFOTYPE, "a device or another special file"),
    ],
)
def test_a_tar_holds_plain_files_only(tmp_path: Path, kind: bytes, what: str) -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.type = kind
        info.linkname = "/etc/passwd"

    assert refusal(tar_with(tmp_path / "a.tar", change)) == (
        "archive_not_plain",
        f"The entry 'photos/entry' is {what}. "
        "Pack plain files and folders only (tar: --dereference --hard-dereference).",
    )


def test_a_zip_holds_plain_files_only(tmp_path: Path) -> None:
    def link(info: zipfile.ZipInfo) -> None:
        info.external_attr = (stat.S_IFLNK | 0o777) << 16

    code, detail = refusal(zip_with(tmp_path / "a.zip", link, b"/etc/passwd"))

    assert (code, detail.partition(". ")[0]) == ("archive_not_plain", "The entry 'photos/entry' is a symbolic link")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"secret.jpg": b"x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)

    assert refusal(path) == (
        "archive_encrypted",
        "The entry 'secret.jpg' is encrypted. Pack the files without a password.",
    )


@pytest.mark.parametrize("suffix", ["zip", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_bomb_is_refused_in_flat_memory(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path / f"bomb.{suffix}", {"zeros": bytes(24 << 20)})
    limits = replace(DEFAULT_LIMITS, ratio_free_bytes=1 << 20)
    tracemalloc.start()

    code, _ = refusal(path, limits)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "archive_bomb"
    assert peak < 16 << 20  # of which an xz dictionary takes 8


def test_a_zip_that_lies_about_sizes_gives_no_more_than_it_promised(tmp_path: Path) -> None:
    path = packed(tmp_path / "liar.zip", {"zeros": bytes(1 << 20)})
    data = path.read_bytes().replace(struct.pack("<I", 1 << 20), struct.pack("<I", 100))
    path.write_bytes(data)

    assert refusal(path)[0] == "archive_damaged"


def test_overlapping_entries_are_refused(tmp_path: Path) -> None:
    """As in "a better zip bomb": many entries of the directory point to one set of packed bytes."""
    path = packed(tmp_path / "overlap.zip", {"kernel": bytes(10_000)})
    data = path.read_bytes()
    start = data.index(b"PK\1\2")
    end = data.index(b"PK\5\6")
    directory = data[start:end]
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, 50, 50, 50 * len(directory))
    path.write_bytes(data[:start] + directory * 50 + tail)

    code, detail = refusal(path)

    assert (code, detail.partition(",")[0]) == (
        "archive_overlap",
        "The entry 'kernel' shares its bytes with another one",
    )


def test_archives_inside_archives_are_plain_files(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", {"../evil": b"x"}).read_bytes()
    path = packed(tmp_path / "outer.tar.gz", {"inner.zip": inner})

    assert [(entry.name, reader.read()) for entry, reader in iterate_archive(path)] == [("inner.zip", inner)]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (replace(DEFAULT_LIMITS, entries=2), "archive_too_many_entries"),
        (replace(DEFAULT_LIMITS, file_bytes=34_999), "archive_file_too_large"),
        (replace(DEFAULT_LIMITS, depth=2), "archive_unsafe_path"),
        (replace(DEFAULT_LIMITS, name_bytes=10), "archive_unsafe_path"),
    ],
)
def test_every_limit_holds(tmp_path: Path, suffix: str, limits: ArchiveLimits, code: str) -> None:
    assert refusal(packed(tmp_path / f"a.{suffix}", FILES), limits)[0] == code


@pytest.mark.parametrize("suffix", ["zip", "tar.gz"])
def test_the_total_is_bounded(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path / f"a.{suffix}", FILES)

    assert refusal(path, replace(DEFAULT_LIMITS, total_bytes=30_000)) == (
        "archive_too_large",
        "The archive has more than 30,000 bytes unpacked. Upload it in several parts.",
    )


def test_a_directory_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", FILES)

    assert refusal(path, replace(DEFAULT_LIMITS, directory_bytes=100))[0] == "archive_too_many_entries"


def test_a_tar_header_that_would_fill_the_memory_is_refused_unread(tmp_path: Path) -> None:
    def change(info: tarfile.TarInfo) -> None:
        info.type = tarfile.XHDTYPE

    path = tar_with(tmp_path / "a.tar", change, bytes(1 << 20))

    assert refusal(path)[0] == "archive_damaged"


def test_a_chain_of_tar_headers_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.USTAR_FORMAT) * 5000)

    assert refusal(tmp_path / "a.tar")[0] == "archive_damaged"


def test_a_forged_xz_header_cannot_ask_for_gigabytes(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 512 << 20}]
    (tmp_path / "a.tar.xz").write_bytes(lzma.compress(bytes(1024), filters=filters))

    assert refusal(tmp_path / "a.tar.xz")[0] == "archive_damaged"


def contents_or_refusal(path: Path) -> dict[str, bytes] | str:
    try:
        return {entry.name: reader.read() for entry, reader in iterate_archive(path)}
    except ArchiveRefused as refused:
        return refused.code


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_cut_is_noticed_or_harmless(tmp_path: Path, suffix: str) -> None:
    whole = packed(tmp_path / f"whole.{suffix}", FILES).read_bytes()
    cut = tmp_path / "cut"
    step = max(1, len(whole) // 150)
    for size in range(0, len(whole) - 1, step):
        cut.write_bytes(whole[:size])
        contents = contents_or_refusal(cut)
        if isinstance(contents, str):
            assert contents in {"archive_damaged", "not_an_archive"}
        else:
            # Only an uncompressed tar can lose its end unnoticed: it carries neither a checksum nor a count.
            assert suffix == "tar"
            assert contents.items() <= FILES.items()


@pytest.mark.parametrize("suffix", ["zip", "tar.gz", "tar.xz"])
def test_a_flipped_bit_is_noticed(tmp_path: Path, suffix: str) -> None:
    data = bytearray(packed(tmp_path / f"a.{suffix}", {"a.bin": Random(1).randbytes(50_000)}).read_bytes())
    data[len(data) // 2] ^= 0x10
    (tmp_path / "bad").write_bytes(data)

    assert refusal(tmp_path / "bad")[0] == "archive_damaged"


def test_clutter_of_file_managers_is_left_out(tmp_path: Path) -> None:
    files = {
        "a.jpg": b"x",
        "__MACOSX/._a.jpg": b"x",
        ".DS_Store": b"x",
        "b/Thumbs.db": b"x",
        "b/desktop.ini": b"x",
        "._b": b"x",
    }

    assert [entry.name for entry in check_archive(packed(tmp_path / "a.zip", files))] == ["a.jpg"]


def test_names_are_normalised(tmp_path: Path) -> None:
    files = {"./cafe\u0301//b.jpg": b"x"}

    assert [entry.name for entry in check_archive(packed(tmp_path / "a.tar", files))] == ["caf\u00e9/b.jpg"]


def test_utf8_names_without_their_flag_are_read_as_utf8(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"日本.jpg": b"x"})
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(magic) + offset + 1] &= ~0x08 & 0xFF
    path.write_bytes(data)

    assert [(entry.name, reader.read()) for entry, reader in iterate_archive(path)] == [("日本.jpg", b"x")]


def test_tar_names_in_an_old_code_page_are_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("photo_\udce9.jpg")
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(info)

    assert [entry.name for entry in check_archive(tmp_path / "a.tar")] == ["photo_é.jpg"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_with_one_name_the_later_is_extracted(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", b"old")
        archive.writestr("a", b"new!")

    assert extract_archive(tmp_path / "a.zip", tmp_path / "out") == [ArchiveEntry("a", 4)]
    assert (tmp_path / "out" / "a").read_bytes() == b"new!"


def test_a_file_that_is_also_a_folder_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a": b"x", "a/b": b"y"})

    with pytest.raises(ArchiveRefused) as caught:
        extract_archive(path, tmp_path / "out")

    assert caught.value.code == "archive_name_clash"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"PK\x05\x06" + bytes(18), "zip"),
        (b"\x1f\x8b\x08", "tar"),
        (bytes(257) + b"ustar", "tar"),
        (b"\xff\xd8\xff", None),
        (b"", None),
    ],
)
def test_sniffing_goes_by_content(head: bytes, kind: str | None) -> None:
    assert sniff_archive(head) == kind


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"hello")

    assert refusal(tmp_path / "a.zip") == (
        "not_an_archive",
        "This is not an archive that can be read. Supported: .zip, .tar, .tar.gz, .tar.bz2, .tar.xz.",
    )


def test_an_empty_archive_has_no_files(tmp_path: Path) -> None:
    assert check_archive(packed(tmp_path / "a.zip", {})) == []
    assert check_archive(packed(tmp_path / "a.tar.gz", {})) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_any_byte_may_be_wrong(tmp_path: Path, suffix: str) -> None:
    good = packed(tmp_path / f"good.{suffix}", {"a/b.txt": b"hello" * 20, "c": Random(3).randbytes(700)}).read_bytes()
    bad = tmp_path / "bad"

    @settings(max_examples=300, deadline=None)
    @given(
        changes=st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 255)), min_size=1, max_size=12),
        kept=st.integers(0, len(good)),
        whole=st.booleans(),
    )
    def check(changes: list[tuple[int, int]], kept: int, whole: bool) -> None:
        data = bytearray(good)
        for position, value in changes:
            data[position] = value
        bad.write_bytes(data if whole else data[:kept])
        assert isinstance(contents_or_refusal(bad), dict | str)

    check()
