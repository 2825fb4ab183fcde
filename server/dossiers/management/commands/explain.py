"""`procuration-server explain`: how one procuration came to its status, and what proves each step.

Example: procuration-server --home DIR explain XBQ7V3 --json
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from procuration.domain.events import Kind
from procuration.domain.reference import parse_reference
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from server.config.centre import current_centre
from server.dossiers.models import Procuration
from server.dossiers.selectors import shown_status
from server.ledger.proofs import covering


class Command(BaseCommand):
    """No name is printed: the operator of the centre explains a status, the town hall knows the person."""

    help = "How one procuration came to its status, and what proves each step."

    def add_arguments(self, parser: CommandParser) -> None:
        """The reference, and `--json` for scripts."""
        parser.add_argument("reference", help="six characters, as on the receipt")
        parser.add_argument("--json", action="store_true", help="the answer as one JSON line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 1 when no procuration has this reference."""
        try:
            found = Procuration.objects.filter(reference=parse_reference(options["reference"])).first()
        except RuleViolated:
            found = None
        if found is None:
            self.stderr.write("Aucune procuration du centre n’a cette référence.")
            sys.exit(1)
        centre = current_centre()
        status = shown_status(found, centre.tables.law, centre.clock.now())
        steps = [_step(entry) for entry in found.history]
        if options["json"]:
            self.stdout.write(
                json.dumps({"rid": found.rid, "status": status.name, "code": found.code, "steps": steps})
            )
            return
        self.stdout.write(f"{Status(found.status).name} {found.code}".rstrip())
        for step in steps:
            self.stdout.write(
                f"{step['at']}  {step['kind']:<12} journal {step['log']}  événement {str(step['hash'])[:16]}"
                f"  feuille {step['leaf']} de l’arbre {step['tree_size']}"
            )


def _step(entry: dict[str, Any]) -> dict[str, object]:
    proof = covering(entry["by"], entry["hash"])
    return {
        "at": entry["at"],
        "kind": Kind(entry["kind"]).name,
        "log": entry["by"],
        "hash": entry["hash"],
        "decision": entry.get("decision"),
        "leaf": None if proof is None else proof.leaf,
        "tree_size": None if proof is None else proof.tree_size,
        "root": None if proof is None else proof.root.hex(),
    }
