"""What the centre puts into the inbox of a town hall without network, and what it lets that town hall say."""

from dataclasses import replace

import pytest

from procuration.domain.candidates import Effect
from procuration.domain.events import Decision, DecisionOrigin, TakenBy, TakenIn
from procuration.domain.facts import Fact, FactCode, MandataireAnswer
from procuration.domain.identifiers import EventHash
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.record.directory import Role
from procuration.record.event import parse_event
from procuration.record.inbox import State, TownHallFile
from server.dossiers.models import Procuration
from server.ledger.models import SetAside
from server.notices.models import Notice
from tests import builders
from tests.builders import LAON
from tests.server.centre import Tablet
from tests.server.townhall import Story


@pytest.fixture
def hall(world):
    """The computer of the town hall of Nouméa, enrolled."""
    return town_hall(world, "mairie")


def town_hall(world, name, **told):
    tablet = Tablet(name, role=Role.TOWN_HALL)
    enrolment = tablet.enrolment
    enrolment = replace(enrolment, configuration=replace(enrolment.configuration, **told))
    from server.ledger.enrol import accept_enrolment

    accept_enrolment(world.centre, tablet.sealed_enrolment(enrolment=enrolment), world.centre.clock.now())
    return tablet


def files(hall):
    return [one for one in hall.inbox if isinstance(one, TownHallFile)]


def act_hash(rid):
    return EventHash(bytes.fromhex(Procuration.objects.get(rid=rid).act_hash))


def decides(hall, rid, accepted=True, **changes):
    decision = Decision(
        act_hash=act_hash(rid), origin=DecisionOrigin.TOWN_HALL, accepted=accepted, code=None, account=None
    )
    return hall.records(replace(decision, **changes), rid=bytes.fromhex(rid))


def test_an_established_procuration_reaches_the_town_hall_with_what_proves_it(story: Story, hall):
    rid = story.established()
    story.world.hears(hall)
    (file,) = files(hall)
    assert file.act.hash.hex() == Procuration.objects.get(rid=rid).act_hash
    kinds = [parse_event(one.sign1)[1].kind.name for one in file.others]
    assert kinds == ["ENROLMENT", "TAKEN_IN"]
    assert {one.effect for one in file.ranks} == {Effect.STANDS}
    assert {one.position for one in file.ranks} == {1}
    assert State(bytes.fromhex(rid), Status.TRANSMISE, None) in hall.inbox


def test_nothing_is_said_twice_and_a_change_replaces(story: Story, hall):
    rid = story.established()
    story.world.hears(hall)
    story.world.hears(hall)
    assert len(files(hall)) == 1
    decides(hall, rid)
    story.world.hears(hall)
    assert len(files(hall)) == 2
    assert hall.inbox[-1] == State(bytes.fromhex(rid), Status.VALIDEE, None)


def test_a_request_that_nobody_established_is_not_the_town_hall_s(story: Story, hall):
    story.filed()
    story.world.hears(hall)
    assert hall.inbox == []


def test_a_procuration_of_another_commune_is_not_shown(story: Story, world):
    elsewhere = town_hall(world, "lifou", place="98814")
    story.established()
    world.hears(elsewhere)
    assert elsewhere.inbox == []


def test_the_decision_of_the_town_hall_counts_and_the_mandant_is_written_to(story: Story, hall):
    rid = story.established()
    story.world.hears(hall)
    taken = TakenIn(by=TakenBy.TOWN_HALL_OR_REGISTER, act_hash=act_hash(rid), account=None)
    hall.records(taken, rid=bytes.fromhex(rid))
    before = Notice.objects.filter(rid=rid).count()
    decides(hall, rid)
    story.world.hears(hall)
    assert Procuration.objects.get(rid=rid).status == Status.VALIDEE
    assert Notice.objects.filter(rid=rid).count() == before + 1


def test_a_refusal_keeps_its_code(story: Story, hall):
    rid = story.established()
    decides(hall, rid, accepted=False, code=RefusalCode.MANDANT_NON_INSCRIT)
    story.world.hears(hall)
    row = Procuration.objects.get(rid=rid)
    assert (row.status, row.code) == (Status.INVALIDEE, "MANDANT_NON_INSCRIT")


@pytest.mark.parametrize(
    "said",
    [
        lambda hash_: Decision(
            act_hash=hash_, origin=DecisionOrigin.TOWN_HALL, accepted=True, code=None, account=None
        ),
        lambda hash_: TakenIn(by=TakenBy.TOWN_HALL_OR_REGISTER, act_hash=hash_, account=None),
        lambda _: Fact(code=FactCode.MANDANT_DEAD, day=builders.NOW.date(), account=None),
        lambda hash_: MandataireAnswer(act_hash=hash_, code=None, account=None),
    ],
)
def test_what_a_town_hall_says_of_another_commune_is_set_aside(story: Story, world, said):
    elsewhere = town_hall(world, "lifou", place="98814")
    rid = story.established()
    before = Procuration.objects.get(rid=rid).status
    elsewhere.records(said(act_hash(rid)), rid=bytes.fromhex(rid))
    world.hears(elsewhere)
    row = Procuration.objects.get(rid=rid)
    assert row.status == before
    assert [code for code, _ in row.aside] == ["AUTRE_COMMUNE"]
    assert list(SetAside.objects.values_list("code", flat=True)) == ["AUTRE_COMMUNE"]


def test_a_code_alone_does_not_make_the_commune(story: Story, world):
    other_type = town_hall(world, "arrondissement", place="98818", place_type=builders.PlaceType(2))
    rid = story.established()
    decides(other_type, rid)
    world.hears(other_type)
    assert [code for code, _ in Procuration.objects.get(rid=rid).aside] == ["AUTRE_COMMUNE"]


def test_a_town_hall_decides_nothing_where_the_register_does(story: Story, world):
    laon = town_hall(world, "laon", place="02408")
    rid = story.established(
        vote_place=LAON, mandataire=replace(builders.JEAN_CLAUDE, enrolment=LAON), **of_metropole()
    )
    world.hears(laon)
    assert len(files(laon)) == 1, "for its register (R-56)"
    decides(laon, rid)
    world.hears(laon)
    assert [code for code, _ in Procuration.objects.get(rid=rid).aside] == ["REGIME_REU"]


def of_metropole():
    from procuration.domain.validity import OneScrutin, Rounds

    return {"validity": OneScrutin(scrutin_id="2027-04-presidentielle/metropole", rounds=Rounds.BOTH)}


def test_a_town_hall_does_not_speak_for_the_register(story: Story, hall):
    rid = story.established()
    decides(hall, rid, origin=DecisionOrigin.REGISTER)
    story.world.hears(hall)
    assert [code for code, _ in Procuration.objects.get(rid=rid).aside] == ["ROLE_INTERDIT"]


def test_what_the_law_deleted_is_told_once(story: Story, hall):
    rid = story.established()
    story.world.hears(hall)
    Procuration.objects.filter(rid=rid).update(status=Status.PURGEE, place_code="", established_at=None)
    story.world.hears(hall)
    story.world.hears(hall)
    assert hall.inbox.count(State(bytes.fromhex(rid), Status.PURGEE, None)) == 1
