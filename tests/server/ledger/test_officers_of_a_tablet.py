"""Habilitations that two people made at a tablet, heard by the centre weeks later: judged by its own list of
supervisors and by their place in the log (R-14; SECURITY-DESIGN 4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.status import Status
from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.enrolment import read_enrolment, verify_enrolment
from procuration.record.event import open_body, parse_event
from procuration.record.signed import parse_signed
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.enums import Aside
from server.ledger.models import OfficerEnrolment, SetAside
from tests import builders
from tests.builders import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def rebuilt(world):
    """Whatever happened, the ledger alone says the same."""
    yield
    assert rebuild_all(world.centre, lambda _: None).differed == 0


def status(number=1):
    return Status(Procuration.objects.get(rid=builders.rid(number).hex()).status)


def asides():
    return sorted(SetAside.objects.values_list("code", flat=True))


def acts(brigade, request, officer, number=1, *, at):
    brigade.wall = at
    brigade.acts(request, officer, number)


def ends(brigade, officer, at):
    """Withdrawn at the tablet: the same enrolment, ending now."""
    brigade.wall = at
    brigade.enrols(officer, not_after=at)


def hears(world, *tablets, at):
    world.clock.at = at
    for tablet in tablets:
        world.hears(tablet)


def test_r_14_acts_before_the_withdrawal_at_the_tablet_count_and_those_behind_it_do_not(
    world, kiosk, brigade, officer
):
    first, second = kiosk.files(1), kiosk.files(2)
    acts(brigade, first, officer, at=NOW + HOUR)
    ends(brigade, officer, NOW + 2 * HOUR)
    acts(brigade, second, officer, 2, at=NOW + 3 * HOUR)
    hears(world, kiosk, brigade, at=NOW + 5 * HOUR)
    assert (status(1), status(2)) == (Status.TRANSMISE, Status.DEMANDE)
    assert asides() == [Aside.HABILITATION_RETIREE]


@pytest.mark.parametrize("bundles", ["one", "several"])
def test_r_14_an_act_behind_the_withdrawal_cannot_claim_an_earlier_time(
    world, kiosk, brigade, officer, bundles
):
    request = kiosk.files()
    hears(world, kiosk, at=NOW)
    ends(brigade, officer, NOW + 2 * HOUR)
    if bundles == "several":
        hears(world, brigade, at=NOW + 2 * HOUR)
    acts(brigade, request, officer, at=NOW + HOUR)
    hears(world, brigade, at=NOW + 5 * HOUR)
    assert (status(), asides()) == (Status.DEMANDE, [Aside.HABILITATION_RETIREE])


def test_a_shorter_renewal_is_no_withdrawal(world, kiosk, brigade, officer):
    request = kiosk.files()
    brigade.wall = NOW + HOUR
    brigade.enrols(officer, not_after=NOW + timedelta(days=3))
    acts(brigade, request, officer, at=NOW + 2 * HOUR)
    hears(world, kiosk, brigade, at=NOW + 5 * HOUR)
    assert (status(), asides()) == (Status.TRANSMISE, [])


def test_r_14_a_renewal_after_the_end_lets_the_officer_act_again(world, kiosk, brigade, officer):
    request = kiosk.files()
    other = builders.key("renewed")
    brigade.enrols(other, not_after=NOW + HOUR)
    brigade.wall = NOW + 2 * HOUR
    brigade.enrols(other, not_after=NOW + timedelta(days=30))
    acts(brigade, request, other, at=NOW + 3 * HOUR)
    hears(world, kiosk, brigade, at=NOW + 5 * HOUR)
    assert (status(), asides()) == (Status.TRANSMISE, [])


def directory(entry):
    listed = builders.directory()
    others = tuple(one for one in listed.entries if one.kid != builders.key("supervisor").kid)
    return replace(listed, entries=(*others, *([] if entry is None else [entry])))


def supervisor(**changes):
    return replace(builders.entry("supervisor", Role.SUPERVISOR), **changes)


@pytest.mark.parametrize(
    ("why", "entry"),
    [
        ("whom this centre does not know", None),
        ("whose term was over", supervisor(not_after=NOW - timedelta(days=2))),
        ("whose term had not begun", supervisor(not_before=NOW)),
        ("who is no supervisor", supervisor(role=Role.SERVER)),
        ("revoked before", supervisor(revoked_at=NOW - timedelta(days=2))),
    ],
)
def test_r_14_an_officer_of_a_supervisor_out_of_office_is_set_aside_with_a_code(
    world, kiosk, brigade, officer, why, entry
):
    request = kiosk.files()
    world.set_directory(directory(entry))
    acts(brigade, request, officer, at=NOW + HOUR)
    hears(world, kiosk, brigade, at=NOW + 5 * HOUR)
    assert asides() == sorted([Aside.SUPERVISOR, Aside.OFFICER_UNKNOWN]), why
    assert status() is Status.DEMANDE
    assert brigade.receipts[-1].seq == 1  # it stays in the ledger, receipted


def test_r_14_an_officer_enrolled_after_the_supervisor_was_revoked_does_not_act(
    world, kiosk, brigade, officer
):
    request = kiosk.files()
    other = builders.key("latecomer")
    brigade.floor, brigade.wall = NOW + 2 * HOUR, NOW + 3 * HOUR
    brigade.enrols(other)
    acts(brigade, request, other, at=NOW + 4 * HOUR)
    world.set_directory(directory(supervisor(revoked_at=NOW + HOUR)))
    hears(world, kiosk, brigade, at=NOW + 5 * HOUR)
    assert (status(), asides()) == (Status.DEMANDE, [Aside.SUPERVISOR])


def test_r_14_more_than_ninety_days_is_refused_here_too(world, kiosk, brigade):
    request = kiosk.files()
    other = builders.key("for too long")
    content = brigade.enrols(other, not_after=NOW + timedelta(days=90))  # it began the day before
    enrolled = open_body(parse_event(content.sign1)[1], content.body)
    acts(brigade, request, other, at=NOW + HOUR)
    hears(world, kiosk, brigade, at=NOW + 5 * HOUR)
    assert asides() == sorted([Aside.ENROLMENT, Aside.OFFICER_UNKNOWN])
    assert not OfficerEnrolment.objects.filter(kid=other.kid.hex()).exists()
    for read in (
        lambda: verify_enrolment(enrolled.signed_enrolment, builders.directory(), builders.REALM),
        lambda: read_enrolment(parse_signed(enrolled.signed_enrolment, max_bytes=8192).payload),
    ):
        with pytest.raises(RecordRejected, match="ENROLMENT_TERM"):
            read()
