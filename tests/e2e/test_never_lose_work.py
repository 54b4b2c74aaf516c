"""Killed servers, killed workers, dead connections and closed tabs: what was drawn is there, exactly once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route, expect

from tests.e2e import processes
from tests.e2e.conftest import Open
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest, wait_until
from tests.e2e.scenes import BLOOD_CLASSES, Blood
from tests.e2e.screens import add_user, go, sign_in

BOB_PASSWORD = "one more long passphrase"
BOXES = ((40, 40), (180, 60), (330, 90))


@dataclass
class Scene:
    rest: Rest
    project: int
    images: list[dict[str, Any]]

    def stored(self, number: int = 0) -> list[list[float]]:
        found = self.rest.annotations(self.images[number]["id"])
        return sorted([round(value) for value in item["shape"]["box"]] for item in found)

    def revision(self) -> int:
        return int(self.rest.get(f"projects/{self.project}/")["revision"])

    def job(self, kind: str, *, under_way: bool = False) -> dict[str, Any]:
        """The newest job of the kind, when there is one; if asked, one that has done a part of its work."""

        def found() -> dict[str, Any] | None:
            rows = [row for row in self.rest.get("jobs/", project=self.project)["results"] if row["kind"] == kind]
            if under_way:
                rows = [row for row in rows if row["finished_at"] is None and row["progress"]["done"] > 0]
            return rows[0] if rows else None

        row: dict[str, Any] = wait_until(found, f"a job {kind}{' under way' if under_way else ''}")
        return row


@pytest.fixture
def scene(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> Scene:
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)["id"]
    blood = Blood(shared_data)
    return Scene(admin, project, admin.upload(project, blood.pictures(blood.stems(2))))


def opened(page: Page, scene: Scene) -> Editor:
    editor = Editor(page)
    editor.open(scene.project, scene.images[0])
    return editor


def open_project(page: Page, scene: Scene) -> Page:
    page.goto(f"/projects/{scene.project}/images")
    return page


def draw_all(editor: Editor) -> None:
    for x, y in BOXES:
        editor.draw_box((x, y), (x + 100, y + 80))


def kill_tab(page: Page) -> None:
    """Ends the process behind the tab: a tab that is only closed still sends what it has when nobody stops it."""
    session = page.context.new_cdp_session(page)
    # Nobody is left to answer the command.
    with page.expect_event("crash"), contextlib.suppress(PlaywrightError):
        session.send("Page.crash", timeout=1_000)
    page.close()


DRAWN = [[x, y, 100, 80] for x, y in BOXES]


def test_web_process_killed_during_a_save(page: Page, scene: Scene, data_dir: Path) -> None:
    editor = opened(page, scene)
    head = scene.revision()
    # given: the server does what the save asks for, and dies before its answer is out
    arrived = []

    def die_after(route: Route) -> None:
        arrived.append(route.fetch().status)
        processes.kill(processes.web(data_dir))
        route.abort("connectionreset")

    page.route("**/changes/", die_after, times=1)
    draw_all(editor)
    # then: the badge never claims what is not so, and saves by itself when the server is back
    expect(editor.saved).to_contain_text("Offline, 3 kept here")
    editor.expect_saved()
    assert arrived == [200]
    assert scene.stored() == DRAWN
    assert scene.revision() == head + 1


def test_connection_lost_while_drawing(page: Page, scene: Scene) -> None:
    editor = opened(page, scene)
    page.context.set_offline(True)
    draw_all(editor)
    expect(editor.saved).to_contain_text("Offline, 3 kept here")
    assert scene.stored() == []
    # when: the person goes on working, and then the connection is back
    editor.select_at((90, 80))
    editor.press("Delete")
    expect(editor.saved).to_contain_text("kept here")
    page.context.set_offline(False)
    editor.expect_saved()
    assert scene.stored() == DRAWN[1:]


def test_closed_tab_replays_its_journal(open_browser: Open, scene: Scene) -> None:
    page = open_browser()
    editor = opened(page, scene)
    # given: nothing gets through, and the tab is gone before it could
    page.route("**/changes/", lambda route: route.abort())
    draw_all(editor)
    expect(editor.saved).to_contain_text("3 kept here")
    kill_tab(page)
    assert scene.stored() == []
    # when: the same browser opens the project again, on another image
    again = page.context.new_page()
    editor = Editor(again)
    again.goto(f"/projects/{scene.project}/images/{scene.images[1]['id']}")
    # then
    expect(again.get_by_text("Unsaved work on 1 image was found and saved.")).to_be_visible()
    editor.arrive(scene.images[1])
    assert scene.stored() == DRAWN
    again.reload()
    editor.arrive(scene.images[1])
    assert scene.stored() == DRAWN


def test_tab_that_is_closed_sends_what_it_has_on_leaving(open_browser: Open, scene: Scene) -> None:
    page = open_browser()
    editor = opened(page, scene)
    draw_all(editor)
    page.close()
    wait_until(lambda: scene.stored() == DRAWN, "what the tab sent when it was closed")


def test_expired_session_asks_for_the_password_over_the_editor(page: Page, scene: Scene) -> None:
    editor = opened(page, scene)
    page.context.clear_cookies()
    draw_all(editor)
    dialog = page.get_by_role("dialog", name="Your session has ended")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password", exact=True).fill(scene.rest.password)
    dialog.get_by_role("button", name="Sign in").click()
    editor.expect_saved()
    assert scene.stored() == DRAWN


def test_several_images_are_worked_on_without_the_network(page: Page, scene: Scene) -> None:
    editor = opened(page, scene)
    editor.next(scene.images[1])
    editor.previous(scene.images[0])
    page.context.set_offline(True)
    editor.draw_box((40, 40), (140, 120))
    editor.next(scene.images[1])
    editor.draw_box((180, 60), (280, 140))
    editor.previous(scene.images[0])
    editor.expect_objects(1)
    expect(editor.saved).to_contain_text("Offline, 2 kept here")
    assert scene.stored() == scene.stored(1) == []
    # when: the network is back, nobody has to do anything
    page.context.set_offline(False)
    editor.expect_saved()
    assert (scene.stored(), scene.stored(1)) == ([[40, 40, 100, 80]], [[180, 60, 100, 80]])


def test_work_of_one_person_is_never_sent_as_another(page: Page, scene: Scene) -> None:
    add_user(page, "bob", BOB_PASSWORD)
    editor = opened(page, scene)
    head = scene.revision()
    page.context.clear_cookies()
    draw_all(editor)
    dialog = page.get_by_role("dialog", name="Your session has ended")
    dialog.get_by_label("User name").fill("bob")
    dialog.get_by_label("Password", exact=True).fill(BOB_PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Unsaved work of admin stays here")).to_be_visible()
    assert scene.revision() == head
    # when: the first one signs in again
    page.context.clear_cookies()
    sign_in(page, scene.rest.username, scene.rest.password)
    editor.open(scene.project, scene.images[0])
    editor.expect_saved()
    assert scene.stored() == DRAWN


def test_tab_that_dies_leaves_its_work_to_the_tab_beside_it(open_browser: Open, scene: Scene) -> None:
    page = open_browser()
    editor = opened(page, scene)
    beside = page.context.new_page()
    heir = Editor(beside)
    heir.open(scene.project, scene.images[1])
    page.route("**/changes/", lambda route: route.abort())
    draw_all(editor)
    expect(editor.saved).to_contain_text("3 kept here")
    kill_tab(page)
    # then: within its next look at the journal the other tab sends it

    def has_arrived() -> bool:
        # While this process waits without a word to the browser, no request of the page gets through it.
        beside.evaluate("0")
        return scene.stored() == DRAWN

    wait_until(has_arrived, "the other tab to send the work")


def test_two_people_at_one_image_lose_nothing(open_browser: Open, scene: Scene) -> None:
    first = opened(open_browser(), scene)
    first.draw_box((40, 40), (140, 120))
    first.save_now()
    second = opened(open_browser(), scene)
    # when: each draws something
    first.draw_box((300, 300), (400, 380))
    first.save_now()
    second.draw_box((450, 50), (550, 130))
    second.save_now()
    assert scene.stored() == [[40, 40, 100, 80], [300, 300, 100, 80], [450, 50, 100, 80]]
    second.expect_objects(3)
    # when: both change the same object
    first.select_at((90, 80))
    first.drag((90, 80), (110, 100))
    first.save_now()
    second.select_at((90, 80))
    second.drag((90, 80), (95, 180))
    second.saved.click()
    # then: the later one is asked, and decides
    expect(second.saved).to_have_text("Changed by others")
    second.saved.click()
    dialog = second.page.get_by_role("dialog", name="Objects that need a decision")
    dialog.get_by_role("button", name="Take theirs").click()
    second.expect_saved()
    assert scene.stored() == [[60, 60, 100, 80], [300, 300, 100, 80], [450, 50, 100, 80]]


def test_worker_killed_during_an_import_runs_it_again_and_once(
    page: Page, scene: Scene, data_dir: Path, shared_data: Path, tmp_path: Path
) -> None:
    blood = Blood(shared_data)
    stems = blood.stems(82)[2:]
    archive = blood.voc_archive(tmp_path / "bccd.zip", stems)
    head = scene.revision()
    go(open_project(page, scene), "Import / Export")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop a file to import").click()
    chooser.value.set_files(archive)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import", exact=True).click()
    # when: the worker dies in the middle of the work
    job = scene.job("datasets.import", under_way=True)
    processes.kill(processes.workers(data_dir, "cpu"))
    # then: it is done once
    expect(page.get_by_role("region", name="What was imported")).to_contain_text("80 new", timeout=90_000)
    assert scene.rest.finish(job["id"])["attempts"] == 2
    assert len(scene.rest.images(scene.project)) == 82
    assert scene.revision() == head + 1


def test_restart_of_the_web_process_loses_no_job(page: Page, scene: Scene, data_dir: Path) -> None:
    go(open_project(page, scene), "Import / Export")
    (worker,) = processes.workers(data_dir, "cpu")
    worker.suspend()
    page.get_by_role("button", name="Export", exact=True).click()
    job = scene.job("datasets.export")
    # The page must have been told of its job before the answer can be lost.
    expect(page.get_by_role("region", name="Export").get_by_text("Queued")).to_be_visible()
    processes.kill(processes.web(data_dir))
    worker.resume()
    # then: the page follows the job to its end without being loaded again
    expect(page.get_by_role("link", name="Download")).to_be_visible(timeout=60_000)
    assert scene.rest.finish(job["id"])["attempts"] == 1
