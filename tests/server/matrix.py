"""Every address for browsers, with every method, asked by every role about another commune's data.

The addresses are read from Django's resolver, so a new page is asked without being named here.
The world is built once: two communes whose electors bear marks that no one else may read.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice, product
from pathlib import Path
from unittest.mock import patch

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from procuration.domain.facts import FactCode
from procuration.domain.people import Person, Place
from procuration.domain.refusal import RefusalCode
from server.brigade.keys import open_officer_account
from server.config.centre import install_centre
from server.dossiers import facts, services
from server.dossiers.cases import Level
from server.dossiers.models import Procuration
from server.notices.models import Notice
from tests import builders
from tests.builders import JEAN_CLAUDE, NOUMEA
from tests.server.centre import World, centre_of
from tests.server.townhall import LIFOU, PASSWORD, Story, account_of, administrator, agent_of, signed_in

MARK_A, MARK_B = "ZMARQUEALPHA", "ZMARQUEBETA"
"""In every name, address and number of the electors of Nouméa, of Lifou."""
SAFE = ("get", "head", "options")
METHODS = (*SAFE, "post", "put", "patch", "delete")
ADDRESSES_OF_ONE_PATTERN_MAX = 8
POSTED_MAX = 3
NOBODY, STRANGER = "0" * 32, "x"
FIELDS = {
    "code": "PLAFOND_DEPASSE",
    "step": "confirmed",
    "answer": "OUI",
    "day": "2027-04-01",
    "nom": "zmarque",
    "choice": "none",
    "reason": "parce que",
    "token": "x",
    "mention": "0" * 64,
}
"""What a forged form sends, whatever the page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and its answer.

    Attributes:
        view: name of the view, "space:name"; foreign: whether its address names a dossier of Nouméa.
        wrote: the tables that the request wrote into.
    """

    role: str
    method: str
    view: str
    address: str
    foreign: bool
    status: int
    body: str = field(repr=False)
    wrote: frozenset[str]

    def __str__(self) -> str:
        return f"{self.role} {self.method.upper()} {self.address} -> {self.status}"


@dataclass(slots=True)
class Matrix:
    """What every role got, and what was written about the electors of Nouméa meanwhile."""

    asked: list[Asked] = field(default_factory=list)
    views: set[str] = field(default_factory=set)
    rids: dict[str, str] = field(default_factory=dict)
    before: list[tuple[str, int, str]] = field(default_factory=list)
    after: list[tuple[str, int, str]] = field(default_factory=list)


def patterns() -> Iterator[tuple[str, str, URLPattern, dict[str, object]]]:
    """Every view of the browsers' side: its name, its route, and the converters of its parameters."""
    yield from _patterns(get_resolver().url_patterns, "", "", {})


def _patterns(
    some: Sequence[URLPattern | URLResolver], space: str, before: str, known: dict[str, object]
) -> Iterator[tuple[str, str, URLPattern, dict[str, object]]]:
    for one in some:
        route, converters = before + str(one.pattern), known | one.pattern.converters
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else space
            yield from _patterns(one.url_patterns, inner, route, converters)
        else:
            yield f"{space}{one.name or route}", route, one, converters


def addresses(route: str, converters: dict[str, object], rids: Sequence[str]) -> list[str]:
    """The addresses of one route: each of its parameters takes what it may mean, dossiers of Nouméa first."""
    values = [_values(name, converter, rids) for name, converter in converters.items()]
    found = []
    for chosen in islice(product(*values), ADDRESSES_OF_ONE_PATTERN_MAX):
        address = route
        for name, value in zip(converters, chosen, strict=True):
            address = re.sub(rf"<(\w+:)?{name}>", value, address)
        found.append(f"/{address}")
    return found


_MEANT = {
    "kind": ("public", "interne", "emargement", STRANGER),
    "form": ("csv", STRANGER),
    "level": tuple(level.value for level in Level),
    "departement": ("988", STRANGER),
    "day": ("2027-04-11",),
    "number": ("1",),
}


def _values(name: str, converter: object, rids: Sequence[str]) -> tuple[str, ...]:
    """What a parameter may mean; one that this list does not know is tried as a dossier, and as nonsense."""
    if name in _MEANT:
        return _MEANT[name]
    if type(converter).__name__ == "IntConverter":
        return ("1", "999999")
    takes = re.compile(getattr(converter, "regex", ".+")).fullmatch
    return tuple(value for value in (*rids, NOBODY, STRANGER) if takes(value))


def marked(person: Person, mark: str, letter: str) -> Person:
    """A person whose names bear a mark."""
    return replace(person, birth_name=f"{mark} {letter}", used_name=f"{mark} USAGE")


def tell(story: Story) -> dict[str, str]:
    """Procurations of both communes in every state that a page shows. Returns: rids of Nouméa, by state."""
    rids: dict[str, str] = {}

    def one(number: int, name: str, mark: str, place: Place, **changes: object) -> str:
        letter = "ABCDEFGHIJ"[number]
        people = {
            "mandant": marked(builders.ANGELA, mark, letter),
            "mandataire": replace(marked(JEAN_CLAUDE, mark, f"M {letter}"), enrolment=place),
            "email": f"{mark.lower()}@exemple.fr",
            "vote_place": place,
        }
        made = story.filed if name == "asked for" else story.established
        return made(number, **(people | changes))

    for number, name in enumerate(("waiting", "decided", "refused", "asked for", "to tell"), 1):
        email = {"email": None} if name == "to tell" else {}
        rids[name] = one(number, name, MARK_A, NOUMEA, **email)
    from_lifou = replace(JEAN_CLAUDE, birth_name="WAHEO", enrolment=LIFOU)
    known_to_lifou = replace(builders.ANGELA, used_name=MARK_A)  # a name, nothing else
    rids["asked of lifou"] = one(6, "", MARK_A, NOUMEA, mandant=known_to_lifou, mandataire=from_lifou)
    one(7, "", MARK_B, LIFOU)
    one(8, "", MARK_B, LIFOU)
    services.decide(rids["decided"], account_of(), True, None)
    services.decide(rids["refused"], account_of(), False, RefusalCode.PLAFOND_DEPASSE)
    facts.record_fact(rids["to tell"], account_of(), FactCode.MANDATAIRE_DEAD, builders.NOW.date())
    return rids


def roles(world: World) -> dict[str, Client]:
    """A browser of everybody who may ask: nobody, each town hall, an administrator, an officer, and an
    account without any right."""
    return {
        "nobody": Client(),
        "no right": signed_in(User.objects.create_user("sans-droit", password=PASSWORD)),
        "stranger": agent_of(LIFOU, "lifou"),
        "owner": agent_of(NOUMEA, "noumea"),
        "administrator": administrator(),
        "officer": signed_in(
            open_officer_account(world.centre, "opj", PASSWORD, "988-test", "Poste", "98818").user
        ),
    }


def state_of(rids: Sequence[str]) -> list[tuple[str, int, str]]:
    """What was decided about the dossiers of Nouméa, and who is still to be told."""
    rows = Procuration.objects.filter(rid__in=rids).order_by("rid")
    told = Notice.objects.filter(rid__in=rids).order_by("pk").values_list("rid", "state", "kind")
    kinds = [(row.rid, row.status, str([entry["hash"] for entry in row.history])) for row in rows]
    return [*kinds, *((rid, state, str(kind)) for rid, state, kind in told)]


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """Thousands of traces, none of which has to outlive the test: what is durable has tests of its own."""
    with patch("os.fsync", lambda _: None), patch("os.fdatasync", lambda _: None):
        yield


def walk(folder: Path) -> Matrix:
    """Ask everything. The database is left as it was."""
    with transaction.atomic():
        try:
            return _walk(folder)
        finally:
            transaction.set_rollback(True)
            install_centre(None)


def _walk(folder: Path) -> Matrix:
    world = World(centre_of(folder))
    install_centre(world.centre)
    officer, brigade = builders.key("officer"), world.brigade()
    brigade.enrols(officer)
    matrix = Matrix(rids=tell(Story(world, world.kiosk(), brigade, officer)))
    rids = list(matrix.rids.values())
    browsers = roles(world)
    for hall in ("owner", "stranger"):
        browsers[hall].get("/mairie/")  # received: from now on reading writes nothing about a procuration
    kept = [rid for name, rid in matrix.rids.items() if name != "asked of lifou"]  # Lifou may answer that one
    matrix.before = state_of(kept)
    for view, route, _, converters in patterns():
        matrix.views.add(view)
        for number, address in enumerate(addresses(route, converters, rids)):
            for role, method in product(browsers, METHODS):
                if _is_said_already(number, role, method) or _is_another_s_turn(view, role, method):
                    continue
                if view == "pages:sign_out" and method == "post":
                    continue  # it would end the walk of this role
                matrix.asked.append(_ask(browsers[role], role, method, view, address, rids))
    matrix.after = state_of(kept)
    return matrix


def _is_said_already(number: int, role: str, method: str) -> bool:
    """What a role without rights gets, and what a method may do, is one answer for all values of a parameter;
    what an agent may do to their own electors has tests of its own."""
    if number and (role in ("nobody", "no right") or method not in ("get", "post")):
        return True
    return method == "post" and (role == "owner" or number >= POSTED_MAX)


def _is_another_s_turn(view: str, role: str, method: str) -> bool:
    """Who has no space at all is tried with every method, but with one of the rare ones on each address: the
    three of them take turns."""
    rare = ("head", "options", "put", "patch", "delete")
    if role not in ("nobody", "no right", "officer") or method not in rare:
        return False
    return rare.index(method) != (sum(view.encode()) + len(role)) % len(rare)


def _ask(browser: Client, role: str, method: str, view: str, address: str, rids: Sequence[str]) -> Asked:
    browser.raise_request_exception = False
    sent = FIELDS | {"rid": list(rids), "seen": [f"{rid}.{'0' * 32}" for rid in rids]}
    written: set[str] = set()

    def watched(execute, sql, params, many, context):
        if found := _WRITES.match(sql):
            written.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watched):
        answer = getattr(browser, method)(address, *([sent] if method == "post" else []))
    body = answer.getvalue() if answer.streaming else answer.content
    return Asked(
        role=role,
        method=method,
        view=view,
        address=address,
        foreign=any(rid in address for rid in rids),
        status=answer.status_code,
        body=f"{body.decode(errors='replace')} {answer.headers}",
        wrote=frozenset(written),
    )


_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
