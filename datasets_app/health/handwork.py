"""Who saved what by hand on one image, and what people did with what others, imports and models had made there.

Agreement is read off the history: whoever saves an image has its labels before the eyes, and either leaves an earlier
object as it is, or moves, relabels or deletes it, or adds one that was missing. Knows no Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from annotator.core.geometry.overlap import shape_iou

IMPORT, MODEL = "import", "model"
OUTCOMES = ("kept", "moved", "relabelled", "deleted", "added")
KEPT, MOVED, RELABELLED, DELETED, ADDED = range(len(OUTCOMES))

Maker = tuple[str, int]
"""("", user), or what else made an object, with 0."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A revision as far as this is concerned: its author, and whether it was saved in the editor."""

    author: int
    is_hand: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An object from one revision up to another (None: still there)."""

    uuid: str
    class_id: int
    shape_json: str
    source: str
    opened: int
    closed: int | None


@dataclass(slots=True)
class Handwork:
    """Counts of one image. `outcomes` and `overlaps` are by maker and the person who looked at it later."""

    work: dict[int, int] = field(default_factory=dict)
    """User → objects that they made or changed by hand; a person who only looked has 0."""
    outcomes: dict[tuple[Maker, int, int], int] = field(default_factory=dict)
    overlaps: dict[tuple[Maker, int], int] = field(default_factory=dict)
    """Sums of IoU of moved objects with what they were, in thousandths."""


def handwork(rows: Sequence[Row], touched: Iterable[int], hands: Mapping[int, Hand], size: tuple[int, int]) -> Handwork:
    """`rows` are all objects that the image ever had, `touched` the revisions of its state, `hands` says who."""
    numbers = {*touched, *(row.opened for row in rows), *(row.closed for row in rows if row.closed is not None)}
    saves = [(number, hands[number].author) for number in sorted(numbers) if hands[number].is_hand]
    found = Handwork(work={person: 0 for _, person in saves})
    if not saves:
        return found
    before = {(row.uuid, row.closed): row for row in rows if row.closed is not None}
    after = {(row.uuid, row.opened): row for row in rows}
    makers = _makers(rows, before, hands)
    for row in rows:
        if hands[row.opened].is_hand:
            found.work[hands[row.opened].author] += 1
            if (row.uuid, row.opened) not in before:
                _count_added(found, row, rows, makers, hands)
        for person in {author for number, author in saves if number > row.opened}:
            _count_looked_at(found, row, after, (makers[id(row)], person), saves, size)
    return found


def _makers(rows: Sequence[Row], before: Mapping[tuple[str, int], Row], hands: Mapping[int, Hand]) -> dict[int, Maker]:
    """Who made each row. What changes labels without looking at each keeps who made the one before."""
    found: dict[int, Maker] = {}
    for row in sorted(rows, key=lambda row: row.opened):
        hand, earlier = hands[row.opened], before.get((row.uuid, row.opened))
        if earlier is not None and not hand.is_hand:
            found[id(row)] = found[id(earlier)]
        elif earlier is None and row.source.startswith(("run:", "model:")):
            found[id(row)] = (MODEL, 0)
        elif earlier is None and row.source == IMPORT:
            found[id(row)] = (IMPORT, 0)
        else:
            found[id(row)] = ("", hand.author)
    return found


def _count_added(
    found: Handwork, row: Row, rows: Sequence[Row], makers: Mapping[int, Maker], hands: Mapping[int, Hand]
) -> None:
    if makers[id(row)] != ("", hands[row.opened].author):
        return
    person = hands[row.opened].author
    others = {
        makers[id(other)]
        for other in rows
        if other.opened < row.opened and (other.closed is None or other.closed >= row.opened)
    }
    for maker in others - {("", person)}:
        _add(found, maker, person, ADDED)


def _count_looked_at(
    found: Handwork,
    row: Row,
    after: Mapping[tuple[str, int], Row],
    pair: tuple[Maker, int],
    saves: Sequence[tuple[int, int]],
    size: tuple[int, int],
) -> None:
    maker, person = pair
    if maker == ("", person):
        return
    own = [number for number, author in saves if author == person and number > row.opened]
    seen = [number for number in own if row.closed is None or number <= row.closed]
    if not seen:
        return
    if row.closed is None or seen[-1] != row.closed:
        _add(found, maker, person, KEPT)
        return
    later = after.get((row.uuid, row.closed))
    if later is None:
        _add(found, maker, person, DELETED)
    elif later.class_id != row.class_id:
        _add(found, maker, person, RELABELLED)
    elif later.shape_json == row.shape_json:
        _add(found, maker, person, KEPT)
    else:
        _add(found, maker, person, MOVED)
        shared = shape_iou(orjson.loads(row.shape_json), orjson.loads(later.shape_json), *size)
        found.overlaps[pair] = found.overlaps.get(pair, 0) + round(1000 * (shared or 0.0))


def _add(found: Handwork, maker: Maker, person: int, outcome: int) -> None:
    key = maker, person, outcome
    found.outcomes[key] = found.outcomes.get(key, 0) + 1
