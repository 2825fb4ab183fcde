"""What a revocation does to events already made and to those still to come: nothing is lost, nothing counts
that was made after it, and a person decides what nobody can prove (SECURITY-DESIGN 4)."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from procuration.domain.events import ClockStep, Enrolled, SyncEvidence, SyncPoint
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.event import open_body, parse_event
from procuration.record.inbox import EpochKey, Lease, OfficerRevoked, Request, State
from procuration.record.sealed import Purpose, open_seal, seal
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.revoking import apply_revocations
from server.dossiers.services import take_in_established
from server.ledger.enrol import accept_enrolment
from server.ledger.enums import Aside
from server.ledger.models import Event, InboxEntry, SetAside
from server.notices.enums import MessageKind, NoticeState
from server.notices.models import Notice
from tests import builders
from tests.builders import NOW
from tests.server.centre import Tablet, World

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def rebuilt(world: World):
    """Whatever happened, the ledger alone says the same."""
    yield
    assert rebuild_all(world.centre, lambda _: None).differed == 0


def publishes(world: World, *revoked: tuple[str, object, object]) -> None:
    """A directory with these tablets or people revoked: name, role, instant."""
    listed = builders.directory()
    names = {builders.key(name).kid for name, *_ in revoked}
    others = tuple(entry for entry in listed.entries if entry.kid not in names)
    entries = tuple(
        replace(builders.entry(name, role, builders.log_id(name)), revoked_at=at)
        for name, role, at in revoked
    )
    world.set_directory(replace(listed, entries=(*others, *entries)))


def revokes_tablet(world: World, tablet: Tablet, at) -> None:
    publishes(world, (tablet.name, tablet.role, at))


def revokes_supervisor(world: World, at) -> None:
    publishes(world, ("supervisor", Role.SUPERVISOR, at))


def end_of(brigade: Tablet, officer, at, supervisor="supervisor") -> bytes:
    """The officer's enrolment again, ending at `at`, sealed to the centre."""
    content = Tablet(brigade.name, role=brigade.role).enrols(officer, not_after=at, supervisor=supervisor)
    enrolled = open_body(parse_event(content.sign1)[1], content.body)
    assert isinstance(enrolled, Enrolled)
    return seal(
        enrolled.signed_enrolment, builders.sealing_key("server").public, Purpose.ENROL, brigade.realm
    )


def revokes_officer(world: World, brigade: Tablet, officer, at, **changes) -> None:
    accept_enrolment(world.centre, end_of(brigade, officer, at, **changes), world.centre.clock.now())


def syncs(tablet: Tablet, at) -> None:
    tablet.records(SyncPoint(), sync=SyncEvidence(tree_size=0, root=bytes(32), offset_ms=0), wall=at)


def status(number: int = 1) -> Status:
    return Status(Procuration.objects.get(rid=builders.rid(number).hex()).status)


def asides() -> list[str]:
    return sorted(SetAside.objects.values_list("code", flat=True))


def kinds(number: int = 1) -> list[MessageKind]:
    found = Notice.objects.filter(rid=builders.rid(number).hex()).exclude(state=NoticeState.DROPPED)
    return [MessageKind(kind) for kind in found.order_by("id").values_list("kind", flat=True)]


# a retired tablet


def test_what_a_retired_tablet_had_not_yet_sent_is_stored_and_receipted(world, kiosk):
    kiosk.files(1), kiosk.files(2)
    world.clock.at = NOW + 2 * HOUR
    revokes_tablet(world, kiosk, NOW + HOUR)
    world.hears(kiosk)
    assert kiosk.receipts[-1].seq == 1
    assert Event.objects.count() == 2


def test_the_same_holds_for_one_whose_term_ended(world, kiosk):
    kiosk.files()
    world.clock.at = NOW + timedelta(days=366)
    world.hears(kiosk)
    assert kiosk.receipts[-1].seq == 0


def test_a_retired_tablet_is_given_no_request_no_key_and_no_reference(world, kiosk, brigade):
    kiosk.files()
    world.hears(kiosk)
    world.clock.at = NOW + 2 * HOUR
    publishes(world, *((one.name, one.role, NOW + HOUR) for one in (kiosk, brigade)))
    InboxEntry.objects.all().delete()
    kiosk.inbox.clear()
    kiosk.files(2)
    brigade.looks_up("ABCDEF", builders.people(1)["mandant"].birth_date, builders.key("officer"))
    for tablet in (kiosk, brigade):
        world.hears(tablet)
        assert not [one for one in tablet.inbox if isinstance(one, Lease | EpochKey | Request)]
    assert not InboxEntry.objects.filter(number__isnull=False).exists()


REVOKED_AT = NOW + 5 * HOUR


def drawn_up(brigade: Tablet, request, officer, number=1, at=NOW + 4 * HOUR, floor=NOW - 9 * HOUR) -> None:
    """An act that claims a time before the revocation; what the tablet was proved is its floor."""
    brigade.wall, brigade.floor = at, floor
    brigade.acts(request, officer, number)


def hears(world: World, tablet: Tablet, at) -> None:
    world.clock.at = at
    world.hears(tablet)


@pytest.mark.parametrize(
    ("why", "floor", "sent_at", "expected", "code"),
    [
        ("the centre had it before", -9, -0.5, Status.TRANSMISE, []),
        ("it knew a time after", 5, 1, Status.DEMANDE, [Aside.REVOKED]),
        ("nobody can say", -9, 1, Status.EN_ATTENTE_HUMAINE, [Aside.REVOCATION]),
    ],
)
@pytest.mark.parametrize("published_first", [True, False])
def test_an_act_of_a_retired_tablet_is_judged_by_its_place_whenever_the_revocation_is_published(
    world, kiosk, brigade, officer, why, floor, sent_at, expected, code, published_first
):
    request = kiosk.files()
    world.hears(kiosk)
    drawn_up(brigade, request, officer, floor=NOW + floor * HOUR)
    if published_first:
        revokes_tablet(world, brigade, REVOKED_AT)
    hears(world, brigade, REVOKED_AT + sent_at * HOUR)
    world.clock.at = REVOKED_AT + 2 * HOUR
    revokes_tablet(world, brigade, REVOKED_AT)
    apply_revocations(world.centre)
    assert (status(), asides()) == (expected, code), why


def test_a_request_filed_before_its_kiosk_was_retired_is_acted_upon_afterwards(
    world, kiosk, brigade, officer
):
    request = kiosk.files()
    world.hears(kiosk)
    revokes_tablet(world, kiosk, NOW + HOUR)
    drawn_up(brigade, request, officer)
    hears(world, brigade, REVOKED_AT)
    assert (status(), asides()) == (Status.TRANSMISE, [])


def test_an_act_on_a_request_that_may_come_from_a_stolen_kiosk_waits_for_a_person(
    world, kiosk, brigade, officer
):
    request = kiosk.files()
    revokes_tablet(world, kiosk, NOW + HOUR)
    drawn_up(brigade, request, officer)
    hears(world, brigade, REVOKED_AT)
    assert (status(), asides()) == (Status.EN_ATTENTE_HUMAINE, [Aside.REVOCATION])


# an officer


def test_an_habilitation_ended_by_its_supervisor_travels_to_the_tablet(world, brigade, officer):
    world.hears(brigade)
    revokes_officer(world, brigade, officer, NOW - HOUR)
    world.hears(brigade)
    assert OfficerRevoked(officer.kid, NOW - HOUR) in brigade.inbox


def test_an_end_that_comes_before_the_habilitation_travels_with_its_receipt(world, brigade, officer):
    revokes_officer(world, brigade, officer, NOW - HOUR)
    world.hears(brigade)
    assert OfficerRevoked(officer.kid, NOW - HOUR) in brigade.inbox


def test_the_end_travels_once_however_often_it_is_brought(world, brigade, officer):
    world.hears(brigade)
    for _ in range(3):
        revokes_officer(world, brigade, officer, NOW - HOUR)
    world.hears(brigade)
    assert [one for one in brigade.inbox if isinstance(one, OfficerRevoked)] == [
        OfficerRevoked(officer.kid, NOW - HOUR)
    ]


def test_the_enrolment_itself_brought_to_the_centre_ends_nothing(world, kiosk, brigade, officer):
    world.hears(brigade)
    revokes_officer(world, brigade, officer, NOW + timedelta(days=89))
    brigade.acts(kiosk.files(), officer)
    world.hears(brigade)
    assert status() is Status.TRANSMISE
    assert not [one for one in brigade.inbox if isinstance(one, OfficerRevoked)]


def test_nobody_but_a_supervisor_ends_an_habilitation(world, brigade, officer):
    with pytest.raises(RecordRejected, match=Aside.SUPERVISOR):
        revokes_officer(world, brigade, officer, NOW, supervisor="impostor")


def test_a_supervisor_whose_key_was_stolen_ends_no_habilitation(world, brigade, officer):
    revokes_supervisor(world, NOW - HOUR)
    with pytest.raises(RecordRejected, match=Aside.SUPERVISOR):
        revokes_officer(world, brigade, officer, NOW)


@pytest.mark.parametrize(
    ("why", "floor", "point_at", "expected", "code"),
    [
        ("it knew a time after", 5, None, Status.DEMANDE, [Aside.HABILITATION_RETIREE]),
        ("a sync point of before stands behind it", -9, 4.5, Status.TRANSMISE, []),
        ("a sync point of after proves nothing", -9, 6, Status.EN_ATTENTE_HUMAINE, [Aside.REVOCATION]),
        ("nothing proves anything", -9, None, Status.EN_ATTENTE_HUMAINE, [Aside.REVOCATION]),
    ],
)
@pytest.mark.parametrize("ended_first", [True, False])
def test_an_act_of_an_officer_is_judged_by_its_place_and_not_by_the_time_it_claims(
    world, kiosk, brigade, officer, why, floor, point_at, expected, code, ended_first
):
    request = kiosk.files()
    world.hears(kiosk)
    drawn_up(brigade, request, officer, at=NOW + 4 * HOUR, floor=NOW + floor * HOUR)
    if point_at is not None:
        syncs(brigade, NOW + point_at * HOUR)
    world.clock.at = REVOKED_AT + 2 * HOUR
    if ended_first:
        revokes_officer(world, brigade, officer, REVOKED_AT)
    world.hears(brigade)
    revokes_officer(world, brigade, officer, REVOKED_AT)
    assert (status(), asides()) == (expected, code), why


def test_a_sync_point_that_arrives_later_settles_what_nobody_could_prove(world, kiosk, brigade, officer):
    request = kiosk.files()
    world.hears(kiosk)
    drawn_up(brigade, request, officer)
    syncs(brigade, NOW + 4.5 * HOUR)
    world.clock.at = REVOKED_AT + HOUR
    revokes_officer(world, brigade, officer, REVOKED_AT)
    world.hears(brigade, last=len(brigade.pairs) - 1)
    assert status() is Status.EN_ATTENTE_HUMAINE
    world.hears(brigade)
    take_in_established(world.centre)  # the job that runs twice a minute
    assert status() is Status.TRANSMISE


@pytest.mark.parametrize(
    ("why", "story", "expected"),
    [
        ("the sync point behind it is of before", ("act", "step", 4.5), Status.TRANSMISE),
        ("the sync point before it is of after", (5.5, "step", "act"), Status.DEMANDE),
    ],
)
def test_a_clock_step_between_hides_no_sync_point(world, kiosk, brigade, officer, why, story, expected):
    request = kiosk.files()
    world.hears(kiosk)
    for word in story:
        if word == "act":
            drawn_up(brigade, request, officer)
        elif word == "step":
            brigade.records(ClockStep(step_ms=9000))
        else:
            syncs(brigade, NOW + word * HOUR)
    revokes_officer(world, brigade, officer, REVOKED_AT)
    hears(world, brigade, REVOKED_AT + HOUR)
    assert status() is expected, why


def test_the_enrolment_itself_brought_before_its_log_ends_nothing(world, brigade, officer):
    revokes_officer(world, brigade, officer, NOW + timedelta(days=89))
    world.hears(brigade)
    assert not [one for one in brigade.inbox if isinstance(one, OfficerRevoked)]


# a supervisor


@pytest.mark.parametrize(
    ("why", "enrolled_at", "floor", "expected", "code"),
    [
        ("the centre had the enrolment before", -1, -9, Status.TRANSMISE, []),
        ("the enrolment stands behind a time after", 2, 5, Status.DEMANDE, [Aside.SUPERVISOR]),
        ("nobody can say", 2, -9, Status.EN_ATTENTE_HUMAINE, [Aside.REVOCATION]),
    ],
)
@pytest.mark.parametrize("published_first", [True, False])
def test_an_habilitation_signed_by_a_revoked_supervisor_is_judged_by_its_place(
    world, kiosk, officer, why, enrolled_at, floor, expected, code, published_first
):
    request = kiosk.files()
    world.hears(kiosk)
    brigade = world.brigade()
    brigade.floor, brigade.wall = NOW + floor * HOUR, NOW + 4 * HOUR
    brigade.enrols(officer)
    if published_first:
        revokes_supervisor(world, REVOKED_AT)
    hears(world, brigade, REVOKED_AT + enrolled_at * HOUR)
    drawn_up(brigade, request, officer, at=REVOKED_AT + HOUR, floor=NOW + floor * HOUR)
    hears(world, brigade, REVOKED_AT + 3 * HOUR)
    revokes_supervisor(world, REVOKED_AT)
    apply_revocations(world.centre)
    assert (status(), asides()) == (expected, code), why


# who is told


def set_aside_afterwards(world, kiosk, brigade, officer, **filed) -> None:
    """An act counted, then a revocation published today that lies before it."""
    request = kiosk.files(1, **filed)
    world.hears(kiosk)
    drawn_up(brigade, request, officer, at=NOW + 6 * HOUR, floor=NOW + 6 * HOUR)
    hears(world, brigade, NOW + 7 * HOUR)
    assert status() is Status.TRANSMISE
    revokes_officer(world, brigade, officer, REVOKED_AT)
    assert status() is Status.DEMANDE


def test_r_14_the_elector_is_told_that_the_act_does_not_count(world, kiosk, brigade, officer):
    set_aside_afterwards(world, kiosk, brigade, officer, email="mandant@exemple.fr")
    assert kinds() == [MessageKind.M1, MessageKind.M2, MessageKind.SET_ASIDE]


def test_r_14_the_unit_is_told_with_a_code(world, kiosk, brigade, officer):
    set_aside_afterwards(world, kiosk, brigade, officer)
    world.hears(brigade)
    told = [one for one in brigade.inbox if isinstance(one, State)]
    assert told[-1] == State(builders.rid(1), Status.DEMANDE, RefusalCode.HABILITATION_INVALIDE)


def test_r_14_an_elector_without_an_address_is_told_by_the_town_hall_that_had_it(
    world, kiosk, brigade, officer
):
    set_aside_afterwards(world, kiosk, brigade, officer, email=None)
    owed = Notice.objects.get(kind=MessageKind.SET_ASIDE)
    assert owed.state == NoticeState.TO_TELL


def test_the_same_revocation_is_told_once(world, kiosk, brigade, officer):
    set_aside_afterwards(world, kiosk, brigade, officer, email="mandant@exemple.fr")
    revokes_officer(world, brigade, officer, REVOKED_AT - HOUR)
    revokes_tablet(world, brigade, REVOKED_AT - HOUR)
    apply_revocations(world.centre)
    assert kinds().count(MessageKind.SET_ASIDE) == 1


def test_an_act_that_arrives_after_the_revocation_is_told_too(world, kiosk, brigade, officer):
    request = kiosk.files(email="mandant@exemple.fr")
    revokes_officer(world, brigade, officer, REVOKED_AT)
    drawn_up(brigade, request, officer, at=NOW + 6 * HOUR, floor=NOW + 6 * HOUR)
    hears(world, brigade, NOW + 7 * HOUR)
    assert kinds() == [MessageKind.M1, MessageKind.SET_ASIDE]
    world.hears(brigade)
    assert State(builders.rid(1), Status.DEMANDE, RefusalCode.HABILITATION_INVALIDE) in brigade.inbox


def test_another_officer_may_act_on_the_request_whose_act_was_set_aside(world, kiosk, brigade, officer):
    request = kiosk.files(email="mandant@exemple.fr")
    world.hears(kiosk)
    drawn_up(brigade, request, officer, at=NOW + 6 * HOUR, floor=NOW + 6 * HOUR)
    hears(world, brigade, NOW + 7 * HOUR)
    revokes_officer(world, brigade, officer, REVOKED_AT)
    other = builders.key("other officer")
    brigade.enrols(other)
    drawn_up(brigade, request, other, at=NOW + 8 * HOUR, floor=NOW + 7 * HOUR)
    hears(world, brigade, NOW + 9 * HOUR)
    assert status() is Status.TRANSMISE
    assert asides() == [Aside.HABILITATION_RETIREE]
    assert MessageKind.M2 in kinds()[2:]


# the hook


def test_a_revocation_is_applied_once(world, kiosk):
    revokes_tablet(world, kiosk, NOW)
    assert apply_revocations(world.centre) == 1
    assert apply_revocations(world.centre) == 0


def test_a_revocation_taken_back_lets_the_acts_count_again(world, kiosk, brigade, officer):
    request = kiosk.files()
    world.hears(kiosk)
    drawn_up(brigade, request, officer, at=NOW + 6 * HOUR, floor=NOW + 6 * HOUR)
    hears(world, brigade, NOW + 7 * HOUR)
    revokes_tablet(world, brigade, REVOKED_AT)
    apply_revocations(world.centre)
    assert status() is Status.DEMANDE
    world.set_directory(builders.directory())
    assert apply_revocations(world.centre) == 1
    assert status() is Status.TRANSMISE


# by hand


def test_the_end_of_a_habilitation_is_taken_in_from_a_file(world, brigade, officer, tmp_path):
    world.hears(brigade)
    opened = open_seal(
        end_of(brigade, officer, NOW - HOUR),
        {key.kid: key for key in (builders.sealing_key("server"),)},
        Purpose.ENROL,
        brigade.realm,
        max_bytes=8192,
    )
    (tmp_path / "fin.cbor").write_bytes(opened)
    call_command("enrol", str(tmp_path / "fin.cbor"), stdout=StringIO())
    world.hears(brigade)
    assert OfficerRevoked(officer.kid, NOW - HOUR) in brigade.inbox
