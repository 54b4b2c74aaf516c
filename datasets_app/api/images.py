"""Images: upload, grid pages, bulk acts, bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.api.pagination import decode_cursor, encode_cursor, read_limit
from annotator.core.errors import DomainError, NotFoundError
from annotator.core.models import Job
from annotator.core.storage.archives import sniff_archive
from annotator.core.storage.blobs import BlobMissingError, get_blobs
from datasets_app.ingest.pyramid import needs_tiles
from datasets_app.models import Image, ImageState, LabelClass, Project
from datasets_app.selectors import image as image_selectors
from datasets_app.selectors.image import ImageFilter
from datasets_app.selectors.image_work import work_of
from datasets_app.services import image as image_services
from datasets_app.services.image import Upload
from datasets_app.services.imports import imports_folder

CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
MAX_BULK = 100_000

_FILTERS = [
    OpenApiParameter("state", OpenApiTypes.STR),
    OpenApiParameter("class", OpenApiTypes.INT, description="Holds a label of the class."),
    OpenApiParameter("tag", OpenApiTypes.STR),
    OpenApiParameter("source", OpenApiTypes.STR, description="human, import, method or run, or one of them exactly."),
    OpenApiParameter("q", OpenApiTypes.STR, description="Part of the name."),
    OpenApiParameter("split", OpenApiTypes.STR, description="train, val or test of `version` (default: the newest)."),
    OpenApiParameter("version", OpenApiTypes.INT),
    OpenApiParameter("annotator", OpenApiTypes.STR, description="User name."),
    OpenApiParameter("min_score", OpenApiTypes.FLOAT),
    OpenApiParameter("max_score", OpenApiTypes.FLOAT),
    OpenApiParameter("min_side", OpenApiTypes.INT, description="Pixels."),
    OpenApiParameter("max_side", OpenApiTypes.INT, description="Pixels."),
    OpenApiParameter("has_predictions", OpenApiTypes.BOOL, description="Predictions wait for a decision."),
    *(
        OpenApiParameter(f"{side}_{name}", kind, description=text)
        for name, kind, text in (
            ("width", OpenApiTypes.INT, "Pixels."),
            ("height", OpenApiTypes.INT, "Pixels."),
            ("aspect", OpenApiTypes.FLOAT, "Width : height of the picture."),
            ("objects", OpenApiTypes.INT, "Labels on the image."),
            ("covered", OpenApiTypes.FLOAT, "Share of the picture that objects cover."),
            ("object_aspect", OpenApiTypes.FLOAT, "Width : height of an object."),
        )
        for side in ("min", "max")
    ),
    OpenApiParameter("with_class", OpenApiTypes.INT, description="Holds a label of this class too."),
    OpenApiParameter("type", OpenApiTypes.STR, description="Holds a shape of this kind."),
    OpenApiParameter("object_size", OpenApiTypes.STR, description="Holds a small, medium or large object (COCO)."),
    OpenApiParameter("cell", OpenApiTypes.STR, description="An object's centre is in column,row of the heat map."),
    OpenApiParameter("file_format", OpenApiTypes.STR, description="Of the upload, such as JPEG."),
    OpenApiParameter("finding", OpenApiTypes.STR, description="A health check, or check:rule, found something on it."),
    OpenApiParameter(
        "review",
        OpenApiTypes.STR,
        description="none, submitted, returned, fixed, accepted; waiting: submitted or fixed.",
    ),
    OpenApiParameter("submitter", OpenApiTypes.STR, description="User name of who submitted it first."),
    OpenApiParameter("open_comments", OpenApiTypes.BOOL, description="Has comments that are not resolved."),
    OpenApiParameter("ground_truth", OpenApiTypes.BOOL, description="Its labels are known to be right."),
    OpenApiParameter(
        "rules",
        OpenApiTypes.STR,
        description="Nested rules as JSON: groups all, any, none and object (one object that meets all of them), and "
        'conditions such as {"field": "class", "op": "in", "value": [3]}; see docs/api.md.',
    ),
    OpenApiParameter("order", OpenApiTypes.STR, description="id, -id or name."),
]
_PAGE = [
    OpenApiParameter("limit", OpenApiTypes.INT),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="The `next` of the page before."),
    OpenApiParameter("overlay", OpenApiTypes.BOOL, description="Adds boxes to draw on the thumbnails."),
    OpenApiParameter(
        "total",
        OpenApiTypes.BOOL,
        description="False: `total` is null, so that the page need not wait until all images that pass are counted.",
    ),
]


class ImageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    state = serializers.CharField()
    split = serializers.CharField(help_text="Where it is fixed: train, val or test; empty elsewhere.")
    tags = serializers.ListField(child=serializers.CharField())
    group = serializers.CharField(allow_blank=True)
    url = serializers.CharField(help_text="Upright pixels; never changes, cache for ever.")
    thumbnail_url = serializers.CharField()
    tiled = serializers.BooleanField(help_text="Too large to be shown as a whole: see images/{id}/tiles/.")
    annotation_count = serializers.IntegerField()
    review = serializers.CharField(allow_null=True, help_text="submitted, returned, fixed or accepted; null: none yet.")
    open_comments = serializers.IntegerField()
    ground_truth = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    overlay = inline_serializer(
        "Overlay",
        {
            "class": serializers.IntegerField(),
            "type": serializers.CharField(),
            "box": serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4),
        },
        many=True,
        required=False,
    )


class ImagePageOutput(serializers.Serializer[Any]):
    results = ImageOutput(many=True)
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField(allow_null=True, help_text="Images that pass; null where it was not asked for.")


class ImageCountOutput(serializers.Serializer[Any]):
    total = serializers.IntegerField()


class ImageIdsOutput(serializers.Serializer[Any]):
    ids = serializers.ListField(child=serializers.IntegerField())


class RefusalOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence that says what would be right.")


class DuplicateOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    image = serializers.IntegerField(help_text="The image that holds these bytes already.")


class UploadInput(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField())


class UploadOutput(serializers.Serializer[Any]):
    created = ImageOutput(many=True)
    refused = RefusalOutput(many=True)
    duplicates = DuplicateOutput(many=True)
    jobs = JobOutput(many=True)


class BulkInput(serializers.Serializer[Any]):
    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MAX_BULK)
    filter = serializers.DictField(required=False, help_text="The same keys as the grid's query parameters.")
    action = serializers.ChoiceField(
        choices=["delete", "set_state", "add_tags", "remove_tags", "set_group", "set_split", "set_class", "classify"]
    )
    value = serializers.JSONField(
        required=False, help_text="State, list of tags, group or class id, as the action needs."
    )


class BulkOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField(help_text="Images that were changed.")


def file_url(image: Image) -> str:
    return f"/api/v1/images/{image.pk}/file/?v={image.sha256[:12]}"


def thumbnail_url(image: Image) -> str:
    return f"/api/v1/images/{image.pk}/thumbnail/?v={image.sha256[:12]}"


def image_bodies(states: Sequence[ImageState], *, overlay: bool = False) -> list[dict[str, Any]]:
    ids = [state.image_id for state in states]
    counts = image_selectors.annotation_counts(ids)
    work = work_of(ids)
    boxes = image_selectors.overlays(ids) if overlay else {}
    return [_body(state, counts, boxes if overlay else None) | work[state.image_id] for state in states]


def _body(state: ImageState, counts: Mapping[int, int], boxes: Mapping[int, Any] | None) -> dict[str, Any]:
    image = state.image
    body = {
        "id": image.pk,
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "state": state.status,
        "split": state.split,
        "tags": state.tags,
        "group": state.group,
        "url": file_url(image),
        "thumbnail_url": thumbnail_url(image),
        "tiled": needs_tiles(image.width, image.height),
        "annotation_count": counts.get(image.pk, 0),
        "created_at": image.created_at,
    }
    return body if boxes is None else body | {"overlay": boxes.get(image.pk, [])}


class ImageListView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(parameters=[*_FILTERS, *_PAGE], responses=ImagePageOutput)
    def get(self, request: Request, pk: int) -> Response:
        """A page of the grid; follow `next` for more."""
        project = get_for(request.user, Project, pk)
        params = request.query_params
        wanted, limit = ImageFilter.from_params(params), read_limit(params)
        after = decode_cursor(params["cursor"]) if params.get("cursor") else None
        states = image_selectors.image_page(project, wanted, after=after, limit=limit + 1)
        page = states[:limit]
        following = encode_cursor(image_selectors.page_key(page[-1], wanted.order)) if len(states) > limit else None
        bodies = image_bodies(page, overlay=params.get("overlay") in {"1", "true"})
        is_counted = params.get("total") not in {"0", "false"}
        total = image_selectors.image_total(project, wanted) if is_counted else None
        return Response({"results": bodies, "next": following, "total": total})

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: UploadOutput, 202: UploadOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Takes pictures; archives among them are unpacked by a job (then the answer is 202)."""
        project = get_for(request.user, Project, pk, Role.ANNOTATOR)
        files = request.FILES.getlist("files")
        if not files:
            raise DomainError("no_files", "files: send at least one picture or archive as multipart field `files`.")
        archives: list[Any] = []
        uploads: list[Any] = []
        for file in files:
            head = file.read(1024)
            file.seek(0)
            (archives if sniff_archive(head) else uploads).append(file)
        taken = image_services.images_take(
            project,
            [Upload(file.name or "picture", file.file or file, file.size or 0) for file in uploads],
            author=request.user,
        )
        started = [_start_unpacking(project, file, request.user) for file in archives]
        states = image_services.live_states(project, [image.pk for image in taken.created])
        body = {
            "created": image_bodies(states),
            "refused": [{"name": name, "code": code, "detail": detail} for name, code, detail in taken.refused],
            "duplicates": [{"name": name, "image": image.pk} for name, image in taken.duplicates],
            "jobs": JobOutput(started, many=True).data,
        }
        return Response(body, status=202 if started else 201)


def _start_unpacking(project: Project, file: Any, user: Any) -> Job:
    path = store_upload(file)
    title = f"Unpack {image_services.clean_name(file.name or 'archive')}"
    payload = {"project": project.pk, "path": str(path)}
    return jobs.enqueue("datasets.upload_archive", payload, project_id=project.pk, user=user, title=title[:200])


def store_upload(file: Any) -> Path:
    """Keeps an uploaded file where a worker finds it, under a name of our own making and the old base name."""
    folder = imports_folder() / uuid4().hex
    folder.mkdir(parents=True)
    path = folder / (image_services.clean_name(file.name or "upload").rsplit("/", 1)[-1][-100:] or "upload")
    with path.open("wb") as target:
        shutil.copyfileobj(file, target, 1024 * 1024)
    return path


class ImageIdsView(APIView):
    @extend_schema(parameters=_FILTERS, responses=ImageIdsOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The ids of all images that pass the filter, in order: what next and previous walk along."""
        project = get_for(request.user, Project, pk)
        return Response({"ids": image_selectors.image_ids(project, ImageFilter.from_params(request.query_params))})


class ImageCountView(APIView):
    @extend_schema(parameters=_FILTERS, responses=ImageCountOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How many images pass the filter: the `total` of the grid, apart from its pages."""
        project = get_for(request.user, Project, pk)
        wanted = ImageFilter.from_params(request.query_params)
        return Response({"total": image_selectors.image_total(project, wanted)})


class ImageBulkView(APIView):
    @extend_schema(request=BulkInput, responses=BulkOutput)
    def post(self, request: Request, pk: int) -> Response:
        """One act on many images, as one revision."""
        project = get_for(request.user, Project, pk, Role.ANNOTATOR)
        data = BulkInput(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        if checked["action"] == "delete":
            get_for(request.user, Project, pk, Role.MANAGER)
        if ("ids" in checked) == ("filter" in checked):
            raise DomainError("bad_bulk", "Send either `ids` or `filter`.")
        ids = checked.get("ids")
        if ids is None:
            ids = image_selectors.image_ids(project, ImageFilter.from_params(checked["filter"]))
        act = _ACTIONS[checked["action"]]
        revision, count = act(project, ids, request.user, checked.get("value"))
        return Response({"revision": revision, "count": count})


def _tags(value: Any) -> list[str]:
    tags = [value] if isinstance(value, str) else value
    if not isinstance(tags, list) or not tags or not all(isinstance(tag, str) and 0 < len(tag) <= 100 for tag in tags):
        raise DomainError("bad_value", "value: must be a list of tags of 1 to 100 characters.")
    return tags


def _label_class(project: Project, value: Any) -> LabelClass:
    found = LabelClass.objects.filter(project=project, pk=value if isinstance(value, int) else -1).first()
    if found is None:
        raise DomainError("bad_class", "value: must be the id of a class of this project.")
    return found


_Act = Callable[[Project, Sequence[int], Any, Any], tuple[int | None, int]]
_ACTIONS: dict[str, _Act] = {
    "delete": lambda project, ids, user, _value: image_services.images_delete(project, ids, author=user),
    "set_state": lambda project, ids, user, value: image_services.images_set_status(
        project, ids, author=user, status=str(value)
    ),
    "add_tags": lambda project, ids, user, value: image_services.images_add_tags(
        project, ids, author=user, tags=_tags(value)
    ),
    "remove_tags": lambda project, ids, user, value: image_services.images_remove_tags(
        project, ids, author=user, tags=_tags(value)
    ),
    "set_group": lambda project, ids, user, value: image_services.images_set_group(
        project, ids, author=user, group=str(value or "")
    ),
    "set_split": lambda project, ids, user, value: image_services.images_set_split(
        project, ids, author=user, split=str(value or "")
    ),
    "set_class": lambda project, ids, user, value: image_services.images_set_class(
        project, ids, author=user, label_class=_label_class(project, value)
    ),
    "classify": lambda project, ids, user, value: image_services.images_classify(
        project, ids, author=user, label_class=_label_class(project, value)
    ),
}


class ImageView(APIView):
    @extend_schema(responses=ImageOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One image."""
        image = get_for(request.user, Image, pk)
        state = ImageState.objects.now().filter(image=image).select_related("image").first()
        if state is None:
            raise NotFoundError("image_deleted", f"{image.name} was deleted.")
        return Response(image_bodies([state])[0])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Deletes the image with its labels; a revision that can be reverted."""
        image = get_for(request.user, Image, pk, Role.MANAGER, "project")
        image_services.images_delete(image.project, [image.pk], author=request.user)
        return Response(status=204)


class _BlobView(APIView):
    """Bytes that never change under their URL."""

    def respond(self, request: Request, pk: int, derived: str) -> HttpResponse | FileResponse:
        image = get_for(request.user, Image, pk)
        tag = f'"{derived}{image.sha256}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag})
        suffix = image.thumbnail_suffix if derived else image.suffix
        try:
            stream = get_blobs().open(image.sha256, suffix, derived=derived)
        except BlobMissingError:
            raise NotFoundError(
                "blob_missing", f"The stored picture of {image.name} is missing on the server."
            ) from None
        response = FileResponse(stream, content_type=CONTENT_TYPES.get(suffix, "application/octet-stream"))
        response["ETag"] = tag
        response["Cache-Control"] = "private, max-age=31536000, immutable"
        # A picture is never run as a page, whatever its bytes claim.
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response


class ImageFileView(_BlobView):
    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse | FileResponse:
        """The upright picture."""
        return self.respond(request, pk, "")


class ImageThumbnailView(_BlobView):
    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse | FileResponse:
        """The picture at a longest side of 320 pixels."""
        return self.respond(request, pk, "thumbnail")
