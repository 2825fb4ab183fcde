"""`procuration-server officers`."""

import json

import pytest
from django.core.management import CommandError, call_command

from server.brigade.models import OfficerAccount
from tests.server.brigade.conftest import officer_on_line

UNIT = ("--unit", "988-test", "--unit-name", "Brigade de Nouméa")


@pytest.fixture
def password(tmp_path) -> str:
    path = tmp_path / "password"
    path.write_text("une phrase de passe longue\n")
    return str(path)


def create(*arguments: str) -> None:
    call_command("officers", "create", *arguments)


def test_an_account_is_made_with_a_log_of_its_own(world, password):
    for name in ("un", "deux"):
        create(name, *UNIT, "--commune", "98818", "--password-file", password)
    logs = OfficerAccount.objects.values_list("log__log_id", flat=True)
    assert len(set(logs)) == 2
    assert world.centre.log_id.hex() not in logs


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(("--commune", "00000"), "Cette commune"), (("--commune", "98818", "--unit", ""), "l’unité")],
)
def test_an_account_needs_a_unit_and_a_commune(world, password, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        create("un", *UNIT, *arguments, "--password-file", password)
    assert not OfficerAccount.objects.exists()


def test_a_habilitation_is_taken_in_from_its_file(world, tmp_path, capsys):
    officer = officer_on_line(world)
    file = tmp_path / "habilitation.cbor"
    file.write_bytes(officer.habilitation())
    call_command("officers", "entitle", str(file))
    assert officer.key.kid in capsys.readouterr().out
    file.write_bytes(officer.habilitation(supervisor="officer"))
    with pytest.raises(CommandError, match="habilitation"):
        call_command("officers", "entitle", str(file))


def test_the_list_says_who_has_how_many_keys(world, capsys):
    officer_on_line(world)
    call_command("officers", "list", "--json")
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["username"], row["keys"], row["active"]) == ("adjudant", 1, True)
    call_command("officers", "list")
    assert "adjudant" in capsys.readouterr().out
