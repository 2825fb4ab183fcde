"""Slots whose second secret is in a TPM or a token: what opens them, what does not, what a thief gains."""

import gc
import os
from dataclasses import replace

import pytest

from kiosk_app.store.attempts import Attempts
from kiosk_app.store.slot_file import written_slots
from kiosk_app.store.slots import Argon2Cost, KeySlots, SlotKind, _Stretch
from procuration.adapters import token_secret
from procuration.adapters.token_secret import TokenSecret
from procuration.adapters.tpm_secret import TpmSecret, _auth, read_sealed
from procuration.errors import RecordRejected, RuleViolated
from procuration.ports import TypedCode
from procuration.record.canonical import decode, encode
from tests.hardware import overheard, soft_tokens, soft_tpm
from tests.kiosk.store.test_slots import SetClock

REALM, LOG = bytes(16), bytes(8)
CHEAP = Argon2Cost(memory_kib=64, passes=1, lanes=1)
CODE, OTHER_CODE, PHRASE = "31415926", "27182818", "un chat dort sur le mur"
PIN, WRONG_PIN = "161803", "161804"
STORE_KEY = bytes(range(32))


@pytest.fixture
def tpm():
    with soft_tpm() as made:
        yield made


@pytest.fixture
def tokens(tmp_path):
    folder = tmp_path / "reader"
    folder.mkdir()
    with soft_tokens(folder) as made:
        yield made


@pytest.fixture
def tablet(tmp_path):
    """The folder of one tablet's slots; `tablet(kind=keeper)` is the program started with that hardware."""
    folder, clock = tmp_path / "tablet", SetClock()
    folder.mkdir()

    def started(**hardware):
        keepers = {SlotKind[name.upper()]: keeper for name, keeper in hardware.items()}
        return KeySlots(folder, REALM, LOG, Attempts(folder, clock), lambda: b"s" * 32, CHEAP, keepers)

    started.folder, started.clock = folder, clock
    return started


@pytest.fixture
def sealed(tablet, tpm):
    """A tablet with a code sealed to its TPM, and the supervisor's phrase."""
    slots = tablet(tpm=tpm.keeper)
    slots.add(CODE, SlotKind.TPM, STORE_KEY)
    slots.add(PHRASE, SlotKind.PASS_PHRASE, STORE_KEY)
    return slots


@pytest.fixture
def carded(tablet, tokens):
    """A tablet with a code on a card, and the supervisor's phrase."""
    slots = tablet(token=tokens.gets("carte", PIN))
    slots.add(PIN, SlotKind.TOKEN, STORE_KEY)
    slots.add(PHRASE, SlotKind.PASS_PHRASE, STORE_KEY)
    return slots


def refused(slots, code, slot_id=None):
    with pytest.raises((RuleViolated, RecordRejected)) as caught:
        slots.open(code, slot_id)
    return caught.value.code


def tries_left(slots, kind):
    return next(state.tries_left for state in slots.states() if state.slot.kind is kind)


def the_phrase_still_opens(slots):
    return slots.open(PHRASE).store_key == STORE_KEY


# ---- TPM


def test_the_code_opens_with_the_tpm_that_sealed_also_after_a_restart(sealed, tpm):
    assert sealed.open(CODE).store_key == STORE_KEY
    tpm.starts_again()
    assert sealed.open(CODE).slot.kind is SlotKind.TPM


def test_a_wrong_code_is_counted_once_by_the_tpm_and_once_by_us(sealed, tpm):
    assert refused(sealed, CODE[:-1] + "7") == "CODE_INCORRECT"
    assert (tpm.wrong_codes(), tries_left(sealed, SlotKind.TPM)) == (1, 9)


def test_ten_wrong_codes_block_the_slot_and_the_right_one_is_not_tried_any_more(sealed, tpm, tablet):
    for _ in range(10):
        tablet.clock.ms += 10**6
        tpm.forgets_wrong_codes()
        code = refused(sealed, CODE[:-1] + "7")
    assert code == "ACCES_BLOQUE"
    tablet.clock.ms += 10**9
    before = tpm.wrong_codes()
    assert refused(sealed, CODE) == "ACCES_BLOQUE"
    assert tpm.wrong_codes() == before
    assert the_phrase_still_opens(sealed)


def test_a_tpm_that_saw_too_many_wrong_codes_says_so_and_costs_no_try_here(sealed, tpm):
    for _ in range(3):  # what swtpm allows
        refused(sealed, CODE[:-1] + "7")
    assert refused(sealed, CODE) == "TPM_VERROUILLE"
    assert tries_left(sealed, SlotKind.TPM) == 7
    assert the_phrase_still_opens(sealed)
    tpm.forgets_wrong_codes()
    assert sealed.open(CODE).store_key == STORE_KEY


def test_other_firmware_closes_the_code_and_the_phrase_makes_a_new_one(sealed, tpm):
    tpm.measures_other_firmware()
    assert refused(sealed, CODE) == "TPM_MESURES"
    assert refused(sealed, CODE[:-1] + "7") == "TPM_MESURES"  # nothing is told about the code either
    assert (tpm.wrong_codes(), tries_left(sealed, SlotKind.TPM)) == (0, 10)
    sealed.add(OTHER_CODE, SlotKind.TPM, sealed.open(PHRASE).store_key)
    assert sealed.open(OTHER_CODE).store_key == STORE_KEY


def test_a_cleared_tpm_opens_nothing_and_the_same_code_can_be_made_again(sealed, tpm):
    tpm.is_cleared()
    assert refused(sealed, CODE) == "TPM_AUTRE"
    assert the_phrase_still_opens(sealed)
    sealed.add(CODE, SlotKind.TPM, STORE_KEY)
    assert sealed.open(CODE).store_key == STORE_KEY


def test_a_tpm_that_is_away_costs_no_try(sealed, tpm):
    tpm.stops()
    assert refused(sealed, CODE) == "TPM_ABSENT"
    assert tries_left(sealed, SlotKind.TPM) == 10
    assert the_phrase_still_opens(sealed)


def test_a_stolen_disk_with_the_code_opens_nothing_without_its_tpm(sealed, tablet, tpm):
    assert refused(tablet(), CODE) == "TPM_ABSENT"
    with soft_tpm() as thiefs:
        assert refused(tablet(tpm=thiefs.keeper), CODE) == "TPM_AUTRE"
        slot = sealed.listed()[0]
        claimed = replace(read_sealed(slot.held), parent=_parent_of(thiefs))  # past our own check
        _replace_first(tablet.folder, slot, held=claimed.written())
        assert refused(tablet(tpm=thiefs.keeper), CODE) == "TPM_AUTRE"


def _parent_of(tpm):
    typed = TypedCode(slot_id=bytes(8), code=CODE, stretched=bytes(32))
    return read_sealed(tpm.keeper.make(typed, [])[1]).parent


def _replace_first(folder, slot, **changes):
    path = folder / "slots.cbor"
    first, *others = KeySlots(folder, REALM, LOG, None).listed()
    assert first == slot
    path.write_bytes(written_slots([replace(first, **changes), *others]))


def test_what_was_sealed_for_another_slot_does_not_open_this_one(sealed, tablet, tpm):
    sealed.add(OTHER_CODE, SlotKind.TPM, STORE_KEY)
    mine, _, theirs = sealed.listed()
    swapped = replace(read_sealed(theirs.held), prefix=CODE[:2])
    _replace_first(tablet.folder, mine, held=swapped.written())
    assert (refused(sealed, CODE), tpm.wrong_codes()) == ("CODE_INCORRECT", 1)


def test_nor_does_what_was_sealed_for_another_slot_under_the_same_code(sealed, tablet, tpm):
    mine = sealed.listed()[0]
    elsewhere = replace(typed_code(mine, CODE), slot_id=b"another!")
    _replace_first(tablet.folder, mine, held=tpm.keeper.make(elsewhere, [])[1])
    assert (refused(sealed, CODE), tpm.wrong_codes()) == ("CODE_INCORRECT", 1)


@pytest.mark.parametrize("part", ["public", "private", "parent"])
def test_a_sealed_object_with_one_bit_changed_opens_nothing_and_costs_no_try(sealed, tablet, tpm, part):
    slot = sealed.listed()[0]
    whole = read_sealed(slot.held)
    for place in range(0, len(getattr(whole, part)), 7):
        changed = bytearray(getattr(whole, part))
        changed[place] ^= 1 << place % 8
        _replace_first(tablet.folder, slot, held=replace(whole, **{part: bytes(changed)}).written())
        slot = sealed.listed()[0]
        assert refused(sealed, CODE) == "TPM_AUTRE"
    assert (tpm.wrong_codes(), tries_left(sealed, SlotKind.TPM)) == (0, 10)
    assert the_phrase_still_opens(sealed)


def test_a_code_is_tried_on_the_one_slot_that_begins_like_it(sealed, tpm):
    sealed.add(OTHER_CODE, SlotKind.TPM, STORE_KEY)
    assert sealed.open(OTHER_CODE).store_key == STORE_KEY
    assert tpm.wrong_codes() == 0
    assert refused(sealed, "99999999") == "CODE_INCORRECT"
    assert tpm.wrong_codes() == 0


def test_two_codes_of_the_tpm_do_not_begin_alike_and_have_eight_characters(sealed, tpm):
    for kind in (SlotKind.TPM, SlotKind.SERVICE_KEY):
        with pytest.raises(RuleViolated, match="DEBUT_DE_CODE_PRIS"):
            sealed.add(CODE[:2] + "000000", kind, STORE_KEY)
    with pytest.raises(RuleViolated) as short:
        sealed.add("2718281", SlotKind.TPM, STORE_KEY)
    assert (short.value.code, short.value.ids) == ("CODE_TROP_COURT", {"characters_min": 8})
    assert tpm.wrong_codes() == 0


def test_the_bus_of_the_tpm_sees_neither_the_code_nor_the_secret(sealed, tablet, tpm):
    seen = []
    with overheard(tpm, seen) as reached:
        slots = tablet(tpm=TpmSecret(reached))
        slots.add(OTHER_CODE, SlotKind.TPM, STORE_KEY)
        assert slots.open(OTHER_CODE).store_key == STORE_KEY
        slot = slots.listed()[-1]
        typed = typed_code(slot, OTHER_CODE)
        secret = slots._keeper(SlotKind.TPM).recall(slot.held, typed)
    bus = b"".join(seen)
    assert read_sealed(slot.held).public in bus  # the ear works
    for hidden in (OTHER_CODE.encode(), typed.stretched, _auth(typed), secret):
        assert hidden not in bus


def typed_code(slot, code):
    return TypedCode(slot_id=slot.slot_id, code=code, stretched=_Stretch(code)(slot.salt, slot.cost))


def test_a_tpm_whose_count_anybody_can_reset_is_told(tpm):
    with pytest.raises(RuleViolated, match="TPM_SANS_VERROU"):
        tpm.keeper.check_lockout()
    tpm.gets_lockout_password()
    tpm.keeper.check_lockout()


@pytest.mark.parametrize(
    "reached",
    [
        "",
        "cmd:sh",
        "device:/etc/passwd",
        "swtpm:host=192.0.2.1,port=2321",
        "mssim:port=1",
        "device:/dev/tpm0\n",
    ],
)
def test_only_a_tpm_of_this_machine_is_ever_reached(reached):
    with pytest.raises(RuleViolated, match="TPM_REGLAGE"):
        TpmSecret(reached)


# ---- token


def test_the_pin_of_the_card_opens(carded):
    assert carded.open(PIN).store_key == STORE_KEY
    assert carded.open(PIN).slot.kind is SlotKind.TOKEN


def test_a_wrong_pin_reaches_the_card_once_and_is_counted_once(carded, monkeypatch):
    logins = []
    session = token_secret._session

    def counted(token, pin, **named):
        logins.append(pin)
        return session(token, pin, **named)

    monkeypatch.setattr(token_secret, "_session", counted)
    assert refused(carded, WRONG_PIN) == "CODE_INCORRECT"
    assert (logins, tries_left(carded, SlotKind.TOKEN)) == ([WRONG_PIN], 9)
    assert carded.open(PIN).store_key == STORE_KEY


def test_a_wrong_pin_after_a_right_one_opens_nothing(carded):
    carded.open(PIN)
    assert refused(carded, WRONG_PIN) == "CODE_INCORRECT"
    assert refused(carded, WRONG_PIN) == "CODE_INCORRECT"


def test_neither_a_phrase_nor_a_new_code_costs_the_card_a_try(carded, monkeypatch):
    monkeypatch.setattr(token_secret, "_session", lambda *_, **__: pytest.fail("the card was asked"))
    assert refused(carded, "une phrase fausse") == "CODE_INCORRECT"
    assert the_phrase_still_opens(carded)
    carded.add("999999", SlotKind.SERVICE_KEY, STORE_KEY)
    assert carded.open("999999").slot.kind is SlotKind.SERVICE_KEY


def test_a_card_that_is_away_or_another_of_its_name_costs_no_try(carded, tokens):
    tokens.loses_all()
    assert refused(carded, PIN) == "JETON_ABSENT"
    tokens.gets("carte", PIN)
    assert refused(carded, PIN) == "JETON_AUTRE"
    assert tries_left(carded, SlotKind.TOKEN) == 10
    assert the_phrase_still_opens(carded)
    tokens.has_back()
    assert carded.open(PIN).store_key == STORE_KEY


def test_a_card_made_new_with_the_same_pin_opens_nothing(carded, tokens, tablet):
    tokens.loses_all()
    tokens.gets("carte", PIN)
    slot = carded.listed()[0]
    serial = _serial(TokenSecret(tokens.module, "carte"))
    _replace_first(tablet.folder, slot, held=encode({0: 1, 1: "carte", 2: serial}))
    assert refused(carded, PIN) == "JETON_SANS_CLE"


def _serial(keeper):
    with keeper._library() as library:
        return keeper._token(library, None).serial


def test_the_key_in_the_card_cannot_be_read_and_is_not_seen_without_the_pin(carded, tokens):
    import pkcs11

    keeper, wanted = (
        TokenSecret(tokens.module, "carte"),
        {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY},
    )
    with keeper._library() as library, keeper._token(library, None).open(user_pin=PIN) as session:
        (key,) = session.get_objects(wanted)
        with pytest.raises(pkcs11.AttributeSensitive):
            key[pkcs11.Attribute.VALUE]
    with keeper._library() as library, keeper._token(library, None).open() as session:
        assert list(session.get_objects(wanted)) == []


def test_a_card_serves_one_person(carded):
    with pytest.raises(RuleViolated, match="JETON_DEJA_PRIS"):
        carded.add(PIN, SlotKind.TOKEN, STORE_KEY)


@pytest.mark.parametrize(("pin", "code"), [("12345", "CODE_TROP_COURT"), ("1" * 14, "CODE_TROP_LONG")])
def test_a_pin_has_the_length_of_a_pin(tablet, tokens, pin, code):
    slots = tablet(token=tokens.gets("carte", "123456"))
    with pytest.raises(RuleViolated, match=code):
        slots.add(pin, SlotKind.TOKEN, STORE_KEY)


def test_a_wrong_pin_when_the_code_is_chosen_makes_no_slot(tablet, tokens):
    slots = tablet(token=tokens.gets("carte", PIN))
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        slots.add(WRONG_PIN, SlotKind.TOKEN, STORE_KEY)
    assert list(tablet.folder.iterdir()) == []


def test_a_stolen_disk_with_the_pin_opens_nothing_without_the_card(carded, tablet, tokens):
    assert refused(tablet(), PIN) == "JETON_ABSENT"
    tokens.loses_all()
    assert refused(carded, PIN) == "JETON_ABSENT"


def test_a_library_that_is_not_there_is_a_setting_to_correct(carded, tablet, tmp_path):
    assert refused(tablet(token=TokenSecret(tmp_path / "none.so", "carte")), PIN) == "JETON_NON_REGLE"


# ---- both


def test_the_second_secret_lies_nowhere_on_the_disk_nor_in_the_log(tablet, tpm, tokens, caplog, monkeypatch):
    marked, made = os.urandom(32), []
    with monkeypatch.context() as patch:
        patch.setattr("procuration.adapters.tpm_secret.os.urandom", lambda size: marked[:size])
        slots = tablet(tpm=tpm.keeper, token=tokens.gets("carte", PIN))
        slots.add(CODE, SlotKind.TPM, STORE_KEY)
    slots.add(PIN, SlotKind.TOKEN, STORE_KEY)
    slots.add(PHRASE, SlotKind.PASS_PHRASE, STORE_KEY)
    for slot, code in zip(slots.listed()[:2], (CODE, PIN), strict=True):
        made.append(slots._keeper(slot.kind).recall(slot.held, typed_code(slot, code)))
        refused(slots, code[:-1] + "0")
    assert made[0] == marked
    written = b"".join(path.read_bytes() for path in tablet.folder.rglob("*") if path.is_file())
    assert slots.listed()[0].wrapped in written  # the search finds what is there
    for hidden in (*made, STORE_KEY, CODE.encode(), PIN.encode(), PHRASE.encode()):
        assert hidden not in written
        assert hidden.hex() not in caplog.text
    assert CODE not in caplog.text


def test_each_kind_of_slot_opens_the_same_store_beside_the_others(tablet, tpm, tokens):
    slots = tablet(tpm=tpm.keeper, token=tokens.gets("carte", PIN))
    codes = {
        CODE: SlotKind.TPM,
        PIN: SlotKind.TOKEN,
        "141421": SlotKind.SERVICE_KEY,
        PHRASE: SlotKind.PASS_PHRASE,
    }
    for code, kind in codes.items():
        slots.add(code, kind, STORE_KEY)
    assert {code: slots.open(code).slot.kind for code in codes} == codes
    assert {slots.open(code).store_key for code in codes} == {STORE_KEY}
    gc.collect()


def test_what_is_held_belongs_to_its_kind_and_has_its_bounds(sealed, tablet):
    path = tablet.folder / "slots.cbor"
    first, phrase = decode(path.read_bytes(), max_bytes=4096)
    without = {key: value for key, value in first.items() if key != 7}
    spoilt = (
        [without, phrase], [first | {7: b""}, phrase], [first | {7: bytes(1025)}, phrase],
        [first, phrase | {7: first[7]}], [first | {8: b""}, phrase], [first | {7: "text"}, phrase],
    )  # fmt: skip
    for rows in spoilt:
        path.write_bytes(encode(rows))
        assert refused(sealed, PHRASE) == "CODES_ENDOMMAGES"


def test_a_held_part_that_nobody_can_read_hides_no_other_slot(sealed, tablet):
    _replace_first(tablet.folder, sealed.listed()[0], held=b"\xff")
    assert refused(sealed, CODE) == "CBOR_MALFORMED"
    assert the_phrase_still_opens(sealed)
