"""Makes the Celery application the current one, so that whoever runs Django can send jobs.

Not in `annotator/__init__`: readers and engines are processes without Django, and should not wait for Celery to load.
"""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class AnnotatorConfig(AppConfig):
    name = "annotator"

    @override
    def ready(self) -> None:
        import_module("annotator.celery")
