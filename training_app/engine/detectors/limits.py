"""What a process that runs somebody's network may take."""

from __future__ import annotations

import os
import resource

MEMORY_BYTES = 8 << 30
NICENESS = 5
"""People who wait for an answer go before a batch."""


def bound_memory() -> None:
    """From here on more memory is an error of this process instead of the end of others; it also steps back."""
    with_limit = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY_BYTES if with_limit == resource.RLIM_INFINITY else min(MEMORY_BYTES, with_limit)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, with_limit))
    except (ValueError, OSError):
        # Not every system lets a process bound its address space.
        return
    os.nice(NICENESS)
