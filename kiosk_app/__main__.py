"""`procuration-kiosk`: chooses every part of the tablet and starts the screen, or runs one command."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk_app.command_line import parse
from kiosk_app.command_texts import sentence
from kiosk_app.commands import first_start_of, station_of
from kiosk_app.first_start import FirstStart, Stage
from kiosk_app.hardening import keep_memory_private
from kiosk_app.languages import wording
from kiosk_app.logs import start_logging
from kiosk_app.memory import keep_memory_small
from kiosk_app.officer_commands import supervisor_stick
from kiosk_app.parts import PluggedIn, Workshop, install_parts
from kiosk_app.presenters.ports import RunInBackground, TabletView, Timers
from kiosk_app.presenters.wording import Wording
from kiosk_app.ticker import Ticker
from kiosk_app.training import TrainingWorkshop, band
from kiosk_app.training_ground import GroundBuilder, shipped_tables, throw_away_folder
from kiosk_app.voice_options import speech_of
from procuration.adapters.clock import SystemClock
from procuration.adapters.spool import AppSpool
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected, RuleViolated
from procuration.record.enrolment import Profile

if TYPE_CHECKING:
    from kiosk_app.presenters.speech import Speech
    from kiosk_app.screens.app import TabletPresenter

DONE, REFUSED, UNREACHABLE = 0, 1, 3
EXCHANGE_SECONDS, CLOCK_SECONDS = 0.5, 1.0


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 refused with a reason, 2 wrong usage, 3 a component is unreachable."""
    options = parse(arguments)
    start_logging()
    try:
        keep_memory_private()
        keep_memory_small()
        if options.training:
            return _train(options)
        return _command(options) if options.run else _screen(options)
    except (RecordRejected, RuleViolated) as error:
        return _refused(options, error, REFUSED)
    except CarrierUnavailable as error:
        return _refused(options, error, UNREACHABLE)


def _command(options: argparse.Namespace) -> int:
    report = options.run(options)
    if options.json:
        print(json.dumps(report.values, ensure_ascii=False))
    else:
        print("\n".join(report.lines))
    if not report.healthy:
        return REFUSED
    return UNREACHABLE if report.unreachable else DONE


def _refused(options: argparse.Namespace, error: ProcurationError, status: int) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"code": error.code}))
    print(f"{sentence(error)} ({error.code})", file=sys.stderr)
    return status


def _screen(options: argparse.Namespace) -> int:
    devices = PluggedIn.of_options(options.printer, options.scanner, options.roll)
    first = first_start_of(options, devices.printer)
    if first.stage is not Stage.INSTALLED:
        if not _install(options, first):
            return DONE
        # A new process: what the installation had in its memory, codes above all, ends with this one.
        os.execv(sys.executable, [sys.executable, "-m", "kiosk_app", *sys.argv[1:]])  # noqa: S606
    station = station_of(options)
    signed = station.declared_profile()
    if signed is None:
        raise RecordRejected("POSTE_NON_INSTALLE")
    if options.profile is not None and signed.value != options.profile:
        raise RuleViolated("PROFIL_DIFFERENT", signed=signed.value, asked=options.profile)
    workshop = Workshop(station, AppSpool(options.spool), devices, supervisor_stick(options))
    tickers = [
        Ticker("exchange", EXCHANGE_SECONDS, workshop.exchange.step, _end_at_once),
        Ticker("clock", CLOCK_SECONDS, workshop.watch_clock, _end_at_once),
    ]
    for ticker in tickers:
        ticker.start()
    try:
        _run_screen(options, workshop, signed)
    finally:
        for ticker in tickers:
            ticker.stop()
        station.close()
    return DONE


def _run_screen(
    options: argparse.Namespace,
    workshop: Workshop,
    profile: Profile,
    training: Callable[[Wording], str] | None = None,
) -> None:
    def presenter_for(shown: Shown) -> "TabletPresenter":
        if training is not None:
            shown.view.training(training(shown.say))
        from kiosk_app.presenters.accueil import AccueilPresenter
        from kiosk_app.presenters.brigade import BrigadePresenter

        if profile is Profile.ACCUEIL:
            accueil = workshop.accueil(shown.timers, shown.background, shown.print_aside)
            accueil = replace(accueil, speech=shown.speech, web=options.web)
            return AccueilPresenter(shown.view, shown.say, accueil)
        brigade = workshop.brigade(
            shown.timers, shown.background, shown.say, shown.print_aside, shown.listen_aside
        )
        return BrigadePresenter(shown.view, shown.say, brigade)

    _run_app(options, presenter_for, workshop.stop_reading, profile)


def _train(options: argparse.Namespace) -> int:
    """A throw-away tablet on this screen, until the window closes."""
    profile = Profile(options.profile or Profile.ACCUEIL)
    devices = PluggedIn.of_options(options.printer, options.scanner, options.roll)
    with throw_away_folder() as folder:
        tables = shipped_tables(options.tables)
        ground = GroundBuilder(folder, profile, options.place, tables, SystemClock()).build()
        options.store = ground.folder
        workshop = TrainingWorkshop(ground, devices)
        ticker = Ticker("exchange", EXCHANGE_SECONDS, workshop.exchange.step, _end_at_once)
        ticker.start()
        try:
            _run_screen(options, workshop, profile, lambda say: band(say, ground, profile))
        finally:
            ticker.stop()
            ground.station.close()
    return DONE


def _install(options: argparse.Namespace, first: FirstStart) -> bool:
    """« Installer ce poste »; whether the tablet is installed now."""
    from kiosk_app.presenters.install import InstallPresenter

    def presenter_for(shown: Shown) -> "TabletPresenter":
        parts = install_parts(first, shown.timers, shown.background, shown.stop)
        return InstallPresenter(shown.view, shown.say, parts)

    _run_app(options, presenter_for)
    return first.stage is Stage.INSTALLED


@dataclass(frozen=True, slots=True)
class Shown:
    """A window that is open: what a presenter needs of it. Codes and signatures wait for no printer and no
    receipt: there are three queues of work. `speech` where electors may listen."""

    view: TabletView
    say: Wording
    timers: Timers
    background: RunInBackground
    print_aside: RunInBackground
    listen_aside: RunInBackground
    stop: Callable[[], None]
    speech: "Speech | None" = None


def _run_app(
    options: argparse.Namespace,
    presenter_for: "Callable[[Shown], TabletPresenter]",
    at_the_end: Callable[[], None] = lambda: None,
    profile: Profile | None = None,
) -> None:
    from kiosk_app.screens import settings

    settings.configure(
        home=options.store / "kivy", full_screen=options.full_screen, pixels_per_inch=options.ppi
    )
    from kiosk_app.screens.app import TabletApp
    from kiosk_app.screens.at_rest import AHEAD
    from kiosk_app.screens.clockwork import BackgroundThread, KivyTimers

    say, timers = wording(), KivyTimers()
    threads = BackgroundThread(), BackgroundThread(), BackgroundThread()  # they begin when they are used
    speech = speech_of(options, say) if profile is Profile.ACCUEIL else None

    def stop() -> None:
        app.stop()

    def presenter_of(view: TabletView) -> "TabletPresenter":
        return presenter_for(Shown(view, say, timers, *threads, stop, speech))

    ahead = AHEAD[profile] if profile is not None else None
    app = TabletApp(say=say, presenter_for=presenter_of, speech=speech, pad=options.pad, ahead=ahead)
    signal.signal(signal.SIGTERM, lambda *_: stop())
    try:
        app.run()
    finally:
        at_the_end()  # what the threads do must not be waited for
        for thread in threads:
            thread.close()


def _end_at_once() -> None:
    """A part that keeps the promises of this program has failed: better a closed tablet than a silent one."""
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
