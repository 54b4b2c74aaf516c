"""Reading what a request says: checked bodies, numbers in the query, rows that belong to the project at hand."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from annotator.core.access import get_for
from annotator.core.errors import DomainError, NotFoundError
from datasets_app.models import Project, Version


def read(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body. Raises DRF's `ValidationError`."""
    data = serializer(data=request.data)
    data.is_valid(raise_exception=True)
    checked: dict[str, Any] = data.validated_data
    return checked


def read_share(request: Request, name: str) -> float | None:
    """A number from 0 to 1 in the query, or None where it is not named. Raises `DomainError`."""
    text = request.query_params.get(name)
    if text in (None, ""):
        return None
    try:
        value = float(str(text))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise DomainError("bad_number", f"{name}: must be a number from 0 to 1, not {text!r}.")
    return value


def read_number(request: Request, name: str) -> int:
    """A whole number from 0 in the query; 0 where it is not named. Raises `DomainError`."""
    text = request.query_params.get(name) or "0"
    if not text.isdigit():
        raise DomainError("bad_number", f"{name}: must be a whole number from 0, not {text!r}.")
    return int(text)


def get_version(user: Any, project: Project | int, pk: int) -> Version:
    """A version of this very project. Raises `NotFoundError`."""
    version = get_for(user, Version, pk)
    if version.project_id != (project if isinstance(project, int) else project.pk):
        raise NotFoundError("not_found", f"version: there is no version {pk} in this project.")
    return version
