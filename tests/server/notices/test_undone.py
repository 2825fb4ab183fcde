"""An act that the mandant took for good and that does not count: they are told, once, with what to do (M8 has
no other use here; decision 40)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.acts import REQUIRED_TO_ESTABLISH, ActDecision, ActPlace, ActPlaceKind, Declarations
from procuration.domain.events import ActRecorded
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.record.act import sign_act
from server.dossiers.models import Procuration
from server.ledger.enums import Aside
from server.notices.enums import MessageKind, NoticeState
from server.notices.letters import mail_for
from server.notices.models import Notice
from tests import builders
from tests.builders import NOW, REALM
from tests.server.brigade.conftest import officer_on_line
from tests.server.brigade.test_correction import TAKE_BACK
from tests.server.queue.stories import case, rules

UNLISTED = ActPlace(kind=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id="988-9", insee_code="98805")


def kinds(rid: str) -> list[MessageKind]:
    found = Notice.objects.filter(rid=rid).exclude(state=NoticeState.DROPPED).order_by("id")
    return [MessageKind(kind) for kind in found.values_list("kind", flat=True)]


def acted(story, **changes) -> str:
    """An act that is not what the tablet would have signed."""
    rid, request = story.filed(), story.requests[1]
    drawn_up = replace(builders.act(story.brigade, request, rid=builders.rid(1)), **changes)
    builders.records_act(story.brigade, request, drawn_up, story.officer)
    story.world.hears(story.brigade)
    return rid


def letter(rid: str, world) -> str:
    one = Procuration.objects.get(rid=rid)
    french = mail_for(MessageKind.SET_ASIDE, one, world.centre.tables).letters[0]
    return french.as_text().replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize(
    ("changes", "aside", "sentence"),
    [
        ({"place": UNLISTED}, Aside.LIEU_NON_AUTORISE, "lieu"),
        ({"declarations": REQUIRED_TO_ESTABLISH & ~Declarations.PHOTO}, Aside.DECLARATIONS, "pièce"),
    ],
    ids=["a place that is not listed", "a face that was not compared"],
)
def test_an_act_set_aside_as_it_arrives_is_told(story, world, changes, aside, sentence):
    rid = acted(story, **changes)
    one = Procuration.objects.get(rid=rid)
    assert (one.status, one.aside[0][0]) == (Status.DEMANDE, aside)
    assert kinds(rid) == [MessageKind.M1, MessageKind.SET_ASIDE]
    said = letter(rid, world)
    assert sentence in said
    assert "Retournez dans une gendarmerie" in said
    assert "Le récépissé que vous avez reçu ne compte plus" in said


def test_an_officer_whom_nobody_entitled_is_told_and_a_damaged_signature_is_not(story):
    """Who holds a stolen tablet could otherwise frighten everybody whose request they carry."""
    rid, request = story.filed(), story.requests[1]
    signed = sign_act(builders.act(story.brigade, request, rid=builders.rid(1)), story.officer, REALM)
    damaged = signed[:-1] + bytes((signed[-1] ^ 1,))
    content = ActRecorded(signed_act=damaged, filed_sign1=request.sign1, filed_body=request.body)
    story.brigade.records(content, rid=builders.rid(1))
    story.world.hears(story.brigade)
    assert Procuration.objects.get(rid=rid).aside[0][0] == Aside.ACT_SIGNATURE
    assert kinds(rid) == [MessageKind.M1]
    story.brigade.acts(request, builders.key("nobody"))
    story.world.hears(story.brigade)
    assert kinds(rid) == [MessageKind.M1, MessageKind.SET_ASIDE]


def test_another_act_makes_it_good_and_says_so(story):
    rid = acted(story, place=UNLISTED)
    story.brigade.acts(story.requests[1], story.officer)
    story.world.hears(story.brigade)
    assert Procuration.objects.get(rid=rid).status == Status.TRANSMISE
    assert kinds(rid)[-1] in (MessageKind.M2, MessageKind.AGAIN)


@pytest.fixture
def corrected(story, world, kiosk, officer) -> str:
    """Established on line, taken back by its officer, and waiting for a person."""
    web = officer_on_line(world)
    web.is_entitled()
    rid = web.signs(story.filed()).rid
    world.clock.at = NOW + timedelta(minutes=5)
    web.signs(rid, TAKE_BACK)
    return rid


def decides_for(world, rid: str, decision: ActDecision) -> None:
    side = next(one for one in case(world, rid).sides if one.act.decision == decision)
    rules(world, rid, f"keep-{side.letter}")


def test_while_a_person_is_to_decide_nothing_is_told(corrected):
    assert kinds(corrected) == [MessageKind.M1, MessageKind.M2]


def test_a_validation_taken_back_is_told_once_the_person_has_decided(corrected, world):
    decides_for(world, corrected, ActDecision.REFUSED)
    one = Procuration.objects.get(rid=corrected)
    assert (one.status, one.code) == (Status.REFUSEE, RefusalCode.ERREUR_DE_SAISIE)
    assert kinds(corrected) == [MessageKind.M1, MessageKind.M2, MessageKind.SET_ASIDE]
    said = letter(corrected, world)
    assert "faire une nouvelle demande" in said
    assert "Retournez dans une gendarmerie" not in said
    decides_for(world, corrected, ActDecision.REFUSED)
    assert kinds(corrected).count(MessageKind.SET_ASIDE) == 1, "the same, decided again"


def test_when_the_validation_stands_nothing_more_is_told(corrected, world):
    decides_for(world, corrected, ActDecision.ESTABLISHED)
    assert Procuration.objects.get(rid=corrected).status in (Status.ETABLIE, Status.TRANSMISE)
    assert MessageKind.SET_ASIDE not in kinds(corrected)


def test_a_refusal_at_the_desk_is_told_by_the_officer_alone(story):
    rid = story.filed()
    story.brigade.refuses(story.requests[1], story.officer, RefusalCode.IDENTITE_NON_CONFORME)
    story.world.hears(story.brigade)
    assert kinds(rid) == [MessageKind.M1]
