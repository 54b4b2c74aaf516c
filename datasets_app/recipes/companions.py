"""Other pictures of training that come into one: how they cover a place, and their objects as guests. No operation."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

from datasets_app.ir import AnnotationRecord
from datasets_app.recipes.base import Sample
from datasets_app.recipes.warp import Warp, shift, stretch

OF_THE_WHOLE = frozenset({"tag", "caption"})
"""Kinds of shape that speak of a picture as a whole."""


def covering(member: Sample, width: int, height: int) -> Warp:
    """The warp that covers `width` x `height` pixels with the middle of a picture, whose proportions stay."""
    factor = max(width / member.record.width, height / member.record.height)
    inner = member.record.width * factor, member.record.height * factor
    return Warp(shift((width - inner[0]) / 2, (height - inner[1]) / 2) @ stretch(factor, factor), width, height)


def guests(
    member: Sample, mark: str, *, but: frozenset[str] = OF_THE_WHOLE, weight: float = 1.0
) -> tuple[AnnotationRecord, ...]:
    """The objects of another picture, less those of the kinds `but`, under UUIDs of their own made with `mark`."""
    return tuple(
        replace(row, uuid=str(uuid5(UUID(row.uuid), mark)) if row.uuid else "", weight=row.weight * weight)
        for row in member.record.annotations
        if row.shape_type not in but
    )
