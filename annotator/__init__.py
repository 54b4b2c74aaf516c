"""The Django project package; exposes the Celery application so that `celery -A annotator` finds it."""

from annotator.celery import app as celery_app

__all__ = ["celery_app"]
