"""Tiles of pictures that are too large to be shown as a whole."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import get_for
from annotator.core.api.jobs import JobOutput
from datasets_app.ingest.pyramid import TILE, level_sizes, tile_suffix
from datasets_app.models import Image
from datasets_app.services.tiles import tile_read, tiles_prepare

_CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}


class TilesOutput(serializers.Serializer[Any]):
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    tile = serializers.IntegerField(help_text="Pixels of a tile's side; the last of a row or column may be smaller.")
    levels = serializers.IntegerField(help_text="Level 0 is the picture itself, each further one half of it.")
    url = serializers.CharField(help_text="Put level, x and y in place of {level}, {x} and {y}; never changes.")
    job = JobOutput(allow_null=True, help_text="Makes the tiles; null when they are there.")


class ImageTilesView(APIView):
    @extend_schema(request=None, responses={200: TilesOutput, 202: TilesOutput})
    def post(self, request: Request, pk: int) -> Response:
        """What tiles a large picture has. Where they are missing a job makes them, and the answer is 202: ask again."""
        image = get_for(request.user, Image, pk)
        job = tiles_prepare(image, user=request.user)
        body = {
            "width": image.width,
            "height": image.height,
            "tile": TILE,
            "levels": len(level_sizes(image.width, image.height)),
            "url": f"/api/v1/images/{image.pk}/tiles/{{level}}/{{x}}/{{y}}/?v={image.sha256[:12]}",
            "job": None if job is None else JobOutput(job).data,
        }
        return Response(body, status=200 if job is None else 202)


class ImageTileView(APIView):
    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, level: int, x: int, y: int) -> HttpResponse:
        """One tile; never changes under its URL."""
        image = get_for(request.user, Image, pk)
        tag = f'"tile-{level}-{x}-{y}-{image.sha256}"'
        data = tile_read(image, level, x, y)
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag})
        response = HttpResponse(data, content_type=_CONTENT_TYPES[tile_suffix(image.suffix)])
        response["ETag"] = tag
        response["Cache-Control"] = "private, max-age=31536000, immutable"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response
