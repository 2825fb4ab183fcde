"""The signed tables that travel beside the directory: `{0: 1, 1: version, 2: issued, 3: rows}`
(SECURITY-DESIGN 4).

Columns of each table are in docs/reference-data.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from procuration.domain.alerts import AlertPolicy
from procuration.domain.law import Parameter
from procuration.domain.people import PlaceType
from procuration.domain.scrutin import PlaceSelector, Round, Scrutin, calendar_fault
from procuration.domain.sites import Opening, PublicPlace
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.directory import FRESHNESS_CEILING, FRESHNESS_LIMIT
from procuration.record.limits import SCRUTIN_ID_LENGTH_MAX, TABLE_BYTES_MAX, TABLE_ITEMS_MAX
from procuration.record.shape import (
    fields,
    instant,
    integer,
    number_of,
    optional,
    seconds,
    sequence,
    text,
    whole_date,
    words,
)

DIRECTORY_DAYS_MAX: Final = "directory_days_max"
ALERT_THRESHOLDS: Final = {
    "alert_same_mandataire": "same_mandataire",
    "alert_home_visits_per_day": "home_visits_per_day",
    "alert_acts_per_day": "acts_per_day",
}
"""Rows of the policy, and what each sets."""
EVERYWHERE: Final = "*"
ROWS_MAX: Final = 200_000
SITE_ID_LENGTH_MAX: Final = 36
OPENINGS_MAX: Final = 400
"""Of one public place: more than a year of days."""
_LONGEST_OPENING: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose rows are not read yet."""

    version: int
    issued: datetime
    rows: Sequence[object]


def encode_table(version: int, issued: datetime, rows: Sequence[object]) -> bytes:
    """The bytes of a table."""
    return canonical.encode({0: 1, 1: version, 2: seconds(issued), 3: list(rows)})


def read_table(data: bytes) -> Table:
    """Raises: RecordRejected."""
    value = fields(canonical.decode(data, max_bytes=TABLE_BYTES_MAX, max_items=TABLE_ITEMS_MAX), 4)
    rows = sequence(value[3], maximum=ROWS_MAX)
    return Table(version=integer(value[1]), issued=instant(value[2]), rows=rows)


def read_calendar(table: Table) -> tuple[Scrutin, ...]:
    """The scrutins of `calendar.cbor`. Raises: RecordRejected, with the code of `calendar_fault` for a
    calendar that cannot be."""
    scrutins = tuple(_read_scrutin(row) for row in table.rows)
    fault = calendar_fault(scrutins)
    if fault is not None:
        raise RecordRejected(fault)
    return scrutins


def _read_scrutin(row: object) -> Scrutin:
    id_, elections, places, day_1, day_2, hours, zone, max_total, max_france, article = sequence(row, 10)
    days = [whole_date(day_1), *([] if day_2 is None else [whole_date(day_2)])]
    opened = [sequence(pair, 2) for pair in sequence(hours, len(days))]
    rounds = tuple(
        Round(day=day, opens_at=instant(pair[0]), closes_at=instant(pair[1]))
        for day, pair in zip(days, opened, strict=True)
    )
    return Scrutin(
        id=text(id_, maximum=SCRUTIN_ID_LENGTH_MAX),
        elections=tuple(text(one) for one in sequence(elections, maximum=8)),
        places=tuple(_read_selector(one) for one in sequence(places, maximum=1000)),
        rounds=rounds,
        zone=text(zone),
        max_total=integer(max_total, maximum=99),
        max_france=integer(max_france, maximum=99),
        article=text(article),
    )


def _read_selector(value: object) -> PlaceSelector:
    if isinstance(value, str):
        return text(value, maximum=3)
    code, type_ = sequence(value, 2)
    return text(code, maximum=8), number_of(PlaceType, type_)


def read_law(table: Table) -> tuple[Parameter, ...]:
    """The parameters of `law.cbor`. Raises: RecordRejected."""
    return tuple(_read_parameter(row) for row in table.rows)


def _read_parameter(row: object) -> Parameter:
    name, value, territory, first_day, last_day, article = sequence(row, 6)
    return Parameter(
        name=text(name),
        value=text(value) if isinstance(value, str) else integer(value),
        territory=text(territory, maximum=3),
        first_day=whole_date(first_day),
        last_day=optional(last_day, whole_date),
        article=text(article),
    )


def read_sites(table: Table) -> tuple[PublicPlace, ...]:
    """The public places of `sites.cbor`. Raises: RecordRejected SITES_OPENING, SITES_DUPLICATE."""
    sites = tuple(_read_site(row) for row in table.rows)
    if len({site.id for site in sites}) != len(sites):
        raise RecordRejected("SITES_DUPLICATE")
    return sites


def _read_site(row: object) -> PublicPlace:
    id_, name, insee_code, openings = sequence(row, 4)
    return PublicPlace(
        id=words(id_, maximum=SITE_ID_LENGTH_MAX),
        name=words(name),
        insee_code=words(insee_code, maximum=8),
        openings=tuple(_read_opening(one) for one in sequence(openings, maximum=OPENINGS_MAX)),
    )


def _read_opening(value: object) -> Opening:
    day, opens, closes = sequence(value, 3)
    opening = Opening(day=whole_date(day), opens_at=instant(opens), closes_at=instant(closes))
    if not timedelta(0) < opening.closes_at - opening.opens_at <= _LONGEST_OPENING:
        raise RecordRejected("SITES_OPENING")
    return opening


def read_directory_days_max(table: Table) -> int:
    """`directory_days_max` of the policy: the age in days from which a directory allows no new act. The
    authority may shorten the fortnight of the program, and lengthen it to three weeks at most
    (SECURITY-DESIGN 4); without a row it is the program's.

    Raises: RecordRejected.
    """
    for row in table.rows:
        name, value, territory = sequence(row, 3)
        if name == DIRECTORY_DAYS_MAX and territory == EVERYWHERE:
            return max(1, min(integer(value), FRESHNESS_CEILING.days))
    return FRESHNESS_LIMIT.days


def read_alert_policy(table: Table) -> AlertPolicy:
    """The thresholds `alert_...` of the policy (DOMAIN 9.8), each the program's own where the table has no
    row for it. Raises: RecordRejected."""
    given: dict[str, int] = {}
    for row in table.rows:
        name, value, territory = sequence(row, 3)
        if name in ALERT_THRESHOLDS and territory == EVERYWHERE:
            given[ALERT_THRESHOLDS[text(name)]] = max(1, integer(value))
    return AlertPolicy(**given)
