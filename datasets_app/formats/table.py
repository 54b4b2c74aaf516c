"""Cells of CSV files that a spreadsheet will not run: RFC 4180 rows with texts guarded. Knows no format.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula. Such texts get
an apostrophe in front, and so do texts that begin with apostrophes followed by one of those, so that `plain` undoes
`guarded` exactly.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from datasets_app.formats.base import Report

_RUNS = ("=", "+", "-", "@", "\t", "\r")
MAX_CELL = 1 << 20


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_RUNS) else text


def plain(cell: str) -> str:
    """The text that `guarded` made the cell of."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_RUNS) else cell


def rows_of(path: Path, report: Report | None = None) -> Iterator[tuple[int, list[str]]]:
    """(number of the line, cells) of each row; commas, semicolons or tabs divide, whichever the first line has most of.

    Rows that are no CSV are refused in the report and end the file, because nothing tells where the next one begins.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.readline(MAX_CELL)
        divider = max(",;\t", key=head.count)
        file.seek(0)
        reader = csv.reader(_without_null(file), delimiter=divider)
        try:
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
        except csv.Error as error:
            if report is not None:
                report.refuse(f"{path.name}: line {reader.line_num}", f"The file cannot be read on as CSV: {error}.")


def _without_null(file: IO[str]) -> Iterator[str]:
    """Lines without the NUL that Python's reader stumbles over; a file without line ends is read in pieces."""
    while line := file.readline(MAX_CELL):
        yield line.replace("\0", "")
