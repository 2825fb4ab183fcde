"""What town halls add to an established procuration: a death, a loss of rights, a vote (R-50 to R-52), the
withdrawal of one of these, and the answer of the mandataire's town hall (R-72). Each is an event that the
centre signs for an account.
"""

from datetime import date, datetime
from typing import Any, Final

from procuration.domain.candidates import Effect
from procuration.domain.events import Kind
from procuration.domain.facts import (
    ANSWER_CODES,
    ENDS_WITH_THE_MANDANT,
    ENDS_WITH_THE_MANDATAIRE,
    VOTES,
    Fact,
    FactCode,
    FactWithdrawn,
    MandataireAnswer,
)
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import AGE_YEARS_MAX
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from procuration.record.facts import WITHDRAWAL_REASON_LENGTH_MAX
from server.config.centre import Tables, current_centre
from server.dossiers import mentions
from server.dossiers.models import Procuration
from server.dossiers.own import place_of_row, validity_of
from server.dossiers.rulings import checked_reason
from server.dossiers.selectors import of_mandataires, of_place, zone_of
from server.dossiers.services import Account, write_about
from server.ledger.own_log import Entry

ENDINGS: Final = tuple(sorted(ENDS_WITH_THE_MANDANT | ENDS_WITH_THE_MANDATAIRE))
"""What ends a procuration because of one of its two persons."""
_IN_FORCE: Final = (
    Status.ETABLIE,
    Status.TRANSMISE,
    Status.RECUE,
    Status.VALIDEE,
    Status.EN_ATTENTE_HUMAINE,
)

_ASKED_OF_THE_CALENDAR: Final = (
    "scrutin_id",
    "rounds",
    "period_first",
    "period_last",
    "place_code",
    "place_type",
    "place_cog_year",
)


def record_fact(rid: str, account: Account, code: FactCode, day: date) -> Procuration:
    """The town hall of the mandant records what became of one of the two persons, or who voted. The same
    fact again changes nothing while it counts; once withdrawn, it may be recorded again.

    Args:
        day: local day of the fact; of a vote, the polling day.
    Raises: RuleViolated DOSSIER_INCONNU, PAS_ETABLIE, SANS_EFFET, FAIT_DATE; of a vote also JOUR_SANS_VOTE,
    VOTE_PAS_OUVERT, DEJA_VOTE, SANS_EFFET_CE_JOUR, PAS_VALIDEE (R-50, R-54).
    """
    centre = current_centre()
    now = centre.clock.now()

    def entry(row: Procuration) -> Entry | None:
        if (code, day) in facts_of(row):
            return None
        if row.established_at is None:
            raise RuleViolated("PAS_ETABLIE")
        if code in VOTES:
            _check_vote(row, code, day, centre.tables, now)
        else:
            _check_ending(row, day, centre.tables, now)
        return Entry(Fact(code=code, day=day, account=account.in_records()), Rid(bytes.fromhex(rid)))

    return write_about(rid, of_place(account.place_code, account.place_type), entry)


def facts_of(row: Procuration) -> list[tuple[FactCode, date]]:
    """What counts about the two persons of a procuration, in its own events."""
    return [(one.code, one.day) for one in mentions.in_force(row)]


def withdraw_fact(rid: str, account: Account, fact: str, reason: str) -> Procuration:
    """The town hall of the mandant says that a fact of this procuration was recorded by mistake: it counts no
    more, everything that followed from it is settled again, and both events stay (R-50 to R-52). Once
    withdrawn, again changes nothing.

    Possible as long as the procuration is kept, whatever its status: the register must not keep what is not
    so. A vote that is withdrawn while the poll is open may be recorded again, for whoever did vote (R. 79).

    Args:
        fact: hash of its event, in hexadecimal.
        reason: for the register, one line.
    Raises: RuleViolated DOSSIER_INCONNU, MENTION_INCONNUE, MOTIF_VIDE, MOTIF_TROP_LONG, MOTIF_ILLISIBLE.
    """
    why = checked_reason(reason, WITHDRAWAL_REASON_LENGTH_MAX)

    def entry(row: Procuration) -> Entry | None:
        if fact in mentions.withdrawn(row):
            return None
        if all(one.hash != fact for one in mentions.in_force(row)):
            raise RuleViolated("MENTION_INCONNUE")
        withdrawn = FactWithdrawn(
            fact_hash=EventHash(bytes.fromhex(fact)), reason=why, account=account.in_records()
        )
        return Entry(withdrawn, Rid(bytes.fromhex(rid)))

    return write_about(rid, of_place(account.place_code, account.place_type), entry)


def votes_open(row: Procuration, tables: Tables, now: datetime) -> list[date]:
    """The polling days served by a procuration whose poll has opened: those of which a vote may be told."""
    columns = _columns(row)
    rounds = tables.rounds(validity_of(columns), place_of_row(columns))
    return [round_.day for round_ in rounds if round_.opens_at <= now]


def may_record(row: Procuration) -> bool:
    """Whether a fact can still change what a procuration is worth."""
    return row.established_at is not None and row.status in _IN_FORCE


def _check_ending(row: Procuration, day: date, tables: Tables, now: datetime) -> None:
    today = now.astimezone(zone_of(row, tables)).date()
    if day > today or day.year < today.year - AGE_YEARS_MAX:
        raise RuleViolated("FAIT_DATE")
    if row.status not in _IN_FORCE:
        raise RuleViolated("SANS_EFFET")


def _check_vote(row: Procuration, code: FactCode, day: date, tables: Tables, now: datetime) -> None:
    """L. 76, R. 79: the mandant votes while the mandataire has not, and nobody votes twice (R-50)."""
    if day.isoformat() not in row.polling_days:
        raise RuleViolated("JOUR_SANS_VOTE")
    if day not in votes_open(row, tables, now):
        raise RuleViolated("VOTE_PAS_OUVERT")
    if vote_noted_on(row, day) is not None:
        raise RuleViolated("DEJA_VOTE")
    if row.status not in _IN_FORCE:
        raise RuleViolated("SANS_EFFET")
    effects = {one["effect"] for one in row.effects if one["day"] == day.isoformat()}
    if not effects <= {Effect.STANDS, Effect.DOUBT}:
        raise RuleViolated("SANS_EFFET_CE_JOUR")
    if code is FactCode.MANDATAIRE_VOTED and not _may_be_used(row):
        raise RuleViolated("PAS_VALIDEE")


def _may_be_used(row: Procuration) -> bool:
    """Whether a mandataire may vote with it (R-54). Where the register controls and does not answer here, the
    list of electors that it printed says so, not this software."""
    if row.regime == ControlRegime.REU:
        return row.status != Status.EN_ATTENTE_HUMAINE
    return row.status == Status.VALIDEE


def vote_noted_on(row: Procuration, day: date) -> Procuration | None:
    """The procuration of this elector on which a vote is recorded for that day, this one or another; None
    while nobody voted."""
    rows = [row]
    if row.mandant_key is not None:
        same = of_place(row.place_code, row.place_type).filter(mandant_key=row.mandant_key)
        rows += [one for one in same.exclude(rid=row.rid) if _marks(one) == _marks(row)]
    return next((one for one in rows if any(code in VOTES and on == day for code, on in facts_of(one))), None)


def _marks(row: Procuration) -> str:
    """What tells two electors of one name and birth date apart."""
    return "" if row.own is None else str(row.own["marks"])


def _columns(row: Procuration) -> dict[str, Any]:
    names = (
        "scrutin_id",
        "rounds",
        "period_first",
        "period_last",
        "place_code",
        "place_type",
        "place_cog_year",
    )
    return {name: getattr(row, name) for name in names}


def answer_for_mandataire(rid: str, account: Account, code: RefusalCode | None) -> Procuration:
    """The mandataire's town hall says whether its elector may hold this procuration (R. 213-1 3°; R-72).
    Another answer later is another event; the last one counts, the same one again changes nothing.

    Args:
        code: why not, None when the mandataire may.
    Raises: RuleViolated DOSSIER_INCONNU, MOTIF_INCONNU, PAS_ETABLIE.
    """
    if code is not None and code not in ANSWER_CODES:
        raise RuleViolated("MOTIF_INCONNU")

    def entry(row: Procuration) -> Entry | None:
        if not row.act_hash or row.established_at is None:
            raise RuleViolated("PAS_ETABLIE")
        if row.answer == "DONNEE" and answer_of(row) == code:
            return None
        answer = MandataireAnswer(
            act_hash=EventHash(bytes.fromhex(row.act_hash)), code=code, account=account.in_records()
        )
        return Entry(answer, Rid(bytes.fromhex(rid)))

    return write_about(rid, of_mandataires(account.place_code, account.place_type), entry)


def answer_of(row: Procuration) -> RefusalCode | None:
    """What the mandataire's town hall last answered: why not, or None when the mandataire may. Only of a row
    whose `answer` is given."""
    last = [entry["code"] for entry in row.history if entry["kind"] == Kind.MANDATAIRE_TOWN_HALL][-1]
    return RefusalCode(last) if last else None
