"""What a row keeps of its own events so that it can be compared with its rivals without reading them again.

Keys of persons are digests: equal or not is all that a comparison asks.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from procuration.domain.candidates import Candidate, CeilingRevival, SecondProcuration
from procuration.domain.facts import FactCode, PortalAccount, Ruled, Ruling, RulingOutcome
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.domain.instants import Interval
from procuration.domain.outcome import Rival
from procuration.domain.people import Place, PlaceType
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Doubt, Standing, Status
from procuration.domain.validity import OneScrutin, Period, Rounds, Validity
from server.config.centre import Tables

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_NOBODY: Final = PortalAccount(pseudonym="", role="", place=None)
"""Who ruled is in the event; the comparison only reads what was ruled."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Own:
    """A procuration by its own events, as far as a comparison reads it.

    Attributes:
        aside: the code of an event set aside that a person must see first, else empty.
    """

    standing: Standing
    rival: Rival | None
    aside: str


def digest(key: str) -> str:
    """32 hexadecimal characters that are equal when the keys are."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def without_names(rival: Rival) -> Rival:
    """The same rival, its persons known by digests."""
    candidate = rival.candidate
    return replace(
        rival,
        marks=digest(rival.marks),
        candidate=replace(
            candidate,
            mandant=digest(candidate.mandant),
            mandataire=digest(candidate.mandataire),
            officer=digest(candidate.officer),
        ),
    )


def keys_of(rival: Rival | None) -> dict[str, str | None]:
    """The columns by which rivals find each other: one mandant, one mandataire, one officer at one second."""
    if rival is None:
        return {"mandant_key": None, "mandataire_key": None, "moment_key": None}
    candidate = rival.candidate
    return {
        "mandant_key": candidate.mandant,
        "mandataire_key": candidate.mandataire,
        "moment_key": digest(f"{candidate.officer} {candidate.claimed_at.isoformat()}"),
    }


def written(own: Own) -> Json | None:
    """The column; None for what no rival ever reads."""
    if own.rival is None:
        return None
    standing, rival, candidate = own.standing, own.rival, own.rival.candidate
    return {
        "status": standing.status.value,
        "code": standing.code.value if standing.code else None,
        "doubt": standing.doubt.value if standing.doubt else None,
        "rule": standing.rule,
        "aside": own.aside,
        "rulings": [_ruling_written(one) for one in standing.rulings],
        "acts": [act.hex() for act in candidate.act_hashes],
        "log": candidate.log_id.hex(),
        "seq": candidate.seq,
        "drawn_up": [_ms(candidate.drawn_up.earliest), _ms(candidate.drawn_up.latest)],
        "claimed_at": _ms(candidate.claimed_at),
        "officer": candidate.officer,
        "in_france": candidate.in_france,
        "transmitted_at": None if candidate.transmitted_at is None else _ms(candidate.transmitted_at),
        "votes": [[code.value, day.isoformat()] for code, day in candidate.votes],
        "facts": [[code.value, day.isoformat(), event.hex()] for code, day, event in rival.facts],
        "second": candidate.second.value,
        "revival": candidate.revival.value,
        "marks": rival.marks,
    }


def read(row: Json, tables: Tables) -> Own:
    """The same from a row of the dossiers that has one."""
    own = row["own"]
    rid = Rid(bytes.fromhex(row["rid"]))
    standing = Standing(
        status=Status(own["status"]),
        code=None if own["code"] is None else RefusalCode(own["code"]),
        doubt=None if own["doubt"] is None else Doubt(own["doubt"]),
        rule=own["rule"],
        rulings=tuple(_ruling_read(one) for one in own["rulings"]),
    )
    candidate = Candidate(
        rid=rid,
        act_hashes=tuple(EventHash(bytes.fromhex(act)) for act in own["acts"]),
        log_id=LogId(bytes.fromhex(own["log"])),
        seq=own["seq"],
        drawn_up=Interval(*map(_instant, own["drawn_up"])),
        claimed_at=_instant(own["claimed_at"]),
        officer=own["officer"],
        in_france=own["in_france"],
        mandant=row["mandant_key"],
        mandataire=row["mandataire_key"],
        transmitted_at=None if own["transmitted_at"] is None else _instant(own["transmitted_at"]),
        rounds=tables.ballots.served(validity_of(row), place_of_row(row)),
        votes=tuple((FactCode(code), date.fromisoformat(day)) for code, day in own["votes"]),
        second=SecondProcuration(own["second"]),
        revival=CeilingRevival(own["revival"]),
    )
    facts = tuple(
        (FactCode(code), date.fromisoformat(day), EventHash(bytes.fromhex(event)))
        for code, day, event in own["facts"]
    )
    return Own(standing, Rival(candidate=candidate, marks=own["marks"], facts=facts), own["aside"])


def validity_of(row: Json) -> Validity:
    """The validity that the columns of a row describe."""
    if row["scrutin_id"]:
        return OneScrutin(scrutin_id=row["scrutin_id"], rounds=Rounds(row["rounds"]))
    return Period(first_day=row["period_first"], last_day=row["period_last"])


def place_of_row(row: Json) -> Place:
    """Where the mandant is enrolled."""
    return Place(code=row["place_code"], type=PlaceType(row["place_type"]), cog_year=row["place_cog_year"])


def _ruling_written(one: Ruled) -> list[Any]:
    hashes = [event.hex() for event in one.ruling.decided_on]
    return [_ms(one.at), one.seq, one.hash.hex(), one.ruling.outcome.value, hashes]


def _ruling_read(value: list[Any]) -> Ruled:
    at, seq, event, outcome, hashes = value
    ruling = Ruling(
        decided_on=tuple(EventHash(bytes.fromhex(one)) for one in hashes),
        outcome=RulingOutcome(outcome),
        reason="",
        account=_NOBODY,
    )
    return Ruled(_instant(at), seq, EventHash(bytes.fromhex(event)), ruling)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def _instant(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)
