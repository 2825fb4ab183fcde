"""Every page of the web side in every state of `visit.py`, audited in a real browser."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from selenium import webdriver

from tests.browser import audit
from tests.browser.conftest import started
from tests.browser.scene import Scene, Stage, every_view
from tests.browser.site import served
from tests.browser.visit import NEEDS_A_SCRIPT, NOT_A_PAGE, SCENES
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
        faults = audit.faults(stage.browser, status)
        if stage.view in NEEDS_A_SCRIPT and "a script" in faults:
            faults.remove("a script")
        if faults:
            found[state] = faults

    stage = Stage(chromium, site, story, look)
    scene.play(stage)
    assert found == {}
    assert stage.visited == scene.covers


BAD = """<!DOCTYPE html><html><head><title>Sans service</title></head><body>
<h1>Un</h1><h1>Deux</h1><main><p style="color: #bbb">pâle</p><div style="width: 400px; height: 9px"></div>
<form method="post"><input name="age" tabindex="3"><button style="outline: none">Aller</button></form>
<div style="height: 20px; width: 90px; overflow: hidden">deux mots</div>
<div style="margin-bottom: -22px">dessous</div><div>dessus</div>
<img src="SITE/static/rien.png"></main><script>console.error("dit")</script></body></html>"""
SEEN = (
    *("2 h1", "no language", "the title does not name the service", "a script", "style on <p>"),
    *("no label: age", "a form without its token", "408 pixels wide in 320", "an order of its own: age"),
    *("no visible focus: Aller", "color-contrast: p", "image-alt: img", "html-has-lang: html", "dit"),
    *("/static/rien.png", "instead of 422", "bytes:"),
    *("the text is cut: div. « deux mots", "one text is on another: div. « dessous » div. « dessus"),
)


def test_the_audit_sees_what_is_wrong(chromium: webdriver.Chrome, site: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "FIRST_VIEW_BYTES_MAX", 100)
    chromium.get("data:text/html;charset=utf-8," + quote(BAD.replace("SITE", site)))
    found = audit.faults(chromium, 422)
    assert [one for one in SEEN if not any(one in fault for fault in found)] == []


def test_every_address_is_visited_or_is_not_a_page():
    visited = {view for scene in SCENES for view in scene.covers}
    assert every_view() - visited - set(NOT_A_PAGE) == set(), "this page is not visited: add it"
    assert set(NOT_A_PAGE) <= every_view()
    assert not set(NOT_A_PAGE) & visited
    assert set(NEEDS_A_SCRIPT) <= visited


def test_a_scene_has_a_name_of_its_own():
    assert len({scene.name for scene in SCENES}) == len(SCENES)
