"""The console in a real browser."""

from datetime import UTC, datetime, timedelta

from procuration.domain.validity import OneScrutin, Rounds
from server.console.services import create_console_account
from server.notices.enums import NoticeCode, NoticeState
from server.notices.models import Notice
from tests.browser.pages import Person
from tests.server.townhall import LAON, LIFOU, PASSWORD, Story

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
    person.opens("/console/urgences/")
    sizes["console-urgences-vide"] = person.pictures("console-urgences-vide")
    story.established(3, vote_place=LIFOU)
    at_laon = OneScrutin(scrutin_id="2027-04-presidentielle/metropole", rounds=Rounds.BOTH)
    story.established(4, vote_place=LAON, validity=at_laon)
    story.world.clock.at = datetime(2027, 4, 25, 3, tzinfo=UTC)
    person.opens("/console/urgences/")
    sizes["console-urgences"] = person.pictures("console-urgences")
    story.world.clock.at += timedelta(hours=8)
    person.opens("/console/urgences/")
    sizes["console-urgences-closes"] = person.pictures("console-urgences-closes")
    assert sizes == {name: [0, 0] for name in sizes}
