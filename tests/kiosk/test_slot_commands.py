"""Choosing, showing, adding and taking away the codes of a tablet, as the person who installs it does."""

import json

import pytest

from kiosk_app.station import Station
from procuration.adapters.clock import SystemClock
from procuration.domain.events import Kind, SlotOperation
from procuration.record.event import open_body, parse_event
from tests.hardware import soft_tokens, soft_tpm
from tests.kiosk.conftest import secret
from tests.kiosk.test_command import Desk, _this_process_stays_as_it_was, refusal

__all__ = ("_this_process_stays_as_it_was",)  # a fixture

pytestmark = pytest.mark.slow
TPM_CODE, PIN = "31415926", "161803"


@pytest.fixture
def tpm():
    with soft_tpm() as made:
        yield made


@pytest.fixture
def tokens(tmp_path):
    folder = tmp_path / "reader"
    folder.mkdir()
    with soft_tokens(folder) as made:
        made.gets("carte", PIN)
        yield made


@pytest.fixture
def desk(tmp_path, authority):
    return Desk(tmp_path, authority)


def shown(desk, capsys):
    capsys.readouterr()
    assert desk.kiosk("slots", "--json") == 0
    return json.loads(capsys.readouterr().out)["slots"]


def test_a_tablet_lives_with_its_tpm_and_no_stick(desk, tpm, capsys):
    desk.code = secret(desk.base / "tpm-code", TPM_CODE)
    here = ("--tpm", tpm.reached)
    assert desk.kiosk(
        "prepare", "--root", desk.authority / "root.json", "--request", desk.base / "request.cbor",
        "--code-file", desk.code, "--supervisor-code-file", desk.phrase, "--slot", "tpm", *here,
    ) == 0  # fmt: skip
    assert not (desk.base / "service.key").exists()
    assert desk.kiosk(
        "install", "--enrolment", desk.is_enrolled(), "--root", desk.authority / "root.json",
        "--tuf", desk.authority / "server" / "tuf", "--code-file", desk.code, *here,
    ) == 0  # fmt: skip
    tpm.gets_lockout_password()
    assert desk.kiosk("doctor", "--code-file", desk.code, *here) == 0
    tpm.measures_other_firmware()
    assert desk.kiosk("doctor", "--code-file", desk.phrase, *here) == 0
    assert "À VOIR" not in capsys.readouterr().out
    assert desk.kiosk("code-add", "--code-file", desk.code, "--new-code-file", desk.phrase, *here) == 1
    assert refusal(capsys) == "TPM_MESURES"
    assert [row["kind"] for row in shown(desk, capsys)] == ["tpm", "phrase"]
    assert [row["tries_left"] for row in shown(desk, capsys)] == [10, 10]


def test_the_doctor_sees_a_tpm_that_is_away_and_one_whose_count_anybody_can_reset(desk, tpm, capsys):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    new = secret(desk.base / "new", TPM_CODE)
    added = (
        "code-add",
        "--code-file",
        desk.phrase,
        "--new-code-file",
        new,
        "--slot",
        "tpm",
        "--tpm",
        tpm.reached,
    )
    assert desk.kiosk(*added) == 0
    capsys.readouterr()
    assert desk.kiosk("doctor", "--json", "--tpm", tpm.reached) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["tpm"], said["tpm_lockout"]) == (True, False)
    tpm.stops()
    assert desk.kiosk("doctor", "--json", "--tpm", tpm.reached) == 1
    assert json.loads(capsys.readouterr().out)["tpm"] is False


def test_codes_are_shown_added_on_a_card_and_taken_away(desk, tokens, capsys):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    pin = secret(desk.base / "pin", PIN)
    card = ("--token-module", tokens.module, "--token-label", "carte")
    assert desk.kiosk(
        "code-add", "--code-file", desk.phrase, "--new-code-file", pin, "--slot", "token", *card
    ) == 0  # fmt: skip
    rows = shown(desk, capsys)
    assert [row["kind"] for row in rows] == ["service-key", "phrase", "token"]
    assert set(rows[0]) == {"slot_id", "kind", "officer", "blocked", "tries_left"}
    assert desk.kiosk("doctor", "--code-file", pin, *card) == 0
    (desk.base / "service.key").unlink()
    own = ("code-remove", "--code-file", pin, *card, "--slot-id")
    assert desk.kiosk(*own, rows[2]["slot_id"]) == 1
    assert refusal(capsys) == "CODE_EN_SERVICE"
    assert desk.kiosk(*own, rows[0]["slot_id"]) == 0
    assert [row["kind"] for row in shown(desk, capsys)] == ["phrase", "token"]
    assert desk.kiosk(*own, rows[1]["slot_id"]) == 1
    assert refusal(capsys) == "DERNIERS_CODES"
    assert desk.kiosk(*own, rows[0]["slot_id"]) == 1
    assert refusal(capsys) == "CODE_INCONNU"


def test_a_code_that_cannot_be_made_leaves_no_half_tablet(desk, tpm, capsys):
    tpm.stops()
    options = (
        "prepare", "--root", desk.authority / "root.json", "--request", desk.base / "request.cbor",
        "--code-file", secret(desk.base / "tpm-code", TPM_CODE), "--supervisor-code-file", desk.phrase,
    )  # fmt: skip
    assert desk.kiosk(*options, "--slot", "tpm", "--tpm", tpm.reached) == 1
    assert refusal(capsys) == "TPM_ABSENT"
    assert desk.kiosk(*options) == 0


def test_a_change_of_the_codes_is_in_the_log(desk, capsys):
    desk.prepares()
    desk.installs(desk.is_enrolled())
    new = secret(desk.base / "new", "161803")
    assert (
        desk.kiosk("code-add", "--code-file", desk.phrase, "--new-code-file", new, "--slot", "service-key")
        == 0
    )
    added = shown(desk, capsys)[2]["slot_id"]
    assert desk.kiosk("code-remove", "--code-file", desk.phrase, "--slot-id", added) == 0
    station = Station(desk.base / "store", SystemClock())
    try:
        station.open("un chat dort sur le mur")
        changes = [
            open_body(parse_event(event.pair.sign1)[1], event.pair.body)
            for event in station.store.log.of_kind(Kind.SLOT_CHANGE)
        ]
    finally:
        station.close()
    told = [(change.operation, change.slot_id.hex()) for change in changes if change.slot_id.hex() == added]
    assert told == [(SlotOperation.ADDED, added), (SlotOperation.REMOVED, added)]
