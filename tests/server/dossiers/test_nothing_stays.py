"""After the purge, no name is in a fresh dump of the whole database: `pg_dump` on PostgreSQL, the file itself
on SQLite, freed pages included."""

import base64
import subprocess
import unicodedata
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, transaction

from procuration.domain.competence import Authority
from procuration.domain.events import Kind
from procuration.domain.facts import Fact, FactCode, FactWithdrawn, PortalAccount, Ruling, RulingOutcome
from procuration.domain.identifiers import EventHash
from procuration.domain.people import PartialDate, PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.errors import RecordRejected
from procuration.record.directory import Role
from procuration.record.inbox import Request
from server.config.centre import install_centre
from server.dossiers.models import Procuration
from server.dossiers.purging import purge
from server.dossiers.refolding import refold
from server.dossiers.services import Account, decide
from server.ledger.inbox import put
from server.ledger.known import Known
from server.ledger.models import Device, Event, ForkEvidence, HeldEvent
from server.ledger.own_log import Entry, append, lock_own_log
from server.ledger.verifying import verify_ledger
from tests import builders
from tests.builders import NOW, log_id, rid
from tests.server.centre import Tablet, World, centre_of
from tests.server.dossiers.test_purge import (
    DAY,
    YEAR_AFTER,
    at,
    same_after_a_rebuild,
)
from tests.server.dossiers.test_rivals import revokes
from tests.server.townhall import Story

ELECTORS = ("ZYGOMATIQUE", "Quetzalcóatl", "XYLOPHONISTE", "Wolframine", "mirliton", "abracadabrant")
OFFICERS = ("HURLUBERLU", "Saperlipopette")
TOWN_HALL = Account(
    pseudonym="agent-1", role="agent", place_code="98818", place_type=PlaceType.COMMUNE, place_cog_year=2026
)
ACCOUNT = PortalAccount(pseudonym="admin-1", role="administrateur central", place=None)


@pytest.fixture
def world(transactional_db, tmp_path):
    """A centre whose transactions are real: a dump sees what is committed."""
    made = World(centre_of(tmp_path))
    install_centre(made.centre)
    yield made
    install_centre(None)


def marked(number):
    """Two people whose names nobody else has."""
    mandant = replace(
        builders.ANGELA,
        birth_name=f"{ELECTORS[0]} {'I' * number}",
        given_names=ELECTORS[1],
        birth_date=PartialDate(1961, 7, 23),
    )
    mandataire = replace(
        builders.JEAN_CLAUDE, birth_name=f"{ELECTORS[2]} {'I' * number}", given_names=ELECTORS[3]
    )
    return {"mandant": mandant, "mandataire": mandataire, "email": f"{ELECTORS[4]}@exemple.fr"}


def dump():
    """Everything that the database keeps, as whoever takes a copy of it sees it."""
    if connection.vendor == "postgresql":
        where = connection.settings_dict
        command = [
            "pg_dump",
            "-h",
            where["HOST"],
            "-p",
            str(where["PORT"]),
            "-U",
            where["USER"],
            where["NAME"],
        ]
        return subprocess.run(command, check=True, capture_output=True).stdout
    name = connection.settings_dict["NAME"]
    journal = f"{name}-journal"
    return b"".join(path.read_bytes() for path in (Path(name), Path(journal)) if path.exists())


def forms(mark):
    """A mark as it might stand in a dump: plain, folded, escaped, in hexadecimal, in Base64 at any place."""
    folded = unicodedata.normalize("NFD", mark).encode("ascii", "ignore").decode()
    for text in {mark, mark.casefold(), mark.upper(), folded, folded.casefold(), folded.upper()}:
        plain = text.encode()
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        yield text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
        yield "".join(chr(c) if 32 <= c < 127 else f"\\{c:03o}" for c in plain).encode()
        for lead in range(3):
            yield base64.b64encode(b"\0" * lead + plain)[4 if lead else 0 : -4]


def found(marks):
    told = dump()
    assert b"ledger_event" in told  # it is a dump of this database
    return {mark for mark in marks if any(form in told for form in forms(mark))}


@pytest.fixture
def busy_years(world, monkeypatch):
    """Everything that may hold a name: one of each."""
    monkeypatch.setattr(
        builders,
        "OFFICER",
        Authority(
            nom=OFFICERS[0],
            prenoms=OFFICERS[1],
            qualite=builders.OFFICER.qualite,
            unit_name="Brigade de Dumbéa",
        ),
    )
    officer = builders.key("officer")
    kiosk, brigade = world.kiosk(), world.brigade()
    brigade.enrols(officer)
    story = Story(world, kiosk, brigade, officer)
    kiosk.starts_hiding_bodies()
    for number in (1, 2):
        story.established(number, **marked(number))
    story.filed(3, **marked(3))
    brigade.refuses(story.requests[3], officer, RefusalCode.MANDANT_ABSENT, 3)
    story.filed(4, **marked(4))
    brigade.looks_up("XBQ7V3", PartialDate(1961, 7, 23), officer)
    revokes(brigade, officer, mandant=marked(2)["mandant"])
    world.hears(brigade)
    decide(rid(1).hex(), TOWN_HALL, accepted=True, code=None)
    says_more_of(world, Procuration.objects.get(rid=rid(1).hex()))
    put(Device.objects.get(log_id=log_id("brigade").hex()).pk, Request(story.requests[4]), NOW)
    holds_and_forks(world)
    return story


def says_more_of(world, row):
    """What persons write about a procuration."""
    acts = (EventHash(bytes.fromhex(row.act_hash)), EventHash(bytes(32)))
    ruling = Ruling(
        decided_on=acts, outcome=RulingOutcome.IN_THIS_ORDER, reason=f"Vu {ELECTORS[5]}.", account=ACCOUNT
    )
    fact = Fact(code=FactCode.MANDATAIRE_VOTED, day=NOW.date(), account=None)
    why = f"Pas {ELECTORS[5]}."
    mistake = FactWithdrawn(fact_hash=EventHash(bytes(32)), reason=why, account=ACCOUNT)
    request = builders.Rid(bytes.fromhex(row.rid))
    with transaction.atomic():
        own = lock_own_log(world.centre)
        entries = [Entry(content, request) for content in (ruling, fact, mistake)]
        events = append(world.centre, own, entries, NOW)
        refold(Known(world.centre), {row.rid: events}, NOW)


def holds_and_forks(world):
    """A kiosk with a gap in what it sent, and a copy of another one that tells something else."""
    gap = world.kiosk("a kiosk with a gap")
    for number in (11, 12):
        gap.files(number, **marked(number))
    world.hears(gap, 1, 2)
    assert HeldEvent.objects.count() == 1
    first, second = world.kiosk("a copied kiosk"), Tablet("a copied kiosk", role=Role.KIOSK)
    first.files(13, **marked(13))
    second.files(14, **marked(14))
    world.hears(first)
    with suppress(RecordRejected):
        world.takes(second.sealed(0))
    assert ForkEvidence.objects.count() == 1


def test_names_are_found_before_the_purge_and_nowhere_in_a_dump_after_it(busy_years, world):
    assert found((*ELECTORS, *OFFICERS)) == {*ELECTORS, *OFFICERS}
    at(world, YEAR_AFTER + DAY)
    purge(world.centre)
    purge(at(world, datetime.fromisoformat("2029-04-03T00:00Z")))
    assert found(ELECTORS) == set()
    assert Event.objects.get(kind=Kind.ENROLMENT.value).body
    assert found(OFFICERS) == set(OFFICERS)  # of an officer whose habilitation ended less than two years ago
    purge(at(world, NOW + timedelta(days=89 + 735)))
    assert found((*ELECTORS, *OFFICERS)) == set()
    faults = verify_ledger(world.centre, lambda _: None).faults
    assert [fault.split()[0] for fault in faults] == ["JOURNAL_BIFURQUE"]
    same_after_a_rebuild(world)
    assert found((*ELECTORS, *OFFICERS)) == set()
    assert mail.outbox == []


def test_the_search_sees_one_body_that_was_forgotten(busy_years, world):
    (forgotten,) = Event.objects.filter(rid=rid(3).hex(), kind=Kind.FILED.value).values_list(
        "body", flat=True
    )
    purge(at(world, NOW + timedelta(days=800)))
    purge(world.centre)
    assert not found(ELECTORS)
    Event.objects.filter(rid=rid(3).hex(), kind=Kind.FILED.value).update(body=forgotten)
    assert found(ELECTORS) == set(ELECTORS[:5])
