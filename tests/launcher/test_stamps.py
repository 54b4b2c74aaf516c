"""Stamps decide whether the slow steps of a start are done again."""

from pathlib import Path

from launcher.stamps import files_digest, stamp_matches, stamp_remove, stamp_write


def test_digest_changes_with_content_name_and_extra(tmp_path: Path) -> None:
    # given
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("one")
    second.write_text("two")
    digest = files_digest([first, second], base=tmp_path)

    # then
    assert files_digest([second, first], base=tmp_path) == digest
    assert files_digest([first], base=tmp_path) != digest
    assert files_digest([first, second], base=tmp_path, extra="3.12") != digest
    second.write_text("three")
    assert files_digest([first, second], base=tmp_path) != digest
    second.write_text("two")
    second.rename(tmp_path / "c")
    assert files_digest([first, tmp_path / "c"], base=tmp_path) != digest


def test_digest_does_not_change_with_the_time_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("one")
    digest = files_digest([file], base=tmp_path)
    file.touch()
    assert files_digest([file], base=tmp_path) == digest


def test_stamp_matches_only_what_was_written(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not stamp_matches(stamp, "abc")
    stamp_write(stamp, "abc")
    assert stamp_matches(stamp, "abc")
    assert not stamp_matches(stamp, "abd")
    stamp_remove(stamp)
    stamp_remove(stamp)
    assert not stamp_matches(stamp, "abc")
