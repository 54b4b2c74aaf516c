"""A 64-bit fingerprint of what a picture looks like."""

from __future__ import annotations

import numpy as np
from PIL import Image

from datasets_app.ingest.colour import on_white

BITS = 64
ALL_BITS = (1 << BITS) - 1


def dhash(image: Image.Image) -> int:
    """Difference hash: which of 9 x 8 grey cells are brighter than their right neighbour. Signed, to fit a BIGINT."""
    grey = np.asarray(on_white(image).convert("L").resize((9, 8), Image.Resampling.BOX), dtype=np.int16)
    bits = np.packbits(grey[:, 1:] < grey[:, :-1])
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def hamming(left: int, right: int) -> int:
    """How many of the 64 bits differ."""
    return int.bit_count((left ^ right) & ALL_BITS)
