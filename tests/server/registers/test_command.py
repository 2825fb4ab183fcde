"""`procuration-server register`: what it writes, what it refuses, and its exit statuses."""

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from importlib.abc import MetaPathFinder
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from procuration.adapters.key_file import Cost
from procuration.domain.status import Status
from procuration.errors import CarrierUnavailable
from provisioning import authority
from provisioning.folder import AuthorityFolder
from server.dossiers.models import Procuration
from server.registers.sheet import Sheet
from tests.server.api.served import phrases_in
from tests.server.registers.conftest import copies, decides, pdf_text, table
from tests.server.townhall import Story

ROUND = ("--place", "98818", "--day", "2027-04-11", "--round", "1")
UNIT = ("--kind", "special", "--unit", "988-test")


def writes(out: Path, *options: str) -> None:
    call_command("register", *options, "--out", str(out))


@pytest.mark.parametrize("kind", ["public", "internal", "marking"])
@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_a_register_is_written_for_its_owner_only(story: Story, agent: Client, tmp_path: Path, kind, form):
    decides(story.established(1))
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / f"register.{form}"
    writes(out, "--kind", kind, *ROUND, "--format", form)
    content = out.read_bytes()
    said = pdf_text(content, tmp_path) if form == "pdf" else str(table(content))
    assert "DUBOIS" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [out]


def test_who_runs_the_command_receives_nothing_for_the_town_hall(story: Story, agent: Client, tmp_path: Path):
    rid = story.established(1)
    writes(tmp_path / "r.csv", "--kind", "internal", *ROUND, "--format", "csv")
    (row,) = table((tmp_path / "r.csv").read_bytes())
    assert row["État"] == "Pas encore reçue"
    assert Procuration.objects.get(rid=rid).status != Status.RECUE


def test_r_25_a_special_register_has_names_when_asked(story: Story, tmp_path: Path):
    story.established(1)
    writes(tmp_path / "a.csv", *UNIT, "--format", "csv")
    writes(tmp_path / "b.csv", *UNIT, "--format", "csv", "--names")
    assert "DUBOIS" not in (tmp_path / "a.csv").read_text("utf-8")
    (row,) = table((tmp_path / "b.csv").read_bytes())
    assert (row["Acte"], row["Nom du mandant"], row["Nom de l’autorité"]) == ("Établie", "DUBOIS", "TAHUA")


def test_json_says_what_was_written_and_names_nobody(story: Story, agent: Client, tmp_path: Path, capsys):
    decides(story.established(1))
    out = tmp_path / "register.csv"
    writes(out, "--kind", "public", *ROUND, "--format", "csv", "--json")
    assert json.loads(capsys.readouterr().out) == {"kind": "public", "rows": 1, "files": [str(out)]}


def test_a_large_register_is_written_in_several_files(
    story: Story, agent: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Sheet.parts, "__defaults__", (2,))
    rid = story.established(1)
    decides(rid)
    copies(rid, 4)
    folder = tmp_path / "out"
    folder.mkdir()
    writes(folder / "register.pdf", "--kind", "public", *ROUND, "--format", "pdf")
    assert sorted(file.name for file in folder.iterdir()) == [
        "register-2.pdf",
        "register-3.pdf",
        "register.pdf",
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--kind", "public", "--place", "99999", *ROUND[2:]), "Cette commune n’est pas dans la liste"),
        (("--kind", "public", *ROUND[:4], "--round", "2"), "Le calendrier n’a pas ce jour de vote"),
        (("--kind", "public", *ROUND[:2], "--day", "2027-04-12", *ROUND[4:]), "Le calendrier n’a pas"),
        (("--kind", "public", *ROUND, "--type", "2"), "Cette commune n’est pas dans la liste"),
        (("--kind", "special", "--unit", "autre"), "Aucun poste enrôlé n’est de cette unité"),
    ],
)
def test_what_the_centre_does_not_know_is_refused_with_a_reason(
    story: Story, tmp_path: Path, options: tuple[str, ...], sentence: str
):
    with pytest.raises(CommandError, match=sentence) as refused:
        writes(tmp_path / "r.csv", *options, "--format", "csv")
    assert refused.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--kind", "public"),
        ("--kind", "internal", "--place", "98818", "--day", "2027-04-11"),
        ("--kind", "public", *ROUND, "--names"),
        ("--kind", "public", *ROUND, "--unit", "988-test"),
        ("--kind", "special"),
        (*UNIT, "--place", "98818"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(world, tmp_path: Path, options: tuple[str, ...]):
    with pytest.raises(CommandError) as refused:
        writes(tmp_path / "r.csv", *options, "--format", "csv")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("out", ["missing/register.csv", "."])
def test_a_file_that_cannot_be_written_is_said(story: Story, tmp_path: Path, out: str):
    with pytest.raises(CommandError, match="Le fichier ne peut pas être écrit") as refused:
        writes(tmp_path / out, "--kind", "public", *ROUND, "--format", "csv")
    assert refused.value.returncode == 1


def test_a_machine_without_the_libraries_of_layout_says_so(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class NoPango(MetaPathFinder):
        def find_spec(self, name: str, path: object, target: object = None) -> None:
            if name == "server.registers.layout":
                raise OSError("cannot load library 'libpango-1.0.so.0'")

    monkeypatch.delitem(sys.modules, "server.registers.layout", raising=False)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    with pytest.raises(CarrierUnavailable, match="PDF_INDISPONIBLE"):
        writes(tmp_path / "r.pdf", "--kind", "public", *ROUND, "--format", "pdf")


def test_help_has_an_example(world, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("register", "--help")
    assert ended.value.code == 0
    assert "--kind public --place 98818 --day 2024-07-07 --round 2" in capsys.readouterr().out


@pytest.mark.slow
def test_the_real_program_ends_with_the_status_of_what_happened(tmp_path: Path):
    """A centre made by the provisioning program; its calendar has the demo's polling days."""
    phrases = phrases_in(tmp_path / "phrases")
    plan = authority.Plan(
        holders=3,
        supervisor="988",
        server_names=["127.0.0.1"],
        tables={},
        cost=Cost(memory_kib=32, passes=1, lanes=1),
    )
    authority.create(tmp_path / "authority", plan, phrases, datetime.now(UTC))
    home = AuthorityFolder.existing(tmp_path / "authority").server
    program = [sys.executable, "-m", "server", "--home", str(home)]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PROCURATION_", "DJANGO_"))
    }
    subprocess.run([*program, "migrate", "-v", "0"], env=kept, check=True)

    def status(*options: str) -> int:
        out = str(tmp_path / "register.pdf")
        command = [*program, "register", *options, "--format", "pdf", "--out", out]
        return subprocess.run(command, env=kept, capture_output=True, check=False).returncode

    assert status("--kind", "public", *ROUND) == 0
    assert "Aucune procuration" in pdf_text((tmp_path / "register.pdf").read_bytes(), tmp_path)
    assert status("--kind", "public", *ROUND[:4], "--round", "2") == 1
    assert status("--kind", "public", "--place", "98818") == 2
    assert status("--kind", "public", *ROUND[:2], "--day", "avril", *ROUND[4:]) == 2
    (home / "tuf" / "root.json").unlink()
    assert status("--kind", "public", *ROUND) == 3
