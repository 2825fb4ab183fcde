"""An officer receives a résiliation: one signed event of kind 3, with or without the procuration at hand.

No motive is asked or kept (R-46). What the résiliation ends is decided where everything is known: here it is
written, and competes in the same order as the acts of every other tablet.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kiosk_app.station import Station
from kiosk_app.store.requests import HeldRequest
from kiosk_app.use_cases.officer_act import ActDone, ActToSign, Checked, OfficerAct
from kiosk_app.use_cases.recorded_acts import read_recorded_act
from procuration.domain.acts import ActDecision
from procuration.domain.facts import RevocationSubject
from procuration.domain.identifiers import Rid
from procuration.domain.people import Person, Place, check_birth_date, check_name
from procuration.domain.status import Status
from procuration.domain.validity import OneScrutin, Period, Validity, check_period, check_scrutin
from procuration.errors import RuleViolated

_NOT_IN_FORCE = frozenset(
    {Status.INCONNUE, Status.DEMANDE, Status.RECUEILLIE, Status.REFUSEE, Status.EXPIREE, Status.RESILIEE}
)


class Asked(Protocol):
    """Which procurations a mandant ends, when the paper is not at hand."""

    @property
    def mandant(self) -> Person: ...
    @property
    def vote_place(self) -> Place: ...
    @property
    def validity(self) -> Validity | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalAsked:
    """The same as a value, for programs without a screen. `validity`: None for every procuration."""

    mandant: Person = field(repr=False)
    vote_place: Place
    validity: Validity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalState:
    """What is proved of one résiliation: the time of its receipt, and that the centre ended the request."""

    received_at: datetime | None
    decided: bool


class WithdrawRequest:
    """Ends procurations of a mandant who stands before the officer."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._officer = OfficerAct(station)

    def __call__(self, asked: Asked, checked: Checked, code: str) -> ActDone:
        """By the identity and the commune of the mandant.

        Raises: RuleViolated with the code of the datum at fault, COMMUNE_INCONNUE, one of `check_scrutin`
            or `check_period`, why the officer may not act, then as `KeySlots.open`.
        """
        self._check_asked(asked)
        subject = RevocationSubject(
            rid=None, mandant=asked.mandant, vote_place=asked.vote_place, validity=asked.validity
        )
        return self._sign(None, subject, checked, code)

    def of_request(self, rid: Rid, checked: Checked, code: str) -> ActDone:
        """The procuration of a request that the officer has opened.

        Raises: RuleViolated DEMANDE_INTROUVABLE, DEJA_RESILIEE, then as `__call__`.
        """
        held = self._station.officer.opened.get(rid)
        if held is None:
            raise RuleViolated("DEMANDE_INTROUVABLE")
        if self._officer.is_revoked(rid):
            raise RuleViolated("DEJA_RESILIEE")
        subject = RevocationSubject(
            rid=rid, mandant=held.filed.mandant, vote_place=held.filed.vote_place, validity=None
        )
        return self._sign(held, subject, checked, code)

    def is_in_force(self, rid: Rid) -> bool:
        """Whether this tablet knows of a procuration that a résiliation would end; another tablet may know
        one that this one does not."""
        if self._officer.is_revoked(rid):
            return False
        state = self._station.store.requests.state(rid)
        if state is not None and state.status not in _NOT_IN_FORCE:
            return True
        return self._established_here(rid)

    def state(self, done: ActDone) -> WithdrawalState:
        """How far a résiliation of this tablet has gone, by proof."""
        store = self._station.store
        state = store.requests.state(done.rid) if done.rid else None
        return WithdrawalState(
            received_at=store.outbox.proved_at(done.seq),
            decided=state is not None and state.status is Status.RESILIEE,
        )

    def _sign(
        self, held: HeldRequest | None, subject: RevocationSubject, checked: Checked, code: str
    ) -> ActDone:
        asked = ActToSign(held=held, decision=ActDecision.REVOKED, checked=checked, subject=subject)
        self._officer.may_sign(asked)
        return self._officer.sign(asked, code)

    def _check_asked(self, asked: Asked) -> None:
        """Who it is, and where they vote: enough to find them, and nothing more (DOMAIN 1.3)."""
        store, mandant = self._station.store, asked.mandant
        now = self._station.clock.now()
        today = now.astimezone(store.zone).date()
        check_name(mandant.birth_name or "")
        if mandant.given_names is not None:
            check_name(mandant.given_names, "PRENOMS")
        check_birth_date(mandant.birth_date, today)
        if store.tables.communes.named(asked.vote_place) is None:
            raise RuleViolated("COMMUNE_INCONNUE")
        match asked.validity:
            case OneScrutin():
                check_scrutin(asked.validity, store.tables.calendar, asked.vote_place, now)
            case Period():
                years = store.tables.law.period_years_max(asked.vote_place, today)
                check_period(asked.validity, years, today)

    def _established_here(self, rid: Rid) -> bool:
        recorded = map(read_recorded_act, self._station.store.log.of_request(rid))
        return any(one is not None and one.act.decision is ActDecision.ESTABLISHED for one in recorded)
