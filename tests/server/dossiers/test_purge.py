"""What the centre deletes at its legal date, what it never deletes early, what stays proved afterwards."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from procuration.domain.events import Kind
from procuration.domain.people import PartialDate
from procuration.domain.purge import PurgeReason
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import Period
from procuration.errors import RuleViolated
from procuration.record.directory import Role
from procuration.record.event import open_body, parse_event
from procuration.record.inbox import EntryType, Request, State
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.purging import purge
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.terms import term_of
from server.ledger.inbox import put
from server.ledger.models import (
    CarriedPair,
    Device,
    Event,
    ForkEvidence,
    HeldEvent,
    InboxEntry,
    OfficerEnrolment,
    SetAside,
    StrandedEvent,
)
from server.ledger.purges import purged_runs
from server.ledger.verifying import verify_ledger
from server.notices.models import Notice
from tests import builders
from tests.builders import JEAN_CLAUDE, NOW, log_id, rid
from tests.server.centre import Tablet
from tests.server.dossiers.test_forks import live
from tests.server.dossiers.test_rivals import revokes

TWO_MONTHS = datetime(2027, 6, 1, 9, 30, tzinfo=UTC)
"""The last day on which a request of 1 April is kept."""
YEAR_AFTER = datetime(2028, 4, 25, 12, tzinfo=UTC)
"""The last day on which a procuration for the second round of 25 April 2027 is kept."""
DAY = timedelta(days=1)


def at(world, when):
    """It is that day at the centre, with a trust list of that day."""
    world.clock.at = when
    directory = replace(world.centre.tables.directory, issued=when - DAY, expires=when + 30 * DAY)
    world.centre = replace(world.centre, tables=replace(world.centre.tables, directory=directory))
    return world.centre


def row(number=1):
    return Procuration.objects.get(rid=rid(number).hex())


def bodies(number=1):
    return (
        Event.objects.filter(rid=rid(number).hex(), body__isnull=False).exclude(kind=Kind.PURGE.value).count()
    )


def purges():
    found = Event.objects.filter(kind=Kind.PURGE.value).order_by("seq")
    return [open_body(parse_event(bytes(one.sign1))[1], bytes(one.body)) for one in found]


def keeps_tablets_for_years():
    Device.objects.update(not_after=NOW + timedelta(days=4000))


def same_after_a_rebuild(world):
    before = live()
    assert rebuild_all(world.centre, lambda _: None).differed == 0
    assert live() == before


def test_r_64_a_request_nobody_established_goes_two_months_after_it_was_filed(story, world):
    story.filed()
    purge(at(world, TWO_MONTHS))
    assert row().status == Status.DEMANDE
    purge(at(world, TWO_MONTHS + DAY))
    assert row().status == Status.PURGEE
    assert bodies() == 0
    (event,) = purges()
    assert event.reason is PurgeReason.NOT_ESTABLISHED
    assert "télé-procédure" in event.article


def test_r_63_a_procuration_goes_one_year_after_the_end_of_its_validity(story, world):
    story.established()
    purge(at(world, YEAR_AFTER))
    assert row().mandant_birth_name == "DUBOIS"
    purge(at(world, YEAR_AFTER + DAY))
    assert (row().status, row().rule) == (Status.PURGEE, "R-63")
    assert bodies() == 0
    assert purges()[0].reason is PurgeReason.ESTABLISHED


def test_r_63_a_period_is_kept_a_year_after_its_last_day(story, world):
    story.established(validity=Period(first_day=date(2027, 4, 2), last_day=date(2027, 12, 31)))
    purge(at(world, datetime(2028, 12, 31, tzinfo=UTC)))
    assert row().status != Status.PURGEE
    purge(at(world, datetime(2029, 1, 1, tzinfo=UTC)))
    assert row().status == Status.PURGEE


def test_r_64_what_an_officer_refused_was_never_established(story, world):
    story.filed()
    story.brigade.refuses(story.requests[1], story.officer, RefusalCode.MANDANT_ABSENT)
    world.hears(story.brigade)
    purge(at(world, TWO_MONTHS + DAY))
    assert (row().status, row().rule) == (Status.PURGEE, "R-64")


def test_what_waits_for_a_person_is_kept_as_a_procuration_is(story, world):
    story.filed()
    story.brigade.acts(story.requests[1], story.officer, wall=NOW + timedelta(days=9))
    world.hears(story.brigade)
    assert row().status == Status.EN_ATTENTE_HUMAINE
    purge(at(world, TWO_MONTHS + DAY))
    assert row().status == Status.EN_ATTENTE_HUMAINE
    purge(at(world, YEAR_AFTER + DAY))
    assert row().status == Status.PURGEE


def test_the_row_of_a_purged_dossier_says_nothing_of_anybody(story, world):
    story.established()
    purge(at(world, YEAR_AFTER + DAY))
    said = Procuration.objects.filter(rid=rid().hex()).values().get()
    left = {name for name, value in said.items() if value not in (None, "", [], 0, False)}
    assert left == {"rid", "status", "rule", "filed_at", "history"}
    assert said["filed_at"] == YEAR_AFTER + DAY
    assert {entry["kind"] for entry in said["history"]} == {Kind.PURGE.value}


def test_a_kiosk_whose_clock_was_set_back_loses_nothing_early(story, world):
    story.kiosk.wall = NOW - timedelta(days=80)  # before the floor that it knew
    story.filed()
    purge(at(world, NOW + DAY))
    assert row().status == Status.DEMANDE
    purge(at(world, TWO_MONTHS + DAY))
    assert row().status == Status.PURGEE


def test_a_kiosk_whose_clock_was_set_forward_keeps_nothing_longer(story, world):
    story.kiosk.wall = NOW + timedelta(days=300)
    story.filed()
    purge(at(world, TWO_MONTHS + DAY))
    assert row().status == Status.PURGEE


def test_a_centre_whose_clock_is_beyond_its_trust_list_deletes_nothing(story, world):
    story.filed()
    world.clock.at = YEAR_AFTER + DAY
    with pytest.raises(RuleViolated, match="HORLOGE_DOUTEUSE"):
        purge(world.centre)
    assert bodies() == 1


def test_i_7_chain_signatures_tree_and_receipts_verify_afterwards(story, world):
    story.kiosk.starts_hiding_bodies()
    story.established()
    story.filed(2)
    before = dict(Event.objects.values_list("hash", "sign1"))
    at(world, YEAR_AFTER + DAY)
    purge(world.centre)
    assert purge(world.centre).bodies == 0
    audit = verify_ledger(world.centre, lambda _: None)
    assert audit.faults == []
    after = dict(Event.objects.exclude(kind=Kind.PURGE.value).values_list("hash", "sign1"))
    assert after == before
    keeps_tablets_for_years()
    receipts = len(story.kiosk.receipts)
    story.kiosk.tree = 0
    world.hears(story.kiosk)  # a receipt for a log of which every body is gone
    assert len(story.kiosk.receipts) == receipts + 1
    assert story.kiosk.receipts[-1].hash == story.kiosk.head.hash


def test_the_signed_runs_name_exactly_the_bodies_that_are_gone(story, world):
    story.established()
    story.filed(2)
    purge(at(world, TWO_MONTHS + DAY))
    runs = purged_runs(world.centre)
    named = {(log, seq) for log, of in runs.items() for first, last in of for seq in range(first, last + 1)}
    gone = {
        (bytes.fromhex(log), seq)
        for log, seq in Event.objects.filter(body=None).values_list("device__log_id", "seq")
    }
    assert named == gone
    assert gone == {(log_id("kiosk"), 1)}


def test_only_the_centres_own_signature_says_that_a_body_went_by_law(story, world):
    story.filed()
    purge(at(world, TWO_MONTHS + DAY))
    event = Event.objects.get(kind=Kind.PURGE.value)
    *signed, last = bytes(event.sign1)
    Event.objects.filter(pk=event.pk).update(sign1=bytes([*signed, last ^ 1]))
    assert purged_runs(world.centre) == {}


def test_rebuilt_dossiers_are_the_same_after_a_purge(story, world):
    story.established()
    story.filed(2)
    at(world, TWO_MONTHS + DAY)
    purge(world.centre)
    same_after_a_rebuild(world)
    purge(at(world, YEAR_AFTER + DAY))
    same_after_a_rebuild(world)
    live_rows = live()
    Procuration.objects.all().delete()
    rebuild_all(world.centre, lambda _: None)
    assert live() == live_rows


def test_a_kiosk_heard_after_the_purge_does_not_bring_the_dossier_back(story, world, officer):
    """Only the brigade's act had carried the request."""
    request = story.kiosk.files()
    story.brigade.refuses(request, officer, RefusalCode.MANDANT_ABSENT)
    world.hears(story.brigade)
    purge(at(world, TWO_MONTHS + DAY))
    assert row().status == Status.PURGEE
    world.hears(story.kiosk)
    assert row().status == Status.PURGEE
    assert row().mandant_birth_name == ""
    assert bodies() == 1
    assert not ForkEvidence.objects.exists()
    done = purge(world.centre)
    assert (done.late, bodies()) == (1, 0)
    assert SetAside.objects.count() == 0
    same_after_a_rebuild(world)


def test_a_kiosk_that_says_something_else_after_the_purge_has_still_forked(story, world, officer):
    request = story.kiosk.files()
    story.brigade.refuses(request, officer, RefusalCode.MANDANT_ABSENT)
    world.hears(story.brigade)
    purge(at(world, TWO_MONTHS + DAY))
    assert bytes(CarriedPair.objects.get().sign1) == request.sign1
    copy = Tablet("kiosk", role=Role.KIOSK)
    copy.files(90)
    world.hears(copy)  # the first that it ever says
    evidence = ForkEvidence.objects.get()
    assert bytes(evidence.sign1) == request.sign1
    assert bytes(evidence.body) == b""


def test_an_act_drawn_up_in_time_and_heard_after_the_purge_stands(story, world, officer):
    story.filed()
    story.brigade.acts(story.requests[1], officer)
    purge(at(world, TWO_MONTHS + DAY))
    assert row().status == Status.PURGEE
    story.brigade.wall = NOW
    world.hears(story.brigade)
    assert row().status == Status.TRANSMISE
    assert row().mandant_birth_name == "DUBOIS"
    same_after_a_rebuild(world)
    purge(at(world, YEAR_AFTER + DAY))
    assert row().status == Status.PURGEE
    assert bodies() == 0
    same_after_a_rebuild(world)


def test_a_doubled_bundle_after_the_purge_changes_nothing(story, world):
    story.filed()
    sealed = story.kiosk.sealed(0)
    purge(at(world, TWO_MONTHS + DAY))
    world.takes(sealed)
    assert bodies() == 0
    assert row().status == Status.PURGEE


def test_procurations_that_were_compared_go_together(world, kiosk, brigade, officer):
    """Without the first, the second would no longer be over the ceiling of their mandataire (L. 73)."""
    for number, validity in (
        (1, None),
        (2, Period(first_day=date(2027, 4, 2), last_day=date(2027, 12, 31))),
    ):
        people = builders.people(number) | {"mandataire": JEAN_CLAUDE}
        brigade.acts(kiosk.files(number, **people, validity=validity), officer, number)
    world.hears(kiosk)
    world.hears(brigade)
    assert row(2).effects[0]["effect"] == "NULLE_L73"
    effects = row(2).effects
    purge(at(world, YEAR_AFTER + DAY))
    assert row(1).status != Status.PURGEE
    assert row(2).effects == effects
    purge(at(world, datetime(2029, 1, 1, tzinfo=UTC)))
    assert (row(1).status, row(2).status) == (Status.PURGEE, Status.PURGEE)
    same_after_a_rebuild(world)


def test_nothing_is_held_back_longer_than_two_years(world, kiosk, brigade, officer):
    for number, validity in (
        (1, None),
        (2, Period(first_day=date(2027, 4, 2), last_day=date(2028, 4, 1))),
    ):
        people = builders.people(number) | {"mandataire": JEAN_CLAUDE}
        brigade.acts(kiosk.files(number, **people, validity=validity), officer, number)
    world.hears(kiosk)
    world.hears(brigade)
    Procuration.objects.filter(rid=rid(2).hex()).update(period_last=date(2029, 12, 31))
    purge(at(world, datetime(2029, 4, 20, tzinfo=UTC)))
    assert row(1).status != Status.PURGEE
    purge(at(world, datetime(2029, 4, 27, tzinfo=UTC)))
    assert (row(1).status, row(2).status == Status.PURGEE) == (Status.PURGEE, False)


def test_nobody_is_told_of_a_purge_and_no_message_waits_for_one(story, world):
    story.established()
    notices = set(Notice.objects.values_list("kind", "cause"))
    entries = InboxEntry.objects.count()
    purge(at(world, YEAR_AFTER + DAY))
    assert set(Notice.objects.values_list("kind", "cause")) == notices
    assert InboxEntry.objects.count() == entries


def test_a_look_up_goes_with_the_requests_of_its_day(story, world, officer):
    story.filed()
    story.brigade.looks_up("XBQ7V3", PartialDate(1962, 8, 24), officer)
    world.hears(story.brigade)
    purge(at(world, TWO_MONTHS))
    assert Event.objects.get(kind=Kind.LOOK_UP.value).body
    done = purge(at(world, TWO_MONTHS + DAY))
    assert done.traces == 1
    assert Event.objects.get(kind=Kind.LOOK_UP.value).body is None
    assert PurgeReason.TRACE in {one.reason for one in purges()}


def test_a_request_that_a_tablet_never_fetched_leaves_its_number_and_no_name(story, world):
    story.filed()
    (device,) = Device.objects.filter(log_id=log_id("brigade").hex())
    put(device.pk, Request(story.requests[1]), NOW)
    InboxEntry.objects.filter(type=EntryType.REQUEST.value).update(number=7)
    purge(at(world, TWO_MONTHS + DAY))
    entry = InboxEntry.objects.get(number=7)
    assert entry.type == EntryType.STATE.value
    assert b"DUBOIS" not in bytes(entry.value)


def test_a_tablet_takes_its_news_in_order_past_a_request_that_was_deleted(story, world):
    story.filed()
    (device,) = Device.objects.filter(log_id=log_id("brigade").hex())
    world.hears(story.brigade)
    put(device.pk, Request(story.requests[1]), NOW)
    purge(at(world, TWO_MONTHS + DAY))
    put(device.pk, State(rid(2), Status.VALIDEE, None), NOW)
    world.hears(story.brigade)
    told = [one for one in story.brigade.inbox if isinstance(one, Request | State)]
    assert told == [State(rid(1), Status.PURGEE, None), State(rid(2), Status.VALIDEE, None)]


def test_a_resiliation_stays_as_long_as_the_procuration_that_it_ended(story, world, officer):
    story.established()
    revokes(story.brigade, officer)
    world.hears(story.brigade)
    assert row().status == Status.RESILIEE
    purge(at(world, YEAR_AFTER))
    assert Withdrawal.objects.count() == 1
    purge(at(world, YEAR_AFTER + DAY))
    assert row().status == Status.PURGEE
    purge(at(world, datetime(2029, 4, 3, tzinfo=UTC)))
    assert Withdrawal.objects.count() == 0
    assert Event.objects.get(kind=Kind.REVOCATION.value).body is None
    same_after_a_rebuild(world)


def test_the_names_of_an_officer_stay_as_long_as_their_acts(story, world):
    story.established()
    ended = NOW + timedelta(days=89)
    purge(at(world, YEAR_AFTER + DAY))
    assert OfficerEnrolment.objects.count() == 1
    purge(at(world, ended + timedelta(days=735)))
    assert OfficerEnrolment.objects.count() == 0
    assert Event.objects.get(kind=Kind.ENROLMENT.value).body is None
    same_after_a_rebuild(world)


def test_a_held_request_goes_two_months_after_it_came_and_the_gap_may_still_be_filled(story, world):
    story.kiosk.files(1)
    story.kiosk.files(2)
    world.hears(story.kiosk, 1, 2)
    assert HeldEvent.objects.get().body
    purge(at(world, TWO_MONTHS + DAY))
    assert HeldEvent.objects.get().body is None
    world.hears(story.kiosk, 0, 1)
    assert HeldEvent.objects.count() == 0
    event = Event.objects.get(rid=rid(2).hex())
    assert event.body is None
    assert (log_id("kiosk"), 1) in {
        (log, first) for log, of in purged_runs(world.centre).items() for first, _ in of
    }
    assert verify_ledger(world.centre, lambda _: None).faults == []
    same_after_a_rebuild(world)


def test_the_proof_of_a_fork_stays_and_its_body_goes(story, world):
    story.filed()
    copy = Tablet("kiosk", role=Role.KIOSK)
    copy.files(90)
    copy.files(91)
    world.takes(copy.sealed(0, 2))
    assert bytes(ForkEvidence.objects.get().body)
    assert StrandedEvent.objects.exclude(body=None).count() >= 1
    assert row(91).mandant_birth_name.startswith("DUBOIS")
    purge(at(world, TWO_MONTHS + DAY))
    assert (bytes(ForkEvidence.objects.get().sign1), bytes(ForkEvidence.objects.get().body)) == (
        copy.pairs[0].sign1,
        b"",
    )
    apart = StrandedEvent.objects.order_by("seq")
    assert [bytes(one.sign1) for one in apart] == [pair.sign1 for pair in copy.pairs[-len(apart) :]]
    assert {one.body for one in apart} == {None}
    assert {row(number).status for number in (1, 91)} == {Status.PURGEE}
    same_after_a_rebuild(world)


def test_a_request_that_nobody_could_read_goes_like_the_others(story, world):
    story.kiosk.starts_hiding_bodies()
    story.kiosk.body_key = bytes(32)  # not the key that was logged
    story.kiosk.files()
    world.hears(story.kiosk)
    assert not Procuration.objects.exists()
    assert bodies() == 1
    purge(at(world, TWO_MONTHS + DAY))
    assert bodies() == 0
    assert row().status == Status.PURGEE
    same_after_a_rebuild(world)


def test_a_tablets_own_purge_ends_nothing_here(story, world):
    story.filed()
    content = purges_of(story)
    story.kiosk.records(content, rid=rid())
    story.brigade.records(content)
    world.hears(story.kiosk)
    world.hears(story.brigade)
    assert row().status == Status.DEMANDE
    assert set(SetAside.objects.values_list("code", flat=True)) == {"ROLE_INTERDIT"}
    assert purged_runs(world.centre) == {}


def purges_of(story):
    from procuration.domain.purge import Purge, runs_of

    return Purge(reason=PurgeReason.KIOSK_COPY, article="", runs=runs_of([(story.kiosk.log_id, 0)]))


def test_a_dry_run_counts_and_writes_nothing(story, world, capsys):
    story.established()
    story.filed(2)
    events = Event.objects.count()
    done = purge(at(world, YEAR_AFTER + DAY), dry_run=True)
    assert (done.requests, done.procurations, done.bodies) == (1, 1, 4)
    assert Event.objects.count() == events
    assert (bodies(1), bodies(2)) == (3, 1)
    again = purge(world.centre)
    assert (again.requests, again.procurations, again.bodies) == (1, 1, 4)


def test_hundreds_go_in_batches_and_each_leaves_its_own_proof(story, world):
    for number in range(1, 131):
        story.kiosk.files(number)
    world.hears(story.kiosk)
    done = purge(at(world, TWO_MONTHS + DAY))
    assert done.requests == 130
    assert len(purges()) == 130
    assert verify_ledger(world.centre, lambda _: None).faults == []


def test_the_command_says_counts_and_never_a_name(story, world, capsys, monkeypatch):
    from server.dossiers.management.commands import purge as command

    story.filed()
    centre = at(world, TWO_MONTHS + DAY)
    monkeypatch.setattr(command, "current_centre", lambda: centre)
    call_command("purge", "--dry-run")
    assert "À effacer\u202f: demandes jamais établies 1" in capsys.readouterr().out
    call_command("purge", "--json")
    assert json.loads(capsys.readouterr().out)["requests"] == 1


def test_a_power_cut_in_a_batch_leaves_the_bodies_or_the_proof_that_they_went(story, world, monkeypatch):
    from server.dossiers import purging

    story.filed()

    def cut(*_args):
        raise OSError("power")

    with monkeypatch.context() as patch:
        patch.setattr(purging, "refold", cut)
        with pytest.raises(OSError, match="power"):
            purge(at(world, TWO_MONTHS + DAY))
    assert bodies() == 1
    assert purges() == []


def test_a_validity_invented_in_the_past_shortens_no_term(world):
    told = {
        "status": Status.EN_ATTENTE_HUMAINE, "established_at": None, "aside": [["HORLOGE_DOUTEUSE", ""]],
        "polling_days": [], "period_last": date(1990, 1, 1), "last_closing": None,
        "place_code": "98818", "place_type": 1, "place_cog_year": 2026,
    }  # fmt: skip
    term = term_of(told, date(2027, 4, 1), world.centre.tables)
    assert term.first_day == date(2028, 4, 2)
