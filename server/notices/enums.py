"""Words of the outbox."""

from typing import Final

from django.db import models


class MessageKind(models.IntegerChoices):
    """Which message of DOMAIN 1.5; M8 is another service's."""

    M1 = 1, "accusé de la demande"
    M2 = 2, "récépissé"
    M3 = 3, "décision de la mairie ou du répertoire"
    M4 = 4, "plafond dépassé"
    M5 = 5, "plafond dépassé, dit par la mairie"
    M6 = 6, "mandataire décédé ou privé de ses droits"
    M7 = 7, "résiliation enregistrée"
    AGAIN = 9, "de nouveau valable"
    SET_ASIDE = 10, "acte écarté, démarche à refaire"


class NoticeState(models.TextChoices):
    """Where a message is.

    WAITING → CLAIMED (a worker talks to the relay) → HANDING (the text itself is being handed over) → SENT.
    A worker that
    dies while CLAIMED has handed nothing over: the message waits again. One that dies while HANDING leaves
    a doubt: the
    message is never sent again by itself, and the console shows it.
    TO_TELL is no mail: the town hall tells the mandant, then says so (R. 77, R. 80).
    """

    WAITING = "waiting", "à envoyer"
    CLAIMED = "claimed", "envoi en cours"
    HANDING = "handing", "remise en cours"
    SENT = "sent", "envoyé"
    FAILED = "failed", "échec définitif"
    DROPPED = "dropped", "sans objet"
    TO_TELL = "to_tell", "à dire par la mairie"
    TOLD = "told", "dit par la mairie"


class NoticeCode(models.TextChoices):
    """Why a message waits, failed or was dropped."""

    NONE = "", ""
    RELAY = "RELAIS_INJOIGNABLE", "le relais de messagerie ne répond pas"
    REFUSED_FOR_NOW = "REFUS_TEMPORAIRE", "le relais demande d’attendre"
    BOUNCED = "ADRESSE_EN_ERREUR", "adresse en erreur : le message est revenu"
    RETURNED = "MESSAGE_REVENU", "le message est revenu, pour une autre raison que l’adresse"
    ADDRESS_REFUSED = "ADRESSE_REFUSEE", "le relais refuse l’adresse"
    MESSAGE_REFUSED = "MESSAGE_REFUSE", "le relais refuse le message"
    TOO_MANY_TRIES = "TROP_D_ESSAIS", "trop d’essais"
    UNCERTAIN = "REMISE_INCERTAINE", "coupure pendant la remise : le message est peut-être parti"
    NO_ADDRESS = "SANS_ADRESSE", "aucune adresse électronique"
    NO_REFERENCE = "SANS_REFERENCE", "la référence n’est pas encore donnée"
    OVERTAKEN = "DEPASSE", "un message plus récent le remplace"
    DOSSIER_GONE = "DOSSIER_EFFACE", "le dossier n’existe plus"


BAD_ADDRESS: Final = (NoticeCode.BOUNCED, NoticeCode.ADDRESS_REFUSED, NoticeCode.RETURNED)
"""What is listed as an address that does not work."""
