"""What every test may ask for, and which tests need which service. Says with a reason what cannot run here."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def skip_or_fail(reason: str) -> None:
    """Skips the running test where a part is missing; in CI everything has to be there, so it fails."""
    if is_ci():
        pytest.fail(f"{reason} CI has to provide it.")
    pytest.skip(reason)


def shared_folder() -> Path:
    """Where real pictures and weights lie, outside the repository; it may not be there."""
    return Path(os.environ.get("ANNOTATOR_SHARED_DATA") or ROOT.parent / "shared" / "data").resolve()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real pictures and weights that lies outside the repository."""
    folder = shared_folder()
    if not folder.is_dir():
        skip_or_fail(f"Shared test data is missing at {folder}; name its folder with ANNOTATOR_SHARED_DATA.")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = frozenset(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.database)


def pytest_runtest_setup(item: pytest.Item) -> None:
    # No gap in CI: the stage `tests-services` runs these with both services, and fails where one is missing.
    if item.get_closest_marker("postgres") and not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("Needs PostgreSQL: run it with DATABASE_URL=postgres://…, as `make test` does.")
    if item.get_closest_marker("redis") and not os.environ.get("REDIS_URL"):
        pytest.skip("Needs Redis: run it with REDIS_URL=redis://…, as `make test` does.")
