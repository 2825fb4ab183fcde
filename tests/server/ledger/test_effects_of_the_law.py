"""What the law forbids has no effect at the centre, whoever signed it: stored, receipted, listed with its
code."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procuration.domain.acts import ActDecision
from procuration.domain.people import PartialDate
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.record.enrolment import Designation
from server.dossiers.models import Procuration
from server.dossiers.rebuilding import rebuild_all
from server.ledger.models import SetAside
from tests import builders
from tests.builders import JEAN_CLAUDE, LAON, NOUMEA, NOW, OFFICER, rid

TOO_LONG = Period(first_day=date(2027, 4, 1), last_day=date(2028, 4, 2))
A_YEAR = Period(first_day=date(2027, 4, 1), last_day=date(2028, 4, 1))


def outcome() -> tuple[Status, list[str]]:
    codes = SetAside.objects.order_by("device", "seq").values_list("code", flat=True)
    return Status(Procuration.objects.get(rid=rid().hex()).status), list(codes)


@pytest.mark.parametrize(
    ("request_changes", "code"),
    [
        ({"validity": TOO_LONG}, "DUREE_EXCESSIVE"),
        ({"validity": A_YEAR}, None),
        ({"validity": OneScrutin(scrutin_id="2099-inconnu/988", rounds=Rounds.FIRST)}, "SCRUTIN_INCONNU"),
        (
            {"validity": OneScrutin(scrutin_id="2024-06-legislatives/988", rounds=Rounds.FIRST)},
            "SCRUTIN_PASSE",
        ),
        ({"validity": OneScrutin(scrutin_id="2024-06-europeennes/988", rounds=Rounds.SECOND)}, "TOURS"),
        ({"vote_place": LAON, "validity": A_YEAR}, "TELEPROCEDURE_NON_APPLICABLE"),
        ({"mandataire": replace(JEAN_CLAUDE, sex=None)}, "MANDATAIRE_IDENTIFICATION"),
        ({"mandataire": replace(builders.ANGELA, enrolment=NOUMEA)}, "MANDATAIRE_EST_LE_MANDANT"),
        ({"mandataire": replace(JEAN_CLAUDE, birth_date=PartialDate(2027, 5, 1))}, "PERSONNE_MAL_DESIGNEE"),
    ],
)
def test_r_28_r_29_a_validity_or_a_person_that_the_law_refuses_establishes_nothing(
    world, kiosk, brigade, officer, request_changes, code
):
    brigade.acts(kiosk.files(**request_changes), officer)
    world.hears(brigade)
    expected = (Status.TRANSMISE, []) if code is None else (Status.DEMANDE, [code])
    assert outcome() == expected
    assert brigade.receipts[-1].hash == brigade.pairs[-1].hash


def test_r_64_a_request_of_more_than_two_months_is_not_established_any_more(world, kiosk, brigade, officer):
    kiosk.wall = NOW - timedelta(days=63)
    brigade.acts(kiosk.files(), officer)
    world.hears(brigade)
    assert outcome() == (Status.DEMANDE, ["DEMANDE_EXPIREE"])


def enrols_as(brigade, name: str, qualite: str, designation: str = "décision du 3 mars 2027"):
    """Another officer of the tablet, and who they say they are in an act."""
    key = builders.key(name)
    told = Designation(nom=OFFICER.nom, prenoms=OFFICER.prenoms, qualite=qualite, designation=designation)
    brigade.enrols(key, designation=told)
    return key, replace(OFFICER, qualite=qualite)


@pytest.mark.parametrize("qualite", ["Vice-présidente du tribunal, magistrate", "Adjointe au maire"])
def test_r_12_r_13_a_magistrate_or_a_mayor_establishes_nothing_by_tele_procedure(
    world, kiosk, brigade, qualite
):
    officer, authority = enrols_as(brigade, "somebody", qualite)
    brigade.acts(kiosk.files(), officer, authority=authority)
    world.hears(brigade)
    assert outcome() == (Status.DEMANDE, ["AUTORITE_INCOMPETENTE"])


def test_r_15_a_delegate_collects_and_the_opj_who_chose_them_confirms(world, kiosk, brigade, officer):
    chosen_by = f"Délégué de l’OPJ {OFFICER.prenoms} {OFFICER.nom}"
    delegate, authority = enrols_as(brigade, "delegate", "Adjudant, délégué d’un OPJ", chosen_by)
    request = kiosk.files()
    collected = brigade.acts(request, delegate, decision=ActDecision.COLLECTED, authority=authority)
    world.hears(brigade)
    assert outcome() == (Status.RECUEILLIE, [])
    brigade.acts(request, officer, confirms=collected.hash)
    world.hears(brigade)
    assert outcome() == (Status.TRANSMISE, [])


def test_r_15_another_opj_does_not_confirm_in_whatever_order_it_is_told(world, kiosk, brigade, officer):
    delegate, authority = enrols_as(
        brigade, "delegate", "Adjudant, délégué d’un OPJ", "Délégué de l’OPJ Jean LECLERC"
    )
    request = kiosk.files()
    collected = brigade.acts(request, delegate, decision=ActDecision.COLLECTED, authority=authority)
    brigade.acts(request, officer, confirms=collected.hash)
    world.hears(brigade)
    assert outcome() == (Status.RECUEILLIE, ["CONFIRMATION_AUTRE_OPJ"])
    assert rebuild_all(world.centre, lambda _: None).differed == 0


def test_r_15_a_confirmation_of_nothing_has_no_effect(world, kiosk, brigade, officer):
    request = kiosk.files()
    brigade.acts(request, officer, confirms=request.hash)
    world.hears(brigade)
    assert outcome() == (Status.DEMANDE, ["CONFIRMATION_IMPOSSIBLE"])


def test_r_15_a_delegate_establishes_nothing(world, kiosk, brigade):
    delegate, authority = enrols_as(brigade, "delegate", "Adjudant, délégué d’un OPJ")
    brigade.acts(kiosk.files(), delegate, authority=authority)
    world.hears(brigade)
    assert outcome() == (Status.DEMANDE, ["DELEGUE_RECUEILLE_SEULEMENT"])
