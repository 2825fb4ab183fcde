"""« Suivre ma demande »: a state in plain words, and one answer for whatever does not match."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procuration.domain.people import PartialDate
from procuration.domain.status import Status
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.usagers import follow_views
from server.usagers.follow import TRIES_MAX
from server.usagers.models import FollowTry
from tests.server.townhall import Story, account_of
from tests.server.usagers.electors import answers, files, starts
from tests.server.usagers.test_request import plain

ADDRESS = "/suivi/"
BORN = {"day": "24", "month": "8", "year": "1962"}


def asks(reference: str, **born: str):
    return Client().post(ADDRESS, {"reference": reference, **BORN, **born})


@pytest.fixture
def reference(world) -> str:
    files(answers(starts()))
    return Procuration.objects.get().reference


def test_the_state_is_said_with_what_comes_next_and_the_dates(reference):
    page = plain(asks(reference))
    assert "Votre demande est enregistrée. Elle n’est pas encore valable." in page
    assert "Allez dans une gendarmerie ou un commissariat" in page
    assert "1 avril 2027" in page.replace("1er", "1")
    assert "dimanche 11 avril 2027" in page


def test_no_name_is_shown(reference):
    page = plain(asks(reference))
    for name in ("DUBOIS", "Angela", "DUPONT", "Jean-Claude", "exemple.nc", "1962"):
        assert name not in page


@pytest.mark.parametrize("typed", ["{r}", " {lower} ", "{r3} {r4}", "{r3}-{r4}"])
def test_a_reference_is_read_as_people_type_it(reference, typed):
    written = typed.format(r=reference, lower=reference.lower(), r3=reference[:3], r4=reference[3:])
    assert "Où elle en est" in plain(asks(written))


def bare(answer) -> str:
    """The page without the token of its form and what was typed in it."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w{64}"', "", answer.content.decode())
    return re.sub(r'value="[^"]*"', "", page)


def test_wrong_reference_wrong_date_and_purged_are_the_same_page_reached_by_the_same_statements(reference):
    unknown = "ABCDEF" if reference != "ABCDEF" else "ABCDEG"
    pages, statements = [], []
    for case in ("unknown", "date", "purged"):
        if case == "purged":
            Procuration.objects.update(status=Status.PURGEE)
        with CaptureQueriesContext(
            connection,
        ) as done:
            answer = (
                asks(unknown)
                if case == "unknown"
                else asks(reference, **({"day": "25"} if case == "date" else {}))
            )
        pages.append((answer.status_code, bare(answer), len(answer.content)))
        statements.append([re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in done.captured_queries])
    assert "Aucune demande trouvée" in pages[0][1]
    assert pages[0] == pages[1] == pages[2]
    assert statements[0] == statements[1] == statements[2]


def test_a_found_request_costs_the_same_statements_as_one_that_is_not(reference):
    counts = []
    for asked in (reference, "ABCDEF"):
        with CaptureQueriesContext(connection) as done:
            asks(asked)
        counts.append(len(done.captured_queries))
    assert counts[0] == counts[1]


def test_the_tries_of_one_reference_are_counted_found_or_not(reference, world):
    for asked in (reference, "ABCDEF"):
        for _ in range(TRIES_MAX):
            assert asks(asked).status_code == 200
        beyond = asks(asked)
        assert beyond.status_code == 429
        assert "Attendez 15 minutes" in plain(beyond)
    world.clock.at += timedelta(minutes=16)
    assert "Où elle en est" in plain(asks(reference))
    assert FollowTry.objects.count() == 1


def test_one_address_does_not_try_them_all(world, monkeypatch):
    from server.api.rates import Rates

    limited = Rates(each=3, each_seconds=900, together=100, together_seconds=60)
    monkeypatch.setattr(follow_views, "LOOK_UPS", limited)
    found = [
        Client(REMOTE_ADDR="192.0.2.7").post(ADDRESS, {"reference": f"ABCDE{c}", **BORN}) for c in "ABCD"
    ]
    assert [one.status_code for one in found] == [200, 200, 200, 429]
    assert "Attendez 15 minutes" in plain(found[-1])
    assert Client(REMOTE_ADDR="192.0.2.8").post(ADDRESS, {"reference": "ABCDEF", **BORN}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reference": "XBQ"}, "Saisissez les 6 caractères de la référence."),
        ({"reference": "XBQ 7V0"}, "Une référence ne contient jamais « 0 »."),
        ({"day": "31", "month": "2"}, "Cette date n’existe pas"),
        ({"year": "62"}, "Écrivez l’année avec 4 chiffres."),
        ({"day": "", "month": "", "year": ""}, "Saisissez votre date de naissance."),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(world, sent, said):
    answer = Client().post(ADDRESS, {"reference": "ABCDEF", **BORN, **sent})
    assert answer.status_code == 422
    assert said in plain(answer)


def test_a_partial_birth_date_is_asked_by_its_box(world, story: Story):
    from dataclasses import replace

    from tests.builders import ANGELA

    rid = story.filed(1, mandant=replace(ANGELA, birth_date=PartialDate(1962)), reference="XBQ7V3")
    assert Procuration.objects.get(rid=rid).reference == "XBQ7V3"
    page = asks("XBQ7V3", day="", month="", partial="1")
    assert "Où elle en est" in plain(page)


def test_a_request_made_on_a_tablet_is_followed_too_until_its_end(story: Story):
    rid = story.established(1, reference="XBQ7V3")
    assert "Votre procuration est établie. Le centre l’a reçue." in plain(asks("XBQ7V3"))
    decide(rid, account_of(), True, None)
    page = plain(asks("XBQ7V3"))
    assert "Votre procuration est validée." in page
    assert "Décision" in page
    story.world.clock.at += timedelta(days=60)
    assert "ses élections sont passées" in plain(asks("XBQ7V3"))


def test_a_request_that_nobody_established_expires(reference, world):
    world.clock.at += timedelta(days=70)
    assert "Votre demande a expiré" in plain(asks(reference))


def test_the_question_asks_for_no_session_and_no_account(world):
    answer = Client().get(ADDRESS)
    assert set(answer.cookies) == {"csrftoken"}
    assert "<script" not in answer.content.decode()
