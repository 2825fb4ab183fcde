"""Puts use cases, devices and store behind what the presenters ask for. No Kivy here: the screen is last."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk_app.devices.choice import SERIAL, Description, reader_of
from kiosk_app.devices.printer import Printer
from kiosk_app.devices.printer_choice import NO_PRINTER, PrinterDescription, printer_of
from kiosk_app.devices.receipt_reader import ReceiptReader
from kiosk_app.first_start import FirstStart, Stage
from kiosk_app.languages import french
from kiosk_app.officer_desk import no_supervisor_key, officers_parts
from kiosk_app.presenters.accueil import AccueilParts
from kiosk_app.presenters.agent_menu import AgentParts
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
from kiosk_app.presenters.install import InstallParts
from kiosk_app.presenters.install_network import NetworkParts
from kiosk_app.presenters.ports import (
    ActSigned,
    ActState,
    CompleteRequest,
    FoundRequest,
    PlaceFound,
    RunInBackground,
    Site,
    Stopped,
    Timers,
    ToConfirm,
)
from kiosk_app.presenters.ports import FiledReceipt as ReceiptShown
from kiosk_app.presenters.wording import Wording
from kiosk_app.receipt_image import trial_page
from kiosk_app.sheet import Printout, Roll
from kiosk_app.station import Station
from kiosk_app.station_words import StationWords
from kiosk_app.use_cases.ceremony import SupervisorKeys
from kiosk_app.use_cases.copy_to_stick import CopyToStick
from kiosk_app.use_cases.correct_act import REASONS as UNDO_REASONS
from kiosk_app.use_cases.correct_act import CorrectAct
from kiosk_app.use_cases.exchange import Exchange
from kiosk_app.use_cases.file_request import FiledReceipt, FileRequest
from kiosk_app.use_cases.find_places import FindPlaces
from kiosk_app.use_cases.find_request import FindRequest
from kiosk_app.use_cases.list_day import ListDay
from kiosk_app.use_cases.look_out import LookOut
from kiosk_app.use_cases.officer_act import ActDone
from kiosk_app.use_cases.print_act import PrintAct
from kiosk_app.use_cases.print_day import PrintDay
from kiosk_app.use_cases.print_preparation import PrintPreparation
from kiosk_app.use_cases.refuse_request import RefuseRequest
from kiosk_app.use_cases.repair_clock import RepairClock
from kiosk_app.use_cases.search_by_name import SearchByName
from kiosk_app.use_cases.take_stock import TakeStock
from kiosk_app.use_cases.unlock import Unlock
from kiosk_app.use_cases.validate_request import ValidateRequest
from kiosk_app.use_cases.watch_clock import WatchClock
from kiosk_app.use_cases.watch_deadlines import WatchDeadlines
from kiosk_app.use_cases.withdraw_request import WithdrawRequest
from procuration.adapters.clock import SystemClock, set_system_clock
from procuration.adapters.spool import AppSpool
from procuration.domain.competence import Form
from procuration.domain.identifiers import Rid
from procuration.domain.people import Place, PlaceType
from procuration.domain.scrutin import Scrutin
from procuration.domain.sites import open_on
from procuration.domain.validity import OneScrutin
from procuration.errors import CarrierUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class PluggedIn:
    """What the tablet has beside its screen."""

    printer: Printer
    reader: ReceiptReader | None
    roll: Roll = Roll.MM_80
    hand_held: bool = False
    """Whether a person aims the reader: it may listen unasked."""

    @classmethod
    def of_options(
        cls, printer: PrinterDescription | None, scanner: Description | None, roll: Roll = Roll.MM_80
    ) -> "PluggedIn":
        """The printer, whose roll is so wide, and what reads receipts."""
        return cls(
            printer=printer_of(printer or NO_PRINTER, roll),
            reader=reader_of(scanner) if scanner else None,
            roll=roll,
            hand_held=scanner is not None and scanner.kind == SERIAL,
        )


def install_parts(
    first: FirstStart, timers: Timers, run_in_background: RunInBackground, finish: Callable[[], None]
) -> InstallParts:
    """For « Installer ce poste »."""
    return InstallParts(
        prepared=lambda: first.stage is not Stage.NEW,
        fingerprint=first.fingerprint,
        prepare=first.prepare,
        request_fingerprint=first.request_fingerprint,
        write_request=first.write_request,
        read_answer=first.read_answer,
        network=NetworkParts(
            send=first.send_request,
            sending=first.sending,
            take_back=first.take_back,
            read_answer=first.read_network_answer,
        ),
        print_test=first.print_test,
        set_clock=first.set_clock,
        finish=finish,
        timers=timers,
        run_in_background=run_in_background,
        now=SystemClock().now,
    )


class LocalCalendar:
    """The ballots of the signed tables, once the store is open. Implements `presenters.ports.Calendar`."""

    def __init__(self, station: Station, form: Form = Form.TELEPROCEDURE) -> None:
        self._station, self._form = station, form

    def open_scrutins(self, place: Place) -> tuple[Scrutin, ...]:
        """What an elector of this place may still choose, by date."""
        return self._station.store.tables.open_scrutins(place, self._form)

    def period_years_max(self, place: Place) -> int:
        """The longest period the law allows them, in years."""
        return self._station.store.tables.period_years_max(place)


class Workshop:
    """Builds the parts of either presenter around one station."""

    def __init__(
        self,
        station: Station,
        spool: AppSpool,
        devices: PluggedIn,
        supervisor_keys: SupervisorKeys = no_supervisor_key,
        *,
        set_clock: Callable[[datetime], None] = set_system_clock,
    ) -> None:
        self.station, self._spool, self._devices = station, spool, devices
        self._words = StationWords(french())
        self._supervisor_keys = supervisor_keys
        self.exchange = Exchange(station, spool)
        self._watch = WatchClock(station)
        self._repair = RepairClock(station, set_clock)
        self._unlock = Unlock(station)

    def watch_clock(self) -> None:
        """Called every second: steps become events, and the proved time stays beside the store."""
        self._watch.check()
        self._repair.keep_copy()

    def accueil(
        self, timers: Timers, run_in_background: RunInBackground, print_aside: RunInBackground | None = None
    ) -> AccueilParts:
        """For the elector's tablet."""
        return AccueilParts(
            unlock=self._unlock,
            search=self._search,
            calendar=LocalCalendar(self.station),
            file_request=FileRequest(self.station, self._devices.roll),
            print_receipt=self._print,
            print_preparation=PrintPreparation(self.station, self._put_on_paper, self._devices.roll),
            find_places=FindPlaces(self.station),
            clock=self._clock(),
            timers=timers,
            run_in_background=run_in_background,
            print_aside=print_aside,
            now=self.station.proved_now,
            zone=self.station.declared_zone(),
            alarm=self._alarm,
            stopped=self._stopped,
            agent=self._agent(),
        )

    def _agent(self) -> AgentParts:
        return AgentParts(
            supplies=TakeStock(self.station, with_references=True),
            print_trial=self._print_trial,
            stick=self.copy_to_stick(),
            close=self._lock,
            closed=lambda: self.station.session is None,
        )

    def _print_trial(self) -> None:
        self._put_on_paper("essai", trial_page(self._devices.roll))

    def brigade(
        self,
        timers: Timers,
        run_in_background: RunInBackground,
        say: Wording | None = None,
        print_aside: RunInBackground | None = None,
        listen_aside: RunInBackground | None = None,
    ) -> BrigadeParts:
        """For the officer's station. `say`: the language that it speaks, French without one; `listen_aside`:
        a thread on which a hand-held reader may wait for a receipt."""
        self._words = StationWords(say or french())
        by_name = SearchByName(self.station)
        return BrigadeParts(
            unlock=self._unlock,
            lock=self._lock,
            find=FindRequest(self.station),
            scan=self._scan,
            validate=ValidateRequest(self.station),
            refuse=RefuseRequest(self.station),
            may_validate=ValidateRequest(self.station).check,
            look_out=LookOut(self.station),
            on_site=self._on_site(),
            revocation=self._revocation(),
            print_act=PrintAct(self.station, self._put_on_paper, self._devices.roll),
            print_preparation=self._prepare_form,
            identity=self._identity(),
            listen=self._listen(listen_aside),
            day=self._day(),
            names=NameParts(search=by_name, open=by_name.open),
            status=self.exchange.status,
            to_forward=WatchDeadlines(self.station),
            act_state=self._act_state,
            transmit=self.exchange.ask_again,
            stick=self.copy_to_stick(),
            sites=self._sites_open_today,
            place_label=self._place_label,
            calendar_words=self._calendar_words,
            clock=self._clock(),
            timers=timers,
            run_in_background=run_in_background,
            print_aside=print_aside,
            now=self.station.clock.now,
            zone=self.station.declared_zone(),
            alarm=self._alarm,
            stopped=self._stopped,
            to_confirm=self._to_confirm,
            supplies=TakeStock(self.station, with_references=False),
            officers=officers_parts(self.station, self._supervisor_keys),
        )

    def _revocation(self) -> RevokeParts:
        withdraw = WithdrawRequest(self.station)

        def state(done: ActSigned) -> ActState:
            assert isinstance(done, ActDone), "WithdrawRequest made it"
            proved = withdraw.state(done)
            return ActState(received_at=proved.received_at, decided=proved.decided)

        calendar = LocalCalendar(self.station)
        return RevokeParts(revoke=withdraw, search=self._search, calendar=calendar, state=state)

    def _put_on_paper(self, name: str, printed: Printout) -> None:
        self._devices.printer.print_paper(name, printed.png, printed.pdf)

    def copy_to_stick(self) -> CopyToStick:
        """For the station of the officer and the menu of the agent."""
        return CopyToStick(self._spool, self.station.clock, self.station.random, time.sleep)

    def _prepare_form(self, found: FoundRequest) -> None:
        PrintPreparation(self.station, self._put_on_paper, self._devices.roll)(found.filed)

    def _on_site(self) -> OnSiteParts:
        find = FindRequest(self.station)
        return OnSiteParts(
            search=self._search,
            calendar=LocalCalendar(self.station),
            paper_calendar=LocalCalendar(self.station, Form.PAPER),
            place_named=self._place_named,
            file=self._file_on_site,
            waiting=self._filed_here,
            filed_here=find.filed_here,
            by_rid=find.by_rid,
            prefill=find.prefill_from_qr,
        )

    def _file_on_site(
        self, request: CompleteRequest, taken_over: Rid | None, *, on_paper: bool
    ) -> FoundRequest:
        filed = FileRequest(self.station)(request, taken_over, on_paper=on_paper)
        return FindRequest(self.station).by_rid(filed.rid)

    def _filed_here(self) -> int:
        """None while the store is closed or stopped: nothing can be decided then."""
        return len(self.station.store.requests.filed_here_undecided()) if self.station.is_open else 0

    def _place_named(self, place: Place) -> PlaceFound | None:
        return self.station.store.tables.communes.named(place)

    def _clock(self) -> ClockParts:
        zone = self.station.declared_zone()
        return ClockParts(shown=self._repair.shown, correct=self._repair.correct, zone=zone)

    def _to_confirm(self) -> Sequence[ToConfirm]:
        return self.station.store.acts_to_confirm.listed()

    def _stopped(self) -> Stopped | None:
        """Known once a code has opened the store."""
        store = self.station.store if self.station.is_open else None
        if store is None or store.log.stopped is None:
            return None
        return Stopped(code=store.log.stopped, waiting=store.waiting)

    def _search(self, query: str) -> list[PlaceFound]:
        return list(self.station.store.tables.communes.search(query))

    def _print(self, receipt: ReceiptShown) -> None:
        assert isinstance(receipt, FiledReceipt), "FileRequest made it"
        self._devices.printer.print_receipt(receipt.rid, receipt.image_png, receipt.pdf)

    def _lock(self) -> None:
        self.stop_reading()
        self._unlock.lock()

    def stop_reading(self) -> None:
        """Neither the next officer's code nor the end of the program is kept waiting by a scanner."""
        if self._devices.reader is not None:
            self._devices.reader.stop()

    def _scan(self) -> str:
        if self._devices.reader is None:
            raise CarrierUnavailable("LECTEUR_ABSENT")
        return self._devices.reader.read()

    def _listen(self, run: RunInBackground | None) -> ListenParts | None:
        reader = self._devices.reader
        if reader is None or run is None or not self._devices.hand_held:
            return None
        return ListenParts(read=reader.read, stop=reader.stop, run=run)

    def _day(self) -> DayParts:
        correct = CorrectAct(self.station)
        return DayParts(
            listed=ListDay(self.station),
            print_end=PrintDay(self.station, self._put_on_paper, self._devices.roll),
            may_undo=correct.check,
            undo=correct,
            undo_reasons=UNDO_REASONS,
        )

    def _identity(self) -> IdentityParts | None:
        """The device that reads receipts reads documents too."""
        reader = self._devices.reader
        if reader is None:
            return None
        return IdentityParts(read=lambda: reader.read_identity(self._today()), stop=reader.stop)

    def _today(self) -> date:
        return self.station.clock.now().astimezone(self.station.store.zone).date()

    def _act_state(self, rid: Rid) -> ActState:
        state = self.exchange.request_state(rid)
        return ActState(received_at=state.received_at, decided=state.decided)

    def _alarm(self) -> bool:
        """Whether the centre ever contradicted itself, as far as an open store knows."""
        return self.station.is_open and self.station.store.alarms.standing is not None

    def _sites_open_today(self) -> tuple[Site, ...]:
        """None while the store is closed: the screen is locked then, and asks only to empty itself."""
        if not self.station.is_open:
            return ()
        store = self.station.store
        today = self.station.clock.now().astimezone(store.zone).date()
        return tuple(
            Site(id=one.id, name=one.name, hours=self._words.hours(one.openings_on(today), store.zone))
            for one in open_on(today, store.tables.sites)
        )

    def _place_label(self, code: str, kind: int) -> str:
        tables = self.station.store.tables
        year = self.station.clock.now().year  # only to look the place up: the label does not depend on it
        found = tables.communes.named(Place(code=code, type=PlaceType(kind), cog_year=year))
        return found.label if found else code

    def _calendar_words(self, found: FoundRequest) -> str:
        validity, calendar = found.filed.validity, self.station.store.tables.calendar
        scrutin_id = validity.scrutin_id if isinstance(validity, OneScrutin) else ""
        return self._words.validity(validity, next((one for one in calendar if one.id == scrutin_id), None))
