"""Everything stored about data: projects, classes, images, annotations, revisions, versions."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets_app"
