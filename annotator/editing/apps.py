"""What stands behind the canvas: loading one image's annotations and applying one batch of changes."""

from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "annotator.editing"
    label = "editing"
