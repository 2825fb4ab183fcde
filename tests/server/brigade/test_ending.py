"""Résiliations that an officer on line receives (R-46): worth what those of a tablet are worth."""

from dataclasses import replace
from datetime import timedelta

from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations
from procuration.domain.events import Kind
from procuration.domain.facts import RevocationSubject
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import Period
from procuration.record.enrolment import Designation
from server.brigade.ending import ToEnd, ask_to_end, at_hand, record_end
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.rebuilding import rebuild_all
from server.ledger.models import Event
from server.ledger.verifying import verify_ledger
from tests.builders import ANGELA, NOUMEA, NOW
from tests.server.brigade.conftest import ESTABLISH, SITE
from tests.server.brigade.test_acts import refused, written

END = replace(
    ESTABLISH,
    decision=ActDecision.REVOKED,
    declarations=ESTABLISH.declarations & ~Declarations.NO_CASE_OF_L72_1,
)


def by_name(**changes) -> ToEnd:
    subject = RevocationSubject(rid=None, mandant=ANGELA, vote_place=NOUMEA, validity=None)
    return ToEnd(subject=replace(subject, **changes))


def ends(web, to_end: ToEnd, choice=END) -> int:
    asked = ask_to_end(web.world.centre, web.account, to_end, choice)
    return record_end(web.world.centre, web.account, SITE, to_end, web.answer(asked.payload))


def passes(web, hours: int = 1) -> None:
    web.world.clock.at = NOW + timedelta(hours=hours)


def test_a_procuration_at_hand_is_ended(web, story):
    rid = web.signs(story.filed()).rid
    passes(web)
    ends(web, at_hand(rid))
    one = Procuration.objects.get(rid=rid)
    assert (one.status, one.code) == (Status.RESILIEE, "RESILIEE")


def test_one_that_a_tablet_established_is_ended_on_line(web, story):
    rid = story.established()
    passes(web)
    ends(web, at_hand(rid))
    assert Procuration.objects.get(rid=rid).status == Status.RESILIEE


def test_by_identity_every_procuration_of_the_mandant_ends(web, story):
    rid = web.signs(story.filed()).rid
    passes(web)
    ends(web, by_name())
    assert Procuration.objects.get(rid=rid).status == Status.RESILIEE


def test_by_identity_somebody_elses_procuration_stays(web, story):
    rid = web.signs(story.filed()).rid
    passes(web)
    ends(web, by_name(mandant=replace(ANGELA, birth_name="AUTRE")))
    assert Procuration.objects.get(rid=rid).status == Status.TRANSMISE


def test_a_period_that_does_not_touch_it_leaves_it_alone(web, story):
    rid = web.signs(story.filed()).rid
    passes(web)
    later = NOW.date() + timedelta(days=300)
    ends(web, by_name(validity=Period(first_day=later, last_day=later)))
    assert Procuration.objects.get(rid=rid).status == Status.TRANSMISE


def test_the_ledger_verifies_and_folds_again_to_the_same(web, story):
    rid = web.signs(story.filed()).rid
    passes(web)
    ends(web, at_hand(rid))
    ends(web, by_name())
    before = [
        list(rows.values())
        for rows in (Procuration.objects.order_by("rid"), Withdrawal.objects.order_by("seq"))
    ]
    rebuild_all(web.world.centre, lambda _: None)
    after = [
        list(rows.values())
        for rows in (Procuration.objects.order_by("rid"), Withdrawal.objects.order_by("seq"))
    ]
    assert without_ids(after) == without_ids(before)
    assert verify_ledger(web.world.centre, lambda _: None).faults == []


def without_ids(rows):
    return [[{name: value for name, value in row.items() if name != "id"} for row in table] for table in rows]


def test_one_procuration_is_ended_once(web, story):
    rid = web.signs(story.filed()).rid
    passes(web)
    to_end = at_hand(rid)
    late = web.answer(ask_to_end(web.world.centre, web.account, to_end, END).payload)
    ends(web, to_end)
    assert refused(at_hand, rid) == "DEJA_RESILIEE"
    assert refused(record_end, web.world.centre, web.account, SITE, to_end, late) == "DEJA_RESILIEE"
    assert Withdrawal.objects.count() == 1


def test_a_request_has_nothing_to_end_and_a_refused_one_neither(web, story):
    first = story.filed()
    assert refused(at_hand, first) == "PAS_ETABLIE"
    refuse = replace(END, decision=ActDecision.REFUSED, code=RefusalCode.ABANDON, document=None)
    web.signs(first, refuse)
    assert refused(at_hand, first) == "DEJA_FINIE"


def test_nothing_is_ended_while_something_lacks(web, story):
    """Every box but that of L. 72-1; both papers of a visit; a title; a place that is open."""
    web.signs(story.filed())
    for choice, code in (
        (replace(END, declarations=END.declarations & ~Declarations.PHOTO), "DECLARATION_MANQUANTE"),
        (replace(END, place=ActPlaceKind.HOME), "DECLARATION_MANQUANTE"),
        (replace(END, document=None), "PIECE_MANQUANTE"),
        (replace(END, place=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id="988-9"), "LIEU_NON_AUTORISE"),
    ):
        assert refused(ends, web, by_name(), choice) == code
    assert not Event.objects.filter(kind=Kind.REVOCATION.value).exists()


def test_the_signed_act_ends_nothing_else(web, story):
    """The answer of the key names the procuration: it is no answer for another one."""
    first, second = web.signs(story.filed(1)).rid, web.signs(story.filed(2)).rid
    passes(web)
    asked = ask_to_end(web.world.centre, web.account, at_hand(first), END)
    answer = web.answer(asked.payload)
    before = written(web)
    assert (
        refused(record_end, web.world.centre, web.account, SITE, at_hand(second), answer)
        == "SIGNATURE_TROP_TARD"
    )
    assert written(web) == before


def test_a_delegue_ends_nothing(web, story):
    """R. 78: the authorities that may establish (R-15)."""
    web.signs(story.filed())
    web.world.clock.at = NOW + timedelta(seconds=1)
    web.is_entitled(**delegue(web))
    assert refused(ends, web, by_name()) == "DELEGUE_RECUEILLE_SEULEMENT"


def delegue(web):
    named = Designation(
        nom="TEST", prenoms="Paul", qualite="Délégué de l’OPJ Ève MARTIN", designation="OPJ Ève MARTIN"
    )
    return {"designation": named, "not_before": NOW - timedelta(hours=1)}
