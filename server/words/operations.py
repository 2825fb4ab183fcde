"""Sentences of what keeps the centre running: traces of reads, sessions that end, limits, its state."""

from typing import Final

OPERATIONS: Final[dict[str, str]] = {
    "error.trace.title": "Cette page ne peut pas s’ouvrir maintenant",
    "error.trace.text": (
        "Chaque lecture de données personnelles doit être notée. Le service ne peut plus écrire. "
        "Prévenez l’exploitant du service, puis recommencez."
    ),
}
