"""On which registers a row says that it stands, after everything that may happen to it and to its rivals."""

import random
from datetime import timedelta

import pytest

from procuration.domain.refusal import RefusalCode
from procuration.domain.register import internal_register, marking_list, public_register
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.dossiers import services
from server.dossiers.listing import MARKING, PUBLIC, lists_of
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.dossiers.selectors import held_counts
from server.registers.polls import polls_of
from server.registers.selectors import listed_rids, registered, rows_of
from tests import builders
from tests.builders import NOUMEA, NOW, rid
from tests.server.dossiers.test_rivals import HOUR, establishes, proves, revokes, row
from tests.server.townhall import account_of


@pytest.fixture
def two(world, officer):
    """Two brigades whose clocks are proved right."""
    brigades = [world.brigade(f"brigade {letter}") for letter in "AB"]
    for brigade in brigades:
        brigade.enrols(officer)
    return brigades


def agrees(world) -> None:
    """Each row says what the registers of the commune say, and what a rebuild would write."""
    every = list(Procuration.objects.all())
    held = held_counts(every)
    for one in every:
        assert one.register_lists == lists_of(vars(one)), one.rid
        assert one.mandataire_held == (min(3, held[one.rid]) if one.mandataire_key else 0), one.rid
    for poll in polls_of(NOUMEA, world.centre.tables.calendar):
        entries = internal_register(registered(rows_of(NOUMEA, poll), poll, world.centre.tables))
        for letter, stands in (("", bool), (PUBLIC, public_register), (MARKING, marking_list)):
            expected = [one.rid.hex() for one in entries if letter == "" or stands([one])]
            assert list(listed_rids(NOUMEA, poll, letter)) == expected, (poll.day, letter)


def test_r_44_an_accepted_one_leaves_its_lists_when_an_earlier_one_arrives(world, kiosk, officer, two):
    first, second = two
    world.clock.at = NOW + 5 * HOUR
    for brigade, number, hours in ((first, 1, 1), (second, 2, 2)):
        proves(brigade, NOW)
        establishes(brigade, kiosk, officer, number, NOW + hours * HOUR)
        proves(brigade, NOW + 4 * HOUR)
    world.hears(second)
    assert row(2).register_lists == "2027-04-11---- 2027-04-25----"
    services.taken_in_by_town_hall(rid(2).hex(), account_of())
    assert row(2).register_lists == "2027-04-11p-p- 2027-04-25p-p-"
    services.decide(rid(2).hex(), account_of(), True, None)
    assert row(2).register_lists == "2027-04-11pepe 2027-04-25pepe"
    agrees(world)
    world.hears(first)
    assert row(2).status == Status.NULLE_L73
    assert row(2).register_lists == "2027-04-11---- 2027-04-25----"
    agrees(world)
    assert rebuild_all(world.centre, lambda _: None).differed == 0


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_the_rows_and_the_registers_agree(world, kiosk, officer, seed):
    draw = random.Random(seed)
    brigades = [world.brigade(f"brigade {number}") for number in range(3)]
    world.clock.at = NOW + 30 * HOUR
    for brigade in brigades:
        brigade.enrols(officer)
        proves(brigade, NOW)
    for number in range(1, 11):
        brigade = draw.choice(brigades)
        people = {
            "mandant": builders.people(draw.randint(1, 6))["mandant"],
            "mandataire": builders.people(draw.randint(1, 3))["mandataire"],
        }
        brigade.wall = NOW + timedelta(minutes=draw.randint(1, 900))
        brigade.acts(kiosk.files(number, reference=None, **people), officer, number)
        if draw.random() < 0.2:
            revokes(brigade, officer, number, mandant=people["mandant"])
    for brigade in brigades:
        proves(brigade, NOW + 20 * HOUR)
    parts = [(brigade, cut) for brigade in brigades for cut in range(0, len(brigade.pairs), 3)]
    draw.shuffle(parts)
    said = set()
    for brigade, cut in parts:
        world.takes(brigade.sealed(cut, cut + 3))
        _decides_some(draw)
        agrees(world)
        said |= set(Procuration.objects.values_list("register_lists", flat=True))
    assert len(said) > 1, "the story is worth telling"
    assert rebuild_all(world.centre, lambda _: None).differed == 0


def _decides_some(draw: random.Random) -> None:
    for one in Procuration.objects.order_by("rid"):
        if draw.random() < 0.4:
            code = draw.choice((None, None, RefusalCode.MANDANT_NON_INSCRIT))
            try:
                services.decide(one.rid, account_of(), code is None, code)
            except RuleViolated:
                continue  # it waits for a person, or was decided: nothing changed
