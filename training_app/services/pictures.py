"""Files of pictures for the engine, which reads no storage."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from annotator.core.errors import DomainError
from annotator.core.storage.blobs import BlobMissingError, get_blobs


class Picture(Protocol):
    """An image row or record."""

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def suffix(self) -> str: ...


def picture_file(picture: Picture) -> Path:
    """A local file with the upright picture. Raises `DomainError` naming the image whose bytes are gone."""
    try:
        return get_blobs().local_path(picture.sha256, picture.suffix)
    except BlobMissingError as error:
        raise DomainError("blob_missing", f"The stored picture of {picture.name} is missing on the server.") from error
