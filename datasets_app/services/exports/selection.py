"""Lists of images that exports are narrowed to, kept under the hash of what they hold.

A filter speaks of the present state, which goes on while a job waits: its images are listed when the export is asked
for.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence

from annotator.core.errors import NotFoundError
from datasets_app.services.exports.request import exports_folder

_WORD = "q"


def selection_keep(ids: Sequence[int]) -> str:
    """The name under which the list can be had again; the order does not matter."""
    data = array(_WORD, sorted(ids)).tobytes()
    name = hashlib.sha256(data).hexdigest()[:32]
    folder = exports_folder() / "selections"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(data)
    part.replace(folder / name)
    return name


def selection_ids(name: str) -> list[int]:
    """The ids, in order. Raises `NotFoundError` when the list was removed."""
    try:
        data = (exports_folder() / "selections" / name).read_bytes()
    except FileNotFoundError:
        raise NotFoundError("selection_gone", "The list of images of this export is gone; ask for it again.") from None
    ids = array(_WORD)
    ids.frombytes(data)
    return ids.tolist()
