"""Cuts the stream of records into pieces that are each committed at once, so that no lock is held for long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from datasets_app.formats.pictures import PictureFolder, opener
from datasets_app.ir import ImageRecord
from datasets_app.services.imports.matching import Match, Matcher, Opens
from datasets_app.services.imports.problems import ProblemLog

LABELS = 2_000
IMAGES = 400
PICTURES = 100
"""Pictures are decoded before the lock is taken, but a killed import decodes a whole piece again."""


@dataclass(frozen=True, slots=True)
class Item:
    """A record with the image it was matched with, or with the picture that it brings."""

    record: ImageRecord
    match: Match | None
    opens: Opens | None


def chunks(stream: Iterable[ImageRecord]) -> Iterator[list[ImageRecord]]:
    """Pieces of the stream; the next record is not asked for before the piece was dealt with."""
    piece: list[ImageRecord] = []
    labels = pictures = 0
    for record in stream:
        piece.append(record)
        labels += len(record.annotations)
        pictures += record.open is not None
        if labels >= LABELS or len(piece) >= IMAGES or pictures >= PICTURES:
            yield piece
            piece, labels, pictures = [], 0, 0
    if piece:
        yield piece


class Placer:
    """Matches records with images, and refuses two records for one image where only a part of the name says so."""

    def __init__(self, matcher: Matcher, pictures: PictureFolder | None, log: ProblemLog) -> None:
        self._matcher = matcher
        self._pictures = pictures
        self._log = log
        self.seen: set[int] = set()
        """Images that this import has met."""

    def place(self, records: Sequence[ImageRecord]) -> list[Item]:
        """The records that have an image or a picture; the others are told to the log."""
        opens = [record.open or self._beside(record) for record in records]
        found: list[Item] = []
        claimed: set[int] = set()
        for record, picture, match in zip(records, opens, self._matcher.match(records, opens), strict=True):
            if match is None and picture is None:
                self._log.miss(record.name)
                continue
            if match is not None:
                is_taken = match.place.id in self.seen or match.place.id in claimed
                if is_taken and match.how in {"base", "stem"}:
                    self._log.refuse(
                        record.name,
                        f"Only a part of its name matches the image {match.place.name}, which another entry of the "
                        "file matched before; give the whole path.",
                    )
                    continue
                claimed.add(match.place.id)
            found.append(Item(record, match, picture))
        return found

    def _beside(self, record: ImageRecord) -> Opens | None:
        path = self._pictures.find(record.name, self._pictures.root) if self._pictures is not None else None
        return opener(path) if path is not None else None
