"""`python -m tests.checks.holding`: what the benchmark measures of 100 MiB held here and as much in a child, in bytes.

A process of its own: what a long test run has freed and kept would hide what is taken anew.
"""

from __future__ import annotations

import subprocess
import sys
import time

from django.conf import settings

from bench._child import LOOK_SECONDS, in_child

HELD = 100 * 2**20


def hold_with_a_child() -> dict[str, int]:
    held = b"x" * HELD
    command = f"held = b'x' * {HELD}; print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        time.sleep(20 * LOOK_SECONDS)
        child.communicate("\n")
    return {"held": len(held)}


if __name__ == "__main__":
    settings.configure()
    sys.stdout.write(f"{in_child(hold_with_a_child)['peak']}\n")
