"""How far the people of a round agree: with each other, with ground truth, pair by pair and image by image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from annotator.core.geometry.matching import matches
from annotator.editing.models import ConsensusMember, ConsensusRound, Opinion
from annotator.editing.selectors.agreement import MAX_IMAGES, Agreement, Pairs, ground_truth_revisions, objects_at
from annotator.editing.selectors.consensus import Group, Voice, groups_of, opinion_objects
from datasets_app.models import Image

MAX_LISTED = 2000
"""Images, those on which people agree least first."""


@dataclass(slots=True)
class PairTally:
    """Two people on the images that both handed in. Alike = the same thing with the same class."""

    images: int = 0
    objects: int = 0
    alike: int = 0
    other_class: int = 0
    overlap: float = 0.0
    differing: list[int] = field(default_factory=list)

    def add(self, image: int, first: Sequence[Any], second: Sequence[Any], pairs: Pairs) -> float:
        """Answers how far they agree here, from 0 to 1: the share of their objects that both have alike."""
        alike = sum(first[row]["class"] == second[column]["class"] for row, column, _ in pairs)
        objects = len(first) + len(second)
        self.images += 1
        self.objects += objects
        self.alike += alike
        self.other_class += len(pairs) - alike
        self.overlap += sum(overlap for _, _, overlap in pairs)
        if 2 * alike != objects:
            self.differing.append(image)
        return _share(alike, objects)

    def body(self, first: str, second: str) -> dict[str, Any]:
        found = self.alike + self.other_class
        return {
            "first": first,
            "second": second,
            "images": self.images,
            "agreement": _share(self.alike, self.objects),
            "iou": self.overlap / found if found else None,
            "alike": self.alike,
            "other_class": self.other_class,
            "alone": self.objects - 2 * found,
            "differing": self.differing[:MAX_IMAGES],
        }


def _share(alike: int, objects: int) -> float:
    """Two who both found nothing agree."""
    return 2 * alike / objects if objects else 1.0


def round_report(round_: ConsensusRound, least: float) -> dict[str, Any]:
    """`{peers, truth, pairs, images}`, of what was handed in. Objects with less overlap than `least` (IoU) differ."""
    peers, truth = Agreement(least), Agreement(least)
    tallies: dict[tuple[str, str], PairTally] = defaultdict(PairTally)
    members = _members(round_)
    marks = ground_truth_revisions([member.image_id for member, _, _ in members])
    images = []
    for member, voices, begun in members:
        image = member.image
        by_name = sorted(voices, key=lambda voice: voice[0])
        shares = [_compare(image, one, other, least, peers, tallies) for one, other in combinations(by_name, 2)]
        if image.pk in marks:
            right = objects_at(image, marks[image.pk])
            for name, own in voices:
                truth.add(name, image, own, right)
        agreement = sum(shares) / len(shares) if shares else None
        images.append(_image(member, voices, begun, groups_of(voices, image, least), agreement))
    images.sort(key=lambda row: (row["agreement"] is None, row["agreement"], row["id"]))
    return {
        "peers": peers.body(),
        "truth": truth.body(),
        "pairs": [tally.body(*pair) for pair, tally in sorted(tallies.items())],
        "images": images[:MAX_LISTED],
    }


def _members(round_: ConsensusRound) -> list[tuple[ConsensusMember, list[Voice], list[str]]]:
    """Images that somebody has begun, with what was handed in and the names of those who are still at it."""
    found: dict[ConsensusMember, tuple[list[Voice], list[str]]] = defaultdict(lambda: ([], []))
    opinions = Opinion.objects.filter(member__round=round_).select_related("member__image", "member__round", "author")
    for opinion in opinions.order_by("member_id", "pk"):
        handed_in, begun = found[opinion.member]
        name = opinion.author.get_username()
        if opinion.submitted_at is None:
            begun.append(name)
        else:
            handed_in.append((name, opinion_objects(opinion)))
    return [(member, handed_in, begun) for member, (handed_in, begun) in found.items()]


def _compare(
    image: Image,
    one: Voice,
    other: Voice,
    least: float,
    peers: Agreement,
    tallies: dict[tuple[str, str], PairTally],
) -> float:
    (first, mine), (second, theirs) = one, other
    pairs = matches(mine, theirs, image.width, image.height, least)
    peers.add(first, image, mine, theirs, pairs)
    peers.add(second, image, theirs, mine, [(column, row, overlap) for row, column, overlap in pairs])
    return tallies[first, second].add(image.pk, mine, theirs, pairs)


def _image(
    member: ConsensusMember,
    voices: Sequence[Voice],
    begun: Sequence[str],
    groups: Sequence[Group],
    agreement: float | None,
) -> dict[str, Any]:
    """`support` counts the things by how many people have them: the first number is of those that one alone has."""
    support = [0] * max(len(voices), 1)
    for group in groups:
        support[group.support - 1] += 1
    return {
        "id": member.image_id,
        "name": member.image.name,
        "people": [{"username": name, "objects": len(objects)} for name, objects in voices],
        "begun": list(begun),
        "agreement": agreement,
        "support": support,
        "conflicts": sum(group.support < len(voices) or len(group.classes) > 1 for group in groups),
        "complete": len(voices) >= member.round.copies,
        "merged_in": member.merged_in,
    }
