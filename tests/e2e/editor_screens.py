"""States of the editor that pass quickly: modes, tools in hand, dialogs, comments; for looking at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import class_id
from tests.e2e.studio import Studio

NAME = "Modes of the editor"
OUTLINE = [[180, 100], [300, 80], [380, 170], [340, 280], [220, 300], [150, 210]]
HOLE = [[240, 160], [290, 160], [290, 210], [240, 210]]


def scene(studio: Studio) -> Editor:
    """A picture with a box, a polygon with a hole, a tag and a comment on it; made anew for each screen."""
    rest = studio.rest
    for row in rest.get("projects/")["results"]:
        if row["name"] == NAME:
            rest.delete(f"projects/{row['id']}/")
    stage = {"name": "stage", "type": "select", "values": ["early", "late", "unsure"]}
    attributes = [stage, {"name": "touching", "type": "checkbox"}]
    cell: Any = {"name": "cell", "hotkey": "1", "color": "#0072b2", "attributes": attributes}
    classes = [cell, {"name": "debris", "hotkey": "2", "color": "#e69f00"}, {"name": "blurred", "hotkey": "3"}]
    project = rest.project(*classes, task="segmentation", name=NAME)
    pictures = sorted((studio.shared_data / "bccd/BCCD/JPEGImages").glob("*.jpg"))[:6]
    image, *_others = rest.upload(project["id"], pictures)
    number = class_id(project, "cell")
    shapes = [
        {"type": "box", "box": [420, 60, 140, 120]},
        {"type": "polygon", "parts": [{"outer": OUTLINE, "holes": [HOLE]}]},
        {"type": "tag"},
    ]
    made = [{"uuid": str(uuid4()), "class": number, "shape": shape} for shape in shapes]
    made[2]["class"] = class_id(project, "blurred")
    rest.change(image["id"], create=made)
    for text, place in (("Is this one cell or two?", {"object": made[1]["uuid"]}), ("Too dark", {"point": [90, 380]})):
        rest.post(f"images/{image['id']}/comments/", {"text": text, **place})
    editor = Editor(studio.page)
    editor.open(project["id"], image)
    editor.fit()
    return editor


def selected_vertices(studio: Studio) -> None:
    editor = scene(studio)
    editor.select_at((200, 250))
    with editor.held("Shift"):
        editor.click((180, 100))
        editor.click((300, 80))
    editor.move((600, 440))


def comments(studio: Studio) -> None:
    scene(studio)
    studio.page.get_by_role("button", name="Comment 1:").click()


def writing_a_comment(studio: Studio) -> None:
    editor = scene(studio)
    editor.move((500, 400))
    editor.press("i")


def attribute_mode(studio: Studio) -> None:
    scene(studio).press("Shift+Q")


def tag_mode(studio: Studio) -> None:
    scene(studio).press("Shift+T")


def mask_brush(studio: Studio) -> None:
    editor = scene(studio)
    editor.press("m")
    editor.drag((420, 300), (520, 380), (600, 300))
    editor.move((470, 420))


def simplify(studio: Studio) -> None:
    editor = scene(studio)
    editor.select_at((200, 250))
    editor.press("Shift+S")


def propagate(studio: Studio) -> None:
    editor = scene(studio)
    editor.select_at((200, 250))
    editor.press("Control+b")
    expect(studio.page.get_by_role("dialog")).to_be_visible()


def conflict(studio: Studio) -> None:
    editor = scene(studio)
    image = int(studio.page.url.rsplit("/", 1)[1])
    studio.page.route("**/presence/", lambda route: route.abort())
    other = Rest(studio.rest.url, studio.rest.username, studio.rest.password)
    found = other.annotations(image)
    other.change(
        image,
        update=[
            {"uuid": found[0]["uuid"], "shape": {"type": "box", "box": [440, 90, 140, 120]}},
            {"uuid": found[1]["uuid"], "occluded": True},
        ],
    )
    other.close()
    editor.select_at((490, 120))
    editor.drag((490, 120), (470, 180))
    editor.select_at((200, 250))
    editor.drag((200, 250), (220, 270))
    editor.saved.click()
    expect(editor.saved).to_have_text("Changed by others")
    editor.saved.click()
    expect(studio.page.get_by_role("dialog", name="Objects that need a decision")).to_be_visible()


def offline(studio: Studio) -> None:
    editor = scene(studio)
    studio.page.route("**/changes/", lambda route: route.abort())
    editor.draw_box((60, 60), (140, 120))
    expect(editor.saved).to_contain_text("kept here")
    editor.saved.click()
    expect(studio.page.get_by_role("dialog")).to_be_visible()


def failed(studio: Studio) -> None:
    scene(studio)
    studio.page.route("**/annotations/**", lambda route: route.fulfill(status=503, body="{}"))
    studio.page.reload()
    expect(studio.page.get_by_role("alert")).to_be_visible()


def review(studio: Studio) -> None:
    scene(studio)
    panel = studio.page.get_by_role("region", name="Review", exact=True)
    panel.get_by_role("button", name="Submit").click()
    expect(panel.get_by_role("button", name="Accept")).to_be_visible()


def view_settings(studio: Studio) -> None:
    scene(studio)
    studio.page.get_by_role("button", name="View settings").click()


EDITOR_SCREENS: dict[str, Callable[[Studio], None]] = {
    "vertices": selected_vertices,
    "comments": comments,
    "comment-draft": writing_a_comment,
    "attribute-mode": attribute_mode,
    "tag-mode": tag_mode,
    "mask-brush": mask_brush,
    "simplify": simplify,
    "propagate": propagate,
    "conflict": conflict,
    "offline": offline,
    "failed": failed,
    "review": review,
    "view-settings": view_settings,
}
