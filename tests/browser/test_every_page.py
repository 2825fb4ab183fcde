"""Every page of the web side in every state of `visit.py`, audited in a real browser."""

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.browser import audit
from tests.browser.conftest import started
from tests.browser.scene import Scene, Stage, every_view
from tests.browser.site import served
from tests.browser.visit import NOT_A_PAGE, SCENES
from tests.server.townhall import Story


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """One browser for all scenes."""
    driver = started(tmp_path_factory.mktemp("chromium"))
    audit.prepare(driver)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("static")) as address:
        yield address


@pytest.mark.parametrize("scene", SCENES, ids=lambda one: one.name)
@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible_light_and_needs_no_script(
    scene: Scene, chromium: webdriver.Chrome, site: str, story: Story
):
    found: dict[str, list[str]] = {}

    def look(stage: Stage, state: str, status: int) -> None:
        if faults := audit.faults(stage.browser, status):
            found[state] = faults

    stage = Stage(chromium, site, story, look)
    scene.play(stage)
    assert found == {}
    assert stage.visited == scene.covers


def test_every_address_is_visited_or_is_not_a_page():
    visited = {view for scene in SCENES for view in scene.covers}
    assert every_view() - visited - set(NOT_A_PAGE) == set(), "this page is not visited: add it"
    assert set(NOT_A_PAGE) <= every_view()
    assert not set(NOT_A_PAGE) & visited


def test_a_scene_has_a_name_of_its_own():
    assert len({scene.name for scene in SCENES}) == len(SCENES)
