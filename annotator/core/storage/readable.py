"""The smallest thing that bytes can be read from."""

from __future__ import annotations

from typing import Protocol


class Readable(Protocol):
    """Bytes in one direction: no seeking, no name. Files, uploads and members of archives are all of this kind."""

    def read(self, size: int, /) -> bytes: ...
