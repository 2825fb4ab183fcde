"""A tablet without a screen, a clock that moves when told, and use cases that answer what the test
decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk_app.languages import wording
from kiosk_app.presenters.accueil import AccueilParts, AccueilPresenter
from kiosk_app.presenters.agent_menu import AgentParts
from kiosk_app.presenters.brigade import BrigadePresenter
from kiosk_app.presenters.brigade_parts import (
    BrigadeParts,
    IdentityParts,
    ListenParts,
    NameParts,
    OnSiteParts,
    RevokeParts,
)
from kiosk_app.presenters.clock_page import ClockParts
from kiosk_app.presenters.day_ports import DayParts
from kiosk_app.presenters.install import InstallParts, InstallPresenter
from kiosk_app.presenters.install_network import NetworkParts, Sending, Step
from kiosk_app.presenters.officer_ports import OfficersParts, TypedCodes, TypedOfficer
from kiosk_app.presenters.pages import DialogAsked, Page
from kiosk_app.presenters.ports import (
    ActState,
    Checked,
    CompleteRequest,
    NearPlace,
    Site,
    Stopped,
    TabletView,
    ToRevoke,
)
from kiosk_app.presenters.speech import Speech
from kiosk_app.presenters.voice import Rate, Volume
from kiosk_app.presenters.wording import Language, Wording
from kiosk_app.use_cases.copy_to_stick import StickProgress
from procuration.domain.acts import ActPlaceKind
from procuration.domain.alerts import Alert
from procuration.domain.clock_evidence import ClockDoubt, doubt_of
from procuration.domain.deadlines import Deadline, Lack, deadline_of
from procuration.domain.events import Authentication, Channel, Filed
from procuration.domain.identifiers import Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.reference import Reference
from procuration.domain.scrutin import Round, Scrutin
from procuration.domain.validity import OneScrutin, Rounds
from procuration.errors import ProcurationError, RuleViolated

NOUMEA = Place(code="98818", type=PlaceType.COMMUNE, cog_year=2026)
LIFOU = Place(code="98814", type=PlaceType.COMMUNE, cog_year=2026)
LAON = Place(code="02408", type=PlaceType.COMMUNE, cog_year=2026)
ZONE = ZoneInfo("Pacific/Noumea")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
REFERENCE = Reference("XBQ7V3")
QR_TEXT = "PRQ1:" + "6BF0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:" * 17
RIGHT_CODE = "246810"


@dataclass
class ScreenSeen:
    """Remembers what was shown, instead of drawing it."""

    pages: list[Page] = field(default_factory=list)
    dialog: DialogAsked | None = None
    offered: tuple[str, ...] = ()
    offered_empty: str = ""
    look: tuple[bool, float] = (False, 1.0)
    alarmed: str = ""
    trained: str = ""
    wipes: int = 0
    touched_since: dict[str, object] = field(default_factory=dict)
    named_again: int = 0

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def show(self, page: Page) -> None:
        self.pages.append(page)

    def ask(self, dialog: DialogAsked) -> None:
        self.dialog = dialog

    def dismiss(self) -> None:
        self.dialog = None

    def offer(self, labels: tuple[str, ...], empty: str) -> None:
        self.offered, self.offered_empty = labels, empty

    def set_look(self, *, strong: bool, scale: float) -> None:
        self.look = strong, scale

    def answers(self) -> dict[str, object]:
        """What the page was shown with, and what the test has set since in `touched_since`."""
        asked = getattr(self.page, "asked", ()) if self.pages else ()
        shown = {one.key: getattr(one, "checked", getattr(one, "chosen", "")) for one in asked}
        return shown | {key: answer for key, answer in self.touched_since.items() if key in shown}

    def name_again(self) -> None:
        self.named_again += 1

    def alarm(self, text: str) -> None:
        self.alarmed = text

    def training(self, text: str) -> None:
        self.trained = text

    def wipe(self) -> None:
        self.wipes += 1
        self.pages.clear()
        self.look = False, 1.0


@dataclass
class Appointment:
    at: float
    act: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class VirtualTime:
    """Timers and a wall clock that move together when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._appointments: list[Appointment] = []

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def after(self, seconds: float, act: Callable[[], None]) -> Appointment:
        self._appointments.append(Appointment(self.seconds + seconds, act))
        return self._appointments[-1]

    def pass_seconds(self, seconds: float) -> None:
        end = self.seconds + seconds
        while due := [a for a in self._appointments if not a.cancelled and a.at <= end]:
            first = min(due, key=lambda appointment: appointment.at)
            self._appointments.remove(first)
            self.seconds = first.at
            first.act()
        self.seconds = end


def at_once(work: Callable[[], object], then: Callable[[object], None]) -> None:
    """Background work, done immediately."""
    then(work())


@dataclass
class Later:
    """Background work that waits until the test lets it finish."""

    waiting: list[tuple[Callable[[], object], Callable[[object], None]]] = field(default_factory=list)

    def __call__(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        self.waiting.append((work, then))

    def finish(self) -> None:
        work, then = self.waiting.pop(0)
        then(work())


@dataclass(frozen=True)
class FoundPlace:
    place: Place
    label: str
    known_as: str = ""


PLACES = [
    FoundPlace(NOUMEA, "Nouméa (Nouvelle-Calédonie)"),
    FoundPlace(LIFOU, "Lifou (Nouvelle-Calédonie)"),
    FoundPlace(LAON, "Laon (Aisne)"),
    FoundPlace(Place(code="98805", type=PlaceType.COMMUNE, cog_year=2026), "Dumbéa (Nouvelle-Calédonie)"),
    FoundPlace(Place(code="44101", type=PlaceType.COMMUNE, cog_year=2026), "Noues (Loire-Atlantique)"),
    FoundPlace(
        Place(code="85163", type=PlaceType.COMMUNE, cog_year=2026),
        "Noirmoutier-en-l’Île (Vendée)",
        "L’Herbaudière",
    ),
]


def search(query: str) -> list[FoundPlace]:
    """The places whose name starts with the query."""
    return [found for found in PLACES if found.label.casefold().startswith(query.casefold())]


def one_round(day: date) -> Round:
    opens = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return Round(day=day, opens_at=opens, closes_at=opens + timedelta(hours=10))


def scrutin(identity: str, elections: tuple[str, ...], *days: date) -> Scrutin:
    return Scrutin(
        id=identity,
        elections=elections,
        places=("988", "02"),
        rounds=tuple(one_round(d) for d in days),
        zone="Pacific/Noumea",
        max_total=2,
        max_france=1,
        article="L. 73",
    )


PROVINCIALES = scrutin("2026-12-provinciales/988", ("provinciales",), date(2026, 12, 13))
PRESIDENTIELLE = scrutin(
    "2027-04-presidentielle/988", ("presidentielle",), date(2027, 4, 11), date(2027, 4, 25)
)
DOUBLE = scrutin("2027-06-double/02", ("departementales", "regionales"), date(2027, 6, 20), date(2027, 6, 27))


@dataclass
class FixedCalendar:
    """The ballots of the test, the same everywhere."""

    scrutins: tuple[Scrutin, ...] = (PRESIDENTIELLE,)
    years: int = 1

    def open_scrutins(self, place: Place) -> tuple[Scrutin, ...]:
        return self.scrutins

    def period_years_max(self, place: Place) -> int:
        return self.years


@dataclass(frozen=True)
class Receipt:
    reference: Reference | None = REFERENCE
    qr_text: str | None = QR_TEXT
    deadline: date | None = date(2027, 1, 22)
    regime: ControlRegime = ControlRegime.MAIRIE
    form_needed: bool = False


def attempt_code(code: str) -> str:
    """Accepts one code; says how many tries are left; blocks on « 000000 »; makes « 111111 » wait."""
    match code:
        case "246810":
            return "opened"
        case "000000":
            raise RuleViolated("ACCES_BLOQUE")
        case "111111":
            raise RuleViolated("ATTENDRE", seconds=30)
    raise RuleViolated("CODE_INCORRECT", tries_left=4)


def mandant() -> Person:
    return Person(
        birth_name="DUBOIS",
        given_names="Angela Claire Louise",
        sex=Sex.FEMALE,
        birth_date=PartialDate(1962, 8, 24),
    )


def mandataire() -> Person:
    return Person(
        birth_name="DUPONT",
        given_names="Jean-Claude Bernard",
        sex=Sex.MALE,
        birth_date=PartialDate(1944, 8, 22),
        enrolment=NOUMEA,
    )


def filed() -> Filed:
    return Filed(
        reference=REFERENCE,
        mandant=mandant(),
        mandataire=mandataire(),
        vote_place=NOUMEA,
        validity=OneScrutin(scrutin_id=PRESIDENTIELLE.id, rounds=Rounds.BOTH),
        email="a@b.fr",
        declaration_version=1,
        authentication=Authentication.NONE,
        channel=Channel.KIOSK,
    )


@dataclass(frozen=True)
class Found:
    rid: bytes = b"r" * 16
    filed: Filed = field(default_factory=filed)
    filed_at: datetime = NOW - timedelta(hours=3)
    authentication: Authentication = Authentication.NONE
    decision: date | None = None


@dataclass
class Finder:
    """Knows the demo request by reference and date, by QR, and at the centre when the test says so."""

    known: Found | None = field(default_factory=Found)
    at_centre: Found | None = None
    asked_centre: int = 0
    answered: bool = False
    error: ProcurationError | None = None

    def by_reference(self, reference: Reference, birth_date: PartialDate) -> Found:
        if self.error is not None:
            raise self.error
        if self.known is None or reference != REFERENCE or birth_date != PartialDate(1962, 8, 24):
            raise RuleViolated("DEMANDE_INTROUVABLE")
        return self.known

    def by_qr(self, text: str) -> Found:
        if self.error is not None:
            raise self.error
        assert self.known is not None
        return self.known

    def prefill_from_qr(self, text: str) -> Found:
        assert self.known is not None
        return self.known

    def by_centre(self, reference: Reference, birth_date: PartialDate) -> None:
        self.asked_centre += 1

    def poll(self) -> Found | None:
        if self.answered and self.at_centre is None:
            raise RuleViolated("DEMANDE_INTROUVABLE")
        return self.at_centre


@dataclass
class Status:
    kept: int = 4
    received: int = 12
    decided: int = 9
    last_contact: datetime | None = NOW - timedelta(hours=3)
    directory_age_days: int = 0
    directory_days_max: int = 14
    set_aside: tuple[Reference | None, ...] = ()
    restored_at: datetime | None = None


SUPERVISOR = "un chat dort sur le mur"


@dataclass
class Hour:
    """The hour of a tablet: right unless the test says so."""

    wall: datetime = NOW
    proved: datetime | None = NOW - timedelta(hours=3)
    error: ProcurationError | None = None
    set_to: list[datetime] = field(default_factory=list)

    @property
    def doubt(self) -> ClockDoubt | None:
        return None if self.proved is None else doubt_of(self.wall, self.proved)

    def correct(self, phrase: str, at: datetime) -> None:
        if self.error is not None:
            raise self.error
        if phrase != SUPERVISOR:
            raise RuleViolated("CODE_INCORRECT", tries_left=4)
        self.set_to.append(at)
        self.wall = at

    def parts(self) -> ClockParts:
        return ClockParts(shown=lambda: self, correct=self.correct, zone=ZONE)


@dataclass(frozen=True)
class Urgent:
    """An act on the list of what presses."""

    deadline: Deadline
    reference: Reference | None = REFERENCE


def urgent(left: timedelta, *lacks: Lack, reference: Reference | None = REFERENCE, number: int = 1) -> Urgent:
    """An act whose poll closes in so long, which lacks everything unless said otherwise."""
    lacking = lacks or (Lack.TRANSMISSION, Lack.RECEPTION, Lack.DECISION)
    rid = Rid(number.to_bytes(16, "big"))
    return Urgent(deadline_of(rid, NOW - timedelta(hours=2), [NOW + left], lacking, NOW), reference)


@dataclass(frozen=True)
class Stock:
    """What a tablet has left: plenty, unless a test says otherwise."""

    references_left: int | None = 180
    last_contact: datetime | None = NOW - timedelta(hours=2)
    directory_age_days: int = 1
    directory_days_max: int = 14
    free_bytes: int = 20 << 30
    free_bytes_min: int = 200 << 20


@dataclass
class VoiceHeard:
    """A voice that a test listens to: everything it said, and whether it is speaking now."""

    available: bool = True
    heard: list[str] = field(default_factory=list)
    said: list[tuple[str, ...]] = field(default_factory=list)
    settings: tuple[str, str, str] = ("", "", "")
    speaking: bool = False
    stops: int = 0

    def speak(self, texts: Sequence[str], language: str, rate: Rate, volume: Volume) -> None:
        self.heard.extend(texts)
        self.said.append(tuple(texts))
        self.settings, self.speaking = (str(language), rate, volume), True

    def stop(self) -> None:
        self.speaking = False
        self.stops += 1


@dataclass
class Accueil:
    """The elector's tablet of a test: what was filed and printed, and the presenter over a remembered
    screen.
    """

    view: TabletView = field(default_factory=ScreenSeen)
    say: Wording = field(default_factory=wording)
    time: VirtualTime = field(default_factory=VirtualTime)
    clock: Hour = field(default_factory=Hour)
    calendar: FixedCalendar = field(default_factory=FixedCalendar)
    background: Callable[..., None] = at_once
    receipt: Receipt = field(default_factory=Receipt)
    file_error: ProcurationError | None = None
    print_error: ProcurationError | None = None
    prepared: list[CompleteRequest] = field(default_factory=list)
    alarm: bool = False
    filed: list[CompleteRequest] = field(default_factory=list)
    prints: int = 0
    stopped: Callable[[], Stopped | None] = lambda: None
    stock: Stock = field(default_factory=Stock)
    stick: "Stick" = field(default_factory=lambda: Stick(), repr=False)  # noqa: PLW0108 - defined below
    closed: bool = False
    filed_in: Language | None = None
    voice: "VoiceHeard | None" = None
    headset: bool = False
    near: "NearHere" = field(default_factory=lambda: NearHere())  # noqa: PLW0108 - defined below
    web: str = ""

    def file_request(self, request: CompleteRequest, *, language: Language) -> Receipt:
        if self.file_error is not None:
            raise self.file_error
        self.filed.append(request)
        self.filed_in = language
        return self.receipt

    def print_receipt(self, receipt: object) -> None:
        self.prints += 1
        if self.print_error is not None:
            raise self.print_error

    def print_preparation(self, asked: CompleteRequest) -> None:
        self.prepared.append(asked)
        if self.print_error is not None:
            raise self.print_error

    def presenter(
        self, *, timers: object = None, run_in_background: object = None, print_aside: object = None
    ) -> AccueilPresenter:
        self.speech = None if self.voice is None else Speech(self.voice, self.say, lambda: self.headset)
        return AccueilPresenter(
            self.view,
            self.say,
            AccueilParts(
                unlock=attempt_code,
                search=search,
                calendar=self.calendar,
                file_request=self.file_request,
                print_receipt=self.print_receipt,
                print_preparation=self.print_preparation,
                find_places=self.near,
                clock=self.clock.parts(),
                timers=timers or self.time,
                run_in_background=run_in_background or self.background,
                print_aside=print_aside,
                now=self.time.now,
                zone=ZONE,
                alarm=lambda: self.alarm,
                stopped=self.stopped,
                agent=AgentParts(
                    supplies=lambda: self.stock,
                    print_trial=self._print_trial,
                    stick=self.stick,
                    close=lambda: setattr(self, "closed", True),
                    closed=lambda: self.closed,
                ),
                speech=self.speech,
                web=self.web,
            ),
        )

    def _print_trial(self) -> None:
        if self.print_error is not None:
            raise self.print_error


@dataclass
class NearHere:
    """The places near this tablet, in Nouméa, and near any other commune."""

    by_commune: dict[str | None, tuple[NearPlace, ...]] = field(default_factory=dict)
    commune: str = "98818"

    def __call__(self, commune: str | None = None) -> tuple[NearPlace, ...]:
        return self.by_commune.get(commune, ())

    def here(self) -> str:
        return self.commune


@dataclass(frozen=True)
class Done:
    """An act on the disk."""

    seq: int = 7


@dataclass
class Revoker:
    """Receives résiliations: by identity, or of an opened request."""

    sign: Callable[[str], None]
    in_force: bool = False
    asked: list[tuple[object, Checked]] = field(default_factory=list)

    def __call__(self, asked: ToRevoke, checked: Checked, code: str) -> Done:
        self.sign(code)
        self.asked.append((asked, checked))
        return Done(8)

    def of_request(self, rid: bytes, checked: Checked, code: str) -> Done:
        self.sign(code)
        self.asked.append((rid, checked))
        return Done(9)

    def is_in_force(self, rid: bytes) -> bool:
        return self.in_force


@dataclass
class Stick:
    """A copy to a USB key that goes as the test says, step by step. Implements `stick_copy.Copy`."""

    steps: list[StickProgress] = field(default_factory=lambda: [StickProgress(ended=True, reading=False)])
    error: ProcurationError | None = None
    starts: int = 0
    cancels: int = 0

    def start(self) -> None:
        if self.error is not None:
            raise self.error
        self.starts += 1

    def cancel(self) -> None:
        self.cancels += 1

    def follow(self) -> StickProgress:
        return self.steps.pop(0)


@dataclass(frozen=True)
class AgentShown:
    """A line of the list of officers."""

    kid: bytes = b"officer1"
    nom: str = "Tahua"
    prenoms: str = "Maëva Rose"
    qualite: str = "Maréchale des logis-cheffe, OPJ"
    not_after: datetime = NOW + timedelta(days=60)
    standing: str = "EN_FONCTION"


@dataclass(frozen=True)
class There:
    is_officer: bool = True
    not_after: datetime | None = NOW + timedelta(days=60)
    days_left: int | None = 60


@dataclass(frozen=True)
class AgentChanged:
    seq: int = 7
    not_after: datetime | None = NOW + timedelta(days=60)


@dataclass
class Agents:
    """The officers of a tablet: remembers what was asked for, with both codes."""

    shown: tuple[AgentShown, ...] = (AgentShown(),)
    there: There = field(default_factory=There)
    error: ProcurationError | None = None
    in_centre: bool = False
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def check(self, typed: TypedOfficer) -> None:
        for name, code in (("nom", "NOM"), ("prenoms", "PRENOMS"), ("qualite", "QUALITE")):
            if not getattr(typed, name).strip():
                raise RuleViolated(f"{code}_MANQUANTE" if code == "QUALITE" else f"{code}_MANQUANT")
        if not typed.designation:
            raise RuleViolated("DESIGNATION_MANQUANTE")
        self.check_day(typed.last_day)

    def check_day(self, last_day: date) -> None:
        if not 0 <= (last_day - NOW.astimezone(ZONE).date()).days < 90:
            raise RuleViolated("OFFICER_PERIOD", days=90)

    def _does(self, what: str) -> Callable[..., AgentChanged]:
        def do(codes: TypedCodes, *asked: object) -> AgentChanged:
            if codes.phrase != SUPERVISOR:
                raise RuleViolated("PHRASE_INCORRECTE")
            attempt_code(codes.second)
            if self.error is not None:
                raise self.error
            self.asked.append((what, *asked))
            return AgentChanged()

        return do

    def parts(self) -> OfficersParts:
        return OfficersParts(
            listed=lambda: self.shown,
            signed_in=lambda: self.there,
            check=self.check,
            check_day=self.check_day,
            enrol=self._does("enrol"),
            renew=self._does("renew"),
            revoke=self._does("revoke"),
            reset=self._does("reset"),
            replace_phrase=self._does("phrase"),
            received=lambda seq: self.in_centre,
        )


@dataclass
class Brigade:
    """The officer's station of a test."""

    view: TabletView = field(default_factory=ScreenSeen)
    say: Wording = field(default_factory=wording)
    time: VirtualTime = field(default_factory=VirtualTime)
    clock: Hour = field(default_factory=Hour)
    background: Callable[..., None] = at_once
    finder: Finder = field(default_factory=Finder)
    status: Status = field(default_factory=Status)
    state: ActState = field(default_factory=ActState)
    scanned: str | None = QR_TEXT
    sites: tuple[Site, ...] = ()
    urgent: tuple[Urgent, ...] = ()
    sign_error: ProcurationError | None = None
    alarm: bool = False
    validated: list[Checked] = field(default_factory=list)
    refused: list[tuple[str, Checked]] = field(default_factory=list)
    in_force: bool = False
    calendar: FixedCalendar = field(default_factory=FixedCalendar)
    print_error: ProcurationError | None = None
    printed: list[int] = field(default_factory=list)
    locks: int = 0
    transmissions: int = 0
    stick: Stick = field(default_factory=Stick)
    stopped: Callable[[], Stopped | None] = lambda: None
    to_confirm: Callable[[], tuple[Urgent, ...]] = tuple
    paper_calendar: FixedCalendar = field(default_factory=FixedCalendar)
    filed: list[tuple[CompleteRequest, bytes | None, bool]] = field(default_factory=list)
    file_error: ProcurationError | None = None
    check_error: ProcurationError | None = None
    alerts: Callable[[ActPlaceKind], tuple[Alert, ...]] = lambda place: ()
    waiting: tuple[Found, ...] = ()
    print_preparation: Callable[[object], object] | None = None
    identity: IdentityParts | None = None
    listen: ListenParts | None = None
    day: DayParts | None = None
    names: NameParts | None = None

    def __post_init__(self) -> None:
        self.revoker = Revoker(self._sign, self.in_force)

    def print_act(self, seq: int) -> None:
        self.printed.append(seq)
        if self.print_error is not None:
            raise self.print_error

    agents: Agents = field(default_factory=Agents)
    stock: Stock = field(default_factory=lambda: Stock(references_left=None))

    def _sign(self, code: str) -> None:
        if self.sign_error is not None:
            raise self.sign_error
        attempt_code(code)

    def validate(self, rid: bytes, checked: Checked, code: str) -> Done:
        self._sign(code)
        self.validated.append(checked)
        return Done()

    def refuse(self, rid: bytes, reason: str, checked: Checked, code: str) -> Done:
        self._sign(code)
        self.refused.append((reason, checked))
        return Done()

    def may_validate(self, rid: bytes, checked: Checked) -> str:
        if self.check_error is not None:
            raise self.check_error
        return "allowed"

    def file(self, request: CompleteRequest, taken_over: bytes | None, *, on_paper: bool) -> Found:
        if self.file_error is not None:
            raise self.file_error
        self.filed.append((request, taken_over, on_paper))
        channel = Channel.PAPER if on_paper else Channel.BRIGADE
        asked = replace(
            filed(), reference=None, mandant=request.mandant, mandataire=request.mandataire, channel=channel
        )
        return Found(rid=b"o" * 16, filed=asked, filed_at=NOW)

    def lock(self) -> None:
        self.locks += 1

    def transmit(self) -> None:
        self.transmissions += 1

    def presenter(self, *, timers: object = None, run_in_background: object = None) -> BrigadePresenter:
        return BrigadePresenter(
            self.view,
            self.say,
            BrigadeParts(
                unlock=attempt_code,
                lock=self.lock,
                find=self.finder,
                scan=lambda: self.scanned,
                validate=self.validate,
                refuse=self.refuse,
                revocation=RevokeParts(
                    revoke=self.revoker,
                    search=search,
                    calendar=self.calendar,
                    state=lambda done: self.state,
                ),
                print_act=self.print_act,
                may_validate=self.may_validate,
                look_out=lambda rid, place: self.alerts(place),
                on_site=OnSiteParts(
                    search=search,
                    calendar=self.calendar,
                    paper_calendar=self.paper_calendar,
                    place_named=lambda place: next((one for one in PLACES if one.place == place), None),
                    file=self.file,
                    waiting=lambda: len(self.waiting),
                    filed_here=lambda: tuple(self.waiting),
                    by_rid=lambda rid: next(one for one in self.waiting if one.rid == rid),
                    prefill=self.finder.prefill_from_qr,
                ),
                print_preparation=self.print_preparation,
                identity=self.identity,
                listen=self.listen,
                day=self.day,
                names=self.names,
                status=lambda: self.status,
                stopped=self.stopped,
                to_confirm=self.to_confirm,
                supplies=lambda: self.stock,
                officers=self.agents.parts(),
                to_forward=lambda: self.urgent,
                act_state=lambda rid: self.state,
                transmit=self.transmit,
                stick=self.stick,
                sites=lambda: self.sites,
                place_label=lambda code, kind: "Nouméa (Nouvelle-Calédonie)",
                clock=self.clock.parts(),
                calendar_words=lambda found: "Élection présidentielle, les deux tours, 11 et 25 avril 2027",
                timers=timers or self.time,
                run_in_background=run_in_background or self.background,
                now=self.time.now,
                zone=ZONE,
                alarm=lambda: self.alarm,
            ),
        )


@dataclass(frozen=True)
class Become:
    """What the signed answer names."""

    unit_name: str = "Mairie de Lifou"
    profile: str = "accueil"


@dataclass
class Installer:
    """A tablet out of its box: what its steps answer, and the presenter over a remembered screen."""

    view: TabletView = field(default_factory=ScreenSeen)
    say: Wording = field(default_factory=wording)
    time: VirtualTime = field(default_factory=VirtualTime)
    background: Callable[..., None] = at_once
    error: ProcurationError | None = None
    prepared: bool = False
    sending: Sending = field(default_factory=lambda: Sending(Step.NOT_SENT))

    def _step(self, *_: object) -> None:
        if self.error is not None:
            raise self.error

    def _send(self) -> None:
        self._step()
        self.sending = Sending(Step.LEAVING)

    def _take_back(self) -> None:
        self.sending = Sending(Step.NOT_SENT)

    def _fingerprint(self) -> str:
        self._step()
        return "3F2A 91BC 04D7 E6A1 5B60 C3F8 7712 9E0D"

    def _answer(self, code: str) -> Become:
        attempt_code(code)
        self._step()
        return Become()

    def presenter(self, *, timers: object = None, run_in_background: object = None) -> InstallPresenter:
        return InstallPresenter(
            self.view,
            self.say,
            InstallParts(
                prepared=lambda: self.prepared,
                fingerprint=self._fingerprint,
                prepare=self._step,
                request_fingerprint=lambda: "A1B2 C3D4 E5F6 0718",
                write_request=self._step,
                read_answer=self._answer,
                network=NetworkParts(
                    send=self._send,
                    sending=lambda: self.sending,
                    take_back=self._take_back,
                    read_answer=self._answer,
                ),
                print_test=self._step,
                set_clock=self._step,
                finish=lambda: None,
                timers=timers or self.time,
                run_in_background=run_in_background or self.background,
                now=self.time.now,
            ),
        )
