"""What every act of an officer has in common: who may act now, on which request, under which code.

Two signatures are needed for any effect: the officer's on the act, the tablet's on the event that carries it.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from kiosk_app.station import Session, Station
from kiosk_app.store.requests import HeldRequest
from kiosk_app.store.slots import unwrap_officer_key
from kiosk_app.use_cases.find_request import decision_known
from kiosk_app.use_cases.watch_deadlines import note_served
from procuration.adapters.keys import SoftwareKey
from procuration.domain.acts import Act, ActDecision, ActPlace, ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.clock_evidence import ClockDoubt, doubt_of
from procuration.domain.competence import Authority, check_competence
from procuration.domain.establishment import Tables, check_establishment, check_withdrawal
from procuration.domain.events import ActRecorded, Kind
from procuration.domain.facts import Revocation, RevocationSubject
from procuration.domain.identifiers import EventHash, Kid, Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.sites import check_place
from procuration.domain.status import Status
from procuration.domain.validity import Period, rounds_covered
from procuration.errors import RuleViolated
from procuration.record.act import sign_act
from procuration.record.enrolment import Designation


class Checked(Protocol):
    """What the officer declares having checked, the title presented, and where they act."""

    @property
    def declarations(self) -> Declarations: ...
    @property
    def document(self) -> IdentityDocument | None: ...
    @property
    def place(self) -> ActPlaceKind: ...
    @property
    def site_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCheck:
    """The same as a value, for programs without a screen."""

    declarations: Declarations
    document: IdentityDocument | None
    place: ActPlaceKind = ActPlaceKind.UNIT
    site_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone:
    """The act is on the disk. `rid` is empty for a résiliation of procurations that are not at hand."""

    rid: Rid
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActToSign:
    """What is decided, before the code.

    Attributes:
        held: the request decided on; None for a résiliation whose procuration is not at hand.
        subject: what a résiliation ends; None for every other act.
        corrects: the officer takes back their own act on the same request (`correct_act`).
    """

    held: HeldRequest | None
    decision: ActDecision
    checked: Checked
    refusal_code: RefusalCode | None = None
    subject: RevocationSubject | None = None
    corrects: bool = False

    @property
    def rid(self) -> Rid:
        return Rid(b"") if self.held is None else self.held.rid

    def content(self, signed_act: bytes) -> ActRecorded | Revocation:
        """What the event that carries the act says."""
        if self.subject is not None:
            return Revocation(signed_act=signed_act, subject=self.subject)
        assert self.held is not None, "only a résiliation does without a request"
        pair = self.held.pair
        return ActRecorded(signed_act=signed_act, filed_sign1=pair.sign1, filed_body=pair.body or b"")


@dataclass(frozen=True, slots=True)
class _Officer:
    """Who acts: the key id, the names for the register."""

    session: Session
    kid: Kid
    designation: Designation = field(repr=False)


class OfficerAct:
    """Signs one act, when the officer may act here and now."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def opened(self, rid: Rid) -> HeldRequest:
        """The request the officer has before them.

        Raises: RuleViolated DEMANDE_INTROUVABLE, DEJA_DECIDEE (ids: day).
        """
        held = self._station.officer.opened.get(rid)
        if held is None:
            raise RuleViolated("DEMANDE_INTROUVABLE")
        self._refuse_second_decision(rid)
        return held

    def may_sign(self, asked: ActToSign) -> None:
        """Everything but the code, so that the screen can say it first.

        Raises: RuleViolated HABILITATION_... (R-14), ANNUAIRE_TROP_ANCIEN (ids: days), HORLOGE_EN_RETARD,
        DATE_A_CONFIRMER,
        then what the law has against the act itself: LIEU_NON_AUTORISE (R-16), or one of
        `establishment.CODES`.
        """
        now = self._station.clock.now()
        self._check_date(asked, now)
        officer = self._competent(now)
        self._check_law(asked, self._act(asked, officer, now))

    def place(self, checked: Checked) -> ActPlace:
        """Where the act is drawn up: a listed place in its own commune, anything else in the unit's."""
        store = self._station.store
        listed = checked.place is ActPlaceKind.LISTED_PUBLIC_PLACE
        site = next((one for one in store.tables.sites if listed and one.id == checked.site_id), None)
        insee_code = store.configuration.place if site is None else site.insee_code
        return ActPlace(kind=checked.place, site_id=checked.site_id, insee_code=insee_code)

    def sign(self, asked: ActToSign, code: str) -> ActDone:
        """One event, on the disk when this returns; a second tap finds the decision and writes nothing.

        Raises: RuleViolated, as `may_sign`, `opened` and `KeySlots.open`.
        """
        store = self._station.store
        self._check_date(asked, self._station.clock.now())
        officer = self._competent(self._station.clock.now())
        key = self._officer_key(officer, code)
        with store.log.transaction():
            self._refuse_second(asked)
            at = self._station.clock.now().replace(microsecond=0)
            self._competent(at)
            act = self._act(asked, officer, at)
            self._check_law(asked, act)
            recorded = asked.content(sign_act(act, key, store.log.realm))
            appended = store.log.append(recorded, rid=asked.rid or None, at=at)
            if asked.held is not None and asked.held.copy_tag is not None:
                store.locked_copies.forget(asked.held.copy_tag)
            if asked.held is not None and act.decision is ActDecision.ESTABLISHED:
                note_served(store, appended.seq, asked.held.filed, of_act=True)
            if asked.subject is not None:
                self._note_pressing(asked.subject, appended.seq, at)
        return ActDone(rid=asked.rid, seq=appended.seq, at=appended.at)

    def _note_pressing(self, subject: RevocationSubject, seq: int, at: datetime) -> None:
        """A résiliation travels before the next poll that it could concern: after it, it is worthless."""
        store = self._station.store
        validity = subject.validity or Period(first_day=at.date(), last_day=date.max)
        rounds = rounds_covered(validity, store.tables.calendar, subject.vote_place)
        store.served_polls.put(seq, (round_.closes_at for round_ in rounds if round_.closes_at > at))

    def _refuse_second(self, asked: ActToSign) -> None:
        """One request is decided once, and one procuration ended once. A mandant may come back for whatever
        they gave since (R-48)."""
        if asked.corrects:
            if self.decisions_here(asked.rid) != 1:
                raise RuleViolated("DEJA_CORRIGEE")
        elif asked.subject is None:
            self._refuse_second_decision(asked.rid)
        elif asked.rid and self.is_revoked(asked.rid):
            raise RuleViolated("DEJA_RESILIEE")

    def decisions_here(self, rid: Rid) -> int:
        """How many acts of this tablet's log decide on a request."""
        return sum(event.kind is Kind.ACT for event in self._station.store.log.of_request(rid))

    def is_revoked(self, rid: Rid) -> bool:
        """Whether this tablet's log has the résiliation of this request, or the centre knows one."""
        state = self._station.store.requests.state(rid)
        events = self._station.store.log.of_request(rid)
        told = state is not None and state.status is Status.RESILIEE
        return told or any(event.kind is Kind.REVOCATION for event in events)

    def _refuse_second_decision(self, rid: Rid) -> None:
        day = decision_known(self._station, rid)
        if day is not None:
            raise RuleViolated("DEJA_DECIDEE", day=day.isoformat())

    def _competent(self, now: datetime) -> _Officer:
        store, session = self._station.store, self._station.officer
        row = store.officers.find(session.kid) if session.kid else None
        if row is None or session.enrolment is None or session.enrolment.designation is None:
            raise RuleViolated("AGENT_SANS_HABILITATION")
        if doubt_of(now, store.settings.floor) is ClockDoubt.BEHIND:
            raise RuleViolated("HORLOGE_EN_RETARD")
        if store.tables.is_too_old(now):
            raise RuleViolated("ANNUAIRE_TROP_ANCIEN", days=store.tables.age_days(now))
        habilitation = replace(session.enrolment.habilitation, revoked_at=row.revoked_at)
        check_competence(habilitation, store.log.log_id, now)
        return _Officer(session, row.kid, session.enrolment.designation)

    def _check_date(self, asked: ActToSign, now: datetime) -> None:
        """Asked before the age of the directory: a clock far ahead makes it look old (SECURITY-DESIGN 7)."""
        confirmed = asked.checked.declarations & Declarations.DATE_CONFIRMED
        far = doubt_of(now, self._station.store.settings.floor) is ClockDoubt.FAR_AHEAD
        if far and not confirmed and asked.decision is not ActDecision.REFUSED:
            raise RuleViolated("DATE_A_CONFIRMER")

    def _check_law(self, asked: ActToSign, act: Act) -> None:
        """What the law asks at the instant of the act, not of the request; a refusal gives nobody a
        procuration."""
        if act.decision is ActDecision.REFUSED:
            return
        store, held = self._station.store, asked.held
        tables = Tables(store.tables.law, store.tables.calendar)
        if asked.subject is not None:
            check_withdrawal(act, asked.subject.vote_place, store.zone, store.tables.law)
        elif held is not None:
            check_establishment(held.filed, held.filed_at, act, store.zone, tables)
        check_place(act.place, store.tables.sites, act.wall)

    def _officer_key(self, officer: _Officer, code: str) -> SoftwareKey:
        """The code again for each act; the key lives for this one signature."""
        opened = self._station.slots.open(code, officer.session.slot_id)
        row = self._station.store.officers.find(officer.kid)
        assert row is not None, "rows of officers are never deleted"
        return SoftwareKey(unwrap_officer_key(opened, officer.kid, row.wrapped))

    def _act(self, asked: ActToSign, officer: _Officer, at: datetime) -> Act:
        store = self._station.store
        configuration, named = store.configuration, officer.designation
        return Act(
            rid=asked.rid,
            filed_hash=EventHash(b"") if asked.held is None else asked.held.pair.hash,
            decision=asked.decision,
            refusal_code=asked.refusal_code,
            identity_document=asked.checked.document,
            wall=at,
            directory_version=store.log.directory_version,
            log_id=store.log.log_id,
            seq=store.log.head.next_seq,
            place=self.place(asked.checked),
            declarations=asked.checked.declarations,
            authority=Authority(
                nom=named.nom,
                prenoms=named.prenoms,
                qualite=named.qualite,
                unit_name=configuration.unit_name,
            ),
        )
