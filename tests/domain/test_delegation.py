"""The OPJ named in the délégué's designation confirms, nobody else (R-15)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from procuration.domain.acts import ActDecision
from procuration.domain.delegation import check_confirmation, names
from procuration.domain.identifiers import EventHash
from procuration.errors import RuleViolated
from tests.builders import NOW, OFFICER, Device, act, filed, rid

DELEGATE = replace(OFFICER, nom="WAMYTAN", prenoms="Paul", qualite="Gendarme, délégué d'un OPJ")
DESIGNATION = "Délégué de l’OPJ Maëva Tahua, décision du 3 mars 2027"
BRIGADE = Device("brigade")
REQUEST = BRIGADE.records(filed(), rid())
COLLECTED = replace(act(BRIGADE, REQUEST, rid=rid(), decision=ActDecision.COLLECTED), authority=DELEGATE)
CONFIRMING = act(BRIGADE, REQUEST, rid=rid(), wall=NOW + timedelta(hours=2), confirms=EventHash(bytes(32)))


def test_r_15_the_opj_who_chose_the_delegue_confirms():
    check_confirmation(CONFIRMING, COLLECTED, DESIGNATION)


@pytest.mark.parametrize(
    "changes",
    [
        {"nom": "MARTIN"},
        {"prenoms": "Julie"},
        {"nom": "TAHUATA"},
        {"qualite": "Gendarme, APJ"},
        {"qualite": "Maréchale des logis-cheffe"},
        {"qualite": "Gendarme, déléguée d'un OPJ"},
    ],
)
def test_r_15_nobody_else_confirms(changes):
    other = replace(CONFIRMING, authority=replace(OFFICER, **changes))
    with pytest.raises(RuleViolated, match="CONFIRMATION_AUTRE_OPJ"):
        check_confirmation(other, COLLECTED, DESIGNATION)


@pytest.mark.parametrize(
    ("confirming", "collected"),
    [
        ({"rid": rid(2)}, {}),
        ({"filed_hash": EventHash(bytes(32))}, {}),
        ({"wall": NOW - timedelta(seconds=1)}, {}),
        ({"decision": ActDecision.COLLECTED}, {}),
        ({}, {"decision": ActDecision.ESTABLISHED}),
        ({}, {"authority": OFFICER}),
    ],
    ids=[
        "another request",
        "another version",
        "before it",
        "no établissement",
        "not collected",
        "no délégué",
    ],
)
def test_r_15_what_does_not_fit_the_collected_act_confirms_nothing(confirming, collected):
    with pytest.raises(RuleViolated, match="CONFIRMATION_IMPOSSIBLE"):
        check_confirmation(replace(CONFIRMING, **confirming), replace(COLLECTED, **collected), DESIGNATION)


@pytest.mark.parametrize(
    ("designation", "named"),
    [
        ("Déléguée de l’OPJ TAHUA Maëva Rose", True),
        ("délégué de maeva tahua", True),
        ("Délégué de l'OPJ Tahua", False),
        ("TPI", False),
        ("", False),
    ],
)
def test_r_15_a_designation_names_nom_and_prenom(designation, named):
    assert names(designation, OFFICER) is named
