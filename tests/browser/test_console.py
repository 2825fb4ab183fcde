"""The console in a real browser."""

from datetime import timedelta

from server.console.services import create_console_account
from server.notices.enums import NoticeCode, NoticeState
from server.notices.models import Notice
from tests.browser.pages import Person
from tests.server.townhall import PASSWORD, Story

PAGES = {
    "console": "",
    "console-postes": "postes/",
    "console-lots": "lots/",
    "console-cote": "mis-de-cote/",
    "console-messages": "messages/",
}


def test_every_page_of_the_console_fits_a_computer_and_a_telephone(browser, live_server, story: Story):
    create_console_account("supervision", PASSWORD)
    person = Person(browser, live_server.url)
    person.signs_in("supervision", PASSWORD)
    assert person.title() == "Vue d’ensemble"
    sizes = {"console-vide": person.pictures("console-vide")}
    story.established(1)
    story.established(2)
    story.world.kiosk("kiosk of nobody")
    Notice.objects.filter(kind=1).update(
        state=NoticeState.FAILED, code=NoticeCode.ADDRESS_REFUSED, attempts=1
    )
    story.world.clock.at += timedelta(hours=3)
    for name, page in PAGES.items():
        person.opens(f"/console/{page}")
        sizes[name] = person.pictures(name)
    assert sizes == {name: [0, 0] for name in sizes}
