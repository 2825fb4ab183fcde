"""« Demandes de postes » in a real browser."""

from procuration.domain.identifiers import fingerprint_in_groups
from server.console.services import create_console_account
from server.ledger import joining
from tests.browser.pages import Person
from tests.builders import NOW
from tests.server.ledger.test_joining import request_of, tablet
from tests.server.townhall import PASSWORD, Story


def test_the_requests_fit_a_computer_and_a_telephone(browser, live_server, story: Story):
    create_console_account("supervision", PASSWORD)
    person = Person(browser, live_server.url)
    person.signs_in("supervision", PASSWORD)
    person.opens("/console/demandes/")
    sizes = {"console-demandes-vide": person.pictures("console-demandes-vide")}
    made = [tablet(f"new {number}") for number in range(3)]
    for one in made:
        joining.answer_to(story.world.centre, request_of(one), NOW)
    person.opens("/console/demandes/")
    sizes["console-demandes"] = person.pictures("console-demandes")
    typed = fingerprint_in_groups(made[0].key.kid)[:9]
    person.opens(f"/console/demandes/?empreinte={typed.replace(' ', '+')}")
    sizes["console-demandes-une"] = person.pictures("console-demandes-une")
    assert fingerprint_in_groups(made[0].key.kid) in browser.page_source
    assert fingerprint_in_groups(made[1].key.kid) not in browser.page_source
    assert sizes == {name: [0, 0] for name in sizes}
