"""What the command says in French, by code. The operator reads these; scripts read the code."""

from collections.abc import Mapping
from typing import Final

from procuration.errors import ProcurationError

SENTENCES: Final[Mapping[str, str]] = {
    "AUTHORITY_EXISTS": "Le dossier {path} n’est pas vide. Une autorité ne s’écrit jamais par-dessus une autre.",
    "NO_AUTHORITY": "Il n’y a pas d’autorité dans {path}.",
    "KEY_MISSING": "La clé {key} manque.",
    "KEY_FILE": "Ce fichier n’est pas une clé de cette autorité, ou il est abîmé.",
    "KEY_DIFFERS": "La copie {path} ne contient pas la clé {key}.",
    "HOLDERS_FEW": "Il faut {needed} détenteurs présents. Il y en a {present}.",
    "HOLDER_UNKNOWN": "Il n’y a pas de détenteur {holder}.",
    "SUPERVISOR_UNKNOWN": "Il n’y a pas de responsable {unit}.",
    "SUPERVISOR_EXISTS": "Le responsable {unit} existe déjà.",
    "PASS_PHRASE_SHORT": "Une phrase de passe a {minimum} caractères au moins.",
    "PASS_PHRASE_WRONG": "La phrase de passe n’ouvre pas la clé {key}, ou le fichier est abîmé.",
    "NO_TERMINAL": "Il n’y a pas de terminal où taper la phrase de passe ({called}). "
    "Donnez un fichier : --pass-phrase-file {holder}=FICHIER",
    "ABANDONED": "Commande abandonnée. Rien n’a été signé après cette question.",
    "PASS_PHRASE_DIFFERS": "Les deux saisies ne sont pas les mêmes.",
    "SECRET_FILE": "Le fichier {path} ne contient pas une seule ligne de texte.",
    "SECRET_FILE_READABLE": "D’autres comptes peuvent lire {path}. Faites d’abord : chmod 600 {path}",
    "TUF_ROLL_BACK": "Le serveur a déjà une publication plus récente que la version {version}.",
    "TUF_ROOT": "La racine de confiance n’est pas signée comme il faut.",
    "TUF_TARGETS": "La liste des tables n’est pas signée par deux détenteurs.",
    "TUF_TARGET": "Une table manque, ou n’est pas celle qui a été signée.",
    "TUF_TOO_LARGE": "Un fichier de la publication est trop gros.",
    "REALM_DIFFERS": "Ce serveur appartient à une autre autorité.",
    "REQUEST": "Ce fichier n’est pas une demande d’enrôlement.",
    "FINGERPRINT": "Ce n’est pas la demande de cette tablette : son empreinte est {kid}. N’enrôlez pas.",
    "DEVICE_KNOWN": "Cet appareil est déjà dans l’annuaire.",
    "UNIT_MISSING": "Donnez l’unité de l’agent avec --unit.",
    "DEVICE_UNKNOWN": "Aucun appareil de l’annuaire n’a ce numéro.",
    "DEVICE_RETIRED": "Cet appareil est retiré de l’annuaire.",
    "OFFICER_UNKNOWN": "Aucun agent enrôlé ici n’a cette clé.",
    "OFFICER_PERIOD": "L’habilitation doit finir après son début, et durer {days} jours au plus.",
    "HEXADECIMAL": "Ce numéro s’écrit avec 16 chiffres hexadécimaux.",
    "ZONE": "Ce fuseau horaire est inconnu. Exemple : Pacific/Noumea.",
    "KEY_NOT_YET": "À cette date le responsable n’était pas encore en fonction.",
    "KEY_ENDED": "À cette date le responsable n’est plus en fonction.",
    "KEY_REVOKED": "Le responsable n’est plus en fonction.",
    "FIELD_TEXT": "Un texte est trop long, ou contient un caractère interdit.",
    "DATE": "Écrivez la date ainsi : 2026-11-22.",
    "TABLE_FORMAT": "Ce fichier n’est pas une table de ce type.",
    "PLACES_CSV": "Ce tableur a des erreurs ({faults}). Rien n’est écrit. Corrigez-les, puis recommencez.",
    "PLACES_BYTES": "La table dépasse {maximum} Mio. Retirez des lieux ou raccourcissez les textes.",
    "FILE_UNREADABLE": "Le fichier {path} ne peut pas être lu.",
    "FILE_UNWRITABLE": "Le fichier {path} ne peut pas être écrit.",
}
REJECTED: Final = "Un fichier lu n’est pas au bon format."
REFUSED: Final = "La commande est refusée."


def sentence_for(error: ProcurationError) -> str:
    """The sentence of an error, with the code that scripts know."""
    template = SENTENCES.get(error.code)
    if template is None:
        template = REJECTED if type(error).__name__ == "RecordRejected" else REFUSED
    return f"{template.format_map(_Named(error.ids))} [{error.code}]"


class _Named(dict[str, object]):
    """Ids of an error; one that a sentence expects and the error lacks shows as a question mark."""

    def __missing__(self, key: str) -> str:
        return "?"
