"""Sentences of the work list of a town hall: who decided, filters, search, several decisions at once, the
place of a procuration among those of its mandataire."""

from typing import Final

TOWN_HALL: Final[dict[str, str]] = {
    # --- who decided, when and why
    "mairie.decided.you.1": "Vous avez validé cette procuration le {when}.",
    "mairie.decided.you.2": "Vous avez invalidé cette procuration le {when}.",
    "mairie.decided.other.1": "Un autre agent de votre mairie a validé cette procuration le {when}.",
    "mairie.decided.other.2": "Un autre agent de votre mairie a invalidé cette procuration le {when}.",
    "mairie.decided.register.1": ("Le répertoire électoral unique a accepté cette procuration le {when}."),
    "mairie.decided.register.2": "Le répertoire électoral unique a refusé cette procuration le {when}.",
    "mairie.decided.reason": "Raison\u00a0: {reason}.",
    "mairie.decided.reads": "L’électeur lit\u00a0: «\u00a0{sentence}\u00a0»",
}
