"""Owns a fresh, empty instance of the product inside a measuring process: its own data folder and database."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.test.utils import setup_test_environment, teardown_test_environment


@contextmanager
def product_instance() -> Iterator[Path]:
    """Sets Django up on a throw-away data folder and database (that of DATABASE_URL's server, else SQLite in a file).

    Yields the data folder. Once per process, before anything of the product was imported.
    """
    folder = tempfile.mkdtemp(prefix="annotator-bench-")
    os.environ["ANNOTATOR_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "annotator.settings"
    try:
        django.setup()
        from django.db import connection  # noqa: PLC0415  may only be imported after the line above

        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        setup_test_environment(debug=False)
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield Path(folder)
        finally:
            connection.creation.destroy_test_db(str(name), verbosity=0)
            teardown_test_environment()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
