"""The Django project package. `celery -A annotator` finds its application in `annotator.celery`."""
