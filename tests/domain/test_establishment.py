"""What the law asks of an act that establishes a procuration, on the day and at the place of the act."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.acts import (
    REQUIRED_AT_HOME,
    REQUIRED_TO_ESTABLISH,
    ActDecision,
    ActPlace,
    ActPlaceKind,
    Declarations,
)
from procuration.domain.competence import Form, Where
from procuration.domain.establishment import (
    CODES,
    Tables,
    check_authority_of,
    check_establishment,
    rule_of,
    where_of,
    zone_name_of,
)
from procuration.domain.events import Channel
from procuration.domain.people import PartialDate, Person
from procuration.domain.rules import RULES
from procuration.domain.validity import OneScrutin, Period, Rounds, rounds_covered
from procuration.errors import RuleViolated
from tests.builders import (
    ANGELA,
    JEAN_CLAUDE,
    LAON,
    NOUMEA,
    NOW,
    OFFICER,
    SCRUTIN_ID,
    Device,
    act,
    filed,
    rid,
)
from tests.domain.shipped import CALENDAR, LAW, law_with

IN_NOUMEA = timezone(timedelta(hours=11))
TABLES = Tables(LAW, CALENDAR)
BRIGADE = Device("brigade")
REQUEST = filed()
ACT = act(BRIGADE, BRIGADE.records(REQUEST, rid()), rid=rid())
AT_HOME = ActPlace(kind=ActPlaceKind.HOME, site_id=None, insee_code="98805")
IN_LAON = {"vote_place": LAON, "mandataire": replace(JEAN_CLAUDE, enrolment=LAON)}
LAON_SCRUTIN = OneScrutin(scrutin_id="2027-04-presidentielle/metropole", rounds=Rounds.BOTH)


def refusal(request=REQUEST, drawn_up=ACT, filed_at=NOW - timedelta(days=1), zone=IN_NOUMEA, tables=TABLES):
    """The code of the refusal, or None."""
    try:
        check_establishment(request, filed_at, drawn_up, zone, tables)
    except RuleViolated as error:
        return error.code if rule_of(error) in RULES else f"{error.code} has no rule"
    return None


def by(**changes):
    """The act, by another authority."""
    return replace(ACT, authority=replace(OFFICER, **changes))


def test_r_18_an_officer_establishes_for_a_mandant_who_is_present_and_identified():
    assert refusal() is None


@pytest.mark.parametrize("missing", [one for one in Declarations if one in REQUIRED_TO_ESTABLISH])
def test_r_07_r_18_nothing_is_established_without_each_declaration(missing):
    drawn_up = replace(ACT, declarations=REQUIRED_TO_ESTABLISH & ~missing)
    assert refusal(drawn_up=drawn_up) == "DECLARATION_MANQUANTE"


@pytest.mark.parametrize("missing", [one for one in Declarations if one in REQUIRED_AT_HOME])
def test_r_17_nothing_is_established_at_home_without_both_papers(missing):
    both = REQUIRED_TO_ESTABLISH | REQUIRED_AT_HOME
    assert refusal(drawn_up=replace(ACT, place=AT_HOME, declarations=both)) is None
    assert (
        refusal(drawn_up=replace(ACT, place=AT_HOME, declarations=both & ~missing)) == "DECLARATION_MANQUANTE"
    )


def test_r_18_nothing_is_established_without_a_title():
    assert refusal(drawn_up=replace(ACT, identity_document=None)) == "PIECE_MANQUANTE"


def test_r_19_nothing_is_established_on_a_title_that_the_order_does_not_list():
    tables = Tables(law_with(identity_documents="1"), CALENDAR)
    assert refusal(tables=tables) == "PIECE_NON_LISTEE"


@pytest.mark.parametrize("missing", ["nom", "prenoms", "qualite", "unit_name"])
def test_r_23_an_act_that_lacks_who_drew_it_up_is_refused(missing):
    assert refusal(drawn_up=by(**{missing: " "})) == "AUTORITE_INCOMPLETE"


def test_r_23_an_act_that_lacks_its_place_is_refused():
    nowhere = replace(ACT, place=replace(ACT.place, insee_code=""))
    assert refusal(drawn_up=nowhere) == "AUTORITE_INCOMPLETE"


@pytest.mark.parametrize(
    ("qualite", "code"),
    [
        ("Adjudant, OPJ", None),
        ("Brigadier-chef", None),
        ("Magistrate", "AUTORITE_INCOMPETENTE"),
        ("Greffier", "AUTORITE_INCOMPETENTE"),
        ("Maire, OPJ", "AUTORITE_INCOMPETENTE"),
        ("Délégué de l'OPJ Tahua", "DELEGUE_RECUEILLE_SEULEMENT"),
        ("Consule honoraire", "AUTORITE_INCOMPETENTE"),
    ],
)
def test_r_12_r_13_r_15_who_establishes_a_request_of_the_tele_procedure(qualite, code):
    assert refusal(drawn_up=by(qualite=qualite)) == code


def test_r_11_a_magistrate_establishes_a_form_keyed_in():
    assert refusal(filed(channel=Channel.PAPER), by(qualite="Magistrate")) is None


def test_r_15_a_delegue_collects_under_the_same_conditions():
    collected = replace(by(qualite="Délégué de l'OPJ Tahua"), decision=ActDecision.COLLECTED)
    assert refusal(drawn_up=collected) is None
    assert refusal(drawn_up=replace(collected, declarations=Declarations(0))) == "DECLARATION_MANQUANTE"


def test_r_46_a_resiliation_has_the_same_authorities():
    revoked = replace(by(qualite="Maire"), decision=ActDecision.REVOKED)
    with pytest.raises(RuleViolated, match="AUTORITE_INCOMPETENTE"):
        check_authority_of(revoked, Form.TELEPROCEDURE)
    check_authority_of(replace(revoked, authority=OFFICER), Form.TELEPROCEDURE)


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (timedelta(0), None),
        (timedelta(days=59), None),  # from 29 January to 29 March
        (timedelta(days=59, seconds=1), "DEMANDE_EXPIREE"),
        (timedelta(days=400), "DEMANDE_EXPIREE"),
    ],
)
def test_r_64_a_request_of_more_than_two_months_is_not_established(age, code):
    filed_at = datetime(2026, 1, 29, 9, 30, tzinfo=UTC)
    assert refusal(drawn_up=replace(ACT, wall=filed_at + age), filed_at=filed_at) == code


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.FIRST), None),
        (OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.SECOND), None),
        (OneScrutin(scrutin_id="2027-04-presidentielle/metropole", rounds=Rounds.BOTH), "SCRUTIN_INCONNU"),
        (OneScrutin(scrutin_id="2031-13-inconnu/988", rounds=Rounds.BOTH), "SCRUTIN_INCONNU"),
        (OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds(0)), "TOURS"),
        (OneScrutin(scrutin_id="2024-06-europeennes/988", rounds=Rounds.SECOND), "TOURS"),
        (OneScrutin(scrutin_id="2024-06-legislatives/988", rounds=Rounds.BOTH), "SCRUTIN_PASSE"),
    ],
)
def test_r_28_a_scrutin_is_of_the_calendar_with_its_rounds_and_is_not_over(choice, code):
    assert refusal(filed(validity=choice)) == code


FIRST_CLOSING, LAST_CLOSING = (
    round_.closes_at for round_ in rounds_covered(REQUEST.validity, CALENDAR, NOUMEA)
)


@pytest.mark.parametrize(
    ("rounds", "closing"), [(Rounds.FIRST, FIRST_CLOSING), (Rounds.SECOND, LAST_CLOSING)]
)
def test_r_36_a_procuration_is_established_up_to_the_closing_of_its_last_poll(rounds, closing):
    request = filed(validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=rounds))
    before = replace(ACT, wall=closing - timedelta(seconds=1))
    assert refusal(request, before) is None
    assert refusal(request, replace(ACT, wall=closing)) == "SCRUTIN_PASSE"


def test_r_33_two_mandataires_share_the_rounds_and_no_poll():
    covered = [
        set(rounds_covered(OneScrutin(scrutin_id=SCRUTIN_ID, rounds=rounds), CALENDAR, NOUMEA))
        for rounds in (Rounds.FIRST, Rounds.SECOND)
    ]
    assert not covered[0] & covered[1]
    for rounds in (Rounds.FIRST, Rounds.SECOND):
        assert refusal(filed(validity=OneScrutin(scrutin_id=SCRUTIN_ID, rounds=rounds))) is None


@pytest.mark.parametrize(
    ("last_day", "code"),
    [
        (date(2028, 4, 1), None),
        (date(2028, 4, 2), "DUREE_EXCESSIVE"),
        (date(2027, 4, 1), None),
        (date(2027, 3, 31), "PERIODE_PASSEE"),
        (date(2027, 2, 28), "PERIODE_INVERSEE"),
    ],
)
def test_r_29_the_year_of_a_period_counts_from_the_day_of_the_act(last_day, code):
    assert refusal(filed(validity=Period(first_day=date(2027, 3, 1), last_day=last_day))) == code


def test_r_29_the_day_of_the_act_is_that_of_its_place():
    late = replace(
        ACT, wall=datetime(2027, 4, 1, 20, 0, tzinfo=UTC)
    )  # 2 April, seven in the morning, in Nouméa
    request = filed(validity=Period(first_day=date(2027, 4, 1), last_day=date(2028, 4, 2)))
    assert refusal(request, late) is None
    assert refusal(request, late, zone=UTC) == "DUREE_EXCESSIVE"


@given(st.dates(date(2027, 2, 1), date(2027, 4, 1)), st.integers(0, 800))
def test_r_29_r_36_a_period_is_good_when_it_ends_between_the_act_and_a_year_later(first_day, days):
    last_day = first_day + timedelta(days=days)
    found = refusal(filed(validity=Period(first_day=first_day, last_day=last_day)))
    assert (found is None) == (date(2027, 4, 1) <= last_day <= date(2028, 4, 1))


def test_r_73_a_mandataire_of_nouvelle_caledonie_is_refused_on_line_and_accepted_on_paper():
    asked = {"vote_place": LAON, "validity": LAON_SCRUTIN}
    assert refusal(filed(**asked)) == "TELEPROCEDURE_NON_APPLICABLE"
    assert refusal(filed(**asked, channel=Channel.PAPER)) is None
    assert refusal(filed(**{**asked, **IN_LAON})) is None


@pytest.mark.parametrize("channel", [Channel.KIOSK, Channel.PAPER])
def test_r_08_the_mandataire_is_somebody_else_on_every_form(channel):
    request = filed(mandataire=replace(ANGELA, enrolment=NOUMEA), channel=channel)
    assert refusal(request) == "MANDATAIRE_EST_LE_MANDANT"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mandataire": replace(JEAN_CLAUDE, sex=None)}, "MANDATAIRE_IDENTIFICATION"),
        ({"mandataire": replace(JEAN_CLAUDE, birth_name="DUP0NT")}, "NOM_CARACTERE"),
        ({"mandataire": replace(JEAN_CLAUDE, birth_date=PartialDate(2028))}, "DATE_FUTURE"),
        ({"mandant": Person(birth_date=PartialDate(1962))}, "NOM_MANQUANT"),
    ],
)
def test_r_26_a_person_who_is_not_identified_is_refused(changes, code):
    assert refusal(filed(**changes)) == code


def test_r_74_an_elector_number_is_refused_in_nouvelle_caledonie():
    by_number = Person(birth_date=PartialDate(1944, 8, 22), elector_number="12345678")
    assert refusal(filed(mandataire=by_number)) == "NUMERO_EN_NOUVELLE_CALEDONIE"


def test_a_form_holds_no_elector_number_of_nouvelle_caledonie_and_may_hold_another():
    numbered = replace(filed().mandataire, elector_number="12345678")
    assert refusal(filed(mandataire=numbered, channel=Channel.PAPER)) == "NUMERO_EN_NOUVELLE_CALEDONIE"
    there = replace(numbered, enrolment=NOUMEA)
    at_laon = {"vote_place": LAON, "channel": Channel.PAPER, "validity": LAON_SCRUTIN}
    assert refusal(filed(mandataire=there, **at_laon)) == "NUMERO_EN_NOUVELLE_CALEDONIE"
    assert refusal(filed(mandataire=replace(numbered, enrolment=LAON), **at_laon)) is None


def test_r_79_a_ballot_that_the_tele_procedure_does_not_serve_goes_on_paper():
    tables = Tables(law_with(teleprocedure_elections="municipales"), CALENDAR)
    assert refusal(tables=tables) == "SCRUTIN_HORS_TELEPROCEDURE"
    assert refusal(filed(channel=Channel.PAPER), tables=tables) is None


@pytest.mark.parametrize(
    ("code", "kind", "where"),
    [
        ("98805", ActPlaceKind.UNIT, Where.UNIT),
        ("2A004", ActPlaceKind.HOME, Where.HOME),
        ("02408", ActPlaceKind.LISTED_PUBLIC_PLACE, Where.LISTED_PUBLIC_PLACE),
        ("BERLIN", ActPlaceKind.UNIT, Where.ABROAD),
        ("99109", ActPlaceKind.UNIT, Where.ABROAD),
    ],
)
def test_r_20_a_place_without_a_commune_is_abroad(code, kind, where):
    assert where_of(ActPlace(kind=kind, site_id=None, insee_code=code)) is where


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("98805", "Pacific/Noumea"),
        ("02408", "Europe/Paris"),
        ("98731", "Pacific/Marquesas"),
        ("97501", "America/Miquelon"),
        ("75056", "Europe/Paris"),
        ("BERLIN", None),
    ],
)
def test_the_calendar_knows_the_time_zone_of_a_commune(code, zone):
    assert zone_name_of(ActPlace(kind=ActPlaceKind.UNIT, site_id=None, insee_code=code), CALENDAR) == zone


def test_every_code_has_a_rule():
    assert set(CODES.values()) <= set(RULES)
