"""A brigade finds a request of the web, acts on it, and the centre takes the act in: the same path as for a
tablet's."""

from procuration.domain.people import PartialDate
from procuration.domain.status import Status
from procuration.record.event import EventPair
from procuration.record.inbox import Request
from procuration.record.locked_copy import derive, unlock
from server.dossiers.copying import keep_copies
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.ledger.models import RequestCopy
from tests import builders
from tests.server.townhall import Story, account_of
from tests.server.usagers.electors import answers, files, starts

BORN = PartialDate(1962, 8, 24)


def filed_on_line() -> Procuration:
    before = list(Procuration.objects.values_list("rid", flat=True))
    files(answers(starts()))
    return Procuration.objects.exclude(rid__in=before).get()


def found_by(story: Story, one: Procuration) -> EventPair:
    """What the centre sends to the tablet of an officer who typed reference and birth date."""
    story.brigade.looks_up(one.reference, BORN, story.officer)
    story.world.hears(story.brigade)
    story.world.hears(story.brigade)
    (request,) = [entry for entry in story.brigade.inbox if isinstance(entry, Request)]
    return request.pair


def test_an_officer_finds_a_request_of_the_web_and_establishes_it(story: Story):
    one = filed_on_line()
    pair = found_by(story, one)
    assert pair.hash.hex() == one.filed_hash
    drawn_up = builders.act(story.brigade, pair, rid=bytes.fromhex(one.rid))
    builders.records_act(story.brigade, pair, drawn_up, story.officer)
    story.world.hears(story.brigade)
    one.refresh_from_db()
    assert one.status == Status.TRANSMISE
    assert one.established_at is not None
    assert decide(one.rid, account_of(), True, None).status == Status.VALIDEE


def test_a_wrong_birth_date_finds_nothing(story: Story):
    one = filed_on_line()
    story.brigade.looks_up(one.reference, PartialDate(1962, 8, 25), story.officer)
    story.world.hears(story.brigade)
    story.world.hears(story.brigade)
    assert not [entry for entry in story.brigade.inbox if isinstance(entry, Request)]


def test_brigades_of_the_commune_of_vote_get_its_locked_copy(story: Story):
    one = filed_on_line()
    assert keep_copies(story.world.centre).made == 1
    copy = RequestCopy.objects.get()
    assert copy.departement == "988"
    keys = derive(one.reference, BORN, story.world.centre.realm)
    assert bytes(copy.tag) == keys.tag
    assert unlock(bytes(copy.ciphertext), keys, story.world.centre.realm).hash.hex() == one.filed_hash
