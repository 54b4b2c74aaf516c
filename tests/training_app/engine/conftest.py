"""One thread for each engine test: threads that wait for one another crawl on cores that others use too."""

from collections.abc import Iterator

import pytest

torch = pytest.importorskip("torch")

from tests.training_app.engine.tiny import TINY  # noqa: E402  needs torch


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True, scope="module")
def tiny_architectures() -> Iterator[None]:
    """Adds the networks of `tiny.py` to what the engine knows."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("job", "train", "predict"):
            patch.setattr(f"training_app.engine.{module}.ARCHITECTURES", TINY)
        yield
