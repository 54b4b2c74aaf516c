"""Measurements: a group is a file here, a figure is a function in it; see `harness.py`."""
