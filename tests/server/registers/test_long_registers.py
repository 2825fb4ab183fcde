"""A page of a long register reads the rows of that page only, and shows the lines of the printed one."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain import events
from procuration.domain.candidates import Effect
from procuration.domain.events import TakenBy
from procuration.domain.register import internal_register, marking_list, name_order, public_register
from procuration.domain.status import Doubt, Status
from server.dossiers.fold import COLUMNS
from server.dossiers.listing import MARKING, PUBLIC, lists_of, order_of
from server.dossiers.models import Procuration
from server.ledger.rows import insert_rows
from server.registers.polls import Poll, polls_of
from server.registers.selectors import listed_rids, registered, rows_of
from server.registers.sheet import Kind
from server.registers.town_hall_sheets import TownHallRegisters
from tests.builders import NOUMEA
from tests.server.registers.conftest import ROUND, copies, decides, plain
from tests.server.townhall import Story

DAYS = ("2027-04-11", "2027-04-25")
NAMES = (
    "LE GALL",
    "LEGALL",
    "Le Gall",
    "L’HÉRITIER",
    "LHERITIER",
    "ÉTIENNE",
    "ETIENNE",
    "DE  LA",
    "DELA",
    "ŒUF",
    "",
)
GIVEN = ("Zoé", "Zoe", "Anne-Marie", "Anne Marie", "", "ñ")
STATUSES = (
    Status.TRANSMISE, Status.RECUE, Status.VALIDEE, Status.INVALIDEE, Status.NULLE_L73, Status.RESILIEE,
    Status.ANNULEE_L77, Status.UTILISEE, Status.VOTE_PERSONNEL, Status.EN_ATTENTE_HUMAINE,
)  # fmt: skip


def _effect(dice: Random, day: str) -> dict[str, object]:
    effect = dice.choice(list(Effect)).value
    said = {"ballot": "b", "round": dice.choice((1, 2)), "day": day, "effect": effect}
    return {**said, "doubt": "", "rule": "", "because": []}


def variants(rid: str, number: int, seed: int = 7) -> None:
    """Rows like this one, each with its own fate in each round, as comparisons and town halls leave them."""
    dice, like, rows = Random(seed), Procuration.objects.get(rid=rid), []
    for _ in range(number):
        served = [day for day in DAYS if dice.random() < 0.7]
        effects = [_effect(dice, day) for day in served * dice.choice((0, 1, 1, 2))]
        history = [{"at": "", "kind": events.Kind.ACT, "code": "", "by": "", "hash": ""}]
        if dice.random() < 0.5:
            taken = dice.choice(list(TakenBy)).value
            history.append({"at": "", "kind": events.Kind.TAKEN_IN, "decision": taken})
        decided = dice.random() < 0.6
        if decided:
            history.append({"at": "", "kind": events.Kind.DECISION, "decision": dice.choice((1, 2))})
        own = {
            "rid": f"{dice.getrandbits(128):032x}",
            "reference": None,
            "status": dice.choice(STATUSES).value,
            "code": dice.choice(("", Doubt.ORDRE_INCERTAIN.value)),
            "effects": effects,
            "history": history,
            "polling_days": served,
            "decided_at": like.established_at if decided else None,
            "answer": dice.choice(("", "", "ATTENDUE", "DONNEE")),
            "mandant_birth_name": dice.choice(NAMES),
            "mandant_given_names": dice.choice(GIVEN),
        }
        row = {name: own.get(name, getattr(like, name)) for name in COLUMNS}
        row["register_lists"] = lists_of(row)
        row["register_order"] = order_of(row["mandant_birth_name"], row["mandant_given_names"])
        rows.append([row[name] for name in COLUMNS])
    insert_rows(Procuration, COLUMNS, rows)


def test_the_lists_that_rows_name_are_those_of_the_registers_in_their_order(story: Story):
    variants(story.established(1), 400)
    tables, compared = story.world.centre.tables, 0
    for poll in polls_of(NOUMEA, tables.calendar):
        entries = internal_register(registered(rows_of(NOUMEA, poll), poll, tables))
        expected = {
            "": [one.rid.hex() for one in entries],
            PUBLIC: [one.rid.hex() for one in entries if public_register([one])],
            MARKING: [one.rid.hex() for one in entries if marking_list([one])],
        }
        for letter, rids in expected.items():
            assert list(listed_rids(NOUMEA, poll, letter)) == rids, (poll.day, poll.number, letter)
            compared += len(rids)
    assert compared > 500


def test_the_bytes_of_an_order_compare_as_the_order_does():
    every = [(nom, prenoms) for nom in NAMES for prenoms in GIVEN]
    assert sorted(every, key=lambda one: order_of(*one)) == sorted(every, key=lambda one: name_order(*one))


@pytest.mark.parametrize("kind", ["public", "interne", "emargement"])
def test_the_pages_have_the_lines_of_the_whole_register(
    story: Story, agent: Client, poll: Poll, monkeypatch, kind: str
):
    monkeypatch.setattr("server.registers.selectors.ROWS_PER_PAGE", 7)
    rid = story.established(1)
    decides(rid)
    story.world.clock.at += timedelta(days=30)  # the poll has closed: reading receives nothing
    variants(rid, 160)
    tables, now = story.world.centre.tables, story.world.clock.now()
    entries = registered(rows_of(NOUMEA, poll), poll, tables)
    whole = TownHallRegisters(place=NOUMEA, poll=poll, entries=entries, tables=tables, now=now)
    lines = [list(line.cells) for line in whole.sheet(Kind(kind)).lines]
    last, seen = -(-len(lines) // 7), []
    for number in range(1, last + 1):
        page = agent.get(f"{ROUND}/{kind}/?page={number}")
        seen += _cells(page)
        assert f"Page {number} sur {last}" in plain(page)
        assert f"{len(lines)} procurations" in plain(page)
    assert seen == lines
    assert last > 1


def _cells(page):
    return [[cell for _, cell in row] for row in page.context["rows"]]


def test_a_page_asks_and_reads_as_much_for_few_as_for_many(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    story.world.clock.at += timedelta(days=30)
    asked = []
    for many in (3, 300):
        variants(rid, many, seed=many)
        with CaptureQueriesContext(connection) as queries:
            page = agent.get(f"{ROUND}/interne/")
        asked.append(len(queries))
        assert len(page.context["rows"]) <= 50
    assert asked[0] == asked[1]


def test_rows_of_an_earlier_version_are_read_whole(story: Story, agent: Client):
    rid = story.established(1)
    decides(rid)
    copies(rid, 60)
    before = [agent.get(f"{ROUND}/{kind}/?page=2") for kind in ("public", "interne", "emargement")]
    Procuration.objects.filter(rid=rid).update(register_lists=None, register_order=None)
    after = [agent.get(f"{ROUND}/{kind}/?page=2") for kind in ("public", "interne", "emargement")]
    assert [len(_cells(page)) for page in after] == [len(_cells(page)) for page in before] == [11, 11, 11]
    assert all(_cells(one)[-1] for one in after)
