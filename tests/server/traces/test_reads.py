"""No page shows a name without a trace: every address of the site, asked as each role."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from server.config.log_lines import FieldFormatter
from server.traces.checking import check, entries_of
from server.traces.entries import Entry, Read
from server.traces.reads import trail_of
from server.traces.trail import trail_key
from tests import builders
from tests.server.brigade.conftest import Officer, officer_on_line
from tests.server.queue.stories import Doubts
from tests.server.queue.test_rulings import STORIES, told
from tests.server.townhall import LIFOU, NOUMEA, Story, administrator, agent_of, signed_in

MARKED = ("DUBOIS", "DUPONT", "TAHUA", "angela.dubois@exemple.fr")
"""Names and addresses of the stories: an answer with one of them in it shows personal data."""
QUERIES = ("", "?noms=oui&unite=988-test&q=DUBOIS&nom=DUBOIS&nouvelle=1&page=1")
VALUES = {
    "day": ["2027-04-11"],
    "number": ["1"],
    "kind": ["public", "interne", "emargement"],
    "form": ["csv"],
    "level": ["L1", "L2", "L3", "facts", "order"],
}
LEFT_ALONE = ("static/", "deconnexion/", "cle/", "ouvrir/")


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every address of the site, with its holes."""
    for one in resolver.url_patterns:
        here = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from patterns(one, here)
        elif isinstance(one, URLPattern):
            yield here, one.pattern.converters


def addresses(rids: list[str]) -> Iterator[str]:
    """Each address with every value that its holes may take here."""
    from server.console.queue_views import LEVELS

    known = {**VALUES, "rid": rids, "level": list(LEVELS)}
    for pattern, converters in patterns(get_resolver()):
        filled = [pattern.replace("^", "").replace("$", "")]
        for name in converters:
            values = known.get(name, ["inconnu"])
            filled = [_put(one, name, value) for one in filled for value in values]
        yield from (f"/{one}" for one in filled if not any(part in one for part in LEFT_ALONE))


def _put(pattern: str, name: str, value: str) -> str:
    holes = [f"<{kind}:{name}>" for kind in get_converters()] + [f"<{name}>"]
    for hole in holes:
        pattern = pattern.replace(hole, value)
    return pattern


def traces(world) -> list[Entry]:
    return list(entries_of(trail_of(world.centre)))


def untraced(world, browser: Client, rids: list[str]) -> tuple[list[str], int]:
    """Addresses whose answer holds a marked name and left no trace; and how many held one."""
    without, with_names = [], 0
    for address in addresses(rids):
        for query in QUERIES:
            before = len(traces(world))
            answer = browser.get(address + query)
            if answer.status_code != 200 or not any(name in answer.content.decode() for name in MARKED):
                continue
            with_names += 1
            if len(traces(world)) == before:
                without.append(address + query)
    return without, with_names


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What the log of a process would say, as the settings write it."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(FieldFormatter())
    logging.getLogger().addHandler(handler)
    yield said
    logging.getLogger().removeHandler(handler)


def test_no_page_of_the_town_hall_shows_a_name_without_a_trace(story: Story, world, log_lines):
    waits, decided = story.established(1), story.established(2)
    agent = agent_of()
    agent.post(f"/mairie/procurations/{decided}/valider/")
    without, with_names = untraced(world, agent, [waits, decided])
    assert without == []
    assert with_names > 25, "the walk reaches the pages"
    lines = log_lines.getvalue().splitlines()
    assert lines
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert [line for line in lines if any(name in line for name in MARKED)] == []
    assert check(trail_of(world.centre)).faults == []


def test_no_page_of_the_console_shows_a_name_without_a_trace(doubts: Doubts, world):
    rids = told(doubts, next(iter(STORIES)))
    without, with_names = untraced(world, administrator(), rids)
    assert without == []
    assert with_names >= 2
    assert {one.draft.what for one in traces(world)} >= {Read.CASE, Read.SPECIAL_REGISTER}


def test_other_accounts_and_nobody_see_no_name_at_all(story: Story, world):
    rids = [story.established(1)]
    for browser in (Client(), agent_of(LIFOU, "lifou")):
        assert untraced(world, browser, rids) == ([], 0)


def test_a_trace_says_who_what_where_and_names_nobody(story: Story, world):
    rid_ = story.established(1)
    agent_of().get(f"/mairie/procurations/{rid_}/")
    entry = traces(world)[-1]
    assert entry.draft.rids == (rid_,)
    assert (entry.draft.place, entry.draft.what, entry.draft.count) == (NOUMEA.code, Read.ONE, 1)
    assert entry.at == world.clock.at.replace(microsecond=0)
    written = b"".join(path.read_bytes() for path in trail_of(world.centre).files())
    for name in (b'agent"', *(name.encode() for name in MARKED)):
        assert name not in written


def test_a_page_that_cannot_be_traced_is_refused_and_says_why(story: Story, world):
    rid_ = story.established(1)
    agent = agent_of()
    folder = trail_of(world.centre).folder
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / f"{world.clock.at:%Y-%m-%d}.traces").symlink_to("/dev/full")
    answer = agent.get(f"/mairie/procurations/{rid_}/")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    page = answer.content.decode()
    assert "Le service ne peut plus écrire." in page
    assert "DUBOIS" not in page


def test_a_search_is_kept_as_a_digest_that_only_the_key_explains(story: Story, world):
    from server.traces.entries import asked_digest

    trail = trail_of(world.centre)
    assert asked_digest(trail.key, " Martin  LUC") == asked_digest(trail.key, "martin luc")
    assert asked_digest(trail.key, "martin luc") != asked_digest(bytes(32), "martin luc")
    assert len(trail_key(world.centre.home / "keys" / "traces.key")) == 32


@pytest.fixture
def web(world) -> Officer:
    officer = officer_on_line(world)
    officer.is_entitled()
    return officer


@pytest.fixture
def doubts(world, kiosk, officer) -> Doubts:
    return Doubts(world, kiosk, officer)


def test_an_officer_on_line_leaves_a_trace_of_each_search_and_each_page(story: Story, web, world):
    rid_ = story.filed(1)
    browser = signed_in(web.account.user)
    browser.post("/brigade/", {"reference": "ZZZZZZ", "birth_date": "24/08/1962"})
    browser.post("/brigade/", {"reference": builders.REFERENCE, "birth_date": "24/08/1962"})
    searches = [one.draft for one in traces(world) if one.draft.what is Read.SEARCH]
    assert [one.rids for one in searches] == [(), (rid_,)]
    assert all(one.asked and str(builders.REFERENCE) not in one.asked for one in searches)
    without, with_names = untraced(world, browser, [rid_])
    assert without == []
    assert with_names >= 2
