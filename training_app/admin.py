"""The administrator's view of training: everything can be read, nothing changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from typing_extensions import override

from training_app.models import Evaluation, PredictionBatch, Run, TrainedModel


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for mypy only
    """Rows that belong to files and jobs: services alone write them."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = ("name", "project", "architecture", "reason", "epoch", "epochs", "created_by", "created_at")
    list_filter = ("task", "architecture", "reason")
    search_fields = ("name", "project__name")


@admin.register(TrainedModel)
class TrainedModelAdmin(ReadOnlyAdmin):
    list_display = ("name", "project", "architecture", "epoch", "size", "created_at")
    list_filter = ("task", "architecture")
    search_fields = ("name", "project__name")


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ("model", "version", "split", "images", "created_at")
    list_filter = ("split",)


@admin.register(PredictionBatch)
class PredictionBatchAdmin(ReadOnlyAdmin):
    list_display = ("model", "project", "images", "predictions_made", "created_by", "created_at")
