"""Sentences about the messages themselves: their preview, and the addresses that do not work."""

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "console.preview.title": "Aperçu des messages",
    "console.preview.intro": (
        "Voici chaque message que le centre envoie, avec une personne inventée. Aucun envoi ne part d’ici."
    ),
    "console.preview.link": "Aperçu des messages",
    "console.preview.back": "Tous les messages",
    "console.preview.languages": (
        "Chaque message est écrit en français, puis en anglais. Le français fait foi."
    ),
    "console.preview.caption": "Messages aux électeurs",
    "console.preview.column.name": "Message",
    "console.preview.column.subject": "Objet",
    "console.preview.column.see": "Voir",
    "console.preview.see": "Voir",
    "console.preview.see_label": "Voir le message : {name}",
    "console.preview.subject": "Objet",
    "console.preview.text": "Texte seul",
    "console.preview.html": "Mise en page",
    "console.preview.html_link": "Ouvrir la mise en page",
    "console.preview.html_hint": (
        "La page s’ouvre seule, sans notre menu, comme dans une boîte de réception. Elle n’a ni image, ni "
        "lien."
    ),
    "console.preview.m1": "M1 : accusé de la demande",
    "console.preview.m1-repertoire": "M1 : accusé de la demande, contrôle par le répertoire",
    "console.preview.m2": "M2 : récépissé",
    "console.preview.m2-repertoire": "M2 : récépissé, contrôle par le répertoire",
    "console.preview.m3-validee": "M3 : validée par la mairie",
    "console.preview.m3-refusee": "M3 : refusée par la mairie",
    "console.preview.m3-repertoire": "M3 : acceptée par le répertoire",
    "console.preview.m3-repertoire-refusee": "M3 : refusée par le répertoire",
    "console.preview.m4": "M4 : plafond dépassé",
    "console.preview.m4-deplacee": "M4 : une procuration plus ancienne est arrivée",
    "console.preview.m4-partie": "M4 : valable pour une partie des dates",
    "console.preview.m6": "M6 : annulée à cause du mandataire",
    "console.preview.m7": "M7 : résiliation",
    "console.preview.m7-remplacee": "M7 : remplacée par une plus récente",
    "console.preview.de-nouveau": "De nouveau valable",
    "console.preview.ecartee": "Acte écarté, démarche à refaire",
    "console.preview.ecartee-lieu": "Acte écarté à cause du lieu, démarche à refaire",
    "console.preview.retiree": "Validation retirée, demande à refaire",
    "console.preview.m5": (
        "M5 n’est pas un courriel : la mairie prévient elle-même. M8 est envoyé par un autre service."
    ),
    "mairie.tell.undone": "Sa procuration n’est pas établie : l’acte reçu ne compte plus.",
    "mairie.tell.established": "Sa procuration est établie. La mairie ou le répertoire la contrôle.",
    "mairie.tell.accepted": "Sa procuration est validée.",
    "mairie.tell.wrong_address": "Son adresse électronique ne marche pas. Dites-le-lui aussi.",
    "console.returns.title": "Adresses en erreur",
    "console.returns.link": "Adresses en erreur",
    "console.returns.intro": (
        "Ces messages sont revenus, ou leur adresse a été refusée. La mairie prévient l’électeur."
    ),
    "console.returns.caption": "Messages revenus, le plus récent d’abord",
    "console.returns.column.created": "Message du",
    "console.returns.column.kind": "Message",
    "console.returns.column.rid": "Demande",
    "console.returns.column.reason": "Raison",
    "console.returns.column.who": "Qui prévient l’électeur",
    "console.returns.who.to_tell": "Sa mairie, pas encore",
    "console.returns.who.told": "Sa mairie l’a prévenu",
    "console.returns.who.dropped": "Personne : un message plus récent compte",
    "console.returns.who.changed": "Personne : la procuration a changé depuis",
    "console.returns.who.not_yet": "Personne : aucune mairie ne connaît encore cette demande",
    "console.returns.empty.title": "Aucune adresse en erreur",
    "console.returns.empty.text": "Tous les messages partis ont été acceptés.",
    "console.mail.kind.10": "Acte écarté",
}
