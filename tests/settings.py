"""The product's settings for tests: a throw-away data folder, a database file of its own, a quick password hash.

DATABASE_URL and REDIS_URL are honoured, so the same tests run on PostgreSQL and Redis.
"""

import atexit
import os
import shutil
import tempfile

if "ANNOTATOR_TEST_DATA_DIR" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="annotator-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
else:
    _folder = os.environ["ANNOTATOR_TEST_DATA_DIR"]
os.environ["ANNOTATOR_DATA_DIR"] = _folder
os.environ["ANNOTATOR_SECRET_KEY"] = "only-for-tests"

from annotator.settings import *  # noqa: F403  the environment above decides what is imported
from annotator.settings import DATA_DIR, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: the in-memory default knows neither WAL nor a second process.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
