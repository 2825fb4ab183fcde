"""Sentences of what keeps the centre running: traces of reads, sessions that end, limits, its state."""

from typing import Final

OPERATIONS: Final[dict[str, str]] = {
    "session.ended.title": "Votre session a pris fin",
    "session.ended.text": (
        "La page est restée 15 minutes sans activité, ou votre session dure depuis 12 heures. "
        "Connectez-vous de nouveau : la page demandée s’ouvrira."
    ),
    "session.ended.form": "Ce que vous aviez écrit sans l’enregistrer n’est pas gardé.",
    "error.413.title": "Cet envoi est trop lourd",
    "error.413.text": "Choisissez un fichier plus petit. Rien n’a été enregistré.",
    "error.429.title": "Trop de demandes en peu de temps",
    "error.429.text.one": "Revenez dans une minute. Rien n’a été enregistré.",
    "error.429.text.many": "Revenez dans {n} minutes. Rien n’a été enregistré.",
    "error.trace.title": "Cette page ne peut pas s’ouvrir maintenant",
    "error.trace.text": (
        "Chaque lecture de données personnelles doit être notée. Le service ne peut plus écrire. "
        "Prévenez l’exploitant du service, puis recommencez."
    ),
    "error.restored.title": "Le service attend son exploitant",
    "error.restored.text": (
        "Une sauvegarde a été remise pendant que le service marchait, ou un de ses fichiers est abîmé. "
        "Rien ne peut être enregistré, et votre demande ne l’a pas été. "
        "Appelez l’exploitant du service et lisez-lui ce code : {code}. "
        "Si le scrutin est proche, la voie papier reste ouverte."
    ),
}
