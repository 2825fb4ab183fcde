"""`procuration-kiosk`: chooses every part of the tablet and starts the screen, or runs one command."""

import argparse
import json
import os
import signal
import sys

from kiosk_app.command_line import parse
from kiosk_app.command_texts import sentence
from kiosk_app.commands import station_of
from kiosk_app.hardening import keep_memory_private
from kiosk_app.logs import start_logging
from kiosk_app.memory import keep_memory_small
from kiosk_app.officer_commands import supervisor_stick
from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.ticker import Ticker
from procuration.adapters.spool import AppSpool
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected, RuleViolated
from procuration.record.enrolment import Profile

DONE, REFUSED, UNREACHABLE = 0, 1, 3
EXCHANGE_SECONDS, CLOCK_SECONDS = 0.5, 1.0


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 refused with a reason, 2 wrong usage, 3 a component is unreachable."""
    options = parse(arguments)
    start_logging()
    try:
        keep_memory_private()
        keep_memory_small()
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
    return DONE if report.healthy else REFUSED


def _refused(options: argparse.Namespace, error: ProcurationError, status: int) -> int:
    if getattr(options, "json", False):
        print(json.dumps({"code": error.code}))
    print(f"{sentence(error)} ({error.code})", file=sys.stderr)
    return status


def _screen(options: argparse.Namespace) -> int:
    station = station_of(options)
    signed = station.declared_profile()
    if signed is None:
        raise RecordRejected("POSTE_NON_INSTALLE")
    if signed.value != options.profile:
        raise RuleViolated("PROFIL_DIFFERENT", signed=signed.value, asked=options.profile)
    devices = PluggedIn.of_folders(options.printer, options.scanner)
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


def _run_screen(options: argparse.Namespace, workshop: Workshop, profile: Profile) -> None:
    from kiosk_app.screens import settings

    settings.configure(
        home=options.store / "kivy", full_screen=options.full_screen, pixels_per_inch=options.ppi
    )
    from kiosk_app.presenters.accueil import AccueilPresenter
    from kiosk_app.presenters.brigade import BrigadePresenter
    from kiosk_app.presenters.ports import TabletView
    from kiosk_app.presenters.wording import Wording
    from kiosk_app.screens.app import TabletApp, TabletPresenter
    from kiosk_app.screens.clockwork import BackgroundThread, KivyTimers
    from kiosk_app.texts_fr import SENTENCES

    say, timers, background = Wording(SENTENCES), KivyTimers(), BackgroundThread()

    def presenter_for(view: TabletView) -> TabletPresenter:
        if profile is Profile.ACCUEIL:
            return AccueilPresenter(view, say, workshop.accueil(timers, background))
        return BrigadePresenter(view, say, workshop.brigade(timers, background))

    app = TabletApp(say=say, presenter_for=presenter_for)
    signal.signal(signal.SIGTERM, lambda *_: app.stop())
    try:
        app.run()
    finally:
        background.close()


def _end_at_once() -> None:
    """A part that keeps the promises of this program has failed: better a closed tablet than a silent one."""
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
