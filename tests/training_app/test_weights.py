"""The weights that training knows: files of torchvision, recognised by what is known of their hash."""

import hashlib
from pathlib import Path

import pytest

from training_app.architectures.catalog import ARCHITECTURES
from training_app.weights import WEIGHTS, WEIGHTS_BY_KEY


def test_files_are_named_and_recognised_as_torchvision_does() -> None:
    # given
    models = pytest.importorskip("torchvision.models")
    published = {weights.url for name in models.list_models() for weights in models.get_model_weights(name)}

    # then
    for entry in WEIGHTS:
        assert entry.url in published
        assert entry.url.endswith(f"/{entry.filename}")
        assert entry.filename.endswith(f"-{entry.sha256_prefix}.pth")
        assert entry.accepts(entry.sha256_prefix + "0" * 56)
        assert not entry.accepts("0" * 64)


def test_every_file_is_used_by_known_architectures() -> None:
    for entry in WEIGHTS:
        assert set(entry.used_by) == {row.key for row in ARCHITECTURES if entry.key in row.facts["weights"]}


@pytest.mark.parametrize("key", ["mobilenet_v2_imagenet", "squeezenet1_0_imagenet"])
def test_shared_files_are_accepted_by_hand(key: str, shared_data: Path) -> None:
    digest = hashlib.sha256((shared_data / "weights" / f"{key}.pth").read_bytes()).hexdigest()
    assert WEIGHTS_BY_KEY[key].accepts(digest)
