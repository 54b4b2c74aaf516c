"""Keyset pages: a cursor is the last key seen, so page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson

from annotator.core.errors import DomainError
from annotator.core.numbers import whole_number

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


def encode_cursor(key: list[Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[Any]:
    """The key inside a cursor. Raises `DomainError` for anything that this server did not make."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError):
        key = None
    if not isinstance(key, list):
        raise DomainError("bad_cursor", "cursor: take it unchanged from the `next` of the page before.")
    return key


def read_limit(params: Any) -> int:
    limit = whole_number(params.get("limit") or str(DEFAULT_LIMIT), MAX_LIMIT)
    if not limit:
        raise DomainError("bad_limit", f"limit: must be a whole number from 1 to {MAX_LIMIT}.")
    return limit
