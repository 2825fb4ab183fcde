"""The command `procuration-agent`: chooses the real parts, runs one verb, answers by an exit status."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from procuration.adapters.clock import SystemClock
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import ROOT_BYTES_MAX, AgentSpool
from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected, RuleViolated
from sync_agent.carriers.https import HttpsCarrier
from sync_agent.carriers.usb import export_to, import_from
from sync_agent.cycle import Cycle
from sync_agent.joining import Joining
from sync_agent.log import log, write_to_stderr
from sync_agent.mirror import Mirror
from sync_agent.relay import Relay
from sync_agent.service import Service, mirror_once, only_agent, relay_once
from sync_agent.settings import NAMES, Settings, needed, read_settings
from sync_agent.status import status_of
from sync_agent.texts_fr import ERRORS, HELP
from sync_agent.words import exported_in_words, imported_in_words, status_in_words

DONE, REFUSED, WRONG_USAGE, UNREACHABLE = 0, 1, 2, 3
_USAGE_CODES = frozenset({"SETTING_MISSING", "SETTING_UNKNOWN", "SETTING_TYPE", "SERVER_URL"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; see the README for the exit statuses."""
    write_to_stderr()
    asked = _parser().parse_args(arguments)
    try:
        settings = read_settings({name: getattr(asked, name) for name in (*NAMES, "config")}, os.environ)
        verb: Callable[[Settings, argparse.Namespace], int] = asked.verb
        return verb(settings, asked)
    except ProcurationError as error:
        return _told(error)
    except OSError:
        return _told(RuleViolated("DISK"))


def _told(error: ProcurationError) -> int:
    log.error("refused", extra={"code": error.code})
    sys.stderr.write(ERRORS.get(error.code, error.code).format(**{"done": 0, "total": 0} | error.ids) + "\n")
    if isinstance(error, CarrierUnavailable):
        return UNREACHABLE
    return WRONG_USAGE if error.code in _USAGE_CODES else REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="procuration-agent",
        description=HELP["program"],
        epilog=HELP["example"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(metavar="COMMANDE", required=True)
    every = argparse.ArgumentParser(add_help=False)
    for name in (*NAMES, "config"):
        every.add_argument(f"--{name}", help=HELP[name])
    for name, verb in (
        ("run", _run),
        ("once", _once),
        ("status", _status),
        ("export", _export),
        ("import", _import),
    ):
        command = verbs.add_parser(name, parents=[every], help=HELP[name], description=HELP[name])
        command.set_defaults(verb=verb)
        command.add_argument("--json", action="store_true", help=HELP["json"])
        if name in {"export", "import"}:
            command.add_argument("stick", type=Path, metavar="DOSSIER", help=HELP["stick"])
    return parser


def _line(settings: Settings) -> HttpsCarrier:
    return HttpsCarrier(needed(settings, "server"), Path(needed(settings, "ca")))


def _mirror(settings: Settings, spool: AgentSpool, clock: SystemClock) -> Mirror:
    path = settings.root
    return Mirror(spool, clock, read_regular(path.parent, path.name, ROOT_BYTES_MAX) if path else None)


def _run(settings: Settings, _: argparse.Namespace) -> int:
    clock, spool, line = SystemClock(), AgentSpool(settings.spool), _line(settings)
    with only_agent(spool):
        cycle, mirror = Cycle(spool, line, clock), _mirror(settings, spool, clock)
        service = Service(spool, cycle, mirror, lambda: _line(settings), clock, settings.usb)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: service.stop())
        return DONE if service.run() else REFUSED


def _once(settings: Settings, asked: argparse.Namespace) -> int:
    clock, spool, line = SystemClock(), AgentSpool(settings.spool), _line(settings)
    with only_agent(spool):
        cycle = Cycle(spool, line, clock)
        cycle.ask_again()
        cycle.run(may_poll=True)
        if not cycle.memory.offline_since:
            Joining(spool, clock).run(lambda: _line(settings))
            relay_once(Relay(spool, clock), lambda: _line(settings), cycle)
            failure = mirror_once(_mirror(settings, spool, clock), _line(settings))
    if cycle.memory.offline_since or failure:
        raise CarrierUnavailable("UNREACHABLE")
    _status(settings, asked)
    return REFUSED if cycle.memory.refused else DONE


def _status(settings: Settings, asked: argparse.Namespace) -> int:
    status = status_of(AgentSpool(settings.spool), SystemClock())
    _say(status, status_in_words, as_json=asked.json)
    return DONE


def _export(settings: Settings, asked: argparse.Namespace) -> int:
    _say(export_to(AgentSpool(settings.spool), asked.stick), exported_in_words, as_json=asked.json)
    return DONE


def _import(settings: Settings, asked: argparse.Namespace) -> int:
    spool, clock = AgentSpool(settings.spool), SystemClock()
    imported = import_from(spool, asked.stick, _mirror(settings, spool, clock))
    _say(imported, imported_in_words, as_json=asked.json)
    if imported.code:
        raise CarrierUnavailable(imported.code)
    if imported.tables_code:
        raise RecordRejected(imported.tables_code)
    return DONE


def _say(facts: Any, in_words: Callable[[Any], list[str]], *, as_json: bool) -> None:
    told = facts if isinstance(facts, dict) else asdict(facts)
    told.pop("taken", None)  # names on a stranger's key are for this program only
    lines = [json.dumps(told)] if as_json else in_words(facts)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
