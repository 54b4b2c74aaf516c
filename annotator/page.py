"""The single page of the front end, and the health check for proxies and compose files."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

NOT_BUILT = "The front end is not built yet: run `make run`, or `npm ci && npm run build` in frontend/."


def page(_request: HttpRequest) -> HttpResponse:
    """`index.html` for every address that the front end routes by itself."""
    path = Path(settings.FRONTEND_DIST) / "index.html"
    if not path.exists():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain")
    response = HttpResponse(path.read_bytes(), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def health(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
