"""Registers the kernel and loads every app's job handlers."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from typing_extensions import override


class CoreConfig(AppConfig):
    name = "annotator.core"
    label = "core"

    @override
    def ready(self) -> None:
        autodiscover_modules("jobs")
        import_module("annotator.core.weights.jobs")  # a part of the kernel, not an app that would be searched
