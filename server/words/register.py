"""Sentences about the Répertoire électoral unique: the command of its file, what the console and the town
hall read of its answers."""

from typing import Final

REGISTER: Final[dict[str, str]] = {
    "register_file.reading": "Lecture de la liste (Kio)",
    "register_file.checking": "Contrôle de l’index",
    "register_file.build": "Index écrit : {electors} électeurs, {mib} Mio.",
    "register_file.check": "Index intact : {electors} électeurs, {mib} Mio.",
    "register_file.line": "Liste refusée : ligne {line} illisible. Rien n’a été changé.",
    "register_file.column": (
        "Liste refusée : ligne {line}, colonne « {column} » illisible. Rien n’a été changé."
    ),
    "register_file.REGISTRE_ILLISIBLE": "Ce fichier n’est pas un index d’électeurs.",
    "register_file.REGISTRE_TROP_GRAND": "Liste refusée : elle est trop longue.",
    "register_file.REGISTRE_ABIME": "Index abîmé : il a changé depuis son écriture. Refaites-le.",
    "register_file.REGISTRE_ABSENT": "Ce fichier n’existe pas, ou il ne se lit pas.",
    "register_file.REGISTRE_NON_ECRIT": "L’index n’a pas pu être écrit. Rien n’a été changé.",
    "health.register.name": "Répertoire électoral unique",
    "health.register.ok": "Il répond. Procurations qui attendent sa réponse : {count}.",
    "health.register.info": "Aucun n’est raccordé, et aucune procuration ne l’attend.",
    "health.register.alarm": (
        "Il ne répond pas. Procurations qui attendent : {count}. Voyez « Répertoire électoral » dans la "
        "console."
    ),
    "console.nav.register": "Répertoire électoral",
    "console.reu.title": "Répertoire électoral unique",
    "console.reu.answers": "Le répertoire répond. Le centre l’interroge toutes les trente secondes.",
    "console.reu.none": "Aucun répertoire n’est raccordé, et aucune procuration ne l’attend.",
    "console.reu.alarm.REGISTRE_NON_RACCORDE": (
        "Aucun répertoire n’est raccordé : des procurations attendent. Indiquez « register_file » dans les "
        "réglages."
    ),
    "console.reu.alarm.REGISTRE_ABSENT": "Le répertoire ne répond pas : son fichier n’est plus là.",
    "console.reu.alarm.REGISTRE_ILLISIBLE": "Le répertoire ne répond pas : son fichier est illisible.",
    "console.reu.see": "Voir le répertoire électoral",
    "console.reu.waiting": "En attente d’une réponse",
    "console.reu.accepted": "Acceptées",
    "console.reu.refused": "Refusées",
    "console.reu.others": "Changées depuis la réponse",
    "console.reu.reasons": "Pourquoi le répertoire refuse",
    "console.reu.caption": "Refus du répertoire, par raison",
    "console.reu.column.reason": "Raison",
    "console.reu.column.code": "Code",
    "console.reu.column.count": "Procurations",
    "console.reu.others_hint": "Une résiliation ou un décès peut changer une procuration après la réponse.",
    "mairie.nav.reu": "Refusées par le répertoire",
    "mairie.reu.title": "Procurations refusées par le répertoire",
    "mairie.reu.intro": (
        "Le répertoire électoral unique contrôle les procurations de votre commune. La mairie ne décide pas."
    ),
    "mairie.reu.filter": "Raison du refus",
    "mairie.reu.show": "Afficher",
    "mairie.reu.every": "Toutes ({n})",
    "mairie.reu.choice": "{reason} ({n})",
    "mairie.reu.caption": "Procurations refusées, la dernière réponse d’abord",
    "mairie.reu.column.when": "Réponse du",
    "mairie.reu.column.why": "Raison, et ce que lit l’électeur",
    "mairie.reu.column.told": "L’électeur le sait-il ?",
    "mairie.reu.told.waiting": "Un message part bientôt",
    "mairie.reu.told.claimed": "Un message part bientôt",
    "mairie.reu.told.handing": "Un message part bientôt",
    "mairie.reu.told.sent": "Oui, par un message",
    "mairie.reu.told.failed": "Peut-être pas : le message n’est pas arrivé",
    "mairie.reu.told.to_tell": "Non : la mairie le prévient",
    "mairie.reu.told.told": "Oui, par la mairie",
    "mairie.reu.told.none": "Aucun message n’est dû",
    "mairie.reu.empty.title": "Aucune procuration refusée",
    "mairie.reu.empty.text": "Une procuration refusée par le répertoire apparaît ici, avec sa raison.",
}
