"""Laon, June 2021: two ballots on each of two days, one procuration covers both; the town hall controls
(regime A); a mandataire may hold two procurations drawn up in France (loi n° 2021-191, art. 2)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.dossiers.rebuilding import rebuild_all
from server.ledger.models import Event
from server.notices.enums import MessageKind
from server.notices.models import Notice
from tests.server.replays.world import Replay, citizen, commune

LAON, SOISSONS = commune("02408", 2021), commune("02722", 2021)
SCRUTIN = "2021-06-departementales-regionales/metropole"
MONDAY = datetime(2021, 6, 14, 6, 0, tzinfo=UTC)
ELECTORS = [f"ELECTEUR {letter}{other}" for letter in "ABCDEFGH" for other in "VWXYZ"]


@pytest.fixture
def laon(db, tmp_path):
    """A morning at the sous-préfecture: forty electors while the line is down, twenty mandataires of the
    town."""
    replay = Replay(tmp_path, MONDAY)
    for number, name in enumerate(ELECTORS):
        replay.at(MONDAY + timedelta(minutes=4 * number))
        mandataire = citizen(f"MANDATAIRE {'ABCDEFGHIJKLMNOPQRST'[number // 2]}", LAON)
        replay.files(name, citizen(name), mandataire, LAON, SCRUTIN)
    return replay


def test_r_32_one_procuration_covers_both_elections_of_both_days(laon):
    laon.at(MONDAY + timedelta(hours=4))
    laon.syncs("kiosk")
    one = laon.dossier(ELECTORS[0])
    assert one.polling_days == [date(2021, 6, 20).isoformat(), date(2021, 6, 27).isoformat()]
    assert {laon.dossier(name).status for name in ELECTORS} == {Status.DEMANDE}


def test_the_line_comes_back_at_noon_and_nobody_does_anything(laon):
    laon.at(MONDAY + timedelta(hours=3))
    laon.establishes("brigade de Laon", *ELECTORS)
    laon.at(MONDAY + timedelta(hours=6))
    laon.syncs("brigade de Laon", "kiosk")
    assert set(laon.status(*ELECTORS)) == {Status.TRANSMISE}
    acknowledged = sum(len(tablet.pairs) for tablet in laon.tablets.values())
    assert Event.objects.exclude(device__log_id=laon.centre.log_id.hex()).count() == acknowledged


def test_r_41_two_in_france_stand_for_one_mandataire_and_the_third_falls(laon):
    laon.files("troisième", citizen("TROISIEME"), citizen("MANDATAIRE A", LAON), LAON, SCRUTIN)
    laon.establishes("brigade de Laon", *ELECTORS[:2], "troisième")
    laon.syncs("brigade de Laon")
    assert laon.status(*ELECTORS[:2], "troisième") == [Status.TRANSMISE, Status.TRANSMISE, Status.NULLE_L73]


def test_r_05_the_town_hall_refuses_a_mandataire_of_another_commune(laon):
    laon.files("ailleurs", citizen("AILLEURS"), citizen("MANDATAIRE SOISSONS", SOISSONS), LAON, SCRUTIN)
    laon.establishes("brigade de Laon", "ailleurs", ELECTORS[0])
    laon.syncs("brigade de Laon")
    mairie = laon.mairie(LAON)
    mairie.opens_its_list("ailleurs", ELECTORS[0])
    assert laon.status("ailleurs", ELECTORS[0]) == [Status.RECUE, Status.RECUE]
    mairie.decides("ailleurs", RefusalCode.COMMUNES_DIFFERENTES)
    mairie.decides(ELECTORS[0])
    assert laon.status("ailleurs", ELECTORS[0]) == [Status.INVALIDEE, Status.VALIDEE]
    told = Notice.objects.filter(kind=MessageKind.M3).values_list("rid", flat=True)
    assert sorted(told) == sorted(laon.papers[name].rid.hex() for name in ("ailleurs", ELECTORS[0]))
    assert rebuild_all(laon.centre, lambda _: None).differed == 0


def test_i_8_the_town_hall_of_soissons_sees_nothing_of_laon(laon):
    laon.establishes("brigade de Laon", ELECTORS[0])
    laon.syncs("brigade de Laon")
    with pytest.raises(RuleViolated, match="DOSSIER_INCONNU"):
        laon.mairie(SOISSONS).decides(ELECTORS[0])
