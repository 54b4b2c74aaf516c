"""What is known of a recipe's operation without importing it. Imports no picture library."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.core.parameters import Parameter

STAGES = ("preprocessing", "augmentation")


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """What is known of an operation without importing it: the facts of its catalog entry.

    `moves_pixels`: shapes have to follow. `labels_only`: pictures stay, or are left out.
    `cuts`: one picture becomes several. `mixes`: other pictures come in.
    """

    stage: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    moves_pixels: bool = False
    labels_only: bool = False
    cuts: bool = False
    mixes: bool = False
