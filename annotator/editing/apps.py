"""What stands behind the canvas: annotations of one image, and the people who work on it."""

from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "annotator.editing"
    label = "editing"
