"""Législatives of June and July 2024: three waves of late arrivals, the last on the eve of the second round.
Whatever comes when, the end is the same; what stands in between is what was known."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from procuration.domain.status import Status
from procuration.domain.validity import Rounds
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from tests.server.replays.world import Replay, citizen, commune

GUERET = commune("23096")
SCRUTIN = "2024-06-legislatives/metropole"
WAVES = {
    "brigade de Guéret": datetime(2024, 6, 14, 8, 0, tzinfo=UTC),
    "brigade d’Aubusson": datetime(2024, 6, 24, 8, 0, tzinfo=UTC),
    "brigade de Bourganeuf": datetime(2024, 7, 2, 8, 0, tzinfo=UTC),
}
EVE = datetime(2024, 7, 6, 20, 0, tzinfo=UTC)
MANDATAIRES = ("MANDATAIRE A", "MANDATAIRE B", "MANDATAIRE C")


def told(folder) -> Replay:
    """Each wave: one elector for each mandataire, for both rounds or the second only; all offline."""
    replay = Replay(folder, datetime(2024, 6, 12, 8, 0, tzinfo=UTC))
    for number, (brigade, at) in enumerate(WAVES.items()):
        replay.at(at)
        for letter, mandataire in enumerate(MANDATAIRES):
            who = f"vague {number} {letter}"
            rounds = Rounds.BOTH if letter == 0 else Rounds.SECOND
            person = citizen(f"VAGUE {'ABC'[number]} {'ABC'[letter]}")
            replay.files(who, person, citizen(mandataire, GUERET), GUERET, SCRUTIN, rounds)
        replay.establishes(brigade, *(f"vague {number} {letter}" for letter in range(3)))
    return replay


@pytest.mark.parametrize("order", list(permutations(WAVES)))
def test_r_39_the_first_wave_stands_in_whatever_order_the_waves_arrive(db, tmp_path, order):
    replay = told(tmp_path)
    replay.at(EVE)
    replay.syncs(*order)
    assert replay.status(*(f"vague 0 {letter}" for letter in range(3))) == [Status.TRANSMISE] * 3
    later = replay.status(*(f"vague {number} {letter}" for number in (1, 2) for letter in range(3)))
    assert set(later) == {Status.NULLE_L73}
    assert rebuild_all(replay.centre, lambda _: None).differed == 0


def test_r_44_each_wave_displaces_the_later_ones_that_were_known_before(db, tmp_path):
    replay = told(tmp_path)
    seen = []
    for hours, brigade in enumerate(reversed(WAVES)):
        replay.at(EVE + timedelta(hours=hours))
        replay.syncs(brigade)
        seen.append(
            [
                name
                for name in replay.papers
                if known(replay, name) and replay.status(name) == [Status.TRANSMISE]
            ]
        )
    assert seen == [[f"vague {number} {letter}" for letter in range(3)] for number in (2, 1, 0)]


def known(replay: Replay, who: str) -> bool:
    return Procuration.objects.filter(rid=replay.papers[who].rid.hex()).exists()


def test_r_33_two_mandataires_for_two_rounds_both_stand(db, tmp_path):
    replay = Replay(tmp_path, datetime(2024, 6, 12, 8, 0, tzinfo=UTC))
    person = citizen("DEUX TOURS")
    replay.files("premier", person, citizen("MANDATAIRE A", GUERET), GUERET, SCRUTIN, Rounds.FIRST)
    replay.files("second", person, citizen("MANDATAIRE B", GUERET), GUERET, SCRUTIN, Rounds.SECOND)
    replay.establishes("brigade de Guéret", "premier", "second")
    replay.syncs("brigade de Guéret")
    assert replay.status("premier", "second") == [Status.TRANSMISE] * 2
