"""What every act of an officer has in common: who may act now, on which request, under which code.

Two signatures are needed for any effect: the officer's on the act, the tablet's on the event that carries it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
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
from procuration.domain.establishment import Tables, check_establishment
from procuration.domain.events import ActRecorded
from procuration.domain.identifiers import Kid, Rid
from procuration.domain.refusal import RefusalCode
from procuration.domain.sites import check_place
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
    """The act is on the disk."""

    rid: Rid
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActToSign:
    """What is decided of one request, before the code."""

    held: HeldRequest
    decision: ActDecision
    checked: Checked
    refusal_code: RefusalCode | None = None


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
            self._refuse_second_decision(asked.held.rid)
            at = self._station.clock.now().replace(microsecond=0)
            self._competent(at)
            act = self._act(asked, officer, at)
            self._check_law(asked, act)
            recorded = ActRecorded(
                signed_act=sign_act(act, key, store.log.realm),
                filed_sign1=asked.held.pair.sign1,
                filed_body=asked.held.pair.body or b"",
            )
            appended = store.log.append(recorded, rid=asked.held.rid, at=at)
            if asked.held.copy_tag is not None:
                store.locked_copies.forget(asked.held.copy_tag)
            if act.decision is ActDecision.ESTABLISHED:
                note_served(store, appended.seq, asked.held.filed, of_act=True)
        return ActDone(rid=asked.held.rid, seq=appended.seq, at=appended.at)

    def _refuse_second_decision(self, rid: Rid) -> None:
        day = decision_known(self._station, rid)
        if day is not None:
            raise RuleViolated("DEJA_DECIDEE", day=day)

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
            rid=asked.held.rid,
            filed_hash=asked.held.pair.hash,
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
