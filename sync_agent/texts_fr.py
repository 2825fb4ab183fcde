"""Every sentence the agent says to a person, by key."""

HELP = {
    "program": "Porte les fichiers scellés entre la tablette et le centre, sans pouvoir en ouvrir aucun.",
    "example": (
        "exemples :\n"
        "  procuration-agent run --spool DOSSIER --server https://centre:8443 --ca autorite.pem\n"
        "  procuration-agent status --spool DOSSIER --json\n"
        "  procuration-agent export /media/cle --spool DOSSIER\n\n"
        "Chaque réglage peut aussi venir d’un fichier (--config) ou de PROCURATION_AGENT_SPOOL, _SERVER, "
        "_CA, _ROOT.\nÉtats de sortie : 0 fait, 1 refusé, 2 commande mal écrite, 3 centre injoignable."
    ),
    "run": "travaille jusqu’à ce qu’on l’arrête",
    "once": "envoie ce qui attend, prend les nouvelles, puis s’arrête",
    "status": "dit ce qui attend, depuis quand, et la dernière preuve reçue",
    "export": "copie sur une clé USB tout ce qui attend",
    "import": "prend les réponses et les tables signées d’une clé USB",
    "spool": "dossier partagé avec le programme de la tablette",
    "server": "adresse du centre, https://nom:port",
    "ca": "certificat de l’autorité du centre (PEM)",
    "root": "première racine du domaine ; par défaut celle que la tablette a laissée dans le dossier",
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
    "STICK_MISSING": "La clé n’est pas là, ou elle ne contient pas de dossier PROCU.",
    "STICK_NOT_A_FOLDER": "Sur la clé, PROCU n’est pas un dossier.",
    "UNREACHABLE": "Le centre n’a pas pu être joint. Rien n’est perdu : tout partira dès qu’il répondra.",
}

STATUS = {
    "running": "L’agent travaille.",
    "stopped": "L’agent ne travaille pas.",
    "nothing_waits": "Rien n’attend.",
    "waits": "{count} fichier(s) en attente, le plus ancien depuis le {since}.",
    "answered": "{count} fichier(s) reçu(s) par le centre, que la tablette n’a pas encore repris.",
    "contact": "Dernier contact avec le centre : {at}.",
    "no_contact": "Le centre n’a encore jamais répondu.",
    "offline": "Hors ligne depuis le {since} ({code}).",
    "proof": "Dernière preuve de réception : {at}, taille du registre {size}.",
    "no_proof": "Pas encore de preuve de réception.",
    "directory": "Tables signées : version {version}, vérifiées le {at}.",
    "no_directory": "Pas encore de tables signées.",
    "exported": "{count} fichier(s) sur la clé.",
    "imported": "{count} réponse(s) prise(s), {over} fichier(s) laissé(s) de côté.",
    "tables_new": "De nouvelles tables signées sont arrivées.",
    "tables_refused": "Les tables signées de la clé ne sont pas valables ({code}).",
}
