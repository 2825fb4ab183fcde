"""Sentences of the commands that read and write USB sticks."""

from typing import Final

STICK: Final[dict[str, str]] = {
    "stick.enrolments.one": "Enrôlement pris en compte\u00a0: {n}.",
    "stick.enrolments.many": "Enrôlements pris en compte\u00a0: {n}.",
    "stick.bundles.one": "Lot reçu\u00a0: {n}.",
    "stick.bundles.many": "Lots reçus\u00a0: {n}.",
    "stick.answers.one": "Réponse écrite sur la clé\u00a0: {n}.",
    "stick.answers.many": "Réponses écrites sur la clé\u00a0: {n}.",
    "stick.passed_over.one": "Fichier laissé de côté\u00a0: {n}.",
    "stick.passed_over.many": "Fichiers laissés de côté\u00a0: {n}.",
    "stick.refused.one": "Refusé ({code})\u00a0: {n}. Le poste l’enverra de nouveau.",
    "stick.refused.many": "Refusés ({code})\u00a0: {n}. Leurs postes les enverront de nouveau.",
    "stick.contested.one": (
        "Un poste a vu deux registres du centre. "
        "Déposez son fichier «\u00a0.contestation\u00a0» dans la console."
    ),
    "stick.contested.many": (
        "Des postes ont vu deux registres du centre. "
        "Déposez leurs {n} fichiers «\u00a0.contestation\u00a0» dans la console."
    ),
    "stick.too_many": "La clé porte trop de fichiers. Recommencez avec une clé vide pour le reste.",
    "stick.tables": "Les tables signées sont sur la clé.",
    "stick.may_remove": "Vous pouvez retirer la clé.",
    "stick.STICK_MISSING": "Aucune clé trouvée, ou aucun dossier PROCU. Branchez la clé, puis recommencez.",
    "stick.STICK_FULL": "La clé est pleine. Libérez de la place, ou prenez une autre clé.",
    "stick.STICK_GONE": "La clé a été retirée, ou elle est abîmée. Rien n’est perdu\u202f; recommencez.",
    "stick.STICK_READ_ONLY": "La clé refuse l’écriture. Ôtez sa protection, ou prenez une autre clé.",
    "stick.STICK_OBSTRUCTED": "Sur la clé, renommez le dossier PROCU, puis recommencez.",
}
