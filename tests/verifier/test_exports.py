"""The verifier on real exports and receipts of a centre, and on every way to spoil them."""

import hashlib
import io
import itertools
from dataclasses import replace

import cbor2
import pytest
from django.core.management import call_command

from procuration.record.directory import Directory, encode_directory
from procuration.record.receipt import Receipt
from server.ledger.exporting import DIRECTORY_NAME, LEDGER_NAME, export_proofs
from server.ledger.models import Event
from tests import builders
from tests.builders import REALM
from tests.server.conftest import brigade, kiosk, officer, world
from tests.verifier.verifier import load, run

__all__ = ["brigade", "kiosk", "officer", "world"]
VERIFIER = load()


@pytest.fixture
def kept(world, kiosk, brigade, officer):
    """A centre with two tablets and its own log; the receipts as tlog-proof files."""
    receipts = []

    def hears(tablet):
        sealed = tablet.sealed()
        down = tablet.reads(sealed, world.takes(sealed))
        tablet.sent = len(tablet.pairs)
        receipts.extend(e.content for e in down.entries if isinstance(e.content, Receipt))

    kiosk.starts_hiding_bodies()
    requests = [kiosk.files(number) for number in range(1, 4)]
    hears(kiosk)
    brigade.acts(requests[0], officer, 1)
    hears(brigade)
    kiosk.files(9)
    hears(kiosk)
    return receipts


@pytest.fixture
def export(world, kept, tmp_path):
    export_proofs(world.centre, tmp_path)
    return tmp_path


def items(folder):
    file = io.BytesIO((folder / LEDGER_NAME).read_bytes())
    found = []
    while file.tell() < len(file.getvalue()):
        found.append(cbor2.load(file))
    return found


def write(folder, changed):
    (folder / LEDGER_NAME).write_bytes(b"".join(cbor2.dumps(one, canonical=True) for one in changed))


def verified(folder, *receipts):
    """The faults that the verifier finds, in this process."""
    ledger = VERIFIER.Ledger(VERIFIER.whole((folder / DIRECTORY_NAME).read_bytes()))
    with (folder / LEDGER_NAME).open("rb") as file:
        read = lambda: ledger.attempt("file", VERIFIER.decode, file)  # noqa: E731
        for item in iter(read, None):
            ledger.attempt("item", ledger.item, item)
    ledger.attempt("file", VERIFIER.require, getattr(ledger, "complete", False), "cut short")
    for receipt in receipts:
        ledger.attempt("receipt", ledger.receipt, receipt)
    return ledger.faults


def as_file(receipt):
    return receipt.proof + receipt.checkpoint


def test_an_export_and_every_receipt_of_it_verify(export, kept, world):
    paths = []
    for number, receipt in enumerate(kept):
        paths.append(export / f"{number}.tlog-proof")
        paths[-1].write_bytes(as_file(receipt))
    status, said = run(export / DIRECTORY_NAME, "--ledger", export / LEDGER_NAME, *paths)
    assert (status, said.splitlines()[-1]) == (0, "everything holds")
    assert hashlib.sha256(encode_directory(world.centre.tables.directory)).hexdigest() in said
    assert "logs 3, leaves 4" in said
    assert len(kept) == 3


def test_the_export_holds_every_event_and_no_body(export):
    exported = {item[1] for item in items(export) if item[0] == "event"}
    assert exported == {bytes(event.sign1) for event in Event.objects.all()}
    written = (export / LEDGER_NAME).read_bytes()
    for event in Event.objects.all():
        assert bytes(event.body) not in written
        payload = cbor2.loads(cbor2.loads(bytes(event.sign1))[2])
        flat = [one for value in payload.values() for one in (value if isinstance(value, list) else [value])]
        assert all(isinstance(one, int | bytes) for one in flat), "no text, so no name, in what is signed"
        assert all(len(one) <= 32 for one in flat if isinstance(one, bytes))


def test_the_names_that_the_tablets_wrote_are_nowhere_in_the_export(export):
    person = builders.people(1)
    names = {person["mandant"].birth_name, person["mandataire"].birth_name, builders.OFFICER.nom}
    written = b"".join(path.read_bytes() for path in export.iterdir())
    assert len(names) >= 2
    assert [name for name in names if name and name.encode() in written] == []


def test_each_flipped_byte_of_the_ledger_is_found(export):
    """One in each item, and every byte of a whole event, leaf and checkpoint."""
    whole = (export / LEDGER_NAME).read_bytes()
    offsets, file, seen = set(), io.BytesIO(whole), set()
    while file.tell() < len(whole):
        start = file.tell()
        kind = cbor2.load(file)[0]
        step = 1 if kind not in seen and kind in ("leaf", "end") else 23
        seen.add(kind)
        offsets.update(range(start, file.tell(), step))
    unseen = []
    for offset in sorted(offsets):
        changed = bytearray(whole)
        changed[offset] ^= 0x01
        (export / LEDGER_NAME).write_bytes(changed)
        if not verified(export):
            unseen.append(offset)
    assert len(offsets) > 150
    assert unseen == []


@pytest.mark.parametrize("kind", ["log", "event", "leaf", "checkpoint", "end", "procu/ledger/1"])
def test_each_removed_item_is_found(export, kind):
    all_items = items(export)
    places = [place for place, item in enumerate(all_items) if item[0] == kind]
    assert places
    for place in places:
        write(export, all_items[:place] + all_items[place + 1 :])
        assert verified(export), f"{kind} number {place}"


@pytest.mark.parametrize("kind", ["event", "leaf", "checkpoint"])
def test_each_doubled_item_and_each_change_of_order_is_found(export, kind):
    all_items = items(export)
    places = [place for place, item in enumerate(all_items) if item[0] == kind]
    for place in places:
        if kind != "checkpoint":  # the same one twice says nothing wrong: only the count differs
            write(export, [*all_items[:place], all_items[place], *all_items[place:]])
            assert verified(export)
    for one, other in itertools.pairwise(places):
        changed = list(all_items)
        changed[one], changed[other] = changed[other], changed[one]
        write(export, changed)
        assert verified(export), f"{kind} {one} and {other}"


def test_an_export_cut_short_anywhere_is_found(export):
    whole = (export / LEDGER_NAME).read_bytes()
    for length in range(0, len(whole), 97):
        (export / LEDGER_NAME).write_bytes(whole[:length])
        assert verified(export), length


def test_a_whole_log_left_out_with_its_leaves_is_found(export, kiosk):
    log_id, kept_items, inside = kiosk.log_id, [], False
    for item in items(export):
        inside = item[1] == log_id if item[0] == "log" else inside and item[0] == "event"
        if not inside and not (item[0] == "leaf" and cbor2.loads(item[1])[1] == log_id):
            kept_items.append(item)
    write(export, kept_items)
    assert verified(export)


def spoilt_receipts(receipt):
    proof, note = receipt.proof, receipt.checkpoint
    lines = proof.split(b"\n")
    yield "another index", proof.replace(b"index 0", b"index 1") + note
    yield "no checkpoint", proof
    yield "another header", proof.replace(b"@v1", b"@v2") + note
    yield "one hash less", b"\n".join([*lines[:3], *lines[4:]]) + note
    for place in range(0, len(proof + note) - 1, 7):
        changed = bytearray(proof + note)
        changed[place] ^= 0x02
        yield f"byte {place}", bytes(changed)


def test_each_spoilt_receipt_is_found(export, kept):
    receipt = kept[1]
    assert verified(export, as_file(receipt)) == []
    for way, data in spoilt_receipts(receipt):
        assert verified(export, data) or data == as_file(receipt), way


def test_a_receipt_of_another_tree_of_the_same_centre_is_found(export, kept, world):
    """Signed with the right key: only the ledger says that this tree never was."""
    from procuration.record.checkpoint import TreeHead, sign_checkpoint
    from procuration.record.merkle import leaf_data, leaf_hash
    from procuration.record.receipt import Level, make_receipt

    leaf = leaf_data(builders.log_id("kiosk"), 0, hashlib.sha256(b"never").digest())
    note = sign_checkpoint(TreeHead(size=1, root=leaf_hash(leaf)), world.centre.checkpoint_signer, REALM)
    forged = as_file(make_receipt(Level.RECEIVED, leaf, 0, [], note))
    assert verified(export, forged) == ["receipt: a receipt of another tree"]
    alone = export / "forged.tlog-proof"
    alone.write_bytes(forged)
    assert run(export / DIRECTORY_NAME, "--realm", REALM.hex(), alone)[0] == 0, (
        "a receipt alone is only signed"
    )


def test_a_checkpoint_of_a_foreign_key_or_realm_is_found(export, world):
    from procuration.record.checkpoint import TreeHead, sign_checkpoint

    all_items = items(export)
    place = next(place for place, item in enumerate(all_items) if item[0] == "checkpoint")
    leaf = next(item[1] for item in all_items if item[0] == "leaf")
    head = TreeHead(size=1, root=hashlib.sha256(b"\0" + leaf).digest())
    for signer, realm in ((builders.key("stranger"), REALM), (builders.key("checkpoint"), bytes(16))):
        changed = list(all_items)
        changed[place] = ["checkpoint", sign_checkpoint(head, signer, realm)]
        write(export, changed)
        assert verified(export)
    changed[place] = ["checkpoint", sign_checkpoint(head, builders.key("checkpoint"), REALM)]
    write(export, changed)
    assert verified(export) == [], "the same statement by the right key holds"


def test_a_log_whose_key_nobody_vouches_for_is_found(export, world):
    directory = world.centre.tables.directory
    without = replace(directory, entries=tuple(e for e in directory.entries if e.role.value not in (5, 6)))
    assert isinstance(without, Directory)
    (export / DIRECTORY_NAME).write_bytes(encode_directory(without))
    found = verified(export)
    assert any("not known for this" in fault for fault in found), "a tablet's supervisor"
    assert any("nobody vouches" in fault for fault in found), "the centre's own log"


def signed_again(changed):
    """A malicious centre: the tree over these leaves, with its own key."""
    from procuration.record.checkpoint import TreeHead, sign_checkpoint

    peaks, size, result = [], 0, []
    for item in changed:
        if item[0] == "leaf":
            peaks, size = VERIFIER.grown(peaks, size, hashlib.sha256(b"\0" + item[1]).digest()), size + 1
        if item[0] == "checkpoint":
            head = TreeHead(size=size, root=VERIFIER.root_of(peaks))
            item = ["checkpoint", sign_checkpoint(head, builders.key("checkpoint"), REALM)]
        result.append(item)
    return result


def test_a_centre_that_signs_a_leaf_of_an_event_that_it_does_not_show_is_found(export):
    changed = items(export)
    place = next(place for place, item in enumerate(changed) if item[0] == "leaf")
    tag, log, seq, _ = cbor2.loads(changed[place][1])
    write(export, signed_again(changed))
    assert verified(export) == []
    changed[place] = [
        "leaf",
        cbor2.dumps([tag, log, seq, hashlib.sha256(b"another").digest()], canonical=True),
    ]
    write(export, signed_again(changed))
    assert verified(export) == ["item: a leaf without event"]


def test_a_centre_that_shows_events_after_the_last_leaf_of_their_log_is_found(export):
    changed = items(export)
    last = max(place for place, item in enumerate(changed) if item[0] == "leaf")
    assert changed[last + 1][0] == "checkpoint"
    kept_items = [*changed[:last], *changed[last + 2 : -1]]
    _, logs, events, leaves, checkpoints = changed[-1]
    write(export, [*kept_items, ["end", logs, events, leaves - 1, checkpoints - 1]])
    assert verified(export) == ["item: a head without leaf"]


def test_the_command_writes_both_files_and_counts(kept, tmp_path):
    out = io.StringIO()
    call_command("export_proofs", str(tmp_path), stdout=out)
    assert {path.name for path in tmp_path.glob("*.cbor")} == {LEDGER_NAME, DIRECTORY_NAME}
    assert "3 journaux" in out.getvalue()
    assert run(tmp_path / DIRECTORY_NAME, "--ledger", tmp_path / LEDGER_NAME)[0] == 0
