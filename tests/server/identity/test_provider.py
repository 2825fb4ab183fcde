"""Real flows against a certified provider in the profiles of DOMAIN 5.3."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest
from django.core.management import call_command

from procuration.domain.events import Authentication
from procuration.domain.people import PartialDate, Sex
from provisioning.demo.processes import Actor
from server.identity import addresses
from tests.server.identity.test_journeys import page_of
from tests.server.identity.visitor import SITE, Visitor

AGENTS = "connexion/agents"


@pytest.fixture
def visitor(settings, world, fresh_providers, desk: Actor, tmp_path: Path) -> Visitor:
    settings.PUBLIC_URL = SITE
    desk.do("skew", seconds=0)
    desk.do("forget")
    return Visitor(world, desk, tmp_path / "identity")


@pytest.mark.parametrize(
    ("profile", "authentication"),
    [
        ("franceconnect", Authentication.FRANCE_CONNECT),
        ("franceconnect_plus", Authentication.FRANCE_CONNECT),
        ("nc_connect", Authentication.NC_CONNECT),
    ],
)
def test_an_elector_signs_in_and_out_and_the_provider_forgets_them(visitor, profile, authentication):
    answer = visitor.signs_in(profile, "angela")
    assert answer.status_code == 200, page_of(answer)
    elector = visitor.elector()
    assert (elector.birth_name, elector.used_name) == ("DUBOIS", "MARTIN")
    assert elector.birth_date == PartialDate(1962, 8, 24)
    assert elector.authentication is authentication
    # Its session would let anybody in on this computer...
    silent = visitor.opens(visitor.leaves(profile))
    assert isinstance(silent, str)
    # ... until the log-out has ended it.
    ended = visitor.signs_out("/connexion-usager/fin/")
    assert "terminée ici et chez" in page_of(ended)
    assert visitor.elector() is None
    assert "Choisissez" in visitor.opens(visitor.leaves(profile)).text


def test_a_certified_identity_is_the_highest_level_only(visitor):
    visitor.signs_in("franceconnect_plus", "angela", acr="eidas3")
    assert visitor.elector().authentication is Authentication.CERTIFIED_IDENTITY


def test_a_level_that_the_provider_lowered_is_refused(visitor):
    answer = visitor.signs_in("franceconnect_plus", "angela", acr="eidas1")
    assert (answer.status_code, visitor.elector()) == (403, None)
    assert "Le niveau de connexion ne suffit pas" in page_of(answer)


FAMILIES = [
    ("long-name", "birth_name", "DE LA ROCHE SAINT-ANDRÉ DE MONTMORENCY-LUXEMBOURG-TINGRY"),
    ("ligatures", "birth_name", "D’HÉRITIER-ŸVRE"),
    ("ligatures", "given_names", "Œdipe Lætitia"),
    ("several-names", "given_names", "Jean-Pierre Anne Marie Loïc"),
    ("corsica", "sex", Sex.FEMALE),
    ("polynesia", "birth_name", "TEMARU"),
    ("wallis", "birth_name", "FALEVALU"),
    ("abroad", "birth_name", "NGUYEN"),
    ("presumed-day", "birth_date", PartialDate(1948, 6)),
    ("presumed-month", "birth_date", PartialDate(1940)),
    ("zeros", "birth_date", PartialDate(1945)),
    ("no-given-name", "given_names", None),
    ("no-family-name", "birth_name", None),
    ("no-email", "email", None),
    ("no-sex", "sex", None),
    ("minor", "birth_date", PartialDate(2012, 2, 29)),
]


@pytest.mark.parametrize(("person", "field", "value"), FAMILIES)
def test_every_family_of_identities_arrives_as_it_is(visitor, person, field, value):
    answer = visitor.signs_in("nc_connect", person)
    assert answer.status_code == 200, page_of(answer)
    assert getattr(visitor.elector(), field) == value


def test_an_identity_without_a_birth_date_has_a_page_and_a_next_step(visitor):
    answer = visitor.signs_in("nc_connect", "no-birth-date")
    assert (answer.status_code, visitor.elector()) == (403, None)
    assert "Votre identité est incomplète chez NC Connect" in page_of(answer)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "Connexion annulée"),
        ("login_required", "Votre session est terminée chez FranceConnect"),
    ],
)
def test_an_elector_who_refuses_comes_back_to_a_page(visitor, error, words):
    page = visitor.opens(visitor.leaves("franceconnect"))
    answer = visitor.comes_back(visitor.chooses(page, error=error))
    assert (answer.status_code, visitor.elector()) == (403, None)
    assert words in page_of(answer)


def test_a_code_that_was_traded_before_is_worth_nothing(visitor):
    back = visitor.chooses(visitor.opens(visitor.leaves("franceconnect")), person="angela")
    kept = visitor.ours.cookies.output(header="", sep=";")
    assert visitor.comes_back(back).status_code == 200
    assert kept
    assert visitor.comes_back(back).status_code == 400


def test_a_code_that_waited_too_long_is_refused_by_the_provider(visitor):
    back = visitor.chooses(visitor.opens(visitor.leaves("franceconnect")), person="angela")
    visitor.desk.do("skew", seconds=31)
    answer = visitor.comes_back(back)
    assert answer.status_code == 400
    assert "La connexion a expiré" in page_of(answer)


@pytest.mark.parametrize(("seconds", "status"), [(25, 200), (-25, 200), (40, 502), (-100, 502)])
def test_the_provider_s_clock_may_differ_a_little(visitor, seconds, status):
    visitor.desk.do("skew", seconds=seconds)
    assert visitor.signs_in("nc_connect", "angela").status_code == status


def test_new_keys_of_the_provider_are_learned(visitor, monkeypatch):
    assert visitor.signs_in("nc_connect", "angela").status_code == 200
    visitor.desk.do("rotate", profile="nc_connect")
    monkeypatch.setattr(addresses, "ASKED_AGAIN_SECONDS", 0.0)
    assert visitor.signs_in("nc_connect", "corsica").status_code == 200


def test_the_same_person_is_somebody_else_for_each_provider(visitor):
    subjects = set()
    for profile in ("franceconnect", "nc_connect"):
        visitor.signs_in(profile, "angela")
        payload = visitor.elector().id_token.split(".")[1]
        subjects.add(payload)
    assert len(subjects) == 2


@pytest.mark.parametrize("profile", ["franceconnect", "proconnect"])
@pytest.mark.parametrize("name", ["state", "nonce"])
def test_the_provider_refuses_short_values_so_ours_are_long(visitor, profile, name):
    asked = urlsplit(visitor.leaves(profile, AGENTS if profile == "proconnect" else "connexion-usager"))
    long = parse_qs(asked.query)[name][0]
    short = urlunsplit(asked._replace(query=asked.query.replace(long, "x" * 31)))
    assert "Y000400" in visitor.opens(short).text
    assert "Choisissez" in visitor.opens(asked.geturl()).text


def test_proconnect_refuses_a_parameter_it_does_not_know(visitor):
    asked = visitor.leaves("proconnect", AGENTS)
    assert "Y000400" in visitor.opens(f"{asked}&code_challenge=x").text


def test_sessions_slide_or_not_as_the_provider_says(visitor):
    for profile, still in (("nc_connect", True), ("franceconnect_plus", False)):
        visitor.desk.do("skew", seconds=0)
        visitor.signs_in(profile, "angela")
        for minute in (6, 12):
            visitor.desk.do("skew", seconds=60 * minute)
            silent = visitor.opens(visitor.leaves(profile))
        assert isinstance(silent, str) is still


def test_an_agent_of_a_town_hall_signs_in_and_out(visitor):
    call_command("agents", "add", "21988180000011", "--commune", "98818")
    assert visitor.signs_in("proconnect", "noumea", AGENTS).status_code == 200
    assert "Nouméa" in page_of(visitor.ours.get("/mairie/"))
    assert "terminée ici et chez ProConnect" in page_of(visitor.signs_out("/deconnexion/"))
    assert visitor.ours.get("/mairie/").status_code == 302
    assert "Choisissez" in visitor.opens(visitor.leaves("proconnect", AGENTS)).text


def test_an_agent_with_one_factor_shows_ours(visitor):
    call_command("agents", "add", "21988180000011", "--commune", "98818")
    visitor.signs_in("proconnect", "noumea-one-factor", AGENTS)
    assert visitor.ours.get("/mairie/").url.startswith("/connexion/activer/")


def test_an_administrator_reads_the_console_and_no_town_hall(visitor):
    call_command("agents", "add", "11001401600015", "--console", "--email", "claire.martin@interieur.example")
    visitor.signs_in("proconnect", "console", AGENTS)
    assert visitor.ours.get("/console/").status_code == 200
    assert visitor.ours.get("/mairie/").status_code == 403


@pytest.mark.parametrize(
    ("person", "words"), [("unknown", "n’est pas relié"), ("no-siret", "Sans numéro SIRET")]
)
def test_an_agent_of_nowhere_is_told_so(visitor, person, words):
    answer = visitor.signs_in("proconnect", person, AGENTS)
    assert (answer.status_code, words in page_of(answer)) == (403, True)
    assert visitor.ours.get("/mairie/").status_code == 302


def test_a_return_that_comes_too_late_is_refused(visitor):
    back = visitor.chooses(visitor.opens(visitor.leaves("franceconnect")), person="angela")
    visitor.world.clock.at += timedelta(minutes=11)
    assert visitor.ours.get(back).status_code == 400
