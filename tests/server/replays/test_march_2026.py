"""A commune of the mainland, municipal ballot of March 2026: the register controls, behind its port (regime
B). Its answers come minutes after the centre, whatever the town hall does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procuration.domain.law import ControlRegime
from procuration.domain.people import Person, Place
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.dossiers.rebuilding import rebuild_all
from server.notices.enums import MessageKind
from server.notices.models import Notice
from server.register.asking import ask_register
from server.register.electors_csv import COLUMNS
from server.register.electors_file import FileRegister
from tests.server.replays.world import Replay, citizen, commune

GUERET, AUBUSSON = commune("23096", 2026), commune("23008", 2026)
SCRUTIN = "2026-03-municipales/metropole"
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
CLOSING = datetime(2026, 3, 15, 17, 0, tzinfo=UTC)


def line(person: Person, place: Place, rights: bool = True) -> str:
    """One elector of the file."""
    born = person.birth_date
    date = f"{born.year:04}-{born.month:02}-{born.day:02}"
    numbers = (place.code, str(place.type.value), "1" if rights else "0", "0")
    return ";".join(("", person.birth_name, person.given_names, "F", date, *numbers))


@pytest.fixture
def gueret(db, tmp_path: Path):
    """Four electors, one of whom is enrolled elsewhere, one whose mandataire has lost the right to vote."""
    replay = Replay(tmp_path, MONDAY)
    stories = {
        "Un": (citizen("ELECTEUR UN"), citizen("MANDATAIRE AILLEURS", AUBUSSON)),
        "Ailleurs": (citizen("ELECTEUR AILLEURS"), citizen("MANDATAIRE B", GUERET)),
        "Sans droits": (citizen("ELECTEUR TROIS"), citizen("MANDATAIRE C", GUERET)),
        "Inconnu": (citizen("ELECTEUR QUATRE"), citizen("MANDATAIRE INCONNU", GUERET)),
    }
    for name, (mandant, mandataire) in stories.items():
        replay.files(name, mandant, mandataire, GUERET, SCRUTIN)
    replay.establishes("brigade de Guéret", *stories)
    electors = [
        line(stories["Un"][0], GUERET),
        line(stories["Un"][1], AUBUSSON),
        line(stories["Ailleurs"][0], AUBUSSON),
        line(stories["Ailleurs"][1], GUERET),
        line(stories["Sans droits"][0], GUERET),
        line(stories["Sans droits"][1], GUERET, rights=False),
        line(stories["Inconnu"][0], GUERET),
    ]
    path = tmp_path / "electeurs.csv"
    path.write_text("\n".join([";".join(COLUMNS), *electors]) + "\n", encoding="utf-8")
    return replay, FileRegister(path)


def test_r_02_r_03_r_04_r_26_the_register_answers_for_each(gueret):
    replay, register = gueret
    replay.at(MONDAY + timedelta(hours=5))
    replay.syncs("brigade de Guéret")
    assert replay.dossier("Un").regime == ControlRegime.REU
    assert replay.status("Un") == [Status.TRANSMISE]
    ask_register(replay.centre, register)
    names = ("Un", "Ailleurs", "Sans droits", "Inconnu")
    assert [(Status(replay.dossier(name).status), replay.dossier(name).code) for name in names] == [
        (Status.VALIDEE, ""),
        (Status.INVALIDEE, RefusalCode.MANDANT_NON_INSCRIT),
        (Status.INVALIDEE, RefusalCode.MANDATAIRE_SANS_DROITS),
        (Status.INVALIDEE, RefusalCode.MANDATAIRE_INTROUVABLE),
    ]
    assert replay.dossier("Un").decided_at < CLOSING
    told = Notice.objects.filter(kind=MessageKind.M3).values_list("rid", flat=True)
    assert sorted(told) == sorted(replay.papers[name].rid.hex() for name in names)
    assert rebuild_all(replay.centre, lambda _: None).differed == 0


def test_a_town_hall_decides_nothing_where_the_register_controls(gueret):
    replay, _ = gueret
    replay.syncs("brigade de Guéret")
    with pytest.raises(RuleViolated, match="REGIME_REU"):
        replay.mairie(GUERET).decides("Un")


def test_r_44_an_earlier_one_displaces_what_the_register_had_accepted(gueret):
    replay, register = gueret
    replay.at(MONDAY - timedelta(minutes=30))
    replay.files(
        "Avant", citizen("ELECTEUR AVANT"), citizen("MANDATAIRE AILLEURS", AUBUSSON), GUERET, SCRUTIN
    )
    replay.at(MONDAY + timedelta(hours=1))
    replay.syncs("brigade de Guéret")
    ask_register(replay.centre, register)
    replay.at(MONDAY - timedelta(minutes=20))
    replay.establishes("brigade d’Aubusson", "Avant")
    replay.at(MONDAY + timedelta(hours=9))
    replay.syncs("brigade d’Aubusson")
    assert replay.status("Avant", "Un") == [Status.TRANSMISE, Status.NULLE_L73]
    assert replay.dossier("Un").rule == "R-44"
