"""Acts signed by a security key: worth what those of a tablet are worth, and no easier to forge."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations
from procuration.domain.events import ActRecorded
from procuration.domain.identifiers import Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.act import encode_act, read_act, sign_act
from procuration.record.enrolment import verify_enrolment
from server.dossiers.judgement import judge
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.ends import accept_end
from server.ledger.enums import Aside
from server.ledger.known import Known
from server.ledger.models import Device, Event, Ledger, OfficerEnrolment, SetAside
from server.ledger.own_log import Entry, append
from server.ledger.verifying import verify_ledger
from tests import builders
from tests.builders import NOW, REALM
from tests.server.brigade.conftest import ESTABLISH, officer_on_line

REFUSE = replace(
    ESTABLISH,
    decision=ActDecision.REFUSED,
    document=None,
    declarations=Declarations(0),
    code=RefusalCode.IDENTITE_NON_CONFORME,
)


def refused(call, *arguments) -> str:
    with pytest.raises((RuleViolated, RecordRejected)) as error:
        call(*arguments)
    return error.value.code


def written(officer) -> int:
    """How many events the officer's own log has."""
    return Event.objects.filter(device=officer.account.log).count()


def test_an_officer_on_line_establishes_a_procuration(web, story):
    one = web.signs(story.filed())
    assert one.status == Status.TRANSMISE
    assert one.established_at == NOW


def test_an_officer_on_line_refuses_with_a_code(web, story):
    one = web.signs(story.filed(), REFUSE)
    assert (one.status, one.code) == (Status.REFUSEE, "IDENTITE_NON_CONFORME")


def test_a_request_brought_by_a_brigade_is_decided_on_line_once(web, story):
    rid = story.established()
    assert refused(web.asks, rid) == "DEJA_DECIDEE"


def test_the_ledger_with_such_acts_verifies_and_folds_again_to_the_same(web, story):
    rid = web.signs(story.filed()).rid
    before = Procuration.objects.filter(rid=rid).values().get()
    rebuild_all(web.world.centre, lambda _: None)
    assert Procuration.objects.filter(rid=rid).values().get() == before
    assert verify_ledger(web.world.centre, lambda _: None).faults == []


def test_a_key_without_habilitation_signs_nothing(world, story):
    officer = officer_on_line(world)
    assert refused(officer.asks, story.filed()) == "AGENT_SANS_HABILITATION"


def test_a_habilitation_ends_with_its_term(web, story):
    rid = story.filed()
    web.world.clock.at = NOW + timedelta(days=89, seconds=1)
    assert refused(web.asks, rid) == "HABILITATION_TERMINEE"


def test_a_habilitation_that_a_supervisor_ends_counts_no_more_here(web, story):
    rid = story.filed()
    signed = web.habilitation(not_after=NOW)
    end = verify_enrolment(signed, web.world.centre.tables.directory, REALM)
    accept_end(web.world.centre, end, signed, NOW)
    web.world.clock.at = NOW + timedelta(minutes=1)
    assert refused(web.asks, rid) == "HABILITATION_RETIREE"


@pytest.mark.parametrize(
    "changes",
    [
        {"supervisor": "officer"},
        {"log_id": b"12345678"},
        {"cose_key": b"\xa4\x01\x01\x03\x32\x20\x06\x21\x58\x20" + bytes(31) + b"\x02"},
    ],
    ids=["signed by nobody", "for another log", "for another key"],
)
def test_a_habilitation_is_a_supervisors_word_for_this_key(world, changes):
    officer = officer_on_line(world)
    with pytest.raises(RecordRejected):
        officer.is_entitled(**changes)
    assert not OfficerEnrolment.objects.filter(device=officer.account.log).exists()


def test_a_habilitation_brought_twice_is_logged_once(web):
    web.is_entitled()
    assert OfficerEnrolment.objects.filter(device=web.account.log).count() == 1
    assert written(web) == 1


def test_the_page_may_not_be_older_than_five_minutes(web, story):
    rid = story.filed()
    answer = web.answer(web.asks(rid).payload)
    web.world.clock.at = NOW + timedelta(minutes=5, seconds=1)
    assert refused(web.records, rid, answer) == "SIGNATURE_TROP_TARD"
    assert written(web) == 1


def test_two_pages_open_at_once_sign_one_act_each_in_its_place(web, story):
    first, second = story.filed(1), story.filed(2)
    late = web.answer(web.asks(second).payload)
    web.signs(first)
    assert refused(web.records, second, late) == "SIGNATURE_TROP_TARD"
    assert web.signs(second).status == Status.TRANSMISE


def test_an_answer_sent_twice_is_written_once(web, story):
    rid = story.filed()
    answer = web.answer(web.asks(rid).payload)
    web.records(rid, answer)
    assert refused(web.records, rid, answer) == "DEJA_DECIDEE"
    assert written(web) == 2


def changed_payload(web, rid, **changes) -> bytes:
    return encode_act(replace(read_act(web.asks(rid).payload), **changes))


def test_the_browser_cannot_change_what_is_signed(web, story):
    """Signed by the right key, but not what the centre asked: another name, another moment, more said."""
    rid = story.filed()
    act = read_act(web.asks(rid).payload)
    for changes in (
        {"authority": replace(act.authority, nom="AUTRE")},
        {"wall": act.wall + timedelta(minutes=1)},
        {"wall": act.wall - timedelta(minutes=6)},
        {"seq": act.seq + 1},
        {"place": replace(act.place, insee_code="75056")},
    ):
        forged = web.answer(changed_payload(web, rid, **changes))
        assert refused(web.records, rid, forged) == "SIGNATURE_TROP_TARD", changes
    assert written(web) == 1


def test_declarations_that_lack_are_asked_for_again(web, story):
    rid = story.filed()
    less = replace(ESTABLISH, declarations=ESTABLISH.declarations & ~Declarations.PHOTO)
    assert refused(web.asks, rid, less) == "DECLARATION_MANQUANTE"
    home = replace(ESTABLISH, place=ActPlaceKind.HOME)
    assert refused(web.asks, rid, home) == "DECLARATION_MANQUANTE"
    assert refused(web.asks, rid, replace(REFUSE, code=None)) == "MOTIF_MANQUANT"


@pytest.mark.parametrize(
    "changes",
    [{"flags": 0b1}, {"origin": "https://evil.example", "site": "evil.example"}, {"site": "evil.example"}],
    ids=["person not verified", "another site", "a key of another site"],
)
def test_a_signature_made_otherwise_is_refused_and_nothing_is_written(web, story, changes):
    rid = story.filed()
    answer = web.answer(web.asks(rid).payload, replace(web.held, **changes))
    assert refused(web.records, rid, answer) == "SIGNATURE_REFUSEE"
    assert written(web) == 1


def test_anothers_key_signs_nothing_for_me(web, story):
    other = officer_on_line(web.world, "autre")
    other.is_entitled()
    rid = story.filed()
    answer = web.answer(web.asks(rid).payload, other.held)
    for one in (answer, replace(answer, credential_id=other.key.credential_id)):
        assert refused(web.records, rid, one) == "SIGNATURE_REFUSEE"


def test_a_tablets_signature_means_nothing_in_the_centres_log(web, story):
    """The centre's log carries acts of security keys alone: its own key makes no officer."""
    rid = story.filed()
    act = read_act(web.asks(rid).payload)
    request = story.requests[1]
    signed = sign_act(act, story.officer, REALM)
    content = ActRecorded(signed_act=signed, filed_sign1=request.sign1, filed_body=request.body)
    known = Known(web.world.centre)
    log = Device.objects.get(pk=web.account.log_id)
    events = append(web.world.centre, log, [Entry(content, Rid(bytes.fromhex(rid)))], NOW)
    known.add(events[0].device)
    known.load_for({(log.pk, events[0].envelope.seq)})
    known.load_logs({story.kiosk.log_id})
    assert judge(events[0], known).code is Aside.OFFICER_UNKNOWN


def test_a_tablet_carries_no_act_of_a_browser(web, story):
    story.filed()
    story.brigade.enrols(SoftwareKeyOf(web))
    act = builders.act(story.brigade, story.requests[1], rid=builders.rid(1))
    signed = web.held.signs(act)
    request = story.requests[1]
    content = ActRecorded(signed_act=signed, filed_sign1=request.sign1, filed_body=request.body)
    story.brigade.records(content, rid=builders.rid(1))
    story.world.hears(story.brigade)
    assert SetAside.objects.get(device__log_id=story.brigade.log_id.hex()).code == Aside.ACT_SIGNATURE


def test_after_a_restore_the_old_account_signs_no_more(web, story):
    """Its log may have gone further than the backup: a second event at one place would be a fork."""
    rid = story.filed()
    Ledger.objects.create(pk=2, epoch=b"another epoch...", created_at=NOW)
    assert refused(web.asks, rid) == "COMPTE_A_ROUVRIR"


class SoftwareKeyOf:
    """The officer's security key, as a habilitation for a tablet names it."""

    def __init__(self, officer) -> None:
        self.cose_key = officer.held.cose_key
