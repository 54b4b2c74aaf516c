"""The same on a GPU: mixed precision, loader processes, resuming."""

from pathlib import Path

import pytest
import torch

from tests.training_app.engine.scenes import classification_dataset, detection_dataset, train_data, train_here

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="Needs a CUDA device; none is here."),
]


@pytest.mark.parametrize("precision", ["auto", "float16", "float32"])
@pytest.mark.parametrize("architecture", ["tiny_classifier", "tiny_detector"])
def test_gpu_trains_stops_and_resumes(tmp_path: Path, architecture: str, precision: str) -> None:
    # given
    make = classification_dataset if architecture == "tiny_classifier" else detection_dataset
    settings = {"device": "cuda", "image_size": 64, "epochs": 3, "precision": precision, "workers": 2}
    data = train_data(make(tmp_path / "data"), tmp_path / "run", architecture, **settings)

    # when
    first = train_here(data, stop_after=4)
    second = train_here(data, resume=True)

    # then
    assert first.named("finished")[0]["reason"] == "stopped"
    assert [row["epoch"] for row in second.named("epoch")] == [2, 3]
    assert second.named("finished")[0]["peak_memory_bytes"] > 0
    assert second.named("epoch")[-1]["metrics"]["val/loss"] > 0
