"""Registers of one round in Nouméa: what was decided, who looks, and what the files say."""

import csv
import io
import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from procuration.domain.people import PartialDate, Person, Sex
from procuration.domain.refusal import RefusalCode
from server.dossiers import services
from server.dossiers.fold import COLUMNS
from server.dossiers.models import Procuration
from server.ledger.rows import insert_rows
from server.mairie.models import TownHallAccount
from server.registers.polls import Poll, find_poll
from tests.builders import NOUMEA
from tests.server.townhall import Story, agent_of

ROUND = "/mairie/registres/2027-04-11/1"


@pytest.fixture
def agent(story: Story) -> Client:
    """Somebody of the town hall of Nouméa."""
    return agent_of(NOUMEA, "agent-noumea")


@pytest.fixture
def poll(world) -> Poll:
    """The first round of 2027 in Nouméa."""
    found = find_poll(NOUMEA, world.centre.tables.calendar, date(2027, 4, 11), 1)
    assert found is not None
    return found


def somebody(name: str, given: str = "Anne", **changes: object) -> Person:
    """An invented elector."""
    known = {"sex": Sex.FEMALE, "birth_date": PartialDate(1980, 5, 17), **changes}
    return Person(birth_name=name, given_names=given, **known)


def decides(rid: str, accepted: bool = True, code: RefusalCode | None = None) -> None:
    """The town hall of Nouméa decides, whoever the account."""
    account = TownHallAccount.objects.get(user__username="agent-noumea")
    by = services.Account(
        pseudonym=account.pseudonym,
        role="agent de mairie",
        place_code=account.place_code,
        place_type=account.place_type,
        place_cog_year=account.place_cog_year,
    )
    services.decide(rid, by, accepted, code)


def copies(rid: str, number: int) -> None:
    """Many rows like this one, under names of their own: a big register in a moment."""
    row = Procuration.objects.get(rid=rid)
    name = row.mandant_birth_name
    rows = []
    for n in range(number):
        own = {"rid": f"{n:032x}", "reference": None, "mandant_birth_name": f"{name}-{n:05}"}
        rows.append([own.get(column, getattr(row, column)) for column in COLUMNS])
    insert_rows(Procuration, COLUMNS, rows)


def plain(response) -> str:
    """A page with ordinary spaces."""
    return spaced(response.content.decode())


def spaced(words: str) -> str:
    return words.replace("\u202f", " ").replace("\xa0", " ")


def table(content: bytes) -> list[dict[str, str]]:
    """A CSV file as a spreadsheet reads it."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def pdf_text(content: bytes, folder: Path, *options: str) -> str:
    """What a PDF says, read by poppler."""
    file = folder / "register.pdf"
    file.write_bytes(content)
    run = subprocess.run(["pdftotext", *options, str(file), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"[ \n]+", " ", spaced(run.stdout))


def pdf_info(content: bytes, folder: Path, *options: str) -> str:
    """What poppler knows of a PDF."""
    file = folder / "register.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdfinfo", *options, str(file)], capture_output=True, text=True, check=True).stdout
