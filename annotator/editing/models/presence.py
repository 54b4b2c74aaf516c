"""Who has which image open. Rows live for seconds and belong to no revision."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models import Image


class Presence(models.Model):
    """One open editor: a person at two tabs has two of them."""

    project_path: ClassVar[str] = "image__project"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    seat = models.UUIDField(help_text="Made by the editor; another one for each tab.")
    editing = models.JSONField(default=list, help_text="UUIDs of the annotations that are selected there.")
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "seat"), name="presence_seat"),)
        indexes = (models.Index(fields=("image", "seen_at"), name="presence_image"),)

    @override
    def __str__(self) -> str:
        return f"{self.user_id} at image {self.image_id}"
