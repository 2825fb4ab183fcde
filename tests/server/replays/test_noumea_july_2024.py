"""Nouvelle-Calédonie, July 2024: the town halls decide (regime C), UTC+11, a brigade of the Loyalty Islands
without a network for four days; the second round of the législatives on Sunday 7 July."""

from datetime import UTC, datetime, timedelta

import pytest

from procuration.domain.law import ControlRegime
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import Rounds
from server.dossiers.rebuilding import rebuild_all
from tests.server.replays.world import Replay, citizen, commune

LIFOU, MARE = commune("98814"), commune("98815")
SCRUTIN = "2024-06-legislatives/988"
WEDNESDAY = datetime(2024, 7, 3, 22, 0, tzinfo=UTC)  # Thursday morning in Lifou
SATURDAY = datetime(2024, 7, 6, 3, 0, tzinfo=UTC)
CLOSING = datetime(2024, 7, 7, 7, 0, tzinfo=UTC)


@pytest.fixture
def lifou(db, tmp_path):
    """Three electors of Lifou, one mandataire for two of them; the brigade has seen no network since
    Wednesday."""
    replay = Replay(tmp_path, WEDNESDAY - timedelta(days=1))
    for name, mandataire in (("Un", "WAHEO"), ("Deux", "WAHEO"), ("Trois", "QENEGEI")):
        replay.at(WEDNESDAY)
        replay.files(
            name, citizen(f"LIFOU {name.upper()}"), citizen(mandataire, LIFOU), LIFOU, SCRUTIN, Rounds.SECOND
        )
    replay.at(WEDNESDAY + timedelta(days=1))
    replay.establishes("brigade de Wé", "Un", "Deux", "Trois")
    return replay


def carried_on_saturday(replay: Replay) -> None:
    """A gendarme takes the plane with a stick: the same sealed files."""
    replay.at(SATURDAY)
    replay.syncs("brigade de Wé")


def test_a_brigade_alone_brings_everything_and_the_town_hall_accepts_before_closing(lifou):
    carried_on_saturday(lifou)
    assert lifou.status("Un", "Trois") == [Status.TRANSMISE] * 2
    assert lifou.dossier("Un").regime == ControlRegime.MAIRIE
    assert lifou.dossier("Un").first_closing == CLOSING
    mairie = lifou.mairie(LIFOU)
    mairie.opens_its_list("Un", "Trois")
    mairie.decides("Un")
    assert lifou.dossier("Un").decided_at < CLOSING
    assert lifou.status("Un") == [Status.VALIDEE]
    lifou.syncs("kiosk")  # the kiosk is heard at last: nothing changes
    assert lifou.status("Un") == [Status.VALIDEE]


def test_r_38_the_second_in_france_for_one_mandataire_is_void(lifou):
    carried_on_saturday(lifou)
    assert lifou.status("Un", "Deux") == [Status.TRANSMISE, Status.NULLE_L73]
    assert lifou.dossier("Deux").code == RefusalCode.PLAFOND_DEPASSE


def test_r_44_an_earlier_one_that_arrives_last_displaces_the_accepted_one(lifou):
    """Another brigade, on Maré, drew one up a day before and is heard two days after."""
    lifou.at(WEDNESDAY)
    lifou.files("Avant", citizen("MARE AVANT"), citizen("WAHEO", LIFOU), LIFOU, SCRUTIN, Rounds.SECOND)
    lifou.establishes("brigade de Tadine", "Avant")
    carried_on_saturday(lifou)
    lifou.mairie(LIFOU).decides("Un")
    lifou.at(SATURDAY + timedelta(hours=20))
    lifou.syncs("brigade de Tadine")
    assert lifou.status("Avant", "Un", "Deux") == [Status.TRANSMISE, Status.NULLE_L73, Status.NULLE_L73]
    assert lifou.dossier("Un").rule == "R-44"
    decisions = [entry for entry in lifou.dossier("Un").history if entry["kind"] == 4]
    assert len(decisions) == 1, "the earlier decision stays in the history"
    assert rebuild_all(lifou.centre, lambda _: None).differed == 0
