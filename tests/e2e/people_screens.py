"""Screens of work that several people share, with two of them and a round of consensus on real pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import Blood, class_id
from tests.e2e.screens import add_user
from tests.e2e.studio import Studio

PASSWORD = "another long passphrase"
PEOPLE = ("bob", "cem", "dee")
ROUND = "Second look"
OWN = "Borders of the white cells"
"""A round that the person who looks at the screens takes part in."""
IMAGES = 5
LEFT_OUT = 5
"""Every so many objects one person overlooks one, a different one for each."""


def people_make(page: Page, rest: Rest, shared_data: Path, project: int) -> None:
    if any(row["name"] == ROUND for row in rest.get(f"projects/{project}/consensus/")["results"]):
        return
    for name in PEOPLE:
        add_user(page, name, PASSWORD)
        rest.post(f"projects/{project}/members/", {"username": name, "role": "annotator"})
    stems = Blood(shared_data).stems(IMAGES)
    ids = [row["id"] for row in rest.images(project) if Path(row["name"]).stem in stems]
    body = {"name": ROUND, "copies": 2, "people": list(PEOPLE), "ids": ids}
    number = rest.post(f"projects/{project}/consensus/", body)["id"]
    rest.post(f"projects/{project}/consensus/", body | {"name": OWN, "people": [rest.username, *PEOPLE]})
    for place, name in enumerate(PEOPLE[:2]):
        person = Rest(rest.url, name, PASSWORD)
        _label_most(person, number, project, shared_data, place)
        person.close()


def _label_most(person: Rest, number: int, project: int, shared_data: Path, place: int) -> None:
    """All images but the last one: somewhat beside the truth, with something overlooked, something called otherwise."""
    classes = person.get(f"projects/{project}/")
    names = {row["id"]: Path(row["name"]).stem for row in person.images(project)}
    for _ in range(IMAGES - place):
        given = person.post(f"consensus/{number}/next/")
        objects = []
        for at, (name, (x, y, width, height)) in enumerate(Blood(shared_data).truth(names[given["image"]]).objects):
            if at % LEFT_OUT == place:
                continue
            called = "Platelets" if place and at == LEFT_OUT else name
            box = [max(x + 2 * place, 0), max(y - 2 * place, 0), width, height]
            shape = {"type": "box", "box": box}
            objects.append({"uuid": str(uuid4()), "class": class_id(classes, called), "shape": shape})
        batch = {"base_revision": 0, "batch_id": str(uuid4()), "create": objects}
        person.post(f"opinions/{given['opinion']}/changes/", batch)
        person.post(f"opinions/{given['opinion']}/submit/")


def consensus(studio: Studio) -> None:
    studio.page.goto(f"/projects/{studio.blood}/work?tab=consensus")
    studio.page.get_by_role("link", name=ROUND).click()
    expect(studio.page.get_by_role("table", name="Images of the round")).to_be_visible()


def consensus_rounds(studio: Studio) -> None:
    studio.page.goto(f"/projects/{studio.blood}/work?tab=consensus")
    expect(studio.page.get_by_role("link", name=ROUND)).to_be_visible()


def consensus_new(studio: Studio) -> None:
    consensus_rounds(studio)
    studio.page.get_by_role("button", name="New consensus round").click()
    dialog = studio.page.get_by_role("dialog", name="New consensus round")
    expect(dialog.get_by_text("Images:")).to_be_visible()
    dialog.get_by_role("textbox", name="Name").fill("Platelets only")


def consensus_image(studio: Studio) -> None:
    consensus(studio)
    table = studio.page.get_by_role("table", name="Images of the round")
    table.get_by_role("row").nth(1).get_by_role("button").click()
    dialog = studio.page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="What will be saved")).to_be_visible()
    dialog.get_by_role("button", name="Zoom to object").first.hover()


def consensus_over(studio: Studio) -> None:
    consensus_image(studio)
    studio.page.get_by_role("dialog").get_by_text("Over", exact=True).click()


def consensus_settle(studio: Studio) -> None:
    consensus(studio)
    studio.page.get_by_role("button", name="Settle …").click()
    expect(studio.page.get_by_role("dialog", name="Settle by agreement").get_by_role("status")).to_be_visible()


def my_work(studio: Studio) -> None:
    studio.page.goto(f"/projects/{studio.blood}/work")
    expect(studio.page.get_by_role("region", name=OWN)).to_be_visible()


def own_labels(studio: Studio) -> None:
    my_work(studio)
    studio.page.get_by_role("region", name=OWN).get_by_role("button", name="Next image").click()
    expect(studio.page.get_by_role("button", name="Hand in")).to_be_visible()
    editor = Editor(studio.page)
    opened = int(studio.page.url.rsplit("/", 1)[1])
    editor.arrive(studio.rest.get(f"images/{opened}/"))
    editor.fit()
    editor.press("b")


def consensus_empty(studio: Studio) -> None:
    studio.page.goto(f"/projects/{studio.demo()}/work?tab=consensus")
    expect(studio.page.get_by_role("heading", name="No consensus round yet")).to_be_visible()


PEOPLE_SCREENS: dict[str, Callable[[Studio], None]] = {
    "consensus": consensus,
    "consensus-image": consensus_image,
}

PEOPLE_STATES: dict[str, Callable[[Studio], None]] = {
    "consensus-rounds": consensus_rounds,
    "consensus-new": consensus_new,
    "consensus-over": consensus_over,
    "consensus-settle": consensus_settle,
    "consensus-empty": consensus_empty,
    "my-work": my_work,
    "own-labels": own_labels,
}
