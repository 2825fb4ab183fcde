"""Sentences of what a town hall takes back: a fact recorded by mistake (decision 0043), and the tick beside
an elector who was not told."""

from typing import Final

WITHDRAWING: Final[dict[str, str]] = {
    "console.kind.21": "Résiliation demandée en ligne",
    "console.kind.22": "Mention retirée",
    "event.22": "Mention retirée",
    "event.22.of": "Mention retirée : {event}. Raison : {reason}",
    "event.22.since": "{event} (mention retirée depuis)",
    "mairie.why.ANNULEE_L77": "Un décès ou une perte de droits l’annule (article L. 77).",
    "mairie.mentions.title": "Mentions notées",
    "mairie.mentions.withdraw": "Retirer cette mention",
    "mairie.mentions.withdraw_label": "Retirer cette mention : {event}",
    "mairie.mentions.elsewhere": (
        "La mention est notée sur une autre procuration de la même personne. C’est là qu’elle se retire."
    ),
    "mairie.mentions.elsewhere.open": "Ouvrir cette procuration",
    "mairie.mentions.other_commune": (
        "La mention est notée par la mairie d’une autre commune. Elle seule peut la retirer."
    ),
    "mairie.mentions.by_stick": "La mention est retirée ici. Le centre le saura par la clé.",
    "mairie.withdraw.title": "Retirer une mention",
    "mairie.withdraw.intro": "Pour une mention notée par erreur : mauvaise personne ou mauvaise ligne.",
    "mairie.withdraw.which": "Quelle mention est fausse ?",
    "mairie.withdraw.which.missing": "Choisissez la mention à retirer.",
    "mairie.withdraw.reason": "Pourquoi ?",
    "mairie.withdraw.reason.help": "En quelques mots, pour le registre, sans aucun nom. Exemple : homonyme.",
    "mairie.withdraw.reason.missing": "Écrivez la raison.",
    "mairie.withdraw.reason.long": "Écrivez une raison plus courte : {maximum} caractères au plus.",
    "mairie.withdraw.reason.unreadable": "La raison contient des signes qui ne s’impriment pas.",
    "mairie.withdraw.confirm": "Retirer cette mention ?",
    "mairie.withdraw.confirm.what": "Mention",
    "mairie.withdraw.confirm.reason": "Raison",
    "mairie.withdraw.confirm.effect": "Effet",
    "mairie.withdraw.effect.ending": "Cette mention n’annule plus les procurations de cette personne.",
    "mairie.withdraw.effect.again": (
        "Si l’électeur a donné une autre procuration depuis, une personne du centre décide."
    ),
    "mairie.withdraw.effect.told": (
        "Si l’électeur a été prévenu de l’annulation, il est prévenu de nouveau."
    ),
    "mairie.withdraw.effect.vote": (
        "Ce vote ne compte plus. Tant que le bureau est ouvert, un vote peut être noté de nouveau."
    ),
    "mairie.withdraw.signed": "Le retrait est signé. La mention et le retrait restent dans l’historique.",
    "mairie.withdraw.submit": "Retirer la mention",
    "mairie.withdraw.kept": "La mention est retirée. Le retrait est signé et gardé par le centre.",
    "mairie.withdraw.already": "Cette mention est déjà retirée.",
    "mairie.refuse.noted": "Ce vote est noté par erreur ?",
    "mairie.refuse.noted.open": "Retirer cette mention",
    "mairie.untold.title": "Notés prévenus depuis hier",
    "mairie.untold.caption": "Électeurs notés prévenus depuis hier, le dernier d’abord",
    "mairie.untold.undo": "Pas encore prévenu",
    "mairie.untold.undo_label": "Pas encore prévenu : {name}",
    "mairie.untold.kept": "L’électeur est de nouveau dans la liste.",
    "mairie.refused.MENTION_INCONNUE": (
        "Cette mention n’est pas notée sur cette procuration. Rien n’a été retiré."
    ),
    "mairie.refused.withdraw.title": "La mention n’est pas retirée",
}
