"""The pages « Postes », of one tablet, and « Parc par département » of the console."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from server.config.centre import Centre, Tables, current_centre
from server.console import departements
from server.console.batches import typed
from server.console.perms import ConsoleView
from server.console.pressing import is_ballot_week
from server.console.selectors import ROWS_PER_PAGE, tablets
from server.console.tablets import (
    Order,
    State,
    Told,
    Wanted,
    listed,
    revoked_kids,
    state_of,
    told_of,
)
from server.console.thresholds import Thresholds, thresholds
from server.console.words import moment_words, span_words
from server.ledger.models import Bundle, Device, Event, SetAside
from server.pages.french import remaining
from server.pages.paging import page_number
from server.texts_fr import counted, text

CLOCK_NOTED_MS: Final = 5_000
"""From there on the order of two acts may be in doubt (SECURITY-DESIGN 7)."""
_BUNDLES_SHOWN: Final = 10
_EXPECTED: Final = (State.URGENT, State.SILENT, State.OK)
_LEVEL: Final = {
    State.FROZEN: "bad",
    State.URGENT: "bad",
    State.ENDED: "bad",
    State.REVOKED: "bad",
    State.SILENT: "warn",
    State.OK: "ok",
}


def wanted_by(request: HttpRequest) -> Wanted:
    """The filters of an address; what it says otherwise is as if it said nothing."""
    state, order = request.GET.get("etat", ""), request.GET.get("tri", "")
    departement = request.GET.get("departement", "")[:3]
    return Wanted(
        words=typed(request.GET.get("poste", "")),
        departement=departement if departement.isalnum() and departement.isascii() else "",
        state=State(state) if state in tuple(State) else None,
        order=Order(order) if order in tuple(Order) else Order.ATTENTION,
    )


def address_of(wanted: Wanted, **changed: str) -> str:
    """The same list otherwise filtered or sorted, as the query of an address; empty when nothing is asked."""
    values = {
        "poste": wanted.words,
        "departement": wanted.departement,
        "etat": wanted.state.value if wanted.state else "",
        "tri": "" if wanted.order is Order.ATTENTION else wanted.order.value,
        **changed,
    }
    return urlencode({name: value for name, value in values.items() if value})


class DevicesPage(ConsoleView):
    """Every tablet; what needs a person first, or as the reader sorts them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre, limits, wanted = current_centre(), thresholds(), wanted_by(request)
        now = centre.clock.now()
        found = listed(wanted, centre.tables, now, limits)
        page = Paginator(found, ROWS_PER_PAGE).get_page(page_number(request))
        shown = list(page.object_list)
        told, revoked = told_of(shown), revoked_kids(centre.tables)
        week = is_ballot_week(centre.tables, now)
        asked = address_of(wanted)
        context = {
            "page": page,
            "rows": [
                _row(one, told[one.pk], revoked, now, limits, centre.tables, ballot_week=week)
                for one in shown
            ],
            "wanted": wanted,
            "asked": asked,
            "keep": f"&{asked}" if asked else "",
            "states": [(state.value, text(f"console.state.{state.value}")) for state in State],
            "orders": [(order.value, text(f"console.order.{order.value}")) for order in Order],
            "departements": departements.of_devices(centre.tables),
        }
        return render(request, "console/devices.html", context)


def _row(
    device: Device,
    told: Told,
    revoked: frozenset[str],
    now: datetime,
    limits: Thresholds,
    tables: Tables,
    *,
    ballot_week: bool,
) -> dict[str, object]:
    state = state_of(device, told, revoked, now, limits, ballot_week=ballot_week)
    return {
        "device": device,
        "role": text(f"console.role.{device.role}"),
        "departement": departements.name_of(tables, device.departement),
        "events": device.head_seq + 1,
        "contact": moment_words(device.last_contact),
        "expected": _expected(device, now, limits) if state in _EXPECTED else "",
        "proved": moment_words(told.proved_at) if told.proved_at else "",
        "waits": waiting_words(told),
        "clock": clock_words(told),
        "clock_level": "warn" if abs(told.offset_ms or 0) >= CLOCK_NOTED_MS else "",
        "directory": directory_words(device, tables),
        "software": told.software,
        "state": state_words(device, state, tables),
        "level": _LEVEL[state],
        "told": told,
        "histories": _histories(told),
    }


def _expected(device: Device, now: datetime, limits: Thresholds) -> str:
    expected = limits.expected(device.role, device.last_contact)
    if expected is None:
        return ""
    if expected < now:
        return text("console.devices.late", span=remaining(now - expected))
    return text("console.devices.expected", when=moment_words(expected))


def waiting_words(told: Told) -> tuple[str, ...]:
    """What the centre knows to lack of a log: what its tablet announced, or at least the places before the
    events kept; nothing for none."""
    missing = told.missing if told.missing > told.announced else 0
    lines = (
        ("console.devices.held", told.held),
        ("console.devices.missing", missing),
        ("console.devices.announced", told.announced),
    )
    found = tuple(counted(key, number) for key, number in lines if number)
    if told.oldest is None:
        return found
    return *found, text("console.devices.oldest", when=moment_words(told.oldest))


def clock_words(told: Told) -> str:
    """By how much the tablet's clock was wrong when it last measured it."""
    if told.offset_ms is None:
        return ""
    if abs(told.offset_ms) < 1000:
        return text("console.devices.clock.right")
    seconds = abs(told.offset_ms) // 1000
    side = "late" if told.offset_ms > 0 else "ahead"
    span = text("console.span.seconds", n=seconds) if seconds < 60 else span_words(seconds)
    return text(f"console.devices.clock.{side}", span=span)


def directory_words(device: Device, tables: Tables) -> str:
    """How old the trust list of a tablet is, beside the one in force here."""
    if device.directory_version is None:
        return ""
    behind = tables.directory.version - device.directory_version
    return (
        counted("console.devices.directory.behind", behind)
        if behind > 0
        else text("console.devices.directory")
    )


def state_words(device: Device, state: State, tables: Tables) -> str:
    """The state, with its date where it has one."""
    if state is State.ENDED:
        return text("console.devices.state.ended", when=moment_words(device.not_after))
    if state is State.REVOKED:
        at = next(e.revoked_at for kid, e in tables.entries.items() if kid.hex() == device.kid)
        return text("console.devices.state.revoked", when=moment_words(at))
    return text(f"console.devices.state.{_STATE_KEYS[state]}")


_STATE_KEYS: Final = {
    State.FROZEN: "frozen",
    State.URGENT: "urgent",
    State.SILENT: "silent",
    State.OK: "ok",
}


def _histories(told: Told) -> str:
    """Where more is shown of a log that grows no more."""
    if told.forks:
        return text("console.devices.histories")
    return text("console.devices.apart") if told.apart else ""


class DevicePage(ConsoleView):
    """One tablet: everything that the centre knows of it, and its last bundles."""

    def get(self, request: HttpRequest, log_id: str) -> HttpResponse:
        centre = current_centre()
        device = tablets().filter(log_id=log_id).first()
        if device is None:
            raise Http404
        now, limits = centre.clock.now(), thresholds()
        told = told_of([device])[device.pk]
        revoked, week = revoked_kids(centre.tables), is_ballot_week(centre.tables, now)
        row = _row(device, told, revoked, now, limits, centre.tables, ballot_week=week)
        last = Bundle.objects.filter(device=device).order_by("-received_at", "-pk")[:_BUNDLES_SHOWN]
        context = {
            "device": device,
            "row": row,
            "cards": _cards(device, row, told, centre),
            "bundles": [(one, moment_words(one.received_at)) for one in last],
        }
        return render(request, "console/device.html", context)


Lines = list[tuple[str, str]]


def _cards(device: Device, row: Mapping[str, object], told: Told, centre: Centre) -> list[tuple[str, Lines]]:
    """Three blocks of facts; a fact that is not known says so."""
    first = Event.objects.filter(device=device).order_by("seq").values_list("received_at", flat=True).first()
    aside = SetAside.objects.filter(device=device).count()
    unknown = text("site.unknown")
    contact: Lines = [
        ("contact", str(row["contact"])),
        ("expected", str(row["expected"]) or unknown),
        ("proved", str(row["proved"]) or text("console.device.no_proof")),
        ("first", moment_words(first)),
    ]
    log: Lines = [
        ("events", str(device.head_seq + 1)),
        ("durable", _durable(device)),
        ("waits", ", ".join(waiting_words(told)) or text("site.none")),
        ("aside", str(aside)),
        ("received", str(told.received)),
        ("refused", str(told.refused)),
    ]
    machine: Lines = [
        ("software", told.software or unknown),
        ("clock", clock_words(told) or unknown),
        ("clock_at", moment_words(told.offset_at) if told.offset_at else unknown),
        ("directory", directory_words(device, centre.tables) or unknown),
        ("validity", text("console.device.until", when=moment_words(device.not_after))),
    ]
    return [
        (text(f"console.device.{name}"), [(text(f"console.device.{key}"), value) for key, value in lines])
        for name, lines in (("card.contact", contact), ("card.log", log), ("card.machine", machine))
    ]


def _durable(device: Device) -> str:
    if device.durable_seq < 0:
        return text("console.device.durable.none")
    lacks = device.head_seq - device.durable_seq
    return (
        text("console.device.durable.all") if lacks <= 0 else counted("console.device.durable.lacks", lacks)
    )


class FleetPage(ConsoleView):
    """The fleet by département: sites, tablets, silent ones, what waits, the next closing."""

    def get(self, request: HttpRequest) -> HttpResponse:
        centre = current_centre()
        now = centre.clock.now()
        rows = departements.fleet(centre.tables, now, thresholds())
        lines = [
            {
                "row": row,
                "left": remaining(row.closing - now) if row.closing else "",
                "level": _closing_level(row, now),
            }
            for row in rows
        ]
        return render(request, "console/fleet.html", {"rows": lines, "total": departements.total_of(rows)})


def _closing_level(row: departements.Row, now: datetime) -> str:
    if row.closing is None:
        return "none"
    hours = (row.closing - now).total_seconds() / 3600
    return "urgent" if row.waiting and hours < 24 else "soon"
