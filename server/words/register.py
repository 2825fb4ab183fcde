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
}
