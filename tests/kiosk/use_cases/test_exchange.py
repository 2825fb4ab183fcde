"""The tablet's side of the spool: what it seals, what it believes, what survives a lost or doubled file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.store import later_entries
from kiosk_app.store.settings import Setting
from procuration.domain.events import Kind
from procuration.domain.identifiers import LogId, Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.canonical import encode
from procuration.record.directory import Role
from procuration.record.event import EventPair, parse_event, sign_event
from procuration.record.inbox import LaterEntry, Lease, OfficerRevoked, Request, State
from procuration.record.limits import ANSWERED_BUNDLES_KEPT, ROLLING_BUNDLE_BYTES_MAX
from procuration.record.printed import qr_text
from procuration.record.receipt import Level
from procuration.record.sealed import Purpose, seal
from tests import builders
from tests.kiosk.world import CHECKED, OFFICER_CODE, Agent, draft, tables

BORN = builders.ANGELA.birth_date


@pytest.fixture
def agent(kiosk, centre):
    return Agent(kiosk, centre)


def out(tablet):
    return sorted(path.name for path in (tablet.spool.folder / "out").glob("*.prb"))


def answer_to_newest(tablet, centre, **changes):
    name = tablet.spool.bundle_names()[-1]
    sealed = (tablet.spool.folder / "out" / f"{name}.prb").read_bytes()
    return name, centre.answers(tablet, sealed, **changes)


def refused(tablet):
    return [row[0] for row in tablet.store.connection.rows("SELECT code FROM set_aside ORDER BY position")]


def signed_as_log(tablet, log_id):
    """A request that a tablet's own key signs as an event of some log."""
    writer = builders.Device("writer")
    envelope = replace(
        parse_event(writer.records(builders.filed(), builders.rid()).sign1)[1], log_id=LogId(log_id)
    )
    return EventPair(sign_event(envelope, tablet.store.signer, builders.REALM), writer.pairs[0].body)


def revoke(world, tablet, reader):
    """The reader learns that a tablet's key was revoked now."""
    base = world.directory(version=2)
    entries = tuple(
        replace(entry, revoked_at=world.clock.now()) if entry.log_id == tablet.log_id else entry
        for entry in base.entries
    )
    reader.store.tables.put(tables(replace(base, entries=entries)))
    world.clock.pass_(minutes=1)


def test_what_was_filed_is_received_only_after_a_verified_receipt(kiosk, centre, agent):
    receipt = kiosk.file(draft())
    kiosk.exchange.step()
    assert kiosk.exchange.request_state(receipt.rid).received_at is None
    assert (kiosk.exchange.status().kept, kiosk.exchange.status().received) == (1, 0)
    agent.syncs()
    assert kiosk.exchange.request_state(receipt.rid).received_at == kiosk.clock.now()
    assert (kiosk.exchange.status().kept, kiosk.exchange.status().received) == (0, 1)
    assert set(centre.got[kiosk.log_id]) == set(range(kiosk.store.log.head.next_seq))


def test_the_newest_bundle_is_replaced_by_a_larger_one_until_it_is_answered(kiosk):
    kiosk.exchange.step()
    first = out(kiosk)
    kiosk.file(draft())
    kiosk.exchange.step()
    second = out(kiosk)
    assert len(first) == len(second) == 1
    assert first != second
    kiosk.exchange.step()
    assert out(kiosk) == second


def test_a_full_bundle_is_left_alone_and_the_next_one_begins(kiosk, centre, agent):
    for _ in range(150):
        kiosk.store.log.append(builders.filed(), rid=builders.rid(), cipher=kiosk.store.body_keys.current())
    kiosk.exchange.step()
    names = out(kiosk)
    assert len(names) == 2
    sizes = [(kiosk.spool.folder / "out" / name).stat().st_size for name in names]
    assert max(sizes) <= ROLLING_BUNDLE_BYTES_MAX + 6 * 1024  # the seal, and padding to a multiple of 4 KiB
    full = {bundle.name for bundle in kiosk.store.outbox.bundles() if bundle.first_seq == 0}
    kiosk.file(draft())
    kiosk.exchange.step()
    assert {f"{name}.prb" for name in full} <= set(out(kiosk))
    agent.syncs()
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == kiosk.store.log.head.next_seq - 1


def test_a_lost_spool_is_filled_again_from_the_store(kiosk, centre, agent):
    receipt = kiosk.file(draft())
    kiosk.exchange.step()
    for name in out(kiosk):
        (kiosk.spool.folder / "out" / name).unlink()
    agent.syncs()
    assert kiosk.exchange.request_state(receipt.rid).received_at


def test_when_nothing_waits_one_poll_stands_in_the_spool_and_stays(kiosk, centre, agent):
    agent.syncs()
    (poll,) = out(kiosk)
    kiosk.exchange.step()
    assert out(kiosk) == [poll]
    bundle = kiosk.store.outbox.bundles()[-1]
    assert bundle.is_poll
    assert bundle.size < 2048


def test_a_lease_comes_through_the_inbox_once(kiosk, centre, agent):
    centre.puts(kiosk, Lease(1, ("XBQ7V3", "K4MWZ9")))
    agent.syncs()
    assert kiosk.exchange.status().refs_left == 2
    assert kiosk.file(draft()).reference == "XBQ7V3"


def test_a_doubled_or_replayed_answer_changes_nothing(kiosk, centre):
    kiosk.exchange.step()
    centre.puts(kiosk, Lease(1, ("XBQ7V3",)))
    name, answer = answer_to_newest(kiosk, centre)
    agent = Agent(kiosk, centre)
    for _ in range(2):
        agent.files(name, answer)
        kiosk.exchange.step()
    kiosk.file(draft())
    agent.files("0" * 32, answer)  # from a stick, under another name
    kiosk.exchange.step()
    assert kiosk.store.leases.left == 0
    assert kiosk.store.settings.number(Setting.INBOX_NUMBER) == 1
    assert refused(kiosk) == []


def test_an_answer_with_a_gap_in_its_numbers_waits_for_what_is_missing(kiosk, centre, agent):
    kiosk.exchange.step()
    centre.puts(kiosk, Lease(1, ("XBQ7V3",)), Lease(2, ("K4MWZ9",)))
    first = centre.inboxes[kiosk.log_id].pop(0)
    agent.files(*answer_to_newest(kiosk, centre))
    kiosk.exchange.step()
    assert kiosk.store.leases.left == 0
    centre.inboxes[kiosk.log_id].insert(0, first)
    agent.syncs()
    assert kiosk.store.leases.left == 2


def test_an_answer_to_one_of_the_last_64_bundles_is_taken_and_an_older_one_is_not(kiosk, centre):
    agent = Agent(kiosk, centre)
    kiosk.exchange.step()
    (oldest,) = kiosk.spool.bundle_names()
    answer = centre.answers(kiosk, (kiosk.spool.folder / "out" / f"{oldest}.prb").read_bytes())
    first = kiosk.store.outbox.bundles()[0]
    for number in range(ANSWERED_BUNDLES_KEPT - 1):
        kiosk.store.outbox.add(replace(first, name=f"{number:064x}", hash=bytes([number]) * 32))
    assert kiosk.store.outbox.of_hash(first.hash) == first
    kiosk.store.outbox.add(replace(first, name="f" * 64, hash=b"\xff" * 32))
    assert kiosk.store.outbox.of_hash(first.hash) is None
    agent.files(oldest, answer)
    kiosk.exchange.step()
    assert kiosk.store.connection.rows("SELECT code FROM set_aside") == [("REPONSE_SANS_ENVOI",)]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda answer: answer[:-1], "CBOR_MALFORMED"),
        (lambda answer: answer[:-1] + bytes([answer[-1] ^ 1]), "SEAL_UNREADABLE"),
        (lambda answer: b"<html>portail captif</html>", "CBOR_"),
        (lambda answer: seal(b"x", builders.sealing_key("other").public, Purpose.DOWN, builders.REALM),
         "SEAL_KEY"),
    ],
)  # fmt: skip
def test_a_foreign_answer_is_set_aside_and_removed(kiosk, centre, damage, code):
    kiosk.exchange.step()
    name, answer = answer_to_newest(kiosk, centre)
    Agent(kiosk, centre).files(name, damage(answer))
    kiosk.exchange.step()
    assert refused(kiosk)[0].startswith(code)
    assert kiosk.spool.answer_names() == []
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == -1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"log_id": builders.log_id("another")}, "REPONSE_POUR_UN_AUTRE"),
        ({"answered": bytes(32)}, "REPONSE_SANS_ENVOI"),
    ],
)
def test_an_answer_that_is_not_for_this_bundle_is_refused(kiosk, centre, changes, code):
    kiosk.exchange.step()
    name, answer = answer_to_newest(kiosk, centre, **changes)
    Agent(kiosk, centre).files(name, answer)
    kiosk.exchange.step()
    assert refused(kiosk) == [code]
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == -1


def test_a_receipt_for_another_history_stops_the_log_and_nothing_is_called_received(kiosk, centre):
    receipt = kiosk.file(draft())
    kiosk.exchange.step()
    name, _ = answer_to_newest(kiosk, centre)
    got = centre.got[kiosk.log_id]
    got[max(got)] = EventPair(got[0].sign1, None)  # the centre claims another event at the end of our log
    sealed = (kiosk.spool.folder / "out" / f"{name}.prb").read_bytes()
    centre.opens = lambda tablet, sealed, opens=centre.opens: (
        type("Up", (), {"pairs": ()})(),
        opens(tablet, sealed)[1],
    )
    Agent(kiosk, centre).files(name, centre.answers(kiosk, sealed))
    kiosk.exchange.step()
    assert kiosk.store.log.stopped == "JOURNAL_BIFURQUE"
    with pytest.raises(RecordRejected, match="JOURNAL_BIFURQUE"):
        kiosk.file(draft())
    assert kiosk.exchange.request_state(receipt.rid).received_at is None


def test_a_store_that_is_an_old_copy_never_signs_again(world, kiosk, centre, agent):
    agent.syncs()
    ahead = centre.got[kiosk.log_id]
    ahead[max(ahead) + 1] = EventPair(b"an event this store never had", None)
    kiosk.file(draft())
    kiosk.exchange.step()
    names = kiosk.spool.bundle_names()
    sealed = (kiosk.spool.folder / "out" / f"{names[-1]}.prb").read_bytes()
    centre.got[kiosk.log_id][kiosk.store.log.head.next_seq + 5] = EventPair(b"later still", None)
    agent.files(names[-1], centre.answers(kiosk, sealed))
    kiosk.exchange.step()
    with pytest.raises(RecordRejected, match="MAGASIN_RESTAURE"):
        kiosk.file(draft())
    kiosk.station.close()
    with pytest.raises(RecordRejected, match="MAGASIN_RESTAURE"):
        kiosk.starts()


def test_a_refused_bundle_is_sealed_again_after_a_wait(kiosk, centre, agent):
    kiosk.exchange.step()
    (name,) = kiosk.spool.bundle_names()
    (kiosk.spool.folder / "in" / f"{name}.refused").write_text('{"code": "DEVICE_UNKNOWN"}')
    kiosk.exchange.step()
    assert out(kiosk) == []
    assert kiosk.exchange.status().refusal == "DEVICE_UNKNOWN"
    kiosk.clock.pass_(seconds=3)
    kiosk.exchange.step()
    assert len(out(kiosk)) == 1
    agent.syncs()
    assert kiosk.exchange.status().refusal is None


def test_a_fresh_answer_measures_the_clock_in_one_sync_point(kiosk, centre, agent):
    agent.syncs()
    (point,) = kiosk.store.log.of_kind(Kind.SYNC_POINT)
    sync = parse_event(point.pair.sign1)[1].sync
    assert (sync.offset_ms, sync.tree_size) == (0, 1)
    assert len(sync.root) == 32
    kiosk.clock.pass_(minutes=10)
    kiosk.file(draft())
    agent.syncs()
    assert len(kiosk.store.log.of_kind(Kind.SYNC_POINT)) == 1


def test_an_answer_that_travelled_on_a_stick_says_nothing_about_the_clock(kiosk, centre):
    kiosk.exchange.step()
    name, answer = answer_to_newest(kiosk, centre)
    kiosk.clock.pass_(hours=6)
    Agent(kiosk, centre).files(name, answer)
    kiosk.exchange.step()
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) >= 0
    assert kiosk.store.log.of_kind(Kind.SYNC_POINT) == []


def test_the_floor_rises_with_the_centre_and_never_with_the_wall_clock(kiosk, centre, agent):
    before = kiosk.store.settings.floor
    kiosk.clock.pass_(days=2)
    kiosk.file(draft())
    assert kiosk.store.settings.floor == before
    agent.syncs()
    assert kiosk.store.settings.floor == kiosk.clock.now()


def test_the_key_of_old_receipts_is_deleted_after_84_days_of_proved_time(brigade, centre):
    agent = Agent(brigade, centre)
    assert brigade.store.requests.epoch_keys()
    first = brigade.world.directory().epochs[0].first
    brigade.store.settings.raise_floor(first + timedelta(days=84))
    brigade.exchange.ask_again()
    agent.syncs()
    assert brigade.store.requests.epoch_keys()
    brigade.store.settings.raise_floor(first + timedelta(days=84, seconds=1))
    brigade.exchange.ask_again()
    agent.syncs()
    assert not brigade.store.requests.epoch_keys()


def test_a_look_up_brings_one_request_and_the_officer_validates_it(world, kiosk, brigade, centre):
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(draft())
    brigade.find.by_centre(receipt.reference, BORN)
    assert brigade.find.poll() is None
    agent = Agent(brigade, centre)
    agent.syncs()
    assert any(parse_event(p.sign1)[1].kind is Kind.LOOK_UP for p in centre.got[brigade.log_id].values())
    epoch = brigade.store.requests.epoch_keys()
    from procuration.record.printed import read_qr_text

    centre.puts(brigade, Request(read_qr_text(receipt.qr_text, epoch, builders.REALM)))
    brigade.exchange.ask_again()
    agent.syncs()
    found = brigade.find.poll()
    assert found.filed.mandant == builders.ANGELA
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    agent.syncs()
    assert (brigade.exchange.status().kept, brigade.exchange.status().received) == (0, 1)
    centre.puts(brigade, State(found.rid, Status.VALIDEE, None))
    brigade.exchange.ask_again()
    agent.syncs()
    assert brigade.exchange.request_state(found.rid).decided
    assert brigade.exchange.status().decided == 1


def test_a_request_signed_by_nobody_we_know_is_set_aside_and_does_not_block_the_inbox(brigade, centre):
    stranger = builders.Device("stranger")
    pair = stranger.records(builders.filed(), builders.rid())
    centre.puts(brigade, Request(pair), Lease(1, ("XBQ7V3",)))
    Agent(brigade, centre).syncs()
    assert brigade.store.requests.find(builders.rid()) is None
    assert refused(brigade) == ["KEY_UNKNOWN"]
    assert brigade.store.leases.left == 1


def test_a_request_written_in_the_log_of_another_kiosk_is_set_aside(world, kiosk, brigade, centre):
    centre.puts(brigade, Request(signed_as_log(kiosk, builders.log_id("another kiosk"))))
    Agent(brigade, centre).syncs()
    assert refused(brigade) == ["KEY_LOG"]


def test_a_request_of_a_revoked_kiosk_is_set_aside_whatever_time_it_claims(world, kiosk, brigade, centre):
    pair = signed_as_log(kiosk, kiosk.log_id)
    revoke(world, kiosk, brigade)
    centre.puts(brigade, Request(pair))
    Agent(brigade, centre).syncs()
    assert refused(brigade) == ["KEY_REVOKED"]


def test_the_receipt_of_a_kiosk_that_writes_in_another_log_is_filed_again(kiosk, brigade):
    pair = signed_as_log(kiosk, builders.log_id("another kiosk"))
    epoch = builders.directory().epochs[0]
    with pytest.raises(RuleViolated, match="POSTE_INCONNU") as refusal:
        brigade.find.by_qr(qr_text(pair, epoch, builders.REALM))
    assert refusal.value.ids["reason"] == "KEY_LOG"


def test_a_receipt_of_the_centre_under_a_revoked_checkpoint_key_proves_nothing(world, kiosk, centre, agent):
    receipt = kiosk.file(draft())
    base = world.directory(version=2)
    revoked = tuple(
        replace(entry, revoked_at=builders.NOW) if entry.role is Role.CHECKPOINT else entry
        for entry in base.entries
    )
    kiosk.store.tables.put(tables(replace(base, entries=revoked)))
    agent.syncs()
    assert kiosk.exchange.request_state(receipt.rid).received_at is None
    assert set(refused(kiosk)) == {"KEY_REVOKED"}


@pytest.mark.parametrize("type_", [200, 255])
def test_an_entry_that_only_later_versions_read_is_kept_and_holds_nothing_up(kiosk, centre, agent, type_):
    later = LaterEntry(type_, encode([b"tag", "chiffré", [1, 2]]))
    centre.puts(kiosk, later, Lease(1, ("XBQ7V3",)), later)
    agent.syncs()
    kept = kiosk.store.connection.rows("SELECT number, type, value FROM later_entry ORDER BY number")
    assert kept == [(1, type_, later.value), (3, type_, later.value)]
    assert (kiosk.store.leases.left, kiosk.store.settings.number(Setting.INBOX_NUMBER)) == (1, 3)
    assert refused(kiosk) == []


def test_later_entries_beyond_what_may_be_kept_count_as_applied(kiosk, centre, agent, monkeypatch):
    monkeypatch.setattr(later_entries, "KEPT_BYTES_MAX", 4)
    centre.puts(kiosk, LaterEntry(200, encode(b"abc")), LaterEntry(200, encode(b"d")), Lease(1, ("XBQ7V3",)))
    agent.syncs()
    assert kiosk.store.later_entries.kept_bytes == 4
    assert refused(kiosk) == ["ENTREE_NON_GARDEE"]
    assert kiosk.store.leases.left == 1


def test_a_look_up_that_found_nothing_is_answered_at_once_and_once(brigade, centre):
    brigade.find.by_centre("K4MWZ9", BORN)
    agent = Agent(brigade, centre)
    brigade.exchange.step()
    assert brigade.find.poll() is None
    agent.carries()
    assert brigade.find.poll() is None
    brigade.exchange.step()
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.find.poll()
    assert brigade.find.poll() is None


def test_a_look_up_waits_while_the_centre_has_more_to_say(brigade, centre):
    Agent(brigade, centre).syncs()
    brigade.find.by_centre("K4MWZ9", BORN)
    brigade.exchange.step()
    name, answer = answer_to_newest(brigade, centre, more=True)
    Agent(brigade, centre).files(name, answer)
    brigade.exchange.step()
    assert brigade.find.poll() is None


def test_an_answer_to_an_earlier_bundle_says_nothing_of_a_look_up(brigade, centre):
    Agent(brigade, centre).syncs()
    brigade.exchange.ask_again()
    brigade.exchange.step()
    name, answer = answer_to_newest(brigade, centre)
    brigade.find.by_centre("K4MWZ9", BORN)
    Agent(brigade, centre).files(name, answer)
    brigade.exchange.step()
    assert brigade.find.poll() is None


def test_an_officer_withdrawn_by_the_centre_acts_no_more(kiosk, brigade, centre):
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    centre.puts(brigade, OfficerRevoked(brigade.station.session.kid, brigade.clock.now()))
    Agent(brigade, centre).syncs()
    with pytest.raises(RuleViolated, match="HABILITATION_RETIREE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_the_exchange_goes_on_while_the_officer_is_locked_out_of_the_screen(kiosk, brigade, centre):
    found = brigade.find.by_qr(kiosk.file(draft()).qr_text)
    brigade.refuse(found.rid, RefusalCode.ABANDON, CHECKED, OFFICER_CODE)
    brigade.unlock.lock()
    Agent(brigade, centre).syncs()
    assert brigade.exchange.status().received == 1


def test_while_the_store_is_closed_nothing_is_touched(kiosk, centre):
    kiosk.exchange.step()
    before = out(kiosk)
    kiosk.station.close()
    kiosk.exchange.step()
    assert out(kiosk) == before


def test_the_agent_is_told_in_counts_what_is_proved(kiosk, centre, agent):
    kiosk.file(draft())
    agent.syncs()
    from procuration.adapters.spool import AgentSpool

    status = AgentSpool(kiosk.spool.folder).app_status()
    assert (status.kept, status.received, status.decided) == (0, 1, 0)
    assert status.receipt_at == kiosk.clock.now()
    assert status.tree_size == centre.size


def test_a_state_of_a_request_of_another_tablet_is_harmless(kiosk, centre, agent):
    centre.puts(kiosk, State(Rid(b"r" * 16), Status.INVALIDEE, RefusalCode.PLAFOND_DEPASSE))
    agent.syncs()
    assert kiosk.exchange.status().decided == 0


def test_a_snapshot_is_kept_after_a_sync_and_holds_nothing_in_the_clear(kiosk, centre, agent):
    kiosk.file(draft())
    agent.syncs()
    snapshot = (kiosk.folder / "snapshot.db").read_bytes()
    assert not snapshot.startswith(b"SQLite format 3")
    assert b"procu/event/1" not in snapshot
