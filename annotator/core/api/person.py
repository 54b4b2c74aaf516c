"""Work of one person is taken from nobody else: a tab outlives its login, and another person signs in beside it."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from annotator.core.errors import ForbiddenError

HEADER = "X-Annotator-Person"

PERSON_HEADER = OpenApiParameter(
    HEADER,
    OpenApiTypes.INT,
    OpenApiParameter.HEADER,
    description="Id of the user whose work this is. When somebody else is signed in, it is refused as `other_person`.",
)


def person_check(request: Request) -> None:
    """Raises `ForbiddenError` when the request says that it is the work of somebody other than its user."""
    said = request.headers.get(HEADER)
    if said is not None and said != str(request.user.pk):
        raise ForbiddenError(
            "other_person",
            f"This was drawn by another person than {request.user.get_username()}; they must sign in to save it.",
        )
