"""An elector asks on line to end a procuration: it is written, it ends nothing, an officer receives it."""

from dataclasses import replace

import pytest
from django.test import Client

from procuration.domain.acts import ActDecision
from procuration.domain.events import Authentication, Kind
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.people import PartialDate
from procuration.domain.status import Status
from procuration.record.act import sign_act
from procuration.record.event import EventPair
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.models import Event
from tests import builders
from tests.server.townhall import Story
from tests.server.usagers.electors import ANGELA, answers, files, signed_in, starts
from tests.server.usagers.test_at_the_brigade import filed_on_line, found_by
from tests.server.usagers.test_request import plain

MINE = "/demande/mes-demandes/"


def established(story: Story) -> Procuration:
    """A request of the web that an officer established."""
    one = filed_on_line()
    pair = found_by(story, one)
    story.proves_the_clock(story.brigade)
    drawn_up = builders.act(story.brigade, pair, rid=bytes.fromhex(one.rid))
    builders.records_act(story.brigade, pair, drawn_up, story.officer)
    story.proves_the_clock(story.brigade)
    story.world.hears(story.brigade)
    one.refresh_from_db()
    assert one.status == Status.TRANSMISE
    return one


def end_of(one: Procuration) -> str:
    return f"/demande/resilier/{one.rid}/"


def test_an_elector_sees_what_they_filed_and_asks_to_end_it(story: Story):
    one = established(story)
    elector = signed_in()
    page = plain(elector.get(MINE))
    assert f"{one.reference[:3]} {one.reference[3:]}" in page
    assert "Votre procuration est établie." in page
    assert "Aucun motif n’est demandé." in plain(elector.get(end_of(one)))
    asked = plain(elector.post(end_of(one), follow=True))
    assert "Résiliation demandée" in asked
    assert "Jusque-là, votre procuration reste valable." in asked
    assert "Résiliation demandée" in plain(elector.get(MINE))


def test_the_request_is_one_signed_event_and_ends_nothing(story: Story):
    one = established(story)
    before = one.status, one.effects
    elector = signed_in()
    for _ in range(2):
        elector.post(end_of(one))
    one.refresh_from_db()
    assert Event.objects.filter(kind=Kind.REVOCATION_ASKED).count() == 1
    assert (one.status, one.effects) == before
    rows = list(Procuration.objects.values())
    assert rebuild_all(story.world.centre, lambda _: None).differed == 0
    assert list(Procuration.objects.values()) == rows


def test_r_46_it_ends_when_an_officer_receives_the_resiliation(story: Story):
    one = established(story)
    signed_in().post(end_of(one))
    about = Rid(bytes.fromhex(one.rid))
    drawn_up = builders.act(story.brigade, EventPair(b"", None), rid=about, decision=ActDecision.REVOKED)
    subject = RevocationSubject(
        rid=about, mandant=replace(builders.ANGELA, used_name=None), vote_place=builders.NOUMEA, validity=None
    )
    content = Revocation(
        signed_act=sign_act(replace(drawn_up, filed_hash=EventHash(b"")), story.officer, story.brigade.realm),
        subject=subject,
    )
    story.brigade.records(content, rid=about, wall=drawn_up.wall)
    story.proves_the_clock(story.brigade)
    story.world.hears(story.brigade)
    one.refresh_from_db()
    assert one.status == Status.RESILIEE
    page = plain(signed_in().get(end_of(one)))
    assert "Cette procuration ne sert déjà plus." in page


def test_a_request_that_is_not_established_has_nothing_to_end(world):
    one = filed_on_line()
    elector = signed_in()
    assert "n’est pas encore établie" in plain(elector.get(end_of(one)))
    assert elector.post(end_of(one)).status_code == 409
    assert not Event.objects.filter(kind=Kind.REVOCATION_ASKED).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_name": "DUBOIS-MARTIN"},
        {"given_names": "Angela"},
        {"birth_date": PartialDate(1962, 8, 25)},
        {"birth_date": PartialDate(1962)},
        {"birth_name": None},
        {"authentication": Authentication.FRANCE_CONNECT, "provider": "franceconnect"},
    ],
)
def test_nobody_else_sees_or_ends_it(story: Story, changes):
    one = established(story)
    other = signed_in(replace(ANGELA, **changes))
    assert one.reference[:3] not in plain(other.get(MINE))
    assert other.get(end_of(one)).status_code == 404
    assert other.post(end_of(one)).status_code == 404
    assert not Event.objects.filter(kind=Kind.REVOCATION_ASKED).exists()


def test_a_request_made_on_a_tablet_is_ended_by_its_reference(story: Story):
    story.established(1, reference="XBQ7V3")
    one = Procuration.objects.get()
    elector = signed_in()
    assert "Aucune demande en ligne à votre nom." in plain(elector.get(MINE))
    assert elector.get(end_of(one)).status_code == 404
    there = elector.post(MINE, {"reference": "xbq 7v3"})
    assert there.url == end_of(one)
    assert "XBQ 7V3" in plain(elector.get(there.url))
    elector.post(there.url)
    assert Event.objects.filter(kind=Kind.REVOCATION_ASKED, rid=one.rid).count() == 1


def test_the_reference_of_somebody_else_opens_nothing(story: Story):
    story.established(2, reference="XBQ7V3")
    elector = signed_in()
    for reference in ("XBQ7V3", "ABCDEF"):
        assert "et à votre identité" in plain(elector.post(MINE, {"reference": reference}))
    assert elector.get(f"/demande/resilier/{builders.rid(2).hex()}/").status_code == 404


def test_a_stranger_is_sent_to_the_beginning(world):
    for address in (MINE, f"/demande/resilier/{'0' * 32}/"):
        assert Client().get(address).url == "/demande/"
        assert Client().post(address).url == "/demande/"


@pytest.mark.parametrize("count", [3, 12])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(world, count, django_assert_max_num_queries):
    for _ in range(count):
        files(answers(starts()))
    elector = signed_in()
    with django_assert_max_num_queries(6):
        assert plain(elector.get(MINE)).count("<tr") == count + 1
