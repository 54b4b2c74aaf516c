"""Comments pinned to an image, an object of it or a point, with replies."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models import Image

MAX_TEXT = 4000


class Comment(models.Model):
    """What somebody says about an image. Open until somebody resolves it.

    A comment on an object keeps the point where the object was when it was written, so that it can still be read and
    shown when the object is gone.
    """

    project_path: ClassVar[str] = "image__project"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="comments", db_index=False)
    object = models.UUIDField(null=True, help_text="UUID of the annotation that it speaks of.")
    x = models.FloatField(null=True, help_text="Pixels of the upright picture; null: the image as a whole.")
    y = models.FloatField(null=True)
    text = models.TextField(max_length=MAX_TEXT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(help_text="The newest one of the project when it was written.")
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("image", "resolved_at"), name="comment_image"),)

    @override
    def __str__(self) -> str:
        return self.text[:60]


class Reply(models.Model):
    """An answer in the thread of a comment."""

    project_path: ClassVar[str] = "comment__image__project"

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField(max_length=MAX_TEXT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "replies"

    @override
    def __str__(self) -> str:
        return self.text[:60]
