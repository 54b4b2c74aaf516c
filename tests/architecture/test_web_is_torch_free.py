"""The web process shows architectures and methods without loading what runs them."""

import subprocess
import sys

from tests.architecture.sources import ROOT

HEAVY = ("torch", "torchvision", "lightning", "torchmetrics", "segment_anything", "onnxruntime", "tensorboard")

PROGRAM = f"""
import sys
import annotator.wsgi
from django.urls import get_resolver

def walk(patterns):
    for pattern in patterns:
        walk(getattr(pattern, "url_patterns", ()))

walk(get_resolver().url_patterns)
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_loading_every_url_imports_no_training_library() -> None:
    # when
    answer = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)

    # then
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "[]"
