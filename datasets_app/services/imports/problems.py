"""Keeps what a reader mended or refused: the first problems in memory for the answer, all of them in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import orjson
from typing_extensions import override

from datasets_app.formats.base import KEPT_PROBLEMS, Problem, Report

MAX_LINES = 200_000
"""Lines in the file; beyond, problems are only counted."""


class ProblemLog(Report):
    """A report whose problems also go to a JSON Lines file, which can be wound back to where a commit left it."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self.unmatched: list[str] = []
        self.unmatched_count = 0
        self.is_muted = False
        self.lines = 0
        self._path = path
        self._file: BinaryIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Read and write without cutting: a continued import keeps what the killed one wrote.
            path.touch()
            self._file = path.open("r+b")

    @override
    def fix(self, where: str, detail: str) -> None:
        if not self.is_muted:
            super().fix(where, detail)
            self._write("fixed", where, detail)

    @override
    def refuse(self, where: str, detail: str) -> None:
        if not self.is_muted:
            super().refuse(where, detail)
            self._write("refused", where, detail)

    def miss(self, name: str) -> None:
        """An image that the file names and nobody has."""
        if self.is_muted:
            return
        self.unmatched_count += 1
        if len(self.unmatched) < KEPT_PROBLEMS:
            self.unmatched.append(name)
        self._write("unmatched", name, "The project has no image of this name and the file brings no picture.")

    def position(self) -> dict[str, int]:
        """Where the file stands, for `wind_back`. What was told until now is on disk."""
        if self._file is None:
            return {}
        self._file.flush()
        counts = {"fixed": self.fixed_count, "refused": self.refused_count, "unmatched": self.unmatched_count}
        return {"bytes": self._file.tell(), "lines": self.lines, **counts}

    def wind_back(self, position: dict[str, Any]) -> None:
        """To an earlier `position`, or to the beginning: what was told after it will be told again."""
        if self._file is None:
            return
        size = int(position.get("bytes", 0))
        # A file that is shorter was removed meanwhile: the counts stay, the lines are lost.
        self._file.truncate(size if self._file.seek(0, 2) >= size else 0)
        self._file.seek(0)
        self.fixed, self.refused, self.unmatched = [], [], []
        kept = {"fixed": self.fixed, "refused": self.refused}
        for line in self._file:
            entry = orjson.loads(line)
            if entry["kind"] == "unmatched":
                self.unmatched.append(entry["where"])
            elif len(kept[entry["kind"]]) < KEPT_PROBLEMS:
                kept[entry["kind"]].append(Problem(entry["where"], entry["detail"]))
        self._file.seek(0, 2)
        self.lines = int(position.get("lines", 0))
        self.fixed_count = int(position.get("fixed", 0))
        self.refused_count = int(position.get("refused", 0))
        self.unmatched_count = int(position.get("unmatched", 0))
        del self.unmatched[KEPT_PROBLEMS:]

    def close(self) -> None:
        """Ends the file and removes it where there was nothing to tell."""
        if self._file is not None and self._path is not None:
            self._file.close()
            if not self.lines:
                self._path.unlink(missing_ok=True)

    def _write(self, kind: str, where: str, detail: str) -> None:
        if self._file is None or self.lines >= MAX_LINES:
            return
        self.lines += 1
        self._file.write(orjson.dumps({"kind": kind, "where": where, "detail": detail}) + b"\n")
