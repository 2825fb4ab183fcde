"""Directory, enrolments, receipts, tables: what is believed, and why."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.identifiers import Realm
from procuration.domain.people import PlaceType
from procuration.errors import RecordRejected, RuleViolated
from procuration.record import canonical
from procuration.record.checkpoint import TreeHead, key_id, sign_checkpoint, verify_checkpoint
from procuration.record.directory import Directory, Role, encode_directory, read_directory
from procuration.record.enrolment import read_enrolment, sign_enrolment, verify_enrolment
from procuration.record.merkle import (
    EMPTY_ROOT,
    inclusion_proof,
    leaf_data,
    leaf_hash,
    new_nodes,
    root_hash,
    verify_inclusion,
)
from procuration.record.receipt import Level, make_receipt, verify_receipt
from procuration.record.tables import encode_table, read_calendar, read_law, read_table
from tests.builders import NOW, REALM, Device, directory, key, log_id
from tests.record.vectors.make_vectors import device_enrolment, officer_enrolment

KIOSK, BRIGADE = Device("kiosk"), Device("brigade")
LISTED = directory((KIOSK, Role.KIOSK), (BRIGADE, Role.BRIGADE))
CHECKPOINT_KEY = key("checkpoint").cose_key


def test_a_directory_comes_back_as_it_was():
    assert read_directory(encode_directory(LISTED)) == LISTED


def test_a_key_counts_in_its_role_and_term_only():
    kid = KIOSK.key.kid
    assert LISTED.valid_entry(kid, NOW, Role.KIOSK).log_id == KIOSK.log_id
    revoked = replace(LISTED.entry(kid, Role.KIOSK), revoked_at=NOW)
    for listed, at, roles, code in (
        (LISTED, NOW, (Role.BRIGADE,), "KEY_ROLE"),
        (LISTED, NOW - timedelta(days=31), (Role.KIOSK,), "KEY_NOT_YET"),
        (LISTED, NOW + timedelta(days=366), (Role.KIOSK,), "KEY_ENDED"),
        (replace(LISTED, entries=(revoked,)), NOW, (Role.KIOSK,), "KEY_REVOKED"),
        (replace(LISTED, entries=()), NOW, (Role.KIOSK,), "KEY_UNKNOWN"),
    ):
        with pytest.raises(RecordRejected, match=code):
            listed.valid_entry(kid, at, *roles)


def test_the_epoch_and_the_server_key_in_force_are_those_of_the_day():
    assert LISTED.epoch(NOW).number == 1
    assert LISTED.epoch(NOW + timedelta(days=20)).number == 2
    assert LISTED.epoch(NOW + timedelta(days=200)) is None
    assert LISTED.centre(NOW) == LISTED.server_sealing_keys[0].key
    with pytest.raises(RuleViolated, match="ANNUAIRE_SANS_CLE"):
        LISTED.centre(NOW + timedelta(days=200))


def test_a_directory_whose_key_ids_lie_is_refused():
    value = canonical.decode(encode_directory(LISTED), max_bytes=100_000)
    value[4][0][0] = bytes(8)
    with pytest.raises(RecordRejected, match="DIRECTORY_KID"):
        read_directory(canonical.encode(value))


@pytest.mark.parametrize(
    ("changes", "code"), [({}, "DIRECTORY_KID"), ({2: Role.SUPERVISOR.value}, "DIRECTORY_KID")]
)
def test_a_key_stands_in_a_directory_once(changes, code):
    value = canonical.decode(encode_directory(LISTED), max_bytes=100_000)
    value[4].append(value[4][0] | changes)
    with pytest.raises(RecordRejected, match=code):
        read_directory(canonical.encode(value))


def test_officers_are_in_enrolments_and_in_no_directory():
    value = canonical.decode(encode_directory(LISTED), max_bytes=100_000)
    value[4][0][2] = Role.OFFICER.value
    with pytest.raises(RecordRejected, match="DIRECTORY_ENTRY"):
        read_directory(canonical.encode(value))


@pytest.mark.parametrize("enrolment", [device_enrolment(KIOSK), officer_enrolment()])
def test_an_enrolment_signed_by_a_supervisor_comes_back_as_it_was(enrolment):
    assert verify_enrolment(sign_enrolment(enrolment, key("supervisor"), REALM), LISTED, REALM) == enrolment


def test_a_revoked_supervisor_dates_no_enrolment_back():
    signed = sign_enrolment(officer_enrolment(), key("supervisor"), REALM)
    supervisor = replace(LISTED.entry(key("supervisor").kid, Role.SUPERVISOR), revoked_at=NOW)
    revoked = replace(LISTED, entries=(supervisor,))
    assert verify_enrolment(signed, revoked, REALM, met_at=NOW - timedelta(seconds=1))
    assert verify_enrolment(signed, revoked, REALM), "one that was met before stays good"
    with pytest.raises(RecordRejected, match="KEY_REVOKED"):
        verify_enrolment(signed, revoked, REALM, met_at=NOW)


@pytest.mark.parametrize(("signer", "code"), [("kiosk", "KEY_ROLE"), ("nobody", "KEY_UNKNOWN")])
def test_nobody_but_a_supervisor_enrols(signer, code):
    with pytest.raises(RecordRejected, match=code):
        verify_enrolment(sign_enrolment(officer_enrolment(), key(signer), REALM), LISTED, REALM)


def test_an_enrolment_of_another_realm_is_refused():
    signed = sign_enrolment(officer_enrolment(), key("supervisor"), Realm(bytes(16)))
    with pytest.raises(RecordRejected, match="SIGNATURE"):
        verify_enrolment(signed, LISTED, REALM)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(officer_enrolment(), role=Role.SUPERVISOR), "ENROLMENT_FIELDS"),
        (replace(officer_enrolment(), designation=None), "ENROLMENT_FIELDS"),
        (replace(device_enrolment(KIOSK), sealing_key=None), "ENROLMENT_FIELDS"),
        (replace(device_enrolment(KIOSK), role=Role.BRIGADE), "ENROLMENT_FIELDS"),
        (replace(device_enrolment(KIOSK), configuration=None), "ENROLMENT_FIELDS"),
        (replace(officer_enrolment(), not_after=NOW - timedelta(days=2)), "ENROLMENT_TERM"),
        (replace(officer_enrolment(), not_after=NOW + timedelta(days=91)), "ENROLMENT_TERM"),
    ],
)
def test_an_enrolment_that_contradicts_itself_is_refused(wrong, code):
    with pytest.raises(RecordRejected, match=code):
        verify_enrolment(sign_enrolment(wrong, key("supervisor"), REALM), LISTED, REALM)
    with pytest.raises(RecordRejected):
        read_enrolment(b"\xa0")


@pytest.mark.parametrize(
    ("enrolment", "changes"),
    [
        (device_enrolment(KIOSK), {0: True}),
        (device_enrolment(KIOSK), {9: "OPJ"}),
        (officer_enrolment(), {9: None}),
        (officer_enrolment(), {8: ["", "Maëva Rose", "OPJ"]}),
        (officer_enrolment(), {8: ["TAHUA", "Maëva Rose", " "]}),
    ],
)
def test_an_enrolment_with_a_value_out_of_place_is_refused(enrolment, changes):
    signed = canonical.decode(sign_enrolment(enrolment, key("supervisor"), REALM), max_bytes=10_000)
    value = canonical.decode(signed[2], max_bytes=10_000) | changes
    with pytest.raises(RecordRejected):
        read_enrolment(canonical.encode(value))
    if None in changes.values():
        without = {label: kept for label, kept in value.items() if kept is not None}
        with pytest.raises(RecordRejected, match="ENROLMENT_FIELDS"):
            read_enrolment(canonical.encode(without))


class Tree:
    """A tree in memory."""

    def __init__(self, *leaves: bytes) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for size, leaf in enumerate(leaves):
            self.nodes |= {
                (level, index): value for level, index, value in new_nodes(size, leaf_hash(leaf), self.node)
            }

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 64])
def test_every_leaf_of_a_tree_of_any_size_has_a_proof_that_verifies(size):
    leaves = [b"leaf %d" % number for number in range(size)]
    tree = Tree(*leaves)
    root = root_hash(size, tree.node)
    for index, leaf in enumerate(leaves):
        path = inclusion_proof(index, size, tree.node)
        verify_inclusion(leaf_hash(leaf), index, size, path, root)
        with pytest.raises(RecordRejected, match="PROOF_"):
            verify_inclusion(leaf_hash(b"another"), index, size, path, root)
        with pytest.raises(RecordRejected, match="PROOF_"):
            verify_inclusion(leaf_hash(leaf), index, size, [*path, bytes(32)], root)
        if size > 1:
            with pytest.raises(RecordRejected, match="PROOF_"):
                verify_inclusion(leaf_hash(leaf), (index + 1) % size, size, path, root)


def test_an_empty_tree_has_the_hash_of_nothing_as_root():
    assert root_hash(0, Tree().node) == EMPTY_ROOT
    with pytest.raises(RecordRejected, match="PROOF_INDEX"):
        inclusion_proof(0, 0, Tree().node)


HASH = KIOSK.records.__self__.head.hash
LEAVES = [leaf_data(log_id(name), 4, HASH) for name in ("a", "b", "kiosk", "c", "d")]
TREE = Tree(*LEAVES)
NOTE = sign_checkpoint(TreeHead(size=5, root=root_hash(5, TREE.node)), key("checkpoint"), REALM)
RECEIPT = make_receipt(Level.RECEIVED, LEAVES[2], 2, inclusion_proof(2, 5, TREE.node), NOTE)


def test_a_receipt_names_the_head_that_it_proves():
    proved = verify_receipt(RECEIPT, CHECKPOINT_KEY, REALM)
    assert (proved.log_id, proved.seq, proved.hash, proved.tree.size) == (log_id("kiosk"), 4, HASH, 5)


def test_a_receipt_is_a_tlog_proof_of_c2sp():
    lines = (RECEIPT.proof + RECEIPT.checkpoint).decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert base64.b64decode(lines[1].removeprefix("extra ")) == LEAVES[2]
    assert lines[2] == "index 2"
    assert lines[6:9] == ["", f"relais-procuration/{REALM.hex()}", "5"]


@pytest.mark.parametrize(
    "wrong",
    [
        replace(RECEIPT, proof=RECEIPT.proof.replace(b"index 2", b"index 3")),
        replace(RECEIPT, proof=RECEIPT.proof.replace(b"index 2", b"index 02")),
        replace(RECEIPT, proof=RECEIPT.proof.replace(b"@v1", b"@v2")),
        replace(RECEIPT, proof=RECEIPT.proof[:-1]),
        replace(RECEIPT, proof=b"\xff"),
        replace(RECEIPT, proof=bytes(9000)),
        replace(RECEIPT, checkpoint=NOTE.replace(b"\n5\n", b"\n6\n")),
        replace(RECEIPT, checkpoint=NOTE[:-1]),
        replace(RECEIPT, checkpoint=b""),
        make_receipt(Level.RECEIVED, LEAVES[1], 2, inclusion_proof(2, 5, TREE.node), NOTE),
        make_receipt(Level.RECEIVED, b"no leaf", 2, inclusion_proof(2, 5, TREE.node), NOTE),
    ],
)
def test_a_receipt_that_proves_nothing_is_refused(wrong):
    with pytest.raises(RecordRejected):
        verify_receipt(wrong, CHECKPOINT_KEY, REALM)


def test_a_checkpoint_of_another_key_or_realm_is_refused_and_other_signers_are_ignored():
    with pytest.raises(RecordRejected, match="CHECKPOINT_UNSIGNED"):
        verify_checkpoint(NOTE, key("server").cose_key, REALM)
    with pytest.raises(RecordRejected, match="CHECKPOINT_ORIGIN"):
        verify_checkpoint(NOTE, CHECKPOINT_KEY, Realm(bytes(16)))
    witness = "\u2014 witness.example " + base64.b64encode(bytes(68)).decode() + "\n"
    assert verify_checkpoint(NOTE + witness.encode(), CHECKPOINT_KEY, REALM).size == 5


def test_the_key_id_of_a_note_is_the_published_one():
    # The example of the signed-note format: PeterNeumann's verifier key.
    name, key_hash, data = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".split("+", 2)
    assert key_id(name, base64.b64decode(data)[1:]).hex() == key_hash


CALENDAR_ROW = [
    "2027-04/988",
    ["presidentielle"],
    ["988", ["98719", 1]],
    [2027, 4, 11],
    [2027, 4, 25],
    [[1807390800, 1807426800], [1808600400, 1808636400]],
    "Pacific/Noumea",
    2,
    1,
    "L. 73",
]


def test_a_calendar_row_becomes_a_scrutin():
    issued = datetime(2027, 1, 1, tzinfo=UTC)
    (scrutin,) = read_calendar(read_table(encode_table(1, issued, [CALENDAR_ROW])))
    assert scrutin.rounds[0].day == date(2027, 4, 11)
    assert scrutin.places == ("988", ("98719", PlaceType.COMMUNE))
    assert scrutin.last_closing == datetime.fromtimestamp(1808636400, UTC)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (3, [2027, 2, 30], "FIELD_DATE"),
        (3, [2027, 13, 1], "FIELD_DATE"),
        (3, [2027, 4, 0], "FIELD_DATE"),
        (3, [2027, 4, 25], "CALENDAR_ROUNDS"),
        (3, [2027, 5, 9], "CALENDAR_ROUNDS"),
        (4, [2027, 4, 11], "CALENDAR_ROUNDS"),
        (4, [2027, 4, 4], "CALENDAR_ROUNDS"),
        (4, None, "FIELD_LIST"),
        (3, None, "FIELD_LIST"),
        (5, [[2, 1], [3, 4]], "CALENDAR_ROUNDS"),
        (5, [[1807390800, 1808610000], [1808600400, 1808636400]], "CALENDAR_ROUNDS"),
        (5, [[1807563600, 1807599600], [1808773200, 1808809200]], "CALENDAR_DAY"),
        (7, -1, "FIELD_INTEGER"),
        (7, 0, "CALENDAR_CEILING"),
        (8, 3, "CALENDAR_CEILING"),
        (2, [["98719", 9]], "FIELD_ENUM"),
        (2, [], "CALENDAR_NO_PLACE"),
        (2, ["988", "988"], "CALENDAR_TWICE"),
        (1, [], "CALENDAR_NO_ELECTION"),
        (0, "x" * 65, "FIELD_TEXT"),
    ],
)
def test_r_37_a_calendar_row_that_contradicts_itself_is_refused(column, value, code):
    row = [*CALENDAR_ROW[:column], value, *CALENDAR_ROW[column + 1 :]]
    with pytest.raises(RecordRejected, match=code):
        read_calendar(read_table(encode_table(1, NOW, [row])))


@pytest.mark.parametrize("hours", [[], [[1807390800, 1807426800]]])
def test_a_ballot_has_a_first_round(hours):
    second = [2027, 4, 25] if hours else None
    row = [*CALENDAR_ROW[:3], None, second, hours, *CALENDAR_ROW[6:]]
    with pytest.raises(RecordRejected, match="FIELD_LIST"):
        read_calendar(read_table(encode_table(1, NOW, [row])))


def test_two_rows_of_one_name_are_refused():
    with pytest.raises(RecordRejected, match="CALENDAR_DUPLICATE"):
        read_calendar(read_table(encode_table(1, NOW, [CALENDAR_ROW, CALENDAR_ROW])))


def test_r_31_two_rows_of_one_ballot_for_one_place_are_refused():
    again = ["2027-04/noumea", *CALENDAR_ROW[1:]]
    with pytest.raises(RecordRejected, match="CALENDAR_TWICE"):
        read_calendar(read_table(encode_table(1, NOW, [CALENDAR_ROW, again])))


def test_a_law_row_becomes_a_parameter():
    row = ["control_regime", "MAIRIE", "988", [2022, 1, 3], None, "Code électoral, art. R. 213-1"]
    (parameter,) = read_law(read_table(encode_table(1, NOW, [row])))
    assert (parameter.value, parameter.last_day, parameter.in_force(date(2024, 7, 7))) == (
        "MAIRIE",
        None,
        True,
    )
    assert isinstance(LISTED, Directory)
