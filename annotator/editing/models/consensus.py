"""Several people label the same image unseen by each other; and images whose labels are known to be right."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models import Image, Project


class GroundTruth(models.Model):
    """The labels of the image as of `revision` are right; everybody's work on it is measured by them."""

    project_path: ClassVar[str] = "image__project"

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="ground_truth")
    revision = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "ground truth"

    @override
    def __str__(self) -> str:
        return f"{self.image_id} as of revision {self.revision}"


class ConsensusRound(models.Model):
    """A set of images that `copies` people label independently of each other."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="consensus_rounds")
    name = models.CharField(max_length=200)
    copies = models.PositiveSmallIntegerField(help_text="How many people label each image.")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, help_text="Nobody is given images of it any more since.")

    class Meta:
        ordering = ("-pk",)
        verbose_name = "consensus round"

    @override
    def __str__(self) -> str:
        return self.name


class ConsensusMember(models.Model):
    """One image of a round."""

    project_path: ClassVar[str] = "round__project"

    round = models.ForeignKey(ConsensusRound, on_delete=models.CASCADE, related_name="members", db_index=False)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    merged_in = models.PositiveIntegerField(null=True, help_text="Revision that took the merged labels in.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "image"), name="consensus_image_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.image_id} in {self.round}"


class Opinion(models.Model):
    """What one person labels on one image of a round. Belongs to nobody else and to no revision.

    `objects_text` is the JSON text of a list of annotations as the API speaks of them, in drawing order; `saved` counts
    the batches that went in and plays the part of a revision for the person's editor.
    """

    project_path: ClassVar[str] = "member__round__project"

    member = models.ForeignKey(ConsensusMember, on_delete=models.CASCADE, related_name="opinions", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    objects_text = models.TextField(default="[]")
    saved = models.PositiveIntegerField(default=0)
    last_batch = models.UUIDField(null=True)
    last_answer = models.JSONField(null=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "author"), name="opinion_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.author} on {self.member}"
