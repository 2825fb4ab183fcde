"""An officer on line takes back what they established by mistake (decision 27)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations
from procuration.domain.refusal import RefusalCode
from procuration.domain.sites import Opening, PublicPlace
from procuration.domain.status import Doubt, Status
from server.brigade.acts import check_correction
from server.brigade.ending import at_hand
from server.dossiers.models import Procuration
from tests.builders import NOW
from tests.server.brigade.conftest import ESTABLISH, officer_on_line
from tests.server.brigade.test_acts import REFUSE, refused, written
from tests.server.brigade.test_ending import ends, passes

TAKE_BACK = replace(
    ESTABLISH,
    decision=ActDecision.REFUSED,
    document=None,
    declarations=Declarations(0),
    code=RefusalCode.ERREUR_DE_SAISIE,
    corrects=True,
)


def may_correct(web, rid):
    return refused(check_correction, web.world.centre, web.account, rid)


def test_what_is_taken_back_waits_for_a_person(web, story):
    rid = web.signs(story.filed()).rid
    web.world.clock.at = NOW + timedelta(minutes=2)
    one = web.signs(rid, TAKE_BACK)
    assert (one.status, one.code) == (Status.EN_ATTENTE_HUMAINE, Doubt.DEUX_DECISIONS)


def test_it_is_taken_back_once(web, story):
    rid = web.signs(story.filed()).rid
    late = web.answer(web.asks(rid, TAKE_BACK).payload)
    web.signs(rid, TAKE_BACK)
    assert refused(web.records, rid, late) == "DEJA_CORRIGEE"
    assert refused(web.asks, rid, TAKE_BACK) == "DEJA_CORRIGEE"


def test_the_next_day_at_the_unit_is_too_late(web, story):
    """Nouméa is eleven hours ahead: its day ends at 13:00 UTC."""
    rid = web.signs(story.filed()).rid
    end_of_day = NOW.replace(hour=13, minute=0, second=0)
    assert end_of_day > NOW, "the example was drawn up in the morning"
    web.world.clock.at = end_of_day - timedelta(seconds=1)
    check_correction(web.world.centre, web.account, rid)
    web.world.clock.at = end_of_day
    assert may_correct(web, rid) == "CORRECTION_TROP_TARD"


def test_another_officer_takes_nothing_back(web, story):
    rid = web.signs(story.filed()).rid
    other = officer_on_line(web.world, "autre")
    other.is_entitled()
    assert refused(other.asks, rid, TAKE_BACK) == "CORRECTION_AUTRE_AGENT"
    tablet = story.established(2)
    assert refused(web.asks, tablet, TAKE_BACK) == "CORRECTION_AUTRE_AGENT"


def test_a_refusal_and_a_resiliation_are_not_taken_back(web, story):
    first, second = web.signs(story.filed(1), REFUSE).rid, web.signs(story.filed(2)).rid
    assert may_correct(web, first) == "CORRECTION_DE_REFUS"
    passes(web)
    ends(web, at_hand(second))
    assert Procuration.objects.get(rid=second).status == Status.RESILIEE
    assert may_correct(web, second) == "DEJA_RESILIEE"


@pytest.mark.parametrize("code", [None, RefusalCode.ABANDON])
def test_only_five_reasons_take_an_act_back(web, story, code):
    rid = web.signs(story.filed()).rid
    before = written(web)
    assert refused(web.asks, rid, replace(TAKE_BACK, code=code)) == "MOTIF_MANQUANT"
    assert written(web) == before


# ---- a listed public place (R. 72-1 III; R-16)

OPEN = Opening(day=NOW.date(), opens_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(hours=1))
ANNEXE = PublicPlace(id="988-1", name="Médiathèque", insee_code="98805", openings=(OPEN,))
IN_PUBLIC = replace(ESTABLISH, place=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id=ANNEXE.id)


def test_an_act_in_a_listed_place_names_it_and_its_commune(web, story):
    web.world.set_sites(ANNEXE)
    one = web.signs(story.filed(), IN_PUBLIC)
    assert one.status == Status.TRANSMISE
    assert (one.act_place_kind, one.act_place_code) == (3, "98805")


def test_a_place_that_is_closed_or_unknown_is_refused(web, story):
    web.world.set_sites(ANNEXE)
    rid = story.filed()
    assert refused(web.asks, rid, replace(IN_PUBLIC, site_id="988-2")) == "LIEU_NON_AUTORISE"
    web.world.clock.at = OPEN.closes_at + timedelta(seconds=1)
    assert refused(web.asks, rid, IN_PUBLIC) == "LIEU_NON_AUTORISE"
