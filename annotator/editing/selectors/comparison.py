"""What people made of one image, side by side: thing by thing who has it, and which of them would be taken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from annotator.core.errors import NotFoundError
from annotator.core.geometry.matching import overlap_of
from annotator.editing.models import ConsensusMember
from annotator.editing.selectors.agreement import first_submissions, ground_truth_revisions, objects_at
from annotator.editing.selectors.consensus import Group, Voice, groups_of, voices_of
from datasets_app.models import Image, Project

TRUTH = ""
"""The name under which ground truth stands among people: nobody can be called so."""


def member_comparison(member: ConsensusMember, least: float) -> dict[str, Any]:
    """One image of a round, of what was handed in; ground truth stands beside it where the image has it."""
    voices = voices_of(member)
    body = _body(member.image, voices, least)
    marks = ground_truth_revisions([member.image_id])
    truth = objects_at(member.image, marks[member.image_id]) if member.image_id in marks else None
    return body | {
        "complete": len(voices) >= member.round.copies,
        "merged_in": member.merged_in,
        "truth": None if truth is None else [_object(item) for item in truth],
    }


def truth_comparison(project: Project, image: int, annotator: str, least: float) -> dict[str, Any]:
    """What a person submitted first of an image, and its ground truth. Raises `NotFoundError` where one is missing."""
    for row, name, submitted, right in first_submissions(project, image=image, annotator=annotator):
        truth = objects_at(row, right)
        body = _body(row, [(name, objects_at(row, submitted)), (TRUTH, truth)], least)
        return body | {"complete": True, "merged_in": None, "truth": [_object(item) for item in truth]}
    raise NotFoundError("not_found", f"{annotator} submitted nothing of image {image}, or it is no ground truth.")


def _body(image: Image, voices: Sequence[Voice], least: float) -> dict[str, Any]:
    return {
        "image": image.pk,
        "name": image.name,
        "width": image.width,
        "height": image.height,
        "people": [name for name, _ in voices],
        "groups": [_group(group, image) for group in groups_of(voices, image, least)],
    }


def _group(group: Group, image: Image) -> dict[str, Any]:
    pairs = list(combinations([item for _, item in group.members], 2))
    overlaps = [overlap_of(one, other, image.width, image.height) for one, other in pairs]
    return {
        "objects": [{"annotator": name, **_object(item)} for name, item in group.members],
        "chosen": group.chosen,
        "iou": sum(overlaps) / len(overlaps) if overlaps else None,
    }


def _object(item: dict[str, Any]) -> dict[str, Any]:
    return {"uuid": item["uuid"], "class": item["class"], "shape": item["shape"], "box": item["box"]}
