"""Identities as providers give them: none of them is tidy (DOMAIN 5.1)."""

from datetime import date

import pytest

from procuration.domain.events import Authentication
from procuration.domain.people import PartialDate, Sex
from procuration.errors import RecordRejected
from server.identity.claims import agent_from, elector_from, shows_two_factors
from server.identity.client import Answer
from server.identity.providers import Kind
from tests.server.identity.hostile import Liar

FAKE = Liar(port=1)
TODAY = date(2026, 11, 27)


def elector(level="eidas1", settings=None, **claims):
    said = FAKE.user_claims(**claims)
    answer = Answer(subject="s", claims=said, methods=frozenset(), level=level, id_token="the.id.token")
    return elector_from(FAKE.provider(**(settings or {})), answer, TODAY)


def test_the_family_name_is_the_birth_name_and_the_name_in_use_stands_apart():
    angela = elector()
    assert (angela.birth_name, angela.used_name) == ("DUBOIS", "MARTIN")
    assert angela.given_names == "Angela Claire Louise"
    assert (angela.sex, angela.birth_date) == (Sex.FEMALE, PartialDate(1962, 8, 24))
    assert (angela.email, angela.id_token) == ("angela@example.fr", "the.id.token")
    assert "the.id.token" not in repr(angela)


@pytest.mark.parametrize(
    ("claims", "field", "value"),
    [
        ({"given_name": ""}, "given_names", None),
        ({"given_name": None}, "given_names", None),
        ({"family_name": "  "}, "birth_name", None),
        ({"given_name": "Jean-Pierre  Le Roy"}, "given_names", "Jean-Pierre Le Roy"),
        ({"given_name": "Le\u0301a"}, "given_names", "Léa"),
        ({"family_name": "L’HÉRITIER D’ŒUVRE"}, "birth_name", "L’HÉRITIER D’ŒUVRE"),
        ({"gender": None}, "sex", None),
        ({"gender": ""}, "sex", None),
        ({"gender": "unspecified"}, "sex", None),
        ({"gender": "male"}, "sex", Sex.MALE),
        ({"preferred_username": ""}, "used_name", None),
        ({"email": None}, "email", None),
        ({"email": "no address"}, "email", None),
        ({"email": "a@b.fr\u00a0"}, "email", "a@b.fr"),
        ({"birthdate": "1962-08-00"}, "birth_date", PartialDate(1962, 8)),
        ({"birthdate": "1962-00-00"}, "birth_date", PartialDate(1962)),
        ({"birthdate": "1962-08"}, "birth_date", PartialDate(1962, 8)),
        ({"birthdate": "1962"}, "birth_date", PartialDate(1962)),
        ({"birthdate": "1962-01-01"}, "birth_date", PartialDate(1962, 1, 1)),
        ({"birthdate": "1962-01-01", "idp_birthdate": "1962-00-00"}, "birth_date", PartialDate(1962)),
        ({"birthdate": "1962-08-01", "idp_birthdate": "1962-08-00"}, "birth_date", PartialDate(1962, 8)),
        ({"birthdate": "1962-08-24", "idp_birthdate": "1970-00-00"}, "birth_date", PartialDate(1962, 8, 24)),
    ],
)
def test_an_identity_that_is_not_tidy(claims, field, value):
    assert getattr(elector(**claims), field) == value


@pytest.mark.parametrize(
    ("said", "kept"),
    [("1962-01-01", (1962, 0, 0)), ("1962-08-01", (1962, 8, 0)), ("1962-08-24", (1962, 8, 24))],
)
def test_a_provider_whose_first_days_are_presumed(said, kept):
    assert elector(settings={"first_day_is_unknown": True}, birthdate=said).birth_date == PartialDate(*kept)


@pytest.mark.parametrize(
    "claims",
    [{"birthdate": None}, {"birthdate": ""}, {"given_name": "", "family_name": ""},
     {"family_name": "X" * 101}, {"family_name": "<script>"}, {"given_name": "1"}],
)  # fmt: skip
def test_an_identity_that_no_request_can_hold(claims):
    with pytest.raises(RecordRejected, match="IDENTITE_INCOMPLETE"):
        elector(**claims)


@pytest.mark.parametrize(
    "claims",
    [{"birthdate": "24/08/1962"}, {"birthdate": "1962-02-30"}, {"birthdate": "1962-13-01"},
     {"birthdate": "1962-00-12"}, {"birthdate": "2027-01-01"}, {"birthdate": "1850-01-01"},
     {"birthdate": 1962}, {"birthdate": "１９６２"}, {"family_name": ["DUBOIS"]},
     {"family_name": "DU\x00BOIS"}, {"family_name": "DU\u202eBOIS"},
     {"given_name": "\ud800"}, {"email": 1}, {"gender": {}}],
)  # fmt: skip
def test_a_claim_of_another_shape_is_refused(claims):
    with pytest.raises(RecordRejected, match="REPONSE_FOURNISSEUR"):
        elector(**claims)


@pytest.mark.parametrize(
    ("kind", "certified", "level", "expected"),
    [
        (Kind.FRANCE_CONNECT, "", "eidas1", Authentication.FRANCE_CONNECT),
        (Kind.NC_CONNECT, "", "eidas1", Authentication.NC_CONNECT),
        (Kind.FRANCE_CONNECT_PLUS, "", "eidas3", Authentication.FRANCE_CONNECT),
        (Kind.FRANCE_CONNECT_PLUS, "eidas3", "eidas2", Authentication.FRANCE_CONNECT),
        (Kind.FRANCE_CONNECT_PLUS, "eidas3", "eidas3", Authentication.CERTIFIED_IDENTITY),
    ],
)
def test_a_certified_identity_is_one_only_when_the_deployer_says_from_which_level(
    kind, certified, level, expected
):
    assert elector(level, {"kind": kind, "certified_acr": certified}).authentication is expected


@pytest.mark.parametrize(
    ("methods", "two"),
    [((), False), (("pwd",), False), (("mfa",), True), (("pwd", "totp"), True), (("pop",), False),
     (("pwd", "mail"), False), (("pwd", "pop"), True), (("mail", "totp"), False)],
)  # fmt: skip
def test_what_counts_as_a_second_factor(methods, two):
    assert shows_two_factors(frozenset(methods)) is two


@pytest.mark.parametrize("siret", [None, "", "2198818000001", "219881800000123", "2198818000001A", "１" * 14])
def test_an_agent_without_an_employer_is_nobody_here(siret):
    with pytest.raises(RecordRejected, match="IDENTITE_INCOMPLETE"):
        agent_from(Answer(subject="s", claims={"siret": siret}, methods=frozenset(), level="", id_token=""))


def test_an_agent_has_an_employer():
    claims = {"siret": "219 881 800 00012", "email": "a@mairie.example"}
    agent = agent_from(Answer(subject="s", claims=claims, methods=frozenset({"mfa"}), level="", id_token=""))
    assert (agent.siret, agent.second_factor) == ("21988180000012", True)
