"""Files that are large enough to be resumed: one byte range a request (RFC 9110, section 14)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def file_response(request: HttpRequest, path: Path, *, content_type: str) -> HttpResponseBase:
    """The file as an attachment, or the part that `Range` asks for if `If-Range` still matches."""
    stat = path.stat()
    tag = f'"{stat.st_size:x}-{stat.st_mtime_ns:x}"'
    wanted = request.headers.get("Range", "")
    if not wanted or request.headers.get("If-Range", tag) != tag or not (match := _RANGE.fullmatch(wanted)):
        response: HttpResponseBase = FileResponse(
            path.open("rb"), as_attachment=True, filename=path.name, content_type=content_type
        )
        return _with_headers(response, tag)
    span = _span(match, stat.st_size)
    if span is None:
        return _with_headers(HttpResponse(status=416, headers={"Content-Range": f"bytes */{stat.st_size}"}), tag)
    first, last = span
    response = StreamingHttpResponse(_read(path, first, last), status=206, content_type=content_type)
    response["Content-Length"] = str(last - first + 1)
    response["Content-Range"] = f"bytes {first}-{last}/{stat.st_size}"
    response["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return _with_headers(response, tag)


def _span(match: re.Match[str], size: int) -> tuple[int, int] | None:
    """First and last byte, inclusive; None for a range that the file does not have."""
    start, end = match.groups()
    if not start and not end:
        return None
    if not start:
        return (max(size - int(end), 0), size - 1) if int(end) else None
    first = int(start)
    last = min(int(end), size - 1) if end else size - 1
    return (first, last) if first <= last else None


def _read(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first, os.SEEK_SET)
        left = last - first + 1
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def _with_headers(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    return response
