"""Registers interactive segmentation with Django."""

from django.apps import AppConfig


class SmartConfig(AppConfig):
    name = "annotator.smart"
