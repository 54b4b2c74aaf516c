"""Bytes: content-addressed blobs and the safe reading of archives. Knows no app."""
