"""The command says what it did in French, or in JSON, and leaves with the agreed status."""

import getpass
import json
import os
import subprocess
import sys

import pytest

from procuration.adapters.keys import SoftwareKey
from procuration.record.enrolment import EnrolmentRequest, encode_request
from procuration.record.sealed import SealingPrivateKey, SuiteId
from provisioning.__main__ import main
from provisioning.command_line import parser
from provisioning.texts_fr import SENTENCES

HOLDERS = ("1", "2", "3", "superviseur")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    base = tmp_path_factory.mktemp("command")
    given = []
    for holder in HOLDERS:
        path = base / f"phrase-{holder}"
        path.write_text(f"phrase de passe de {holder}\n")
        path.chmod(0o600)
        given += ["--pass-phrase-file", f"{holder}={path}"]
    folder = str(base / "a")
    assert main(["authority", "init", folder, "--memory-mib", "64", "--supervisor", "988", *given]) == 0
    return folder, given


def leaves_of(top):
    """Every command of the parser, by its words."""
    found = {}
    for family, sub in top._subparsers._group_actions[0].choices.items():
        for name, command in sub._subparsers._group_actions[0].choices.items():
            found[f"{family} {name}"] = command
    return found


@pytest.mark.parametrize("command", sorted(leaves_of(parser())))
def test_every_command_has_a_help_with_an_example_and_a_json_option(command):
    text = leaves_of(parser())[command].format_help()
    assert f"procuration-provision {command} " in text
    assert "--json" in text


def test_the_commands_that_scripts_rely_on_exist():
    expected = {
        "authority init", "authority check", "authority publish", "device enrol", "device retire",
        "officer enrol", "officer revoke", "calendar set",
    }  # fmt: skip
    assert expected <= set(leaves_of(parser()))


def test_a_check_answers_a_script_in_json(made, capsys):
    folder, given = made
    assert main(["authority", "check", folder, "--json", *given]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["copies"] == 21
    assert answer["served_version"] == answer["directory_version"]


@pytest.mark.parametrize("stdin", ["", "<&-"])
def test_without_a_terminal_the_option_to_give_is_named_and_the_status_is_2(tmp_path, stdin):
    line = f'exec "$0" -m provisioning authority init "$1" --memory-mib 64 --supervisor 988 {stdin}'
    ended = subprocess.run(
        ["sh", "-c", line, sys.executable, str(tmp_path / "a")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,  # without a controlling terminal too
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert "--pass-phrase-file 1=FICHIER" in ended.stderr
    assert "Warning" not in ended.stderr


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, EOFError])
def test_who_stops_a_question_is_not_told_of_a_file(tmp_path, capsys, monkeypatch, stopped):
    def ask(prompt):
        raise stopped

    monkeypatch.setattr(getpass, "getpass", ask)
    assert main(["authority", "init", str(tmp_path / "a"), "--memory-mib", "64", "--supervisor", "988"]) == 1
    assert "abandonnée" in capsys.readouterr().err


def test_a_refusal_is_a_french_sentence_a_code_and_status_1(made, capsys):
    folder, given = made
    assert main(["authority", "init", folder, "--json", *given]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"code": "AUTHORITY_EXISTS"}
    assert "n’est pas vide" in said.err


def test_wrong_usage_leaves_with_status_2(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["authority", "publish"])
    assert caught.value.code == 2


def test_a_file_that_is_not_there_is_a_refusal_and_not_a_trace(made, tmp_path, capsys):
    folder, _ = made
    assert main(["calendar", "set", "--authority", folder, str(tmp_path / "absent.cbor")]) == 1
    assert "absent.cbor" in capsys.readouterr().err


def test_a_tablet_is_enrolled_from_its_request_file(made, tmp_path, capsys):
    folder, given = made
    sealing = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom).public
    request = EnrolmentRequest(
        cose_key=SoftwareKey.generate().cose_key, sealing_key=sealing, log_id=os.urandom(8)
    )
    (tmp_path / "poste.req").write_bytes(encode_request(request))
    words = [
        "device", "enrol", "--authority", folder, "--request", str(tmp_path / "poste.req"),
        "--profile", "accueil", "--unit", "pan-noumea", "--unit-name", "Point d’accueil de Nouméa",
        "--place", "98818", "--departement", "988", "--out", str(tmp_path / "poste.cbor"), "--json",
    ]  # fmt: skip
    assert main([*words, *given]) == 0
    assert json.loads(capsys.readouterr().out)["log_id"] == request.log_id.hex()
    assert (tmp_path / "poste.cbor").stat().st_size < 2048


@pytest.mark.parametrize("text", sorted(SENTENCES.values()))
def test_sentences_follow_french_typography(text):
    assert "'" not in text
    for sign in ";!?":
        assert f" {sign}" not in text
    assert " :" not in text
