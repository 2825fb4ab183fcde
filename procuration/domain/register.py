"""The registers of procurations: which ones stand on each, what each shows of them, in which order.

The mayor's register open to every elector (R. 76-1; R-56), the town hall's own with everything and the
reasons (R-60), the names to write on the liste d'émargement (R. 76; R-57, R-71), and the registre spécial of
an authority (R. 75-I; R-25). What one procuration is worth in a round is decided elsewhere: here it is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from procuration.domain.acts import ActDecision, ActPlaceKind
from procuration.domain.candidates import Effect
from procuration.domain.competence import Authority
from procuration.domain.people import Person, Place, fold_name
from procuration.domain.validity import Period, Validity


class State(StrEnum):
    """What a line of the register says: how far a procuration came, else why it cannot be used."""

    TRANSMISE = "TRANSMISE"
    RECUE = "RECUE"
    VALIDEE = "VALIDEE"
    INVALIDEE = "INVALIDEE"
    NULLE_L73 = "NULLE_L73"
    DEJA_EXISTANTE = "DEJA_EXISTANTE"
    RESILIEE = "RESILIEE"
    ANNULEE_L77 = "ANNULEE_L77"
    VOTE_PERSONNEL = "VOTE_PERSONNEL"
    UTILISEE = "UTILISEE"
    ECARTEE = "ECARTEE"
    DOUBT = "DOUBT"


_IN_FORCE_OR_SPENT: Final = frozenset({Effect.STANDS, Effect.UTILISEE, Effect.VOTE_PERSONNEL})
"""The mayor's register is not rewritten on polling day: what was used, or given way to the mandant, stays."""
_TO_WRITE: Final = frozenset({Effect.STANDS, Effect.UTILISEE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One established procuration as it stands for one round of one place: a line of the internal register.

    Attributes:
        rid: settles the order of two lines that say the same; shown nowhere.
        reference: six characters, None while none was given.
        established_at: aware UTC.
        established_on: the local date at the place of the act, as the récépissé has it.
        established_in: INSEE code of the commune of the act.
        received: the town hall or the register has it (R-54).
        accepted: what the town hall or the register decided, None before.
        effect: what it is worth in this round, once its rivals are known.
        code: why it is refused, void or doubted in this round; empty when nothing is against it (I-10).
        decided_by: pseudonym of the account, empty for the register.
    """

    rid: bytes
    reference: str | None = field(repr=False)
    mandant: Person
    mandataire: Person
    vote_place: Place
    authority: Authority
    established_at: datetime
    established_on: date
    established_in: str
    place_kind: ActPlaceKind
    validity: Validity
    received: bool
    accepted: bool | None
    effect: Effect
    code: str
    decided_at: datetime | None
    decided_by: str

    @property
    def state(self) -> State:
        """Where it stands, a refusal before anything else."""
        if self.accepted is False:
            return State.INVALIDEE
        if self.effect is not Effect.STANDS:
            return State(self.effect.value)
        if self.accepted:
            return State.VALIDEE
        return State.RECUE if self.received else State.TRANSMISE


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A person as the public register names them: nom and prénoms, either may be missing.

    Both are missing of a mandataire identified by an elector number alone (R-26): the number is not for
    everybody.
    """

    nom: str = field(repr=False)
    prenoms: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRow:
    """One line of the register offered to any elector: the fields of R. 76-1, and nothing else (R-56).

    Neither the kind of place, which would tell who was visited at home, nor the unit, hour or reference.
    """

    mandant: Names
    mandataire: Names
    authority_nom: str = field(repr=False)
    authority_prenoms: str = field(repr=False)
    authority_qualite: str
    established_on: date
    established_in: str
    validity: Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkingRow:
    """The mandataire to write beside the mandant on the liste d'émargement (R. 76; R-57).

    Attributes:
        electoral_list_too: in Nouvelle-Calédonie, a validity longer than one scrutin is also mentioned on the
        electoral list (R. 213-1 3°; R-71).
    """

    mandant: Person
    mandataire: Person
    validity: Validity
    electoral_list_too: bool


def internal_register(entries: Iterable[Registered]) -> tuple[Registered, ...]:
    """Every procuration of the round, the refused ones with their reason (R-60), by the mandant's name."""
    return tuple(sorted(entries, key=_by_mandant))


def public_register(entries: Iterable[Registered]) -> tuple[PublicRow, ...]:
    """What any elector may read: received by the mayor (R-54), neither refused (R-60) nor void (R-56)."""
    return tuple(
        _public_row(entry)
        for entry in internal_register(entries)
        if is_public(entry.received, entry.accepted, entry.effect)
    )


def marking_list(entries: Iterable[Registered]) -> tuple[MarkingRow, ...]:
    """The usable procurations of the round: accepted, and with effect in it (R-57, R-60)."""
    return tuple(
        MarkingRow(
            mandant=entry.mandant,
            mandataire=entry.mandataire,
            validity=entry.validity,
            electoral_list_too=entry.vote_place.in_nouvelle_caledonie and isinstance(entry.validity, Period),
        )
        for entry in internal_register(entries)
        if is_to_write(entry.accepted, entry.effect)
    )


def is_public(received: bool, accepted: bool | None, effect: Effect) -> bool:
    """Whether any elector may read it: received by the mayor (R-54), not refused (R-60), not void (R-56)."""
    return received and accepted is not False and effect in _IN_FORCE_OR_SPENT


def is_to_write(accepted: bool | None, effect: Effect) -> bool:
    """Whether its mandataire is written on the liste d'émargement: accepted, and with effect (R-57, R-60)."""
    return accepted is True and effect in _TO_WRITE


def _public_row(entry: Registered) -> PublicRow:
    return PublicRow(
        mandant=_names(entry.mandant),
        mandataire=_names(entry.mandataire),
        authority_nom=entry.authority.nom,
        authority_prenoms=entry.authority.prenoms,
        authority_qualite=entry.authority.qualite,
        established_on=entry.established_on,
        established_in=entry.established_in,
        validity=entry.validity,
    )


def _names(person: Person) -> Names:
    return Names(nom=person.birth_name or "", prenoms=person.given_names or "")


def _by_mandant(entry: Registered) -> tuple[str, str, str, bytes]:
    """French alphabetical order: accents, case, hyphens and apostrophes do not count, unless nothing else
    tells two names apart."""
    return *name_order(entry.mandant.birth_name or "", entry.mandant.given_names or ""), entry.rid


def name_order(nom: str, prenoms: str) -> tuple[str, str, str]:
    """What a mandant is ranked by in a register."""
    return fold_name(nom or prenoms), fold_name(prenoms), f"{nom}\0{prenoms}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityAct:
    """One act of a unit, as its tablet recorded it: a mention of the registre spécial (R. 75-I; R-25).

    Attributes:
        at: when it was drawn up, aware UTC.
        log_id, seq: its place in the log of the tablet.
        decision, place_code, authority, mandant: None once the content was erased at its legal date.
        code: why, of a refusal.
        without_effect: why the centre gives it none; empty when it has its effect.
    """

    at: datetime
    log_id: str
    seq: int
    decision: ActDecision | None
    code: str
    place_code: str | None
    authority: Authority | None
    mandant: Person | None
    without_effect: str


def special_register(acts: Iterable[AuthorityAct]) -> tuple[AuthorityAct, ...]:
    """Established, refused, revoked and collected, in order: the order of each tablet's log is kept even when
    its clock was set back, then the hour ranks the tablets of one unit among them."""
    ranked = []
    latest: dict[str, datetime] = {}
    for act in sorted(acts, key=lambda act: (act.log_id, act.seq)):
        latest[act.log_id] = max(act.at, latest.get(act.log_id, act.at))
        ranked.append((latest[act.log_id], act.log_id, act.seq, act))
    return tuple(act for *_, act in sorted(ranked, key=lambda one: one[:3]))
