"""The product's settings for the measured worker, which also knows the empty job."""

from annotator.settings import *  # noqa: F403  everything but the line below is the product's
from annotator.settings import CELERY_BROKER_URL

CELERY_IMPORTS = ("bench._probe_job",)
assert CELERY_BROKER_URL
