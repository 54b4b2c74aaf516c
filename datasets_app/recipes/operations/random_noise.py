"""Noise. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, recoloured
from datasets_app.recipes.warp import Pixels


class RandomNoise(Operation):
    """Gaussian, of each channel by itself."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, strength = happens(parameters, context), float(context.rng.uniform(0, parameters["strength"]))
        seed = int(context.rng.integers(2**63))
        return [recoloured(sample, lambda pixels: noisy(pixels, strength, seed))] if acts else [sample]


def noisy(pixels: Pixels, strength: float, seed: int) -> Pixels:
    noise = np.random.default_rng(seed).standard_normal(pixels.shape, dtype=np.float32)
    return np.clip(np.rint(pixels + noise * np.float32(strength)), 0, 255).astype(np.uint8)
