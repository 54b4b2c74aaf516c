"""The contract of an annotation format: detect, read, write. Knows no Django and no database.

A format is one module in this folder and one line in `catalog.py`. Problems of single records are collected in a
`Report`, never raised in the middle of a list; a file that cannot be read as this format at all raises `FormatError`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from datasets_app.ir import Dataset

Progress = Callable[[int, int], None]
"""Called with (done, total) images, each one; total is -1 where unknown. May raise to cancel."""


def no_progress(done: int, total: int) -> None:
    """The default `Progress`: tells nobody."""


class FormatError(ValueError):
    """The input as a whole is not this format; the message says what was expected and where."""


@dataclass(slots=True)
class Problem:
    """One record that was mended or left out. `where` names file, record and field."""

    where: str
    detail: str


KEPT_PROBLEMS = 1000
"""How many problems of each sort a report keeps with their reason; the rest are only counted."""


@dataclass(slots=True)
class Report:
    """What a reader mended (`fixed`) and left out (`refused`), each with its reason, and what a writer `lost`.

    `notes` say how the input was understood where it could have been understood otherwise. `lost` maps names of
    `features.FEATURES` to how many annotations or images were touched.
    """

    fixed: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    fixed_count: int = 0
    refused_count: int = 0
    notes: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)

    def fix(self, where: str, detail: str) -> None:
        self.fixed_count += 1
        if len(self.fixed) < KEPT_PROBLEMS:
            self.fixed.append(Problem(where, detail))

    def refuse(self, where: str, detail: str) -> None:
        self.refused_count += 1
        if len(self.refused) < KEPT_PROBLEMS:
            self.refused.append(Problem(where, detail))


class Format(Protocol):
    """A reader and/or writer. Which of both exists is said in the catalog line (`facts["read"]`, `facts["write"]`).

    `lossy` names the features (`features.FEATURES`) that a round trip does not keep, as the catalog line does.
    """

    lossy: frozenset[str]

    reads_apart: bool = False
    """Whether `read` asks for no `size_of`, and its records hold JSON values and no picture but that of `path`."""

    def detect(self, root: Path) -> float:
        """How surely the folder or file `root` holds this format, 0 to 1, from content, not from names only."""

    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> Dataset:
        """The data set below `root`, streamed. `ImageRecord.path` is set where the picture itself is below `root`.

        Annotations come with a canonical shape, source `import` and, unless the format holds them, no `uuid`; images
        with state `annotated` where they hold any annotation and `unlabelled` where not. Fills `report` while it is
        walked. Raises `FormatError`.

        `options` are those of the catalog line's `read_options`, and `size_of`: a function that tells (width, height)
        of a picture of that name which is not below `root`, or None.
        """

    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> Report:
        """Write the labels (and the pictures where `images`) below the empty folder `root`, streamed.

        The report counts under `lost` what this format could not hold. `options` are those of the catalog line's
        `write_options`, and `small_files`: who takes the files of which there is one for each image (`small_files.py`).
        """
