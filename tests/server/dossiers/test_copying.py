"""Locked copies at the centre: made once for each undecided request, told to the brigades of its département,
withdrawn when nobody needs them (SECURITY-DESIGN 9)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from procuration.domain.people import PlaceType
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import Period
from procuration.record.directory import Role
from procuration.record.inbox import Lease, LockedCopy
from procuration.record.locked_copy import CopyKeys, derive, unlock
from server.dossiers import copying
from server.dossiers.copying import keep_copies
from server.dossiers.models import Procuration
from server.dossiers.purging import purge
from server.ledger import copies
from server.ledger.enrol import accept_enrolment
from server.ledger.models import CopiesTold, Device, InboxEntry, RequestCopy
from tests import builders
from tests.builders import NOW, REALM
from tests.server.centre import Tablet
from tests.server.dossiers.test_purge import at

BORN = builders.ANGELA.birth_date
TWO_MONTHS = datetime(2027, 6, 1, tzinfo=UTC)
SECOND_ROUND = datetime(2027, 4, 25, 7, tzinfo=UTC)
"""When the last polls of the ballot of these tests close, at the latest."""


@pytest.fixture
def derived(monkeypatch):
    """Each key that is made, at a thousandth of its cost."""
    made = []

    def cheap(reference, birth_date, realm):
        made.append(reference)
        return keys_of(reference, birth_date)

    monkeypatch.setattr(copying, "derive", cheap)
    return made


def keys_of(reference, birth_date=BORN):
    said = f"{reference}{birth_date}".encode()
    return CopyKeys(sha256(b"tag" + said).digest()[:16], sha256(b"key" + said).digest())


def reference(number):
    return Reference(f"GHJK{chr(65 + number // 8)}{number % 8 + 2}".replace("I", "M"))


def files(world, kiosk, *numbers, **changes):
    pairs = [kiosk.files(number, reference=reference(number), **changes) for number in numbers]
    world.hears(kiosk)
    return pairs


def enrolled(world, name, departement="988", role=Role.BRIGADE):
    tablet = Tablet(name, role=role)
    told = replace(tablet.enrolment.configuration, departement=departement)
    enrolment = replace(tablet.enrolment, configuration=told)
    accept_enrolment(world.centre, tablet.sealed_enrolment(enrolment=enrolment), world.clock.now())
    return tablet


def heard(world, tablet):
    """The copies that a tablet is told of, until nothing more comes."""
    before = len(tablet.inbox)
    for _ in range(30):
        applied = tablet.applied
        world.hears(tablet)
        if tablet.applied == applied:
            return [one for one in tablet.inbox[before:] if isinstance(one, LockedCopy)]
    raise AssertionError("it never ends")


def opened(copy, number):
    return unlock(copy.ciphertext, keys_of(reference(number)), REALM)


def test_the_brigade_of_the_departement_gets_a_copy_that_the_real_key_opens(world, kiosk, brigade):
    (pair,) = files(world, kiosk, 1)
    assert (keep_copies(world.centre).made, keep_copies(world.centre).made) == (1, 0)
    (copy,) = heard(world, brigade)
    keys = derive(reference(1), BORN, REALM)
    assert copy.tag == keys.tag
    assert unlock(copy.ciphertext, keys, REALM) == pair
    assert heard(world, brigade) == []


def test_a_body_that_the_kiosk_cannot_read_again_is_in_the_copy_in_the_clear(world, kiosk, brigade, derived):
    kiosk.starts_hiding_bodies()
    (pair,) = files(world, kiosk, 1)
    keep_copies(world.centre)
    assert opened(heard(world, brigade)[0], 1) == pair


def test_the_key_of_a_request_is_made_once_whatever_the_number_of_tablets(world, kiosk, brigade, derived):
    files(world, kiosk, 1, 2)
    keep_copies(world.centre)
    other = enrolled(world, "other brigade")
    assert [len(heard(world, tablet)) for tablet in (brigade, other)] == [2, 2]
    third = enrolled(world, "third brigade")
    assert len(heard(world, third)) == 2
    keep_copies(world.centre)
    assert sorted(derived) == sorted([reference(1), reference(2)])


def test_no_kiosk_and_no_other_departement_gets_a_copy(world, kiosk, brigade, derived):
    files(world, kiosk, 1)
    keep_copies(world.centre)
    assert heard(world, kiosk) == []
    assert heard(world, enrolled(world, "Laon", "02")) == []
    assert heard(world, enrolled(world, "none", "")) == []
    assert all(isinstance(one, Lease) for one in kiosk.inbox)


def test_a_brigade_that_moves_to_another_departement_gets_the_copies_of_that_one(world, kiosk, derived):
    files(world, kiosk, 1)
    laon = enrolled(world, "kiosk of Laon", "02", Role.KIOSK)
    files(world, laon, 2)
    keep_copies(world.centre)
    brigade = enrolled(world, "moving", "02")
    assert opened(heard(world, brigade)[0], 2)
    Device.objects.filter(log_id=brigade.log_id.hex()).update(departement="988")
    assert opened(heard(world, brigade)[0], 1)


def test_a_request_that_no_tablet_filed_goes_where_it_is_voted(world, kiosk, brigade, derived):
    files(world, kiosk, 1)
    Device.objects.filter(log_id=kiosk.log_id.hex()).update(role=Role.SERVER.value, departement="")
    assert keep_copies(world.centre).made == 1
    assert RequestCopy.objects.get().departement == "988"
    Procuration.objects.update(place_type=PlaceType.CIRCONSCRIPTION_CONSULAIRE.value)
    RequestCopy.objects.all().delete()
    assert keep_copies(world.centre).made == 0


def test_no_reference_no_copy(world, kiosk, brigade, derived):
    kiosk.files(1, reference=None)
    world.hears(kiosk)
    assert keep_copies(world.centre).made == 0
    assert derived == []


def test_a_reference_that_the_request_does_not_name_gives_none_and_is_looked_at_again(world, kiosk, derived):
    files(world, kiosk, 1, 2)
    Procuration.objects.filter(reference=reference(1)).update(reference="ZZZZZZ")
    assert keep_copies(world.centre).made == 1
    assert derived == [reference(2)]
    Procuration.objects.filter(reference="ZZZZZZ").update(reference=reference(1))
    assert keep_copies(world.centre).made == 0
    world.clock.at += timedelta(days=1)
    assert keep_copies(world.centre).made == 1


@pytest.mark.parametrize("decision", ["refused", "established"])
def test_what_an_officer_decided_is_withdrawn_where_it_was_told_and_nowhere_else(
    world, kiosk, brigade, officer, derived, decision
):
    (pair,) = files(world, kiosk, 1)
    keep_copies(world.centre)
    told = enrolled(world, "told")
    (copy,) = heard(world, told)
    if decision == "refused":
        brigade.refuses(pair, officer, RefusalCode.MANDANT_ABSENT)
    else:
        brigade.acts(pair, officer)
    world.hears(brigade)
    assert keep_copies(world.centre).withdrawn == 1
    assert heard(world, told) == [replace(copy, ciphertext=b"")]
    assert heard(world, enrolled(world, "late")) == []
    assert not RequestCopy.objects.exclude(ciphertext=b"").exists()
    kept = keep_copies(world.centre)
    assert (kept.made, kept.withdrawn) == (0, 0)


def test_a_request_that_waits_again_is_copied_again(world, kiosk, brigade, derived):
    files(world, kiosk, 1)
    keep_copies(world.centre)
    Procuration.objects.update(status=Status.REFUSEE.value)
    keep_copies(world.centre)
    Procuration.objects.update(status=Status.DEMANDE.value)
    assert keep_copies(world.centre).made == 1
    told = heard(world, brigade)
    assert opened(told[-1], 1)
    assert RequestCopy.objects.count() == 1


def test_r_64_a_copy_ends_with_its_ballot_or_two_months_after_filing(world, kiosk, derived):
    files(world, kiosk, 1)
    period = Period(first_day=NOW.date(), last_day=NOW.date() + timedelta(days=300))
    files(world, kiosk, 2, validity=period)
    keep_copies(world.centre)
    ends = dict(RequestCopy.objects.order_by("closing").values_list("tag", "delete_after"))
    by_number = {number: ends[keys_of(reference(number)).tag] for number in (1, 2)}
    assert by_number == {1: Procuration.objects.get(reference=reference(1)).last_closing, 2: TWO_MONTHS}
    assert by_number[1] < SECOND_ROUND + timedelta(days=1)


@pytest.mark.parametrize(
    ("wall", "until"),
    [
        (NOW - timedelta(days=9), TWO_MONTHS),
        (NOW + timedelta(days=900), TWO_MONTHS),
        (NOW - timedelta(hours=10), TWO_MONTHS - timedelta(days=1)),
    ],
)
def test_r_64_a_wrong_clock_makes_no_copy_last_longer_or_shorter(world, kiosk, derived, wall, until):
    """The floor of the tablet is a day ago: an earlier wall clock is certainly wrong."""
    kiosk.wall = wall
    period = Period(first_day=NOW.date(), last_day=NOW.date() + timedelta(days=300))
    files(world, kiosk, 1, validity=period)
    keep_copies(world.centre)
    assert RequestCopy.objects.get().delete_after == until


def test_r_64_the_purge_empties_the_copy_here_and_on_its_way(world, kiosk, derived):
    period = Period(first_day=NOW.date(), last_day=NOW.date() + timedelta(days=300))
    (pair,) = files(world, kiosk, 1, validity=period)
    keep_copies(world.centre)
    silent = enrolled(world, "silent")
    world.hears(silent)  # the answer is lost: nothing says that it was applied
    assert pair.body not in bytes(InboxEntry.objects.get(type=7).value)
    later = TWO_MONTHS + timedelta(days=1, hours=12)
    assert purge(at(world, later), dry_run=True).copies == 1
    assert purge(world.centre).requests == 1
    assert bytes(RequestCopy.objects.get().ciphertext) == b""
    (entry,) = InboxEntry.objects.filter(type=7)
    assert len(bytes(entry.value)) < 40
    keep_copies(world.centre)
    assert not RequestCopy.objects.exists()
    assert purge(world.centre).copies == 0


def test_a_copy_whose_request_was_purged_early_is_withdrawn_by_the_next_run(world, kiosk, brigade, derived):
    files(world, kiosk, 1)
    keep_copies(world.centre)
    heard(world, brigade)
    copying.empty_copies([row.rid for row in Procuration.objects.all()])
    Procuration.objects.update(status=Status.PURGEE.value)
    assert heard(world, brigade) == []
    assert keep_copies(world.centre).withdrawn == 1
    assert [copy.ciphertext for copy in heard(world, brigade)] == [b""]


def test_a_run_stops_at_its_time_and_the_next_goes_on(world, kiosk, derived):
    files(world, kiosk, 1, 2, 3)

    class Ticking(type(world.clock)):
        ms = 0

        def monotonic_ms(self):
            Ticking.ms += 10
            return Ticking.ms

    world.centre = replace(world.centre, clock=Ticking(at=NOW))
    made = [keep_copies(world.centre, run_ms=25).made for _ in range(3)]
    assert made == [2, 1, 0]
    assert len(derived) == 3


def test_a_request_decided_while_its_key_is_made_gets_no_copy(world, kiosk, monkeypatch):
    files(world, kiosk, 1)

    def decided_meanwhile(reference, birth_date, realm):
        Procuration.objects.update(status=Status.REFUSEE.value)
        return keys_of(reference, birth_date)

    monkeypatch.setattr(copying, "derive", decided_meanwhile)
    assert keep_copies(world.centre).made == 0
    assert not RequestCopy.objects.exists()


def test_the_nearest_ballot_comes_first_to_who_comes_late_and_an_answer_carries_few(
    world, kiosk, monkeypatch, derived
):
    monkeypatch.setattr(copies, "QUEUED_AT_ONCE", 2)
    monkeypatch.setattr(copies, "WAITING_MAX", 1)
    period = Period(first_day=NOW.date(), last_day=NOW.date() + timedelta(days=300))
    files(world, kiosk, 1, validity=period)
    keep_copies(world.centre)
    files(world, kiosk, 2, 3, 4)
    keep_copies(world.centre)
    Procuration.objects.filter(reference=reference(1)).update(first_closing=None)
    RequestCopy.objects.filter(tag=keys_of(reference(1)).tag).update(closing=2**50)
    late = enrolled(world, "late")
    down = world.hears(late)
    assert len([one for one in down.entries if isinstance(one.content, LockedCopy)]) == 2
    told = [one for one in late.inbox if isinstance(one, LockedCopy)] + heard(world, late)
    assert len(told) == 4
    assert told[-1].tag == keys_of(reference(1)).tag
    files(world, kiosk, 5)
    keep_copies(world.centre)
    assert [copy.tag for copy in heard(world, late)] == [keys_of(reference(5)).tag]


def test_answers_that_are_lost_pile_nothing_up_and_lose_nothing(world, kiosk, monkeypatch, derived):
    monkeypatch.setattr(copies, "QUEUED_AT_ONCE", 2)
    monkeypatch.setattr(copies, "WAITING_MAX", 2)
    files(world, kiosk, *range(1, 8))
    keep_copies(world.centre)
    late = enrolled(world, "late")
    for _ in range(6):
        world.takes(late.sealed())
    assert InboxEntry.objects.filter(device__log_id=late.log_id.hex(), type=7).count() == 2
    told = heard(world, late)
    assert sorted(copy.tag for copy in told) == sorted(keys_of(reference(n)).tag for n in range(1, 8))


def test_a_brigade_with_no_news_costs_no_write(world, kiosk, brigade, derived):
    files(world, kiosk, 1)
    keep_copies(world.centre)
    heard(world, brigade)
    before = CopiesTold.objects.values().get(device__log_id=brigade.log_id.hex())
    heard(world, brigade)
    assert CopiesTold.objects.values().get(device__log_id=brigade.log_id.hex()) == before
    assert before["after"] == before["until"]


def test_a_retired_brigade_gets_none(world, kiosk, derived):
    files(world, kiosk, 1)
    keep_copies(world.centre)
    gone = enrolled(world, "gone")
    entry = replace(builders.entry("gone", Role.BRIGADE, gone.log_id), revoked_at=NOW - timedelta(hours=1))
    base = world.centre.tables.directory
    world.set_directory(replace(base, entries=(*base.entries, entry)))
    world.hears(gone)
    assert gone.inbox == []
    assert not InboxEntry.objects.filter(type=7).exists()
