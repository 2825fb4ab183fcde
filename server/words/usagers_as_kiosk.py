"""Sentences that the pages of the electors and the tablets have in common, word for word (UX 6)."""

from typing import Final

AS_KIOSK: Final[dict[str, str]] = {
    "usagers.go.back": "Précédent",
    "usagers.go.on": "Continuer",
    "usagers.errors.one": "Il y a {n} réponse à corriger",
    "usagers.errors.many": "Il y a {n} réponses à corriger",
    "usagers.when.months": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    ),
    "usagers.when.weekdays": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "usagers.when.first": "1er",
    "usagers.when.day": "{day} {month} {year}",
    "usagers.when.month": "{month} {year}",
    "usagers.when.full": "{weekday} {day}",
    "usagers.when.and": "{first} et {last}",
    "usagers.welcome.title": "Voter par procuration",
    "usagers.welcome.lead": "Vous ne pouvez pas aller voter ? Une autre personne peut voter pour vous.",
    "usagers.welcome.duration": "Durée : 10 minutes environ.",
    "usagers.welcome.mandataire": (
        "Il faut aussi le nom, les prénoms et la date de naissance de cette personne. Il faut sa "
        "commune de vote."
    ),
    "usagers.data.title": "Vos données",
    "usagers.data.use": "Elles servent seulement à votre procuration.",
    "usagers.data.full.who": "Le ministère de l’intérieur est responsable de ces données.",
    "usagers.data.full.why": (
        "Elles servent à établir votre procuration et à la contrôler. C’est une mission d’intérêt public."
    ),
    "usagers.data.full.what": (
        "Nous demandons seulement ce que le code électoral prévoit (article R. 75). Aucun motif "
        "n’est demandé."
    ),
    "usagers.data.full.read": (
        "Elles sont lues par le gendarme ou le policier. Puis votre mairie ou le répertoire "
        "électoral les lit."
    ),
    "usagers.data.full.kept": (
        "Une demande sans suite est détruite après deux mois. Une procuration est gardée un an après sa fin."
    ),
    "usagers.data.full.rights": (
        "Vous pouvez demander à lire ou à corriger vos données : adressez-vous au ministère de l’intérieur."
    ),
    "usagers.mandataire.birth_name": "Quel est le nom de naissance de cette personne ?",
    "usagers.mandataire.given_names": "Quels sont les prénoms de cette personne ?",
    "usagers.mandataire.sex": "Quel est le sexe de cette personne à l’état civil ?",
    "usagers.mandataire.birth_date": "Quelle est la date de naissance de cette personne ?",
    "usagers.mandataire.no_given_names": "Cette personne n’a pas de prénom",
    "usagers.mandataire.partial_date": "Le jour ou le mois n’est pas connu",
    "usagers.mandataire.place": "Dans quelle commune vote cette personne ?",
    "usagers.mandataire.method": "Comment désigner cette personne ?",
    "usagers.mandataire.by_name": "Par son nom et ses prénoms",
    "usagers.mandataire.by_number": "Par son numéro d’électeur",
    "usagers.mandataire.number": "Quel est le numéro d’électeur de cette personne ?",
    "usagers.hint.given_names.other": "Tous, si possible dans l’ordre de sa pièce d’identité",
    "usagers.hint.birth_date": "Exemple : 24 08 1962",
    "usagers.hint.email": "Pour vous envoyer la réponse de la mairie. Exemple : nom@domaine.fr",
    "usagers.hint.place": "Tapez les premières lettres, le département ou le code postal",
    "usagers.hint.number": "Il est sur sa carte électorale.",
    "usagers.sex.f": "Féminin",
    "usagers.sex.m": "Masculin",
    "usagers.date.day": "Jour",
    "usagers.date.month": "Mois",
    "usagers.date.year": "Année",
    "usagers.email.question": "Quelle est votre adresse électronique ?",
    "usagers.email.none": "Je n’ai pas d’adresse électronique",
    "usagers.email.suggestion": "Vouliez-vous écrire {x} ?",
    "usagers.yes": "Oui",
    "usagers.no": "Non",
    "usagers.place.question": "Dans quelle commune votez-vous ?",
    "usagers.place.known_as": "{label}, autrefois {name}",
    "usagers.number.unusual.one": "Ce numéro a {n} chiffre. Il en a le plus souvent 8 ou 9.",
    "usagers.number.unusual.many": "Ce numéro a {n} chiffres. Il en a le plus souvent 8 ou 9.",
    "usagers.number.exact": "Il est exact",
    "usagers.election.kind": "Pour quelles élections ?",
    "usagers.election.period": "Une période",
    "usagers.election.period.detail": "Toutes les élections entre deux dates",
    "usagers.election.round.1": "Le 1er tour",
    "usagers.election.round.2": "Le 2e tour",
    "usagers.election.round.3": "Les deux tours",
    "usagers.election.from": "Du",
    "usagers.election.to": "Au",
    "usagers.election.dates.hint.one": "La période peut durer {n} an au plus.",
    "usagers.election.dates.hint.many": "La période peut durer {n} ans au plus.",
    "usagers.scrutin.title": "Élections {names}",
    "usagers.scrutin.title.single": "Élection {names}",
    "usagers.scrutin.departementales": "départementales",
    "usagers.scrutin.regionales": "régionales",
    "usagers.scrutin.municipales": "municipales",
    "usagers.scrutin.legislatives": "législatives",
    "usagers.scrutin.europeennes": "européennes",
    "usagers.scrutin.provinciales": "provinciales",
    "usagers.scrutin.presidentielle": "présidentielle",
    "usagers.scrutin.territoriales": "territoriales",
    "usagers.scrutin.metropolitaines": "métropolitaines",
    "usagers.scrutin.arrondissements": "d’arrondissement",
    "usagers.scrutin.communautaires": "communautaires",
    "usagers.scrutin.consulaires": "des conseillers des Français de l’étranger",
    "usagers.scrutin.referendum": "Référendum",
    "usagers.scrutin.consultation": "Consultation",
    "usagers.review.title": "Vérifiez vos réponses",
    "usagers.review.change": "Modifier",
    "usagers.review.birth_name": "Votre nom de naissance",
    "usagers.review.given_names": "Vos prénoms",
    "usagers.review.sex": "Votre sexe à l’état civil",
    "usagers.review.birth_date": "Votre date de naissance",
    "usagers.review.email": "Votre adresse électronique",
    "usagers.review.place": "Votre commune de vote",
    "usagers.review.mandataire.birth_name": "Nom de naissance de la personne qui votera",
    "usagers.review.mandataire.given_names": "Ses prénoms",
    "usagers.review.mandataire.sex": "Son sexe à l’état civil",
    "usagers.review.mandataire.birth_date": "Sa date de naissance",
    "usagers.review.mandataire.place": "Sa commune de vote",
    "usagers.review.mandataire.number": "Son numéro d’électeur",
    "usagers.review.validity": "Pour",
    "usagers.review.none": "Aucun",
    "usagers.review.no_email": "Aucune",
    "usagers.review.period": "Du {first} au {last}",
    "usagers.review.sentence": "Vous demandez que {name} vote à votre place.",
    "usagers.review.sentence.number": (
        "Vous demandez que l’électeur numéro {number}, né(e) le {date}, vote à votre place."
    ),
    "usagers.review.sentence.number.partial": (
        "Vous demandez que l’électeur numéro {number}, né(e) en {date}, vote à votre place."
    ),
    "usagers.review.promise": "Rien n’est enregistré avant que vous validiez.",
    "usagers.review.validate": "Valider ma demande",
    "usagers.filed.title": "Votre demande est enregistrée",
    "usagers.filed.not_yet": "Elle n’est pas encore valable. Il reste une étape.",
    "usagers.filed.reference": "Votre référence :",
    "usagers.filed.next": "Et maintenant ?",
    "usagers.filed.go": (
        "Allez dans une gendarmerie ou un commissariat avec votre pièce d’identité, avant le {date}."
    ),
    "usagers.filed.control": "Votre mairie contrôle. Vous recevez un message.",
    "usagers.filed.control.register": "Le répertoire électoral contrôle. Vous recevez un message.",
    "usagers.filed.control.no_email": "Votre mairie contrôle ensuite votre procuration.",
    "usagers.filed.control.register.no_email": (
        "Le répertoire électoral contrôle ensuite votre procuration."
    ),
    "usagers.error.mandataire.NOM_MANQUANT": "Saisissez le nom de naissance de cette personne.",
    "usagers.error.mandataire.PRENOMS_MANQUANT": "Saisissez les prénoms de cette personne.",
    "usagers.error.NOM_CARACTERE": "Le nom ne peut pas contenir « {character} ».",
    "usagers.error.PRENOMS_CARACTERE": "Les prénoms ne peuvent pas contenir « {character} ».",
    "usagers.error.NOM_TROP_LONG": "Le nom doit avoir {maximum} caractères au plus.",
    "usagers.error.PRENOMS_TROP_LONG": "Les prénoms doivent avoir {maximum} caractères au plus.",
    "usagers.error.CHOIX_MANQUANT": "{question} Choisissez une réponse.",
    "usagers.error.mandant.DATE_MANQUANTE": "Saisissez votre date de naissance.",
    "usagers.error.mandataire.DATE_MANQUANTE": "Saisissez la date de naissance de cette personne.",
    "usagers.error.from.DATE_MANQUANTE": "Saisissez le premier jour.",
    "usagers.error.to.DATE_MANQUANTE": "Saisissez le dernier jour.",
    "usagers.error.DATE_SANS_JOUR": "Ajoutez le jour.",
    "usagers.error.DATE_SANS_MOIS": "Ajoutez le mois.",
    "usagers.error.DATE_SANS_ANNEE": "Ajoutez l’année.",
    "usagers.error.DATE_INEXISTANTE": "Cette date n’existe pas. Vérifiez le jour, le mois et l’année.",
    "usagers.error.DATE_ANNEE": "Écrivez l’année avec 4 chiffres.",
    "usagers.error.DATE_FUTURE": "Votre date de naissance doit être passée.",
    "usagers.error.mandataire.DATE_FUTURE": "La date de naissance de cette personne doit être passée.",
    "usagers.error.DATE_TROP_ANCIENNE": "Vérifiez l’année : elle donne plus de {maximum} ans.",
    "usagers.error.COURRIEL_MANQUANT": "Saisissez votre adresse électronique.",
    "usagers.error.COURRIEL_SANS_AROBASE": "Il manque un @ dans l’adresse.",
    "usagers.error.COURRIEL_SANS_FIN": "Il manque la fin de l’adresse, après le @.",
    "usagers.error.COURRIEL_TROP_LONG": "L’adresse doit avoir {maximum} caractères au plus.",
    "usagers.error.COURRIEL_CARACTERE": "L’adresse ne peut pas contenir « {character} ».",
    "usagers.error.LIEU_MANQUANT": "Choisissez votre commune dans la liste.",
    "usagers.error.mandataire.LIEU_MANQUANT": "Choisissez sa commune dans la liste.",
    "usagers.error.LIEU_INCONNU": (
        "Aucune commune ne commence par « {typed} ». Vérifiez, ou tapez le code postal."
    ),
    "usagers.error.MANDATAIRE_EST_LE_MANDANT": "Cette personne ne peut pas être vous.",
    "usagers.error.NUMERO_MANQUANT": "Saisissez le numéro d’électeur.",
    "usagers.error.NUMERO_CARACTERE": "Le numéro d’électeur contient seulement des chiffres.",
    "usagers.error.NUMERO_TROP_LONG": "Le numéro d’électeur a {maximum} chiffres au plus.",
    "usagers.error.ELECTION_MANQUANTE": "Choisissez une élection ou une période.",
    "usagers.error.PERIODE_INVERSEE": "Le dernier jour doit être après le premier jour.",
    "usagers.error.PERIODE_COMMENCEE": "Le premier jour doit être aujourd’hui ou plus tard.",
    "usagers.error.PERIODE_PASSEE": "Le dernier jour doit être aujourd’hui ou plus tard.",
    "usagers.error.DUREE_EXCESSIVE.one": "La période doit durer {n} an au plus.",
    "usagers.error.DUREE_EXCESSIVE.many": "La période doit durer {n} ans au plus.",
    "usagers.error.REFERENCE_LONGUEUR": "Saisissez les 6 caractères de la référence.",
    "usagers.error.REFERENCE_CARACTERE": (
        "Une référence ne contient jamais « {character} ». Regardez le reçu."
    ),
    "usagers.error.SCRUTIN_PASSE": "L’élection est passée : cette procuration ne peut plus servir.",
    "usagers.error.COMMUNE_INCONNUE": "Cette commune n’est pas dans la liste. Choisissez-la de nouveau.",
    "usagers.error.MANDANT_MINEUR": "Il faut avoir 18 ans le jour du vote.",
    "usagers.error.MANDATAIRE_IDENTIFICATION": (
        "Désignez cette personne par son numéro d’électeur et sa date de naissance. Sinon, donnez : "
        "nom, prénoms, sexe, date de naissance et commune de vote."
    ),
    "usagers.error.NUMERO_EN_NOUVELLE_CALEDONIE": (
        "En Nouvelle-Calédonie, il n’y a pas de numéro d’électeur. Donnez le nom et les prénoms."
    ),
    "usagers.error.SCRUTIN_HORS_TELEPROCEDURE": (
        "Pour cette élection, la procuration se fait seulement sur le formulaire papier."
    ),
    "usagers.error.SCRUTIN_INCONNU": (
        "Cette élection n’a pas lieu dans cette commune. Choisissez-en une autre."
    ),
    "usagers.error.TOURS": "Choisissez le 1er tour, le 2e tour ou les deux.",
}
