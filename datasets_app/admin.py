"""The administrator's view: projects and members can be edited, versions and revisions only read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from typing_extensions import override

from datasets_app.models import Membership, Project, Revision, Version


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]  # generic for mypy only
    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Project)
class ProjectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for mypy only
    """Taking `deleted_at` away brings a deleted project back."""

    list_display = ("name", "task", "revision", "created_at", "deleted_at")
    list_filter = ("task",)
    search_fields = ("name",)
    readonly_fields = ("revision", "digest", "counts", "created_at")
    inlines = (MembershipInline,)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for mypy only
    """Rows that nobody may change, not even here."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("project", "number", "kind", "message", "author", "created_at")
    list_filter = ("kind",)
    search_fields = ("project__name", "message")


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("project", "number", "name", "revision", "author", "created_at")
    search_fields = ("project__name", "name")
    exclude = ("assignment",)
