"""The one shape of an error: `{"code", "detail", "fields"}` with a sentence that says what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler


class DomainError(Exception):
    """A request that cannot be fulfilled. `detail` is a sentence for the user, `fields` maps field to sentence."""

    status = 400

    def __init__(
        self, code: str, detail: str, *, fields: Mapping[str, Any] | None = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})


class NotFoundError(DomainError):
    """There is no such row, or the person may not know of it."""

    status = 404


class ForbiddenError(DomainError):
    """The person sees the row but has not the role for this act."""

    status = 403


class ConflictError(DomainError):
    """Somebody or something else changed the same thing first."""

    status = 409


class UnavailableError(DomainError):
    """The act is right but cannot be done now (no worker, no weights)."""

    status = 503


def error_body(error: DomainError) -> dict[str, Any]:
    return {"code": error.code, "detail": error.detail, "fields": error.fields, **error.extra}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: every error answer gets the same shape."""
    if isinstance(error, DomainError):
        return Response(error_body(error), status=error.status)
    if isinstance(error, ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        return Response(
            {"code": "invalid", "detail": _first_sentence(fields), "fields": fields}, status=error.status_code
        )
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        code, detail = "not_found", "There is nothing here, or you may not see it."
    elif isinstance(error, PermissionDenied):
        code, detail = "forbidden", "Your role does not allow this."
    else:
        api_error = error if isinstance(error, APIException) else None
        code = str(getattr(api_error, "default_code", "error"))
        detail = str(getattr(api_error, "detail", "The request could not be handled."))
    response.data = {"code": code, "detail": detail, "fields": {}}
    return response


def _first_sentence(fields: Any, path: str = "") -> str:
    """The first message in DRF's nested error structure, prefixed with the field it belongs to."""
    if isinstance(fields, Mapping):
        for key, value in fields.items():
            if found := _first_sentence(value, f"{path}.{key}" if path else str(key)):
                return found
        return ""
    if isinstance(fields, list):
        for index, value in enumerate(fields):
            nested = f"{path}[{index}]" if isinstance(value, Mapping | list) else path
            if found := _first_sentence(value, nested):
                return found
        return ""
    prefix = "" if path in {"", "non_field_errors"} else f"{path}: "
    return f"{prefix}{fields}"
