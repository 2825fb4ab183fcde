"""What the demonstration leaves behind: the lines of its last table, read from screens, mails and the
centre.
"""

import email
import email.policy
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from procuration.domain.reference import ALPHABET, LENGTH
from provisioning.demo.processes import DemoFailed


@dataclass(slots=True)
class Proof:
    """One line of the table at the end: what happened, when, and what proves it."""

    at: datetime
    what: str
    proof: str


def table(proofs: Sequence[Proof]) -> str:
    """What happened, when, and what proves it, in the order of the day."""
    rows = [(p.at.strftime("%H:%M:%S"), p.what, p.proof) for p in sorted(proofs, key=lambda proof: proof.at)]
    heads = ("heure", "ce qui s’est passé", "la preuve")
    width = max(len(row[1]) for row in (heads, *rows))
    lines = [f"{at:8}  {what:{width}}  {proof}" for at, what, proof in (heads, *rows)]
    return "\n".join([lines[0], "-" * max(len(line) for line in lines), *lines[1:]])


KINDS: Final = {
    "FILED": "demande de l’électrice",
    "REFERENCE_GIVEN": "référence donnée",
    "ACT": "acte de l’officier",
    "TAKEN_IN": "prise en charge",
    "DECISION": "décision de la mairie",
}


def proofs_of(told: dict[str, Any]) -> list[Proof]:
    """One line for each event that `procuration-server explain` names."""
    return [_proof_of(entry) for entry in told["steps"]]


def _proof_of(entry: dict[str, Any]) -> Proof:
    leaf = "" if entry["leaf"] is None else f", feuille {entry['leaf']} sur {entry['tree_size']}"
    proof = f"{entry['hash'][:16]}… du journal {entry['log']}{leaf}"
    return Proof(datetime.fromisoformat(entry["at"]), f"Registre : {KINDS[entry['kind']]}", proof)


def root_of(told: dict[str, Any]) -> str:
    """The beginning of the root of the tree that covers the steps."""
    return next((str(entry["root"])[:16] for entry in told["steps"] if entry["root"]), "?")


def slug(question: str) -> str:
    """A file name of a question: its letters, without marks."""
    folded = unicodedata.normalize("NFD", question.lower().replace("’", " "))
    letters = "".join(
        c if c.isalnum() and c.isascii() else " " for c in folded if not unicodedata.combining(c)
    )
    return "-".join(letters.split())[:60].strip("-")


def reference_on(words: list[str]) -> str:
    """The reference that the screen shows ("XBQ 7V3"). Raises: DemoFailed."""
    for word in words:
        letters = word.replace(" ", "")
        if len(letters) == LENGTH and set(letters) <= set(ALPHABET):
            return letters
    raise DemoFailed(f"aucune référence à l’écran : {words}")


def subject_of(path: Path) -> str:
    """Subject and recipient of a mail."""
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    return f"« {message['Subject']} », à {message['To']}"
