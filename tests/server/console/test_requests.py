"""« Demandes de postes »: what tablets sent, found by fingerprint, taken out byte for byte."""

import pytest

from procuration.domain.identifiers import fingerprint_in_groups
from server.ledger import joining
from server.ledger.enrol import accept_signed
from tests.builders import NOW
from tests.server.ledger.test_joining import request_of, signed, tablet
from tests.server.townhall import administrator, agent_of


def shown(page) -> str:
    return page.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.fixture
def two(world):
    made = [tablet("one"), tablet("two")]
    for one in made:
        joining.answer_to(world.centre, request_of(one), NOW)
    return made


def fingerprint(one):
    return fingerprint_in_groups(one.key.kid)


def test_each_request_stands_with_its_fingerprint_in_groups_and_its_time(two):
    page = shown(administrator().get("/console/demandes/"))
    for one in two:
        assert fingerprint(one) in page
        assert one.log_id.hex() in page
    assert page.count("Télécharger la demande<") == 2
    assert "Personne ne les a signées" in page


def test_a_request_is_found_by_the_beginning_of_its_fingerprint(two):
    one, other = two
    typed = fingerprint(one)[:7].lower()
    browser = administrator()
    page = shown(browser.get("/console/demandes/", {"empreinte": typed}))
    assert fingerprint(one) in page
    assert fingerprint(other) not in page
    none = shown(browser.get("/console/demandes/", {"empreinte": "zzzz"}))
    assert "Aucune demande ne commence ainsi" in none


@pytest.mark.parametrize("typed", ["<script>", "%", "_", "é" * 50, "A" * 5_000, "'"])
def test_whatever_is_typed_the_page_answers(two, typed):
    answer = administrator().get("/console/demandes/", {"empreinte": typed})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<h1>")[1]


def test_the_file_is_what_the_tablet_sent(two):
    answer = administrator().get(f"/console/demandes/{two[0].key.kid.hex()}/")
    assert answer.content == request_of(two[0])
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{two[0].log_id.hex()}.request.cbor"'
    )


def test_nobody_else_takes_it_and_what_is_answered_is_gone(two, world):
    address = f"/console/demandes/{two[0].key.kid.hex()}/"
    assert agent_of().get(address).status_code == 403
    accept_signed(world.centre, signed(two[0]), NOW)
    browser = administrator()
    assert browser.get(address).status_code == 404
    assert browser.get("/console/demandes/0000/").status_code == 404
    assert fingerprint(two[0]) not in shown(browser.get("/console/demandes/"))
