"""Words of the ledger: what became of a bundle, which state a log is in."""

from enum import StrEnum

from django.db import models


class BundleOutcome(models.TextChoices):
    """What the centre did with a bundle whose device it knows."""

    ACCEPTED = "ACCEPTE", "Accepté"
    DUPLICATE = "DEJA_RECU", "Déjà reçu"
    HELD = "EN_ATTENTE", "Gardé en attente d’un lot antérieur"
    REFUSED = "REFUSE", "Refusé"


class LogState(StrEnum):
    """What a log may still do, as the console shows it."""

    ACTIVE = "ACTIF"
    FROZEN = "GELE"
    RETIRED = "RETIRE"


class Refusal(StrEnum):
    """Codes of a bundle refused whole: what the device can mend by sealing again."""

    TOO_LARGE = "LOT_TROP_GRAND"
    SEAL = "SCELLE_ILLISIBLE"
    MANIFEST = "MANIFESTE_INVALIDE"
    UNKNOWN_DEVICE = "APPAREIL_INCONNU"
    RETIRED_DEVICE = "APPAREIL_RETIRE"
    EVENTS = "EVENEMENTS_INVALIDES"
    ORDER = "EVENEMENTS_DESORDONNES"
    TOO_MANY_HELD = "TROP_EN_ATTENTE"
    FORK = "JOURNAL_BIFURQUE"
    FROZEN = "JOURNAL_GELE"


class Aside(StrEnum):
    """Codes of a stored event that has no effect: shown to the unit and in the human queue."""

    UNREADABLE = "CONTENU_ILLISIBLE"
    BODY_MISMATCH = "CORPS_DIFFERENT"
    BODY_SEALED = "CORPS_NON_OUVERT"
    PURGED = "CORPS_EFFACE"
    NOT_HANDLED = "NATURE_NON_TRAITEE"
    ROLE = "ROLE_INTERDIT"
    AUTHENTICATION = "AUTHENTIFICATION_IMPOSSIBLE"
    REVOKED = "APPAREIL_REVOQUE"
    CLOCK = "HORLOGE_DOUTEUSE"
    FORK = "JOURNAL_BIFURQUE"
    PAIR = "DEMANDE_JOINTE_INVALIDE"
    PAIR_DEVICE = "APPAREIL_DE_LA_DEMANDE_INCONNU"
    ACT_SIGNATURE = "SIGNATURE_AGENT_INVALIDE"
    ACT_BINDING = "ACTE_HORS_PLACE"
    DECLARATIONS = "DECLARATIONS_MANQUANTES"
    AUTHORITY = "AUTORITE_AUTRE_NOM"
    OFFICER_UNKNOWN = "AGENT_INCONNU"
    SUPERVISOR = "RESPONSABLE_INCONNU"
    ENROLMENT = "HABILITATION_ILLISIBLE"
    HABILITATION_AUTRE_POSTE = "HABILITATION_AUTRE_POSTE"
    HABILITATION_FUTURE = "HABILITATION_FUTURE"
    HABILITATION_TERMINEE = "HABILITATION_TERMINEE"
    HABILITATION_RETIREE = "HABILITATION_RETIREE"
    LIEU_NON_AUTORISE = "LIEU_NON_AUTORISE"
    LOI_INCONNUE = "LOI_INCONNUE"


FOR_A_PERSON = frozenset({Aside.CLOCK, Aside.FORK, Aside.LOI_INCONNUE})
"""Rules or clocks disagree: a person decides, the dossier waits (R-43)."""
