"""Training: what the engine adds to a bare loop, and how soon it starts. `bench.train_reference` trains for real."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import torch
from torch.nn import functional
from torchvision.models import mobilenet_v2

from bench.harness import Measurement, Unavailable, benchmark
from bench.train_reference.datasets import clothing, shared_data, write_dataset
from datasets_app.ir import Dataset

PICTURES, BATCH = 160, 16


@contextmanager
def small_job() -> Iterator[tuple[dict[str, Any], Path]]:
    """One epoch over 160 pictures without validation."""
    if not shared_data().is_dir():
        raise Unavailable("the shared pictures are not here")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = clothing()
        images = [image for image in whole.images if image.split == "train"][:: 800 // PICTURES][:PICTURES]
        dataset = write_dataset(Dataset(whole.classes, [replace(image, split="train") for image in images]), folder)
        job = {
            "mode": "train",
            "dataset": str(dataset),
            "output": str(folder / "run"),
            "architecture": "mobilenet_v2",
            "config": {"epochs": 1, "batch_size": BATCH, "pretrained": False},
            "weights": {},
        }
        yield job, folder


@cache
def engine_run() -> dict[str, float]:
    """Seconds to the first event of a run and its images per second."""
    with small_job() as (job, folder):
        path = folder / "job.json"
        path.write_bytes(orjson.dumps(job))
        begun = time.perf_counter()
        command = [sys.executable, "-m", "training_app.engine", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            started, last = 0.0, {}
            for line in process.stdout:
                last = orjson.loads(line)
                if last["event"] == "started":
                    started = time.perf_counter() - begun
        assert last["event"] == "finished", last
        return {"start": started, "images_per_second": float(last["images_per_second"])}


def bare_images_per_second() -> float:
    """The same network and batch in the shortest loop that PyTorch allows, on pictures that are tensors already."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = mobilenet_v2(num_classes=10).to(device, memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    images = torch.rand(BATCH, 3, 224, 224, device=device).contiguous(memory_format=torch.channels_last)
    targets = torch.randint(0, 10, (BATCH,), device=device)
    begun = time.perf_counter()
    for _ in range(PICTURES // BATCH):
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(model(images), targets)
        torch.autograd.backward(loss)
        optimizer.step()
        loss.item()
    return PICTURES / (time.perf_counter() - begun)


@benchmark("classify_images_per_s", unit="images/s", peer="bare PyTorch loop", better="higher")
def classify() -> Measurement:
    """MobileNetV2 at 224 pixels with decoding, random crops, logging and checkpoints."""
    ours = engine_run()["images_per_second"]
    return Measurement(ours, bare_images_per_second())


@benchmark("engine_start", unit="s", target=15.0)
def start() -> float:
    """From the process's start to its first step: imports, network, 160 pictures decoded."""
    return engine_run()["start"]
