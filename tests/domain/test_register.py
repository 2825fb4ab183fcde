"""The registers: who stands on which, which fields each shows, in which order."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.acts import ActPlaceKind
from procuration.domain.candidates import Effect
from procuration.domain.people import PartialDate, Person, Sex
from procuration.domain.register import (
    Names,
    PublicRow,
    Registered,
    State,
    internal_register,
    marking_list,
    order_of_acts,
    public_register,
)
from procuration.domain.validity import OneScrutin, Period, Rounds
from tests.builders import ANGELA, JEAN_CLAUDE, LAON, NOUMEA, NOW, OFFICER, SCRUTIN_ID, rid

ONE_YEAR = Period(first_day=date(2027, 4, 1), last_day=date(2028, 3, 31))
VALIDATED = Registered(
    rid=rid(1),
    reference="XBQ7V3",
    mandant=ANGELA,
    mandataire=JEAN_CLAUDE,
    vote_place=NOUMEA,
    authority=OFFICER,
    established_at=NOW,
    established_on=NOW.date(),
    established_in="98805",
    place_kind=ActPlaceKind.HOME,
    validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.BOTH),
    received=True,
    accepted=True,
    effect=Effect.STANDS,
    code="",
    decided_at=NOW + timedelta(days=1),
    decided_by="0123456789abcdef",
)
UNDECIDED = replace(VALIDATED, accepted=None, decided_at=None, decided_by="")
UNRECEIVED = replace(UNDECIDED, received=False)
REFUSED = replace(VALIDATED, accepted=False, code="PLAFOND_DEPASSE")


def of(name: str, given: str | None = "Anne", number: int = 1) -> Registered:
    mandant = Person(birth_name=name, given_names=given, sex=Sex.FEMALE, birth_date=PartialDate(1990))
    return replace(VALIDATED, mandant=mandant, rid=rid(number))


def leaves(value: object) -> set[str]:
    """The name of every value that a row shows, those of the rows inside it included."""
    found: set[str] = set()
    for field in fields(value):  # type: ignore[arg-type]
        inside = getattr(value, field.name)
        found |= (
            {f"{field.name}.{name}" for name in leaves(inside)} if isinstance(inside, Names) else {field.name}
        )
    return found


def test_r_56_the_public_register_has_the_fields_of_the_article_and_nothing_else():
    (row,) = public_register([VALIDATED])
    assert leaves(row) == {
        "mandant.nom",
        "mandant.prenoms",
        "mandataire.nom",
        "mandataire.prenoms",
        "authority_nom",
        "authority_prenoms",
        "authority_qualite",
        "established_on",
        "established_in",
        "validity",
    }
    assert not [kind for kind in get_type_hints(PublicRow).values() if kind in (Person, datetime)]


def test_r_56_no_number_birth_date_reference_hour_unit_or_home_is_in_a_public_row():
    known = replace(ANGELA, elector_number="123456789", used_name="MARTIN")
    shown = str([_plain(row) for row in public_register([replace(VALIDATED, mandant=known)])])
    for secret in ("123456789", "1962", "XBQ7V3", "09:30", "9, 30", "Brigade de Dumbéa", "MARTIN", "HOME"):
        assert secret not in shown
    assert "DUBOIS" in shown


def _plain(value: object) -> object:
    """Every value, those that `repr` hides included."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def test_r_56_a_mandataire_known_by_number_alone_has_no_name_and_no_number_there():
    by_number = Person(birth_date=PartialDate(1944, 8, 22), elector_number="12345678")
    (row,) = public_register([replace(VALIDATED, mandataire=by_number)])
    assert row.mandataire == Names(nom="", prenoms="")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (VALIDATED, 1),
        (UNDECIDED, 1),
        (replace(VALIDATED, effect=Effect.UTILISEE), 1),
        (replace(VALIDATED, effect=Effect.VOTE_PERSONNEL), 1),
        (UNRECEIVED, 0),
        (REFUSED, 0),
        (replace(VALIDATED, effect=Effect.NULLE_L73), 0),
        (replace(VALIDATED, effect=Effect.DEJA_EXISTANTE), 0),
        (replace(VALIDATED, effect=Effect.RESILIEE), 0),
        (replace(VALIDATED, effect=Effect.ANNULEE_L77), 0),
        (replace(VALIDATED, effect=Effect.ECARTEE), 0),
        (replace(VALIDATED, effect=Effect.DOUBT), 0),
    ],
)
def test_r_56_the_mayor_shows_what_was_received_and_is_neither_refused_nor_void(
    entry: Registered, expected: int
):
    assert len(public_register([entry])) == expected


def test_r_54_a_procuration_that_the_mayor_has_not_received_is_on_no_list_for_the_poll():
    assert public_register([UNRECEIVED]) == marking_list([UNRECEIVED]) == ()
    assert internal_register([UNRECEIVED])[0].state is State.TRANSMISE


def test_r_60_a_refused_procuration_stays_in_the_register_with_its_reason_and_leaves_the_usable_ones():
    (line,) = internal_register([REFUSED])
    assert (line.state, line.code) == (State.INVALIDEE, "PLAFOND_DEPASSE")
    assert marking_list([REFUSED]) == ()


@pytest.mark.parametrize("effect", Effect)
def test_r_60_every_procuration_of_the_round_is_in_the_internal_register(effect: Effect):
    entries = [replace(entry, effect=effect) for entry in (VALIDATED, UNDECIDED, UNRECEIVED, REFUSED)]
    assert len(internal_register(entries)) == 4


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (UNRECEIVED, State.TRANSMISE),
        (UNDECIDED, State.RECUE),
        (VALIDATED, State.VALIDEE),
        (REFUSED, State.INVALIDEE),
        (replace(REFUSED, effect=Effect.RESILIEE), State.INVALIDEE),
        (replace(UNRECEIVED, effect=Effect.RESILIEE), State.RESILIEE),
        (replace(VALIDATED, effect=Effect.NULLE_L73), State.NULLE_L73),
        (replace(VALIDATED, effect=Effect.DOUBT), State.DOUBT),
    ],
)
def test_r_60_the_state_says_what_stops_a_procuration_before_how_far_it_came(entry: Registered, state: State):
    assert entry.state is state


def test_every_effect_has_its_state():
    assert {effect.value for effect in Effect} - {state.value for state in State} == {"STANDS"}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (VALIDATED, 1),
        (replace(VALIDATED, effect=Effect.UTILISEE), 1),
        (UNDECIDED, 0),
        (replace(VALIDATED, effect=Effect.VOTE_PERSONNEL), 0),
        (replace(VALIDATED, effect=Effect.RESILIEE), 0),
        (replace(VALIDATED, effect=Effect.DOUBT), 0),
    ],
)
def test_r_57_only_accepted_procurations_with_effect_in_the_round_are_written_on_the_list(
    entry: Registered, expected: int
):
    assert len(marking_list([entry])) == expected


def test_r_57_the_mandataire_stands_beside_the_mandant():
    (row,) = marking_list([VALIDATED])
    assert (row.mandant, row.mandataire) == (ANGELA, JEAN_CLAUDE)


@pytest.mark.parametrize(
    ("place", "validity", "expected"),
    [
        (NOUMEA, ONE_YEAR, True),
        (NOUMEA, VALIDATED.validity, False),
        (LAON, ONE_YEAR, False),
        (LAON, VALIDATED.validity, False),
    ],
)
def test_r_71_in_nouvelle_caledonie_more_than_one_scrutin_is_mentioned_on_the_electoral_list_too(
    place, validity, expected: bool
):
    (row,) = marking_list([replace(VALIDATED, vote_place=place, validity=validity)])
    assert row.electoral_list_too is expected


def test_the_order_is_the_one_of_a_french_directory():
    names = [
        "Zola",
        "émile",
        "Éluard",
        "D’ARC",
        "de la Tour",
        "DAVID",
        "ÉMILE-DURAND",
        "Œdipe",
        "OBER",
        "Ïle",
    ]
    ordered = [entry.mandant.birth_name for entry in internal_register(of(name) for name in names)]
    assert ordered == [
        "D’ARC", "DAVID", "de la Tour", "Éluard", "émile", "ÉMILE-DURAND", "Ïle", "OBER", "Œdipe", "Zola",
    ]  # fmt: skip


def test_one_family_is_ordered_by_given_names_and_a_single_name_by_itself():
    entries = [of("MARTIN", "Zoé", 1), of("MARTIN", "Élodie", 2), of("MARTIN", None, 3)]
    only_given = replace(of("x", "Luc", 4), mandant=Person(given_names="Luc", birth_date=PartialDate(1990)))
    ordered = internal_register([*entries, only_given])
    assert [entry.mandant.given_names for entry in ordered] == ["Luc", None, "Élodie", "Zoé"]


@given(st.permutations([of("MARTIN", "Anne", n) for n in range(1, 5)] + [of("MÀRTIN", "Anne", 5)]))
def test_homonyms_have_one_order_whatever_order_they_came_in(entries: list[Registered]):
    expected = internal_register(sorted(entries, key=lambda entry: entry.rid))
    assert internal_register(entries) == expected


def act(log_id: str, seq: int, minutes: int) -> tuple[str, int, int]:
    return log_id, seq, 1_806_570_000 + 60 * minutes


def test_r_25_the_acts_of_a_unit_are_in_order_whatever_tablet_recorded_them():
    acts = [act("b", 4, 30), act("a", 9, 20), act("b", 2, 10), act("a", 1, 0)]
    assert order_of_acts(acts) == [("a", 1), ("b", 2), ("a", 9), ("b", 4)]


def test_r_25_a_clock_set_back_does_not_change_the_order_of_one_tablet():
    acts = [act("a", 1, 50), act("a", 2, 5), act("b", 1, 40), act("b", 2, 60)]
    assert order_of_acts(acts) == [("b", 1), ("a", 1), ("a", 2), ("b", 2)]


@given(st.permutations([act(log, seq, (seq * 37) % 90) for log in "abc" for seq in range(4)]))
def test_r_25_the_register_is_the_same_in_whatever_order_the_acts_arrived(acts: list[tuple[str, int, int]]):
    assert order_of_acts(acts) == order_of_acts(sorted(acts))


def test_a_register_prints_no_name_where_errors_and_logs_do():
    assert "DUBOIS" not in repr(VALIDATED)
    assert "DUBOIS" not in repr(public_register([VALIDATED]))
    assert "TAHUA" not in repr(public_register([VALIDATED]))
    assert "XBQ7V3" not in repr(VALIDATED)
