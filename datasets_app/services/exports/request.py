"""What an export is asked to hold, checked before anything is written, and the name of the file that answers it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from annotator.core.errors import DomainError
from datasets_app import formats, recipes
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Project, Revision, Version
from datasets_app.services.format_options import options_check, options_of
from datasets_app.services.recipe import changes_pictures, version_recipe


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export: a version, or a revision (None: now).

    `selection` names a list of images (see `selection.py`), "" is all of them. `links` is the address of this
    installation where addresses of pictures are wanted. `profile` is a set of options that some reader wants; `options`
    go before it.
    """

    project: Project
    format: str
    version: Version | None = None
    revision: int | None = None
    images: bool = False
    links: str = ""
    selection: str = ""
    profile: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """The revision that is exported."""
        if self.version is not None:
            return self.version.revision
        return self.project.revision if self.revision is None else self.revision

    @property
    def all_options(self) -> dict[str, Any]:
        """The options with those of the profile."""
        found = (profile["options"] for profile in profiles_of(self.format) if profile["key"] == self.profile)
        return {**next(found, {}), **self.options}

    @property
    def digest(self) -> str:
        """Of the version, or of the whole state at the revision."""
        if self.version is not None:
            return self.version.digest
        revisions = Revision.objects.filter(project=self.project, number=self.number)
        return revisions.values_list("digest", flat=True).first() or "0" * 64

    @property
    def state(self) -> dict[str, Any]:
        """Which data it is. The digest tells states apart that a restored database gives the same numbers."""
        version = self.version.pk if self.version is not None else None
        facts = {"project": self.project.pk, "version": version, "revision": self.number, "digest": self.digest}
        # The name stands in the files and may change without a revision.
        return facts | {"name": self.project.name, "selection": self.selection}

    @property
    def fingerprint(self) -> str:
        """The same for what would give the same bytes."""
        how = {"format": self.format, "images": self.images, "links": self.links, "options": self.all_options}
        return hashed(self.state | how)

    @property
    def base_name(self) -> str:
        """Of the file, without its ending."""
        what = self.version.name if self.version else f"revision-{self.number}"
        text = f"{self.project.name}-{what}-{self.format}"
        return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-") or "export"


def exports_folder() -> Path:
    return Path(settings.DATA_DIR) / "exports"


def hashed(facts: Mapping[str, Any]) -> str:
    """A short name for those facts and the code that writes them."""
    text = orjson.dumps({**facts, "code": _code_stamp()}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:32]


@cache
def _code_stamp() -> int:
    """When the code of formats and recipes last changed here: what older code made is not handed out again."""
    folders = [Path(str(package.__file__)).parent for package in (formats, recipes)]
    return max(path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*.py"))


def profiles_of(key: str) -> tuple[Mapping[str, Any], ...]:
    found: tuple[Mapping[str, Any], ...] = FORMATS.get_entry(key).facts.get("profiles", ())
    return found


def export_check(request: ExportRequest) -> None:
    """Raises `DomainError` for a request that could only fail."""
    if request.format not in FORMATS or not FORMATS.get_entry(request.format).facts["write"]:
        known = ", ".join(entry.key for entry in FORMATS if entry.facts["write"])
        raise DomainError("unknown_format", f"format: {request.format!r} cannot be written; choose one of {known}.")
    if request.revision is not None and not 0 <= request.revision <= request.project.revision:
        raise DomainError("bad_revision", f"revision: choose a number from 0 to {request.project.revision}.")
    if request.links and request.version is not None and changes_pictures(version_recipe(request.version.recipe)):
        raise DomainError(
            "bad_links",
            f"links: the recipe of {request.version.name} changes pictures, which have no address of their own; "
            "export them with pictures instead.",
        )
    known_profiles = [profile["key"] for profile in profiles_of(request.format)]
    if request.profile and request.profile not in known_profiles:
        listed = ", ".join(known_profiles) or "none"
        raise DomainError("bad_profile", f"profile: {request.profile!r} is unknown; {request.format} has {listed}.")
    options_check(request.format, options_of(request.format), request.options)
