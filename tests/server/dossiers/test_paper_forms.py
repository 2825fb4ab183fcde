"""A form that a town hall keyed in competes like any other procuration: by what the authority wrote on it
(R-39, R-58)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from procuration.domain.acts import ActPlaceKind
from procuration.domain.competence import Authority
from procuration.domain.events import Channel, Kind
from procuration.domain.status import Doubt, Status
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import RuleViolated
from server.dossiers.auditing import Requests, audit_requests
from server.dossiers.models import Procuration
from server.dossiers.paper_forms import KeyedForm, check, key_in, new_rid, others_of
from server.dossiers.rebuilding import rebuild_all
from server.ledger.auditing import Audit
from server.ledger.models import Event
from tests import builders
from tests.builders import JEAN_CLAUDE, LAON, NOW, SCRUTIN_ID
from tests.server.dossiers.test_rivals import establishes, proves
from tests.server.townhall import account_of

HOUR = timedelta(hours=1)
COURT = Authority(
    nom="WAMYTAN", prenoms="Élise", qualite="Greffière", unit_name="Tribunal de première instance de Nouméa"
)


def a_form(number: int = 7, **changes) -> KeyedForm:
    """A form of the court of Nouméa for the mandataire whom everybody chooses; 9.30 UTC is 20.30 there."""
    told = {
        "mandant": builders.people(number)["mandant"],
        "mandataire": JEAN_CLAUDE,
        "validity": OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.BOTH),
        "authority": COURT,
        "day": date(2027, 4, 1),
        "hour": None,
        "insee_code": "98818",
    }
    return KeyedForm(**{**told, **changes})


def keyed(form: KeyedForm) -> str:
    return key_in(new_rid(), form, account_of()).rid


def state(rid: str) -> tuple[Status, str]:
    row = Procuration.objects.get(rid=rid)
    return Status(row.status), row.code


def folded_again(world) -> bool:
    audit = Audit()
    audit_requests(world.centre, Requests("", "g"), audit)
    return audit.faults == [] and rebuild_all(world.centre, lambda _: None).differed == 0


def test_a_form_is_two_events_of_the_centre_and_is_established_by_its_authority(world):
    row = Procuration.objects.get(rid=keyed(a_form(hour=time(20, 0))))
    assert (Status(row.status), row.channel, row.email) == (Status.TRANSMISE, Channel.PAPER, "")
    assert (row.officer_nom, row.officer_qualite, row.officer_unit) == (
        "WAMYTAN",
        "Greffière",
        "Tribunal de première instance de Nouméa",
    )
    assert row.established_at == datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    assert (row.act_place_code, row.act_place_kind) == ("98818", ActPlaceKind.UNIT)
    kinds = Event.objects.filter(rid=row.rid).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [Kind.FILED, Kind.PAPER_FORM, Kind.TAKEN_IN]
    assert folded_again(world)


def test_a_form_sent_twice_is_recorded_once(world):
    rid = new_rid()
    key_in(rid, a_form(), account_of())
    key_in(rid, a_form(8), account_of())
    assert Event.objects.filter(rid=rid, kind=Kind.PAPER_FORM).count() == 1
    assert Procuration.objects.count() == 1


def test_a_form_never_takes_the_place_of_another_request(world, kiosk):
    kiosk.files(1)
    world.hears(kiosk)
    with pytest.raises(RuleViolated, match="DOSSIER_INCONNU"):
        key_in(builders.rid(1).hex(), a_form(), account_of())
    with pytest.raises(RuleViolated, match="DOSSIER_INCONNU"):
        key_in(keyed(a_form()), a_form(), account_of(LAON))


@pytest.fixture
def electronic(world, kiosk, brigade, officer):
    """A procuration for the same mandataire, established at 10.30 UTC by a clock that is proved."""
    proves(brigade, NOW)
    establishes(brigade, kiosk, officer, 1, NOW + HOUR)
    proves(brigade, NOW + 2 * HOUR)
    world.clock.at = NOW + 4 * HOUR
    world.hears(brigade)
    return builders.rid(1).hex()


@pytest.mark.parametrize(
    ("hour", "form", "other"),
    [
        (time(20, 0), (Status.TRANSMISE, ""), (Status.NULLE_L73, "PLAFOND_DEPASSE")),
        (time(23, 0), (Status.NULLE_L73, "PLAFOND_DEPASSE"), (Status.TRANSMISE, "")),
        (None, *[(Status.EN_ATTENTE_HUMAINE, Doubt.ORDRE_INCERTAIN)] * 2),
    ],
    ids=["earlier", "later", "no hour"],
)
def test_l_73_r_39_r_43_a_form_ranks_by_the_hour_that_is_written_on_it(world, electronic, hour, form, other):
    """20.00 in Nouméa is 9.00 UTC; without an hour the whole day is meant, and a person decides."""
    rid = keyed(a_form(hour=hour))
    assert (state(rid), state(electronic)) == (form, other)
    assert folded_again(world)


def test_r_39_a_form_of_the_day_before_comes_first_without_any_hour(world, electronic):
    rid = keyed(a_form(day=date(2027, 3, 31)))
    assert (state(rid)[0], state(electronic)[0]) == (Status.TRANSMISE, Status.NULLE_L73)


def test_r_43_the_order_in_which_forms_are_keyed_in_says_nothing(world):
    world.clock.at = NOW + 4 * HOUR
    later, earlier = keyed(a_form(7, hour=time(23, 0))), keyed(a_form(8, hour=time(20, 0)))
    assert (state(earlier)[0], state(later)[0]) == (Status.TRANSMISE, Status.NULLE_L73)
    assert folded_again(world)


def test_r_43_two_forms_of_one_day_without_an_hour_wait_for_a_person(world):
    first, second = keyed(a_form(7)), keyed(a_form(8))
    assert {state(first), state(second)} == {(Status.EN_ATTENTE_HUMAINE, Doubt.ORDRE_INCERTAIN)}


def test_r_38_a_form_drawn_up_abroad_is_outside_france(world):
    abroad = replace(COURT, qualite="Consul honoraire", unit_name="Agence consulaire de Suva")
    keyed(a_form(7, hour=time(20, 0)))
    second = keyed(a_form(8, authority=abroad, insee_code="99508", day=date(2027, 3, 20)))
    assert state(second)[0] is Status.TRANSMISE
    assert Procuration.objects.get(rid=second).established_at == datetime(2027, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"authority": replace(COURT, qualite="Maire")}, "AUTORITE_INCOMPETENTE"),
        ({"authority": replace(COURT, nom=" ")}, "AUTORITE_INCOMPLETE"),
        ({"authority": replace(COURT, qualite="Délégué de l’OPJ Tahua")}, "DELEGUE_RECUEILLE_SEULEMENT"),
        ({"day": date(2027, 4, 3)}, "FORMULAIRE_FUTUR"),
        ({"insee_code": "98899"}, "COMMUNE_INCONNUE"),
        ({"mandataire": builders.people(7)["mandant"]}, "MANDATAIRE_EST_LE_MANDANT"),
        ({"validity": OneScrutin(scrutin_id="2020-01-x/988", rounds=Rounds.FIRST)}, "SCRUTIN_INCONNU"),
        (
            {"validity": Period(first_day=date(2027, 4, 1), last_day=date(2029, 4, 1))},
            "DUREE_EXCESSIVE",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_r_11_r_13_r_23_what_the_law_does_not_allow_is_refused_and_nothing_is_written(world, changes, code):
    with pytest.raises(RuleViolated, match=code):
        check(a_form(**changes), account_of())
    with pytest.raises(RuleViolated, match=code):
        keyed(a_form(**changes))
    assert Event.objects.count() == 0


def test_the_same_mandant_is_found_in_both_channels(world, kiosk):
    kiosk.files(7)
    world.hears(kiosk)
    found = others_of(a_form(7), account_of())
    assert [(one.rid, one.channel) for one in found] == [(builders.rid(7).hex(), Channel.KIOSK)]
    assert others_of(a_form(8), account_of()) == []
    assert others_of(a_form(7), account_of(LAON)) == []


def test_a_used_name_hides_nobody(world, kiosk):
    """A request names the nom d'usage; no form does."""
    mandant = builders.people(7)["mandant"]
    kiosk.files(7, mandant=replace(mandant, used_name="KAÈS-WÉA"))
    world.hears(kiosk)
    assert [one.rid for one in others_of(a_form(7), account_of())] == [builders.rid(7).hex()]


def test_r_49_a_form_beside_a_procuration_that_nobody_had_received_yet_waits_with_it(world, electronic):
    rid = keyed(a_form(1, mandataire=builders.people(5)["mandant"], hour=time(23, 0)))
    assert {state(rid), state(electronic)} == {(Status.EN_ATTENTE_HUMAINE, Doubt.DEUX_PROCURATIONS)}
