"""Words of the officers' space on line: places of an act, résiliations, corrections, the day."""

from typing import Final

BRIGADE_ACTS: Final[dict[str, str]] = {
    "brigade.nav.end": "Résilier une procuration",
    "brigade.nav.day": "Aujourd’hui",
    "brigade.place.3": "{name}, lieu autorisé, {hours}",
    "brigade.place.hours": "de {opens} à {closes}",
    "brigade.place.only": (
        "Les lieux publics sont ceux que le préfet ou le haut-commissaire a listés, "
        "ouverts aujourd’hui (art. R. 72-1, III)."
    ),
    "brigade.request.end": "Résilier cette procuration",
    "brigade.request.asked": "La personne a demandé en ligne la résiliation, le {when}.",
    "brigade.request.asked.how": (
        "La procuration reste valable. Recevez la personne, puis signez la résiliation."
    ),
    "brigade.request.collected": (
        "Un délégué a recueilli cette demande. L’OPJ qui l’a choisi la confirme (art. R. 72-1, V)."
    ),
    "brigade.correct.title": "Retirer votre validation",
    "brigade.correct.lead": (
        "Votre validation ne s’efface pas. Une personne du centre décide. Elle ne vaut rien d’ici là."
    ),
    "brigade.correct.why": "Pourquoi ?",
    "brigade.correct.help": "La personne lira la phrase écrite sous la raison, si la validation est retirée.",
    "brigade.sign.corrected": "Vous retirez votre validation de la procuration de {name}.",
    "brigade.sign.ended": "Vous résiliez la procuration de {name}.",
    "brigade.sign.ended.by_name": "Vous résiliez pour {name}.",
    "brigade.result.title.ended": "Procuration résiliée",
    "brigade.result.title.corrected": "Votre correction est enregistrée",
    "brigade.result.text.established": (
        "L’acte est signé et gardé au centre. La personne reçoit un message."
    ),
    "brigade.result.text.decided": "L’acte est signé et gardé au centre. La personne reçoit un message.",
    "brigade.result.text.ended": "Le mandataire ne peut plus voter avec elle. La mairie le lit sur sa liste.",
    "brigade.result.text.corrected": "Une personne du centre décide. Prévenez le mandant.",
    "brigade.result.correct": "Corriger une erreur…",
    "brigade.end.title": "Résilier une procuration",
    "brigade.end.lead": "Avec la référence, trouvez d’abord la demande. Sans elle, continuez ici.",
    "brigade.end.who": "Qui résilie ?",
    "brigade.end.birth_name": "Nom de naissance",
    "brigade.end.birth_name.missing": "Saisissez le nom de naissance.",
    "brigade.end.birth_name.wrong": "Ce nom contient un signe impossible, ou plus de cent lettres.",
    "brigade.end.given_names": "Prénoms",
    "brigade.end.given_names.missing": "Saisissez les prénoms.",
    "brigade.end.given_names.help": "Tous, dans l’ordre de la pièce d’identité",
    "brigade.end.given_names.wrong": "Un prénom contient un signe impossible, ou plus de cent lettres.",
    "brigade.end.birth_date": "Date de naissance",
    "brigade.end.birth_date.help": "Par exemple 24/08/1962 ; 00 pour un jour ou un mois inconnu",
    "brigade.end.birth_date.missing": "Saisissez la date de naissance.",
    "brigade.end.birth_date.wrong": "Écrivez la date ainsi : 24/08/1962.",
    "brigade.end.q": "Commune de vote de cette personne",
    "brigade.end.q.help": "Écrivez le début du nom, puis touchez « Chercher la commune »",
    "brigade.end.q.missing": "Cherchez la commune, puis choisissez-la dans la liste.",
    "brigade.end.q.wrong": "Écrivez moins de lettres.",
    "brigade.end.submit": "Continuer",
    "brigade.end.check": "Résiliation",
    "brigade.end.check.lead": "Comparez chaque ligne avec la pièce d’identité. Ne demandez pas pourquoi.",
    "brigade.end.which": "Quelle procuration ?",
    "brigade.end.which.all": "Toutes ses procurations",
    "brigade.end.which.election": "{election}, {rounds} : {days}",
    "brigade.end.which.period": "Une période",
    "brigade.end.which.between": "Du {first} au {last}",
    "brigade.end.which.missing": "Choisissez quelle procuration est résiliée.",
    "brigade.end.first": "Pour une période : premier jour",
    "brigade.end.last": "Pour une période : dernier jour",
    "brigade.end.day.missing": "Saisissez ce jour de la période.",
    "brigade.end.day.wrong": "Écrivez la date ainsi : 24/08/2027.",
    "brigade.end.period.wrong": "Cette période est passée, renversée ou trop longue.",
    "brigade.end.what": "Procurations résiliées",
    "brigade.end.go": "Résilier",
    "brigade.end.result.title": "Résiliation enregistrée",
    "brigade.end.result.when": "Signée le {when} et gardée au centre.",
    "brigade.end.ended.one": "{n} procuration de cette personne est résiliée.",
    "brigade.end.ended.many": "{n} procurations de cette personne sont résiliées.",
    "brigade.end.none_known": (
        "Le centre ne connaît encore aucune procuration à résilier. Celles qui arriveront seront comparées."
    ),
    "brigade.end.unsure": "Une personne du centre doit décider d’une procuration de ce nom.",
    "brigade.end.paper": (
        "Une procuration sur papier que la mairie n’a pas saisie : prévenez la mairie (art. R. 78)."
    ),
    "brigade.day.title.one": "Aujourd’hui : {n} décision",
    "brigade.day.title.many": "Aujourd’hui : {n} décisions",
    "brigade.day.none": "Aujourd’hui : aucune décision de vous",
    "brigade.day.lead": "Vos décisions, la plus récente d’abord.",
    "brigade.day.page": "Aujourd’hui",
    "brigade.day.kind.1": "Établie",
    "brigade.day.kind.2": "Non établie",
    "brigade.day.kind.3": "Résiliation",
    "brigade.day.kind.4": "Recueillie",
    "brigade.day.by_name": "Par le nom",
    "brigade.day.column.hour": "Heure",
    "brigade.day.column.what": "Décision",
    "brigade.day.column.reference": "Référence",
    "brigade.day.column.state": "État au centre",
    "brigade.day.column.action": "Action",
    "brigade.day.see": "Voir",
    "brigade.day.see.of": "Voir la décision de {hour}",
    "brigade.day.correct": "Corriger une erreur…",
    "brigade.day.correct.of": "Corriger la décision de {hour}",
    "brigade.refused.LIEU_NON_AUTORISE": (
        "Ce lieu n’est pas listé par le préfet ou le haut-commissaire, "
        "ou n’est pas ouvert maintenant (art. R. 72-1, III)."
    ),
    "brigade.refused.PAS_ETABLIE": "Cette procuration n’est pas établie : il n’y a rien à résilier.",
    "brigade.refused.DEJA_FINIE": "Cette demande est finie : il n’y a rien à résilier.",
    "brigade.refused.DEJA_RESILIEE": "Cette procuration est déjà résiliée. Rien n’est enregistré.",
    "brigade.refused.DEJA_CORRIGEE": "Cette validation est déjà retirée. Une personne du centre décide.",
    "brigade.refused.CORRECTION_AUTRE_AGENT": "Seul l’agent qui a validé peut retirer sa validation.",
    "brigade.refused.CORRECTION_TROP_TARD": (
        "Une validation se retire le jour même. Prévenez le centre : une personne décide."
    ),
    "brigade.refused.CORRECTION_DE_REFUS": "Un refus ne se corrige pas. La personne fait une autre demande.",
}
