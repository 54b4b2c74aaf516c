"""Owns `make run`: from a bare machine to a running product; standard library only, must not import the product."""
