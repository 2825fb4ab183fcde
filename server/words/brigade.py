"""Words of the officers' space on line."""

from typing import Final

BRIGADE: Final[dict[str, str]] = {
    "brigade.space": "Brigade et commissariat",
    "brigade.nav.find": "Trouver une demande",
    "brigade.nav.keys": "Mes clés de sécurité",
    "brigade.find.title": "Trouver une demande",
    "brigade.find.lead": "La référence est sur le reçu ou dans le message de la personne.",
    "brigade.find.reference": "Référence",
    "brigade.find.reference.help": "Six lettres ou chiffres, par exemple XBQ 7V3",
    "brigade.find.reference.missing": "Saisissez la référence.",
    "brigade.find.reference.wrong": "La référence a six lettres ou chiffres. Relisez-la sur le reçu.",
    "brigade.find.birth_date": "Date de naissance du mandant",
    "brigade.find.birth_date.help": "Par exemple 24/08/1962 ; 00 pour un jour ou un mois inconnu",
    "brigade.find.birth_date.missing": "Saisissez la date de naissance du mandant.",
    "brigade.find.birth_date.wrong": "Écrivez la date ainsi : 24/08/1962.",
    "brigade.find.submit": "Chercher",
    "brigade.find.no_key": (
        "Vous n’avez pas encore de clé de sécurité. Sans elle, vous ne pouvez rien signer."
    ),
    "brigade.request.title": "Demande {reference}",
    "brigade.request.title.none": "Demande sans référence",
    "brigade.request.lead": "Comparez chaque ligne avec la pièce d’identité.",
    "brigade.request.not_open": "Cette demande n’attend plus de décision.",
    "brigade.request.see": "Voir la décision",
    "brigade.check.title": "Contrôle de l’identité",
    "brigade.check.boxes": "Ce que vous avez contrôlé",
    "brigade.check.boxes.missing": (
        "Cochez chaque contrôle. S’il en manque un, n’établissez pas la procuration."
    ),
    "brigade.check.home": "Pour une visite à domicile seulement",
    "brigade.check.document": "Pièce présentée",
    "brigade.check.document.choose": "Choisissez la pièce",
    "brigade.check.document.missing": "Choisissez la pièce présentée.",
    "brigade.check.place": "Lieu",
    "brigade.check.place.missing": "Choisissez le lieu.",
    "brigade.place.1": "Dans mon unité",
    "brigade.place.2": "Au domicile de la personne",
    "brigade.declare.1": "La personne est présente devant moi",
    "brigade.declare.2": "Nom, prénoms et date de naissance sont identiques",
    "brigade.declare.4": "La photo correspond à la personne",
    "brigade.declare.8": "La personne demande elle-même, librement",
    "brigade.declare.16": (
        "Majeur protégé : le mandataire n’est ni son tuteur, ni quelqu’un qui le soigne ou l’aide à domicile"
    ),
    "brigade.declare.32": "J’ai la demande écrite",
    "brigade.declare.64": "J’ai l’attestation sur l’honneur",
    "brigade.check.submit": "Établir la procuration",
    "brigade.check.refuse": "Ne pas établir",
    "brigade.refuse.title": "Ne pas établir cette procuration",
    "brigade.refuse.why": "Pourquoi ?",
    "brigade.refuse.help": "La personne lira la phrase écrite sous la raison.",
    "brigade.refuse.missing": "Choisissez la raison.",
    "brigade.refuse.submit": "Continuer",
    "brigade.sign.title": "Signer avec ma clé",
    "brigade.sign.established": "Vous établissez la procuration de {name}.",
    "brigade.sign.refused": "Vous n’établissez pas la procuration de {name}.",
    "brigade.sign.reads": "Elle lira",
    "brigade.sign.how": "Touchez le bouton, puis votre clé. Tapez son code si elle le demande.",
    "brigade.sign.submit": "Signer",
    "brigade.sign.change": "Revenir",
    "brigade.sign.no_script": (
        "Une clé de sécurité demande JavaScript. Activez-le, ou travaillez sur la tablette de l’unité."
    ),
    "brigade.sign.failed": "La clé n’a pas signé. Rien n’est enregistré. Recommencez.",
    "brigade.not_signed.title": "Rien n’est enregistré",
    "brigade.result.title.established": "Procuration établie",
    "brigade.result.title.decided": "Décision enregistrée",
    "brigade.result.next": "Demande suivante",
    "brigade.keys.title": "Mes clés de sécurité",
    "brigade.keys.lead": ("Une clé signe vos actes. Votre responsable doit l’habiliter d’abord."),
    "brigade.keys.caption": "Vos clés et leur habilitation",
    "brigade.keys.column.key": "Clé",
    "brigade.keys.column.added": "Ajoutée",
    "brigade.keys.column.until": "Habilitée jusqu’au",
    "brigade.keys.column.file": "Demande",
    "brigade.keys.not_yet": "Pas encore",
    "brigade.keys.download": "Télécharger la demande",
    "brigade.keys.download.of": "Télécharger la demande de la clé {kid}",
    "brigade.keys.add": "Ajouter une clé",
    "brigade.keys.none": "Aucune clé pour le moment.",
    "brigade.keys.bring.title": "Apporter l’habilitation",
    "brigade.keys.bring.text": "Votre responsable signe la demande et vous rend un fichier.",
    "brigade.keys.bring.file": "Fichier de l’habilitation",
    "brigade.keys.bring.submit": "Envoyer le fichier",
    "brigade.add.title": "Ajouter une clé",
    "brigade.add.how": "Branchez la clé. Touchez le bouton, puis la clé. Tapez son code.",
    "brigade.add.submit": "Ajouter cette clé",
    "brigade.add.failed": "La clé n’a pas répondu. Rien n’est enregistré. Recommencez.",
    "brigade.refused.DEMANDE_INTROUVABLE": (
        "Aucune demande n’a cette référence et cette date de naissance. Relisez le reçu avec la personne."
    ),
    "brigade.refused.RECHERCHES_SUSPENDUES": "Trop de recherches sans résultat. Attendez une heure.",
    "brigade.refused.AGENT_SANS_HABILITATION": (
        "Votre clé n’est pas encore habilitée. Ouvrez « Mes clés de sécurité »."
    ),
    "brigade.refused.HABILITATION_TERMINEE": (
        "Votre habilitation est terminée. Demandez-en une autre à votre responsable."
    ),
    "brigade.refused.HABILITATION_RETIREE": "Votre habilitation est retirée. Voyez votre responsable.",
    "brigade.refused.COMPTE_A_ROUVRIR": (
        "Le centre a été restauré. Demandez un nouveau compte à l’administrateur."
    ),
    "brigade.refused.DEJA_DECIDEE": "Cette demande a déjà une décision. Rien n’est enregistré.",
    "brigade.refused.DECLARATION_MANQUANTE": "Cochez chaque contrôle.",
    "brigade.refused.MOTIF_MANQUANT": "Choisissez la raison.",
    "brigade.refused.DEMANDE_EXPIREE": "La demande a plus de deux mois. La personne doit en faire une autre.",
    "brigade.refused.SCRUTIN_PASSE": "Le vote est passé. La procuration ne peut plus servir.",
    "brigade.refused.PERIODE_PASSEE": "La période est passée. La procuration ne peut plus servir.",
    "brigade.refused.PIECE_NON_LISTEE": (
        "Cette pièce ne prouve pas l’identité pour voter. Demandez-en une autre."
    ),
    "brigade.refused.DELEGUE_RECUEILLE_SEULEMENT": (
        "Un délégué recueille la demande sur une tablette de l’unité."
    ),
    "brigade.refused.SIGNATURE_TROP_TARD": "La page était trop ancienne. Rien n’est enregistré. Recommencez.",
    "brigade.refused.SIGNATURE_REFUSEE": (
        "La signature de la clé n’a pas pu être vérifiée. Rien n’est enregistré."
    ),
    "brigade.refused.CLE_SANS_NOM_DE_SITE": (
        "Ce site n’a pas de nom en HTTPS : une clé n’y peut rien signer. Prévenez l’administrateur."
    ),
    "brigade.refused.CLES_TROP_NOMBREUSES": "Vous avez déjà cinq clés. Voyez l’administrateur.",
    "brigade.refused.CLE_CONNUE": "Cette clé est déjà enregistrée.",
    "brigade.refused.CLE_REFUSEE": (
        "Cette clé n’a pas pu être enregistrée. Recommencez, ou prenez une autre clé."
    ),
    "brigade.refused.CLE_INCONNUE": "Ce fichier n’est pas pour une de vos clés.",
    "brigade.refused.FICHIER": "Ce fichier n’est pas une habilitation pour une de vos clés.",
    "brigade.refused.OTHER": "La loi ne permet pas cet acte ({code}). Rien n’est enregistré.",
}
