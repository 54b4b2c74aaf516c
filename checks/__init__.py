"""Owns `make test` and its parts: which checks there are, their order and what they need; standard library only."""
