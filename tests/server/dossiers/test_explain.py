"""`procuration-server explain REFERENCE`: the life of a procuration, with the rule and article of each
change."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from procuration.domain.reference import Reference
from procuration.domain.rules import RULES
from procuration.domain.status import Status
from server.dossiers.explaining import RULE_OF_ASIDE
from server.ledger.enums import Aside
from tests.builders import JEAN_CLAUDE, NOW
from tests.server.dossiers.test_rivals import establishes, proves, revokes

HOUR = timedelta(hours=1)


def explained(reference: str = "XBQ7V3", *flags: str) -> str:
    out = StringIO()
    call_command("explain", reference, *flags, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_each_event_is_told_with_the_state_after_it_and_the_article(world, kiosk, brigade, officer):
    world.clock.at = NOW + 9 * HOUR
    proves(brigade, NOW)
    establishes(brigade, kiosk, officer, 1, NOW + HOUR)
    proves(brigade, NOW + 4 * HOUR)
    world.hears(brigade)
    told = json.loads(explained("XBQ7V3", "--json"))
    assert [(step["kind"], step["state"], step["rule"]) for step in told["steps"]] == [
        ("FILED", "DEMANDE", "R-27"),
        ("ACT", "ETABLIE", "R-18"),
        ("TAKEN_IN", "TRANSMISE", "R-58"),
    ]
    act = told["steps"][1]
    assert act["because"] == f"{RULES['R-18'].title} (R. 73)"
    assert act["between"][0] < act["at"] < act["between"][1]
    assert act["leaf"] is not None
    assert told["rounds"][0]["effect"] == "STANDS"


def test_what_a_rival_and_a_resiliation_made_of_it_is_told(world, kiosk, brigade, officer):
    world.clock.at = NOW + 9 * HOUR
    proves(brigade, NOW)
    establishes(brigade, kiosk, officer, 2, NOW + HOUR, reference=None)
    establishes(brigade, kiosk, officer, 1, NOW + 2 * HOUR)
    brigade.wall = NOW + 3 * HOUR
    revokes(brigade, officer, 1)
    proves(brigade, NOW + 4 * HOUR)
    world.hears(brigade)
    text = explained()
    assert f"NULLE_L73{' '}PLAFOND_DEPASSE  R-39" in text
    assert "REVOCATION           → RESILIATION  R-46" in text
    for name in ("DUBOIS", "DUPONT", JEAN_CLAUDE.given_names, "exemple.fr"):
        assert name not in text


def test_an_event_without_effect_is_told_with_its_code(world, kiosk, brigade, officer):
    brigade.acts(kiosk.files(), officer, wall=NOW + HOUR)
    world.hears(brigade)
    text = explained()
    assert f"SANS_EFFET {Aside.CLOCK}  R-43" in text
    assert text.strip().splitlines()[-1].startswith(f"{Status.EN_ATTENTE_HUMAINE.name} {Aside.CLOCK}")


@pytest.mark.parametrize("reference", [Reference("AAAAAA"), "not one"])
def test_an_unknown_reference_is_refused(world, reference):
    with pytest.raises(SystemExit) as stopped:
        explained(reference)
    assert stopped.value.code == 1


def test_every_code_that_comes_from_the_law_names_a_rule_that_exists():
    assert set(RULE_OF_ASIDE) <= {code.value for code in Aside} | {"PERSONNE_MAL_DESIGNEE"}
    assert set(RULE_OF_ASIDE.values()) <= set(RULES)
