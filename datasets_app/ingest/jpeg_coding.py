"""How a JPEG's pixels are coded. Decoders here read more kinds than browsers do."""

from __future__ import annotations

FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SHOWN_BY_BROWSERS = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive with Huffman codes; neither lossless nor arithmetic."""


def is_shown_by_browsers(data: bytes) -> bool:
    """False also where no frame header is found, as in a file that only a lenient decoder reads."""
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return False
        marker = data[position + 1]
        if marker == 0xFF:  # padding
            position += 1
        elif marker in FRAME_MARKERS:
            return marker in SHOWN_BY_BROWSERS
        else:
            position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return False
