"""What an import is asked to do, checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from annotator.core.errors import DomainError
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.format_options import options_check, read_options_of

MODES = {
    "merge": "labels that are there already are not written twice",
    "add": "every label is written, whatever is there",
    "replace": "images that the file names have the file's labels afterwards, and no others",
}


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file or folder to import. `format` empty: found out from the content.

    `classes` says what becomes of classes of the file by name: the id of a class of the project, the name of one (made
    where there is none), or None to leave its labels out. Names that are not in it go to the class of their name.
    `pictures` is a folder where pictures lie that the file names without holding them.
    `options` are for the reader of `format`, which must then be named.
    """

    project: Project
    path: Path
    format: str = ""
    dry_run: bool = False
    mode: str = "merge"
    classes: Mapping[str, int | str | None] = field(default_factory=dict)
    pictures: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def imports_folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def import_check(request: ImportRequest) -> None:
    """Raises `DomainError` for a request that could only fail."""
    if request.format and (request.format not in FORMATS or not FORMATS.get_entry(request.format).facts["read"]):
        known = ", ".join(entry.key for entry in FORMATS if entry.facts["read"])
        raise DomainError("unknown_format", f"format: {request.format!r} cannot be read; choose one of {known}.")
    if request.options and not request.format:
        raise DomainError("bad_options", "options: name the format that they belong to.")
    if request.options:
        options_check(request.format, read_options_of(request.format), request.options)
    if request.mode not in MODES:
        raise DomainError("bad_mode", f"mode: {request.mode!r} is unknown; choose one of {', '.join(MODES)}.")
    ids = {state.label_class_id for state in class_states(request.project.pk)}
    for name, target in request.classes.items():
        if isinstance(target, bool) or not isinstance(target, int | str | None):
            raise _bad_class(name, "must be the id of a class, a name, or null to leave its labels out")
        if isinstance(target, int) and target not in ids:
            raise _bad_class(name, f"{target} is not the id of a class of this project")
        if isinstance(target, str) and not 1 <= len(target.strip()) <= 200:
            raise _bad_class(name, "the name of a class has 1 to 200 characters")


def _bad_class(name: str, sentence: str) -> DomainError:
    return DomainError("bad_classes", f"classes, {name}: {sentence}.", fields={name: sentence})


def server_path(text: str) -> Path:
    """A file or folder on the server, inside one of the folders that an administrator allowed. Raises `DomainError`.

    What lies outside and what does not exist are told by one sentence, so that nobody can probe the server's disk.
    """
    roots = [Path(folder).resolve() for folder in settings.IMPORT_FOLDERS]
    if not roots:
        raise DomainError(
            "server_folders_off",
            "Importing from a folder of the server is switched off; "
            "an administrator names the folders to allow in ANNOTATOR_IMPORT_FOLDERS.",
        )
    try:
        path = Path(text).resolve() if Path(text).is_absolute() else (roots[0] / text).resolve()
        is_inside = any(path.is_relative_to(root) for root in roots) and path.exists()
    except (OSError, ValueError, RuntimeError):
        is_inside = False
    if not is_inside:
        raise DomainError(
            "bad_server_path", "server_path: there is no such file or folder inside the folders that may be imported."
        )
    return path
