"""What counts no longer, or never did, is the same at once and in a fold of everything (I-2): the place of a
log that has two histories, a résiliation that is set aside."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.acts import ActDecision
from procuration.domain.events import SyncEvidence, SyncPoint
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record.act import sign_act
from procuration.record.directory import Role
from procuration.record.event import EventPair
from procuration.record.inbox import LogStopped, StopReason
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.rebuilding import rebuild_all
from server.ledger.enums import Aside
from server.ledger.models import ForkEvidence, SetAside, StrandedEvent
from tests import builders
from tests.builders import JEAN_CLAUDE, NOUMEA, rid
from tests.server.centre import Tablet


def status(number: int) -> Status:
    return Status(Procuration.objects.get(rid=rid(number).hex()).status)


def live() -> tuple[list, set, set]:
    rows = list(Procuration.objects.order_by("rid").values())
    asides = set(SetAside.objects.values_list("device_id", "seq", "rid", "code"))
    return rows, asides, set(Withdrawal.objects.values_list("hash", flat=True))


def hears_another_history(world, tablet: Tablet, seq: int) -> None:
    """A copy of the tablet, with the same keys and another past, tells what it has at that place."""
    copy = Tablet(tablet.name, role=tablet.role)
    for number in range(seq + 1):
        if tablet.role is Role.KIOSK:
            copy.files(90 + number)
        else:
            copy.enrols(builders.key(f"somebody {number}"))
    sealed = copy.sealed(seq, seq + 1)
    copy.reads(sealed, world.takes(sealed))
    assert copy.stopped == LogStopped(StopReason.FORKED, seq)
    assert ForkEvidence.objects.filter(seq=seq).exists()


def revokes_the_first(brigade, officer, by_rid: bool, **changes) -> None:
    about = rid(1) if by_rid else None
    drawn_up = builders.act(
        brigade, EventPair(b"", None), rid=Rid(about or b""), decision=ActDecision.REVOKED, **changes
    )
    signed = sign_act(replace(drawn_up, filed_hash=EventHash(b"")), officer, brigade.realm)
    mandant = builders.people(1)["mandant"]
    subject = RevocationSubject(rid=about, mandant=mandant, vote_place=NOUMEA, validity=None)
    brigade.records(Revocation(signed_act=signed, subject=subject), rid=about, wall=drawn_up.wall)


@pytest.fixture
def two_for_one(world, kiosk, brigade, officer):
    """Two mandants, one mandataire: the second is over the ceiling."""
    for number in (1, 2):
        people = builders.people(number) | {"mandataire": JEAN_CLAUDE}
        brigade.acts(kiosk.files(number, **people), officer, number)
    world.hears(brigade)
    world.hears(kiosk)
    assert [status(number) for number in (1, 2)] == [Status.TRANSMISE, Status.NULLE_L73]
    return world


@pytest.mark.parametrize(
    ("seq", "expected"),
    [
        (1, [Status.EN_ATTENTE_HUMAINE, Status.EN_ATTENTE_HUMAINE]),
        (2, [Status.TRANSMISE, Status.EN_ATTENTE_HUMAINE]),
    ],
)
def test_i_5_acts_at_and_beyond_a_forked_place_wait_for_a_person_and_those_before_it_count(
    two_for_one, brigade, seq, expected
):
    hears_another_history(two_for_one, brigade, seq)
    assert [status(number) for number in (1, 2)] == expected
    before = live()
    assert rebuild_all(two_for_one.centre, lambda _: None).differed == 0
    assert live() == before


def test_i_2_a_request_at_a_forked_place_takes_the_act_that_carried_it_along(two_for_one, kiosk):
    hears_another_history(two_for_one, kiosk, 0)
    before = live()
    assert status(2) is Status.TRANSMISE
    assert rebuild_all(two_for_one.centre, lambda _: None).differed == 0
    assert live() == before


def test_i_2_a_carried_request_that_its_own_log_does_not_have_is_a_fork_for_the_rivals_too(
    two_for_one, kiosk
):
    copy = Tablet("kiosk", role=kiosk.role)
    copy.files(90)
    with suppress(RecordRejected):
        two_for_one.hears(copy)
    assert ForkEvidence.objects.get().seq == 0
    before = live()
    assert status(2) is Status.TRANSMISE
    assert rebuild_all(two_for_one.centre, lambda _: None).differed == 0
    assert live() == before


@pytest.mark.parametrize("honest_first", [True, False])
def test_i_2_an_act_beyond_a_fork_is_worth_the_same_whichever_history_came_first(
    world, kiosk, brigade, officer, honest_first
):
    request = kiosk.files(1)
    world.hears(kiosk)
    world.hears(brigade, 0, 1)
    brigade.records(SyncPoint(), sync=SyncEvidence(tree_size=1, root=bytes(32), offset_ms=0))
    brigade.acts(request, officer, 1)
    if honest_first:
        world.hears(brigade)
    clone = Tablet(brigade.name, role=brigade.role)
    clone.enrols(officer)
    clone.enrols(builders.key("somebody"))
    clone.pairs[0] = brigade.pairs[0]
    sealed = clone.sealed(1, 2)
    clone.reads(sealed, world.takes(sealed))
    if not honest_first:
        world.hears(brigade)
    told, other = (clone, brigade) if honest_first else (brigade, clone)
    assert (told.stopped, other.stopped) == (LogStopped(StopReason.FORKED, 1), None)
    assert status(1) is Status.EN_ATTENTE_HUMAINE
    assert Procuration.objects.get().code == Aside.FORK
    assert StrandedEvent.objects.count() == (1 if honest_first else 2)
    before = live()
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert live() == before


def test_a_request_beyond_a_fork_is_still_there_for_the_officer_who_meets_its_elector(world, kiosk):
    world.hears(kiosk)
    clone = Tablet(kiosk.name)
    clone.files(90)
    world.hears(clone)
    kiosk.starts_hiding_bodies()
    kiosk.files(1)
    kiosk.files(2)
    world.hears(kiosk, 0, 1)
    world.hears(kiosk, 2, 3)  # the last first: its body key stands in the bundle that comes after it
    assert not Procuration.objects.filter(rid=rid(2).hex()).exists() or status(2) is Status.DEMANDE
    world.hears(kiosk, 0, 3)
    assert [status(number) for number in (1, 2)] == [Status.DEMANDE, Status.DEMANDE]
    before = live()
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert live() == before


@pytest.mark.parametrize("by_rid", [True, False])
def test_i_2_a_resiliation_at_a_forked_place_ends_nothing(two_for_one, brigade, officer, by_rid):
    revokes_the_first(brigade, officer, by_rid)
    two_for_one.hears(brigade)
    assert status(1) is Status.RESILIEE
    hears_another_history(two_for_one, brigade, len(brigade.pairs) - 1)
    assert status(1) is not Status.RESILIEE
    assert SetAside.objects.filter(code=Aside.FORK).count() == 1
    before = live()
    assert rebuild_all(two_for_one.centre, lambda _: None).differed == 0
    assert live() == before


@pytest.mark.parametrize(
    ("by_rid", "expected"), [(True, Status.EN_ATTENTE_HUMAINE), (False, Status.TRANSMISE)]
)
def test_i_2_a_resiliation_that_a_clock_speaks_against_is_the_same_at_once_and_later(
    two_for_one, brigade, officer, by_rid, expected
):
    revokes_the_first(brigade, officer, by_rid, wall=builders.NOW + timedelta(days=30))
    two_for_one.hears(brigade)
    assert SetAside.objects.get().code == Aside.CLOCK
    assert status(1) is expected
    before = live()
    assert rebuild_all(two_for_one.centre, lambda _: None).differed == 0
    assert live() == before
