"""Every sentence the agent says to a person, by key."""

HELP = {
    "program": "Porte les fichiers scellés entre la tablette et le centre, sans pouvoir en ouvrir aucun.",
    "example": (
        "exemples :\n"
        "  procuration-agent run --spool DOSSIER --server https://centre:8443 --ca autorite.pem\n"
        "  procuration-agent status --spool DOSSIER --json\n"
        "  procuration-agent export /media/cle --spool DOSSIER\n\n"
        "Chaque réglage peut aussi venir d’un fichier (--config) ou de PROCURATION_AGENT_SPOOL, _SERVER, "
        "_CA, _ROOT, _USB.\nÉtats de sortie : 0 fait, 1 refusé, 2 commande mal écrite, 3 centre injoignable."
    ),
    "run": "travaille jusqu’à ce qu’on l’arrête",
    "once": "envoie ce qui attend, prend les nouvelles, puis s’arrête",
    "status": "dit ce qui attend, depuis quand, et la dernière preuve reçue",
    "export": "copie sur une clé USB tout ce qui attend, le plus urgent d’abord, et ce qui est porté pour d’autres",
    "import": "prend les réponses et les tables signées d’une clé USB, et ce qui est à porter plus loin",
    "spool": "dossier partagé avec le programme de la tablette",
    "server": "adresse du centre, https://nom:port",
    "ca": "certificat de l’autorité du centre (PEM)",
    "root": "première racine du domaine ; par défaut celle que la tablette a laissée dans le dossier",
    "usb": "dossier où la machine monte les clés USB, pour les copies demandées à l’écran",
    "config": "fichier de réglages (TOML)",
    "json": "répond en JSON, pour les scripts",
    "stick": "dossier où la clé est montée",
}

ERRORS = {
    "AGENT_ALREADY_RUNNING": "Un agent travaille déjà sur ce dossier.",
    "CA_UNREADABLE": "Le certificat de l’autorité ne peut pas être lu.",
    "CONFIG_UNREADABLE": "Le fichier de réglages ne peut pas être lu.",
    "DISK": "Le disque ou la clé refuse l’écriture ou la lecture.",
    "SERVER_URL": "L’adresse du centre s’écrit https://nom ou https://nom:port, sans rien d’autre.",
    "SETTING_MISSING": "Il manque un réglage : {name}.",
    "SETTING_TYPE": "Ce réglage doit être un texte : {name}.",
    "SETTING_UNKNOWN": "Ce réglage n’existe pas : {name}.",
    "STICK_FULL": "La clé est pleine ({done} fichiers copiés sur {total}). Libérez de la place, ou prenez une autre clé.",
    "STICK_GONE": (
        "La clé a été retirée, ou elle est abîmée. Rien n’est perdu\u202f: remettez-la, ou prenez-en une autre, "
        "puis recommencez."
    ),
    "STICK_MISSING": (
        "Aucune clé USB trouvée, ou aucun dossier PROCU dessus. Branchez la clé, attendez dix secondes, "
        "recommencez."
    ),
    "STICK_OBSTRUCTED": (
        "Sur la clé, autre chose occupe la place d’un fichier du relais. Renommez le dossier PROCU de la clé, "
        "puis recommencez."
    ),
    "STICK_READ_ONLY": "La clé refuse l’écriture. Ôtez sa protection, ou prenez une autre clé.",
    "STICK_STOPPED": "La lecture de la clé a été arrêtée. Ce qui a été lu est gardé.",
    "UNREACHABLE": "Le centre n’a pas pu être joint. Rien n’est perdu : tout partira dès qu’il répondra.",
}

STATUS = {
    "running": "L’agent travaille.",
    "stopped": "L’agent ne travaille pas.",
    "nothing_waits": "Rien n’attend.",
    "waits.one": "1 fichier attend, depuis le {since}.",
    "waits.many": "{count} fichiers attendent, le plus ancien depuis le {since}.",
    "closing": "Clôture du vote la plus proche qui en dépend : {at}.",
    "refused": "Le centre a refusé un envoi ({codes}) ; la tablette le scelle de nouveau.",
    "answered.one": "1 fichier est arrivé au centre ; la tablette ne l’a pas encore repris.",
    "answered.many": "{count} fichiers sont arrivés au centre ; la tablette ne les a pas encore repris.",
    "contact": "Dernier contact avec le centre : {at}.",
    "no_contact": "Le centre n’a encore jamais répondu.",
    "offline": "Hors ligne depuis le {since} ({code}).",
    "proof": "Dernière preuve de réception : {at}, taille du registre {size}.",
    "no_proof": "Pas encore de preuve de réception.",
    "directory": "Tables signées : version {version}, vérifiées le {at}.",
    "no_directory": "Pas encore de tables signées.",
    "exported.one": "{count} fichier copié sur la clé.",
    "exported.many": "{count} fichiers copiés sur la clé.",
    "imported.one": "{count} réponse prise sur la clé.",
    "imported.many": "{count} réponses prises sur la clé.",
    "exported_carried.one": "{count} fichier porté pour d’autres copié aussi.",
    "exported_carried.many": "{count} fichiers portés pour d’autres copiés aussi.",
    "exported_tables": "Les tables signées sont sur la clé.",
    "may_remove": "Vous pouvez retirer la clé.",
    "carried.one": "{count} fichier à porter plus loin.",
    "carried.many": "{count} fichiers à porter plus loin.",
    "too_many": "La clé contient trop de fichiers\u202f: seuls les 5 000 premiers noms sont lus. Videz son dossier PROCU.",
    "left_aside.one": "1 fichier laissé de côté.",
    "left_aside.many": "{count} fichiers laissés de côté.",
    "tables_new": "De nouvelles tables signées sont arrivées.",
    "tables_refused": "Les tables signées de la clé ne sont pas valables ({code}).",
}


def counted(key: str, count: int, **parts: str) -> str:
    """A sentence about a number of things."""
    return STATUS[f"{key}.{'one' if count < 2 else 'many'}"].format(count=count, **parts)
