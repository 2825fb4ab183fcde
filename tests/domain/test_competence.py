"""Who may draw up a procuration: the matrix of R. 72-1, and what the words of a quality mean."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procuration.domain.competence import (
    MATRIX,
    REFUSED_BY,
    AuthorityKind,
    Form,
    Power,
    Where,
    authority_kind_of,
    check_authority,
)
from procuration.errors import RuleViolated

K, ON_LINE, PAPER = AuthorityKind, Form.TELEPROCEDURE, Form.PAPER
ESTABLISH, COLLECT = Power.ESTABLISH, Power.COLLECT


def refusal(kind, form, where, power=ESTABLISH):
    """The rule that refuses, "DELEGUE" for a délégué who may only collect, None when it is allowed."""
    try:
        check_authority(kind, form, where, power)
    except RuleViolated as error:
        delegate = error.code == "DELEGUE_RECUEILLE_SEULEMENT"
        return "DELEGUE" if delegate else error.ids["rule"]
    return None


@pytest.mark.parametrize("kind", [K.OPJ, K.APJ, K.RESERVISTE, K.MAGISTRAT, K.GREFFE, K.DESIGNATED])
def test_r_11_on_paper_police_gendarmerie_and_courts_establish(kind):
    assert refusal(kind, PAPER, Where.UNIT) is None


@pytest.mark.parametrize("kind", [K.MAGISTRAT, K.GREFFE])
@pytest.mark.parametrize("where", [Where.HOME, Where.LISTED_PUBLIC_PLACE, Where.ABROAD])
def test_r_11_a_court_establishes_in_its_own_premises_only(kind, where):
    assert refusal(kind, PAPER, where) == "R-11"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (K.OPJ, None),
        (K.APJ, None),
        (K.RESERVISTE, None),
        (K.DESIGNATED, None),
        (K.MAGISTRAT, "R-12"),
        (K.GREFFE, "R-12"),
    ],
)
def test_r_12_the_tele_procedure_is_for_police_and_gendarmerie_only(kind, rule):
    assert refusal(kind, ON_LINE, Where.UNIT) == rule


@pytest.mark.parametrize(("form", "where", "power"), [*product(Form, Where, Power)])
def test_r_13_a_mayor_never_acts(form, where, power):
    assert refusal(K.MAIRE, form, where, power) == "R-13"


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("where", [Where.UNIT, Where.HOME, Where.LISTED_PUBLIC_PLACE])
def test_r_15_a_delegue_collects_and_never_establishes(form, where):
    assert refusal(K.DELEGUE, form, where, COLLECT) is None
    assert refusal(K.DELEGUE, form, where, ESTABLISH) == "DELEGUE"


@pytest.mark.parametrize(("form", "where", "power"), [*product(Form, Where, Power)])
def test_r_15_there_is_no_delegue_of_an_apj_or_reserviste(form, where, power):
    assert refusal(K.DELEGUE_OF_AN_APJ, form, where, power) == "R-15"


@pytest.mark.parametrize(
    ("kind", "form", "rule"),
    [
        (K.CONSULAR, PAPER, None),
        (K.CONSULAR, ON_LINE, None),
        (K.MILITARY_OPJ, PAPER, None),
        (K.HONORARY_CONSUL, PAPER, None),
        (K.HONORARY_CONSUL, ON_LINE, "R-20"),
        (K.OPJ, ON_LINE, "R-20"),
        (K.APJ, PAPER, "R-20"),
    ],
)
def test_r_20_abroad_consulates_act_an_honorary_consul_on_paper_only(kind, form, rule):
    assert refusal(kind, form, Where.ABROAD) == rule
    if kind is not K.MILITARY_OPJ:
        consular = kind in (K.CONSULAR, K.HONORARY_CONSUL)
        assert refusal(kind, form, Where.UNIT) == ("R-20" if consular else None)


@pytest.mark.parametrize(
    ("form", "where", "rule"),
    [(PAPER, Where.AT_SEA, None), (ON_LINE, Where.AT_SEA, "R-21"), (PAPER, Where.UNIT, "R-21")],
)
def test_r_21_a_captain_acts_on_board_on_the_form_only(form, where, rule):
    assert refusal(K.SHIP_CAPTAIN, form, where) == rule


@given(st.sampled_from(K), st.sampled_from(Form), st.sampled_from(Where), st.sampled_from(Power))
def test_whatever_no_line_of_the_matrix_allows_is_refused_by_a_rule(kind, form, where, power):
    lines = [one for one in MATRIX if kind in one.kinds and form in one.forms and power in one.powers]
    allowed = any(where in one.places for one in lines)
    assert (refusal(kind, form, where, power) is None) == allowed
    assert kind in REFUSED_BY


@pytest.mark.parametrize(
    ("qualite", "kind"),
    [
        ("Maréchale des logis-cheffe, OPJ", K.OPJ),
        ("Officière de police judiciaire", K.OPJ),
        ("Commandant adjoint de brigade, O.P.J.", K.OPJ),
        ("Adjudant, OPJ désigné par le juge du tribunal judiciaire", K.OPJ),
        ("OPJ prévôtal", K.MILITARY_OPJ),
        ("Gendarme, APJ", K.APJ),
        ("Agente de police judiciaire", K.APJ),
        ("Réserviste opérationnel, APJ", K.RESERVISTE),
        ("Délégué de l’OPJ Martin", K.DELEGUE),
        ("Gendarme, APJ, déléguée par l'OPJ TAHUA", K.DELEGUE),
        ("Déléguée d'un APJ", K.DELEGUE_OF_AN_APJ),
        ("Délégué de la réserviste Roux", K.DELEGUE_OF_AN_APJ),
        ("Magistrate honoraire", K.MAGISTRAT),
        ("Juge", K.MAGISTRAT),
        ("Présidente du tribunal", K.MAGISTRAT),
        ("Directrice de greffe", K.GREFFE),
        ("Greffier", K.GREFFE),
        ("Maire, OPJ", K.MAIRE),
        ("Deuxième adjointe", K.MAIRE),
        ("1er adjoint", K.MAIRE),
        ("Adjoint au maire", K.MAIRE),
        ("Vice-consul", K.CONSULAR),
        ("Ambassadrice", K.CONSULAR),
        ("Consul de France honoraire", K.HONORARY_CONSUL),
        ("Capitaine de navire", K.SHIP_CAPTAIN),
    ],
)
def test_r_11_r_13_a_quality_says_what_the_authority_is(qualite, kind):
    assert authority_kind_of(qualite) is kind
    assert authority_kind_of(qualite.upper()) is kind


@pytest.mark.parametrize(
    "qualite",
    [
        "Brigadier-chef",
        "Capitaine de police",
        "Policier adjoint",
        "Gendarme adjoint volontaire",
        "Adjudant désigné par le président du tribunal",
        "Secrétaire de mairie",
        "",
    ],
)
def test_r_14_a_quality_without_a_known_word_rests_on_the_signed_designation(qualite):
    assert authority_kind_of(qualite) is K.DESIGNATED


@given(st.text(max_size=100))
def test_any_text_is_a_quality(qualite):
    assert authority_kind_of(qualite) in K
