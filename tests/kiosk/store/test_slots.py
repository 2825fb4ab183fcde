"""A code opens the store with the unit's service key; a wrong one is counted before it is tried."""

import hmac
import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk_app.store import slots as key_slots
from kiosk_app.store.attempts import Attempts
from kiosk_app.store.slots import Argon2Cost, KeySlots, SlotKind, unwrap_officer_key, wrap_officer_key
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.canonical import decode, encode

REALM, LOG = bytes(16), bytes(8)
CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
CODE, PHRASE = "314159", "un chat dort sur le mur"


class SetClock:
    """A monotonic clock that the test moves."""

    boot_id = b"boot-one"

    def __init__(self):
        self.ms = 5_000

    def monotonic_ms(self):
        return self.ms


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def slots(tmp_path, clock):
    made = KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: b"s" * 32, CHEAP)
    store_key = os.urandom(32)
    made.add(CODE, SlotKind.SERVICE_KEY, store_key)
    made.add(PHRASE, SlotKind.PASS_PHRASE, store_key)
    return made


def wrong(slots):
    with pytest.raises(RuleViolated) as refused:
        slots.open("000000")
    return refused.value.code, refused.value.ids


def test_both_slots_open_the_same_store(slots):
    assert slots.open(CODE).store_key == slots.open(PHRASE).store_key


def test_three_wrong_codes_tell_the_tries_left_and_the_right_one_starts_again(slots):
    told = [wrong(slots) for _ in range(3)]
    assert told == [("CODE_INCORRECT", {"tries_left": left}) for left in (9, 8, 7)]
    slots.open(CODE)
    assert wrong(slots) == ("CODE_INCORRECT", {"tries_left": 9})


def test_after_five_tries_each_one_waits_twice_as_long_and_the_tenth_blocks(slots, clock):
    for _ in range(5):
        wrong(slots)
    for failures in range(5, 10):
        wait = 15 * 2 ** (failures - 5)
        assert wrong(slots) == ("ATTENDRE", {"seconds": wait})
        clock.ms += wait * 1000
        code = wrong(slots)[0]
    assert code == "ACCES_BLOQUE"
    clock.ms += 10**9
    with pytest.raises(RuleViolated, match="ACCES_BLOQUE"):
        slots.open(CODE)


def test_a_blocked_code_leaves_the_pass_phrase_of_the_supervisor_usable(slots, clock):
    for _ in range(10):
        wrong(slots)
        clock.ms += 10**6
    assert slots.open(PHRASE).slot.kind is SlotKind.PASS_PHRASE


def test_a_restart_does_not_shorten_the_wait(slots, clock, tmp_path):
    for _ in range(6):
        wrong(slots)
        clock.ms += 10**6
    clock.boot_id, clock.ms = b"boot-two", 1_000
    assert wrong(slots) == ("ATTENDRE", {"seconds": 29})


def test_the_count_is_on_the_disk_before_the_try(slots, tmp_path, clock, monkeypatch):
    monkeypatch.setattr(KeySlots, "_try", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        slots.open(CODE)
    monkeypatch.undo()
    assert wrong(slots) == ("CODE_INCORRECT", {"tries_left": 8})


def test_a_power_cut_while_a_code_is_added_locks_nobody_out(slots, tmp_path, clock, monkeypatch):
    def cut(path, data, mode):
        raise KeyboardInterrupt

    for module in ("slots", "attempts"):  # before each of the two files
        with monkeypatch.context() as patch:
            patch.setattr(f"kiosk_app.store.{module}.write_durably", cut)
            with pytest.raises(KeyboardInterrupt):
                slots.add("271828", SlotKind.SERVICE_KEY, os.urandom(32))
        again = KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: b"s" * 32, CHEAP)
        assert again.open(CODE)


def test_the_code_alone_opens_nothing_without_the_service_key(slots, tmp_path, clock):
    without = KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: None, CHEAP)
    with pytest.raises(RuleViolated, match="CLE_DE_SERVICE_ABSENTE"):
        without.open(CODE)
    other = KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: b"t" * 32, CHEAP)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        other.open(CODE)


def test_a_stick_that_is_away_costs_no_try_and_hides_no_phrase(slots, tmp_path, clock):
    without = KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: None, CHEAP)
    for _ in range(12):
        with pytest.raises(RuleViolated, match="CLE_DE_SERVICE_ABSENTE"):
            without.open(CODE)
    assert without.open(PHRASE).slot.kind is SlotKind.PASS_PHRASE
    assert [state.tries_left for state in without.states()] == [10, 10]


def test_all_codes_are_tried_for_the_price_of_one(slots, monkeypatch):
    made = []
    for number in range(4):
        slots.add(f"00000{number}", SlotKind.SERVICE_KEY, bytes(32))

    def counted(**named):
        made.append(named)
        return argon2(**named)

    argon2 = key_slots.Argon2id
    monkeypatch.setattr(key_slots, "Argon2id", counted)
    assert slots.open("000003").slot.kind is SlotKind.SERVICE_KEY
    assert len(made) == 1


def test_slots_that_share_a_salt_have_keys_of_their_own(slots, clock, tmp_path):
    store_key = os.urandom(32)
    slots.add("000001", SlotKind.SERVICE_KEY, store_key)
    first, _, last = slots.listed()
    assert (first.salt, slots.open("000001").slot_key) != (last.salt, slots.open(CODE).slot_key)
    assert first.salt == last.salt
    rows = decode((tmp_path / "slots.cbor").read_bytes(), max_bytes=4096)
    rows[2][5], rows[2][4] = rows[0][5], rows[0][4]  # the key of one, as wrapped, under the name of the other
    (tmp_path / "slots.cbor").write_bytes(encode(rows))
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        slots.open(CODE, last.slot_id)


def test_the_key_of_a_slot_is_made_as_the_format_says(slots):
    """Argon2id, then HKDF as RFC 5869 writes it, by hand."""
    slot = slots.listed()[0]
    stretched = key_slots.Argon2id(salt=slot.salt, length=32, iterations=1, lanes=1, memory_cost=64)
    extracted = hmac.digest(bytes(32), stretched.derive(CODE.encode()) + b"s" * 32, "sha256")
    key = hmac.digest(extracted, b"procu/kek/1" + slot.slot_id + b"\x01", "sha256")
    context = encode(["procu/slot/1", REALM, LOG, slot.slot_id, 3, [64, 1, 1]])
    assert AESGCM(key).decrypt(slot.nonce, slot.wrapped, context) == slots.open(CODE).store_key


def test_a_slot_whose_cost_is_another_has_a_salt_of_its_own(slots, clock, tmp_path):
    dearer = Argon2Cost(memory_kib=128, passes=1, lanes=1)
    KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: b"s" * 32, dearer).add(
        "000001", SlotKind.SERVICE_KEY, bytes(32)
    )
    assert len({slot.salt for slot in slots.listed()}) == 2
    assert slots.open("000001").slot.cost == dearer


def test_a_code_that_is_taken_away_opens_nothing_and_the_others_still_do(slots):
    added = slots.add("271828", SlotKind.SERVICE_KEY, slots.open(CODE).store_key)
    slots.remove(added.slot.slot_id)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        slots.open("271828")
    assert slots.open(CODE).store_key == slots.open(PHRASE).store_key
    assert len(slots.states()) == 2
    with pytest.raises(RuleViolated, match="CODE_INCONNU"):
        slots.remove(added.slot.slot_id)


def test_two_codes_that_open_are_always_left(slots, clock):
    for slot in slots.listed():
        with pytest.raises(RuleViolated, match="DERNIERS_CODES"):
            slots.remove(slot.slot_id)
    for _ in range(10):
        wrong(slots)
        clock.ms += 10**6
    added = slots.add("271828", SlotKind.SERVICE_KEY, slots.open(PHRASE).store_key)
    blocked = slots.listed()[0]
    assert [state.blocked for state in slots.states()] == [True, False, False]
    with pytest.raises(RuleViolated, match="DERNIERS_CODES"):  # the blocked one does not count
        slots.remove(added.slot.slot_id)
    slots.remove(blocked.slot_id)
    assert slots.open("271828").store_key == slots.open(PHRASE).store_key


def test_a_power_cut_while_a_code_is_taken_away_locks_nobody_out(slots, tmp_path, clock, monkeypatch):
    added = slots.add("271828", SlotKind.SERVICE_KEY, slots.open(CODE).store_key)

    def cut(path, data, mode):
        raise KeyboardInterrupt

    for name in ("slots", "attempts"):  # before each of the two files
        with monkeypatch.context() as patch:
            patch.setattr(f"kiosk_app.store.{name}.write_durably", cut)
            with pytest.raises(KeyboardInterrupt):
                slots.remove(added.slot.slot_id)
        again = KeySlots(tmp_path, REALM, LOG, Attempts(tmp_path, clock), lambda: b"s" * 32, CHEAP)
        assert again.open(CODE).store_key == again.open(PHRASE).store_key
        assert again.states()
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        slots.open("271828")


def test_a_slot_of_another_log_or_realm_does_not_open_here(slots, tmp_path, clock):
    moved = KeySlots(tmp_path, REALM, b"otherlog", Attempts(tmp_path, clock), lambda: b"s" * 32, CHEAP)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        moved.open(CODE)


@pytest.mark.parametrize("code", ["12345", ""])
def test_a_short_code_is_refused_when_it_is_chosen(slots, code):
    with pytest.raises(RuleViolated, match="CODE_TROP_COURT"):
        slots.add(code, SlotKind.SERVICE_KEY, bytes(32))
    with pytest.raises(RuleViolated, match="CODE_TROP_COURT"):
        slots.add("treize lettre", SlotKind.PASS_PHRASE, bytes(32))


@pytest.mark.parametrize("damage", [b"", b"\x00", b"\xff" * 100, b"\x81\xa0"])
def test_a_damaged_slot_file_is_not_mistaken_for_a_wrong_code(slots, tmp_path, damage):
    (tmp_path / "slots.cbor").write_bytes(damage)
    with pytest.raises(RecordRejected, match="CODES_ENDOMMAGES"):
        slots.open(CODE)


def test_one_damaged_slot_leaves_the_other_usable(slots, tmp_path):
    path = tmp_path / "slots.cbor"
    data = bytearray(path.read_bytes())
    data[data.index(slots.listed()[0].wrapped)] ^= 1
    path.write_bytes(data)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        slots.open(CODE)
    assert slots.open(PHRASE).store_key


def test_an_officer_key_opens_only_with_the_slot_that_wrapped_it(slots):
    mine, other = slots.open(CODE), slots.open(PHRASE)
    wrapped = wrap_officer_key(mine, b"kid-8byt", b"k" * 32)
    assert unwrap_officer_key(mine, b"kid-8byt", wrapped) == b"k" * 32
    for opened, kid in ((other, b"kid-8byt"), (mine, b"another!")):
        with pytest.raises(RecordRejected, match="CLE_AGENT_ENDOMMAGEE"):
            unwrap_officer_key(opened, kid, wrapped)


def test_a_power_cut_while_a_code_is_added_leaves_the_others_usable(slots, tmp_path, monkeypatch):
    monkeypatch.setattr(Attempts, "add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        slots.add("271828", SlotKind.SERVICE_KEY, bytes(32))
    monkeypatch.undo()
    assert slots.open(CODE).store_key


DAMAGES = {
    "no counter": lambda rows: [],
    "one twice": lambda rows: [*rows, rows[0]],
    "a boolean for a count": lambda rows: [[rows[0][0], True, *rows[0][2:]], *rows[1:]],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_counters_that_leave_out_or_double_a_slot_are_damage_and_no_free_try(slots, tmp_path, damage):
    path = tmp_path / "attempts.cbor"
    path.write_bytes(encode(DAMAGES[damage](decode(path.read_bytes(), max_bytes=1024))))
    with pytest.raises(RecordRejected, match="CODES_ENDOMMAGES"):
        slots.open(CODE)


def test_a_slot_has_one_encoding_and_no_field_more(slots, tmp_path):
    path = tmp_path / "slots.cbor"
    first, *others = decode(path.read_bytes(), max_bytes=4096)
    for changed in (first | {7: b"more"}, first | {3: [64, True, True]}, first | {6: b"short"}):
        path.write_bytes(encode([changed, *others]))
        with pytest.raises(RecordRejected, match="CODES_ENDOMMAGES"):
            slots.open(CODE)


@pytest.mark.parametrize(
    "cost", [[2**42, 3, 4], [65_536, 2**32, 1], [65_536, 3, 2**24], [65_536, 0, 1], [-1, 1, 1]]
)
def test_a_file_cannot_make_one_try_cost_terabytes_or_years(slots, tmp_path, cost):
    path = tmp_path / "slots.cbor"
    first, *others = decode(path.read_bytes(), max_bytes=4096)
    path.write_bytes(encode([first | {3: cost}, *others]))
    with pytest.raises(RecordRejected, match="CODES_ENDOMMAGES"):
        slots.open(CODE)
