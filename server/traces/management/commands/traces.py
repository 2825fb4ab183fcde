"""`procuration-server traces list|verify|export`: the audit trail of who read whose personal data."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from procuration.adapters.durable_file import write_durably
from server.config.centre import current_centre
from server.traces.checking import Checked, check, entries_of
from server.traces.entries import Entry, Mark, asked_digest
from server.traces.reads import trail_of
from server.traces.trail import Trail

EXAMPLES: Final = """examples:
  procuration-server traces list --since 2026-11-01 --account 3f0a9c12d4e5b678
  procuration-server traces list --rid 00112233445566778899aabbccddeeff --json
  procuration-server traces list --asked 'MARTIN Luc'      who searched for exactly these words
  procuration-server traces verify --at 1204:9f86d081...   a mark found in an older line « traces_head »
  procuration-server traces export --until 2026-11-30 --out traces-novembre.jsonl

An entry names nobody: pseudonyms of accounts, codes, random ids of procurations.
Exit status: 0 done, 1 altered or refused, 2 wrong usage, 3 the trail cannot be read.
"""
_FOR_ITS_OWNER: Final = 0o600
_MAC_DIGITS: Final = 64


class Command(BaseCommand):
    """Reads the trail; nothing here writes in it."""

    help = "The audit trail of reads: list, verify or export it."

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return super().create_parser(
            *args, epilog=EXAMPLES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        """The three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, meaning in (("list", "one line for each read"), ("export", "the same reads in a file")):
            reading = verbs.add_parser(verb, help=meaning)
            reading.add_argument(
                "--since", type=date.fromisoformat, metavar="DAY", help="from this UTC day on"
            )
            reading.add_argument(
                "--until", type=date.fromisoformat, metavar="DAY", help="this UTC day included"
            )
            reading.add_argument("--account", help="pseudonym of one reader")
            reading.add_argument("--rid", help="one procuration")
            reading.add_argument("--asked", metavar="WORDS", help="searches for exactly these words")
            reading.add_argument(
                "--json", action="store_true", help="one JSON object a line (always in a file)"
            )
        verbs.choices["export"].add_argument("--out", type=Path, required=True, metavar="FILE")
        verifying = verbs.add_parser("verify", help="every line authentic, none missing")
        verifying.add_argument(
            "--at", type=_mark, action="append", default=[], metavar="N:CODE", help="a mark it must contain"
        )
        verifying.add_argument("--json", action="store_true", help="what was found, as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 when `verify` finds a fault. Raises: CarrierUnavailable TRACE_IMPOSSIBLE."""
        trail = trail_of(current_centre())
        if options["verb"] == "verify":
            self._verify(check(trail, *options["at"]), as_json=options["json"])
            return
        found = (_as_json(entry) for entry in _chosen(trail, options))
        if options["verb"] == "export":
            lines = [f"{json.dumps(one)}\n" for one in found]
            _write(options["out"], "".join(lines))
            self.stdout.write(f"{len(lines)} : {options['out']}")
            return
        for one in found:
            self.stdout.write(json.dumps(one) if options["json"] else _line(one))

    def _verify(self, done: Checked, *, as_json: bool) -> None:
        if as_json:
            faults = [[one.file, one.line, one.fault.value] for one in done.faults]
            told = {"files": done.files, "entries": done.entries, "last": str(done.last), "faults": faults}
            self.stdout.write(json.dumps(told))
        else:
            for one in done.faults:
                self.stdout.write(f"{one.file}:{one.line} {one.fault.value}")
            state = "aucune altération" if not done.faults else "TRACES ALTÉRÉES"
            self.stdout.write(
                f"{done.entries} traces, {done.files} fichiers, {state}. Dernière : {done.last}"
            )
        if done.faults:
            sys.exit(1)


def _mark(written: str) -> Mark:
    number, _, mac = written.partition(":")
    if not number.isdigit() or len(mac) != _MAC_DIGITS:
        raise ValueError("N:CODE, as a line « traces_head » has it")
    return Mark(int(number), mac)


def _chosen(trail: Trail, options: dict[str, Any]) -> Iterator[Entry]:
    asked = asked_digest(trail.key, options["asked"]) if options["asked"] else ""
    for entry in entries_of(trail):
        day, draft = entry.at.astimezone(UTC).date(), entry.draft
        if (
            (options["since"] is None or day >= options["since"])
            and (options["until"] is None or day <= options["until"])
            and options["account"] in (None, draft.account)
            and (options["rid"] is None or options["rid"] in draft.rids)
            and asked in ("", draft.asked)
        ):
            yield entry


def _as_json(entry: Entry) -> dict[str, object]:
    draft = entry.draft
    return {
        "n": entry.n,
        "at": entry.at.isoformat(),
        "account": draft.account,
        "role": draft.role,
        "place": draft.place,
        "what": draft.what.value,
        "count": draft.count,
        "rids": list(draft.rids),
        "subject": draft.subject,
        "asked": draft.asked,
    }


def _line(one: dict[str, Any]) -> str:
    parts = (one["at"], one["account"], one["place"] or "-", one["what"], one["count"], one["subject"])
    return "  ".join(str(part) for part in (*parts, " ".join(rid[:8] for rid in one["rids"]))).rstrip()


def _write(file: Path, content: str) -> None:
    try:
        write_durably(file, content.encode(), _FOR_ITS_OWNER)
    except OSError as error:
        raise CommandError(f"Le fichier ne peut pas être écrit : {file.name}.") from error
