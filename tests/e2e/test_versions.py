"""A version with a recipe: written in the dialog, previewed on real pictures, read on the card, used again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import choose, go

RENDER_MS = 60_000


@pytest.fixture
def labelled(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Eight pictures with a white cell each."""
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)
    blood = Blood(shared_data)
    for number, image in enumerate(admin.upload(project["id"], blood.pictures(blood.stems(8)))):
        shape = {"type": "box", "box": [50, 60, 100, 80]}
        key = f"00000000-0000-4000-8000-{project['id']:06}{number:06}"
        admin.change(image["id"], create=[{"uuid": key, "class": class_id(project, "WBC"), "shape": shape}])
    return project


def add(page: Page, dialog: Locator, stage: str, operation: str) -> Locator:
    """Adds an operation; answers its settings, which open by themselves."""
    dialog.get_by_role("button", name=f"Add {stage}").click()
    page.get_by_role("menuitem", name=operation, exact=True).click()
    return dialog.get_by_role("group", name=f"Settings of {operation}")


def test_version_with_a_recipe(page: Page, admin: Rest, labelled: dict[str, Any]) -> None:
    project = labelled["id"]
    page.goto(f"/projects/{project}/images")
    go(page, "Versions")
    page.get_by_role("button", name="New version").first.click()
    dialog = page.get_by_role("dialog", name="New version")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Small")
    dialog.get_by_role("tab", name="Preprocessing and augmentation").click()
    # when: pictures are made small
    settings = add(page, dialog, "preprocessing", "Resize")
    choose(page, settings.get_by_role("combobox", name="Mode"), "stretch")
    settings.get_by_role("textbox", name="Width").fill("96")
    settings.get_by_role("textbox", name="Height").fill("64")
    # then: the preview shows real pictures of that size, with their objects
    samples = dialog.get_by_role("list", name="Preview").get_by_role("listitem")
    expect(samples.first).to_contain_text("96 × 64", timeout=RENDER_MS)
    expect(samples).to_have_count(6)
    expect(samples.first.locator("path[data-class=WBC]")).to_have_count(1)
    # when: training pictures are mirrored
    settings = add(page, dialog, "augmentation", "Flip")
    settings.get_by_role("textbox", name="Left and right").fill("1")
    dialog.get_by_role("textbox", name="Copies per image").fill("3")
    # then: the object is where the mirror puts it, 96 / 640 of 50 … 150 from the right edge
    expect(samples.first.locator("path[data-class=WBC]")).to_have_attribute("d", "M73.5 8h15v10.67h-15Z")
    # when: a class is left out that stands in the way, and the step is taken out again
    add(page, dialog, "preprocessing", "Filter classes")
    dialog.get_by_role("button", name="Move Filter classes up").click()
    dialog.get_by_role("button", name="Remove Filter classes").click()
    dialog.get_by_role("button", name="Create version").click()
    # then: the card tells the recipe, and the server keeps it
    card = page.get_by_role("region", name="Small", exact=True)
    recipe = card.get_by_role("group", name="Recipe of Small")
    expect(recipe).to_contain_text("Resize stretch · 96 × 64")
    expect(recipe).to_contain_text("Flip left and right 100%")
    expect(recipe).to_contain_text("3 copies per training image")
    kept = admin.get(f"projects/{project}/versions/")["results"][0]["recipe"]
    assert [step["op"] for step in kept["operations"]] == ["resize_picture", "random_flip"]
    assert kept["copies"] == 3
    # when: the next version begins with it
    recipe.get_by_role("button", name="New version with the recipe of Small").click()
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Again")
    expect(dialog.get_by_role("list", name="Preprocessing").get_by_role("listitem")).to_have_count(1)
    dialog.get_by_role("button", name="Create version").click()
    expect(page.get_by_role("group", name="Recipe of Again")).to_contain_text("96 × 64")
    rows = admin.get(f"projects/{project}/versions/")["results"]
    assert rows[0]["recipe"] == rows[1]["recipe"]


def test_a_recipe_that_cannot_be_carried_out_says_why(page: Page, admin: Rest, labelled: dict[str, Any]) -> None:
    # given: a version whose recipe names a class that has another name by now
    project = labelled["id"]
    step = {"op": "filter_classes", "parameters": {"names": ["Platelets"]}}
    admin.post(f"projects/{project}/versions/", {"name": "Old names", "recipe": {"operations": [step]}})
    admin.patch(f"classes/{class_id(labelled, 'Platelets')}/", {"name": "Thrombocytes"})
    page.goto(f"/projects/{project}/versions")
    # when
    page.get_by_role("button", name="New version with the recipe of Old names").click()
    # then: the preview names the class, and no version is made
    dialog = page.get_by_role("dialog", name="New version")
    expect(dialog.get_by_role("alert")).to_contain_text("no class 'Platelets'", timeout=RENDER_MS)
    dialog.get_by_role("button", name="Create version").click()
    expect(page.get_by_text("The version was not created")).to_be_visible()
    assert len(admin.get(f"projects/{project}/versions/")["results"]) == 1
