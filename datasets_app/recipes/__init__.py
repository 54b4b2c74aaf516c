"""Recipes of versions: preprocessing and augmentation of pictures whose shapes follow. No Django here."""
