"""Finds the image that a record means: by UUID, name, checksum, then parts of the name that only one image has."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import BinaryIO, NamedTuple
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from rapidfuzz import fuzz, process

from datasets_app.ir import ImageRecord
from datasets_app.models import Image, Project
from datasets_app.services.bulk_rows import dashed
from datasets_app.services.image import clean_name

Opens = Callable[[], BinaryIO]
"""Opens the picture that a record brings."""

PIECE = 500
_READ_BYTES = 1 << 20
SUGGESTIONS = 3
LIKELY = 70.0
"""How alike, from 0 to 100, a name must be to be suggested."""


class Place(NamedTuple):
    """An image of the project that labels go to. An id of 0: it would be made."""

    id: int
    uuid: str
    name: str
    width: int
    height: int


class Match(NamedTuple):
    """How a record was matched: `uuid`, `path`, `checksum`, `base`, `stem`."""

    place: Place
    how: str


class Matcher:
    """Holds no image in memory until a base name or stem has to be looked for; then names alone."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def match(self, records: Sequence[ImageRecord], pictures: Sequence[Opens | None]) -> list[Match | None]:
        """One answer for each record. A record that brings its picture is never matched by a part of its name only."""
        names = [clean_name(record.name) for record in records]
        by_name = {place.name: place for place in self._places("name", names)}
        by_uuid = {place.uuid: place for place in self._places("uuid", filter(None, map(_uuid, records)))}
        found: list[Match | None] = []
        for record, name in zip(records, names, strict=True):
            if (place := by_uuid.get(_uuid(record))) is not None:
                found.append(Match(place, "uuid"))
            else:
                found.append(Match(by_name[name], "path") if name in by_name else None)
        self._match_checksums(found, pictures)
        self._match_parts(found, names, pictures)
        return found

    def suggest(self, name: str) -> list[str]:
        """Names of images that this one may have been meant to be."""
        alike = process.extract(
            clean_name(name), self._all_names, scorer=fuzz.ratio, limit=SUGGESTIONS, score_cutoff=LIKELY
        )
        return [choice for choice, _, _ in alike]

    def size_of(self, name: str) -> tuple[int, int] | None:
        """(width, height) of the image that a path in a label file ends with; None where no image or several may be."""
        whole = clean_name(name)
        tails = (whole[start:] for start in _part_starts(whole))
        found = next((pk for tail in tails if (pk := self._by_whole(tail)) is not None), None)
        if found is None and (part := self._by_part(whole)) is not None:
            found = part[0]
        return None if found is None else self._sizes.get(found)

    def _by_whole(self, name: str) -> int | None:
        """The id of the image of that name, or of the only one whose name differs by its ending."""
        pk = self._by_path.get(name)
        return self._by_path_stem.get(_stem(name)) if pk is None else pk

    def _live(self) -> QuerySet[Image]:
        return Image.objects.filter(project=self._project, states__deleted_in__isnull=True, states__isnull=False)

    def _places(self, field: str, values: Iterable[str]) -> Iterator[Place]:
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), PIECE):
            # In no order: asked for one, SQLite walks through all images of the project in it.
            rows = self._live().filter(**{f"{field}__in": wanted[start : start + PIECE]}).order_by()
            texts = rows.annotate(uuid_text=Cast("uuid", TextField()))
            for pk, uuid, name, width, height in texts.values_list("pk", "uuid_text", "name", "width", "height"):
                yield Place(pk, dashed(uuid), name, width, height)

    def _match_checksums(self, found: list[Match | None], pictures: Sequence[Opens | None]) -> None:
        hashes = {
            index: _sha256(opens) for index, opens in enumerate(pictures) if opens is not None and found[index] is None
        }
        if not hashes:
            return
        rows = self._live().filter(source_sha256__in=set(hashes.values())).order_by()
        columns = ("pk", "source_sha256", "uuid", "name", "width", "height")
        # The first of those that are equal.
        places = {
            sha256: Place(pk, str(uuid), name, width, height)
            for pk, sha256, uuid, name, width, height in sorted(rows.values_list(*columns), reverse=True)
        }
        for index, sha256 in hashes.items():
            if sha256 in places:
                found[index] = Match(places[sha256], "checksum")

    def _match_parts(self, found: list[Match | None], names: Sequence[str], pictures: Sequence[Opens | None]) -> None:
        wanted: dict[int, tuple[int, str]] = {}
        for index, name in enumerate(names):
            if found[index] is None and pictures[index] is None:
                part = self._by_part(name)
                if part is not None:
                    wanted[index] = part
        places = {place.id: place for place in self._places("pk", {str(pk): None for pk, _ in wanted.values()})}
        for index, (pk, how) in wanted.items():
            if pk in places:
                found[index] = Match(places[pk], how)

    def _by_part(self, name: str) -> tuple[int, str] | None:
        """The id of the only image that part of the name tells, and which part: the end of its path, with or without
        the ending of the file, the base name, the stem.
        """
        if (pk := self._by_path_stem.get(_stem(name))) is not None:
            return pk, "stem"
        tails = [name[start:] for start in _part_starts(name) if start]
        for tail in tails[:-1]:
            if (pk := self._by_whole(tail)) is not None:
                return pk, "path" if tail in self._by_path else "stem"
        base = posixpath.basename(name)
        if (pk := self._by_base.get(base)) is not None:
            return pk, "base"
        pk = self._by_stem.get(_stem(base))
        return (pk, "stem") if pk is not None else None

    @cached_property
    def _names(self) -> list[tuple[int, str]]:
        return list(self._live().order_by().values_list("pk", "name"))

    @cached_property
    def _all_names(self) -> list[str]:
        return [name for _, name in self._names]

    @cached_property
    def _by_path(self) -> dict[str, int]:
        return {name: pk for pk, name in self._names}

    @cached_property
    def _sizes(self) -> dict[int, tuple[int, int]]:
        rows = self._live().order_by().values_list("pk", "width", "height")
        return {pk: (width, height) for pk, width, height in rows}

    @cached_property
    def _by_path_stem(self) -> dict[str, int]:
        return _unique((_stem(name), pk) for pk, name in self._names)

    @cached_property
    def _by_base(self) -> dict[str, int]:
        return _unique((posixpath.basename(name), pk) for pk, name in self._names)

    @cached_property
    def _by_stem(self) -> dict[str, int]:
        return _unique((_stem(posixpath.basename(name)), pk) for pk, name in self._names)


def _uuid(record: ImageRecord) -> str:
    """The record's UUID as text with dashes, "" where it has none that is one."""
    return uuid_text(record.uuid) if record.uuid else ""


def uuid_text(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return ""


def _part_starts(path: str) -> Iterator[int]:
    """Where the path and each of its parts begin."""
    yield 0
    yield from (at + 1 for at, character in enumerate(path) if character == "/")


def _stem(base: str) -> str:
    return posixpath.splitext(base)[0]


def _unique(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Keys that only one image has."""
    found: dict[str, int | None] = {}
    for key, pk in pairs:
        found[key] = None if key in found else pk
    return {key: pk for key, pk in found.items() if pk is not None}


def _sha256(opens: Opens) -> str:
    digest = hashlib.sha256()
    try:
        with opens() as file:
            while data := file.read(_READ_BYTES):
                digest.update(data)
        return digest.hexdigest()
    except OSError:
        # Reading it as a picture says why.
        return ""
