"""The centre compares procurations as bundles arrive, in any order, and says the same as a fold of
everything."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.acts import ActDecision
from procuration.domain.events import Kind, RecordedEvent, SyncEvidence, SyncPoint
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.domain.fold import fold
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.status import Doubt, Status
from procuration.record.act import sign_act
from procuration.record.event import EventPair
from procuration.record.inbox import State
from server.dossiers.judgement import judge, judge_withdrawal
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.refolding import judge_all
from server.ledger.known import Known
from server.ledger.models import Device, Event, SetAside
from server.ledger.opening import open_stored
from server.notices.models import Notice
from tests import builders
from tests.builders import JEAN_CLAUDE, NOUMEA, NOW, rid

HOUR = timedelta(hours=1)


def row(number: int) -> Procuration:
    return Procuration.objects.get(rid=rid(number).hex())


def statuses(*numbers: int) -> list[Status]:
    return [Status(row(number).status) for number in numbers]


def proves(tablet, at) -> None:
    """A sync point: the tablet's clock is right."""
    tablet.wall = at
    tablet.records(SyncPoint(), sync=SyncEvidence(tree_size=1, root=bytes(32), offset_ms=0))


def revokes(tablet, officer, number: int | None = None, **changes) -> EventPair:
    """The mandant of a request ends it before the officer of this tablet."""
    about = b"" if number is None else rid(number)
    drawn_up = builders.act(tablet, EventPair(b"", None), rid=Rid(about), decision=ActDecision.REVOKED)
    drawn_up = replace(drawn_up, filed_hash=EventHash(b""))
    people = builders.people(number or 1)
    subject = RevocationSubject(
        rid=None if number is None else rid(number),
        mandant=people["mandant"],
        vote_place=NOUMEA,
        validity=None,
    )
    content = Revocation(
        signed_act=sign_act(drawn_up, officer, tablet.realm), subject=replace(subject, **changes)
    )
    return tablet.records(content, rid=subject.rid, wall=drawn_up.wall)


def establishes(brigade, kiosk, officer, number: int, at, **changes) -> None:
    """A request for the mandataire whom everybody chooses, acted on at an hour."""
    brigade.wall = at
    brigade.acts(kiosk.files(number, mandataire=JEAN_CLAUDE, **changes), officer, number, wall=at)


@pytest.fixture
def two(world, officer):
    """Two brigades with one officer key each, enrolled."""
    brigades = [world.brigade(f"brigade {letter}") for letter in "AB"]
    for brigade in brigades:
        brigade.enrols(officer)
    return brigades


def test_r_43_overlapping_clocks_wait_for_a_person_until_a_sync_point_proves_them(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 5 * HOUR
    establishes(first, kiosk, officer, 1, NOW + HOUR)
    establishes(second, kiosk, officer, 2, NOW + 2 * HOUR)
    for brigade in two:
        world.hears(brigade)
    assert [(row(number).status, row(number).code) for number in (1, 2)] == [
        (Status.EN_ATTENTE_HUMAINE, Doubt.ORDRE_INCERTAIN)
    ] * 2
    assert row(1).effects[0]["because"] == [rid(2).hex()]


def test_r_39_the_order_of_establishment_decides_whatever_arrives_first(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 5 * HOUR
    for brigade, number, hours in ((first, 1, 1), (second, 2, 2)):
        proves(brigade, NOW)
        establishes(brigade, kiosk, officer, number, NOW + hours * HOUR)
        proves(brigade, NOW + 4 * HOUR)
    world.hears(second)
    assert statuses(2) == [Status.TRANSMISE]
    world.hears(first)
    assert statuses(1, 2) == [Status.TRANSMISE, Status.NULLE_L73]
    assert (row(2).code, row(2).rule, row(2).effects[0]["because"]) == (
        "PLAFOND_DEPASSE",
        "R-39",
        [rid(1).hex()],
    )
    world.hears(second)
    told = [entry.status for entry in second.inbox if isinstance(entry, State) and entry.rid == rid(2)]
    assert told[-1] is Status.NULLE_L73
    assert rebuild_all(world.centre, lambda _: None).differed == 0


def test_r_43_a_sync_point_that_arrives_later_tells_the_order(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 5 * HOUR
    for brigade, number, hours in ((first, 1, 1), (second, 2, 2)):
        proves(brigade, NOW)
        establishes(brigade, kiosk, officer, number, NOW + hours * HOUR)
        world.hears(brigade)
    assert statuses(1, 2) == [Status.EN_ATTENTE_HUMAINE] * 2
    for brigade in two:
        proves(brigade, NOW + 4 * HOUR)
        world.hears(brigade)
    assert statuses(1, 2) == [Status.TRANSMISE, Status.NULLE_L73]
    assert rebuild_all(world.centre, lambda _: None).differed == 0


def test_r_46_a_resiliation_ends_the_procuration_and_frees_its_place(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 9 * HOUR
    for brigade in two:
        proves(brigade, NOW)
    establishes(first, kiosk, officer, 1, NOW + HOUR)
    first.wall = NOW + 2 * HOUR
    revokes(first, officer, 1)
    establishes(second, kiosk, officer, 2, NOW + 3 * HOUR)
    for brigade in two:
        proves(brigade, NOW + 4 * HOUR)
        world.hears(brigade)
    assert statuses(1, 2) == [Status.RESILIEE, Status.TRANSMISE]
    assert Withdrawal.objects.count() == 1
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert Withdrawal.objects.count() == 1


def test_r_46_a_resiliation_that_arrives_first_waits_for_its_procuration(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 9 * HOUR
    for brigade in two:
        proves(brigade, NOW)
    establishes(first, kiosk, officer, 1, NOW + HOUR)
    second.wall = NOW + 2 * HOUR
    revokes(second, officer)
    for brigade in two:
        proves(brigade, NOW + 4 * HOUR)
    world.hears(second)
    assert Procuration.objects.count() == 0
    world.hears(first)
    assert statuses(1) == [Status.RESILIEE]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"rid": rid(9)}, "ACTE_HORS_PLACE"), ({}, None)],
)
def test_a_resiliation_about_another_request_than_its_event_has_no_effect(
    world, kiosk, brigade, officer, changes, code
):
    brigade.acts(kiosk.files(), officer)
    brigade.wall = NOW + HOUR
    world.clock.at = NOW + 2 * HOUR
    revokes(brigade, officer, 1, **changes)
    world.hears(brigade)
    assert [one.code for one in SetAside.objects.all()] == ([] if code is None else [code])
    assert statuses(1) == [Status.RESILIEE if code is None else Status.TRANSMISE]


def test_r_49_two_procurations_of_one_mandant_wait_for_a_person(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 5 * HOUR
    for brigade, number, hours in ((first, 1, 1), (second, 2, 2)):
        proves(brigade, NOW)
        brigade.wall = NOW + hours * HOUR
        people = {**builders.people(number), "mandant": builders.ANGELA}
        brigade.acts(kiosk.files(number, **people), officer, number)
        proves(brigade, NOW + 4 * HOUR)
        world.hears(brigade)
    assert [(row(number).status, row(number).code) for number in (1, 2)] == [
        (Status.EN_ATTENTE_HUMAINE, Doubt.DEUX_PROCURATIONS)
    ] * 2


def test_r_49_a_second_one_given_when_the_first_was_known_falls(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 2 * HOUR
    proves(first, NOW)
    establishes(first, kiosk, officer, 1, NOW + HOUR)
    proves(first, NOW + 2 * HOUR)
    world.hears(first)
    proves(second, NOW)
    second.wall = NOW + 3 * HOUR
    second.acts(
        kiosk.files(2, mandataire=builders.people(2)["mandataire"], mandant=builders.ANGELA), officer, 2
    )
    proves(second, NOW + 4 * HOUR)
    world.clock.at = NOW + 5 * HOUR
    world.hears(second)
    assert statuses(1, 2) == [Status.TRANSMISE, Status.INVALIDEE]
    assert row(2).code == "PROCURATION_DEJA_EXISTANTE"


def whole_fold(centre) -> dict[str, tuple[int, str, str]]:
    """Every event of the ledger, judged one by one and folded at once: what a tablet or an auditor would
    say."""
    known, found = Known(centre), []
    known.load_devices(Device.objects.values_list("pk", flat=True))
    every = [
        open_stored(
            known.device_by_id(event.device_id),
            bytes(event.sign1),
            bytes(event.hash),
            bytes(event.body),
            event.received_at,
        )
        for event in Event.objects.all()
    ]
    judge_all({"": [one for one in every if one.rid is not None]}, known)
    for one in every:
        if one.envelope.kind is Kind.REVOCATION:
            found.append(judge_withdrawal(one, known))
        elif one.rid is not None:
            found += judge(one, known).events
        else:
            found.append(RecordedEvent(hash=one.hash, envelope=one.envelope, content=one.content))
    settled = fold(found, centre.tables.law, centre.tables.calendar).settled
    return {rid.hex(): (one.status, one.doubt or one.code or "", one.rule) for rid, one in settled.items()}


@pytest.mark.parametrize("seed", range(6))
def test_i_2_any_order_of_arrival_leaves_the_rows_that_a_rebuild_writes(world, kiosk, officer, seed):
    """Several brigades with good and bad clocks, few mandants and mandataires; bundles cut and shuffled."""
    draw = random.Random(seed)
    brigades = [world.brigade(f"brigade {number}") for number in range(4)]
    world.clock.at = NOW + 30 * HOUR
    for brigade in brigades:
        brigade.enrols(officer)
        if draw.random() < 0.7:
            proves(brigade, NOW)
    for number in range(1, 15):
        brigade = draw.choice(brigades)
        people = {
            "mandant": builders.people(draw.randint(1, 8))["mandant"],
            "mandataire": builders.people(draw.randint(1, 3))["mandataire"],
        }
        brigade.wall = NOW + timedelta(minutes=draw.randint(1, 900))
        brigade.acts(kiosk.files(number, reference=None, **people), officer, number)
        if draw.random() < 0.2:
            brigade.wall += timedelta(minutes=draw.randint(0, 60))
            revokes(brigade, officer, number, mandant=people["mandant"])
    for brigade in brigades:
        if draw.random() < 0.7:
            proves(brigade, NOW + 20 * HOUR)
    parts = [(brigade, cut) for brigade in brigades for cut in range(0, len(brigade.pairs), 3)]
    draw.shuffle(parts)
    for brigade, cut in parts:
        world.takes(brigade.sealed(cut, cut + 3))
    assert Procuration.objects.count() == 14
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert whole_fold(world.centre) == {
        one.rid: (one.status, one.code, one.rule) for one in Procuration.objects.all()
    }
    seen = {Status(one.status) for one in Procuration.objects.all()}
    assert seen & {Status.NULLE_L73, Status.EN_ATTENTE_HUMAINE}, "the story is worth telling"
    assert Notice.objects.values("kind", "cause").distinct().count() == Notice.objects.count()
