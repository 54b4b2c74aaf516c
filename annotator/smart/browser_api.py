"""The decoder of a method and the embedding of an image, for browsers that answer clicks themselves."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.smart.api import SmartPrepareOutput
from annotator.smart.browser import decoder_get, embedding_get, embedding_tag
from datasets_app.models import Image

BINARY = (200, "application/octet-stream")


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, response=[200], description=description)


ETAG = _header("ETag", "Strong: the same tag, the same bytes. Send it as If-None-Match.")


class SmartDecoderView(APIView):
    @extend_schema(
        responses={BINARY: OpenApiTypes.BINARY, 202: SmartPrepareOutput, 304: None},
        parameters=[ETAG],
    )
    def get(self, request: Request, method: str) -> HttpResponseBase:
        """The fast part of a method as an ONNX model, where the method has a `decoder`; 202 while a worker exports it.

        All float32. Inputs: `image_embeddings` [1, 256, 64, 64]; `point_coords` [1, N, 2], x and y in pixels of the
        embedded frame, whose longer side is 1024; `point_labels` [1, N]: 1 object, 0 not the object, 2 and 3 the first
        and second corner of a box, -1 the padding point (0, 0) that ends a prompt without box; `mask_input`
        [1, 1, 256, 256] and `has_mask_input` [1]: logits of an earlier answer, or zeros and 0. Outputs:
        `iou_predictions` [1, 4] and `low_res_masks` [1, 4, 256, 256], logits over the frame of 1024 x 1024; 0 is the
        one mask for several clicks or a box, 1 to 3 are part, object and whole for a single click.
        """
        found = decoder_get(method, user=request.user)
        if found.path is None:
            return _not_ready()
        tag = f'"{found.tag}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers=_headers(tag))
        stream = found.path.open("rb")
        return FileResponse(stream, content_type="application/octet-stream", headers=_headers(tag))


class SmartEmbeddingView(APIView):
    @extend_schema(
        responses={BINARY: OpenApiTypes.BINARY, 202: SmartPrepareOutput, 304: None},
        parameters=[
            ETAG,
            _header("X-Embedding-Shape", "channels,rows,columns: 256,64,64 but for models of another size."),
            _header("X-Original-Size", "height,width of the upright picture."),
            _header("X-Input-Size", "height,width of the picture in the frame that the encoder saw."),
        ],
    )
    def get(self, request: Request, pk: int, method: str) -> HttpResponseBase:
        """What the method's encoder read in the image, float16 in C order; 202 until `prepare/` had it computed."""
        image = get_for(request.user, Image, pk, Role.ANNOTATOR)
        tag = f'"{embedding_tag(image, method)}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers=_headers(tag))
        found = embedding_get(image, method)
        if found is None:
            return _not_ready()
        response = HttpResponse(found.data, content_type="application/octet-stream", headers=_headers(tag))
        response["X-Embedding-Shape"] = _numbers(found.shape)
        response["X-Original-Size"] = _numbers(found.original_size)
        response["X-Input-Size"] = _numbers(found.input_size)
        return response


def _headers(tag: str) -> dict[str, str]:
    """The bytes stand under a URL that outlives their weights, so the browser asks whether they are still the same."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


def _not_ready() -> HttpResponseBase:
    return Response({"ready": False}, status=202, headers={"Cache-Control": "no-store"})


def _numbers(values: tuple[Any, ...]) -> str:
    return ",".join(str(value) for value in values)
