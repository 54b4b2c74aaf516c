"""The Celery application: configured from Django settings (namespace `CELERY_`), one task for every job."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")

TRANSPORT_ALIASES["filesystem"] = "annotator.core.broker:Transport"

app = Celery("annotator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
