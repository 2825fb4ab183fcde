"""Sentences of the page on which a town hall keys in a paper form, and of what it then shows."""

from typing import Final

PAPER: Final[dict[str, str]] = {
    "mairie.nav.paper": "Formulaire reçu",
    "mairie.paper.title": "Saisir un formulaire reçu",
    "mairie.paper.intro": (
        "Recopiez le formulaire tel qu’il est. Le jour et l’heure écrits dessus donnent son rang."
    ),
    "mairie.paper.mandant": "L’électeur qui donne procuration",
    "mairie.paper.mandant.help": "L’électeur vote dans votre commune.",
    "mairie.paper.mandataire": "La personne qui votera",
    "mairie.paper.validity": "Ce que vaut la procuration",
    "mairie.paper.authority": "L’autorité qui l’a établie",
    "mairie.paper.birth_name": "Nom de naissance",
    "mairie.paper.given_names": "Prénoms",
    "mairie.paper.given_names.help": "Tous, dans l’ordre du formulaire. Laissez vide s’il n’y en a pas.",
    "mairie.paper.sex": "Sexe",
    "mairie.paper.birth_date": "Date de naissance",
    "mairie.paper.birth_date.help": "Exemple : 24/08/1962. Écrivez 00 pour un jour ou un mois inconnu.",
    "mairie.paper.number": "Numéro national d’électeur",
    "mairie.paper.place": "Commune du mandataire",
    "mairie.paper.place.help": "Si le formulaire la donne. Écrivez le début de son nom, ou son code INSEE.",
    "mairie.paper.scrutin": "Pour quelle élection ?",
    "mairie.paper.period": "Une période",
    "mairie.paper.rounds": "Pour quel tour ?",
    "mairie.paper.rounds.1": "Le 1er tour",
    "mairie.paper.rounds.2": "Le 2e tour",
    "mairie.paper.rounds.3": "Les deux tours",
    "mairie.paper.first": "Premier jour de la période",
    "mairie.paper.last": "Dernier jour de la période",
    "mairie.paper.nom": "Nom de l’autorité",
    "mairie.paper.prenoms": "Prénoms de l’autorité",
    "mairie.paper.qualite": "Qualité",
    "mairie.paper.qualite.help": "Exemple : greffière, juge, OPJ, consul honoraire.",
    "mairie.paper.unit": "Tribunal, unité ou poste",
    "mairie.paper.day": "Jour de l’établissement",
    "mairie.paper.hour": "Heure de l’établissement",
    "mairie.paper.hour.help": "Seulement si elle est écrite. Sans heure, la journée entière compte.",
    "mairie.paper.insee": "Commune de l’établissement",
    "mairie.paper.insee.help": (
        "Écrivez le début de son nom, ou son code INSEE. À l’étranger : 99 et le code du pays."
    ),
    "mairie.paper.continue": "Vérifier",
    "mairie.paper.optional": "(optionnel)",
    "mairie.paper.confirm": "Vérifiez le formulaire",
    "mairie.paper.confirm.rank": "Rang : {when}",
    "mairie.paper.same.one": "Cette personne a déjà {n} demande ou procuration dans votre commune.",
    "mairie.paper.same.many": "Cette personne a déjà {n} demandes ou procurations dans votre commune.",
    "mairie.paper.same.help": (
        "Comparez avant de saisir. Le même formulaire ne doit pas être saisi deux fois."
    ),
    "mairie.paper.same.line": "{status}, faite {channel}, le {when}",
    "mairie.paper.signed": "La saisie est signée et gardée par le centre. Elle ne s’efface pas.",
    "mairie.paper.submit": "Enregistrer le formulaire",
    "mairie.paper.change": "Modifier",
    "mairie.paper.kept": "Le formulaire est signé et gardé par le centre.",
    "mairie.form.day_only": "{day}, heure inconnue",
    "event.20.1": "Formulaire papier établi par l’autorité, saisi par la mairie",
    "mairie.paper.missing": "Remplissez « {label} ».",
    "mairie.paper.missing.mandataire": "Remplissez « {label} » de la personne qui votera.",
    "mairie.paper.wrong.NAME": "Ce nom contient un signe qui n’est pas permis, ou il est trop long.",
    "mairie.paper.wrong.NUMBER": "Le numéro d’électeur contient seulement des chiffres.",
    "mairie.paper.wrong.DATE": "Cette date n’existe pas, ou elle n’est pas possible.",
    "mairie.paper.wrong.HOUR": "Cette heure n’existe pas. Donnez les heures et les minutes.",
    "mairie.paper.wrong.CHOICE": "Choisissez une réponse à « {label} ».",
    "mairie.paper.wrong.COMMUNE_INCONNUE": "Ce code n’est pas celui d’une commune. Vérifiez-le.",
    "mairie.paper.wrong.FORMULAIRE_FUTUR": "Ce jour n’est pas encore passé. Vérifiez le formulaire.",
    "mairie.paper.wrong.AUTORITE_INCOMPETENTE": (
        "Cette autorité ne peut pas établir une procuration sur papier."
    ),
    "mairie.paper.wrong.AUTORITE_INCOMPLETE": (
        "Le formulaire doit donner le nom, les prénoms, la qualité et le lieu."
    ),
    "mairie.paper.wrong.DELEGUE_RECUEILLE_SEULEMENT": (
        "Un délégué recueille la demande. Seul l’OPJ qui l’a désigné peut l’établir."
    ),
    "mairie.paper.wrong.MANDATAIRE_EST_LE_MANDANT": "Nul ne peut se donner procuration à soi-même.",
    "mairie.paper.wrong.NUMERO_EN_NOUVELLE_CALEDONIE": (
        "En Nouvelle-Calédonie, un électeur n’a pas de numéro national."
    ),
    "mairie.paper.wrong.SCRUTIN_INCONNU": "Cette élection n’a pas lieu dans votre commune.",
    "mairie.paper.wrong.SCRUTIN_PASSE": "Cette élection était passée ce jour-là.",
    "mairie.paper.wrong.TOURS": "Cette élection n’a pas ce tour.",
    "mairie.paper.wrong.PERIODE_INVERSEE": "Le dernier jour doit être après le premier jour.",
    "mairie.paper.wrong.PERIODE_PASSEE": "Cette période était finie ce jour-là.",
    "mairie.paper.wrong.DUREE_EXCESSIVE": "Cette période est plus longue que la loi ne le permet.",
    "mairie.paper.wrong.other": "La loi ne permet pas ce que dit ce formulaire ({code}).",
}
