"""An elector files a request: the rules, one signed event, and the paper they leave with.

The body is in the clear in memory only; at a kiosk what is stored cannot be read again here.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol

from kiosk_app import receipt as words
from kiosk_app.languages import wording_in
from kiosk_app.presenters.wording import Language, Wording
from kiosk_app.receipt_image import printout
from kiosk_app.sheet import Roll
from kiosk_app.station import Station
from kiosk_app.store.event_log import Appended
from kiosk_app.store.requests import Source
from kiosk_app.use_cases.find_places import FindPlaces
from kiosk_app.use_cases.watch_deadlines import note_served
from procuration.domain.competence import Form
from procuration.domain.events import Authentication, Channel, Filed
from procuration.domain.identifiers import Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import (
    Person,
    Place,
    check_email,
    check_mandant,
    check_mandataire,
    is_certainly_minor,
)
from procuration.domain.reference import Reference
from procuration.domain.scrutin import Round, Scrutin
from procuration.domain.status import add_months
from procuration.domain.teleprocedure import check_mandataire_reachable, form_of
from procuration.domain.validity import (
    OneScrutin,
    Period,
    Validity,
    check_period,
    check_scrutin,
    rounds_covered,
)
from procuration.errors import RuleViolated
from procuration.record.enrolment import OfflineRequestPolicy, Profile
from procuration.record.event import EventPair
from procuration.record.printed import qr_text

RID_BYTES: Final = 16
PLACES_ON_PAPER: Final = 2


class RequestAsked(Protocol):
    """Everything the elector answered."""

    @property
    def mandant(self) -> Person: ...
    @property
    def mandataire(self) -> Person: ...
    @property
    def vote_place(self) -> Place: ...
    @property
    def validity(self) -> Validity: ...
    @property
    def email(self) -> str | None: ...
    @property
    def declaration_version(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDraft:
    """The same as a value, for programs without a screen."""

    mandant: Person
    mandataire: Person
    vote_place: Place
    validity: Validity
    email: str | None = field(repr=False)
    declaration_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReceipt:
    """What the elector leaves with; the event behind it is on the disk.

    Attributes:
        reference: None when the lease was empty.
        qr_text: None when no key is in force, or the request is too long for the paper.
        deadline: the day before which an officer must establish it.
        regime: who controls it then.
        form_needed: signed policy wants the paper form: this receipt only helps to fill it in.
        image_png: as wide as the roll; pdf: the same on one page.
    """

    rid: Rid
    seq: int
    reference: Reference | None = field(repr=False)
    qr_text: str | None = field(repr=False)
    deadline: date
    regime: ControlRegime
    form_needed: bool
    image_png: bytes = field(repr=False)
    pdf: bytes = field(repr=False)


class FileRequest:
    """Files one request; what it returns was acknowledged by the disk."""

    def __init__(self, station: Station, roll: Roll = Roll.MM_80) -> None:
        self._station, self._roll = station, roll

    def __call__(
        self,
        asked: RequestAsked,
        taken_over: Rid | None = None,
        *,
        on_paper: bool = False,
        language: Language = Language.FRENCH,
    ) -> FiledReceipt:
        """Args:
            taken_over: rid of the receipt that this request replaces, at a brigade only.
            on_paper: a form signed before the officer is keyed in, at a brigade only: what the télé-procédure
                may not serve is allowed (R-73, R-79).
            language: that of the paper, for who leaves with it.

        Raises: RuleViolated with the code of the first datum at fault, COMMUNE_INCONNUE, MANDANT_MINEUR,
            ESPACE_INSUFFISANT, POSTE_FERME.
        """
        wall = self._station.clock.now().replace(microsecond=0)
        now = max(wall, self._station.store.settings.floor)  # a clock that fell back sends nobody away
        channel = self._channel(on_paper)
        rounds = self._check(asked, now, form_of(channel))
        # What can still refuse is asked before anything is written.
        deadline, regime = self._deadline(asked, rounds, now), self._regime(asked, now)
        rid = Rid(self._station.random(RID_BYTES))
        filed, appended = self._write(asked, rid, wall, taken_over, channel)
        paper = self._paper(wording_in(language), filed, appended, deadline, regime, now)
        printed = printout(paper, self._roll)
        return FiledReceipt(
            rid=rid,
            seq=appended.seq,
            reference=filed.reference,
            qr_text=paper.qr_text,
            deadline=deadline,
            regime=regime,
            form_needed=self._form_needed(),
            image_png=printed.png,
            pdf=printed.pdf,
        )

    def _channel(self, on_paper: bool) -> Channel:
        if self._station.store.configuration.profile is Profile.ACCUEIL:
            assert not on_paper, "no screen of a kiosk offers it"
            return Channel.KIOSK
        return Channel.PAPER if on_paper else Channel.BRIGADE

    def _check(self, asked: RequestAsked, now: datetime, form: Form) -> tuple[Round, ...]:
        """The rules of entry; returns the rounds the request covers."""
        store = self._station.store
        today = now.astimezone(store.zone).date()
        check_mandant(asked.mandant, today, asked.vote_place)
        check_mandataire(asked.mandataire, asked.mandant, asked.vote_place, today)
        if form is Form.TELEPROCEDURE:
            check_mandataire_reachable(asked.vote_place, asked.mandataire, store.tables.law, today)
        for place in (asked.vote_place, asked.mandant.enrolment, asked.mandataire.enrolment):
            if place is not None and store.tables.communes.named(place) is None:
                raise RuleViolated("COMMUNE_INCONNUE")
        if asked.email is not None and check_email(asked.email) != asked.email:
            raise RuleViolated("COURRIEL_CARACTERE", character=" ")
        calendar = store.tables.calendar
        match asked.validity:
            case OneScrutin():
                check_scrutin(asked.validity, calendar, asked.vote_place, now)
            case Period():
                years_max = store.tables.law.period_years_max(asked.vote_place, today)
                check_period(asked.validity, years_max, today)
        rounds = rounds_covered(asked.validity, calendar, asked.vote_place)
        _check_age(asked, rounds)
        return rounds

    def _write(
        self, asked: RequestAsked, rid: Rid, wall: datetime, taken_over: Rid | None, channel: Channel
    ) -> tuple[Filed, Appended]:
        """One transaction, one flush: the event, and the reference it takes from the lease."""
        store = self._station.store
        kiosk = channel is Channel.KIOSK
        cipher = store.body_keys.current() if kiosk else None
        with store.log.transaction():
            reference = store.leases.next_free()
            filed = Filed(
                reference=reference,
                mandant=asked.mandant,
                mandataire=asked.mandataire,
                vote_place=asked.vote_place,
                validity=asked.validity,
                email=asked.email,
                declaration_version=asked.declaration_version,
                authentication=Authentication.NONE,
                channel=channel,
                taken_over=taken_over,
            )
            appended = store.log.append(filed, rid=rid, at=wall, cipher=cipher)
            if reference:
                store.leases.take(reference, appended.seq)
            note_served(store, appended.seq, filed, of_act=False)
            if not kiosk:
                pair = EventPair(appended.sign1, appended.plain_body)
                store.requests.hold(pair, Source.FILED_HERE, wall)
        return filed, appended

    def _deadline(self, asked: RequestAsked, rounds: tuple[Round, ...], now: datetime) -> date:
        """The first of: end of life of a request (R-64), next polling day it serves, last day of the
        period.
        """
        store = self._station.store
        today = now.astimezone(store.zone).date()
        months = store.tables.law.number("request_expiry_months", asked.vote_place, today)
        days = [add_months(now, months).astimezone(store.zone).date()]
        days += [round_.day for round_ in rounds if round_.closes_at > now][:1]
        if isinstance(asked.validity, Period):
            days.append(asked.validity.last_day)
        return min(days)

    def _regime(self, asked: RequestAsked, now: datetime) -> ControlRegime:
        store = self._station.store
        day = _control_day(asked.validity, store.tables.calendar, now.astimezone(store.zone))
        return store.tables.law.control_regime(asked.vote_place, day)

    def _form_needed(self) -> bool:
        return self._station.store.configuration.policy is OfflineRequestPolicy.CERFA

    def _paper(
        self,
        say: Wording,
        filed: Filed,
        appended: Appended,
        deadline: date,
        regime: ControlRegime,
        now: datetime,
    ) -> words.Receipt:
        store = self._station.store
        epoch = store.tables.directory.epoch(now)
        pair = EventPair(appended.sign1, appended.plain_body)
        local = now.astimezone(store.zone)
        place = store.tables.communes.named(filed.vote_place)
        reference, scrutin = filed.reference, _chosen(filed.validity, store.tables.calendar)
        return words.Receipt(
            labels=words.Labels(say),
            reference=words.reference_shown(reference),
            spelling=words.spelling_of(say, reference) if reference else (),
            qr_text=qr_text(pair, epoch, store.log.realm) if epoch else None,
            mandant=words.full_name(filed.mandant, say),
            mandataire=words.full_name(filed.mandataire, say),
            commune=place.label if place else filed.vote_place.code,
            validity=words.validity_in_words(filed.validity, scrutin, say),
            validity_in_french=words.validity_beside(filed.validity, scrutin, say),
            filed=words.filed_in_words(say, local, store.configuration.unit_name),
            steps=words.steps_for(say, deadline, local.date(), regime, filed.email is not None),
            notes=words.notes_for(
                say, reference, form_needed=self._form_needed(), has_email=filed.email is not None
            ),
            places=tuple(
                f"{one.name}, {', '.join(one.address)}"
                for one in FindPlaces(self._station)(count=PLACES_ON_PAPER)
            ),
        )


def _check_age(asked: RequestAsked, rounds: tuple[Round, ...]) -> None:
    """Eighteen on the last day served, not today (R-09)."""
    match asked.validity:
        case Period(last_day=last_day):
            day = last_day
        case OneScrutin():
            day = rounds[-1].day
    if is_certainly_minor(asked.mandant.birth_date, day):
        raise RuleViolated("MANDANT_MINEUR")


def _chosen(validity: Validity, calendar: tuple[Scrutin, ...]) -> Scrutin | None:
    if isinstance(validity, Period):
        return None
    return next(scrutin for scrutin in calendar if scrutin.id == validity.scrutin_id)


def _control_day(validity: Validity, calendar: tuple[Scrutin, ...], local: datetime) -> date:
    """Which day decides who controls: first polling day, or for a period the établissement, here at best
    today.
    """
    scrutin = _chosen(validity, calendar)
    return scrutin.rounds[0].day if scrutin else local.date()
