"""`procuration-server explain`: how one procuration came to its status: each event, the state after it, the
rule and the article that decided, and what proves it.

Example: procuration-server --home DIR explain XBQ7V3 --json
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from procuration.domain.reference import parse_reference
from procuration.errors import RuleViolated
from server.config.centre import Centre, current_centre
from server.dossiers.explaining import Step, article_of, explain
from server.dossiers.models import Procuration
from server.dossiers.selectors import shown_status


class Command(BaseCommand):
    """No name is printed: the operator of the centre explains a status, the town hall knows the person."""

    help = "How one procuration came to its status: each event, the state after it, the rule that decided."

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
        steps = explain(centre, found)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found, steps, centre)))
            return
        for step in steps:
            self.stdout.write(_line(step))
        for effect in found.effects:
            self.stdout.write(_effect_line(effect))
        status = shown_status(found, centre.tables.law, centre.clock.now())
        self.stdout.write(f"{status.name} {found.code}".rstrip() + _because(found.rule))


def _as_json(found: Procuration, steps: list[Step], centre: Centre) -> dict[str, object]:
    status = shown_status(found, centre.tables.law, centre.clock.now())
    return {
        "rid": found.rid,
        "status": status.name,
        "code": found.code,
        "rule": found.rule,
        "because": article_of(found.rule),
        "steps": [{**asdict(step), "because": article_of(step.rule)} for step in steps],
        "rounds": found.effects,
    }


def _line(step: Step) -> str:
    proved = "" if step.between is None else f" [{step.between[0]} – {step.between[1]}]"
    proof = "sans feuille" if step.leaf is None else f"feuille {step.leaf} de l’arbre {step.tree_size}"
    state = f"{step.state} {step.code}".rstrip()
    return (
        f"{step.at}{proved}  {step.kind:<20} → {state}{_because(step.rule)}\n"
        f"    journal {step.log}  événement {step.hash[:16]}  {proof}"
    )


def _effect_line(effect: dict[str, Any]) -> str:
    rivals = ", ".join(rid[:8] for rid in effect["because"])
    beside = f"  à cause de {rivals}" if rivals else ""
    return (
        f"{effect['day']}  {effect['ballot']}, tour {effect['round']} : {effect['effect']}"
        f"{_because(effect['rule'])}{beside}"
    )


def _because(rule: str) -> str:
    return f"  {rule}, {article_of(rule)}" if rule else ""
