"""Whatever is typed into whatever field of whatever page: pages escape it, files disarm it, nothing is a
fault of the server, and cookies of others count for nothing.

Forms are read from the pages, and pages from the resolver: a field added tomorrow is attacked too.
"""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import CharField
from django.http import HttpResponse
from django.test import Client

from procuration.domain.facts import FactCode
from procuration.domain.validity import Period
from server.brigade.keys import open_officer_account
from server.dossiers.facts import record_fact
from server.dossiers.models import Procuration
from server.dossiers.services import decide
from server.ledger.models import Event
from tests.builders import NOW
from tests.server import matrix
from tests.server.forms_walk import CORPUS, KEPT, RAW, Form, attacks, forms_of, sends, sends_raw
from tests.server.mairie.test_paper import FORM
from tests.server.mairie.test_records import POLLING
from tests.server.townhall import LIFOU, PASSWORD, Story, account_of, administrator, agent_of, signed_in

USUAL = FORM | {"day": "2027-04-01", "nom": "DUBOIS", "username": "quelqu’un", "password": "faux"}
MARKUP = [value for value in CORPUS.values() if "<" in value]
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝")


@pytest.fixture
def rids(story: Story, settings, monkeypatch) -> list[str]:
    """Procurations that show every form: one that waits, one decided, one about which Nouméa is asked, one
    whose elector is to be told; on a polling day."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the walk signs in often
    monkeypatch.setattr("os.fsync", lambda _: None)  # thousands of traces that no test reads again
    monkeypatch.setattr("os.fdatasync", lambda _: None)
    waits, decided = story.established(1), story.established(2)
    period = Period(first_day=NOW.date(), last_day=NOW.date() + timedelta(days=30))
    story.established(3, validity=period)  # another kind of vote: the list offers filters
    asked = story.established(4, vote_place=LIFOU)
    to_tell = story.established(5, email=None)
    decide(decided, account_of(), True, None)
    record_fact(to_tell, account_of(), FactCode.MANDATAIRE_DEAD, NOW.date())
    story.world.clock.at = POLLING
    agent_of(username="early").get("/mairie/")  # they are received
    return [waits, decided, asked, to_tell]


def pages(browser: Client, rids: list[str]) -> Iterator[tuple[str, HttpResponse]]:
    """Every page that somebody sees, with one answer for each address."""
    browser.raise_request_exception = False
    for _, route, _, converters in matrix.patterns():
        for address in matrix.addresses(route, converters, rids):
            yield address, browser.get(address)


def forms(browser: Client, rids: list[str]) -> list[Form]:
    """Every form of every page, each once, and those of the second steps that follow."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for address, answer in pages(browser, rids):
        for form in forms_of(address, answer):
            found.setdefault(_kind(form, rids), form.filled(USUAL))
    for form in list(found.values()):
        with transaction.atomic():
            for following in forms_of(form.action, sends(browser, form, form.fields)):
                found.setdefault(_kind(following, rids), following.filled(USUAL))
            transaction.set_rollback(True)
    return list(found.values())


def _kind(form: Form, rids: list[str]) -> tuple[str, tuple[str, ...]]:
    """The same form about another procuration is the same form."""
    action = form.action.partition("?")[0]
    for rid in rids:
        action = action.replace(rid, "RID")
    return action, tuple(sorted(form.fields))


def faults(answer: HttpResponse) -> list[str]:
    """What is wrong with an answer to a hostile value."""
    html = "html" in answer.headers.get("Content-Type", "")
    body = answer.content.decode(errors="replace") if html else ""
    found = [f"status {answer.status_code}"] if answer.status_code >= 500 else []
    found += [f"raw {value[:20]}" for value in MARKUP if value in body]
    found += ["a secret"] if settings.SECRET_KEY in body else []
    found += ["a cookie"] if "stolen" in answer.cookies else []
    return found


def attack(browser: Client, rids: list[str]) -> tuple[int, list[str]]:
    """Every field with every value; nothing of it stays. Returns: how many, and what was wrong."""
    wrong, count = [], 0
    for form in forms(browser, rids):
        wrong += [f"{form.action} takes {name}" for name in form.files if form.action not in TAKES_A_FILE]
        for what, fields in attacks(form):
            with transaction.atomic():
                answer = sends(browser, form, fields)
                transaction.set_rollback(True)
            count += 1
            wrong += [f"{form.action} {what}: {fault}" for fault in faults(answer)]
        for value in RAW if set(form.fields) > set(KEPT[:1]) else ():
            with transaction.atomic():
                answer = sends_raw(browser, form, value)
                transaction.set_rollback(True)
            wrong += [f"{form.action} {value!r}: {fault}" for fault in faults(answer)]
    return count, wrong


def test_nothing_typed_into_a_field_of_the_town_hall_is_executed_or_breaks_it(rids: list[str]):
    count, wrong = attack(agent_of(), rids)
    assert wrong == []
    assert count > 12 * len(CORPUS), "the walk reaches the forms"


def test_nothing_typed_into_a_field_of_the_console_is_executed_or_breaks_it(rids: list[str]):
    count, wrong = attack(administrator(), rids)
    assert wrong == []
    assert count >= len(CORPUS)


def test_nothing_typed_into_a_field_of_the_public_pages_is_executed_or_breaks_it(rids: list[str]):
    count, wrong = attack(Client(), rids)
    assert wrong == []
    assert count >= len(CORPUS)


def officer(story: Story) -> Client:
    """A browser signed in as an officer, whose habilitation has not come yet."""
    account = open_officer_account(story.world.centre, "opj", PASSWORD, "988-test", "Poste", "98818")
    return signed_in(account.user)


def test_nothing_typed_into_a_field_of_the_officers_is_executed_or_breaks_it(rids: list[str], story: Story):
    count, wrong = attack(officer(story), rids)
    assert wrong == []
    assert count >= len(CORPUS)


TAKES_A_FILE = {"/brigade/cles/habilitation/": "habilitation", "/console/contestations/": "preuve"}
"""Every form that takes a file, by its address: another one makes the walk fail until it stands here."""
NOT_WHAT_THEY_SAY = {
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "a page": b"<!DOCTYPE html><script>alert('zq')</script>",
    "an archive": b"PK\x03\x04" + bytes(64),
    "a document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "a program": b"\x7fELF" + bytes(64),
    "deep": b"\x81" * 4000,
    "endless": b"\x9f" * 4000,
    "empty": b"",
    "huge": bytes(5 * 1024 * 1024),  # larger requests are not read at all: `server.pages.sizes`
}


def test_a_file_that_is_not_what_it_says_is_refused_wherever_files_are_taken(rids: list[str], story: Story):
    browsers = {"/brigade/": officer(story), "/console/": administrator()}
    for address, name in TAKES_A_FILE.items():
        browser = browsers[address[: address.index("/", 1) + 1]]
        browser.raise_request_exception = False
        for what, data in NOT_WHAT_THEY_SAY.items():
            file = SimpleUploadedFile("preuve.cbor", data, "application/octet-stream")
            answer = browser.post(address, {name: file})
            assert answer.status_code == 422, (address, what)
            assert faults(answer) == [], (address, what)


def stores(rid: str, value: str) -> None:
    """Every text of a dossier that people or tablets choose says this."""
    kept = ("status", "regime", "answer", "code", "rule", "scrutin_id")
    columns = {
        column.name: value[: column.max_length]
        for column in Procuration._meta.concrete_fields
        if isinstance(column, CharField) and (column.max_length or 0) >= 100 and column.name not in kept
    }
    assert {"mandant_birth_name", "officer_unit", "email"} <= set(columns)
    Procuration.objects.filter(rid=rid).update(**columns)


@pytest.mark.parametrize("who", ["agent", "administrator"])
def test_what_is_stored_is_never_markup_on_any_page(rids: list[str], who: str):
    browser = agent_of() if who == "agent" else administrator()
    browser.get("/mairie/")
    shown = 0
    for rid in rids:
        stores(rid, CORPUS["script"] + CORPUS["quote and picture"])
    for address, answer in pages(browser, rids):
        assert faults(answer) == [], address
        shown += b"&lt;script&gt;alert(" in (b"" if answer.streaming else answer.content)
    assert shown > 10 or who == "administrator"


def test_a_file_for_spreadsheets_holds_no_formula(rids: list[str]):
    agent = agent_of()
    agent.get("/mairie/")
    files = 0
    for what in ("formula", "formula after a tab", "command", "wide formula"):
        for rid in rids:
            stores(rid, CORPUS[what])
        for _, route, _, converters in matrix.patterns():
            for address in matrix.addresses(route, converters, rids):
                if address.endswith(".csv") and (answer := agent.get(address)).status_code == 200:
                    files += 1
                    assert formulas(answer) == [], address
    assert files >= 8


def formulas(answer: HttpResponse) -> list[str]:
    """Cells that a spreadsheet would execute."""
    text = answer.getvalue().decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text), delimiter=";") for cell in line]
    return [cell for cell in cells if cell.lstrip(" ").startswith(FORMULAS)]


def strict(cookies: dict[str, str]) -> Client:
    """A browser that checks tokens as a real one, with these cookies."""
    browser = Client(enforce_csrf_checks=True)
    for name, value in cookies.items():
        browser.cookies[name] = value
    return browser


def session_of(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_session_that_was_left_opens_nothing_any_more(rids: list[str]):
    agent = agent_of()
    kept = session_of(agent)
    assert strict({settings.SESSION_COOKIE_NAME: kept}).get("/mairie/").status_code == 200
    agent.post("/deconnexion/")
    assert strict({settings.SESSION_COOKIE_NAME: kept}).get("/mairie/").status_code == 302


def test_a_made_up_or_broken_cookie_is_nobody(rids: list[str]):
    for value in ("x", "a" * 32, "'; --", "../../session", "9" * 5000, session_of(agent_of())[:-1]):
        answer = strict({settings.SESSION_COOKIE_NAME: value}).get("/mairie/")
        assert answer.status_code == 302, value
        assert answer.headers["Location"].startswith(("/connexion/", "/session-terminee/")), value


def test_the_cookie_of_another_town_hall_gives_the_rights_of_the_other_town_hall(rids: list[str]):
    other = session_of(agent_of(LIFOU, "lifou"))
    browser = strict({settings.SESSION_COOKIE_NAME: other})
    assert browser.get(f"/mairie/procurations/{rids[0]}/").status_code == 404


def test_no_form_is_taken_without_its_token_nor_with_the_token_of_another_browser(rids: list[str]):
    agent = agent_of()
    stolen = Client(enforce_csrf_checks=True)
    stolen.get("/connexion/")
    foreign = stolen.cookies[settings.CSRF_COOKIE_NAME].value
    posted = [form for form in forms(agent, rids) if form.method == "post"]
    assert len(posted) > 5
    events = Event.objects.count()
    cookies = {settings.SESSION_COOKIE_NAME: session_of(agent)}
    for form in posted:
        bare = {name: values for name, values in form.fields.items() if name != "csrfmiddlewaretoken"}
        with_foreign = bare | {"csrfmiddlewaretoken": [foreign]}
        for fields in (bare, with_foreign):
            assert strict(cookies).post(form.action, fields).status_code == 403, form.action
    assert Event.objects.count() == events


def test_a_session_begins_anew_at_sign_in(rids: list[str]):
    """A cookie that somebody planted before does not become the session of who signs in."""
    agent_of()
    browser = Client()
    browser.get("/connexion/")
    browser.cookies[settings.SESSION_COOKIE_NAME] = "planted" * 4
    browser.post("/connexion/", {"username": "agent", "password": PASSWORD})
    assert session_of(browser) != "planted" * 4
