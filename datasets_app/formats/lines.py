"""Lines of text files that strangers wrote: bounded, any encoding, numbered. Knows no format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from datasets_app.formats.base import Report

MAX_LINE = 4 << 20
"""Bytes; an outline of 100,000 points fits."""


def plain_file(path: Path) -> bool:
    """Whether there is a file and no link to one, which could lead out of the data set; names too long have none."""
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def plain_folder(path: Path) -> bool:
    """The same of a folder."""
    try:
        return path.is_dir() and not path.is_symlink()
    except OSError:
        return False


def lines_of(path: Path, where: str, report: Report) -> Iterator[tuple[int, str]]:
    """(number, text) of each line that is not blank; a line beyond `MAX_LINE` is refused and ends the file."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    report.refuse(f"{where}: line {number}", f"The line is longer than {MAX_LINE:,} bytes.")
                    return
                text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
                if text:
                    yield number, text
    except OSError as error:
        report.refuse(where, f"The file cannot be read: {error.strerror or error}.")
